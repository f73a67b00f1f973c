"""Letters of which the set has one stroke alone."""

from __future__ import annotations

import numpy as np

from models.ink.strokes import Drawing, Stroke
from training.datasets.fragments import fragment


def test_one_straight_line_is_no_letter_but_i_and_l() -> None:
    line = (Stroke(np.array([[0.0, 0], [1, 30], [0, 60], [2, 100]])),)
    dot = (Stroke(np.array([[5.0, 5]])),)
    for label in "TKAx":
        assert fragment(Drawing(line, label=label)) and fragment(Drawing(dot, label=label))
    for label in ("i", "I", "l", "L", "1", "7"):
        assert not fragment(Drawing(line, label=label))
    two = (*line, Stroke(np.array([[-20.0, 50], [20, 50]])))
    corner = (Stroke(np.array([[0.0, 0], [5, 100], [60, 100]])),)
    assert not fragment(Drawing(two, label="t")) and not fragment(Drawing(corner, label="V"))
