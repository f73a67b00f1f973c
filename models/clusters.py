"""Ink that hangs together, and every group of its pieces that may be a character."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.grouping import MOST_PIECES, Shape
from models.ink import Stroke
from models.pieces import Contact, Piece, contact, cut_places

_NEAR = 0.5  # of the larger one's size: strokes farther apart are of different characters
_AROUND = 2.0  # of a cluster's largest size: so far reaches the writing that it is compared with
# How wide and high one character of several pieces may be, in heights of the writing around; and
# where there are so few strokes that the height of the writing itself is in doubt. An 8 of two
# loops among others is twice as high as the strokes around it.
_LARGEST = (1.8, 2.1)
_LARGEST_ALONE = (2.3, 2.6)
_FEW = 4
_EVER = 12  # strokes of one character, however it is written
_BROADEST = 1.5  # times its height, of one character in more than MOST_PIECES


@dataclass(frozen=True, eq=False)
class Cluster:
    """Strokes that share characters with no other ink.

    pieces: every stroke, and every stretch of one between two places where it may be cut.
    groups: indices of the pieces of each group that may be a character. atoms: of each group, a
    bit for each of the smallest pieces that it covers, the leftmost the lowest; count: of those.
    writing: height of the writing around, in the units of the ink.
    """

    pieces: tuple[Piece, ...]
    groups: tuple[tuple[int, ...], ...]
    atoms: tuple[int, ...]
    count: int
    writing: float


@dataclass(frozen=True)
class Surroundings:
    """writing: height of the writing around some ink. largest: width and height that a character
    of several pieces can have there. All in the units of the ink.
    """

    writing: float
    largest: tuple[float, float]


class Geometry:
    """How the ink of a page lies. Works each thing out once, as long as its strokes are there."""

    def __init__(self) -> None:
        # By the identity of strokes: each is kept with what is known of it, so none is mistaken.
        self._pieces: dict[int, dict[tuple[int, int], Piece]] = {}
        self._contacts: dict[int, dict[int, Contact]] = {}

    def forget_all_but(self, strokes: Sequence[Stroke]) -> None:
        """Drops what is known of all other strokes."""
        there = {id(stroke) for stroke in strokes}
        gone = {
            id(piece)
            for key in self._pieces.keys() - there
            for piece in self._pieces.pop(key).values()
        }
        if gone:
            for piece in gone:
                self._contacts.pop(piece, None)
            for others in self._contacts.values():
                for piece in gone & others.keys():
                    del others[piece]

    def piece(self, stroke: Stroke, start: int = 0, end: int | None = None) -> Piece:
        """The stroke, or its stretch from one of its points to another."""
        last = len(stroke) - 1
        end = last if end is None else end
        known = self._pieces.setdefault(id(stroke), {})
        if (start, end) not in known:
            cuts = (start > 0) + (end < last)
            ink = stroke if not cuts else Stroke.view(stroke.points[start : end + 1])
            known[start, end] = Piece(ink, stroke, cuts)
        return known[start, end]

    def contact(self, one: Piece, other: Piece) -> Contact:
        """How two pieces lie to each other."""
        first, second = (one, other) if id(one) < id(other) else (other, one)
        known = self._contacts.setdefault(id(first), {})
        if id(second) not in known:
            known[id(second)] = contact(first, second)
        return known[id(second)]

    def clusters(
        self, strokes: Sequence[Stroke], joined: Sequence[Sequence[int]] = ()
    ) -> list[tuple[tuple[int, ...], Surroundings]]:
        """Which strokes hang together: their indices, and what is around them.

        joined: strokes that hang together whatever their places. Indices go from left to right, so
        that the order of writing makes no difference to anything that follows.
        """
        wholes = [self.piece(stroke) for stroke in strokes]
        boxes = _table(wholes)
        near = self._near(wholes, boxes)
        sides = boxes.tolist()
        several = [members for members in _components(near) if len(members) > 1]
        for together, around in zip(several, _surroundings(boxes, several), strict=True):
            widest, highest = around.largest
            for one in together:
                x, y, right, bottom = sides[one]
                near[one] = {
                    other
                    for other in near[one]
                    if max(right, sides[other][2]) - min(x, sides[other][0]) <= widest
                    and max(bottom, sides[other][3]) - min(y, sides[other][1]) <= highest
                }
        for members in joined:
            for one in members:
                near[one].update(members)
        rank = np.argsort(np.lexsort((*boxes.T[::-1], boxes[:, 0] + boxes[:, 2]))).tolist()
        found = [sorted(members, key=rank.__getitem__) for members in _components(near)]
        return list(zip(map(tuple, found), _surroundings(boxes, found), strict=True))

    def _near(self, wholes: Sequence[Piece], boxes: NDArray[np.float64]) -> list[set[int]]:
        """Of each stroke, those near it."""
        size = (boxes[:, 2:] - boxes[:, :2]).max(axis=1)
        reach = _NEAR * np.maximum(size[:, None], size)
        near: list[set[int]] = [set() for _ in wholes]
        for i, j in np.argwhere(np.triu(_gaps(boxes) <= reach, 1)).tolist():
            if self.contact(wholes[i], wholes[j]).distance <= reach[i, j]:
                near[i].add(j)
                near[j].add(i)
        return near

    def cluster(
        self, strokes: Sequence[Stroke], around: Surroundings, forced: Sequence[bool]
    ) -> Cluster:
        """What may be a character among strokes that hang together.

        forced: for each stroke whether it has to be cut, wherever that is best.
        """
        pieces: list[Piece] = []
        masks: list[int] = []
        smallest: list[tuple[float, float, int]] = []
        for stroke, force in zip(strokes, forced, strict=True):
            ends = [0, *cut_places(stroke, around.writing, force), max(len(stroke) - 1, 0)]
            steps = len(ends) - 1
            for start in range(steps):
                for end in range(start + 1, steps + 1):
                    piece = self.piece(stroke, ends[start], ends[end])
                    pieces.append(piece)
                    masks.append(((1 << end) - (1 << start)) << len(smallest))
            for start in range(steps):
                box = self.piece(stroke, ends[start], ends[start + 1]).box
                smallest.append((box.x + box.right, box.y, len(smallest)))
        # Bits in the order of the strokes become bits from left to right.
        place = {bit: k for k, (_, _, bit) in enumerate(sorted(smallest))}
        masks = [sum(1 << k for bit, k in place.items() if mask >> bit & 1) for mask in masks]
        groups = _connected(pieces, self._neighbours(pieces, around.writing), around.largest)
        if len(strokes) > MOST_PIECES and len(strokes) <= _EVER:
            wholes = tuple(k for k, piece in enumerate(pieces) if not piece.cuts)
            width, height = _extent([pieces[k] for k in wholes])
            if width <= _BROADEST * height and height <= around.largest[1]:
                groups.append(wholes)
        atoms = tuple(sum(masks[k] for k in group) for group in groups)
        return Cluster(tuple(pieces), tuple(groups), atoms, len(smallest), around.writing)

    def _neighbours(self, pieces: Sequence[Piece], writing: float) -> list[int]:
        """Of each piece those of other strokes that are near it, as bits."""
        neighbours = [0] * len(pieces)
        if len(pieces) == 1:
            return neighbours
        close = _gaps(_table(pieces)) <= _NEAR * writing
        for k, m in np.argwhere(np.triu(close, 1)).tolist():
            one, other = pieces[k], pieces[m]
            if one.whole is other.whole:
                continue
            if self.contact(one, other).distance <= _NEAR * writing:
                neighbours[k] |= 1 << m
                neighbours[m] |= 1 << k
        return neighbours

    def shape(self, pieces: Sequence[Piece]) -> Shape:
        """How the pieces of a group lie."""
        width, height = _extent(pieces)
        # The shortest tree that connects them (Prim 1957).
        gaps, overlap = [], 0.0
        free = list(pieces[1:])
        tree = [pieces[0]]
        while free:
            distance, index = min(
                (self.contact(inside, outside).distance, index)
                for index, outside in enumerate(free)
                for inside in tree
            )
            nearest = free.pop(index)
            gaps.append(distance)
            overlap += max(self.contact(inside, nearest).overlap for inside in tree)
            tree.append(nearest)
        cuts = sum(piece.cuts for piece in pieces)
        return Shape(width, height, tuple(gaps), overlap, len(pieces), cuts)


def _connected(
    pieces: Sequence[Piece], neighbours: Sequence[int], largest: tuple[float, float]
) -> list[tuple[int, ...]]:
    """Every piece, and every connected group of up to MOST_PIECES that is no larger than `largest`
    (width, height) and has at most one piece of each stroke.
    """
    strokes: dict[int, int] = {}
    stroke_of = [1 << strokes.setdefault(id(p.whole), len(strokes)) for p in pieces]
    boxes = [(p.box.x, p.box.y, p.box.right, p.box.bottom) for p in pieces]
    found: dict[int, tuple[tuple[int, ...], tuple[float, ...], int, int]] = {
        1 << k: ((k,), boxes[k], stroke_of[k], neighbours[k]) for k in range(len(pieces))
    }
    groups: list[tuple[int, ...]] = [(k,) for k in range(len(pieces))]
    widest, highest = largest
    for _ in range(MOST_PIECES - 1):
        larger: dict[int, tuple[tuple[int, ...], tuple[float, ...], int, int]] = {}
        for mask, (members, (left, top, right, bottom), taken, near) in found.items():
            rest = near & ~mask
            while rest:
                k = (rest & -rest).bit_length() - 1
                rest &= rest - 1
                now = mask | 1 << k
                if stroke_of[k] & taken or now in larger:
                    continue
                x, y, x2, y2 = boxes[k]
                box = (min(left, x), min(top, y), max(right, x2), max(bottom, y2))
                if box[2] - box[0] <= widest and box[3] - box[1] <= highest:
                    entry = (*members, k), box, taken | stroke_of[k], near | neighbours[k]
                    larger[now] = entry
        groups += [tuple(sorted(members)) for members, _, _, _ in larger.values()]
        found = larger
    return groups


def _gaps(boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n, n): the distance of each two boxes of (n, 4), 0 where they touch or overlap."""
    across, down = (
        np.maximum(np.maximum(low[:, None] - high, low - high[:, None]), 0)
        for low, high in zip(boxes.T[:2].copy(), boxes.T[2:].copy(), strict=True)
    )
    return np.asarray(np.sqrt(across * across + down * down))


