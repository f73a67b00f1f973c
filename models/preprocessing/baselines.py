"""How older programs bring strokes to 28×28: only for comparison with the recipe of `mnist_form`.

They draw with a brush of fixed width on the window. The simplest shrink all of it; others cut out
the box around the ink and stretch that to a square, whatever its shape; better ones pad the square,
as MNIST's digits have a margin.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from models.ink.strokes import Stroke, bounding_box
from models.preprocessing.mnist_form import SIDE

# A window of 640×480 with ink of 60 % of its height, and a thick brush, all in pixels. That every
# digit is drawn at this size flatters the older way: its brush suits no other.
INK_SIDE = 288.0
BRUSH = 20
# The square is padded by this many pixels on each side of 28, then brought to 28 again.
PADDING = 10
_CANVAS_SIDE = 640  # pixels, the longer side of a whole canvas before it is shrunk


def whole_canvas(
    strokes: Sequence[Stroke], pen: float, size: tuple[float, float]
) -> NDArray[np.float32]:
    """The whole canvas shrunk to (28, 28) float32, 0 for paper to 1 for ink.

    strokes, pen: as they stand on it. size: its width and height, in the same units. Each pixel is
    the average of what it covers, the kindest way to shrink: picking single pixels, as some do,
    loses thin lines altogether.
    """
    scale = _CANVAS_SIDE / max(size)
    width, height = (max(1, round(side * scale)) for side in size)
    canvas = np.zeros((height, width), np.uint8)
    for stroke in strokes:
        points = np.rint(np.clip(stroke.points * scale, -_CANVAS_SIDE, 2 * _CANVAS_SIDE))
        line = points.astype(np.int32)
        line = line if len(line) > 1 else np.repeat(line, 2, axis=0)
        cv2.polylines(canvas, [line], False, 255, max(1, round(pen * scale)))
    small = cv2.resize(canvas, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.float32) / np.float32(255)


def stretched(strokes: Sequence[Stroke]) -> NDArray[np.float32]:
    """The box around the ink, stretched to (28, 28) float32, 0 for paper to 1 for ink."""
    return _scaled(_box(strokes))


def stretched_and_padded(strokes: Sequence[Stroke]) -> NDArray[np.float32]:
    """The box stretched to a square with an empty margin: (28, 28) float32, 0 to 1."""
    square = cv2.resize(_box(strokes), (SIDE, SIDE))
    return _scaled(np.pad(square, PADDING))


def _box(strokes: Sequence[Stroke]) -> NDArray[np.uint8]:
    """The part of the window that holds the ink, drawn with the brush: 0 paper, 255 ink."""
    box = bounding_box(strokes)
    scale = INK_SIDE / max(box.width, box.height, 1e-9)
    corner = np.array([box.x, box.y])
    window = np.zeros((int(INK_SIDE) + 2 * BRUSH,) * 2, np.uint8)
    for stroke in strokes:
        points = np.rint((stroke.points - corner) * scale).astype(np.int32) + BRUSH
        line = points if len(points) > 1 else np.repeat(points, 2, axis=0)
        cv2.polylines(window, [line], False, 255, BRUSH)
    x, y, width, height = cv2.boundingRect(window)
    return window[y : y + height, x : x + width]


def _scaled(picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    # Bilinear, cv2.resize's own choice and therefore theirs.
    return np.asarray(cv2.resize(picture, (SIDE, SIDE)), np.float32) / np.float32(255)
