"""Whether all ink of a picture is one character, be it broken or in pieces."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from models.ink.strokes import Box

Ink = NDArray[np.uint8]
# All ink of a picture, such as a broken 5, is one character where it is no broader, in heights, and
# the network is so sure of it: by either. Of 900 pictures of two characters side by side by
# held-out people none is taken for one by this; of 900 whose two touch 15 are.
_ALL_SURE = ((1.0, 0.95), (1.5, 0.995))
# Ink in pieces that lie over each other, such as a 5 and its bar, is one from here on: no broader,
# in heights; as sure; each piece with so much of the narrower one's width over another; no gap
# between them higher, in heights. Pieces below a share of the largest are specks. Chosen on
# held-out people's pictures of single digits, of two, and of numbers.
_BROAD_IN_PIECES, _SURE_IN_PIECES, _OVER, _GAP, _SPECK = 1.2, 0.8, 0.5, 0.1, 0.02


def is_one(ink: Ink, box: Box, likely: float) -> bool:
    """Whether it is taken for one without asking how it might be divided.

    ink: (height, width) uint8, 0 for paper to 255 for ink. box: around it. likely: the probability
    of what it most likely is, taken for one, 0..1.
    """
    sure = any(box.width <= broad * box.height and likely >= p for broad, p in _ALL_SURE)
    sure = sure or (likely >= _SURE_IN_PIECES and _over_each_other(ink, box))
    return sure and not in_two_lines(ink)


def in_two_lines(ink: Ink) -> bool:
    """Whether ink is as narrow as one character and high enough for two, one below the other."""
    rows, columns = (np.flatnonzero(ink.any(axis=axis)) for axis in (1, 0))
    gaps = np.diff(rows, prepend=rows[0])
    below = int(gaps.argmax())
    gap = gaps[below] - 1
    heights = rows[below - 1] + 1 - rows[0], rows[-1] + 1 - rows[below]
    width = columns[-1] + 1 - columns[0]
    return bool(below and gap > _GAP * (rows[-1] + 1 - rows[0]) and min(heights) > width)


def _over_each_other(ink: Ink, box: Box) -> bool:
    """Whether ink is of several pieces that lie above and below each other, with small gaps.

    box: around the ink.
    """
    if box.width > _BROAD_IN_PIECES * box.height:
        return False
    core = (ink >= max(1, int(ink.max()) // 2)).astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(core, connectivity=8)
    areas = stats[1:, cv2.CC_STAT_AREA]
    pieces = stats[1:][areas >= _SPECK * areas.max()]
    if len(pieces) < 2:
        return False
    rows = np.flatnonzero(core.any(axis=1))
    if np.diff(rows).max() - 1 > _GAP * box.height:
        return False
    left, wide = pieces[:, cv2.CC_STAT_LEFT], pieces[:, cv2.CC_STAT_WIDTH]
    right = left + wide
    common = np.minimum.outer(right, right) - np.maximum.outer(left, left)
    shares = common / np.minimum.outer(wide, wide)
    np.fill_diagonal(shares, 0.0)
    # The largest piece is what the others lie over.
    others = np.arange(len(pieces)) != pieces[:, cv2.CC_STAT_AREA].argmax()
    return bool((shares[others].max(axis=1) >= _OVER).all())
