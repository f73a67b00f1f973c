"""Lines of writing: which boxes stand beside each other, and their reading order."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

import numpy as np

from models.ink.strokes import Box
from models.segmentation.pairs import component_of_each, components

_WORD_GAP = 1.0  # heights of the line; a wider gap is between two words
_BESIDE = 0.45  # share of the lower one's height that two of a line have in common, at least


def in_lines(boxes: Sequence[Box]) -> list[list[int]]:
    """Indices of the boxes, line by line from the top, each line from left to right.

    A box joins the line of its nearest neighbour to the left or right that it stands beside, so a
    line may rise, fall or bend.
    """
    if not boxes:
        return []
    left, top, right, bottom = np.array([(b.x, b.y, b.right, b.bottom) for b in boxes], float).T
    # Dots and dashes have hardly a height of their own.
    least = 0.2 * median(np.maximum(bottom - top, 0.5 * (right - left)).tolist())
    middle, half = (top + bottom) / 2, np.maximum(bottom - top, least) / 2
    top, bottom = middle - half, middle + half
    shared = np.minimum(bottom[:, None], bottom) - np.maximum(top[:, None], top)
    beside = shared >= _BESIDE * 2 * np.minimum(half[:, None], half)
    centre = (left + right) / 2
    offset = np.where(beside, centre - centre[:, None], np.nan)
    pairs = []
    for side in (offset > 0, offset < 0):
        some = np.flatnonzero(side.any(axis=1))
        pairs.append((some, np.where(side, np.abs(offset), np.inf).argmin(axis=1)[some]))
    i, j = (np.concatenate(each) for each in zip(*pairs, strict=True))
    lines = components(component_of_each(len(boxes), (i, j)), centre)
    return sorted(lines, key=lambda line: float(middle[line].mean()))


def in_words(line: Sequence[int], boxes: Sequence[Box]) -> list[list[int]]:
    """Splits a line, indices of boxes from left to right, into words at its wide gaps."""
    if not line:
        return []
    height = median(boxes[i].height for i in line)
    parts = [[line[0]]]
    right = boxes[line[0]].right
    for index in line[1:]:
        if boxes[index].x - right > _WORD_GAP * height:
            parts.append([])
        parts[-1].append(index)
        right = max(right, boxes[index].right)
    return parts
