"""What there is to group: strokes, and pieces of those that may be several characters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from models.ink.strokes import Box, Stroke, bounding_box

_TRACE = 40  # points that stand for a piece where distances are measured
# In heights of the writing: how much two characters of one stroke may overlap, and how much line
# each of them has at least.
_MOST_OVERLAP = 0.45
_LEAST_PIECE = 0.8
_MOST_CUTS = 4
# A dot's longest side, in those of the stem; how far above and beside it, in heights of the stem.
# Of 2,838 i and j in two strokes, 85 and 99 % are so. Where little else is written, it may be more.
_DOT = 0.7, 2.0, 0.6
_LOOSE_DOT = 1.0, 4.0, 1.5


class Boxed(Protocol):
    """What has a box around it."""

    @property
    def box(self) -> Box: ...


@dataclass(frozen=True, eq=False)
class Piece:
    """A stroke, or a stretch of one between two places where it may be cut.

    ink: its points. whole: the stroke that it is of. cuts: how many of its two ends are cuts.
    """

    ink: Stroke
    whole: Stroke
    cuts: int = 0

    @cached_property
    def box(self) -> Box:
        return bounding_box([self.ink])

    @property
    def size(self) -> float:
        """Its longest side."""
        return max(self.box.width, self.box.height)

    @cached_property
    def trace(self) -> NDArray[np.float64]:
        """(n, 2), at most 40 points, equally far apart along the piece."""
        upto = _lengths(self.ink.points)
        if upto[-1] == 0:
            return self.ink.points[:1]
        places = np.linspace(0, upto[-1], _TRACE)
        return np.column_stack([np.interp(places, upto, axis) for axis in self.ink.points.T])


@dataclass(frozen=True)
class Contact:
    """How two pieces lie to each other.

    distance: the shortest between their lines, in their units; 0 where they cross. overlap: the
    share of the narrower one's width that lies above or below the other, 0..1. dot: whether either
    lies above the other as the dot of an i does.
    """

    distance: float
    overlap: float
    dot: bool = False


def contact(one: Piece, other: Piece, dotted: bool = False) -> Contact:
    """How two pieces lie to each other; symmetric. dotted: whether one may be the other's dot."""
    a, b = one.trace, other.trace
    gaps = a[:, np.newaxis] - b[np.newaxis]
    distance = 0.0 if _cross(a, b) else float(np.sqrt((gaps**2).sum(axis=2).min()))
    return Contact(distance, overlap(one.box, other.box), dotted and may_be_dot(one, other))


def may_be_dot(one: Boxed, other: Boxed) -> bool:
    """Whether either lies above the other as a dot does where little else is written."""
    return bool(dots(table([one]), table([other]), loose=True)[0])


def table(pieces: Sequence[Boxed]) -> NDArray[np.float64]:
    """(n, 4): left, top, right and bottom of each."""
    return np.array([(p.box.x, p.box.y, p.box.right, p.box.bottom) for p in pieces])


def dots(
    some: NDArray[np.float64], others: NDArray[np.float64], loose: bool = False
) -> NDArray[np.bool_]:
    """(n,): of two boxes each, (n, 4) and (n, 4), whether either lies above the other as the dot of
    an i does: small, and not far to the side. loose: or as it does where little else is written.
    """
    return lies_over(some, others, loose) | lies_over(others, some, loose)


def dot_reach(size: NDArray[np.float64], loose: bool = False) -> NDArray[np.float64]:
    """(n,): how far from each a dot of its own can lie, by the longest sides."""
    _, above, aside = _LOOSE_DOT if loose else _DOT
    return np.asarray(size * np.hypot(above, aside))


def lies_over(
    some: NDArray[np.float64], others: NDArray[np.float64], loose: bool
) -> NDArray[np.bool_]:
    """(n,): of two boxes each, (n, 4) and (n, 4), whether the first lies above the other as its dot
    does. loose: as where little else is written.
    """
    largest, above, aside = _LOOSE_DOT if loose else _DOT
    width, height = (others[:, 2:] - others[:, :2]).T
    own = (some[:, 2:] - some[:, :2]).max(axis=1)
    size, high = np.maximum(width, height), np.maximum(height, 0.5 * width)
    gap = others[:, 1] - some[:, 3]
    middle = (some[:, 0] + some[:, 2]) / 2
    beside = np.maximum(others[:, 0] - middle, middle - others[:, 2])
    over = (gap > 0) & (gap <= above * high) & (own <= largest * size) & (beside <= aside * high)
    return np.asarray(over)


def overlap(one: Box, other: Box) -> float:
    """The share of the narrower box's width that lies above or below the other, 0..1."""
    width = min(one.right, other.right) - max(one.x, other.x)
    narrower = min(one.width, other.width)
    return min(max(width / narrower, 0.0), 1.0) if narrower > 0 else float(width >= 0)


def cut_places(stroke: Stroke, height: float, forced: bool = False) -> list[int]:
    """Indices of the points where a stroke may go over from one character to the next.

    There what comes before and what comes after lie beside each other, as far as the ink allows:
    the farthest that it has been to the right, less the farthest left that it goes again, is a
    local minimum. height: of the writing. Only a stroke that is nearly as wide as high has such
    places, unless it is forced to have one.
    """
    points = stroke.points
    box = bounding_box([stroke])
    if not forced and box.width < max(0.8 * box.height, 0.6 * height):
        return []
    x = points[:, 0]
    overlap = np.maximum.accumulate(x) - np.minimum.accumulate(x[::-1])[::-1]
    upto = _lengths(points)
    free = np.minimum(upto, upto[-1] - upto) > _LEAST_PIECE * height
    if forced and not free.any():
        free[1:-1] = True
    places: list[int] = []
    while len(places) < (1 if forced else _MOST_CUTS) and free.any():
        lowest = int(np.argmin(np.where(free, overlap, np.inf)))
        if not forced and overlap[lowest] > _MOST_OVERLAP * height:
            break
        # The middle of all the way that is as good.
        as_good = free & (overlap <= overlap[lowest] + 0.03 * height)
        first = last = lowest
        while first > 0 and as_good[first - 1]:
            first -= 1
        while last + 1 < len(x) and as_good[last + 1]:
            last += 1
        middle = int(np.searchsorted(upto, (upto[first] + upto[last]) / 2))
        places.append(middle)
        free &= np.abs(upto - upto[middle]) > _LEAST_PIECE * height
        free[first : last + 1] = False
    return sorted(places)


def _lengths(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """How long the line is up to each of its points."""
    return np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])


def _cross(a: NDArray[np.float64], b: NDArray[np.float64]) -> bool:
    """Whether a straight step of one line crosses one of the other's."""
    if len(a) < 2 or len(b) < 2:
        return False
    # Two steps cross where each has its ends on both sides of the other.
    return bool((_sides(a, b) & _sides(b, a).T).any())


def _sides(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.bool_]:
    """(steps of a, steps of b): whether b's step has its ends on both sides of a's line."""
    along, gap = np.diff(a, axis=0)[:, np.newaxis], b[np.newaxis] - a[:-1, np.newaxis]
    side = along[..., 0] * gap[..., 1] - along[..., 1] * gap[..., 0] > 0
    return np.asarray(side[:, :-1] != side[:, 1:])