def _components(near: Sequence[set[int]]) -> list[list[int]]:
    """What hangs together, by the neighbours of each."""
    components = []
    free = dict.fromkeys(range(len(near)))
    while free:
        first = next(iter(free))
        found, edge = {first}, [first]
        while edge:
            more = near[edge.pop()] - found
            found |= more
            edge += more
        for index in found:
            del free[index]
        components.append(list(found))
    return components


def _surroundings(
    boxes: NDArray[np.float64], components: Sequence[Sequence[int]]
) -> list[Surroundings]:
    """What is around each component's strokes, by the boxes (n, 4) of all.

    Most characters have a stroke that is as high as they are, so the writing's height is the upper
    quartile of the strokes' heights, those left out that are dots beside the others.
    """
    if not components:
        return []
    own = boxes[[index for members in components for index in members]]
    starts = np.cumsum([0, *(len(members) for members in components[:-1])])
    sizes = (own[:, 2:] - own[:, :2]).max(axis=1)
    reach = _AROUND * np.maximum.reduceat(sizes, starts)[:, None]
    low = np.minimum.reduceat(own[:, :2], starts) - reach
    high = np.maximum.reduceat(own[:, 2:], starts) + reach
    left, top, right, bottom = boxes.T
    near = (left <= high[:, :1]) & (right >= low[:, :1])
    near &= (top <= high[:, 1:]) & (bottom >= low[:, 1:])
    heights = np.where(near, np.maximum(bottom - top, 0.5 * (right - left)), -1.0)
    heights[heights < 0.25 * heights.max(axis=1, keepdims=True)] = np.inf
    heights.sort(axis=1)
    place = 0.75 * (np.isfinite(heights).sum(axis=1) - 1)
    lower, each = place.astype(int), np.arange(len(components))
    at, above = heights[each, lower], heights[each, np.ceil(place).astype(int)]
    writing = at + (above - at) * (place - lower)
    return [
        Surroundings(height, (widest * height, highest * height))
        for height, few in zip(writing.tolist(), (near.sum(axis=1) <= _FEW).tolist(), strict=True)
        for widest, highest in [_LARGEST_ALONE if few else _LARGEST]
    ]


def _extent(pieces: Sequence[Piece]) -> tuple[float, float]:
    """Width and height of some pieces together."""
    boxes = [piece.box for piece in pieces]
    return (
        max(box.right for box in boxes) - min(box.x for box in boxes),
        max(box.bottom for box in boxes) - min(box.y for box in boxes),
    )


def _table(pieces: Sequence[Piece]) -> NDArray[np.float64]:
    """(n, 4): left, top, right and bottom of each."""
    return np.array([(p.box.x, p.box.y, p.box.right, p.box.bottom) for p in pieces])
