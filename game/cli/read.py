"""`python -m game read FILE…` reads drawings and pictures without a window."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from game.batch.many import cores
from game.cli.play import add_characters
from models.util.errors import InputError

# Files that are read quicker than further processes start.
_FEW = 20


def add_options(commands: argparse._SubParsersAction[Any]) -> None:
    read = commands.add_parser("read", help="read drawings and pictures, without a window")
    read.add_argument("files", type=Path, nargs="+", metavar="FILE", help="drawings or pictures")
    read.add_argument("--json", action="store_true", help="one JSON line for each drawing")
    read.add_argument("--number", action="store_true", help="each picture holds one number")
    add_characters(read)
    add_workers(read, "read")
    read.add_argument(
        "--output", type=Path, metavar="FILE", help="keeps the JSON lines in a new file"
    )
    read.add_argument(
        "--resume", action="store_true", help="goes on with the --output of a run that broke off"
    )
    read.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Reads the files. Returns the exit status."""
    from game.batch.read import FileReader, read_files
    from game.batch.resumable import ResumableLines

    if options.number and options.characters:
        raise InputError("--number reads digits alone; leave it or --characters out.")
    model = "characters" if options.characters else "digits"
    reader = FileReader(model, options.language, options.number)
    lines = None
    if options.resume and options.output is None:
        raise InputError("--resume needs --output FILE, with which it goes on.")
    if options.output is not None:
        names = [str(path) for path in options.files]
        lines = ResumableLines(options.output, names, options.resume)
    processes = processes_for(options)
    return read_files(options.files, reader, options.json, processes, options.scheduler, lines)


def add_workers(parser: argparse.ArgumentParser, what: str) -> None:
    """Adds the options that say who does the work on many files."""
    parser.add_argument(
        "--processes",
        type=_at_least_one,
        metavar="N",
        help="that share the work (default: one a core where there are more than a few files)",
    )
    parser.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help=f"of a Dask cluster whose workers {what} instead; they need the files at the same "
        "paths",
    )


def processes_for(options: argparse.Namespace) -> int:
    """How many processes the options ask for."""
    if options.processes is not None:
        return int(options.processes)
    return cores() if len(options.files) > _FEW else 1


def _at_least_one(words: str) -> int:
    if not words.isdecimal() or int(words) < 1:
        raise argparse.ArgumentTypeError(f"{words!r} is no number of processes, such as 2")
    return int(words)
