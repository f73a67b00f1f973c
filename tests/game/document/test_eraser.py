from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from game.document.eraser import touched
from models.ink.strokes import Stroke

whole = st.integers(-20, 20).map(float)
place = st.tuples(whole, whole)


def _sampled(points: np.ndarray, start: np.ndarray, end: np.ndarray) -> float:
    """The distance of a polyline and a segment, by trying many points of both."""
    shares = np.linspace(0, 1, 201)[:, None]
    way = start + shares * (end - start)
    lines = list(pairwise(points)) or [(points[0], points[0])]
    return min(
        float(np.linalg.norm((a + shares * (b - a))[:, None] - way[None], axis=2).min())
        for a, b in lines
    )


@given(st.lists(place, min_size=1, max_size=4), place, place, st.floats(0.5, 20))
def test_touching_is_being_near(
    points: list[tuple[float, float]],
    start: tuple[float, float],
    end: tuple[float, float],
    reach: float,
) -> None:
    stroke = Stroke(np.array(points))
    distance = _sampled(stroke.points, np.array(start), np.array(end))
    (hit,) = touched([stroke], start, end, reach)
    # The samples are at most 0.15 apart from the nearest points, on lines of at most 57.
    if distance <= reach:
        assert hit
    if distance > reach + 0.3:
        assert not hit


def test_a_fast_drag_takes_what_it_crosses_between_two_motions() -> None:
    down = Stroke(np.array([[50.0, 0.0], [50.0, 100.0]]))
    far = Stroke(np.array([[500.0, 0.0], [500.0, 100.0]]))
    assert touched([down, far], (0, 50), (100, 50), 1).tolist() == [True, False]
