"""`python -m training rehearsal` writes the examples that a network rehearses when it adapts."""

from __future__ import annotations

import argparse
from pathlib import Path

from models.recognition.card import FOLDER
from models.recognition.labels import DIGITS
from training.cli.options import add_data_dir, add_model

HELP = "what a network goes over again while it is taught"


def add_options(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add_data_dir(parser)
    parser.description = "Write models/NAME.rehearsal.npz, as `train` does for a new network."
    add_model(parser)
    add(
        "--run",
        dest="folder",
        type=Path,
        default=FOLDER,
        metavar="DIR",
        help="of a finished run's network",
    )


def run(options: argparse.Namespace) -> int:
    """Writes the rehearsal examples of a network beside it."""
    from models.adaptation.rehearsal import rehearsal_bytes, rehearsal_file
    from models.recognition.network import load_network
    from models.util.atomic_files import write_whole
    from training.datasets.load import load_sets
    from training.fitting.rehearsal import rehearsal

    network = load_network(options.model, options.folder)
    training = network.card.training
    sets = load_sets(tuple(training["sets"]), options.data_dir, letters=network.labels != DIGITS)
    examples = rehearsal(network, sets, int(training.get("fold", 0)))
    path = rehearsal_file(network.card.name, options.folder)
    write_whole(path, rehearsal_bytes(examples, network.card))
    print(f"Wrote {path}: {len(examples)} examples.")
    return 0
