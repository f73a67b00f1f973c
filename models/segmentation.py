"""Which strokes belong together: from the ink on a canvas to its characters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from models.ink import Stroke, bounding_box

# One character's ink: whole strokes, or the pieces of those that had to be cut.
Ink = frozenset[Stroke]


@dataclass(frozen=True)
class Mends:
    """What a person said about which ink belongs together; it outweighs all else.

    together: each is one character, just so. apart: each is none, but several.
    """

    together: frozenset[Ink] = frozenset()
    apart: frozenset[Ink] = frozenset()

    def joined(self, inks: Iterable[Iterable[Stroke]]) -> Mends:
        """With the ink of several characters as one."""
        one = frozenset(stroke for ink in inks for stroke in ink)
        kept = frozenset(each for each in self.together if not each & one)
        return Mends(kept | {one}, self.apart - {one})

    def split(self, ink: Iterable[Stroke]) -> Mends:
        """With that character as several."""
        one = frozenset(ink)
        return Mends(self.together - {one}, self.apart | {one})


@dataclass(frozen=True)
class Character:
    """ink: the strokes or pieces of strokes. strokes: indices of those that they are of.

    line: of the writing, 0 for the topmost.
    """

    ink: tuple[Stroke, ...]
    strokes: tuple[int, ...]
    line: int = 0


AS_READ = Mends()


def characters(strokes: Sequence[Stroke], mends: Mends = AS_READ) -> tuple[Character, ...]:
    """Groups strokes into characters, in reading order. No strokes, no characters."""
    groups: list[list[int]] = []
    for index in sorted(range(len(strokes)), key=lambda i: bounding_box([strokes[i]]).x):
        box = bounding_box([strokes[index]])
        if any(strokes[index] in ink for ink in (*mends.together, *mends.apart)):
            continue
        if groups:
            last = bounding_box([strokes[i] for i in groups[-1]])
            if box.x < last.right:
                groups[-1].append(index)
                continue
        groups.append([index])
    for ink in mends.together:
        if one := [i for i, stroke in enumerate(strokes) if stroke in ink]:
            groups.append(one)
    known = {i for group in groups for i in group}
    groups += [[i] for i in range(len(strokes)) if i not in known]
    groups.sort(key=lambda group: bounding_box([strokes[i] for i in group]).x)
    return tuple(Character(tuple(strokes[i] for i in g), tuple(g)) for g in groups)
