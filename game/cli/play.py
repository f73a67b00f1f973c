"""`python -m game` plays, and `collect` begins with collecting a person's samples."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from game.window.start import import_pygame
from models.recognition.language_model import ENGLISH, languages


def add_options(parser: argparse.ArgumentParser) -> None:
    """Adds the options that stand before any command."""
    parser.add_argument(
        "--drawings",
        type=Path,
        metavar="DIR",
        help="where the S key saves (default: drawings, or your pictures' folder Inkling where "
        "the program is installed)",
    )
    parser.add_argument("--scale", metavar="N", help="size of the interface, 1 to 4")
    parser.add_argument(
        "--profile",
        metavar="NAME",
        help="whose results and samples (default: whoever was chosen last, me at first)",
    )
    add_characters(parser, default=False)
    parser.set_defaults(run=run, collecting=False)


def add_collect(commands: argparse._SubParsersAction[Any]) -> None:
    collect = commands.add_parser("collect", help="collect samples of a person's ink")
    collect.add_argument(
        "--profile", default=argparse.SUPPRESS, metavar="NAME", help="whose (default: as above)"
    )
    add_characters(collect)
    collect.set_defaults(run=run, collecting=True)


def add_characters(parser: argparse.ArgumentParser, default: object = argparse.SUPPRESS) -> None:
    """Adds --characters and --language. default: one of a command's own would undo what stands
    before it.
    """
    parser.add_argument(
        "--characters", action="store_true", default=default, help="read letters, too"
    )
    parser.add_argument(
        "--language",
        choices=languages(),
        default=default if default is argparse.SUPPRESS else ENGLISH,
        help=f"whose words are known where letters are read (default: {ENGLISH})",
    )


def run(options: argparse.Namespace) -> int:
    """Plays, or replays the shipped drawings where there is no screen. Returns the exit status."""
    import_pygame()
    from game.app import play
    from game.document.folder import drawings_folder
    from game.profiles.profile import checked_name
    from game.window.scale import parse_scale
    from game.window.window import NoDisplay
    from models.util.errors import InputError

    scale = None if options.scale is None else parse_scale(options.scale, "--scale")
    profile = None if options.profile is None else checked_name(options.profile)
    try:
        return play(
            options.drawings or drawings_folder(),
            scale,
            "characters" if options.characters else "digits",
            options.language,
            profile,
            options.collecting,
        )
    except NoDisplay as error:
        if options.collecting:
            raise InputError(f"{error} Collecting needs one.") from None
        print(f"{error} So here are the drawings that ship with the game:", file=sys.stderr)
    from game.demo.demo import PICTURE, demo
    from models.recognition.network import load_network
    from models.recognition.reader import Reader

    os.environ["SDL_VIDEODRIVER"] = "dummy"
    return demo(Reader(load_network()), PICTURE)
