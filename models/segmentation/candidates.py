"""Clusters of ink, and their candidates: every group of segments that may be one character."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Generic, Protocol, TypeVar

import numpy as np

from models.segmentation.features import MOST_SEGMENTS, Geometry
from models.segmentation.pairs import AT_ONCE, Pairs, component_of_each, components, near_pairs
from models.segmentation.search import InSteps
from models.segmentation.segments import (
    AnySegment,
    Contact,
    Segment,
    box_table,
    dot_reach,
    dots,
    longest_sides,
    surrounding_box,
)
from models.util.arrays import Floats

# Of the larger one's size: strokes farther apart are of different characters, but for dots.
NEAR = 0.5
_AROUND = 2.0  # of a cluster's largest size: so far reaches the writing that it is compared with
# How wide and high one character of several segments may be, in heights of the writing around; and
# where there are so few strokes that the height of the writing itself is in doubt. An 8 of two
# loops among others is twice as high as the strokes around it, an i alone three times as its stem.
_LARGEST = (1.8, 2.1)
_LARGEST_ALONE = (2.3, 3.2)
_LARGEST_OF_TWO = (2.3, 5.0)  # an i whose dot is far
_FEW, TWO = 4, 2  # strokes
_EVER = 12  # strokes of one character, however it is written
_BROADEST = 1.5  # times its height, of one character in more than MOST_SEGMENTS
_CANDIDATES_A_STEP = 60  # are extended in about a millisecond
_NEAREST = (5, 3, 2)  # neighbours that count where there would be more
CONTACTS_A_STEP = 30  # about a millisecond

_Segment = TypeVar("_Segment", bound=Segment, contravariant=True)


class InkGraph(Protocol[_Segment]):
    """How segments of ink lie to each other: those of a page's strokes, or of a picture's
    components.

    dotted: whether ink above other ink may be the dot of an i.
    most_with_cuts: how many segments a character may have of which one was cut.
    """

    dotted: bool
    most_with_cuts: int

    def most_candidates(self, wholes: int, primitives: int) -> int:
        """The most candidates of a cluster; of more, only those of near segments count.

        wholes: how many strokes or components it has. primitives: how many primitive segments.
        """

    def contact(self, one: _Segment, other: _Segment) -> Contact:
        """How two segments lie to each other; symmetric."""

    def may_join(self, one: _Segment, other: _Segment) -> bool:
        """Whether two segments may be of one character, if they are near each other."""


@dataclass(frozen=True, eq=False)
class Cluster(Generic[AnySegment]):
    """Strokes, or components of a picture's ink, that share characters with no other ink.

    segments: all that they may be divided into.
    candidates: indices of the segments of each group that may be a character.
    masks: of each candidate, a bit for each primitive segment that it covers, the leftmost the
        lowest; primitive segments have no place within them where they may be cut.
    count: of primitive segments.
    writing_height: of the writing around, in the units of the ink.
    alone: whether it is all ink that there is.
    """

    segments: tuple[AnySegment, ...]
    candidates: tuple[tuple[int, ...], ...]
    masks: tuple[int, ...]
    count: int
    writing_height: float
    alone: bool

    @property
    def all_ink(self) -> list[bool]:
        """Of each candidate, whether it is all ink that there is."""
        return [self.alone and mask == (1 << self.count) - 1 for mask in self.masks]

    def only(self, kept: Sequence[int]) -> Cluster[AnySegment]:
        """With these candidates only, by their indices."""
        candidates = tuple(self.candidates[k] for k in kept)
        return replace(self, candidates=candidates, masks=tuple(self.masks[k] for k in kept))


@dataclass(frozen=True)
class Surroundings:
    """What is around some ink, in its units.

    writing_height: of the writing there. largest: width and height that a character of several
    segments can have there. alone: whether the ink is all that there is.
    """

    writing_height: float
    largest: tuple[float, float]
    alone: bool = False


def find_clusters(
    boxes: Floats,
    high: Floats,
    near: Pairs,
    joined: Sequence[Sequence[int]] = (),
    all_there: bool = True,
) -> list[tuple[tuple[int, ...], Surroundings]]:
    """The clusters of strokes or components: indices from left to right, and what is around them.

    boxes: (n, 4), left, top, right and bottom of each.
    high: (n,), the height that each counts as, where the height of the writing is estimated.
    near: pairs that are near each other; those too large for one character are passed over.
    joined: indices that come into one cluster wherever they lie.
    all_there: whether there is no ink beside these.
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


