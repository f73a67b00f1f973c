"""Ruled lines in a picture: what is straight, level and much longer than a character goes."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from models.preprocessing.mnist_form import pen_width

_SHARE = 0.5  # of the picture's width, that a ruled line goes straight on, at least
_LONGEST = 1.5  # heights of the highest component, that a character's strokes may


def without_rules(ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The ink without ruled lines; where writing crosses one, it stays.

    ink: (height, width) uint8, with some, 0 for paper to 255 for ink; so is what is returned. Where
    nothing else is written, a line stays.
    """
    core = (ink >= max(1, int(ink.max()) // 2)).astype(np.uint8)
    _, _, boxes, _ = cv2.connectedComponentsWithStats(core, connectivity=8)
    highest = int(boxes[1:, cv2.CC_STAT_HEIGHT].max())
    length = int(max(_SHARE * ink.shape[1], _LONGEST * highest)) + 1
    if length > int(boxes[1:, cv2.CC_STAT_WIDTH].max()):
        return ink
    # A line that is not quite level climbs by a pixel here and there.
    thick = cv2.dilate(core, np.ones((3, 1), np.uint8))
    straight = cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    rule = cv2.dilate(straight, np.ones((3, 1), np.uint8))
    rest = np.where(rule > 0, 0, core).astype(np.uint8)
    if pen_width(rest) < 1:
        return ink
    # Writing that leads from above a line to below it.
    across = int(np.ceil(pen_width(rest))) * 2 + 5
    crossing = cv2.morphologyEx(rest, cv2.MORPH_CLOSE, np.ones((across, 1), np.uint8))
    gone = (rule > 0) & (crossing == 0)
    return np.where(gone, 0, ink).astype(np.uint8)
