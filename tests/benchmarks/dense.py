"""How the window keeps up with dense ink: hatching, grids, pictures, strokes across each other."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from pygame.event import Event

from game.app import Game, freeze_garbage_collector
from game.batch.replay import replay_drawing
from game.window.window import Window
from models.ink.strokes import Drawing
from models.recognition.network import load_network
from models.recognition.reader import Reader
from tests.benchmarks.pages import write
from tests.helpers.dense_pages import PAGES, SIZE
from tests.helpers.game import settle

SEEDS = range(3)


class TimedGame(Game):
    """Notes how long each frame takes, in milliseconds."""

    def __init__(self, reader: Reader) -> None:
        super().__init__(Window(1.0), reader, Path("drawings"))
        self.frames: list[float] = []

    def frame(self, events: Sequence[Event]) -> bool:
        begun = time.perf_counter()
        drew = super().frame(events)
        self.frames.append((time.perf_counter() - begun) * 1000)
        return drew


def measure(mode: str) -> dict[str, dict[str, object]]:
    """For each page of `dense_pages`, of several seeds, with the network called `mode`:

    strokes: how many. seconds: that a replay of the whole page takes, as fast as it goes. frames:
    milliseconds of each. answers: milliseconds from each pen-up to the frame with the finished
    answer, where the next stroke waits for that; the last is of the replay.
    """
    reader = Reader(load_network(mode))
    found: dict[str, dict[str, object]] = {}
    for name, make in PAGES.items():
        seconds, frames, answers = [], [], []
        for seed in SEEDS:
            page = make(np.random.default_rng(seed))
            drawing = Drawing(tuple(page), width=SIZE[0], height=SIZE[1])
            game = TimedGame(reader)
            freeze_garbage_collector()
            begun = time.perf_counter()
            result = replay_drawing(game, drawing, watched=False)
            seconds.append(time.perf_counter() - begun)
            frames += game.frames
            game.board.document.clear()
            settle(game)
            answers += write(game, page)
            if result is not None and result.milliseconds is not None:
                answers.append(result.milliseconds)
            frames += game.frames
            game.close()
        strokes = len(page)
        found[name] = {
            "strokes": strokes, "seconds": seconds, "frames": frames, "answers": answers
        }  # fmt: skip
    return found
