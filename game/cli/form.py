"""`python -m game form SPEC.json` prints a form from its description."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from game.cli.worksheet import add_output, save


def add_options(commands: argparse._SubParsersAction[Any]) -> None:
    command = commands.add_parser("form", help="print a form from a description as PDF")
    command.add_argument("spec", type=Path, metavar="SPEC.json", help="the description")
    add_output(command)
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Prints a form. Returns the exit status."""
    from game.sheets.form import load_form
    from models.util.errors import InputError

    form = load_form(options.spec)
    if form.printed is None:
        raise InputError(
            f"{options.spec}: describes a form that was printed elsewhere (it has size and "
            "fields); one to be printed has rows."
        )
    return save(form.printed, options.output, options.json)
