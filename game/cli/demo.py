"""`python -m game demo` replays the drawings that ship with the game, and draws the window."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from game.window.start import import_pygame


def add_options(commands: argparse._SubParsersAction[Any]) -> None:
    demo = commands.add_parser("demo", help="replay the drawings that ship with the game")
    demo.add_argument(
        "--picture", type=Path, metavar="PATH", help="where the window's picture goes"
    )
    demo.add_argument(
        "--animation", type=Path, metavar="PATH", help="where an animated picture (PNG) goes, too"
    )
    demo.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Replays, without a screen. Returns the exit status. Raises InputError."""
    os.environ["SDL_VIDEODRIVER"] = "dummy"
    import_pygame()
    from game.demo.demo import PICTURE, demo
    from models.recognition.network import load_network
    from models.recognition.reader import Reader

    reader = Reader(load_network("characters" if options.characters else "digits"))
    return demo(reader, options.picture or PICTURE, options.animation)
