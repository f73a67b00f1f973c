"""How the strokes of a page lie: their clusters, and the segments that each may be divided into."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.ink.strokes import Stroke
from models.segmentation.candidates import (
    CONTACTS_A_STEP,
    NEAR,
    TWO,
    Cluster,
    Surroundings,
    build_cluster,
    find_clusters,
)
from models.segmentation.features import MOST_SEGMENTS
from models.segmentation.pairs import Pairs, among, degrees, near_pairs
from models.segmentation.search import InSteps
from models.segmentation.segments import (
    Contact,
    StrokeSegment,
    box_table,
    contact,
    cut_places,
    dot_reach,
    dots,
    goes_on,
    longest_sides,
    stroke_distance,
)
from models.segmentation.sketches import is_tangle, sketched
from models.segmentation.specks import find_specks
from models.util.arrays import Floats

# Strokes whose boxes overlap that of one: from here on lines are not measured against each other,
# and none is cut for it. A frame around a word has as many within it, no character has.
_CROWD = 12
_THRONG = 24  # the same of strokes whose boxes are near that of one; in tight writing half as many
_CUT_UPTO = 4  # others that overlap a stroke; one with more is no two digits in one line


@dataclass(frozen=True)
class Layout:
    """How the strokes of a page lie, by their indices.

    clusters: from left to right, and what is around each.
    sketches: strokes that lie so densely across or beside each other as no writing does.
    specks: ink far smaller than the writing beside it; those in no cluster stand apart.
    near: (n, 2), pairs of strokes that are no farther apart than half the smaller one.
    crossing: (n, 2), pairs of strokes that cross or touch.
    sizes: (strokes,), the longest side of each.
    """

    clusters: list[tuple[tuple[int, ...], Surroundings]]
    sketches: list[list[int]]
    specks: set[int]
    near: NDArray[np.intp]
    crossing: NDArray[np.intp]
    sizes: Floats

    def is_tangle(self, members: Sequence[int]) -> bool:
        """Whether strokes of a cluster cross as much as no writing does."""
        own = np.zeros(len(self.sizes), bool)
        own[list(members)] = True
        return is_tangle(int(own[self.crossing].all(axis=1).sum()), self.sizes[own])


class StrokeGraph:
    """The segments of a page's strokes (`candidates.InkGraph`).

    Computes each segment and contact once, as long as its strokes are there.
    """

    most_with_cuts = MOST_SEGMENTS

    def most_candidates(self, wholes: int, primitives: int) -> int:
        """Lines of real characters that touch, in lines that do, may have 20 to 30 for each stroke;
        with 15 as many are segmented right as with 70.
        """
        return 100 + 15 * wholes

    def __init__(self, dotted: bool, pen: float) -> None:
        """dotted: whether ink above other ink may be the dot of an i. pen: its width, 0 where it is
        not known, in the units of the ink.
        """
        self.dotted = dotted
        self._pen = pen
        # By the identity of strokes, which the segments keep alive.
        self._segments: dict[int, dict[tuple[int, int], StrokeSegment]] = {}
        self._contacts: dict[StrokeSegment, dict[StrokeSegment, Contact]] = {}

    def forget_all_but(self, strokes: Sequence[Stroke]) -> None:
        """Drops what is known of all other strokes."""
        gone = {
            segment
            for key in self._segments.keys() - {id(stroke) for stroke in strokes}
            for segment in self._segments.pop(key).values()
        }
        for segment in gone:
            self._contacts.pop(segment, None)
        for others in self._contacts.values():
            for segment in gone & others.keys():
                del others[segment]

    def segment(self, stroke: Stroke, start: int = 0, end: int | None = None) -> StrokeSegment:
        """The stroke, or its stretch from one of its points to another."""
        last = len(stroke) - 1
        end = last if end is None else end
        known = self._segments.setdefault(id(stroke), {})
        if (start, end) not in known:
            cuts = (start > 0) + (end < last)
            ink = stroke if not cuts else Stroke.view(stroke.points[start : end + 1])
            known[start, end] = StrokeSegment(ink, stroke, cuts)
        return known[start, end]

    def contact(self, one: StrokeSegment, other: StrokeSegment) -> Contact:
        """How two segments lie to each other."""
        first, second = (one, other) if id(one) < id(other) else (other, one)
        known = self._contacts.setdefault(first, {})
        if second not in known:
            distance = stroke_distance(first, second)
            known[second] = contact(first, second, distance, self.dotted, goes_on(first, second))
        return known[second]

    def may_join(self, one: StrokeSegment, other: StrokeSegment) -> bool:
        """Whether they are of different strokes."""
        return one.whole is not other.whole

    def layout(
        self,
        strokes: Sequence[Stroke],
        merged: Sequence[Sequence[int]] = (),
        edited: Collection[int] = (),
    ) -> InSteps[Layout]:
        """How the strokes lie.

        merged: strokes that come into one cluster wherever they are. edited: strokes that are
        neither sketch nor speck, all of those merged among them. Clusters have their strokes from
        left to right, so that the order of writing makes no difference to what follows.
        """
        wholes = [self.segment(stroke) for stroke in strokes]
        boxes = box_table(wholes)
        speck, apart = find_specks(
            boxes, self._pen, self.dotted, lambda i, j: self.contact(wholes[i], wholes[j]).distance
        )
        is_edited = np.zeros(len(wholes), bool)
        is_edited[list(edited)] = True
        speck &= ~is_edited
        kept = np.flatnonzero(~(speck & apart))
        place = {index: k for k, index in enumerate(kept.tolist())}
        found = yield from self._pairs([wholes[k] for k in kept], boxes[kept])
        near, beside, across, linked = found
        sketches = sketched(len(kept), near, beside, across, is_edited[kept])
        rest = np.ones(len(kept), bool)
        rest[[one for members in sketches for one in members]] = False
        i, j = among(linked, rest)
        new = np.cumsum(rest) - 1
        own = boxes[kept[rest]]
        clusters = find_clusters(
            own,
            np.maximum(own[:, 3] - own[:, 1], 0.5 * (own[:, 2] - own[:, 0])),
            (new[i], new[j]),
            [[int(new[place[one]]) for one in members] for members in merged],
            not sketches,
        )
        old = kept[rest]
        return Layout(
            [(tuple(old[list(members)].tolist()), around) for members, around in clusters],
            [kept[members].tolist() for members in sketches],
            set(np.flatnonzero(speck).tolist()),
            kept[np.column_stack(near)],
            kept[np.column_stack(across)],
            longest_sides(boxes),
        )

    def _pairs(self, wholes: Sequence[StrokeSegment], boxes: Floats) -> InSteps[list[Pairs]]:
        """Four kinds of pairs of strokes: no farther apart than half the smaller one; of these the
        ones whose boxes, (n, 4), do not touch; those that cross or touch; and those that may belong
        to one character.
        """
        size = longest_sides(boxes)
        loose = len(wholes) <= TWO
        least = 2 * self._pen  # that a size counts as, where the density of ink is measured
        reach = NEAR * np.maximum(size, least)
        if self.dotted:
            reach = np.maximum(reach, dot_reach(boxes, loose))
        i, j, gaps = yield from near_pairs(boxes, reach)
        touching = gaps == 0
        within = NEAR * np.maximum(np.minimum(size[i], size[j]), least)
        close = gaps <= within
        crowded = degrees(len(wholes), (i[touching], j[touching])) >= _CROWD
        crowded |= degrees(len(wholes), (i[close], j[close])) >= _THRONG
        in_crowd = crowded[i] | crowded[j]
        farthest = NEAR * np.maximum(size[i], size[j])
        measured = (gaps <= farthest) & ~in_crowd
        distance = gaps.copy()
        for number, pair in enumerate(np.flatnonzero(measured).tolist(), start=1):
            distance[pair] = self.contact(wholes[i[pair]], wholes[j[pair]]).distance
            if number % CONTACTS_A_STEP == 0:
                yield
        near = distance <= within
        # To measure each line against hundreds that lie across it would take seconds: there a
        # dozen of them, by their boxes alone, are enough to find the clusters.
        linked = measured & (distance <= farthest)
        linked |= _first_of_each(i, j, in_crowd & touching, _CROWD)
        if self.dotted:
            linked |= dots(boxes[i], boxes[j], loose)
        kinds = near, near & ~touching, distance == 0, linked
        return [(i[kind], j[kind]) for kind in kinds]

    def cluster(
        self, strokes: Sequence[Stroke], around: Surroundings, forced: Collection[Stroke] = ()
    ) -> InSteps[Cluster[StrokeSegment]]:
        """The cluster of some strokes, each cut where it may go over to another character.

        forced: strokes that have to be cut, wherever that is best.
        """
        boxes = box_table([self.segment(stroke) for stroke in strokes])
        i, j, _ = yield from near_pairs(boxes, np.zeros(len(boxes)))
        overlapping = degrees(len(boxes), (i, j)).tolist()
        stretches = []
        for stroke, others in zip(strokes, overlapping, strict=True):
            cuts = []
            if stroke in forced or others <= _CUT_UPTO:
                cuts = cut_places(stroke, around.writing_height, stroke in forced)
            ends = [0, *cuts, max(len(stroke) - 1, 0)]
            stretches.append(
                [
                    (start, end, self.segment(stroke, ends[start], ends[end]))
                    for start in range(len(ends) - 1)
                    for end in range(start + 1, len(ends))
                ]
            )
        return (yield from build_cluster(self, stretches, around))


def _first_of_each(
    i: NDArray[np.intp], j: NDArray[np.intp], chosen: NDArray[np.bool_], most: int
) -> NDArray[np.bool_]:
    """(pairs,): which of the chosen pairs are among the first `most` of either of their two."""
    pairs = np.flatnonzero(chosen)
    own = np.concatenate([i[pairs], j[pairs]])
    order = np.lexsort((np.concatenate([j[pairs], i[pairs]]), own))
    own = own[order]
    new = np.flatnonzero(np.concatenate([[True], np.diff(own) != 0])) if len(own) else own
    rank = np.arange(len(own)) - np.repeat(new, np.diff([*new, len(own)]))
    first = np.zeros(len(i), bool)
    first[np.concatenate([pairs, pairs])[order[rank < most]]] = True
    return first
