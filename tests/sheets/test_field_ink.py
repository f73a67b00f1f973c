"""What is printed is no ink, also where the paper bends."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from models.ink.strokes import Box
from models.sheets.field_ink import field_ink
from models.sheets.sheet import Field
from tests.helpers.samples import number

BOX = Box(10, 10, 80, 12)
PIXELS = 10  # for a millimetre


def page(rise: float) -> NDArray[np.uint8]:
    """Paper with the printed box; its level lines climb by so many millimetres."""
    paper = np.full((400, 1000), 235, np.uint8)
    for y in (BOX.y, BOX.bottom):
        ends = ((BOX.x, y + rise / 2), (BOX.right, y - rise / 2))
        start, end = (tuple(round(PIXELS * each) for each in point) for point in ends)
        cv2.line(paper, start, end, 120, 3, cv2.LINE_AA)
    return paper


@pytest.mark.parametrize("rise", [0.0, 0.8, 1.6])
def test_a_printed_line_that_climbs_is_no_ink(rise: float) -> None:
    field = Field("word", "words", BOX)
    to_photo = np.diag([PIXELS, PIXELS, 1.0])
    assert field_ink(page(rise), to_photo, field).is_empty
    written = page(rise)
    for strokes in number("7", 60, (400, 130)):
        for stroke in strokes:
            cv2.polylines(written, [np.rint(stroke.points).astype(np.int32)], False, 40, 5)
    found = field_ink(written, to_photo, field)
    rows, columns = np.nonzero(found.ink)
    assert not found.is_empty
    assert np.ptp(columns) < 80 and np.ptp(rows) < 80, "the digit alone"
