"""Sketches: ink that is no writing, such as hatching, grids and scribbles, by how strokes lie."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from models.ink.strokes import Box, Stroke
from models.segmentation.pairs import Pairs, among, component_of_each, components, degrees
from models.segmentation.segments import longest_sides
from models.util.arrays import Floats

# Strokes near a stroke, and near its neighbours on average; of these the ones that lie beside it
# without touching it. Among the strokes of made pages, of three lines of real characters that touch
# and lines that do, a few of 240 pages have 8.5 of the one, or 5.5 of the other, and never a dozen
# strokes of a page; in hatching, grids and scribbles most strokes have more.
_NEAR, _BESIDE = 8.5, 5.5
_LEAST = 12  # strokes that lie so densely; fewer may always be characters
# Strokes that cross each one of a cluster on average, and the same with the spread of their sizes
# (the standard deviation of their logarithms): of 816 clusters in two lines of real characters, a
# half touching, one has more, 99 of 100 at most 1.4 and 1.8; heaps of strokes often do.
_CROSSED, _CROSSED_AND_SPREAD = 1.75, 2.3
# The disorder of characters, where none of them and where all are sure. In 300
# clusters of two lines, a half of them touching, in the right mode at most 0.72 for digits and 0.87
# for letters; in pictures and heaps 0.8 to 1.2.
_DISORDER, _DISORDER_OF_SURE = 0.6, 0.88
RAYS = 8  # of a sun, at least
_STRAIGHT, _SAME_DIRECTION = 0.9, 0.5
_DOT = 0.3  # of the usual size
_FLATTEST = 0.1  # of the usual size: no character counts as narrower where they cover each other


def sketched(
    count: int, near: Pairs, beside: Pairs, cross: Pairs, edited: NDArray[np.bool_]
) -> list[list[int]]:
    """Strokes that lie too densely for writing, with all that cross them; a list for each sketch.

    count: of strokes.
    near: pairs that are no farther apart than half the smaller one.
    beside: of these the pairs whose boxes do not touch.
    cross: pairs that cross or touch.
    edited: (count,), which strokes are in no sketch whatever they look like.
    """
    dense = _crowding(count, near) >= _NEAR
    dense |= _crowding(count, beside) >= _BESIDE
    dense &= ~edited
    crowd = component_of_each(count, among(near, dense))
    large = np.bincount(crowd, minlength=count)[crowd] >= _LEAST
    if not large.any():
        return []
    close, lines = among(near, large), among(cross, ~edited)
    both = np.concatenate([close[0], lines[0]]), np.concatenate([close[1], lines[1]])
    whole = component_of_each(count, both)
    found = components(whole)
    return [members for members in found if large[members].any()]


def is_tangle(crossings: int, sizes: Floats) -> bool:
    """Whether the many strokes of a cluster cross as much as no writing does.

    crossings: pairs of them that cross. sizes: (n,), the longest side of each.
    """
    crossed = 2 * crossings / len(sizes)
    # A dot is no other size of writing.
    spread = float(np.log(np.maximum(sizes, _DOT * float(np.median(sizes)) + 1e-9)).std())
    return crossed >= _CROSSED or crossed + spread >= _CROSSED_AND_SPREAD


def is_sketch(boxes: Floats, sure: float) -> bool:
    """Whether candidates among many strokes that lie near each other are no writing after all: they
    differ in size or cover each other as no characters do.

    boxes: (n, 4), left, top, right and bottom of each. sure: the share of them, 0..1, that surely
    are characters.
    """
    return disorder(boxes) > _DISORDER + (_DISORDER_OF_SURE - _DISORDER) * sure


def is_sunburst(lines: Sequence[Stroke]) -> bool:
    """Whether many straight strokes, each by itself, lead in all directions, as rays do: lines of
    writing that are characters by themselves all stand upright.
    """
    if len(lines) < RAYS:
        return False
    ends = np.array([stroke.points[-1] - stroke.points[0] for stroke in lines]).reshape(-1, 2)
    long = np.array([np.hypot(*np.diff(s.points, axis=0).T).sum() for s in lines])
    straight = np.hypot(*ends.T) > _STRAIGHT * np.maximum(long, 1e-9)
    if straight.sum() < RAYS:
        return False
    # The mean of directions without a sign (Mardia 1972): 1 where all are the same.
    angle = 2 * np.arctan2(*ends[straight].T[::-1])
    return bool(np.hypot(np.cos(angle).mean(), np.sin(angle).mean()) < _SAME_DIRECTION)


def holds(strokes: Sequence[Stroke], boxes: Sequence[Box]) -> list[bool]:
    """Of each box, whether its middle lies within the convex hull of a sketch's strokes."""
    points = np.concatenate([stroke.points for stroke in strokes]).astype(np.float32)
    hull = cv2.convexHull(points)
    middles = [(box.x + box.width / 2, box.y + box.height / 2) for box in boxes]
    return [cv2.pointPolygonTest(hull, middle, measureDist=False) >= 0 for middle in middles]


def disorder(boxes: Floats) -> float:
    """How much of each box others cover, 0..1 on average, plus how much sizes differ (the standard
    deviation of their logarithms).

    boxes: (n, 4), left, top, right and bottom of each.
    """
    size = np.maximum(longest_sides(boxes), 1e-9)
    least = _FLATTEST * float(np.median(size))
    middle = (boxes[:, :2] + boxes[:, 2:]) / 2
    half = np.maximum(boxes[:, 2:] - boxes[:, :2], least) / 2
    low, high = middle - half, middle + half
    shared = np.minimum(high[:, None], high) - np.maximum(low[:, None], low)
    covered = np.maximum(shared, 0).prod(axis=2)
    area = covered.diagonal()
    share = np.minimum((covered.sum(axis=1) - area) / area, 1.0)
    return float(share.mean() + np.log(size).std())


def _crowding(count: int, pairs: Pairs) -> Floats:
    """(count,): the neighbours of each, or those that they have on average, if that is less."""
    own = degrees(count, pairs)
    theirs = np.zeros(count)
    np.add.at(theirs, pairs[0], own[pairs[1]])
    np.add.at(theirs, pairs[1], own[pairs[0]])
    return np.asarray(np.minimum(own, theirs / np.maximum(own, 1)))
