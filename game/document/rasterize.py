"""Ink becomes pixels: round, without gaps, anti-aliased, placed to a fraction of a pixel.

OpenCV's own anti-aliased lines are up to three pixels too thick, and grow in steps of two. So ink
is drawn hard-edged on a sheet four times larger and averaged over areas: the pen is then right to
a third of a pixel, and it takes half the time.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from models.ink.strokes import Stroke, bounding_box

INK = (255, 255, 255)  # red, green, blue
PAPER = (15, 17, 21)

_OVERSAMPLING = 4
# Pixels of the canvas; above this the sheet would take more than 64 MB, and is coarser instead.
_LARGEST = 4_000_000
_SUBPIXEL_BITS = 4  # OpenCV's fixed point: 4 bits behind the point
# Pixels. OpenCV's fixed point overflows far beyond this, and no screen reaches it.
_FARTHEST = 100_000.0
_THICKEST = 8_000  # pixels; OpenCV refuses lines of more than 32,767


def draw_strokes(
    canvas: NDArray[np.uint8],
    strokes: Sequence[Stroke],
    pen: float,
    scale: float = 1.0,
    offset: Sequence[float] = (0.0, 0.0),
) -> tuple[int, int, int, int]:
    """Draws strokes onto a canvas, in place, over what is there.

    canvas: (height, width) uint8, 0 for paper to 255 for ink. pen: the brush's width in the units
    of the points; never drawn thinner than a pixel. A point lies at `point * scale + offset` pixels
    from the canvas's upper left corner.

    Returns the part of the canvas that may have changed: x, y, width, height, in whole pixels.
    """
    width = min(max(1.0, pen * scale), float(_THICKEST))
    if not strokes:
        return 0, 0, 0, 0
    x, y, right, bottom = _region(canvas, strokes, width, scale, offset)
    if right <= x or bottom <= y:
        return 0, 0, 0, 0
    finer = _OVERSAMPLING if (right - x) * (bottom - y) <= _LARGEST else 2
    sheet = np.zeros(((bottom - y) * finer, (right - x) * finer), dtype=np.uint8)
    lines = [
        _fixed(stroke.points, scale, (offset[0] - x, offset[1] - y), finer) for stroke in strokes
    ]
    cv2.polylines(sheet, lines, False, 255, round(width * finer), cv2.LINE_8, _SUBPIXEL_BITS)
    smooth = cv2.resize(sheet, (right - x, bottom - y), interpolation=cv2.INTER_AREA)
    part = canvas[y:bottom, x:right]
    np.maximum(part, smooth, out=part)
    return x, y, right - x, bottom - y


def coloured(ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The page as it is seen: (height, width) uint8 ink becomes (height, width, 3) uint8, RGB."""
    levels = np.arange(256)[:, np.newaxis] / 255
    table = np.rint(np.array(PAPER) * (1 - levels) + np.array(INK) * levels).astype(np.uint8)
    return np.asarray(table[ink])


def _region(
    canvas: NDArray[np.uint8],
    strokes: Sequence[Stroke],
    width: float,
    scale: float,
    offset: Sequence[float],
) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of the pixels that the ink can reach, within the canvas."""
    box = bounding_box(strokes)
    margin = width / 2 + 1
    height, across = canvas.shape
    return (
        math.floor(min(max(box.x * scale + offset[0] - margin, 0.0), across)),
        math.floor(min(max(box.y * scale + offset[1] - margin, 0.0), height)),
        math.ceil(min(max(box.right * scale + offset[0] + margin, 0.0), across)),
        math.ceil(min(max(box.bottom * scale + offset[1] + margin, 0.0), height)),
    )


def _fixed(
    points: NDArray[np.float64], scale: float, offset: Sequence[float], finer: int
) -> NDArray[np.int32]:
    """Points as the sheet's fixed-point pixels, at least two; of many in one pixel the first."""
    placed = np.clip(points * scale + (offset[0], offset[1]), -_FARTHEST, _FARTHEST)
    # OpenCV counts from the middle of the first pixel, the page from its corner.
    fixed = np.rint((placed * finer - 0.5) * (1 << _SUBPIXEL_BITS)).astype(np.int32)
    # A point in the same pixel of the sheet as the one before it adds nothing to see.
    cell = fixed >> _SUBPIXEL_BITS
    kept = np.append(True, np.any(cell[1:] != cell[:-1], axis=1))
    kept[-1] = True
    fixed = fixed[kept]
    # A polyline of one point would draw nothing: a dot is a line to where it already is.
    return fixed if len(fixed) > 1 else np.repeat(fixed, 2, axis=0)
