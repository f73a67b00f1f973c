"""The game filmed: a mouse that moves in the real window, and what that shows, animated."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pygame
from pygame import Surface
from pygame.event import Event

from game.app import Game
from game.batch.replay import button_event, motion_event, pixels_of
from game.demo.animated import animated_png
from game.ui.canvas.cursor import draw_pointer
from game.window.events import take
from models.ink.strokes import Stroke

_RATE = 20  # frames a second, while something moves
_PEN, _HAND = 640.0, 1500.0  # pixels a second: of the pen on the paper, and above it

Pixel = tuple[int, int]


class Film:
    """Moves the mouse in a game, and keeps a frame of its window for each step.

    Every frame waits for the answer and all that the views compute, so that a film does not depend
    on the machine's speed.
    """

    def __init__(self, game: Game) -> None:
        self.game = game
        self._frames: list[tuple[Surface, float]] = []  # with how many seconds each is seen
        self._at: Pixel = game.screen.layout.canvas.center
        game.controller.rest = math.inf

    @property
    def seconds(self) -> float:
        return sum(seconds for _, seconds in self._frames)

    def wait(self, seconds: float) -> None:
        """Shows the window as it is."""
        self._give()
        self._keep(seconds)

    def write(self, strokes: Sequence[Stroke]) -> None:
        """Writes strokes of the page, one after the other."""
        for stroke in strokes:
            path = pixels_of(self.game, stroke)
            self.move(path[0])
            self._give(button_event(pygame.MOUSEBUTTONDOWN, path[0]))
            done = 0.0
            for before, pixel in pairwise(path):
                self._at = pixel
                pygame.event.post(motion_event(pixel, before, held=True))
                done += math.dist(before, pixel)
                if done >= _PEN / _RATE:
                    done -= _PEN / _RATE
                    self._step()
            self._give(button_event(pygame.MOUSEBUTTONUP, path[-1]))
            self._keep(1 / _RATE)

    def move(self, to: Pixel) -> None:
        """Moves the mouse, a frame for each step."""
        begin = self._at
        steps = max(1, round(math.dist(begin, to) / _HAND * _RATE))
        for step in range(1, steps + 1):
            before, share = self._at, step / steps
            across, down = (round(a + (b - a) * share) for a, b in zip(begin, to, strict=True))
            self._at = (across, down)
            pygame.event.post(motion_event(self._at, before, held=False))
            self._step()

    def press(self, name: str) -> None:
        """Presses a button of the page or of a card, by its command's name.

        Raises KeyError where there is none.
        """
        self.click(self.game.controller.place_of(name))

    def choose(self, answer: int) -> None:
        """Clicks on an answer's caption."""
        self.game.controller.rest = 0.0
        self.click(self.game.screen.placed[answer].plate.center)
        self.game.controller.rest = math.inf

    def click(self, at: Pixel) -> None:
        """Presses and lets go, wherever that is."""
        self.move(at)
        self._give(button_event(pygame.MOUSEBUTTONDOWN, at))
        self._keep(2 / _RATE)
        self._give(button_event(pygame.MOUSEBUTTONUP, at))
        self._keep(1 / _RATE)

    def picture(self) -> bytes:
        """The film as an animated PNG. Raises InputError without Pillow."""
        frames = (
            np.ascontiguousarray(pygame.surfarray.array3d(frame).swapaxes(0, 1))
            for frame, _ in self._frames
        )
        return animated_png(list(frames), [seconds for _, seconds in self._frames])

    def _step(self) -> None:
        self._give()
        self._keep(1 / _RATE)

    def _give(self, *events: Event) -> None:
        for event in events:
            pygame.event.post(event)
        self.game.frame(take())

    def _keep(self, seconds: float) -> None:
        """Adds what the window shows, once all of it is there."""
        board = self.game.board
        while self.game.busy:
            self.game.frame([])
        frame = self.game.window.surface.copy()
        draw_pointer(
            frame, self._at, board.document.pen * self.game.screen.viewport.scale, board.erasing
        )
        self._frames.append((frame, seconds))
