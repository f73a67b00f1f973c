"""What the commands' options share: the parser, options that several have, values of lists."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import NoReturn

from training.folders import own_folder

RUNS = own_folder("runs")
SETS = "mnist,unipen,pendigits,digilets,swiss"


class Parser(argparse.ArgumentParser):
    """Reports wrong use in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}; `{self.prog} --help` shows what would be right.\n")


def add_data_dir(parser: argparse._ActionsContainer) -> None:
    parser.add_argument(
        "--data-dir", type=Path, help="folder with the sets (default: $DATA_DIR, else data/)"
    )


def add_model(parser: argparse.ArgumentParser) -> None:
    """Adds --model, the name of a network."""
    parser.add_argument("--model", default="digits", help="digits or characters")


def add_part(parser: argparse.ArgumentParser) -> None:
    """Adds --part, one of the two splits of held-out writers."""
    parser.add_argument(
        "--part",
        choices=("report", "validation"),
        default="report",
        help="which held-out writers: those only reported on, or those who chose thresholds",
    )


def add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")


def names_in(text: str) -> tuple[str, ...]:
    """The names of a comma-separated list."""
    return tuple(name.strip() for name in text.split(",") if name.strip())


def positive(text: str) -> int:
    """A whole number from 1 up; raises ArgumentTypeError for any other text."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"a whole number from 1 up, not {text!r}")
    return int(text)


def log(line: str) -> None:
    """Prints a line on how far a command is on standard error."""
    print(line, file=sys.stderr, flush=True)
