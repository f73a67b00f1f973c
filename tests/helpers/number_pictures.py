"""Pictures of numbers, drawn from the project's own samples."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.helpers.samples import number


def number_picture(
    digits: str, height: float = 60, style: int = 1, gap: float = 0.35, framed: bool = False
) -> NDArray[np.uint8]:
    """Dark digits, `height` pixels high, on light paper; framed: within a printed box."""
    written = number(digits, height, (height, height), gap, style)
    right = max(stroke.points[:, 0].max() for strokes in written for stroke in strokes)
    size = round(3 * height), round(right + height)
    paper = np.full(size, 225, np.uint8)
    for strokes in written:
        for stroke in strokes:
            points = np.rint(stroke.points).astype(np.int32)
            cv2.polylines(paper, [points], False, 45, max(2, round(height / 12)), cv2.LINE_AA)
    if framed:
        near = round(0.6 * height)
        cv2.rectangle(paper, (near, near), (size[1] - near, size[0] - near), 80, 2)
    return paper
