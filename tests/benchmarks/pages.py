"""How long a stroke more takes where many characters stand on the page already."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from game.play import Game
from game.window import Window
from models.ink import Stroke
from models.network import load_network
from models.reader import Reader
from tests.running import give, stroke
from tests.samples import placed, samples

COUNTS = {1: 1, 10: 10, 50: 13, 200: 17}  # characters on the page: of a line
_ANEW = 5  # times that a page is read from nothing


def measure() -> dict[str, dict[int, list[float]]]:
    """Milliseconds, by how many characters are on the page.

    pen-up: from lifting the pen of each stroke of the page's last character to the flip of the
    frame that shows the answer. anew: all characters, read by a reader that remembers nothing.
    """
    network = load_network()
    game = Game(Window(1.0), Reader(network), Path("drawings"))
    game.hands.rest = math.inf  # no stroke is a click
    give(game)
    pen_ups, anew = {}, {}
    for count, of_a_line in COUNTS.items():
        game.board.clear()
        *others, last = _places(game.board.size, count, of_a_line)
        drawings = samples()
        for number, (side, corner) in enumerate(others):
            _write(game, placed(drawings[number * 7 % 20], side, corner))
        pen_ups[count] = [
            took
            for drawing in drawings * 3
            for took in _written_and_undone(game, placed(drawing, *last))
        ]
        _write(game, placed(drawings[0], *last))
        ink, pen = game.board.strokes, game.board.pen
        readers = [Reader(network) for _ in range(_ANEW)]
        anew[count] = [_timed(reader, ink, pen) for reader in readers]
    game.close()
    return {"pen-up": pen_ups, "anew": anew}


def _places(
    size: tuple[float, float], count: int, of_a_line: int
) -> list[tuple[float, tuple[float, float]]]:
    """Height and upper left corner of each character, line by line, as uneven as a hand's."""
    rng = np.random.default_rng(0)
    lines = -(-count // of_a_line)
    width, height = size[0] / (of_a_line + 1), size[1] / (lines + 1)
    side = min(width, height, 120) * 0.8
    return [
        (
            side * rng.uniform(0.9, 1.1),
            (
                width * (0.5 + i % of_a_line) + rng.uniform(-0.05, 0.05) * side,
                height * (0.5 + i // of_a_line) + rng.uniform(-0.05, 0.05) * side,
            ),
        )
        for i in range(count)
    ]


def _written_and_undone(game: Game, strokes: Sequence[Stroke]) -> list[float]:
    took = _write(game, strokes)
    for _ in strokes:
        game.board.undo()
    give(game)
    return took


def _write(game: Game, strokes: Sequence[Stroke]) -> list[float]:
    """Milliseconds from each pen-up to the answer on the screen."""
    took = []
    for ink in strokes:
        path = [game.screen.view.to_window(x, y) for x, y in ink.points.tolist()]
        give(game, *stroke([(round(x), round(y)) for x, y in path]))
        took.append((game.shown_at - game.hands.lifted_at) * 1000)
    return took


def _timed(reader: Reader, ink: tuple[Stroke, ...], pen: float) -> float:
    begun = time.perf_counter()
    reader.read(ink, pen)
    return (time.perf_counter() - begun) * 1000
