"""`python -m game read FILE…` reads drawings and pictures without a window."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from game.cli.play import add_characters


def add_options(commands: argparse._SubParsersAction[Any]) -> None:
    read = commands.add_parser("read", help="read drawings and pictures, without a window")
    read.add_argument("files", type=Path, nargs="+", metavar="FILE", help="drawings or pictures")
    read.add_argument("--json", action="store_true", help="one JSON line for each drawing")
    add_characters(read)
    read.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Reads the files. Returns the exit status."""
    from game.batch.read import read_files
    from models.recognition.network import load_network
    from models.recognition.reader import Reader

    network = load_network("characters" if options.characters else "digits")
    return read_files(options.files, Reader(network, options.language), options.json)
