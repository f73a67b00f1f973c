"""`python -m training teaching` measures what a writer's corrections change."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from models.recognition.card import FOLDER
from models.recognition.labels import DIGITS
from training.cli.options import add_data_dir, add_json, add_model, add_part

HELP = "measure corrections"


def add_options(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add_data_dir(parser)
    parser.description = (
        "Let each held-out writer correct the first hundred drawings, and measure the later ones, "
        "and MNIST's test images, with what was learned."
    )
    add(
        "runs",
        nargs="*",
        type=Path,
        metavar="RUN",
        help="folders of finished runs, instead of the shipped network",
    )
    add_part(parser)
    add(
        "--drawings",
        type=Path,
        metavar="FILE",
        help="instead: write these writers' drawings there, for `python -m game replay --teach`",
    )
    add_model(parser)
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Corrects for each held-out writer; prints what that changed as a table, or JSON."""
    from models.adaptation.rehearsal import load_rehearsal
    from models.recognition.network import load_network
    from training.datasets.load import load_mnist_test, load_sets
    from training.experiments.corrections import (
        as_json,
        as_text,
        measure_corrections,
        write_drawings,
    )

    folders = options.runs or (FOLDER,)
    networks = [load_network(options.model, folder) for folder in folders]
    sets = load_sets(
        ("unipen", "pendigits"), options.data_dir, letters=networks[0].labels != DIGITS
    )
    if options.drawings:
        count = write_drawings(options.drawings, networks[0], sets, options.part)
        print(f"Wrote {options.drawings}: {count} drawings.")
        return 0
    test = load_mnist_test(options.data_dir)
    found = []
    for network, folder in zip(networks, folders, strict=True):
        found += measure_corrections(
            network, sets, test, load_rehearsal(network.card, folder), options.part
        )
    if options.json:
        print(json.dumps({"model": options.model, "part": options.part, "lessons": as_json(found)}))
    else:
        print(as_text(found))
    return 0
