"""Ink that hangs together, and every group of its pieces that may be a character."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from models.grouping import MOST_PIECES, Shape
from models.ink import Box, Stroke
from models.pieces import Contact, Piece, contact, cut_places

NEAR = 0.5  # of the larger one's size: strokes farther apart are of different characters
_AROUND = 2.0  # of a cluster's largest size: so far reaches the writing that it is compared with
_WIDEST = 2.3  # heights of the writing, of one character in several pieces
_HIGHEST = 2.6
_EVER = 12  # strokes of one character, however it is written
_BROADEST = 1.5  # times its height, of one character in more than MOST_PIECES


class Boxed(Protocol):
    """What has a box around it."""

    @property
    def box(self) -> Box: ...


class Part(Boxed, Protocol):
    """What may be grouped into a character: a stroke, a component of a picture's ink, a stretch.

    whole: what it is, or is a stretch of. cuts: how many of its ends are cuts.
    """

    @property
    def whole(self) -> object: ...
    @property
    def cuts(self) -> int: ...


AnyPart = TypeVar("AnyPart", bound=Part)


@dataclass(frozen=True, eq=False)
class Cluster(Generic[AnyPart]):
    """Strokes that share characters with no other ink.

    pieces: every stroke, and every stretch of one between two places where it may be cut.
    groups: indices of the pieces of each group that may be a character. atoms: of each group, a
    bit for each of the smallest pieces that it covers, the leftmost the lowest; count: of those.
    writing: height of the writing around, in the units of the ink.
    """

    pieces: tuple[AnyPart, ...]
    groups: tuple[tuple[int, ...], ...]
    atoms: tuple[int, ...]
    count: int
    writing: float


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
        self,
        strokes: Sequence[Stroke],
        joined: Sequence[Sequence[int]] = (),
    ) -> list[tuple[tuple[int, ...], float]]:
        """Which strokes hang together: their indices, and the height of the writing around.

        joined: strokes that hang together whatever their places.
        """
        wholes = [self.piece(stroke) for stroke in strokes]
        near = self._near(wholes)
        for together in joined:
            for one in together:
                near[one].update(together)
        boxes = table(wholes)
        high = np.maximum(boxes[:, 3] - boxes[:, 1], 0.5 * (boxes[:, 2] - boxes[:, 0]))
        return [(members, writing_around(boxes, high, members)) for members in hanging(near)]

    def _near(self, wholes: Sequence[Piece]) -> list[set[int]]:
        """Of each stroke, those near it."""
        boxes = table(wholes)
        size = (boxes[:, 2:] - boxes[:, :2]).max(axis=1)
        reach = NEAR * np.maximum(size[:, None], size)
        near: list[set[int]] = [set() for _ in wholes]
        close = gaps_between(boxes) <= reach
        for i, j in np.argwhere(np.triu(close, 1)).tolist():
            if self.contact(wholes[i], wholes[j]).distance <= reach[i, j]:
                near[i].add(j)
                near[j].add(i)
        return near

    def cluster(
        self, strokes: Sequence[Stroke], writing: float, forced: Sequence[bool]
    ) -> Cluster[Piece]:
        """What may be a character among strokes that hang together.

        writing: the height of the writing around. forced: for each stroke whether it has to be
        cut, wherever that is best.
        """
        pieces: list[Piece] = []
        masks: list[int] = []
        smallest: list[tuple[float, float, int]] = []
        for stroke, force in zip(strokes, forced, strict=True):
            ends = [0, *cut_places(stroke, writing, force), max(len(stroke) - 1, 0)]
            steps = len(ends) - 1
            for start in range(steps):
                for end in range(start + 1, steps + 1):
                    piece = self.piece(stroke, ends[start], ends[end])
                    pieces.append(piece)
                    masks.append(((1 << end) - (1 << start)) << len(smallest))
            for start in range(steps):
                box = self.piece(stroke, ends[start], ends[start + 1]).box
                smallest.append((box.x + box.right, box.y, len(smallest)))
        near = self._neighbours(pieces, writing)
        return cluster_of(pieces, masks, smallest, near, writing, len(strokes))

    def _neighbours(self, pieces: Sequence[Piece], writing: float) -> list[int]:
        """Of each piece those of other strokes that are near it, as bits."""
        neighbours = [0] * len(pieces)
        if len(pieces) == 1:
            return neighbours
        close = gaps_between(table(pieces)) <= NEAR * writing
        for k, m in np.argwhere(np.triu(close, 1)).tolist():
            one, other = pieces[k], pieces[m]
            if one.whole is other.whole:
                continue
            if self.contact(one, other).distance <= NEAR * writing:
                neighbours[k] |= 1 << m
                neighbours[m] |= 1 << k
        return neighbours

    def shape(self, pieces: Sequence[Piece]) -> Shape:
        """How the pieces of a group lie."""
        return shape_of(pieces, self.contact)


def hanging(near: Sequence[AbstractSet[int]]) -> list[tuple[int, ...]]:
    """Indices of what hangs together; near: of each those near it."""
    bunches = []
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
        bunches.append(tuple(sorted(found)))
    return bunches


def cluster_of(
    pieces: Sequence[AnyPart],
    masks: Sequence[int],
    smallest: Sequence[tuple[float, float, int]],
    neighbours: Sequence[int],
    writing: float,
    wholes: int,
) -> Cluster[AnyPart]:
    """What may be a character among pieces that hang together.

    masks: of each piece, a bit for each of the smallest pieces that it covers. smallest: of each
    of those twice the middle, the top and its bit. neighbours: of each piece, a bit for each that
    may share a character with it. wholes: how many the pieces are, or are stretches of.
    """
    # Bits in the order of the ink become bits from left to right.
    place = {bit: k for k, (_, _, bit) in enumerate(sorted(smallest))}
    masks = [sum(1 << k for bit, k in place.items() if mask >> bit & 1) for mask in masks]
    groups = _connected(pieces, neighbours, writing)
    if MOST_PIECES < wholes <= _EVER:
        uncut = tuple(k for k, piece in enumerate(pieces) if not piece.cuts)
        width, height = _extent([pieces[k] for k in uncut])
        if width <= _BROADEST * height and height <= _HIGHEST * writing:
            groups.append(uncut)
    atoms = tuple(sum(masks[k] for k in group) for group in groups)
    return Cluster(tuple(pieces), tuple(groups), atoms, len(smallest), writing)


def shape_of(pieces: Sequence[AnyPart], contact: Callable[[AnyPart, AnyPart], Contact]) -> Shape:
    """How the pieces of a group lie."""
    width, height = _extent(pieces)
    # The shortest tree that connects them (Prim 1957).
    gaps, overlap = [], 0.0
    free = list(pieces[1:])
    tree = [pieces[0]]
    while free:
        distance, index = min(
            (contact(inside, outside).distance, index)
            for index, outside in enumerate(free)
            for inside in tree
        )
        nearest = free.pop(index)
        gaps.append(distance)
        overlap += max(contact(inside, nearest).overlap for inside in tree)
        tree.append(nearest)
    cuts = sum(piece.cuts for piece in pieces)
    return Shape(width, height, tuple(gaps), overlap, len(pieces), cuts)


def _connected(
    pieces: Sequence[Part], neighbours: Sequence[int], writing: float
) -> list[tuple[int, ...]]:
    """Every piece, and every connected group of up to MOST_PIECES that is no larger than a
    character can be and has at most one piece of each stroke.
    """
    strokes: dict[int, int] = {}
    stroke_of = [1 << strokes.setdefault(id(p.whole), len(strokes)) for p in pieces]
    boxes = [(p.box.x, p.box.y, p.box.right, p.box.bottom) for p in pieces]
    found: dict[int, tuple[tuple[int, ...], tuple[float, ...], int, int]] = {
        1 << k: ((k,), boxes[k], stroke_of[k], neighbours[k]) for k in range(len(pieces))
    }
    groups: list[tuple[int, ...]] = [(k,) for k in range(len(pieces))]
    widest, highest = _WIDEST * writing, _HIGHEST * writing
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


def gaps_between(boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n, n): the distance of each two boxes of (n, 4), 0 where they touch or overlap."""
    low, high = boxes[:, None, :2], boxes[:, None, 2:]
    gaps = np.maximum(np.maximum(low - boxes[:, 2:], boxes[:, :2] - high), 0)
    return np.asarray(np.hypot(gaps[..., 0], gaps[..., 1]))


