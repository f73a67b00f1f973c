"""What a person said about which ink belongs together, and what it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from models.ink.strokes import Stroke
from models.segmentation.candidates import Cluster
from models.segmentation.segments import Piece

# One character's ink: whole strokes, or the pieces of those that had to be cut.
Ink = frozenset[Stroke]


@dataclass(frozen=True)
class SegmentationEdits:
    """What a person said about which ink belongs together, and what it is; it outweighs all else.

    merged: each is one character. split: each is not one character, but several.
    labels: each is one character, and has this label.
    """

    merged: frozenset[Ink] = frozenset()
    split: frozenset[Ink] = frozenset()
    labels: frozenset[tuple[Ink, str]] = frozenset()

    def with_merged(self, inks: Iterable[Iterable[Stroke]]) -> SegmentationEdits:
        """With the ink of several characters as one."""
        one = frozenset(stroke for ink in inks for stroke in ink)
        kept = frozenset(each for each in self.merged if not each & one)
        return SegmentationEdits(kept | {one}, self.split - {one}, self._labels_beside(one))

    def with_split(self, ink: Iterable[Stroke]) -> SegmentationEdits:
        """With that character as several."""
        one = frozenset(ink)
        return SegmentationEdits(self.merged - {one}, self.split | {one}, self._labels_beside(one))

    def with_label(self, ink: Iterable[Stroke], label: str) -> SegmentationEdits:
        """With that ink as this one character."""
        one = frozenset(ink)
        merged = self.with_merged([one])
        return SegmentationEdits(merged.merged, merged.split, merged.labels | {(one, label)})

    def _labels_beside(self, one: Ink) -> frozenset[tuple[Ink, str]]:
        return frozenset(each for each in self.labels if not each[0] & one)


AS_READ = SegmentationEdits()


def edited_strokes(
    strokes: Sequence[Stroke], edits: SegmentationEdits, together: Sequence[Sequence[int]]
) -> set[int]:
    """Strokes that a person said something about: they are no sketch."""
    apart = {stroke for ink in edits.split for stroke in ink}
    own = {i for i, stroke in enumerate(strokes) if stroke in apart} if apart else set()
    return own.union(*together)


def merged_strokes(strokes: Sequence[Stroke], edits: SegmentationEdits) -> list[list[int]]:
    """Strokes that a person joined, or joined pieces of, so that they come into one cluster."""
    if not edits.merged:
        return []
    lines = [stroke.points.tobytes() for stroke in strokes]
    whole: dict[bytes, list[int]] = {}
    for index, line in enumerate(lines):
        whole.setdefault(line, []).append(index)

    def owners(piece: bytes) -> list[int]:
        return whole.get(piece) or [i for i, line in enumerate(lines) if piece in line]

    return [
        [index for stroke in ink for index in owners(stroke.points.tobytes())]
        for ink in edits.merged
    ]


def edited_primitives(
    cluster: Cluster[Piece], edits: SegmentationEdits
) -> tuple[set[int], list[tuple[int, tuple[int, ...]]]]:
    """The atoms of what a person split; and of what was joined the atoms and the pieces.

    No two of the joined overlap.
    """
    if edits == AS_READ:
        return set(), []
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

    several = {atoms for atoms, _ in found(edits.split) if atoms.bit_count() > 1}
    joined: list[tuple[int, tuple[int, ...]]] = []
    taken = 0
    for atoms, members in found(edits.merged):
        if not atoms & taken:  # else pieces of a stroke that now is cut elsewhere
            taken |= atoms
            joined.append((atoms, members))
    return several, joined
