"""The drawings that ship with the game, replayed without a screen; and pictures of the window.

python -m game demo --picture window.png --animation inkling.png
"""

from __future__ import annotations

import io
from pathlib import Path

import pygame

from game.app import Game
from game.batch.replay import replay_drawing
from game.batch.report import Report
from game.demo.scenes import filmed, number
from game.document.folder import drawings_folder
from game.window.window import Window
from models.ink.jsonl import read_drawings
from models.recognition.reader import Reader
from models.util.atomic_files import write_whole
from models.util.errors import InputError, explain_os_error

SAMPLES = Path(__file__).parents[1] / "samples" / "digits.jsonl"
PICTURE = drawings_folder() / "demo.png"
_FRAMES = 100  # until the views that take longest are whole


def demo(reader: Reader, picture: Path, animation: Path | None = None) -> int:
    """Replays, prints the answers and writes the picture (PNG). Returns the exit status.

    animation: where an animated one goes, too; None for none. SDL must be set to show nothing
    (SDL_VIDEODRIVER=dummy). Raises InputError where a picture cannot be written.
    """
    game = Game(Window(1.0), reader, PICTURE.parent)
    report = Report(as_json=False, timed=True)
    drawings = list(read_drawings(SAMPLES))
    for drawing in drawings:
        result = replay_drawing(game, drawing, watched=False)
        if result is None:
            return 0
        report.add(result)
    report.finish()
    game.board.document.put(number(drawings), game.board.document.pen)
    game.inspector.toggle()
    for _ in range(_FRAMES):
        game.frame([])
    png = io.BytesIO()
    pygame.image.save(game.window.surface, png, "window.png")
    _write(picture, png.getvalue())
    print(f"\nThe window, as it looks then: {picture}")
    game.close()
    if animation is not None:
        game = Game(Window(1.0), reader, PICTURE.parent)
        game.frame([])
        film = filmed(game, drawings)
        _write(animation, film.picture())
        print(f"The same in {film.seconds:.1f} s: {animation}")
        game.close()
    return 0


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content)
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {explain_os_error(error)}.") from None
