"""`python -m training numbers` measures how often whole numbers are read right."""

from __future__ import annotations

import argparse
import json

from training.cli.options import add_data_dir, add_json, add_model, add_part

HELP = "measure whole numbers"


def add_options(parser: argparse.ArgumentParser) -> None:
    add_data_dir(parser)
    parser.description = (
        "Read whole numbers: UNIPEN's, numbers made of single digits by one person each, and "
        "single digits. Right is a number whose digits all are."
    )
    add_part(parser)
    add_model(parser)
    parser.add_argument(
        "--pictures",
        action="store_true",
        help="instead: lines and single characters, drawn as pictures and photographed",
    )
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Reads whole numbers by held-out writers; prints a table, or JSON."""
    from models.recognition.network import load_network
    from training.evaluation.numbers import as_text, measure
    from training.evaluation.pictures import measure_pictures

    network = load_network(options.model)
    measuring = measure_pictures if options.pictures else measure
    measured = measuring(network, options.data_dir, options.part)
    if options.json:
        found = {name: each.to_json() for name, each in measured.items()}
        print(json.dumps({"model": options.model, "part": options.part, "measured": found}))
    else:
        print(as_text(measured))
    return 0