def writing_around(
    boxes: NDArray[np.float64], high: NDArray[np.float64], members: Sequence[int]
) -> float:
    """The height of the writing around some strokes, in their units.

    Most characters have a stroke that is as high as they are, so it is the upper quartile of the
    strokes' heights, those left out that are dots beside the others.
    """
    own = boxes[list(members)]
    reach = _AROUND * (own[:, 2:] - own[:, :2]).max()
    first, last = own[:, :2].min(axis=0) - reach, own[:, 2:].max(axis=0) + reach
    around = ((boxes[:, :2] <= last) & (boxes[:, 2:] >= first)).all(axis=1)
    heights = high[around]
    return float(np.percentile(heights[heights >= 0.25 * heights.max()], 75))


def _extent(pieces: Sequence[Boxed]) -> tuple[float, float]:
    """Width and height of some pieces together."""
    boxes = [piece.box for piece in pieces]
    return (
        max(box.right for box in boxes) - min(box.x for box in boxes),
        max(box.bottom for box in boxes) - min(box.y for box in boxes),
    )


def table(pieces: Sequence[Boxed]) -> NDArray[np.float64]:
    """(n, 4): left, top, right and bottom of each."""
    return np.array([(p.box.x, p.box.y, p.box.right, p.box.bottom) for p in pieces])
