"""Where a component may be several characters that touch: cuts from top to bottom."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

_HEIGHT = 32  # pixels, the height of the writing where cuts are searched
# In heights of the writing.
_NARROWEST = 0.5  # component that may be several characters
_SWAY = 0.1  # how far a cut may stray to either side of a straight line
_LEANS = (0.0, 0.3)  # columns to the left for each row down, of that straight line
_STEP = 0.08  # between the places where cuts are searched
# In heights of the writing times widths of the pen: ink beside every cut, and between two.
_LEAST_INK = 0.6
_LEAST_BETWEEN = 0.25
_MOST_CROSSED = 4.0  # widths of the pen that a cut may pass through
_MOST_CUTS = 4.0  # for each height of the writing that the ink is wide
_SIDEWAYS = 0.05  # cost of a step to the side, in pixels of ink


def cut_seams(ink: NDArray[np.uint8], writing_height: float, pen: float) -> list[NDArray[np.int64]]:
    """Cuts through ink, from left to right; none crosses another.

    Each is the path from top to bottom that passes through least ink (dynamic programming) among
    those that stay near one place; of many, those that pass through least.

    ink: (height, width) uint8, cropped to the ink. writing_height, pen: the height of the writing
    and the width of the pen, in pixels. Returns for each cut (height,) the first column after it.
    """
    height, width = ink.shape
    if width < _NARROWEST * writing_height or height < 0.5 * writing_height:
        return []
    scale = _HEIGHT / writing_height
    size = max(2, round(width * scale)), max(2, round(height * scale))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    small = cv2.resize(ink, size, interpolation=method).astype(np.float64) / 255
    thick = max(pen * scale, 1.0)
    seams, crossed = _seams(small)
    left = (small.cumsum(axis=1)[np.arange(len(small)), seams - 1] * (seams > 0)).sum(axis=1)
    least = _LEAST_INK * _HEIGHT * thick
    free = (crossed <= _MOST_CROSSED * thick) & (left >= least) & (small.sum() - left >= least)
    chosen: list[int] = []
    while free.any() and len(chosen) < _MOST_CUTS * width / writing_height:
        best = int(np.argmin(np.where(free, crossed, np.inf)))
        chosen.append(best)
        free &= np.abs(left - left[best]) >= _LEAST_BETWEEN * _HEIGHT * thick
    chosen.sort(key=lambda index: float(left[index]))
    rows = np.minimum((np.arange(height) * size[1] / height).astype(np.int64), size[1] - 1)
    upto = np.pad(ink.astype(np.float64).cumsum(axis=1) / 255, ((0, 0), (1, 0)))
    kept: list[NDArray[np.int64]] = []
    before = np.zeros(height, np.int64)
    # Where one would cross the one before, it follows that; so there may be too little between.
    for seam in seams[chosen]:
        wide = np.rint(seam[rows] * width / size[0]).astype(np.int64)
        wide = np.maximum(np.minimum(wide, width), before)
        between = np.take_along_axis(upto, np.stack([before, wide], axis=1), axis=1)
        if np.diff(between, axis=1).sum() >= 0.5 * _LEAST_BETWEEN * writing_height * pen:
            kept.append(wide)
            before = wide
    return kept


def _seams(ink: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Paths from top to bottom, (n, height), and the pixels of ink that each crosses, (n,)."""
    height, width = ink.shape
    sway = round(_SWAY * _HEIGHT)
    places = np.arange(0, width + 1, max(1, round(_STEP * _HEIGHT)))
    lean = np.outer(_LEANS, height / 2 - np.arange(height))
    middles = np.rint(places[:, None, None] + lean).astype(np.int64).reshape(-1, height)
    # Column c of a path is the border between pixels c - 1 and c; it meets the darker of the two.
    padded = np.pad(ink, ((0, 0), (2, 2)))
    darker = np.maximum(padded[:, :-1], padded[:, 1:])
    columns = np.clip(middles[:, :, None] + np.arange(-sway, sway + 1), -1, width + 1)
    paid = darker[np.arange(height)[:, None], columns + 1]
    cost = paid[:, 0]
    came = np.zeros((height, *cost.shape), np.int8)
    for row in range(1, height):
        steps = np.full((3, *cost.shape), np.inf)
        steps[0] = cost
        steps[1, :, 1:] = cost[:, :-1] + _SIDEWAYS
        steps[2, :, :-1] = cost[:, 1:] + _SIDEWAYS
        best = steps.argmin(axis=0)
        came[row] = np.array([0, -1, 1], np.int8)[best]
        # A diagonal step is longer.
        cost = steps.min(axis=0) + paid[:, row] * np.where(best, 1.4, 1.0)
    seams = np.empty(middles.shape, np.int64)
    offset = cost.argmin(axis=1)
    each = np.arange(len(middles))
    crossed = cost[each, offset]
    for row in range(height - 1, -1, -1):
        seams[:, row] = columns[each, row, offset]
        offset = offset + came[row, each, offset]
    return np.clip(seams, 0, width), crossed
