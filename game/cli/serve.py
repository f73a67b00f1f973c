"""`python -m game serve` shows the canvas in a browser."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from game.cli.play import add_characters
from game.window.start import import_pygame
from models.util.errors import InputError

if TYPE_CHECKING:  # it imports NumPy, which may be missing
    from game.modes.practice.round import Rules


def add_options(commands: argparse._SubParsersAction[Any]) -> None:
    serve = commands.add_parser("serve", help="show the canvas in a browser")
    serve.add_argument(
        "--host",
        default="127.0.0.1",
        metavar="H",
        help="the address to listen on; 0.0.0.0 lets in your network (default: this computer only)",
    )
    serve.add_argument(
        "--port", type=_port, default=8000, metavar="P", help="0 for any free one (default: 8000)"
    )
    serve.add_argument(
        "--class",
        dest="is_class",
        action="store_true",
        help="a class: everyone gives a name and is asked for characters",
    )
    serve.add_argument(
        "--tasks",
        choices=("sums", "sequences", "words", "all"),
        help="what the class practises, in place of being asked for characters",
    )
    serve.add_argument(
        "--level", type=int, metavar="1-5", help="of the tasks, from easy to hard (default: 1)"
    )
    add_characters(serve)
    serve.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Serves until Ctrl+C. Returns the exit status. Raises InputError."""
    import_pygame()
    import pygame.font

    from game.serve import missing_package

    try:
        from game.serve.server import serve
    except ModuleNotFoundError as error:
        raise missing_package(error) from None
    pygame.font.init()  # measures captions, as in the window
    return serve(
        options.host,
        options.port,
        options.characters,
        options.language,
        options.is_class,
        _rules(options),
    )


def _rules(options: argparse.Namespace) -> Rules | None:
    """Of what a class practises; None where it does not. Raises InputError."""
    from game.modes.practice.round import Rules
    from game.modes.practice.tasks import LEVELS
    from game.sheets.worksheet import TASKS

    if options.tasks is None:
        if options.level is not None:
            raise InputError("--level is of the tasks of a class: add --tasks, such as sums.")
        return None
    if not options.is_class:
        raise InputError("--tasks is for a class: add --class.")
    if options.characters:
        raise InputError("--tasks are answered in digits: leave --characters out.")
    level = 1 if options.level is None else options.level
    if not 1 <= level <= LEVELS:
        raise InputError(f"--level is 1 to {LEVELS}; received {level}.")
    return Rules(TASKS[options.tasks], level, "tasks")


def _port(words: str) -> int:
    if not words.isdecimal() or int(words) > 65535:
        raise argparse.ArgumentTypeError(f"{words!r} is no port, a number up to 65535")
    return int(words)
