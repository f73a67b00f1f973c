"""Ink that hangs together, and every group of its pieces that may be a character."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from models.segmentation.features import MOST_PIECES, Shape
from models.segmentation.pairs import AT_ONCE, Pairs, component_of_each, components
from models.segmentation.search import InSteps
from models.segmentation.segments import Boxed, Contact

# Of the larger one's size: strokes farther apart are of different characters, but for dots.
NEAR = 0.5
_AROUND = 2.0  # of a cluster's largest size: so far reaches the writing that it is compared with
# How wide and high one character of several pieces may be, in heights of the writing around; and
# where there are so few strokes that the height of the writing itself is in doubt. An 8 of two
# loops among others is twice as high as the strokes around it, an i alone three times as its stem.
_LARGEST = (1.8, 2.1)
_LARGEST_ALONE = (2.3, 3.2)
_LARGEST_OF_TWO = (2.3, 5.0)  # an i whose dot is far
_FEW, TWO = 4, 2  # strokes
_EVER = 12  # strokes of one character, however it is written
_BROADEST = 1.5  # times its height, of one character in more than MOST_PIECES
# Groups that are searched, and for each stroke more: of the nearest. Lines of real characters that
# touch, in lines that do, may have 20 to 30 for each; with 15 as many are grouped right as with 70.
_MOST_GROUPS, _MOST_GROUPS_EACH = 100, 15
_GROUPS_A_STEP = 60  # are led on to larger ones in about a millisecond
_NEAREST = (5, 3, 2)  # neighbours that count where there would be more


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
    """Strokes, or components of a picture's ink, that share characters with no other ink.

    pieces: every one of them, and every stretch of one between two places where it may be cut.
    groups: indices of the pieces of each group that may be a character. atoms: of each group, a
    bit for each of the smallest pieces that it covers, the leftmost the lowest; count: of those.
    writing: height of the writing around, in the units of the ink. alone: whether it is all ink.
    """

    pieces: tuple[AnyPart, ...]
    groups: tuple[tuple[int, ...], ...]
    atoms: tuple[int, ...]
    count: int
    writing: float
    alone: bool

    @property
    def all_ink(self) -> list[bool]:
        """Of each group, whether it is all that is written."""
        return [self.alone and atoms == (1 << self.count) - 1 for atoms in self.atoms]

    def only(self, kept: Sequence[int]) -> Cluster[AnyPart]:
        """With these groups only, by their indices."""
        groups = tuple(self.groups[k] for k in kept)
        atoms = tuple(self.atoms[k] for k in kept)
        return replace(self, groups=groups, atoms=atoms)


@dataclass(frozen=True)
class Surroundings:
    """writing: height of the writing around some ink. largest: width and height that a character
    of several pieces can have there. All in the units of the ink. alone: whether it is all ink.
    """

    writing: float
    largest: tuple[float, float]
    alone: bool = False


def hanging_together(
    boxes: NDArray[np.float64],
    high: NDArray[np.float64],
    near: Pairs,
    joined: Sequence[Sequence[int]] = (),
    all_there: bool = True,
) -> list[tuple[tuple[int, ...], Surroundings]]:
    """What hangs together: indices from left to right, and what is around them.

    boxes: (n, 4), left, top, right and bottom of each. high: (n,), how high each counts as. near:
    those near each other; of these the ones that would be too large for one character do not hang
    together. joined: what hangs together whatever its place. all_there: whether there is no ink
    beside these.
    """
    count = len(boxes)
    label = component_of_each(count, near)
    several = [members for members in components(label) if len(members) > 1]
    largest = np.zeros((count, 2))
    for members, around in zip(several, _surroundings(boxes, high, several), strict=True):
        largest[members] = around.largest
    i, j = near
    size = np.maximum(boxes[i, 2:], boxes[j, 2:]) - np.minimum(boxes[i, :2], boxes[j, :2])
    fits = (size <= largest[i]).all(axis=1)
    chains = [pair for members in joined for pair in pairwise(members)]
    one, other = np.array(chains, np.intp).reshape(-1, 2).T
    kept = np.concatenate([i[fits], one]), np.concatenate([j[fits], other])
    rank = np.argsort(np.lexsort((*boxes.T[::-1], boxes[:, 0] + boxes[:, 2])))
    found = components(component_of_each(count, kept), rank)
    surroundings = _surroundings(boxes, high, found)
    if len(found) == 1 and all_there:
        surroundings = [replace(surroundings[0], alone=True)]
    return list(zip(map(tuple, found), surroundings, strict=True))


def cluster_of(
    pieces: Sequence[AnyPart],
    masks: Sequence[int],
    smallest: Sequence[tuple[float, float, int]],
    neighbours: Sequence[Sequence[int]],
    around: Surroundings,
    wholes: int,
) -> InSteps[Cluster[AnyPart]]:
    """What may be a character among pieces that hang together.

    masks: of each piece, a bit for each of the smallest pieces that it covers. smallest: of each
    of those twice the middle, the top and its bit. neighbours: of each piece those that may share
    a character with it, the nearest first. wholes: how many the pieces are, or are stretches of.
    """
    # Bits in the order of the ink become bits from left to right.
    place = {bit: k for k, (_, _, bit) in enumerate(sorted(smallest))}
    masks = [sum(1 << k for bit, k in place.items() if mask >> bit & 1) for mask in masks]
    groups = yield from _connected(pieces, neighbours, around.largest, wholes)
    if MOST_PIECES < wholes <= _EVER:
        uncut = tuple(k for k, piece in enumerate(pieces) if not piece.cuts)
        width, height = _extent([pieces[k] for k in uncut])
        if width <= _BROADEST * height and height <= around.largest[1]:
            groups.append(uncut)
    atoms = tuple(sum(masks[k] for k in group) for group in groups)
    count = len(smallest)
    return Cluster(tuple(pieces), tuple(groups), atoms, count, around.writing, around.alone)


def shape_of(pieces: Sequence[AnyPart], contact: Callable[[AnyPart, AnyPart], Contact]) -> Shape:
    """How the pieces of a group lie."""
    # The shortest tree that connects them (Prim 1957).
    gaps: list[float] = []
    dots: dict[AnyPart, float] = {}
    overlap = 0.0
    free = list(pieces[1:])
    tree = [pieces[0]]
    while free:
        closest, index, inside = min(
            (
                (contact(inside, outside), index, inside)
                for index, outside in enumerate(free)
                for inside in tree
            ),
            key=lambda found: (found[0].distance, found[1]),
        )
        nearest = free.pop(index)
        if closest.dot:
            dots[min(inside, nearest, key=lambda piece: piece.box.y)] = closest.distance
        else:
            gaps.append(closest.distance)
            overlap += max(contact(each, nearest).overlap for each in tree)
        tree.append(nearest)
    width, height = _extent([piece for piece in pieces if piece not in dots])
    sizes = [max(dot.box.width, dot.box.height) for dot in dots]
    cuts = sum(piece.cuts for piece in pieces)
    return Shape(
        width,
        height,
        tuple(gaps),
        overlap,
        len(pieces),
        cuts,
        tuple(zip(dots.values(), sizes, strict=True)),
    )


def _connected(
    pieces: Sequence[Part],
    neighbours: Sequence[Sequence[int]],
    largest: tuple[float, float],
    wholes: int,
) -> InSteps[list[tuple[int, ...]]]:
    """Every piece, and every connected group of up to MOST_PIECES that is no larger than `largest`
    (width, height) and has at most one piece of each stroke.

    Where there would be more than writing has, only the nearest neighbours count.
    """
    most = _MOST_GROUPS + _MOST_GROUPS_EACH * wholes
    for reach in (len(pieces), *_NEAREST):
        near = [0] * len(pieces)
        for k, others in enumerate(neighbours):
            for other in others[:reach]:
                near[k] |= 1 << other
                near[other] |= 1 << k
        groups = yield from _grown(pieces, near, largest, most)
        if groups is not None:
            return groups
    return [(k,) for k in range(len(pieces))]


def _grown(
    pieces: Sequence[Part], near: Sequence[int], largest: tuple[float, float], most: int
) -> InSteps[list[tuple[int, ...]] | None]:
    """As `_connected`; near: of each piece its neighbours, as bits. None for more than `most`."""
    strokes: dict[int, int] = {}
    stroke_of = [1 << strokes.setdefault(id(p.whole), len(strokes)) for p in pieces]
    boxes = [(p.box.x, p.box.y, p.box.right, p.box.bottom) for p in pieces]
    found: dict[int, tuple[tuple[int, ...], tuple[float, ...], int, int]] = {
        1 << k: ((k,), boxes[k], stroke_of[k], near[k]) for k in range(len(pieces))
    }
    groups: list[tuple[int, ...]] = [(k,) for k in range(len(pieces))]
    widest, highest = largest
    for _ in range(MOST_PIECES - 1):
        larger: dict[int, tuple[tuple[int, ...], tuple[float, ...], int, int]] = {}
        for number, (mask, entry) in enumerate(found.items(), start=1):
            members, (left, top, right, bottom), taken, beside = entry
            if number % _GROUPS_A_STEP == 0:
                yield
                if len(groups) + len(larger) > most:
                    return None
            rest = beside & ~mask
            while rest:
                k = (rest & -rest).bit_length() - 1
                rest &= rest - 1
                now = mask | 1 << k
                if stroke_of[k] & taken or now in larger:
                    continue
                x, y, x2, y2 = boxes[k]
                box = (min(left, x), min(top, y), max(right, x2), max(bottom, y2))
                if box[2] - box[0] <= widest and box[3] - box[1] <= highest:
                    larger[now] = (*members, k), box, taken | stroke_of[k], beside | near[k]
            if len(groups) + len(larger) > most:
                return None
        groups += [tuple(sorted(members)) for members, _, _, _ in larger.values()]
        found = larger
    return groups


def _surroundings(
    boxes: NDArray[np.float64], high: NDArray[np.float64], found: Sequence[Sequence[int]]
) -> list[Surroundings]:
    """What is around each component, by the boxes (n, 4) of all and how high each counts as, (n,).

    Most characters have a stroke that is as high as they are, so the writing's height is the upper
    quartile of the strokes' heights, those left out that are dots beside the others.
    """
    if not found:
        return []
    own = boxes[[index for members in found for index in members]]
    starts = np.cumsum([0, *(len(members) for members in found[:-1])])
    sizes = (own[:, 2:] - own[:, :2]).max(axis=1)
    reach = _AROUND * np.maximum.reduceat(sizes, starts)[:, None]
    start = np.minimum.reduceat(own[:, :2], starts) - reach
    end = np.maximum.reduceat(own[:, 2:], starts) + reach
    rows = max(1, AT_ONCE // len(boxes))
    return [
        Surroundings(height, (widest * height, highest * height))
        for first in range(0, len(found), rows)
        for height, count in _heights(
            boxes, high, start[first : first + rows], end[first : first + rows]
        )
        for widest, highest in [_largest(count)]
    ]


def _heights(
    boxes: NDArray[np.float64],
    high: NDArray[np.float64],
    start: NDArray[np.float64],
    end: NDArray[np.float64],
) -> Iterator[tuple[float, int]]:
    """The height of the writing in some places, and how many boxes there are in each.

    start, end: (n, 2), the upper left and the lower right corner of each place.
    """
    left, top, right, bottom = boxes.T
    near = (left <= end[:, :1]) & (right >= start[:, :1])
    near &= (top <= end[:, 1:]) & (bottom >= start[:, 1:])
    heights = np.where(near, high, -1.0)
    heights[heights < 0.25 * heights.max(axis=1, keepdims=True)] = np.inf
    heights.sort(axis=1)
    place = 0.75 * (np.isfinite(heights).sum(axis=1) - 1)
    lower, each = place.astype(int), np.arange(len(start))
    at, above = heights[each, lower], heights[each, np.ceil(place).astype(int)]
    writing = at + (above - at) * (place - lower)
    yield from zip(writing.tolist(), near.sum(axis=1).tolist(), strict=True)


def _largest(count: int) -> tuple[float, float]:
    """Width and height that a character of several pieces can have where there are so many."""
    if count <= TWO:
        return _LARGEST_OF_TWO
    return _LARGEST_ALONE if count <= _FEW else _LARGEST


def _extent(pieces: Sequence[Boxed]) -> tuple[float, float]:
    """Width and height of some pieces together."""
    boxes = [piece.box for piece in pieces]
    return (
        max(box.right for box in boxes) - min(box.x for box in boxes),
        max(box.bottom for box in boxes) - min(box.y for box in boxes),
    )
