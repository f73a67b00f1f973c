"""From the strokes on a page to its characters: which belong together, and in what order."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Generic, Literal

import numpy as np
from numpy.typing import NDArray

from models.ink.strokes import Box, Stroke, bounding_box
from models.segmentation.candidates import AnyPart, Cluster, Surroundings
from models.segmentation.edits import (
    AS_READ,
    SegmentationEdits,
    edited_primitives,
    edited_strokes,
    merged_strokes,
)
from models.segmentation.features import HOPELESS, Shape, lying, read
from models.segmentation.geometry import Geometry
from models.segmentation.pairs import component_of_each
from models.segmentation.search import InSteps, Lattice, best_segmentation, run
from models.segmentation.segments import Piece, table
from models.segmentation.sketches import RAYS, holds, is_sketch, is_sunburst, may_be_sketch
from models.segmentation.text_lines import in_lines
from models.segmentation.weights import Weights
from models.util.arrays import Floats

Kind = Literal["character", "sketch", "speck"]
_GROUPS_A_STEP = 16  # about a millisecond
# Looks at a cluster, and for each of its atoms more. Of two lines of real characters that touch, in
# lines that do, as many are grouped right as with 25 for each atom.
_LOOKS, _LOOKS_EACH = 90, 3
_STROKES_OF_A_LOOK = 100  # at a sketch
_SURELY = 0.95  # probability, from which ink within a sketch is writing
_MOST_STROKES = 12  # of what always is writing, if it does not lie too densely


@dataclass(frozen=True, eq=False)
class Classification:
    """Some ink as one character. image: (28, 28), what the network is given. probabilities:
    (classes,), what it makes of it.
    """

    image: NDArray[np.float32]
    probabilities: Floats


@dataclass(frozen=True, eq=False)
class Character:
    """ink: the strokes or pieces of strokes. strokes: indices of those that they are of. Both are
    empty where it stands in a picture.

    box: around their points, or around the picture's ink. classification: of the ink. line: of
    the writing, 0 for the topmost. dotted: whether some of it lies above the rest as the dot of
    an i does.
    kind: whether it is a character, all of a sketch, or a speck.
    """

    ink: tuple[Stroke, ...]
    strokes: tuple[int, ...]
    box: Box
    classification: Classification
    line: int = 0
    dotted: bool = False
    kind: Kind = "character"


@dataclass(eq=False)
class _Group:
    """What is known of pieces that may be a character. shape: None for a sketch. classification:
    once it was needed.
    """

    pieces: tuple[Piece, ...]
    box: Box
    shape: Shape | None
    classification: Classification | None = None


@dataclass(eq=False)
class _Part:
    """Strokes that hang together, by their indices, and the groups found in them. fixed: whether a
    person said something about them.
    """

    members: tuple[int, ...]
    groups: list[_Group]
    fixed: bool = False

    @property
    def is_sketch(self) -> bool:
        return self.groups[0].shape is None


@dataclass(frozen=True, eq=False)
class Candidates(Generic[AnyPart]):
    """The groups of a cluster that are worth a look, with what they are judged by.

    features: (groups, 18), those of `features.LYING` and READ. best: (groups,), the class
    that each group most likely is.
    """

    cluster: Cluster[AnyPart]
    features: Floats
    best: NDArray[np.int64]

    def worths(self, weights: Weights) -> Floats:
        """(groups,): what each is worth as a character."""
        return np.asarray(self.features @ np.concatenate([weights.lying, weights.read]))


def judged(
    cluster: Cluster[AnyPart],
    shapes: Sequence[Shape],
    classify: Callable[[int], Classification],
    weights: Weights,
) -> Candidates[AnyPart]:
    """The groups of a cluster that may be characters. shapes: of each. classify: one of them."""
    kept, lie = _possible(cluster, shapes, weights)
    classifications = np.array([classify(k).probabilities for k in kept])
    pieces = np.array([shapes[k].pieces for k in kept])
    seen = read(classifications, pieces, weights.habits, weights.one, weights.alike)
    return Candidates(cluster.only(kept), np.hstack([lie, seen]), classifications.argmax(axis=1))


def _possible(
    cluster: Cluster[AnyPart], shapes: Sequence[Shape], weights: Weights
) -> tuple[list[int], Floats]:
    """Which groups may be characters by how their pieces lie, and the features LYING of those."""
    lie = lying(shapes, cluster.writing, cluster.all_ink)
    hopeless = lie @ weights.lying < HOPELESS
    kept = [k for k, shape in enumerate(shapes) if shape.pieces == 1 or not hopeless[k]]
    return kept, lie[kept]


class Segmenter:
    """Groups strokes into characters; remembers what it knows of ink that is still there.

    So a stroke more costs what it changes, whatever else is on the page, and steps that were not
    taken to their end are not lost. What is remembered never changes what comes out.
    """

    def __init__(
        self,
        classify: Callable[[tuple[Stroke, ...]], Classification],
        weights: Weights,
        pen: float = 0.0,
    ) -> None:
        """classify: some ink as one character. pen: its width, 0 where none is known."""
        self._classify_ink = classify
        self._weights = weights
        self._geometry = Geometry(weights.dotted, pen)
        self._there: set[int] = set()
        # By the identity of pieces and strokes: each is kept with them, so none is mistaken.
        self._groups: dict[tuple[int, ...], _Group] = {}
        self._solved: dict[tuple[object, ...], tuple[tuple[Stroke, ...], list[_Group]]] = {}
        self._sketches: dict[tuple[int, ...], _Group] = {}

    def characters(
        self, strokes: Sequence[Stroke], edits: SegmentationEdits = AS_READ
    ) -> tuple[Character, ...]:
        """The characters in reading order. No strokes, no characters."""
        return run(self.in_steps(strokes, edits))

    def in_steps(
        self, strokes: Sequence[Stroke], edits: SegmentationEdits = AS_READ
    ) -> InSteps[tuple[Character, ...]]:
        """As `characters`, in steps of about a millisecond. To begin anew ends what was begun."""
        self._forget_all_but(strokes)
        if not strokes:
            return ()
        index_of = {id(stroke): index for index, stroke in enumerate(strokes)}
        together = merged_strokes(strokes, edits)
        written = edited_strokes(strokes, edits, together)
        layout = yield from self._geometry.layout(strokes, together, written)
        parts: list[_Part] = []
        for members, around in layout.clusters:
            own = tuple(strokes[i] for i in members)
            fixed = not written.isdisjoint(members)
            if not fixed and len(own) > _MOST_STROKES and layout.is_tangle(members):
                groups = [self._sketch(own)]
            else:
                groups = yield from self._solve(own, around, edits)
            parts.append(_Part(members, groups, fixed))
        parts += [
            _Part(tuple(own), [self._sketch([strokes[i] for i in own])]) for own in layout.sketches
        ]
        parts = yield from self._with_sketches(strokes, parts, layout.near)
        if any(part.is_sketch for part in parts):
            parts = yield from self._with_what_they_hold(strokes, parts, layout.near)
        found = [group for part in parts for group in part.groups]
        specks = {id(strokes[index]) for index in layout.specks}
        alone = layout.specks.difference(*(part.members for part in parts))
        found += [self._group([self._geometry.piece(strokes[index])]) for index in sorted(alone)]
        kinds: list[Kind] = [_kind(group, specks) for group in found]
        characters = []
        text = [k for k, kind in enumerate(kinds) if kind != "speck"]
        lines = [[text[k] for k in line] for line in in_lines([found[k].box for k in text])]
        lines.append([k for k, kind in enumerate(kinds) if kind == "speck"])
        for number, line in enumerate(lines):
            for k in line:
                group = found[k]
                pieces = sorted(group.pieces, key=lambda piece: index_of[id(piece.whole)])
                ink = tuple(piece.ink for piece in pieces)
                owners = tuple(dict.fromkeys(index_of[id(piece.whole)] for piece in pieces))
                classification = yield from self._classify(group)
                dotted = group.shape is not None and bool(group.shape.dots)
                characters.append(
                    Character(ink, owners, group.box, classification, number, dotted, kinds[k])
                )
        return tuple(characters)

    def _with_sketches(
        self, strokes: Sequence[Stroke], parts: list[_Part], near: NDArray[np.intp]
    ) -> InSteps[list[_Part]]:
        """The parts, those of them as one that lie near each other and are no writing together.

        near: (n, 2), pairs of strokes that are near each other.
        """
        label = component_of_each(len(strokes), (near[:, 0], near[:, 1])).tolist()
        crowds: dict[int, list[_Part]] = {}
        for part in parts:
            crowds.setdefault(min(label[k] for k in part.members), []).append(part)
        found = []
        for crowd in crowds.values():
            members = sum((part.members for part in crowd), ())
            fixed = any(part.fixed or part.is_sketch for part in crowd)
            groups = [group for part in crowd for group in part.groups]
            if not fixed and (yield from self._is_sketch(groups, len(members))):
                members = tuple(sorted(members))
                crowd = [_Part(members, [self._sketch([strokes[i] for i in members])])]
            found += crowd
        return found

    def _is_sketch(self, groups: Sequence[_Group], strokes: int) -> InSteps[bool]:
        """Whether groups that lie near each other are no writing together. strokes: how many."""
        if strokes < RAYS:
            return False
        alone = [group.pieces[0].ink for group in groups if len(group.pieces) == 1]
        if is_sunburst(alone):
            return True
        if strokes <= _MOST_STROKES or not may_be_sketch(table(groups)):
            return False
        sure = 0
        for group in groups:
            sure += yield from self._is_sure(group)
        return is_sketch(table(groups), sure / len(groups))

    def _with_what_they_hold(
        self, strokes: Sequence[Stroke], parts: list[_Part], near: NDArray[np.intp]
    ) -> InSteps[list[_Part]]:
        """The parts, and with each sketch all others that lie in it or at it, if they are not
        writing beyond a doubt.

        near: (n, 2), pairs of strokes that are near each other.
        """
        kept, sketches, doubtful = [], [], []
        for part in parts:
            if part.is_sketch:
                sketches.append(part)
            elif part.fixed or (yield from self._is_writing(part)):
                kept.append(part)
            else:
                doubtful.append(part)
        while sketches:
            sketch = sketches.pop()
            others = doubtful + sketches
            held = holds(
                [strokes[i] for i in sketch.members],
                [bounding_box([strokes[i] for i in part.members]) for part in others],
            )
            beside = set(near[np.isin(near, sketch.members).any(axis=1)].ravel().tolist())
            taken = {
                id(part): part
                for part, within in zip(others, held, strict=True)
                if within or not beside.isdisjoint(part.members)
            }
            if not taken:
                kept.append(sketch)
                continue
            members = sorted(sum((part.members for part in taken.values()), sketch.members))
            doubtful = [part for part in doubtful if id(part) not in taken]
            sketches = [part for part in sketches if id(part) not in taken]
            whole = self._sketch([strokes[i] for i in members])
            sketches.append(_Part(tuple(members), [whole]))
        return kept + doubtful

    def _is_writing(self, part: _Part) -> InSteps[bool]:
        """Whether all characters of a part are some beyond a doubt, but for lines among others."""
        lines = True
        for group in part.groups:
            sure = yield from self._is_sure(group)
            if not sure and not self._is_line(group):
                return False
            lines &= not sure
        return not lines

    def _is_sure(self, group: _Group) -> InSteps[bool]:
        """Whether it is a character beyond a doubt; a mere line may be anything."""
        classification = yield from self._classify(group)
        likely = float((classification.probabilities @ self._weights.alike).max())
        return likely >= _SURELY and not self._is_line(group)

    def _is_line(self, group: _Group) -> bool:
        """Whether it reads as a 1, or what looks like one, of a single piece."""
        assert group.classification is not None
        best = int(group.classification.probabilities.argmax())
        return len(group.pieces) == 1 and bool(self._weights.alike[self._weights.one, best])

    def candidates(self, strokes: Sequence[Stroke]) -> list[Candidates[Piece]]:
        """What may be a character on a page, cluster by cluster; of sketches nothing is."""
        self._forget_all_but(strokes)
        found = []
        for members, around in run(self._geometry.layout(strokes)).clusters:
            uncut = [False] * len(members)
            cluster = run(self._geometry.cluster([strokes[i] for i in members], around, uncut))
            known = run(self._known(cluster))
            shapes = [group.shape for group in known if group.shape is not None]
            classify = partial(lambda known, k: run(self._classify(known[k])), known)
            found.append(judged(cluster, shapes, classify, self._weights))
        return found

    def _known(self, cluster: Cluster[Piece]) -> InSteps[list[_Group]]:
        known = []
        for number, group in enumerate(cluster.groups, start=1):
            known.append(self._group([cluster.pieces[k] for k in group]))
            if number % _GROUPS_A_STEP == 0:
                yield
        return known

    def _solve(
        self, strokes: tuple[Stroke, ...], around: Surroundings, edits: SegmentationEdits
    ) -> InSteps[list[_Group]]:
        key = (*map(id, strokes), around, edits)
        if key not in self._solved:
            groups = yield from self._searched(strokes, around, edits)
            self._solved[key] = (strokes, groups)
        return self._solved[key][1]

    def _searched(
        self, strokes: tuple[Stroke, ...], around: Surroundings, edits: SegmentationEdits
    ) -> InSteps[list[_Group]]:
        weights = self._weights
        forced = [frozenset([stroke]) in edits.split for stroke in strokes]
        cluster = yield from self._geometry.cluster(strokes, around, forced)
        candidates = yield from self._known(cluster)
        shapes = [group.shape for group in candidates if group.shape is not None]
        yield
        kept, lie = _possible(cluster, shapes, weights)
        yield
        several, joined = edited_primitives(cluster, edits)
        taken = 0
        for atoms, _ in joined:
            taken |= atoms
        left = [
            number
            for number, k in enumerate(kept)
            if cluster.atoms[k] not in several and not cluster.atoms[k] & taken
        ]
        groups = [candidates[kept[number]] for number in left]
        lies = (lie @ weights.lying)[left]
        known = np.array([group.classification is not None for group in groups], bool)

        def read_worths(some: Sequence[int]) -> Floats:
            """What candidates that were looked at are worth."""
            return np.asarray(lies[list(some)] + self._read_worths([groups[k] for k in some]))

        def ask(asked: Sequence[int]) -> InSteps[Floats]:
            for index in asked:
                yield from self._classify(groups[index])
            return read_worths(asked)

        found = [self._joined(cluster, kept, atoms, members) for atoms, members in joined]
        if groups:
            worths = lies + weights.most_read
            if known.any():
                worths[known] = read_worths(np.flatnonzero(known).tolist())
            # Only what stands alone is a character unseen.
            alone = [len(group.pieces) == 1 for group in groups]
            free = [bit for bit in range(cluster.count) if not taken >> bit & 1]
            way = yield from best_segmentation(
                Lattice(len(free), _renumbered([cluster.atoms[kept[k]] for k in left], free)),
                worths,
                known,
                np.where(alone, lies + weights.least_read, -np.inf),
                _LOOKS + _LOOKS_EACH * len(free),
                ask,
            )
            found += [groups[k] for k in way]
        return found

    def _joined(
        self, cluster: Cluster[Piece], kept: Sequence[int], atoms: int, members: Sequence[int]
    ) -> _Group:
        """What a person joined: the candidate that covers those atoms, or else its pieces."""
        same = (cluster.groups[k] for k in kept if cluster.atoms[k] == atoms)
        return self._group([cluster.pieces[m] for m in next(same, tuple(members))])

    def _read_worths(self, groups: Sequence[_Group]) -> Floats:
        """(groups,): what each is worth by what the network made of it."""
        weights = self._weights
        seen = read(
            np.array(
                [
                    group.classification.probabilities
                    for group in groups
                    if group.classification is not None
                ]
            ),
            np.array([len(group.pieces) for group in groups]),
            weights.habits,
            weights.one,
            weights.alike,
        )
        return np.asarray(seen @ weights.read)

    def _sketch(self, strokes: Sequence[Stroke]) -> _Group:
        """All strokes as one that is no character."""
        key = tuple(map(id, strokes))
        if key not in self._sketches:
            pieces = tuple(self._geometry.piece(stroke) for stroke in strokes)
            self._sketches[key] = _Group(pieces, bounding_box(strokes), None)
        return self._sketches[key]

    def _group(self, pieces: list[Piece]) -> _Group:
        key = tuple(map(id, pieces))
        if key not in self._groups:
            # What a person joined of very many strokes is not asked how these lie.
            some = pieces if len(pieces) <= _MOST_STROKES else pieces[:1]
            box = bounding_box([piece.ink for piece in pieces])
            self._groups[key] = _Group(tuple(pieces), box, self._geometry.shape(some))
        return self._groups[key]

    def _classify(self, group: _Group) -> InSteps[Classification]:
        if group.classification is None:
            pieces = group.pieces
            if len(pieces) > _STROKES_OF_A_LOOK:  # of a sketch; the largest show what it is like
                pieces = tuple(sorted(pieces, key=lambda piece: -piece.size)[:_STROKES_OF_A_LOOK])
            group.classification = self._classify_ink(tuple(piece.ink for piece in pieces))
            yield
        return group.classification

    def _forget_all_but(self, strokes: Sequence[Stroke]) -> None:
        there = {id(stroke) for stroke in strokes}
        if self._there <= there:
            self._there = there
            return
        self._there = there
        self._groups, self._sketches = (
            {
                key: group
                for key, group in known.items()
                if all(id(piece.whole) in there for piece in group.pieces)
            }
            for known in (self._groups, self._sketches)
        )
        self._solved = {
            key: solved
            for key, solved in self._solved.items()
            if all(id(stroke) in there for stroke in solved[0])
        }
        self._geometry.forget_all_but(strokes)


def _kind(group: _Group, specks: Collection[int]) -> Kind:
    """specks: by their identity."""
    if group.shape is None:
        return "sketch"
    return "speck" if all(id(piece.whole) in specks for piece in group.pieces) else "character"


def _renumbered(masks: Sequence[int], kept: Sequence[int]) -> list[int]:
    """The masks in bits of their own: the n-th is that of the n-th that is kept."""
    place = {bit: number for number, bit in enumerate(kept)}
    if len(kept) == max(kept) + 1:
        return list(masks)
    return [sum(1 << place[bit] for bit in kept if mask >> bit & 1) for mask in masks]
