"""Which strokes the eraser touches."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.ink.strokes import Stroke

_Points = NDArray[np.float64]


def touched(
    strokes: Sequence[Stroke], start: tuple[float, float], end: tuple[float, float], reach: float
) -> NDArray[np.bool_]:
    """For each stroke, whether it comes within `reach` of the straight line from start to end.

    start, end: (x, y), in the units of the points.
    reach: from the middle of the eraser to the middle of the pen, in the units of the points.

    Returns (len(strokes),) bool.
    """
    hit = np.zeros(len(strokes), dtype=bool)
    way_start, way_end = np.array(start), np.array(end)
    low = np.minimum(way_start, way_end) - reach
    high = np.maximum(way_start, way_end) + reach
    for index, stroke in enumerate(strokes):
        points = stroke.points
        # Most strokes are far away, and their boxes show that sooner than their segments.
        if (points.max(axis=0) < low).any() or (points.min(axis=0) > high).any():
            continue
        firsts, lasts = (points, points) if len(points) == 1 else (points[:-1], points[1:])
        hit[index] = _come_within(firsts, lasts, way_start, way_end, reach)
    return hit


def _come_within(
    firsts: _Points, lasts: _Points, start: _Points, end: _Points, reach: float
) -> bool:
    """Whether one of the segments firsts[i] to lasts[i] comes within `reach` of start to end.

    Two segments in a plane are nearest at one of their four ends, unless they cross.
    """
    nearest = min(
        float(_squared_distances(firsts, start, end).min()),
        float(_squared_distances(lasts[-1:], start, end).min()),
        float(_squared_distances(start, firsts, lasts).min()),
        float(_squared_distances(end, firsts, lasts).min()),
    )
    return nearest <= reach * reach or _any_crosses(firsts, lasts, start, end)


def _squared_distances(points: _Points, firsts: _Points, lasts: _Points) -> _Points:
    """Squared distances from points to segments, either of which may be one against many."""
    along = lasts - firsts
    length = np.sum(along * along, axis=-1)
    # A segment without length is its only point.
    share = np.sum((points - firsts) * along, axis=-1) / np.where(length > 0, length, 1.0)
    nearest = firsts + np.clip(share, 0.0, 1.0)[..., np.newaxis] * along
    return np.asarray(np.sum((points - nearest) ** 2, axis=-1))


def _any_crosses(firsts: _Points, lasts: _Points, start: _Points, end: _Points) -> bool:
    """Whether a segment crosses start to end: each has its ends on the other's two sides."""
    way, along = end - start, lasts - firsts
    side_first = _cross(way, firsts - start)
    side_last = _cross(way, lasts - start)
    side_start = _cross(along, start - firsts)
    side_end = _cross(along, end - firsts)
    return bool(np.any((side_first * side_last < 0) & (side_start * side_end < 0)))


def _cross(a: _Points, b: _Points) -> _Points:
    return np.asarray(a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0])
