"""`python -m training lines` trains the network for whole numbers in pictures, or measures it."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
import time
from pathlib import Path

from training.cli.options import RUNS, add_data_dir, add_json, positive

HELP = "train the network for whole numbers in pictures, or measure it"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Adds the command's options."""
    parser.description = (
        "Train the network that reads a picture of one number at once, on synthetic lines of many "
        "people's digits on paper; or measure it."
    )
    parser.add_argument("--epochs", type=positive, help="default: the recipe's own")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--precision",
        choices=("float32", "mixed_bfloat16"),
        default="float32",
        help="of the arithmetic; mixed_bfloat16 is quicker where the processor knows it",
    )
    parser.add_argument("--output", type=Path, help="the run's folder (default: runs/TIME-lines)")
    parser.add_argument("--resume", type=Path, metavar="RUN", help="go on with a run's folder")
    parser.add_argument("--install", choices=("always", "never"), default="always")
    parser.add_argument(
        "--measure",
        nargs="?",
        type=Path,
        const=Path(),
        metavar="FOLDER",
        help="only measure: the pictures of a folder with labels.csv (columns file, number), or "
        "all that the data folder has",
    )
    add_data_dir(parser)
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Trains and installs the network, or measures the shipped one; the exit status."""
    if options.measure is not None:
        return _measure(options)
    from training.fitting.settings import Settings
    from training.lines.network import RECIPE
    from training.lines.run import LineRun, train_lines
    from training.lines.writers import SHARES

    recipe = dataclasses.replace(RECIPE, epochs=options.epochs or RECIPE.epochs)
    settings = Settings(
        "lines", tuple(SHARES), options.seed, 0, recipe, options.precision, model="lines"
    )
    new = options.output or RUNS / f"{time.strftime('%Y-%m-%d_%H-%M-%S')}-lines"
    folder = options.resume or new
    try:
        train_lines(
            LineRun(
                folder,
                settings,
                options.data_dir,
                options.resume is not None,
                options.install == "always",
            )
        )
    except KeyboardInterrupt:
        again = f"--resume {folder}"
        print(f"\nStopped. Go on with the same options and {again}.", file=sys.stderr)
        return 130
    return 0


def _measure(options: argparse.Namespace) -> int:
    """Reads pictures by both readers; prints a table, or JSON."""
    from models.lines.line_reader import LineReader
    from models.lines.network import load_line_network
    from training.lines.evaluation import as_text, folder_items, measure, readers
    from training.lines.run import measure_readers

    reader = LineReader(load_line_network())
    if options.measure == Path():
        rows = measure_readers(reader, options.data_dir)
    else:
        items = folder_items(options.measure)
        what = options.measure.name
        rows = [(what, name, measure(read, items)) for name, read in readers(reader).items()]
    if options.json:
        print(json.dumps([{"set": a, "reader": b, **each.to_json()} for a, b, each in rows]))
    else:
        print(as_text(rows))
    return 0
