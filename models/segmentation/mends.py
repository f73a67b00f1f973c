"""What a person said about which ink belongs together, and what it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from models.ink.strokes import Stroke

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
