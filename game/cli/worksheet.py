"""`python -m game worksheet` and `form` print sheets; `scan` reads them in photographs."""

from __future__ import annotations

import argparse
import secrets
import sys
from pathlib import Path
from typing import Any


def add_options(commands: argparse._SubParsersAction[Any]) -> None:
    command = commands.add_parser("worksheet", help="print a worksheet of practice's tasks as PDF")
    command.add_argument(
        "--tasks",
        choices=("sums", "sequences", "words", "all"),
        default="sums",
        help="what is asked (default: sums)",
    )
    command.add_argument("--level", type=int, default=1, metavar="1-5", help="(default: 1)")
    command.add_argument("--count", type=int, default=20, metavar="N", help="tasks (default: 20)")
    command.add_argument(
        "--seed", type=int, metavar="N", help="the same seed, the same tasks (default: any)"
    )
    command.add_argument(
        "--paper", choices=("A4", "Letter"), default="A4", help="size of the page (default: A4)"
    )
    add_output(command)
    command.set_defaults(run=run)


def add_output(command: argparse.ArgumentParser) -> None:
    """Adds --output and --json, which all printed sheets have."""
    command.add_argument(
        "--output", type=Path, required=True, metavar="FILE.pdf", help="where it goes"
    )
    command.add_argument("--json", action="store_true", help="say what is where, as one JSON line")


def run(options: argparse.Namespace) -> int:
    """Prints a worksheet. Returns the exit status."""
    from game.sheets.worksheet import WorksheetOptions, worksheet

    seed = secrets.randbelow(100_000) if options.seed is None else options.seed
    sheet = worksheet(
        WorksheetOptions(options.tasks, options.level, options.count, seed, options.paper)
    )
    return save(sheet, options.output, options.json)


def save(printed: Any, output: Path, as_json: bool) -> int:
    """Writes a printed sheet as a PDF, a new file always, and says what it is."""
    from game.sheets.pdf import save_pdf
    from models.util.errors import InputError

    if not output.parent.is_dir():
        raise InputError(f"{output}: there is no folder {output.parent}.")
    path = save_pdf(printed, output)
    if path != output:
        print(f"{output} is there already and stays; this one is {path}", file=sys.stderr)
    count = len(printed.sheet.pages)
    pages = "1 page" if count == 1 else f"{count} pages"
    print(printed.sheet.to_json() if as_json else f"{path}: {printed.sheet.name}, {pages}")
    return 0
