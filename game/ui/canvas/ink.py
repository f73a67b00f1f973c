"""The ink on the window, kept between frames: what is finished is never drawn again."""

from __future__ import annotations

import numpy as np
import pygame
from numpy.typing import NDArray
from pygame import Rect, Surface

from game.document.rasterize import coloured, draw_strokes
from game.page.board import Board
from game.ui.canvas.view import View
from models.ink.strokes import Stroke


class InkLayer:
    """A picture of the canvas's ink, brought up to date with as little drawing as can be.

    A frame draws only the points that came since the last one. When the pen is lifted its stroke
    is already there. All ink is drawn anew only when finished ink, the pen's width, the view or the
    canvas has changed.
    """

    def __init__(self) -> None:
        self._made_for: tuple[object, ...] = ()
        self._strokes = 0  # finished strokes in the picture
        self._points = 0  # points in it of the one that follows them
        self._coverage: NDArray[np.uint8] = np.zeros((0, 0), dtype=np.uint8)
        self._surface: Surface | None = None

    def update(self, board: Board, canvas: Rect, view: View) -> Surface:
        """The ink as it is now, a surface of the canvas's size that can be drawn at its corner."""
        made_for = (board.ink_revision, board.pen, canvas.size, view)
        live = board.live
        if self._made_for != made_for:
            self._made_for = made_for
            self._strokes, self._points = 0, 0
            self._allocate(*canvas.size)
        ink = self._newer(board.strokes, live)
        draw_strokes(
            self._coverage, ink, board.pen, view.scale, (view.x - canvas.x, view.y - canvas.y)
        )
        self._strokes, self._points = len(board.strokes), 0 if live is None else len(live)
        assert self._surface is not None
        return self._surface

    def _allocate(self, width: int, height: int) -> None:
        """An empty picture."""
        if self._surface is not None and self._surface.get_size() == (width, height):
            self._coverage.fill(0)
            return
        self._coverage = np.zeros((height, width), dtype=np.uint8)
        # The surface shows the array's own memory: what is drawn in one is seen in the other.
        self._surface = pygame.image.frombuffer(self._coverage.data, (width, height), "P")
        levels = np.arange(256, dtype=np.uint8)[np.newaxis]
        self._surface.set_palette([tuple(map(int, colour)) for colour in coloured(levels)[0]])

    def _newer(self, strokes: tuple[Stroke, ...], live: Stroke | None) -> list[Stroke]:
        """What is not in the picture yet: the rest of a begun stroke, and those after it."""
        following = [*strokes[self._strokes :], *([] if live is None else [live])]
        if following and self._points:
            begun = following[0]
            rest = begun.points[self._points - 1 :]
            following[:1] = [Stroke(rest)] if len(rest) > 1 else []
        return following
