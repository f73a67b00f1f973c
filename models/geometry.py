"""How the strokes of a page lie: which hang together, and into what each may be cut."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.clusters import (
    NEAR,
    TWO,
    Cluster,
    Surroundings,
    cluster_of,
    gaps_between,
    hanging_together,
    shape_of,
)
from models.grouping import Shape
from models.ink import Stroke
from models.pieces import Contact, Piece, contact, cut_places, dots, table

# Strokes whose boxes overlap that of one: from here on lines are not measured against each other,
# and none is cut for it. A frame around a word has as many within it, no character has.
_CROWD = 12
# In a scribble every stroke overlaps this many others on average; in writing two or three do.
_SCRIBBLED = 8
_FEW_STROKES = 12  # so many may always be characters
_CUT_UPTO = 4  # others that overlap a stroke; one with more is no two digits in one line


class Geometry:
    """How the ink of a page lies. Works each thing out once, as long as its strokes are there."""

    def __init__(self, dotted: bool = False) -> None:
        """dotted: whether ink above other ink may be the dot of an i."""
        self._dotted = dotted
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

    def clusters(
        self, strokes: Sequence[Stroke], joined: Sequence[Sequence[int]] = ()
    ) -> list[tuple[tuple[int, ...], Surroundings]]:
        """Which strokes hang together: their indices, and what is around them.

        joined: strokes that hang together whatever their places. Indices go from left to right, so
        that the order of writing makes no difference to anything that follows.
        """
        wholes = [self.piece(stroke) for stroke in strokes]
        boxes = table(wholes)
        near = self._near(wholes, boxes)
        high = np.maximum(boxes[:, 3] - boxes[:, 1], 0.5 * (boxes[:, 2] - boxes[:, 0]))
        return hanging_together(boxes, high, near, joined)

    def _near(self, wholes: Sequence[Piece], boxes: NDArray[np.float64]) -> list[set[int]]:
        """Of each stroke, those near it."""
        size = (boxes[:, 2:] - boxes[:, :2]).max(axis=1)
        reach = NEAR * np.maximum(size[:, None], size)
        gaps = gaps_between(boxes)
        touching = gaps == 0
        crowded = touching.sum(axis=1) > _CROWD
        # To measure each line against hundreds that lie across it would take seconds: there a
        # dozen of them, by their boxes alone, are enough to see what hangs together.
        in_crowd = crowded[:, None] | crowded
        some = touching & in_crowd
        some &= np.cumsum(some, axis=1) <= _CROWD
        near: list[set[int]] = [set() for _ in wholes]
        measured = np.triu((gaps <= reach) & ~in_crowd, 1)
        unmeasured = np.triu(some | some.T | self._dots(boxes, len(wholes) <= TWO), 1)
        for i, j in np.argwhere(measured | unmeasured).tolist():
            if unmeasured[i, j] or self.contact(wholes[i], wholes[j]).distance <= reach[i, j]:
                near[i].add(j)
                near[j].add(i)
        return near

    def is_scribble(self, strokes: Sequence[Stroke]) -> bool:
        """Whether strokes that hang together lie so much across each other that none can be told
        from the others, and a search for characters would only take long.
        """
        if len(strokes) <= _FEW_STROKES:
            return False
        gaps = gaps_between(table([self.piece(stroke) for stroke in strokes]))
        return bool(((gaps == 0).sum(axis=1) - 1).mean() > _SCRIBBLED)

    def cluster(
        self, strokes: Sequence[Stroke], around: Surroundings, forced: Sequence[bool]
    ) -> Cluster[Piece]:
        """What may be a character among strokes that hang together.

        forced: for each stroke whether it has to be cut, wherever that is best.
        """
        pieces: list[Piece] = []
        masks: list[int] = []
        smallest: list[tuple[float, float, int]] = []
        boxes = table([self.piece(stroke) for stroke in strokes])
        crossed = (gaps_between(boxes) == 0).sum(axis=1) - 1
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
        neighbours = self._neighbours(pieces, around.writing, around.alone and len(strokes) <= TWO)
        return cluster_of(pieces, masks, smallest, neighbours, around, len(strokes))

    def _neighbours(self, pieces: Sequence[Piece], writing: float, loose: bool) -> list[int]:
        """Of each piece those of other strokes that are near it, as bits. loose: so are dots."""
        neighbours = [0] * len(pieces)
        if len(pieces) == 1:
            return neighbours
        boxes = table(pieces)
        dotted = self._dots(boxes, loose)
        close = gaps_between(boxes) <= NEAR * writing
        for k, m in np.argwhere(np.triu(close | dotted, 1)).tolist():
            one, other = pieces[k], pieces[m]
            if one.whole is other.whole:
                continue
            if dotted[k, m] or self.contact(one, other).distance <= NEAR * writing:
                neighbours[k] |= 1 << m
                neighbours[m] |= 1 << k
        return neighbours

    def _dots(self, boxes: NDArray[np.float64], loose: bool) -> NDArray[np.bool_]:
        return dots(boxes, loose) if self._dotted else np.zeros((len(boxes), len(boxes)), bool)

    def shape(self, pieces: Sequence[Piece]) -> Shape:
        """How the pieces of a group lie."""
        return shape_of(pieces, self.contact)
