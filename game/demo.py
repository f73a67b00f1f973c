"""The drawings that ship with the game, replayed without a screen; and a picture of the window.

python -m game demo --picture window.png
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import pygame

from game.play import Game
from game.replay import replay_drawing
from game.report import Report
from game.window import Window
from models.drawings import read_drawings
from models.files import reason, write_whole
from models.ink import Drawing, InputError, Stroke, bounding_box
from models.reader import Reader

SAMPLES = Path(__file__).parent / "samples" / "digits.jsonl"
PICTURE = Path("drawings") / "demo.png"
_PICTURED = "2026"  # the number that the picture shows, made of the drawings
_HEIGHT, _GAP = 140.0, 46.0  # page units, of its digits
_FRAMES = 100  # until the views that take longest are whole


def demo(reader: Reader, picture: Path) -> int:
    """Replays, prints the answers and writes the picture (PNG). Returns the exit status.

    SDL must have been told to show nothing (SDL_VIDEODRIVER=dummy). Raises InputError where the
    picture cannot be written.
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
    game.board.put(_number(drawings), game.board.pen)
    game.views.toggle()
    for _ in range(_FRAMES):
        game.frame([])
    png = io.BytesIO()
    pygame.image.save(game.window.surface, png, "window.png")
    try:
        picture.parent.mkdir(parents=True, exist_ok=True)
        write_whole(picture, png.getvalue())
    except OSError as error:
        raise InputError(f"{picture}: cannot be written: {reason(error)}.") from None
    print(f"\nThe window, as it looks then: {picture}")
    game.close()
    return 0


def _number(drawings: Sequence[Drawing]) -> tuple[Stroke, ...]:
    """The pictured number, in the upper left of the page."""
    by_label = {drawing.label: drawing for drawing in drawings}
    strokes: list[Stroke] = []
    left = _GAP
    for label in _PICTURED:
        digit = by_label[label]
        box = bounding_box(digit.strokes)
        scale = _HEIGHT / box.height
        place = (left - box.x * scale, 2 * _HEIGHT - box.bottom * scale)
        strokes += [stroke.moved(scale, place) for stroke in digit.strokes]
        left += box.width * scale + _GAP
    return tuple(strokes)
