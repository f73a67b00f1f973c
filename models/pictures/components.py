"""The graph of a picture's ink: connected components take the part of strokes.

Several components may be one character (a broken 5, an i), and one may be several that touch: it
is cut where that is cheap. The segmenter of strokes decides, by the same features. Those are about
the line that the pen wrote, which lies half the pen's width inside the ink's edge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from models.ink.strokes import Box, covered_box
from models.pictures.cuts import cut_seams
from models.pictures.whole import in_two_lines
from models.preprocessing.mnist_form import pen_width
from models.segmentation.candidates import (
    NEAR,
    Cluster,
    build_cluster,
    find_clusters,
    joinable_pairs,
)
from models.segmentation.search import run
from models.segmentation.segmenter import Classification
from models.segmentation.segments import (
    Contact,
    box_table,
    contact,
    longest_sides,
    surrounding_box,
)
from models.util.arrays import Floats

Ink = NDArray[np.uint8]
_WIDEST = 1.3  # heights of the writing, of a character that was cut from others
_MOST_COMPONENTS = 250
_PARTNERS = 3  # nearest components that one may share a character with
# A component that is no broader, in heights, and that the network is so sure of is not cut.
_BROAD, _SURE = 1.0, 0.99
# Pieces of so much of the largest one's size may be one character wherever they lie, such as the
# ends of a 2 that a fold divides: if they are so few, and together no broader, in heights.
_PIECE, _MOST_PIECES, _BROADEST = 0.2, 6, 1.8
_OUTLINE = 60  # points that stand for an outline where distances are measured


@dataclass(frozen=True, eq=False)
class Primitive:
    """A component, or what lies between neighbouring cuts of one.

    number: of its pixels in the picture. frame: around them: left, top, right and bottom. box:
    around the pen's line. outline: (n, 2), points on the edge of its ink.
    """

    number: int
    frame: tuple[int, int, int, int]
    box: Box
    outline: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class PictureSegment:
    """A component, or what lies between two cuts of one.

    primitives: from left to right. box: around the pen's line. whole: the component. cuts: how many
    of its ends are cuts.
    """

    primitives: tuple[Primitive, ...]
    box: Box
    whole: Primitive
    cuts: int = 0


class PictureGraph:
    """The segments of a picture's ink (`candidates.InkGraph`)."""

    most_with_cuts = 2

    def most_candidates(self, wholes: int, primitives: int) -> int:
        """A component may be cut in many places, and nobody waits for a picture between two frames:
        of 300 photographed numbers 299 are read as without any bound, and in letters mode 296.
        """
        return 100 + 400 * primitives

    def __init__(self, ink: Ink, classify: Callable[[Ink], Classification], dotted: bool) -> None:
        """ink: (height, width) uint8, 0 for paper to 255 for ink. classify: such ink as one
        character. dotted: whether ink above other ink may be the dot of an i.
        """
        self.dotted = dotted
        self._classify = classify
        self._classified: dict[tuple[int, ...], Classification] = {}
        self._pen = pen_width(ink)
        self._ink = ink
        self._core = (ink >= max(1, int(ink.max()) // 2)).astype(np.uint8)
        count, components = cv2.connectedComponents(self._core, connectivity=8)
        # Soft edges go with the nearest component.
        _, nearest = cv2.distanceTransformWithLabels(
            1 - self._core, cv2.DIST_L2, 3, labelType=cv2.DIST_LABEL_CCOMP
        )
        number = np.zeros(int(nearest.max()) + 1, np.int32)
        number[nearest[self._core > 0]] = components[self._core > 0]
        # Of each pixel the number of the primitive that it belongs to, 0 for paper.
        self._numbers = np.where(ink > 0, number[nearest], 0)
        self._partners: dict[Primitive, set[Primitive]] = {}
        self._gaps: dict[tuple[int, int], float] = {}
        self._next = count
        frames = _frames(self._numbers, count)
        wholes = [self._primitive(k, frame) for k, frame in enumerate(frames, 1)]
        wholes.sort(key=lambda whole: -len(whole.outline))
        # So many are the grain of the paper rather than writing: they are not searched.
        self._crowded = len(wholes) > _MOST_COMPONENTS
        self._components = [
            PictureSegment((whole,), whole.box, whole) for whole in wholes[:_MOST_COMPONENTS]
        ]

    def clusters(self) -> Iterator[Cluster[PictureSegment]]:
        """The clusters of components, each divided where it may be several characters."""
        boxes = box_table(self._components)
        width, height = (boxes[:, 2:] - boxes[:, :2]).T
        reach = NEAR * np.maximum(width, height)
        near, _ = run(joinable_pairs(self, self._components, reach))
        for k, component in enumerate(self._components):
            others = np.sort(np.concatenate([near[1][near[0] == k], near[0][near[1] == k]]))
            wholes = [self._components[m].whole for m in others.tolist()]
            wholes.sort(key=lambda other: self._gap(component.whole, other))
            self._partners[component.whole] = set(wholes[:_PARTNERS])
        # The height of a dash is that of the pen, not of the writing.
        high = np.maximum(np.where(height < self._pen, 0.5 * width, height), 1.0)
        together = [] if in_two_lines(self._ink) else _may_be_one(boxes)
        for members, around in find_clusters(boxes, high, near, together):
            stretches = [
                self._stretches(self._components[k], around.writing_height) for k in members
            ]
            cluster = run(build_cluster(self, stretches, around))
            yield _with_all_as_one(cluster) if around.alone else cluster

    def contact(self, one: PictureSegment, other: PictureSegment) -> Contact:
        """How two segments lie to each other."""
        gap = min(self._gap(a, b) for a in one.primitives for b in other.primitives)
        return contact(one, other, self._pen + gap, self.dotted)

    def may_join(self, one: PictureSegment, other: PictureSegment) -> bool:
        """Whether either component is among the nearest of the other. Touching characters are cut
        and broken ones joined, but not both on both sides.
        """
        if self._crowded or one.whole is other.whole or (one.cuts and other.cuts):
            return False
        partners = self._partners  # empty until all components are known to be near or not
        return (
            not partners or one.whole in partners[other.whole] or other.whole in partners[one.whole]
        )

    def classify(self, segments: Sequence[PictureSegment]) -> Classification:
        """Some segments as one character."""
        primitives = (each.primitives if each.cuts else (each.whole,) for each in segments)
        key = tuple(each.number for own in primitives for each in own)
        if key not in self._classified:
            self._classified[key] = self._classify(self._only(segments))
        return self._classified[key]

    def ink_box(self, segments: Sequence[PictureSegment]) -> Box:
        """Around the ink of some segments, in pixels."""
        left, top, _, _ = _frame(segments)
        box = covered_box(self._only(segments))
        return Box(left + box.x, top + box.y, box.width, box.height)

    def _only(self, segments: Sequence[PictureSegment]) -> Ink:
        """The ink of some segments, cropped to their frame, without that of others."""
        left, top, right, bottom = _frame(segments)
        own = np.zeros(self._next, np.uint8)
        own[[each.number for segment in segments for each in segment.primitives]] = 1
        place = slice(top, bottom), slice(left, right)
        return np.asarray(self._ink[place] * own[self._numbers[place]])

    def _stretches(
        self, component: PictureSegment, writing_height: float
    ) -> list[tuple[int, int, PictureSegment]]:
        """What a component may be divided into, as for `build_cluster`."""
        whole = component.whole
        broad = whole.box.width > _BROAD * max(whole.box.height, writing_height)
        sure = not broad and self.classify([component]).probabilities.max() >= _SURE
        primitives = [whole] if self._crowded or sure else self._cut(whole, writing_height)
        result = []
        for start in range(len(primitives)):
            for end in range(start + 1, len(primitives) + 1):
                own = tuple(primitives[start:end])
                box = surrounding_box(own)
                cuts = (start > 0) + (end < len(primitives))
                if not cuts or len(own) == 1 or box.width <= _WIDEST * writing_height:
                    result.append((start, end, PictureSegment(own, box, whole, cuts)))
        return result

    def _cut(self, whole: Primitive, writing_height: float) -> list[Primitive]:
        """The component's primitive segments, from left to right."""
        left, top, right, bottom = whole.frame
        numbers = self._numbers[top:bottom, left:right]
        own = numbers == whole.number
        ink = np.where(own, self._ink[top:bottom, left:right], 0).astype(np.uint8)
        seams = cut_seams(ink, writing_height, self._pen)
        if not seams:
            return [whole]
        columns = np.arange(right - left)
        index = (columns >= np.stack(seams)[:, :, np.newaxis]).sum(axis=0)
        numbers[own] = (self._next + index)[own]
        first, self._next = self._next, self._next + len(seams) + 1
        local = np.where(own, numbers - first + 1, 0)
        frames = _frames(local, len(seams) + 2)
        return [
            self._primitive(first + k, (left + x, top + y, left + right_, top + bottom_))
            for k, (x, y, right_, bottom_) in enumerate(frames)
            if right_
        ]

    def _primitive(self, number: int, frame: tuple[int, int, int, int]) -> Primitive:
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
        # The line of ink that is thinner than the pen is elsewhere lies in the middle of that ink.
        inside = np.minimum(self._pen, high - low) / 2
        low, high = low + inside, high - inside
        box = Box(*low.tolist(), *(high - low).tolist())
        return Primitive(number, frame, box, edge[:: max(1, len(edge) // _OUTLINE)])

    def _gap(self, one: Primitive, other: Primitive) -> float:
        """Between the outlines of two primitives, in pixels."""
        key = min(one.number, other.number), max(one.number, other.number)
        if key not in self._gaps:
            steps = one.outline[:, np.newaxis] - other.outline
            self._gaps[key] = float(np.sqrt((steps**2).sum(axis=2).min()))
        return self._gaps[key]


def _may_be_one(boxes: Floats) -> list[list[int]]:
    """The indices of components that may be one character together though they lie apart: all that
    are no specks, or none. boxes: (n, 4) of all components.
    """
    sizes = longest_sides(boxes)
    large = np.flatnonzero(sizes >= _PIECE * sizes.max())
    width, height = boxes[large, 2:].max(axis=0) - boxes[large, :2].min(axis=0)
    few = len(large) <= _MOST_PIECES and len(boxes) <= 2 * _MOST_PIECES
    return [large.tolist()] if few and width <= _BROADEST * height else []


def _with_all_as_one(cluster: Cluster[PictureSegment]) -> Cluster[PictureSegment]:
    """The cluster with all of it among its candidates."""
    every = (1 << cluster.count) - 1
    whole = tuple(k for k, segment in enumerate(cluster.segments) if not segment.cuts)
    if every in cluster.masks or len(whole) > 2 * _MOST_PIECES:
        return cluster
    return replace(
        cluster,
        candidates=(*cluster.candidates, whole),
        masks=(*cluster.masks, every),
    )


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


def _frame(segments: Sequence[PictureSegment]) -> tuple[int, int, int, int]:
    """Around the pixels of some segments: left, top, right and bottom."""
    frames = np.array([each.frame for segment in segments for each in segment.primitives])
    left, top = frames[:, :2].min(axis=0).tolist()
    right, bottom = frames[:, 2:].max(axis=0).tolist()
    return left, top, right, bottom
