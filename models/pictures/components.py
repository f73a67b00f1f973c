"""From a picture's ink to its characters: connected components take the part of strokes.

Several components may be one character (a broken 5, an i), and one may be several that touch: it
is cut where that is cheap. Which it is, the same search decides as for strokes, by the same
features. Those are about the way of the pen, which lies half its width inside the ink's edge.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from models.ink.strokes import Box, covered_box
from models.pictures.cuts import cut_seams
from models.pictures.ruled_lines import without_rules
from models.preprocessing.mnist_form import pen_width
from models.segmentation.candidates import (
    NEAR,
    Cluster,
    Surroundings,
    cluster_of,
    hanging_together,
    shape_of,
)
from models.segmentation.features import lying, read
from models.segmentation.pairs import near_pairs
from models.segmentation.search import Lattice, run
from models.segmentation.segmenter import Candidates, Character, Classification, judged
from models.segmentation.segments import Contact, dot_reach, dots, may_be_dot, overlap, table
from models.segmentation.text_lines import in_lines
from models.segmentation.weights import Weights

Ink = NDArray[np.uint8]
_DUST = 0.4  # of the usual size: ink that is smaller and joins no other is no character
_WIDEST = 1.3  # heights of the writing, of a character that was cut from others
_SMALL = 32  # pixels, the longest side of pictures that are of one character always
_MOST_COMPONENTS = 250
_PARTNERS = 3  # nearest components that one may share a character with
_MOST_CUT = 2  # parts of a character, where one of them was cut from others
# Ink that is no broader, in heights, and that the network is so sure of is one character.
_BROAD, _SURE = 1.0, 0.99
_OUTLINE = 60  # points that stand for an outline where distances are measured


@dataclass(frozen=True, eq=False)
class Bit:
    """The smallest piece of ink: a component, or what lies between neighbouring cuts of one.

    number: of its pixels on the page. frame: around them: left, top, right and bottom. box: of the
    pen's way. outline: (n, 2), points on the edge of its ink.
    """

    number: int
    frame: tuple[int, int, int, int]
    box: Box
    outline: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Part:
    """A component, or what lies between two cuts of one.

    bits: from left to right. box: of the pen's way. whole: the component. cuts: how many of its
    ends are cuts.
    """

    bits: tuple[Bit, ...]
    box: Box
    whole: Bit
    cuts: int = 0


def characters_in(
    ink: Ink, classify: Callable[[Ink], Classification], weights: Weights
) -> list[Character]:
    """The characters of a picture in reading order, boxes in its pixels. No ink, no characters.

    All ink of a picture of up to 32 pixels, as data sets have them, is one character.

    ink: (height, width) uint8, 0 for paper to 255 for ink. classify: such ink as one character.
    """
    if not ink.any():
        return []
    # Most often all is one character, be it broken or among specks.
    box, every = covered_box(ink), classify(ink)
    sure = box.width <= _BROAD * box.height and every.probabilities.max() >= _SURE
    if sure or max(ink.shape) <= _SMALL:
        return [Character((), (), box, every)]
    page = Page(without_rules(ink), classify, weights.dotted)
    found: list[tuple[Box, Classification, bool]] = []
    for members, around in page.clusters():
        candidates = page.candidates(members, around, weights)
        cluster = candidates.cluster
        way, _ = run(Lattice(cluster.count, cluster.atoms).best(candidates.worths(weights)))
        for k in way:
            parts = [cluster.pieces[m] for m in cluster.groups[k]]
            found.append((page.box(parts), page.classify(parts), page.is_dotted(parts)))
    sizes = np.array([max(box.width, box.height) for box, _, _ in found])
    usual = np.percentile(sizes[sizes >= 0.25 * sizes.max()], 75)
    found = [each for each, size in zip(found, sizes, strict=True) if size >= _DUST * usual]
    rows = in_lines([box for box, _, _ in found])
    return [
        Character((), (), box, classification, line, dotted)
        for line, row in enumerate(rows)
        for box, classification, dotted in [found[k] for k in row]
    ]


class Page:
    """A picture's ink as pieces that can be grouped into characters."""

    def __init__(
        self, ink: Ink, classify: Callable[[Ink], Classification], dotted: bool = False
    ) -> None:
        """ink: (height, width) uint8, 0 paper to 255 ink. classify: such ink as one character.
        dotted: whether ink above other ink may be the dot of an i.
        """
        self._classify = classify
        self._dotted = dotted
        self._looks: dict[tuple[int, ...], Classification] = {}
        self.pen = pen_width(ink)
        self._ink = ink
        self._core = (ink >= max(1, int(ink.max()) // 2)).astype(np.uint8)
        count, components = cv2.connectedComponents(self._core, connectivity=8)
        # Soft edges go with the nearest component.
        _, nearest = cv2.distanceTransformWithLabels(
            1 - self._core, cv2.DIST_L2, 3, labelType=cv2.DIST_LABEL_CCOMP
        )
        number = np.zeros(int(nearest.max()) + 1, np.int32)
        number[nearest[self._core > 0]] = components[self._core > 0]
        # Of each pixel the number of the bit that it belongs to, 0 for paper.
        self._numbers = np.where(ink > 0, number[nearest], 0)
        self._partners: dict[int, set[int]] = {}
        self._gaps: dict[tuple[int, int], float] = {}
        self._next = count
        bits = [self._bit(k, frame) for k, frame in enumerate(_frames(self._numbers, count), 1)]
        bits.sort(key=lambda bit: -len(bit.outline))
        # So many are the grain of the paper rather than writing: they are not searched.
        self._crowded = len(bits) > _MOST_COMPONENTS
        self._wholes = [Part((bit,), bit.box, bit) for bit in bits[:_MOST_COMPONENTS]]

    def clusters(self) -> list[tuple[tuple[int, ...], Surroundings]]:
        """Which components hang together, from left to right, and what is around them."""
        boxes = table(self._wholes)
        width, height = (boxes[:, 2:] - boxes[:, :2]).T
        near = self._near(self._wholes, NEAR * np.maximum(width, height))
        for one, others in zip(self._wholes, near, strict=True):
            closest = sorted(others, key=lambda k: self._distance(one, self._wholes[k]))
            numbers = [self._wholes[k].whole.number for k in closest[:_PARTNERS]]
            self._partners[one.whole.number] = set(numbers)
        # A dash has no height of its own to go by.
        high = np.maximum(np.where(height < self.pen, 0.5 * width, height), 1.0)
        pairs = [(k, m) for k, others in enumerate(near) for m in others]
        first, second = np.array(pairs, np.intp).reshape(-1, 2).T
        return hanging_together(boxes, high, (first, second))

    def candidates(
        self, members: Sequence[int], around: Surroundings, weights: Weights
    ) -> Candidates[Part]:
        """What may be a character among components that hang together."""
        cluster = self._cluster(members, around)
        groups = [[cluster.pieces[k] for k in group] for group in cluster.groups]
        shapes = [shape_of(group, self._contact) for group in groups]
        kept = self._promising(groups, lying(shapes, around.writing, cluster.all_ink), weights)
        own = [shapes[k] for k in kept]
        return judged(cluster.only(kept), own, lambda k: self.classify(groups[kept[k]]), weights)

    def _promising(
        self, groups: Sequence[Sequence[Part]], lie: NDArray[np.float64], weights: Weights
    ) -> list[int]:
        """Which groups may be worth more than their parts are, each as a character of its own."""
        worth = lie @ weights.lying
        single = [k for k, group in enumerate(groups) if len(group) == 1]
        classifications = np.array([self.classify(groups[k]).probabilities for k in single])
        pieces = np.ones(len(single), np.int64)
        seen = read(classifications, pieces, weights.habits, weights.one, weights.alike)
        alone = dict(
            zip(
                (id(groups[k][0]) for k in single), worth[single] + seen @ weights.read, strict=True
            )
        )
        most = worth + weights.most_read
        return [
            k
            for k, group in enumerate(groups)
            if len(group) == 1
            or (
                (len(group) <= _MOST_CUT or not any(part.cuts for part in group))
                and most[k] >= sum(alone[id(part)] for part in group)
            )
        ]

    def classify(self, parts: Sequence[Part]) -> Classification:
        """At some parts as one character."""
        key = tuple(
            bit.number for part in parts for bit in (part.bits if part.cuts else (part.whole,))
        )
        if key not in self._looks:
            self._looks[key] = self._classify(self._only(parts))
        return self._looks[key]

    def is_dotted(self, parts: Sequence[Part]) -> bool:
        """Whether some part of a character lies above the rest as the dot of an i does."""
        return bool(shape_of(parts, self._contact).dots)

    def box(self, parts: Sequence[Part]) -> Box:
        """Around the ink of some parts, in pixels."""
        left, top, _, _ = _frame(parts)
        box = covered_box(self._only(parts))
        return Box(left + box.x, top + box.y, box.width, box.height)

    def _only(self, parts: Sequence[Part]) -> Ink:
        """The ink of some parts, cropped to their frame, without that of others."""
        left, top, right, bottom = _frame(parts)
        own = np.zeros(self._next, np.uint8)
        own[[bit.number for part in parts for bit in part.bits]] = 1
        place = slice(top, bottom), slice(left, right)
        return np.asarray(self._ink[place] * own[self._numbers[place]])

    def _cluster(self, members: Sequence[int], around: Surroundings) -> Cluster[Part]:
        """What may be a character among components that hang together."""
        writing = around.writing
        parts: list[Part] = []
        masks: list[int] = []
        smallest: list[tuple[float, float, int]] = []
        for whole in (self._wholes[k] for k in members):
            uncut = self._crowded or self._sure(whole, writing)
            bits = [whole.whole] if uncut else self._cut(whole.whole, writing)
            for start in range(len(bits)):
                for end in range(start + 1, len(bits) + 1):
                    box = _around([bit.box for bit in bits[start:end]])
                    cuts = (start > 0) + (end < len(bits))
                    if not cuts or end - start == 1 or box.width <= _WIDEST * writing:
                        parts.append(Part(tuple(bits[start:end]), box, whole.whole, cuts))
                        masks.append(((1 << end) - (1 << start)) << len(smallest))
            for bit in bits:
                smallest.append((bit.box.x + bit.box.right, bit.box.y, len(smallest)))
        near = self._near(parts, np.full(len(parts), NEAR * writing))
        neighbours = [
            sorted(
                (k for k in others if self._partner(part.whole, parts[k].whole)),
                key=lambda k: self._distance(part, parts[k]),
            )
            for part, others in zip(parts, near, strict=True)
        ]
        return run(cluster_of(parts, masks, smallest, neighbours, around, len(members)))

    def _partner(self, one: Bit, other: Bit) -> bool:
        """Whether either of two components is among the nearest of the other."""
        return (
            one.number in self._partners[other.number] or other.number in self._partners[one.number]
        )

    def _sure(self, whole: Part, writing: float) -> bool:
        """Whether a component is a character without a doubt, so that it need not be cut."""
        broad = whole.box.width > _BROAD * max(whole.box.height, writing)
        return not broad and bool(self.classify([whole]).probabilities.max() >= _SURE)

    def _cut(self, whole: Bit, writing: float) -> list[Bit]:
        """The component's smallest pieces, from left to right."""
        left, top, right, bottom = whole.frame
        numbers = self._numbers[top:bottom, left:right]
        own = numbers == whole.number
        ink = np.where(own, self._ink[top:bottom, left:right], 0).astype(np.uint8)
        seams = cut_seams(ink, writing, self.pen)
        if not seams:
            return [whole]
        columns = np.arange(right - left)
        index = (columns >= np.stack(seams)[:, :, np.newaxis]).sum(axis=0)
        numbers[own] = (self._next + index)[own]
        first, self._next = self._next, self._next + len(seams) + 1
        local = np.where(own, numbers - first + 1, 0)
        frames = _frames(local, len(seams) + 2)
        return [
            self._bit(first + k, (left + x, top + y, left + right_, top + bottom_))
            for k, (x, y, right_, bottom_) in enumerate(frames)
            if right_
        ]

    def _bit(self, number: int, frame: tuple[int, int, int, int]) -> Bit:
        left, top, right, bottom = frame
        place = slice(top, bottom), slice(left, right)
        mask = ((self._numbers[place] == number) & (self._core[place] > 0)).astype(np.uint8)
        if not mask.any():  # soft ink alone
            mask = (self._numbers[place] == number).astype(np.uint8)
        contours, _ = cv2.findContours(
            mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE, offset=(left, top)
        )
        edge = np.concatenate(contours)[:, 0].astype(np.float64)
        low, high = edge.min(axis=0), edge.max(axis=0) + 1
        # Ink that is thinner than the pen is elsewhere has its way in its middle.
        inside = np.minimum(self.pen, high - low) / 2
        low, high = low + inside, high - inside
        box = Box(*low.tolist(), *(high - low).tolist())
        return Bit(number, frame, box, edge[:: max(1, len(edge) // _OUTLINE)])

    def _near(self, parts: Sequence[Part], reach: NDArray[np.float64]) -> list[set[int]]:
        """Of each part those of other components that are near it; reach: of each, in pixels.

        Touching characters are cut, and broken ones joined, but not both on both sides.
        """
        near: list[set[int]] = [set() for _ in parts]
        if self._crowded:
            return near
        boxes = table(parts)
        farther = reach
        if self._dotted:
            size = (boxes[:, 2:] - boxes[:, :2]).max(axis=1)
            farther = np.maximum(reach, dot_reach(size))
        i, j, gaps = run(near_pairs(boxes, farther))
        farthest = np.maximum(reach[i], reach[j])
        dotted = dots(boxes[i], boxes[j]) & self._dotted
        for pair in np.flatnonzero(dotted | (gaps <= farthest)).tolist():
            k, m = int(i[pair]), int(j[pair])
            one, other = parts[k], parts[m]
            if one.whole is other.whole or (one.cuts and other.cuts):
                continue
            if dotted[pair] or self._distance(one, other) <= farthest[pair]:
                near[k].add(m)
                near[m].add(k)
        return near

    def _contact(self, one: Part, other: Part) -> Contact:
        dot = self._dotted and may_be_dot(one, other)
        return Contact(self._distance(one, other), overlap(one.box, other.box), dot)

    def _distance(self, one: Part, other: Part) -> float:
        """Between the pen's ways of two parts."""
        return self.pen + min(self._gap(a, b) for a in one.bits for b in other.bits)

    def _gap(self, one: Bit, other: Bit) -> float:
        key = min(one.number, other.number), max(one.number, other.number)
        if key not in self._gaps:
            steps = one.outline[:, np.newaxis] - other.outline
            self._gaps[key] = float(np.sqrt((steps**2).sum(axis=2).min()))
        return self._gaps[key]


def _frames(numbers: NDArray[np.int32], count: int) -> list[tuple[int, int, int, int]]:
    """Around the pixels of each number from 1 up to below `count`: left, top, right, bottom."""
    rows, columns = np.nonzero(numbers)
    found = numbers[rows, columns]
    frames = np.zeros((count, 4), np.int64)
    frames[:, :2] = max(numbers.shape)
    np.minimum.at(frames[:, 0], found, columns)
    np.minimum.at(frames[:, 1], found, rows)
    np.maximum.at(frames[:, 2], found, columns + 1)
    np.maximum.at(frames[:, 3], found, rows + 1)
    return [(left, top, right, bottom) for left, top, right, bottom in frames[1:].tolist()]


def _frame(parts: Sequence[Part]) -> tuple[int, int, int, int]:
    """Around the pixels of some parts: left, top, right and bottom."""
    frames = np.array([bit.frame for part in parts for bit in part.bits])
    left, top = frames[:, :2].min(axis=0).tolist()
    right, bottom = frames[:, 2:].max(axis=0).tolist()
    return left, top, right, bottom


def _around(boxes: Sequence[Box]) -> Box:
    """The smallest box around some."""
    x, y = min(box.x for box in boxes), min(box.y for box in boxes)
    return Box(x, y, max(box.right for box in boxes) - x, max(box.bottom for box in boxes) - y)
