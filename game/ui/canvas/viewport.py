"""How the page lies under the window: all ink stays in sight, at its own size where that fits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from pygame import Rect

from models.ink.strokes import Box


@dataclass(frozen=True)
class Viewport:
    """Maps the page to the window: window = page * scale + (x, y). scale: 0 < scale <= 1."""

    scale: float = 1.0
    x: float = 0.0
    y: float = 0.0

    def to_page(self, x: float, y: float) -> tuple[float, float]:
        """The point of the page under a window's pixel."""
        return (x - self.x) / self.scale, (y - self.y) / self.scale

    def to_window(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of the page stands on the window."""
        return x * self.scale + self.x, y * self.scale + self.y

    def boxes_to_window(self, boxes: Sequence[Box]) -> list[Rect]:
        """Boxes of the page in whole pixels of the window, each at least one wide and high."""
        sides = np.array([(box.x, box.y, box.right, box.bottom) for box in boxes]).reshape(-1, 4)
        placed = np.rint(sides * self.scale + (self.x, self.y, self.x, self.y)).astype(int)
        return [
            Rect(left, top, max(1, right - left), max(1, bottom - top))
            for left, top, right, bottom in placed.tolist()
        ]


def viewport_of(ink: Box | None, canvas: Rect) -> Viewport:
    """The viewport for ink whose points cover `ink` (None: an empty page) on a canvas.

    The page lies one to one, its origin in the canvas's upper left corner. Only where ink would
    be out of sight, since the window has shrunk or a file's ink lies outside, the page is moved
    and made smaller by as much as that needs; a window that grows again brings it back.
    """
    if ink is None:
        return Viewport(1.0, canvas.x, canvas.y)
    left, top = min(0.0, ink.x), min(0.0, ink.y)
    # One pixel less than the canvas: a point on its last pixel is still in sight.
    across = (max(canvas.width - 1, 1)) / max(ink.right - left, 1e-9)
    down = (max(canvas.height - 1, 1)) / max(ink.bottom - top, 1e-9)
    scale = min(1.0, across, down)
    return Viewport(scale, canvas.x - left * scale, canvas.y - top * scale)
