"""The game filmed: a mouse that moves in the real window, and what that shows, animated."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pygame
from numpy.typing import NDArray
from PIL import Image
from pygame import Surface
from pygame.event import Event

from game.app import Game
from game.batch.pilot import Pilot, Pixel, down, move, up
from game.ui.canvas.cursor import draw_pointer
from models.ink.strokes import Stroke

_RATE = 20  # frames a second, while something moves
_PEN, _HAND = 640.0, 1500.0  # pixels a second: of the pen on the paper, and above it


class Film:
    """Moves the mouse in a game, and keeps a frame of its window for each step.

    Every frame waits for the answer and all that the views compute, so that a film does not depend
    on the machine's speed.
    """

    def __init__(self, game: Game) -> None:
        self.game = game
        self._pilot = Pilot(game)
        self._frames: list[tuple[Surface, float]] = []  # with how many seconds each is seen
        self._at: Pixel = game.screen.layout.canvas.center

    @property
    def seconds(self) -> float:
        return sum(seconds for _, seconds in self._frames)

    def wait(self, seconds: float) -> None:
        """Shows the window as it is."""
        self._step(seconds)

    def write(self, strokes: Sequence[Stroke]) -> None:
        """Writes strokes of the page, one after the other."""
        self.game.controller.rest = math.inf
        for ink in strokes:
            path = self._pilot.path(ink)
            self.move(path[0])
            self._pilot.frame(down(path[0]))
            moves: list[Event] = []
            done = 0.0
            for before, self._at in pairwise(path):
                moves.append(move(self._at, 1))
                done += math.dist(before, self._at)
                if done >= _PEN / _RATE:
                    done -= _PEN / _RATE
                    self._step(1 / _RATE, *moves)
                    moves = []
            self._step(1 / _RATE, *moves, up(path[-1]))

    def move(self, to: Pixel) -> None:
        """Moves the mouse, a frame for each step."""
        begin = self._at
        steps = max(1, round(math.dist(begin, to) / _HAND * _RATE))
        for share in (step / steps for step in range(1, steps + 1)):
            x, y = (round(a + (b - a) * share) for a, b in zip(begin, to, strict=True))
            self._at = (x, y)
            self._step(1 / _RATE, move(self._at))

    def press(self, name: str) -> None:
        """Presses a button of the page or of a card, by its command's name.

        Raises KeyError where there is none.
        """
        self.click(self.game.controller.place_of(name))

    def choose(self, answer: int) -> None:
        """Clicks on an answer's caption."""
        self.game.controller.rest = 0.0
        self.click(self.game.screen.placed[answer].plate.center)

    def click(self, at: Pixel) -> None:
        """Presses and lets go, wherever that is."""
        self.move(at)
        self._step(2 / _RATE, down(at))
        self._step(1 / _RATE, up(at))

    def picture(self) -> bytes:
        """The film as an animated PNG."""
        frames = (
            np.ascontiguousarray(pygame.surfarray.array3d(frame).swapaxes(0, 1))
            for frame, _ in self._frames
        )
        return animated_png(list(frames), [seconds for _, seconds in self._frames])

    def _step(self, seconds: float, *events: Event) -> None:
        """Adds what the window shows after these events, once all of it is there."""
        self._pilot.frame(*events)
        while self.game.busy:
            self._pilot.frame()
        board, scale = self.game.board, self.game.screen.viewport.scale
        frame = self.game.window.surface.copy()
        draw_pointer(frame, self._at, board.document.pen * scale, board.erasing)
        self._frames.append((frame, seconds))


def animated_png(frames: Sequence[NDArray[np.uint8]], seconds: Sequence[float]) -> bytes:
    """An animated PNG that repeats for ever, in the frames' own colours.

    frames: (h, w, 3) RGB each. seconds: how long each is shown.
    """
    first, *rest = map(Image.fromarray, frames)
    times = [round(1000 * each) for each in seconds]
    png = io.BytesIO()
    first.save(png, "PNG", save_all=True, append_images=rest, duration=times, loop=0)
    return png.getvalue()
