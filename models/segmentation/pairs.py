"""Pairs of boxes that lie near each other, and the connected components of such pairs.

No table of all pairs is made: a page may hold thousands of strokes.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from models.segmentation.search import InSteps
from models.util.arrays import Floats

Pairs = tuple[NDArray[np.intp], NDArray[np.intp]]  # indices of the one and of the other
AT_ONCE = 1 << 18  # pairs that are computed at a time
# How many others to its right each box is paired with at most, and how many pairs there may be at
# least: a page that a person fills has all of its pairs, a heap of thousands has not.
_MOST, _MOST_PAIRS = 64, 1 << 17
_ROWS = 64  # boxes in the order of their left edges: most have the same neighbours


def near_pairs(
    boxes: Floats, reach: Floats
) -> InSteps[tuple[NDArray[np.intp], NDArray[np.intp], Floats]]:
    """Pairs of boxes that are no farther apart than either of them reaches, up to so many for each
    box that their number grows no faster than that of the boxes.

    boxes: (n, 4), left, top, right and bottom. reach: (n,), of each. Returns indices (i, j) with
    i < j, ordered by i and then j, and how far they are apart, 0 where they touch or overlap.
    """
    count = len(boxes)
    left, right = boxes[:, 0] - reach, boxes[:, 2] + reach
    order = np.argsort(left, kind="stable")
    rows = min(_ROWS, max(1, AT_ONCE // max(count, 1)))
    most = max(_MOST, _MOST_PAIRS // max(count, 1))
    found: list[tuple[NDArray[np.intp], NDArray[np.intp], Floats]] = []
    for start in range(0, count, rows):
        some = order[start : start + rows]
        if start:
            yield
        # What is beside these begins before their right ends.
        others = order[start:][left[order[start:]] <= right[some].max()]
        gaps = box_gaps(boxes[some], boxes[others])
        near = gaps <= np.maximum(reach[some][:, None], reach[others])
        near &= np.arange(len(others)) > np.arange(len(some))[:, None]
        if near.sum(axis=1).max() > most:
            near &= np.cumsum(near, axis=1) <= most
        row, column = np.nonzero(near)
        one, other = some[row], others[column]
        found.append((np.minimum(one, other), np.maximum(one, other), gaps[row, column]))
    if not found:
        nothing = np.zeros(0, np.intp)
        return nothing, nothing, np.zeros(0)
    i, j, apart = (np.concatenate(parts) for parts in zip(*found, strict=True))
    order = np.lexsort((j, i))
    return i[order], j[order], apart[order]


def box_gaps(some: Floats, others: Floats) -> Floats:
    """(n, m): how far each of (n, 4) boxes is from each of (m, 4), 0 where they touch."""
    across = np.maximum(some[:, None, 0] - others[:, 2], others[:, 0] - some[:, None, 2])
    down = np.maximum(some[:, None, 1] - others[:, 3], others[:, 1] - some[:, None, 3])
    return np.asarray(np.hypot(np.maximum(across, 0), np.maximum(down, 0)))


def degrees(count: int, pairs: Pairs) -> NDArray[np.intp]:
    """(count,): how many of the pairs each index is in."""
    return np.bincount(np.concatenate(pairs), minlength=count)


def among(pairs: Pairs, chosen: NDArray[np.bool_]) -> Pairs:
    """The pairs of which both indices are chosen; chosen: (count,)."""
    both = chosen[pairs[0]] & chosen[pairs[1]]
    return pairs[0][both], pairs[1][both]


def component_of_each(count: int, pairs: Pairs) -> NDArray[np.intp]:
    """(count,): the lowest index of the connected component that each is in.

    Labels are hooked to lower ones and their chains shortened, until both of each pair have the
    same (Shiloach and Vishkin 1982).
    """
    i, j = pairs
    label = np.arange(count)
    while True:
        one, other = label[i], label[j]
        if np.array_equal(one, other):
            return label
        low = np.minimum(one, other)
        np.minimum.at(label, one, low)
        np.minimum.at(label, other, low)
        while not np.array_equal(label, shorter := label[label]):
            label = shorter


def components(
    label: NDArray[np.intp], rank: NDArray[np.intp] | Floats | None = None
) -> list[list[int]]:
    """Indices with the same label, the lowest label first; each ordered by rank, or by index."""
    order = np.lexsort((np.arange(len(label)) if rank is None else rank, label))
    ends = np.flatnonzero(np.diff(label[order])) + 1
    every = order.tolist()
    return [every[start:end] for start, end in pairwise([0, *ends.tolist(), len(every)]) if every]