def joinable_pairs(
    graph: InkGraph[AnySegment], segments: Sequence[AnySegment], reach: Floats, loose: bool = False
) -> InSteps[tuple[Pairs, Floats]]:
    """Pairs of segments, (i, j), that may be of one character, and their distances.

    reach: (n,), how near another has to be to each. loose: whether dots may be farther away than
    in other writing.
    """
    boxes = box_table(segments)
    farther = np.maximum(reach, dot_reach(boxes, loose)) if graph.dotted else reach
    i, j, gaps = yield from near_pairs(boxes, farther)
    farthest = np.maximum(reach[i], reach[j])
    dotted = dots(boxes[i], boxes[j], loose) & graph.dotted
    joined: list[int] = []
    distances: list[float] = []
    possible = np.flatnonzero(dotted | (gaps <= farthest)).tolist()
    for number, pair in enumerate(possible, start=1):
        one, other = segments[i[pair]], segments[j[pair]]
        if graph.may_join(one, other):
            distance = graph.contact(one, other).distance
            if dotted[pair] or distance <= farthest[pair]:
                joined.append(pair)
                distances.append(distance)
        if number % CONTACTS_A_STEP == 0:
            yield
    return (i[joined], j[joined]), np.array(distances)


def build_cluster(
    graph: InkGraph[AnySegment],
    stretches: Sequence[Sequence[tuple[int, int, AnySegment]]],
    around: Surroundings,
) -> InSteps[Cluster[AnySegment]]:
    """The cluster of some strokes or components, with its candidates.

    stretches: of each the segments that it may be divided into, with the first of its primitive
    segments that each covers, and the one after the last.
    """
    segments: list[AnySegment] = []
    masks: list[int] = []
    middles: list[tuple[float, float, int]] = []  # of primitive segments: doubled, top, bit
    for own in stretches:
        offset = len(middles)
        for start, end, segment in own:
            segments.append(segment)
            masks.append(((1 << end) - (1 << start)) << offset)
            if end - start == 1:
                middles.append((segment.box.x + segment.box.right, segment.box.y, len(middles)))
    # Bits in the order of the ink become bits from left to right.
    place = {bit: k for k, (_, _, bit) in enumerate(sorted(middles))}
    masks = [sum(1 << k for bit, k in place.items() if mask >> bit & 1) for mask in masks]
    wholes = len(stretches)
    loose = around.alone and wholes <= TWO
    reach = np.full(len(segments), NEAR * around.writing_height)
    (i, j), distances = yield from joinable_pairs(graph, segments, reach, loose)
    near: list[list[tuple[float, int]]] = [[] for _ in segments]
    for one, other, distance in zip(i.tolist(), j.tolist(), distances.tolist(), strict=True):
        near[one].append((distance, other))
        near[other].append((distance, one))
    neighbours = [[other for _, other in sorted(each)] for each in near]
    limit = graph.most_candidates(wholes, len(middles))
    candidates = yield from _connected(segments, neighbours, around.largest, limit)
    most = graph.most_with_cuts
    candidates = [
        each for each in candidates if len(each) <= most or not any(segments[k].cuts for k in each)
    ]
    if MOST_SEGMENTS < wholes <= _EVER:
        uncut = tuple(k for k, segment in enumerate(segments) if not segment.cuts)
        box = surrounding_box([segments[k] for k in uncut])
        if box.width <= _BROADEST * box.height and box.height <= around.largest[1]:
            candidates.append(uncut)
    covered = tuple(sum(masks[k] for k in each) for each in candidates)
    size = len(middles), around.writing_height, around.alone
    return Cluster(tuple(segments), tuple(candidates), covered, *size)


