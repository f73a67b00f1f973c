"""The points of a character's strokes in the order of writing, few enough to be drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.ink.strokes import Stroke

_MOST = 400  # points


@dataclass(frozen=True, eq=False)
class Trace:
    """strokes: for each its points (n, 2), in the ink's units, and their numbers (n,), counted
    from 1 through all strokes. count: how many points there are, shown or not.
    """

    strokes: tuple[tuple[NDArray[np.float64], NDArray[np.int64]], ...]
    count: int


def trace_of(ink: Sequence[Stroke]) -> Trace:
    """Every point, or every second, third, … of very many; first and last ones stay."""
    count = sum(map(len, ink))
    step = -(-count // _MOST)
    strokes, start = [], 1
    for stroke in ink:
        shown = np.array(sorted({*range(0, len(stroke), step), len(stroke) - 1}))
        strokes.append((stroke.points[shown], shown + start))
        start += len(stroke)
    return Trace(tuple(strokes), count)
