"""Specks: ink far smaller than the writing beside it, such as the dot of a pen that slipped."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from models.segmentation.pairs import box_gaps
from models.segmentation.segments import lies_over, longest_sides
from models.util.arrays import Floats

_LARGEST = 0.15  # of what is written beside it
_FARTHER = 4.0  # its sizes away, what is written beside counts as half as large
_APART = 0.1  # of the size of what is written beside it: what is nearer may be a part of that
_BESIDE = 0.5  # of that size: so far reach the strokes of a letter with loose ones
_COMPANY = 2.0  # its sizes away, other ink of its size makes it small writing
_MOST = 200  # more are drawn on purpose


def find_specks(
    boxes: Floats,
    pen: float,
    dotted: bool,
    distance: Callable[[int, int], float],
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """(n,) and (n,): which strokes are specks, and which of them stand apart from all else.

    boxes: (n, 4), left, top, right and bottom of each.
    pen: its width, in the same units.
    dotted: whether ink above other ink may be the dot of an i, which is no speck.
    distance: between two of the strokes, by their indices.
    """
    size = longest_sides(boxes)
    speck, apart = np.zeros((2, len(boxes)), bool)
    small = np.flatnonzero(size < _LARGEST * size.max())
    if not 0 < len(small) <= _MOST:
        return speck, apart
    gaps = box_gaps(boxes[small], boxes)
    large = (size / (1 + gaps / (_FARTHER * np.maximum(size, 1e-9)))).max(axis=1)
    own = size[small][:, None]
    company = (size >= own / 2) & (size <= 2 * own) & (gaps <= _COMPANY * own)
    company[np.arange(len(small)), small] = False
    speck[small] = (size[small] < _LARGEST * large) & ~(company.any(axis=1) & (size[small] >= pen))
    writing = np.flatnonzero(~speck)
    for one, near in zip(small.tolist(), gaps, strict=True):
        if not speck[one]:
            continue
        if dotted and lies_over(boxes[[one] * len(writing)], boxes[writing], loose=True).any():
            speck[one] = False
            continue
        beside = boxes[writing[near[writing] <= _BESIDE * size[writing]]]
        middle = (boxes[one, :2] + boxes[one, 2:]) / 2
        if (
            dotted
            and len(beside)
            and (beside[:, :2].min(axis=0) <= middle).all()
            and (middle <= beside[:, 2:].max(axis=0)).all()
        ):
            continue  # the short middle bar of an E
        close = writing[near[writing] <= _APART * size[writing]].tolist()
        apart[one] = all(distance(one, other) > _APART * size[other] for other in close)
    return speck, apart
