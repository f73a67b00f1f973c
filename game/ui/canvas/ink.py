"""The ink on the window, kept between frames: what is finished is never drawn again."""

from __future__ import annotations

import numpy as np
import pygame
from pygame import Rect, Surface

from game.document.rasterize import coloured, draw_strokes
from game.page.board import Board
from game.ui.canvas.viewport import Viewport
from models.ink.strokes import Stroke

_A_FRAME = 4_000  # points of finished ink that a frame draws, in about 4 ms; one stroke at least


class InkLayer:
    """A picture of the canvas's ink, brought up to date with as little drawing as can be.

    A frame draws only the points that came since the last one. When the pen is lifted its stroke
    is already there. All ink is drawn anew only when finished ink, the pen's width, the view or the
    canvas has changed. Of very much ink each frame draws a part then, and the picture before stays
    until all is there, with new strokes on it.

    unfinished: how many frames have shown a picture before; there is another to come after each.
    """

    def __init__(self) -> None:
        self.unfinished = 0
        self._made_for: tuple[object, ...] = ()
        self._shown: _Picture | None = None
        self._next: _Picture | None = None

    def update(self, board: Board, canvas: Rect, viewport: Viewport) -> Surface:
        """The ink as it is now, a surface of the canvas's size that can be drawn at its corner."""
        made_for = (board.document.ink_revision, board.document.pen, canvas.size, viewport)
        shown = self._shown
        if shown is None or self._made_for != made_for:
            self._made_for = made_for
            corner = (viewport.x - canvas.x, viewport.y - canvas.y)
            self._next = _Picture(canvas.size, board.document.pen, viewport.scale, corner)
            if shown is None or shown.surface.get_size() != canvas.size:
                self._shown = shown = self._next
            else:
                shown.skip(len(board.document.strokes))
        if self._next is not None and self._next.draw(
            board.document.strokes, board.document.live, _A_FRAME
        ):
            self._shown, self._next = self._next, None
            return self._shown.surface
        self.unfinished += self._next is not None
        if shown is not self._next:
            shown.draw(board.document.strokes, board.document.live)
        return shown.surface


class _Picture:
    """Ink drawn with one pen, in one place. surface: of the picture's size."""

    def __init__(
        self, size: tuple[int, int], pen: float, scale: float, offset: tuple[float, float]
    ) -> None:
        """size: width and height, pixels. pen, scale, offset: as for `draw_strokes`."""
        self._pen, self._scale, self._offset = pen, scale, offset
        self._strokes = 0  # finished strokes in the picture
        self._points = 0  # points in it of the one that follows them
        self._coverage = np.zeros((size[1], size[0]), dtype=np.uint8)
        # The surface shows the array's own memory: what is drawn in one is seen in the other.
        self.surface = pygame.image.frombuffer(self._coverage.data, size, "P")
        levels = np.arange(256, dtype=np.uint8)[np.newaxis]
        self.surface.set_palette([tuple(map(int, colour)) for colour in coloured(levels)[0]])

    def skip(self, strokes: int) -> None:
        """So many of the page's strokes need not be drawn."""
        self._strokes, self._points = strokes, 0

    def draw(
        self, strokes: tuple[Stroke, ...], live: Stroke | None, most: int | None = None
    ) -> bool:
        """Draws what is not there yet, of finished ink up to `most` points; whether all is now."""
        end = len(strokes)
        if most is not None:
            for end in range(self._strokes + 1, len(strokes) + 1):
                most -= len(strokes[end - 1])
                if most <= 0:
                    break
        following = list(strokes[self._strokes : end])
        finished = end == len(strokes)
        if finished and live is not None:
            following.append(live)
        if following and self._points:
            rest = following[0].points[self._points - 1 :]
            following[:1] = [Stroke(rest)] if len(rest) > 1 else []
        draw_strokes(self._coverage, following, self._pen, self._scale, self._offset)
        self._strokes = end
        self._points = len(live) if finished and live is not None else 0
        return finished
