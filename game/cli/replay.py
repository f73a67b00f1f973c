"""`python -m game replay FILE` writes a file's drawings into the running game."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from game.cli.play import add_characters
from game.window.start import import_pygame


def add_options(commands: argparse._SubParsersAction[Any]) -> None:
    replay = commands.add_parser("replay", help="write a file's drawings into the running game")
    replay.add_argument("file", type=Path, metavar="FILE", help="drawings: .jsonl, .gz or .inkml")
    replay.add_argument("--headless", action="store_true", help="without a window, full speed")
    replay.add_argument(
        "--teach",
        action="store_true",
        help="each writer corrects the first 100 drawings; are the later ones read better?",
    )
    replay.add_argument("--limit", type=_count, metavar="N", help="only the first N drawings")
    replay.add_argument("--json", action="store_true", help="one JSON line for each drawing")
    add_characters(replay)
    replay.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Replays the file. Returns the exit status. Raises InputError."""
    if options.headless:
        os.environ["SDL_VIDEODRIVER"] = "dummy"
    import_pygame()
    from game.batch.correction_experiment import CorrectionExperiment
    from game.batch.replay import replay
    from game.window.window import NoDisplay
    from models.recognition.network import load_network
    from models.recognition.reader import Reader
    from models.util.errors import InputError

    network = load_network("characters" if options.characters else "digits")
    reader = Reader(network, options.language)
    experiment = CorrectionExperiment(Reader(network, options.language)) if options.teach else None
    try:
        return replay(
            options.file, reader, options.headless, options.json, options.limit, experiment
        )
    except NoDisplay as error:
        raise InputError(f"{error} `--headless` needs none.") from None


def _count(words: str) -> int:
    if not words.isdecimal() or int(words) < 1:
        raise argparse.ArgumentTypeError(f"{words!r} is no number of drawings, such as 100")
    return int(words)
