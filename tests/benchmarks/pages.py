"""How long a stroke more takes where many characters stand on the page already."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from game.app import Game, freeze_garbage_collector
from game.batch.pilot import Pilot
from game.window.window import Window
from models.ink.strokes import Drawing, Stroke
from models.recognition.answer import Reading
from models.recognition.network import Network, load_network
from models.recognition.reader import Reader
from models.segmentation.edits import AS_READ, SegmentationEdits
from models.segmentation.search import InSteps
from tests.helpers.game import give, settle
from tests.helpers.samples import placed, samples

COUNTS = {1: 1, 10: 10, 50: 13, 200: 17}  # characters on the page: of a line


class Forgetful(Reader):
    """Reads all characters anew each time, as if it had never seen the page."""

    def __init__(self, network: Network) -> None:
        super().__init__(network)
        self._known = network

    def read_in_steps(
        self, strokes: Sequence[Stroke], pen: float, edits: SegmentationEdits = AS_READ
    ) -> InSteps[Reading]:
        return Reader(self._known).read_in_steps(strokes, pen, edits)


def measure() -> dict[str, dict[int, list[float]]]:
    """Milliseconds from each pen-up to the flip of the frame that shows the answer, by how many
    characters are on the page, of which the last is being written.

    remembering: by Inkling. forgetful: by the same program, that reads all of them anew.
    """
    network = load_network()
    every = samples()
    return {
        "remembering": _pen_ups(Reader(network), every * 3),
        "forgetful": _pen_ups(Forgetful(network), every[::3]),
    }


def _pen_ups(reader: Reader, last: Sequence[Drawing]) -> dict[int, list[float]]:
    game = Game(Window(1.0), reader, Path("drawings"))
    freeze_garbage_collector()  # as the program does at its start
    drawings, found = samples(), {}
    for count, of_a_line in COUNTS.items():
        *others, place = _places(game.board.document.size, count, of_a_line)
        ink = [
            one
            for number, (side, corner) in enumerate(others)
            for one in placed(drawings[number * 7 % 20], side, corner)
        ]
        game.board.document.put(tuple(ink), game.board.document.pen)
        give(game)
        _written_and_undone(game, placed(last[0], *place))  # type of a new size is loaded once
        found[count] = [
            took for drawing in last for took in _written_and_undone(game, placed(drawing, *place))
        ]
    game.close()
    return found


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
    took = write(game, strokes)
    for _ in strokes:
        game.board.undo()
    give(game)
    return took


def write(game: Game, strokes: Sequence[Stroke]) -> list[float]:
    """Writes strokes one after the other; milliseconds from each pen-up to its answer."""
    pilot, took = Pilot(game), []
    for ink in strokes:
        pilot.write(ink)
        settle(game)
        took.append(pilot.milliseconds)
    return took
