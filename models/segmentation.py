"""From the strokes on a page to its characters: which belong together, and in what order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Generic

import numpy as np
from numpy.typing import NDArray

from models.clusters import AnyPart, Cluster, Surroundings
from models.geometry import Geometry
from models.grouping import HOPELESS, Shape, best_way_lazily, lying, read
from models.ink import Box, Stroke, bounding_box
from models.lines import in_lines
from models.pieces import Piece
from models.weights import Weights

# One character's ink: whole strokes, or the pieces of those that had to be cut.
Ink = frozenset[Stroke]
Floats = NDArray[np.float64]
_Valued = tuple[int, float, tuple[int, ...]]  # a group's atoms, its most worth, its pieces


@dataclass(frozen=True)
class Mends:
    """What a person said about which ink belongs together, and what it is; it outweighs all else.

    together: each is one character, just so. apart: each is none, but several. named: each is one
    character, and this one.
    """

    together: frozenset[Ink] = frozenset()
    apart: frozenset[Ink] = frozenset()
    named: frozenset[tuple[Ink, str]] = frozenset()

    def joined(self, inks: Iterable[Iterable[Stroke]]) -> Mends:
        """With the ink of several characters as one."""
        one = frozenset(stroke for ink in inks for stroke in ink)
        kept = frozenset(each for each in self.together if not each & one)
        return Mends(kept | {one}, self.apart - {one}, self._named_beside(one))

    def split(self, ink: Iterable[Stroke]) -> Mends:
        """With that character as several."""
        one = frozenset(ink)
        return Mends(self.together - {one}, self.apart | {one}, self._named_beside(one))

    def name(self, ink: Iterable[Stroke], label: str) -> Mends:
        """With that ink as this one character."""
        one = frozenset(ink)
        joined = self.joined([one])
        return Mends(joined.together, joined.apart, joined.named | {(one, label)})

    def _named_beside(self, one: Ink) -> frozenset[tuple[Ink, str]]:
        return frozenset(each for each in self.named if not each[0] & one)


AS_READ = Mends()


@dataclass(frozen=True, eq=False)
class Look:
    """Some ink as one character. image: (28, 28), what the network is given. probabilities:
    (classes,), what it makes of it.
    """

    image: NDArray[np.float32]
    probabilities: Floats


@dataclass(frozen=True, eq=False)
class Character:
    """ink: the strokes or pieces of strokes. strokes: indices of those that they are of. Both are
    empty where it stands in a picture.

    box: around their points, or around the picture's ink. look: at the ink. line: of the writing,
    0 for the topmost. dotted: whether some of it lies above the rest as the dot of an i does.
    """

    ink: tuple[Stroke, ...]
    strokes: tuple[int, ...]
    box: Box
    look: Look
    line: int = 0
    dotted: bool = False


@dataclass(eq=False)
class _Group:
    """What is known of pieces that may be a character; look: once it was needed."""

    pieces: tuple[Piece, ...]
    box: Box
    shape: Shape
    look: Look | None = None


@dataclass(frozen=True, eq=False)
class Candidates(Generic[AnyPart]):
    """The groups of a cluster that are worth a look, with what they are judged by.

    features: (groups, 18), those of `models.grouping.LYING` and READ. best: (groups,), the class
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
    look: Callable[[int], Look],
    weights: Weights,
) -> Candidates[AnyPart]:
    """The groups of a cluster that may be characters. shapes: of each. look: at one of them."""
    kept, lie = _possible(cluster, shapes, weights)
    looks = np.array([look(k).probabilities for k in kept])
    pieces = np.array([shapes[k].pieces for k in kept])
    seen = read(looks, pieces, weights.habits, weights.one, weights.alike)
    return Candidates(cluster.only(kept), np.hstack([lie, seen]), looks.argmax(axis=1))


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

    So a stroke more costs what it changes, whatever else is on the page. What is remembered never
    changes what comes out.
    """

    def __init__(self, look: Callable[[tuple[Stroke, ...]], Look], weights: Weights) -> None:
        """look: at some ink as one character."""
        self._look = look
        self._weights = weights
        self._geometry = Geometry(weights.dotted)
        self._there: set[int] = set()
        # By the identity of pieces and strokes: each is kept with them, so none is mistaken.
        self._groups: dict[tuple[int, ...], _Group] = {}
        self._solved: dict[tuple[object, ...], tuple[tuple[Stroke, ...], list[_Group]]] = {}

    def characters(
        self, strokes: Sequence[Stroke], mends: Mends = AS_READ
    ) -> tuple[Character, ...]:
        """The characters in reading order. No strokes, no characters."""
        self._forget_all_but(strokes)
        if not strokes:
            return ()
        index_of = {id(stroke): index for index, stroke in enumerate(strokes)}
        found: list[_Group] = []
        for members, around in self._geometry.clusters(strokes, _together(strokes, mends)):
            found += self._solve(tuple(strokes[i] for i in members), around, mends)
        characters = []
        for number, line in enumerate(in_lines([group.box for group in found])):
            for group in (found[place] for place in line):
                pieces = sorted(group.pieces, key=lambda piece: index_of[id(piece.whole)])
                ink = tuple(piece.ink for piece in pieces)
                owners = tuple(dict.fromkeys(index_of[id(piece.whole)] for piece in pieces))
                look, dotted = self._look_at(group), bool(group.shape.dots)
                characters.append(Character(ink, owners, group.box, look, number, dotted))
        return tuple(characters)

    def candidates(self, strokes: Sequence[Stroke]) -> list[Candidates[Piece]]:
        """What may be a character on a page, cluster by cluster."""
        self._forget_all_but(strokes)
        found = []
        for members, around in self._geometry.clusters(strokes):
            uncut = [False] * len(members)
            cluster = self._geometry.cluster([strokes[i] for i in members], around, uncut)
            known = self._known(cluster)
            shapes = [group.shape for group in known]
            look = partial(lambda known, k: self._look_at(known[k]), known)
            found.append(judged(cluster, shapes, look, self._weights))
        return found

    def _known(self, cluster: Cluster[Piece]) -> list[_Group]:
        return [self._group([cluster.pieces[k] for k in group]) for group in cluster.groups]

    def _solve(
        self, strokes: tuple[Stroke, ...], around: Surroundings, mends: Mends
    ) -> list[_Group]:
        key = (*map(id, strokes), around, mends)
        if key not in self._solved:
            self._solved[key] = (strokes, self._searched(strokes, around, mends))
        return self._solved[key][1]

    def _searched(
        self, strokes: tuple[Stroke, ...], around: Surroundings, mends: Mends
    ) -> list[_Group]:
        if self._geometry.is_scribble(strokes):
            return [self._scribble(strokes)]
        forced = [frozenset([stroke]) in mends.apart for stroke in strokes]
        cluster = self._geometry.cluster(strokes, around, forced)
        known = self._known(cluster)
        kept, lie = _possible(cluster, [group.shape for group in known], self._weights)
        lies: dict[int, float] = dict(zip(kept, (lie @ self._weights.lying).tolist(), strict=True))
        place = {cluster.groups[k]: k for k in kept}
        groups: list[_Valued] = [
            (cluster.atoms[k], lies[k] + self._weights.most_read, cluster.groups[k]) for k in kept
        ]
        if mends != AS_READ:
            groups = _mended(cluster, groups, mends)

        def worth(index: int) -> float:
            _, most, members = groups[index]
            if members not in place:  # a person joined what would not be looked at
                return most
            k = place[members]
            return lies[k] + self._read_worth(known[k])

        atoms, most = [group[0] for group in groups], [group[1] for group in groups]
        way = best_way_lazily(cluster.count, atoms, most, worth)
        return [self._group([cluster.pieces[m] for m in groups[k][2]]) for k in way]

    def _read_worth(self, group: _Group) -> float:
        """What a group is worth by what the network makes of it. A look takes longer than all
        else.
        """
        weights = self._weights
        seen = read(
            self._look_at(group).probabilities[np.newaxis],
            np.array([group.shape.pieces]),
            weights.habits,
            weights.one,
            weights.alike,
        )
        return float((seen @ weights.read)[0])

    def _scribble(self, strokes: Sequence[Stroke]) -> _Group:
        """All strokes as one; how they lie is not asked."""
        pieces = [self._geometry.piece(stroke) for stroke in strokes]
        shape = self._geometry.shape(pieces[:1])
        return _Group(tuple(pieces), bounding_box(strokes), shape)

    def _group(self, pieces: list[Piece]) -> _Group:
        key = tuple(map(id, pieces))
        if key not in self._groups:
            self._groups[key] = _Group(
                tuple(pieces),
                bounding_box([piece.ink for piece in pieces]),
                self._geometry.shape(pieces),
            )
        return self._groups[key]

    def _look_at(self, group: _Group) -> Look:
        if group.look is None:
            group.look = self._look(tuple(piece.ink for piece in group.pieces))
        return group.look

    def _forget_all_but(self, strokes: Sequence[Stroke]) -> None:
        there = {id(stroke) for stroke in strokes}
        if self._there <= there:
            self._there = there
            return
        self._there = there
        self._groups = {
            key: group
            for key, group in self._groups.items()
            if all(id(piece.whole) in there for piece in group.pieces)
        }
        self._solved = {
            key: solved
            for key, solved in self._solved.items()
            if all(id(stroke) in there for stroke in solved[0])
        }
        self._geometry.forget_all_but(strokes)


def _together(strokes: Sequence[Stroke], mends: Mends) -> list[list[int]]:
    """Strokes that a person joined, or joined pieces of, so that they come into one cluster."""
    if not mends.together:
        return []
    lines = [stroke.points.tobytes() for stroke in strokes]
    whole: dict[bytes, list[int]] = {}
    for index, line in enumerate(lines):
        whole.setdefault(line, []).append(index)

    def owners(piece: bytes) -> list[int]:
        return whole.get(piece) or [i for i, line in enumerate(lines) if piece in line]

    return [
        [index for stroke in ink for index in owners(stroke.points.tobytes())]
        for ink in mends.together
    ]


def _mended(cluster: Cluster[Piece], groups: list[_Valued], mends: Mends) -> list[_Valued]:
    """The groups that a person's mends leave: every atom is still in one of them."""
    atoms_of = {
        members[0]: atoms
        for members, atoms in zip(cluster.groups, cluster.atoms, strict=True)
        if len(members) == 1
    }

    def found(inks: Iterable[Ink]) -> list[tuple[int, tuple[int, ...]]]:
        """Atoms and pieces of each whose ink is all there."""
        everything = []
        for ink in inks:
            members = tuple(k for k, piece in enumerate(cluster.pieces) if piece.ink in ink)
            if len(members) >= len(ink):
                atoms = 0
                for k in members:
                    atoms |= atoms_of[k]
                everything.append((atoms, members))
        return sorted(everything, reverse=True)

    several = {atoms for atoms, _ in found(mends.apart) if atoms.bit_count() > 1}
    groups = [group for group in groups if group[0] not in several]
    taken = 0
    for atoms, members in found(mends.together):
        if atoms & taken:
            continue  # pieces of a stroke that now is cut elsewhere
        taken |= atoms
        same = [group for group in groups if group[0] == atoms]
        groups = [group for group in groups if not group[0] & atoms]
        groups.append(same[0] if same else (atoms, 0.0, members))
    return groups
