"""`python -m training readme` brings the documents' figures up to date."""

from __future__ import annotations

import argparse

from models.util.installation import ROOT

HELP = "bring the README's figures up to date"


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Rewrite the measured tables of README.md, models/README.md and training/MEASURED.md from "
        "models/digits.json, and from models/characters.json and models/comparison.jsonl where "
        "there are any."
    )
    parser.add_argument(
        "--check", action="store_true", help="write nothing; status 1 where it is out of date"
    )


def run(options: argparse.Namespace) -> int:
    """Rewrites the measured parts, or checks them; the exit status."""
    from training.report.readme import update

    return update(ROOT, options.check)
