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


def mended_strokes(
    strokes: Sequence[Stroke], mends: Mends, together: Sequence[Sequence[int]]
) -> set[int]:
    """Strokes that a person said something about: they are no sketch."""
    apart = {stroke for ink in mends.apart for stroke in ink}
    own = {i for i, stroke in enumerate(strokes) if stroke in apart} if apart else set()
    return own.union(*together)


def joined_strokes(strokes: Sequence[Stroke], mends: Mends) -> list[list[int]]:
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


def mended_atoms(
    cluster: Cluster[Piece], mends: Mends
) -> tuple[set[int], list[tuple[int, tuple[int, ...]]]]:
    """The atoms of what a person split; and of what was joined the atoms and the pieces.

    No two of the joined overlap.
    """
    if mends == AS_READ:
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

    several = {atoms for atoms, _ in found(mends.apart) if atoms.bit_count() > 1}
    joined: list[tuple[int, tuple[int, ...]]] = []
    taken = 0
    for atoms, members in found(mends.together):
        if not atoms & taken:  # else pieces of a stroke that now is cut elsewhere
            taken |= atoms
            joined.append((atoms, members))
    return several, joined
