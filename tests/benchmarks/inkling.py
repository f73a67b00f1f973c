"""Inkling, measured from inside its own process.

python -m tests.benchmarks.inkling first-frame | idle | one | pages | views
python -m tests.benchmarks.inkling dense-digits | dense-characters

`first-frame` and `idle` run the very program that a player starts.
"""

from __future__ import annotations

import json
import os
import runpy
import sys
import time

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")


def main(mode: str) -> None:
    """Does one thing and prints its figures as JSON, in milliseconds."""
    if mode == "one":
        print(json.dumps(_measure()))
        return
    if mode == "pages":
        from tests.benchmarks.pages import measure

        print(json.dumps(measure()))
        return
    if mode == "views":
        from tests.benchmarks.views import measure as measure_views

        print(json.dumps({"frames": measure_views()}))
        return
    if mode == "many":
        from tests.benchmarks.many import measure as measure_many

        print(json.dumps(measure_many()))
        return
    if mode in ("dense-digits", "dense-characters"):
        from tests.benchmarks.dense import measure as measure_dense

        print(json.dumps(measure_dense(mode.removeprefix("dense-"))))
        return
    from game.window.start import import_pygame

    import_pygame()
    import pygame

    flip = pygame.display.flip

    def first_flip() -> None:
        flip()
        print(json.dumps({"at": time.time()}), flush=True)
        pygame.display.flip = flip
        if mode == "first-frame":
            os._exit(0)

    pygame.display.flip = first_flip
    sys.argv = ["game"]
    runpy.run_module("game", run_name="__main__", alter_sys=True)


def _measure() -> dict[str, object]:
    from pathlib import Path

    import numpy as np

    from game.app import Game, freeze_garbage_collector
    from game.batch.replay import replay_drawing
    from game.window.window import Window
    from models.ink.jsonl import read_drawings
    from models.recognition.network import load_network
    from models.recognition.reader import Reader
    from tests.helpers.game import settle

    load = [_timed(load_network) for _ in range(7)]
    network = load_network()
    image = np.random.default_rng(0).random((1, 28, 28), np.float32)
    inference = [_timed(lambda: network.probabilities(image)) for _ in range(500)]
    game = Game(Window(1.0), Reader(network), Path("drawings"))
    samples = list(read_drawings(Path("game/samples/digits.jsonl")))
    freeze_garbage_collector()  # as the program does at its start
    begun = time.perf_counter()
    results = [replay_drawing(game, drawing, watched=False) for drawing in samples * 10]
    rate = len(results) / (time.perf_counter() - begun)
    answers = [result.milliseconds for result in results if result is not None]
    frames = {}
    rng = np.random.default_rng(0)
    for count in (1, 100, 1000):
        game.board.document.clear()
        for _ in range(count):
            points = rng.integers(20, 600, (40, 2)).astype(float)
            game.board.document.pen_down(points[0, 0], points[0, 1], 0.0)
            for x, y in points[1:]:
                game.board.document.pen_move(x, y, 0.0)
            game.board.document.pen_up(0.0)
        game.frame([])
        settle(game)
        frames[count] = sorted(_timed(lambda: _redrawn(game)) for _ in range(20))[10]
    return {
        "load": load,
        "inference": inference,
        "answers": answers,
        "replay": rate,
        "frames": frames,
    }


def _redrawn(game) -> None:  # type: ignore[no-untyped-def]
    game.board.say("frame")  # something on the screen has changed, as in any frame with a cause
    game.frame([])


def _timed(act) -> float:  # type: ignore[no-untyped-def]
    begun = time.perf_counter()
    act()
    return (time.perf_counter() - begun) * 1000


if __name__ == "__main__":
    main(*sys.argv[1:])
