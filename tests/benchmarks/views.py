"""How long a frame takes while a digit is drawn and every view is open."""

from __future__ import annotations

import math
import time
from pathlib import Path

import pygame
from pygame.event import Event

from game.app import Game, freeze_garbage_collector
from game.batch.pilot import Pilot, down, move, up
from game.window.window import Window
from models.recognition.network import load_network
from models.recognition.reader import Reader
from tests.helpers.samples import samples

SIZE = (1600, 1000)  # of the window, in which all views stand side by side
_POINTS = 2  # of the mouse in a frame, as at 125 Hz
_AFTER = 6  # frames in which the views that take longest are finished


def measure() -> list[float]:
    """Milliseconds of each frame while the samples are drawn, up to three on a page."""
    game = Game(Window(1.0), Reader(load_network()), Path("drawings"))
    pygame.display.set_mode(SIZE)
    pilot = Pilot(game)
    game.controller.rest = math.inf  # no stroke is a click
    game.frame([])
    game.inspector.toggle()
    game.frame([])
    freeze_garbage_collector()  # as the program does at its start
    took: list[float] = []

    def frame(*events: Event) -> None:
        begun = time.perf_counter()
        pilot.frame(*events)
        took.append((time.perf_counter() - begun) * 1000)

    for number, drawing in enumerate(samples()):
        for ink in drawing.strokes:
            path = [(round(x), round(y)) for x, y in ink.points]
            frame(down(path[0]))
            for start in range(1, len(path), _POINTS):
                frame(*(move(point, 1) for point in path[start : start + _POINTS]))
            frame(up(path[-1]))
            for _ in range(_AFTER):
                frame()
        if number % 3 == 2:
            game.board.document.clear()
    game.close()
    return took
