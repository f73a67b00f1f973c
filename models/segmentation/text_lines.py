"""Lines of writing: which boxes stand beside each other, and the order they are read in."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

import numpy as np

from models.ink.strokes import Box

_BESIDE = 0.45  # share of the lower one's height that two of a line have in common, at least


def in_lines(boxes: Sequence[Box]) -> list[list[int]]:
    """Indices of the boxes, line by line from the top, each line from left to right.

    A box joins the line of its nearest neighbour to the left or right that it stands beside, so a
    line may rise, fall or bend.
    """
    if not boxes:
        return []
    table = np.array([(box.x, box.y, box.right, box.bottom) for box in boxes], dtype=np.float64)
    left, top, right, bottom = table.T
    # Dots and dashes have hardly a height of their own.
    least = 0.2 * median(np.maximum(bottom - top, 0.5 * (right - left)).tolist())
    middle, half = (top + bottom) / 2, np.maximum(bottom - top, least) / 2
    top, bottom = middle - half, middle + half
    shared = np.minimum(bottom[:, None], bottom) - np.maximum(top[:, None], top)
    beside = shared >= _BESIDE * 2 * np.minimum(half[:, None], half)
    centre = (left + right) / 2
    root = list(range(len(boxes)))

    def line_of(index: int) -> int:
        while root[index] != index:
            index = root[index]
        return index

    away = np.where(beside, centre - centre[:, None], np.nan)
    for side in (away > 0, away < 0):
        distance = np.where(side, np.abs(away), np.inf)
        nearest = distance.argmin(axis=1)
        for index in np.flatnonzero(side.any(axis=1)).tolist():
            root[line_of(int(nearest[index]))] = line_of(index)
    lines: dict[int, list[int]] = {}
    for index in np.argsort(centre, kind="stable").tolist():
        lines.setdefault(line_of(index), []).append(index)
    return sorted(lines.values(), key=lambda line: float(middle[line].mean()))