def geometry_of(graph: InkGraph[AnySegment], segments: Sequence[AnySegment]) -> Geometry:
    """How the segments of a candidate lie."""
    # The shortest tree that connects them (Prim 1957).
    gaps: list[float] = []
    skips = 0
    dots: dict[AnySegment, float] = {}
    overlap = 0.0
    free = list(segments[1:])
    tree = [segments[0]]
    while free:
        closest, index, inside = min(
            (
                (graph.contact(inside, outside), index, inside)
                for index, outside in enumerate(free)
                for inside in tree
            ),
            key=lambda found: (found[0].distance, found[1]),
        )
        nearest = free.pop(index)
        if closest.dot:
            dots[min(inside, nearest, key=lambda segment: segment.box.y)] = closest.distance
        elif closest.goes_on:
            skips += 1
        else:
            gaps.append(closest.distance)
            overlap += max(graph.contact(each, nearest).overlap for each in tree)
        tree.append(nearest)
    box = surrounding_box([segment for segment in segments if segment not in dots])
    return Geometry(
        width=box.width,
        height=box.height,
        gaps=tuple(gaps),
        overlap=overlap,
        segments=len(segments),
        skips=skips,
        cuts=sum(segment.cuts for segment in segments),
        dots=tuple((gap, max(dot.box.width, dot.box.height)) for dot, gap in dots.items()),
    )


def _connected(
    segments: Sequence[Segment],
    neighbours: Sequence[Sequence[int]],
    largest: tuple[float, float],
    most: int,
) -> InSteps[list[tuple[int, ...]]]:
    """Every segment, and every connected group of up to MOST_SEGMENTS that is no larger than
    `largest` (width, height) and has at most one segment of each stroke or component.

    neighbours: of each segment those that may share a character with it, the nearest first.
    most: how many candidates there may be; where there would be more, only the nearest count.
    """
    for reach in (len(segments), *_NEAREST):
        near = [0] * len(segments)
        for k, others in enumerate(neighbours):
            for other in others[:reach]:
                near[k] |= 1 << other
                near[other] |= 1 << k
        candidates = yield from _grown(segments, near, largest, most)
        if candidates is not None:
            return candidates
    return [(k,) for k in range(len(segments))]


def _grown(
    segments: Sequence[Segment], near: Sequence[int], largest: tuple[float, float], most: int
) -> InSteps[list[tuple[int, ...]] | None]:
    """As `_connected`; near: of each segment its neighbours, as bits. None for more than
    `most`."""
    wholes: dict[int, int] = {}
    whole_of = [1 << wholes.setdefault(id(s.whole), len(wholes)) for s in segments]
    boxes = [(s.box.x, s.box.y, s.box.right, s.box.bottom) for s in segments]
    found: dict[int, tuple[tuple[int, ...], tuple[float, ...], int, int]] = {
        1 << k: ((k,), boxes[k], whole_of[k], near[k]) for k in range(len(segments))
    }
    candidates: list[tuple[int, ...]] = [(k,) for k in range(len(segments))]
    widest, highest = largest
    for _ in range(MOST_SEGMENTS - 1):
        larger: dict[int, tuple[tuple[int, ...], tuple[float, ...], int, int]] = {}
        for number, (mask, entry) in enumerate(found.items(), start=1):
            members, (left, top, right, bottom), taken, beside = entry
            if number % _CANDIDATES_A_STEP == 0:
                yield
                if len(candidates) + len(larger) > most:
                    return None
            rest = beside & ~mask
            while rest:
                k = (rest & -rest).bit_length() - 1
                rest &= rest - 1
                now = mask | 1 << k
                if whole_of[k] & taken or now in larger:
                    continue
                x, y, x2, y2 = boxes[k]
                box = (min(left, x), min(top, y), max(right, x2), max(bottom, y2))
                if box[2] - box[0] <= widest and box[3] - box[1] <= highest:
                    larger[now] = (*members, k), box, taken | whole_of[k], beside | near[k]
            if len(candidates) + len(larger) > most:
                return None
        candidates += [tuple(sorted(members)) for members, _, _, _ in larger.values()]
        found = larger
    return candidates


def _surroundings(
    boxes: Floats, high: Floats, found: Sequence[Sequence[int]]
) -> list[Surroundings]:
    """What is around each of some clusters; arguments as for `find_clusters`.

    Most characters have a stroke that is as high as they are, so the writing's height is the upper
    quartile of the strokes' heights, those left out that are dots beside the others.
    """
    if not found:
        return []
    own = boxes[[index for members in found for index in members]]
    starts = np.cumsum([0, *(len(members) for members in found[:-1])])
    reach = _AROUND * np.maximum.reduceat(longest_sides(own), starts)[:, None]
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
    boxes: Floats, high: Floats, start: Floats, end: Floats
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
    """Width and height that a character of several segments can have among so many strokes."""
    if count <= TWO:
        return _LARGEST_OF_TWO
    return _LARGEST_ALONE if count <= _FEW else _LARGEST
