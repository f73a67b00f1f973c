"""`python -m training crossed` cross-validates over finished runs of several folds."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from training.cli.options import add_data_dir, add_json, names_in

HELP = "cross-validation over runs"


def add_options(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add_data_dir(parser)
    parser.description = (
        "Read the people that each run held out: accuracy over all runs, the hands that are hard, "
        "and the labels in doubt, as a list and as pictures."
    )
    add(
        "runs",
        nargs="+",
        type=Path,
        metavar="RUN",
        help="folders of finished runs of several folds",
    )
    add("--sets", default="unipen,pendigits", help="default: unipen,pendigits")
    add("--as-published", action="store_true", help="with the drawings whose label is wrong")
    add_json(parser)
    add("--report", type=Path, metavar="DIR", help="write the labels in doubt and pictures there")


def run(options: argparse.Namespace) -> int:
    """Reads what each run held out; prints accuracies and the worst writers, or JSON."""
    from training.datasets.load import load_sets
    from training.experiments.cross_validation import cross_validate, hard_writers, summarize
    from training.report.cross_validation import as_text, write_report, writers_as_json

    sets = load_sets(names_in(options.sets), options.data_dir, options.as_published)
    results = cross_validate(options.runs, sets)
    table = summarize(results)
    written = write_report(results, options.report) if options.report else []
    if options.json:
        print(
            json.dumps(
                {"sets": [asdict(each) for each in table], "writers": writers_as_json(results)}
            )
        )
        return 0
    print(as_text(table))
    for writer in hard_writers(results):
        print(f"{writer.name}: {writer.accuracy:.1%} of {writer.n}")
    for path in written:
        print(f"Wrote {path}")
    return 0
