"""How the strokes of a page lie: which hang together, and into what each may be cut."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.ink.strokes import Stroke
from models.segmentation.candidates import (
    NEAR,
    TWO,
    Cluster,
    Surroundings,
    cluster_of,
    hanging_together,
    shape_of,
)
from models.segmentation.features import Shape
from models.segmentation.pairs import degrees, near_pairs
from models.segmentation.search import InSteps
from models.segmentation.segments import Contact, Piece, contact, cut_places, dot_reach, dots, table
from models.segmentation.sketches import is_tangle, sketched
from models.segmentation.specks import find_specks

# Strokes whose boxes overlap that of one: from here on lines are not measured against each other,
# and none is cut for it. A frame around a word has as many within it, no character has.
_CROWD = 12
_THRONG = 24  # the same of strokes whose boxes are near that of one; in tight writing half as many
_CUT_UPTO = 4  # others that overlap a stroke; one with more is no two digits in one line
_CONTACTS_A_STEP = 30  # about a millisecond


@dataclass(frozen=True)
class Layout:
    """How the strokes of a page hang together, by their indices.

    clusters: which share characters with no others, from left to right, and what is around them.
    sketches: strokes that lie so much across or beside each other as no writing does.
    specks: ink far smaller than the writing beside it; those that are in no cluster stand apart.
    near: pairs, (n, 2), of strokes that are no farther apart than half the smaller one. crossing:
    pairs, (n, 2), of those that cross or touch. sizes: (strokes,), the longest side of each.
    """

    clusters: list[tuple[tuple[int, ...], Surroundings]]
    sketches: list[list[int]]
    specks: set[int]
    near: NDArray[np.intp]
    crossing: NDArray[np.intp]
    sizes: NDArray[np.float64]

    def is_tangle(self, members: Sequence[int]) -> bool:
        """Whether strokes of a cluster cross as much as no writing does."""
        own = np.zeros(len(self.sizes), bool)
        own[list(members)] = True
        return is_tangle(int(own[self.crossing].all(axis=1).sum()), self.sizes[own])


@dataclass(frozen=True)
class _Pairs:
    """Strokes that lie near each other, by their indices i and j, and how: (pairs,) of each.

    near: no farther apart than half the smaller one. beside: near, but their boxes do not touch.
    cross: they cross or touch. linked: they may belong to one character.
    """

    i: NDArray[np.intp]
    j: NDArray[np.intp]
    near: NDArray[np.bool_]
    beside: NDArray[np.bool_]
    cross: NDArray[np.bool_]
    linked: NDArray[np.bool_]


class Geometry:
    """How the ink of a page lies. Works each thing out once, as long as its strokes are there."""

    def __init__(self, dotted: bool = False, pen: float = 0.0) -> None:
        """dotted: whether ink above other ink may be the dot of an i. pen: its width."""
        self._dotted = dotted
        self._pen = pen
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
            known[id(second)] = contact(first, second, self._dotted)
        return known[id(second)]

    def layout(
        self,
        strokes: Sequence[Stroke],
        joined: Sequence[Sequence[int]] = (),
        written: Collection[int] = (),
    ) -> InSteps[Layout]:
        """Which strokes hang together.

        joined: strokes that hang together whatever their places. written: strokes that are neither
        sketch nor speck, all of those joined among them. Indices go from left to right, so that
        the order of writing makes no difference to anything that follows.
        """
        wholes = [self.piece(stroke) for stroke in strokes]
        boxes = table(wholes)
        speck, apart = find_specks(
            boxes, self._pen, self._dotted, lambda i, j: self.contact(wholes[i], wholes[j]).distance
        )
        said = np.zeros(len(wholes), bool)
        said[list(written)] = True
        speck &= ~said
        kept = np.flatnonzero(~(speck & apart))
        place = {index: k for k, index in enumerate(kept.tolist())}
        pairs = yield from self._pairs([wholes[k] for k in kept], boxes[kept])
        i, j = pairs.i, pairs.j
        near, beside, across = (
            (i[kind], j[kind]) for kind in (pairs.near, pairs.beside, pairs.cross)
        )
        sketches = sketched(len(kept), near, beside, across, said[kept])
        rest = np.ones(len(kept), bool)
        rest[[one for members in sketches for one in members]] = False
        linked = pairs.linked & rest[i] & rest[j]
        new = np.cumsum(rest) - 1
        own = boxes[kept[rest]]
        found = hanging_together(
            own,
            np.maximum(own[:, 3] - own[:, 1], 0.5 * (own[:, 2] - own[:, 0])),
            (new[i[linked]], new[j[linked]]),
            [[int(new[place[one]]) for one in members] for members in joined],
            not sketches,
        )
        old = kept[rest]
        return Layout(
            [(tuple(old[list(members)].tolist()), around) for members, around in found],
            [kept[members].tolist() for members in sketches],
            set(np.flatnonzero(speck).tolist()),
            kept[np.column_stack(near)],
            kept[np.column_stack(across)],
            (boxes[:, 2:] - boxes[:, :2]).max(axis=1),
        )

    def _pairs(self, wholes: Sequence[Piece], boxes: NDArray[np.float64]) -> InSteps[_Pairs]:
        """How strokes lie in pairs; boxes: (n, 4) of them."""
        size = (boxes[:, 2:] - boxes[:, :2]).max(axis=1)
        loose = len(wholes) <= TWO
        least = 2 * self._pen  # of a size, where it is asked whether ink is dense
        reach = NEAR * np.maximum(size, least)
        if self._dotted:
            reach = np.maximum(reach, dot_reach(size, loose))
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
            if number % _CONTACTS_A_STEP == 0:
                yield
        near = distance <= within
        # To measure each line against hundreds that lie across it would take seconds: there a
        # dozen of them, by their boxes alone, are enough to see what hangs together.
        linked = measured & (distance <= farthest)
        linked |= _first_of_each(i, j, in_crowd & touching, _CROWD)
        if self._dotted:
            linked |= dots(boxes[i], boxes[j], loose)
        return _Pairs(i, j, near, near & ~touching, distance == 0, linked)

    def cluster(
        self, strokes: Sequence[Stroke], around: Surroundings, forced: Sequence[bool]
    ) -> InSteps[Cluster[Piece]]:
        """What may be a character among strokes that hang together.

        forced: for each stroke whether it has to be cut, wherever that is best.
        """
        pieces: list[Piece] = []
        masks: list[int] = []
        smallest: list[tuple[float, float, int]] = []
        boxes = table([self.piece(stroke) for stroke in strokes])
        i, j, _ = yield from near_pairs(boxes, np.zeros(len(boxes)))
        crossed = degrees(len(boxes), (i, j))
        for stroke, force, others in zip(strokes, forced, crossed.tolist(), strict=True):
            cuts = cut_places(stroke, around.writing, force) if force or others <= _CUT_UPTO else []
            ends = [0, *cuts, max(len(stroke) - 1, 0)]
            steps = len(ends) - 1
            for start in range(steps):
                for end in range(start + 1, steps + 1):
                    piece = self.piece(stroke, ends[start], ends[end])
                    pieces.append(piece)
                    masks.append(((1 << end) - (1 << start)) << len(smallest))
            for start in range(steps):
                box = self.piece(stroke, ends[start], ends[start + 1]).box
                smallest.append((box.x + box.right, box.y, len(smallest)))
        loose = around.alone and len(strokes) <= TWO
        neighbours = yield from self._neighbours(pieces, around.writing, loose)
        return (yield from cluster_of(pieces, masks, smallest, neighbours, around, len(strokes)))

    def _neighbours(
        self, pieces: Sequence[Piece], writing: float, loose: bool
    ) -> InSteps[list[list[int]]]:
        """Of each piece those of other strokes that are near it, the nearest first. loose: dots may
        be farther away.
        """
        near: list[list[tuple[float, int]]] = [[] for _ in pieces]
        boxes = table(pieces)
        reach = np.full(len(pieces), NEAR * writing)
        if self._dotted:
            size = (boxes[:, 2:] - boxes[:, :2]).max(axis=1)
            reach = np.maximum(reach, dot_reach(size, loose))
        i, j, gaps = yield from near_pairs(boxes, reach)
        dotted = dots(boxes[i], boxes[j], loose) & self._dotted
        possible = np.flatnonzero(dotted | (gaps <= NEAR * writing)).tolist()
        for number, pair in enumerate(possible, start=1):
            k, m = int(i[pair]), int(j[pair])
            one, other = pieces[k], pieces[m]
            if one.whole is other.whole:
                continue
            if dotted[pair] or self.contact(one, other).distance <= NEAR * writing:
                near[k].append((float(gaps[pair]), m))
                near[m].append((float(gaps[pair]), k))
            if number % _CONTACTS_A_STEP == 0:
                yield
        return [[other for _, other in sorted(each)] for each in near]

    def shape(self, pieces: Sequence[Piece]) -> Shape:
        """How the pieces of a group lie."""
        return shape_of(pieces, self.contact)


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
