"""Segments of ink, such as strokes, and how two of them lie to each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from models.ink.strokes import Box, Stroke, bounding_box
from models.util.arrays import Floats

_TRACE = 40  # points that stand for a stroke where distances are measured
# In heights of the writing: how much two characters of one stroke may overlap, and how much line
# each of them has at least.
_MOST_OVERLAP = 0.45
_LEAST_LENGTH = 0.8
_MOST_CUTS = 4
# A dot's longest side, in those of the stem; how far above and beside it, in heights of the stem.
# Of 2,838 i and j in two strokes, 85 and 99 % are so. Where little else is written, it may be more.
_DOT = 0.7, 2.0, 0.6
_LOOSE_DOT = 1.0, 4.0, 1.5
# Where a pen skips: how far at most, in longest sides of the larger part; from where on the gap has
# a direction of its own; the cosine of how much the direction may change, 60°; and how many points
# of a trace tell the direction of its end. So are four of five strokes that skip, and of strokes of
# two characters side by side 1 in 200.
_FARTHEST_SKIP, _NO_SKIP, _STRAIGHT, _END = 0.35, 0.03, 0.5, 2


class Boxed(Protocol):
    """Has a bounding box."""

    @property
    def box(self) -> Box: ...


class Segment(Boxed, Protocol):
    """Ink that may be a character or a part of one: a stroke, a component of a picture's ink, or
    what lies between two cuts of either.

    whole: the stroke or component. cuts: how many of the segment's ends are cuts, 0 to 2.
    """

    @property
    def whole(self) -> object: ...
    @property
    def cuts(self) -> int: ...


AnySegment = TypeVar("AnySegment", bound=Segment)


@dataclass(frozen=True, eq=False)
class StrokeSegment:
    """A stroke, or a stretch of one between two places where it may be cut.

    ink: its points. whole: the stroke. cuts: how many of its two ends are cuts.
    """

    ink: Stroke
    whole: Stroke
    cuts: int = 0

    @cached_property
    def box(self) -> Box:
        return bounding_box([self.ink])

    @cached_property
    def trace(self) -> Floats:
        """(n, 2), at most 40 points, equally far apart along the ink."""
        lengths = _lengths(self.ink.points)
        if lengths[-1] == 0:
            return self.ink.points[:1]
        places = np.linspace(0, lengths[-1], _TRACE)
        return np.column_stack([np.interp(places, lengths, axis) for axis in self.ink.points.T])


@dataclass(frozen=True)
class Contact:
    """How two segments lie to each other.

    distance: the shortest between their ink, in its units; 0 where they cross.
    overlap: the share of the narrower one's width that lies above or below the other, 0..1.
    dot: whether either lies above the other as the dot of an i does.
    goes_on: whether either goes on where the other ends.
    """

    distance: float
    overlap: float
    dot: bool
    goes_on: bool


def contact(
    one: Boxed, other: Boxed, distance: float, dotted: bool, goes_on: bool = False
) -> Contact:
    """How two segments lie to each other; symmetric.

    distance: between their ink. dotted: whether one may be the other's dot. goes_on: see Contact.
    """
    width = min(one.box.right, other.box.right) - max(one.box.x, other.box.x)
    narrower = min(one.box.width, other.box.width)
    overlap = min(max(width / narrower, 0.0), 1.0) if narrower > 0 else float(width >= 0)
    dot = dotted and bool(dots(box_table([one]), box_table([other]), loose=True)[0])
    return Contact(distance, overlap, dot, goes_on)


def stroke_distance(one: StrokeSegment, other: StrokeSegment) -> float:
    """The shortest distance between two lines, in their units; 0 where they cross."""
    a, b = one.trace, other.trace
    if _cross(a, b):
        return 0.0
    return float(np.sqrt(((a[:, np.newaxis] - b[np.newaxis]) ** 2).sum(axis=2).min()))


def goes_on(one: StrokeSegment, other: StrokeSegment) -> bool:
    """Whether either goes on where the other ends, in its direction: as one stroke does where the
    pen, or what it writes on, skips.
    """
    return _follows(one.trace, other.trace) or _follows(other.trace, one.trace)


def _follows(before: Floats, after: Floats) -> bool:
    """Whether a line goes on where one before it ended; (n, 2) each."""
    if min(len(before), len(after)) < _TRACE:
        return False  # dots
    size = max(float(np.ptp(line, axis=0).max()) for line in (before, after))
    skipped = after[0] - before[-1]
    length = float(np.hypot(*skipped))
    if length > _FARTHEST_SKIP * size:
        return False
    ways = [before[-1] - before[-1 - _END], after[_END] - after[0]]
    if length > _NO_SKIP * size:
        ways.insert(1, skipped)
    return all(
        float(a @ b) >= _STRAIGHT * float(np.hypot(*a) * np.hypot(*b)) for a, b in pairwise(ways)
    )


def box_table(segments: Sequence[Boxed]) -> Floats:
    """(n, 4): left, top, right and bottom of each."""
    return np.array([(s.box.x, s.box.y, s.box.right, s.box.bottom) for s in segments])


def longest_sides(boxes: Floats) -> Floats:
    """(n,), of boxes (n, 4)."""
    return np.asarray((boxes[:, 2:] - boxes[:, :2]).max(axis=1))


def surrounding_box(segments: Sequence[Boxed]) -> Box:
    """The smallest box around at least one segment."""
    boxes = [segment.box for segment in segments]
    if len(boxes) == 1:
        return boxes[0]
    x, y = min(box.x for box in boxes), min(box.y for box in boxes)
    right, bottom = max(box.right for box in boxes), max(box.bottom for box in boxes)
    return Box(x, y, right - x, bottom - y)


def dots(some: Floats, others: Floats, loose: bool = False) -> NDArray[np.bool_]:
    """(n,): of two boxes each, (n, 4) and (n, 4), whether either lies above the other as the dot of
    an i does: small, and not far to the side. loose: or as it does where little else is written.
    """
    return lies_over(some, others, loose) | lies_over(others, some, loose)


def dot_reach(boxes: Floats, loose: bool = False) -> Floats:
    """(n,): how far from each box, (n, 4), a dot of its own can lie."""
    _, above, aside = _LOOSE_DOT if loose else _DOT
    return np.asarray(longest_sides(boxes) * np.hypot(above, aside))


def lies_over(some: Floats, others: Floats, loose: bool) -> NDArray[np.bool_]:
    """(n,): of two boxes each, (n, 4) and (n, 4), whether the first lies above the other as its dot
    does. loose: as where little else is written.
    """
    largest, above, aside = _LOOSE_DOT if loose else _DOT
    width, height = (others[:, 2:] - others[:, :2]).T
    own = longest_sides(some)
    size, high = np.maximum(width, height), np.maximum(height, 0.5 * width)
    gap = others[:, 1] - some[:, 3]
    middle = (some[:, 0] + some[:, 2]) / 2
    beside = np.maximum(others[:, 0] - middle, middle - others[:, 2])
    over = (gap > 0) & (gap <= above * high) & (own <= largest * size) & (beside <= aside * high)
    return np.asarray(over)


def cut_places(stroke: Stroke, writing_height: float, forced: bool = False) -> list[int]:
    """Indices of the points where a stroke may go over from one character to the next.

    There what comes before and what comes after lie beside each other, as far as the ink allows:
    the farthest that it has been to the right, less the farthest left that it goes again, is a
    local minimum. Only a stroke that is nearly as wide as high has such places, unless it is forced
    to have one.
    """
    points = stroke.points
    box = bounding_box([stroke])
    if not forced and box.width < max(0.8 * box.height, 0.6 * writing_height):
        return []
    x = points[:, 0]
    overlap = np.maximum.accumulate(x) - np.minimum.accumulate(x[::-1])[::-1]
    lengths = _lengths(points)
    free = np.minimum(lengths, lengths[-1] - lengths) > _LEAST_LENGTH * writing_height
    if forced and not free.any():
        free[1:-1] = True
    places: list[int] = []
    while len(places) < (1 if forced else _MOST_CUTS) and free.any():
        lowest = int(np.argmin(np.where(free, overlap, np.inf)))
        if not forced and overlap[lowest] > _MOST_OVERLAP * writing_height:
            break
        # The middle of all the line that is as good.
        as_good = free & (overlap <= overlap[lowest] + 0.03 * writing_height)
        first = last = lowest
        while first > 0 and as_good[first - 1]:
            first -= 1
        while last + 1 < len(x) and as_good[last + 1]:
            last += 1
        middle = int(np.searchsorted(lengths, (lengths[first] + lengths[last]) / 2))
        places.append(middle)
        free &= np.abs(lengths - lengths[middle]) > _LEAST_LENGTH * writing_height
        free[first : last + 1] = False
    return sorted(places)


def _lengths(points: Floats) -> Floats:
    """(n,): how long the line is up to each of its points, (n, 2)."""
    return np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])


def _cross(a: Floats, b: Floats) -> bool:
    """Whether a straight step of one line crosses one of the other's."""
    if len(a) < 2 or len(b) < 2:
        return False
    # Two steps cross where each has its ends on both sides of the other.
    return bool((_sides(a, b) & _sides(b, a).T).any())


def _sides(a: Floats, b: Floats) -> NDArray[np.bool_]:
    """(steps of a, steps of b): whether b's step has its ends on both sides of a's line."""
    along, gap = np.diff(a, axis=0)[:, np.newaxis], b[np.newaxis] - a[:-1, np.newaxis]
    side = along[..., 0] * gap[..., 1] - along[..., 1] * gap[..., 0] > 0
    return np.asarray(side[:, :-1] != side[:, 1:])
