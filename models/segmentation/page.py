"""From the strokes on a page to its characters, sketches and specks, in reading order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from models.ink.strokes import Box, Stroke, bounding_box
from models.segmentation.candidates import Cluster, Surroundings
from models.segmentation.edits import (
    AS_READ,
    SegmentationEdits,
    edited_primitives,
    edited_strokes,
    merged_strokes,
)
from models.segmentation.pairs import component_of_each
from models.segmentation.search import InSteps, run
from models.segmentation.segmenter import Candidate, Classification, Segmentation, Segmenter
from models.segmentation.segments import StrokeSegment, box_table, longest_sides
from models.segmentation.sketches import RAYS, holds, is_sketch, is_sunburst
from models.segmentation.stroke_graph import StrokeGraph
from models.segmentation.text_lines import in_lines
from models.segmentation.weights import Weights

Kind = Literal["character", "sketch", "speck"]
StrokeCandidate = Candidate[StrokeSegment]
_Strokes = tuple[StrokeSegment, ...]  # whole ones, by their identity
_MOST_CLASSIFIED = 100  # strokes of a sketch: the largest show what it is like
_SURELY = 0.95  # probability, from which ink within a sketch is writing
_MOST_STROKES = 12  # of what always is writing, if it does not lie too densely


@dataclass(frozen=True, eq=False)
class Character:
    """A character, a sketch or a speck in its place.

    ink: the strokes, or stretches of strokes. strokes: the indices of those strokes. Both are empty
        where the character stands in a picture.
    box: around their points, or around the picture's ink.
    classification: of the ink as one character.
    line: of the writing, 0 for the topmost.
    dotted: whether some of it lies above the rest as the dot of an i does.
    segmentation: that it is of; in a picture one of characters. None for sketches and specks, and
        for ink that is one character by itself.
    """

    ink: tuple[Stroke, ...]
    strokes: tuple[int, ...]
    box: Box
    classification: Classification
    line: int = 0
    dotted: bool = False
    kind: Kind = "character"
    segmentation: Segmentation[StrokeCandidate] | Segmentation[Character] | None = None


@dataclass(eq=False)
class _Group:
    """Strokes, by their indices, and what they are: one sketch, or the characters of a cluster.

    edited: whether a person corrected what belongs together here. segmentation: of the cluster.
    """

    strokes: tuple[int, ...]
    found: tuple[StrokeCandidate, ...]
    edited: bool = False
    segmentation: Segmentation[StrokeCandidate] | None = None

    @property
    def is_sketch(self) -> bool:
        return self.found[0].geometry is None


class PageSegmenter:
    """Segments the strokes of a page; remembers what it knows of ink that is still there.

    So one more stroke costs only what it changes, and steps that were not taken to their end are
    not lost. What is remembered never changes the result.

    segmenter: of the page's clusters.
    """

    def __init__(
        self,
        classify: Callable[[tuple[Stroke, ...]], Classification],
        weights: Weights,
        pen: float = 0.0,
    ) -> None:
        """classify: some ink as one character. weights: of the segmenter. pen: its width in the
        units of the ink, 0 where it is not known.
        """
        self._classify_ink = classify
        self._weights = weights
        self._graph = StrokeGraph(weights.dotted, pen)
        self.segmenter = Segmenter(self._graph, self._classify_segments, weights)
        self._index_of: dict[int, int] = {}  # of the strokes on the page, by their identity
        self._solved: dict[
            tuple[tuple[Stroke, ...], Surroundings, SegmentationEdits],
            Segmentation[StrokeCandidate],
        ] = {}
        self._sketches: dict[_Strokes, StrokeCandidate] = {}
        self._characters: dict[object, Character] = {}  # those of the last page

    def in_steps(
        self, strokes: Sequence[Stroke], edits: SegmentationEdits = AS_READ
    ) -> InSteps[tuple[Character, ...]]:
        """The characters in reading order, in steps of about a millisecond. To begin anew ends what
        was begun. No strokes, no characters.
        """
        self._forget_all_but(strokes)
        if not strokes:
            return ()
        merged = merged_strokes(strokes, edits)
        edited = edited_strokes(strokes, edits, merged)
        layout = yield from self._graph.layout(strokes, merged, edited)
        groups: list[_Group] = []
        for members, around in layout.clusters:
            own = tuple(strokes[i] for i in members)
            is_edited = not edited.isdisjoint(members)
            if not is_edited and len(own) > _MOST_STROKES and layout.is_tangle(members):
                groups.append(_Group(members, (self._sketch(own),)))
            else:
                solved = yield from self._solve(own, around, edits)
                groups.append(_Group(members, solved.found, is_edited, solved))
        groups += [
            _Group(tuple(own), (self._sketch([strokes[i] for i in own]),))
            for own in layout.sketches
        ]
        groups = yield from self._with_sketches(strokes, groups, layout.near)
        if any(group.is_sketch for group in groups):
            groups = yield from self._with_enclosed(strokes, groups, layout.near)
        found = {each: group.segmentation for group in groups for each in group.found}
        alone = layout.specks.difference(*(group.strokes for group in groups))
        for i in sorted(alone):
            found[self.segmenter.candidate([self._graph.segment(strokes[i])])] = None
        return (yield from self._in_order(found, layout.specks))

    def clusters(self, strokes: Sequence[Stroke]) -> list[Cluster[StrokeSegment]]:
        """The clusters of a page; sketches are in none."""
        self._forget_all_but(strokes)
        return [
            run(self._graph.cluster([strokes[i] for i in members], around))
            for members, around in run(self._graph.layout(strokes)).clusters
        ]

    def character(self, candidate: StrokeCandidate, line: int) -> Character:
        """A candidate of the page that was segmented last, and classified, as a character."""
        return self._character(candidate, line, "character", None)

    def _in_order(
        self,
        found: Mapping[StrokeCandidate, Segmentation[StrokeCandidate] | None],
        specks: set[int],
    ) -> InSteps[tuple[Character, ...]]:
        """What was found as characters, line by line, then specks.

        found: of each candidate the segmentation that it is of. specks: indices of strokes.
        """
        owners = {each: self._owners(each) for each in found}
        is_speck = {
            each: each.geometry is not None and specks.issuperset(own)
            for each, own in owners.items()
        }
        text = [each for each in found if not is_speck[each]]
        lines = [[text[k] for k in line] for line in in_lines([each.box for each in text])]
        lines.append([each for each in found if is_speck[each]])
        characters: dict[object, Character] = {}
        for number, line in enumerate(lines):
            for each in line:
                yield from self.segmenter.classify(each)
                kind: Kind = "speck" if is_speck[each] else "character"
                kind = kind if each.geometry else "sketch"
                key = each, tuple(owners[each]), number, kind, found[each]
                known = self._characters.get(key)
                characters[key] = known or self._character(each, number, kind, found[each])
        self._characters = characters
        return tuple(characters.values())

    def _character(
        self,
        candidate: StrokeCandidate,
        line: int,
        kind: Kind,
        segmentation: Segmentation[StrokeCandidate] | None,
    ) -> Character:
        assert candidate.classification is not None
        own = self._owners(candidate)
        by_stroke = sorted(range(len(own)), key=own.__getitem__) if own[1:] else [0]
        return Character(
            ink=tuple(candidate.segments[k].ink for k in by_stroke),
            strokes=tuple(sorted(set(own))),
            box=candidate.box,
            classification=candidate.classification,
            line=line,
            dotted=candidate.dotted,
            kind=kind,
            segmentation=segmentation,
        )

    def _owners(self, candidate: StrokeCandidate) -> list[int]:
        """The index of the stroke that each of its segments is of."""
        return [self._index_of[id(segment.whole)] for segment in candidate.segments]

    def _with_sketches(
        self, strokes: Sequence[Stroke], groups: list[_Group], near: NDArray[np.intp]
    ) -> InSteps[list[_Group]]:
        """The groups; those that lie near each other and together are no writing, as one sketch.

        near: (n, 2), pairs of strokes that are near each other.
        """
        label = component_of_each(len(strokes), (near[:, 0], near[:, 1])).tolist()
        crowds: dict[int, list[_Group]] = {}
        for group in groups:
            crowds.setdefault(min(label[k] for k in group.strokes), []).append(group)
        result = []
        for crowd in crowds.values():
            members = tuple(sorted(i for group in crowd for i in group.strokes))
            fixed = any(group.edited or group.is_sketch for group in crowd)
            found = [each for group in crowd for each in group.found]
            if not fixed and (yield from self._is_sketch(found, len(members))):
                crowd = [_Group(members, (self._sketch([strokes[i] for i in members]),))]
            result += crowd
        return result

    def _is_sketch(self, found: Sequence[StrokeCandidate], strokes: int) -> InSteps[bool]:
        """Whether what lies near each other is no writing together. strokes: how many it has."""
        if strokes < RAYS:
            return False
        if is_sunburst([each.segments[0].ink for each in found if len(each.segments) == 1]):
            return True
        boxes = box_table(found)
        # Only what could be one with nothing sure needs the network.
        if strokes <= _MOST_STROKES or not is_sketch(boxes, 0.0):
            return False
        sure = 0
        for each in found:
            sure += yield from self._is_sure(each)
        return is_sketch(boxes, sure / len(found))

    def _with_enclosed(
        self, strokes: Sequence[Stroke], groups: list[_Group], near: NDArray[np.intp]
    ) -> InSteps[list[_Group]]:
        """The groups; with each sketch as one all that lie in it or near it and are not surely
        writing. near: as for `_with_sketches`.
        """
        kept, sketches, doubtful = [], [], []
        for group in groups:
            if group.is_sketch:
                sketches.append(group)
            elif group.edited or (yield from self._is_writing(group)):
                kept.append(group)
            else:
                doubtful.append(group)
        while sketches:
            sketch = sketches.pop()
            others = doubtful + sketches
            boxes = [bounding_box([strokes[i] for i in group.strokes]) for group in others]
            enclosed = holds([strokes[i] for i in sketch.strokes], boxes)
            beside = set(near[np.isin(near, sketch.strokes).any(axis=1)].ravel().tolist())
            taken = {
                group
                for group, within in zip(others, enclosed, strict=True)
                if within or not beside.isdisjoint(group.strokes)
            }
            if not taken:
                kept.append(sketch)
                continue
            members = sorted(sum((group.strokes for group in taken), sketch.strokes))
            doubtful = [group for group in doubtful if group not in taken]
            sketches = [group for group in sketches if group not in taken]
            sketches.append(_Group(tuple(members), (self._sketch([strokes[i] for i in members]),)))
        return kept + doubtful

    def _is_writing(self, group: _Group) -> InSteps[bool]:
        """Whether all characters of a group are sure, but for single lines among others."""
        only_lines = True
        for each in group.found:
            sure = yield from self._is_sure(each)
            if not sure and not self._is_line(each):
                return False
            only_lines &= not sure
        return not only_lines

    def _is_sure(self, candidate: StrokeCandidate) -> InSteps[bool]:
        """Whether it surely is a character; a single line may be anything."""
        classification = yield from self.segmenter.classify(candidate)
        likely = float((classification.probabilities @ self._weights.lookalikes).max())
        return likely >= _SURELY and not self._is_line(candidate)

    def _is_line(self, candidate: StrokeCandidate) -> bool:
        """Whether a single segment reads as a 1, or what looks like one."""
        assert candidate.classification is not None
        best = int(candidate.classification.probabilities.argmax())
        is_one = bool(self._weights.lookalikes[self._weights.one, best])
        return len(candidate.segments) == 1 and is_one

    def _solve(
        self, strokes: tuple[Stroke, ...], around: Surroundings, edits: SegmentationEdits
    ) -> InSteps[Segmentation[StrokeCandidate]]:
        """The segmentation of a cluster."""
        key = strokes, around, edits
        if key not in self._solved:
            forced = {stroke for ink in edits.split if len(ink) == 1 for stroke in ink}
            cluster = yield from self._graph.cluster(strokes, around, forced)
            found = yield from self.segmenter.best(cluster, *edited_primitives(cluster, edits))
            self._solved[key] = found
        return self._solved[key]

    def _sketch(self, strokes: Sequence[Stroke]) -> StrokeCandidate:
        """All strokes as one sketch."""
        segments = tuple(map(self._graph.segment, strokes))
        return self._sketches.setdefault(segments, Candidate(segments, None))

    def _classify_segments(self, segments: Sequence[StrokeSegment]) -> Classification:
        if len(segments) > _MOST_CLASSIFIED:
            order = np.argsort(-longest_sides(box_table(segments)), kind="stable")
            segments = [segments[k] for k in order[:_MOST_CLASSIFIED]]
        return self._classify_ink(tuple(each.ink for each in segments))

    def _forget_all_but(self, strokes: Sequence[Stroke]) -> None:
        there = {id(stroke): index for index, stroke in enumerate(strokes)}
        if not self._index_of.keys() <= there.keys():

            def stays(segments: Iterable[StrokeSegment]) -> bool:
                return all(id(segment.whole) in there for segment in segments)

            self.segmenter.keep_only(stays)
            self._sketches = {own: each for own, each in self._sketches.items() if stays(own)}
            self._solved = {
                key: each
                for key, each in self._solved.items()
                if all(id(stroke) in there for stroke in key[0])
            }
            self._graph.forget_all_but(strokes)
        self._index_of = there
