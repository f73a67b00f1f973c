"""What the ink on a page reads as, brought up to date a little in each frame; and the selection."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from game.page.selection import followed, newest
from models.ink.strokes import Box, Stroke, bounding_box
from models.recognition.answer import Answer, Reading
from models.recognition.reader import Reader
from models.segmentation.edits import Ink, SegmentationEdits
from models.segmentation.search import InSteps

_NEAR = 0.5  # of an answer's size: new ink that is nearer may change it


@dataclass(frozen=True)
class Version:
    """Tells one state of a page from all others.

    replaced: how often ink was replaced. reread: how often the page had to be read anew though its
    ink stayed. strokes: how many are finished. points: of the stroke under the pen.
    """

    replaced: int = 0
    reread: int = 0
    strokes: int = 0
    points: int = 0

    def only_adds_to(self, before: Version) -> bool:
        """Whether ink was added since, at most; and the pen was not lifted from a stroke."""
        lifted = before.points > 0 and self.strokes != before.strokes
        return (self.replaced, self.reread) == (before.replaced, before.reread) and not lifted


@dataclass(frozen=True, eq=False)
class Snapshot:
    """Ink as it is to be read.

    strokes: the finished ones. live: the one under the pen. pen: its width in page units. edits:
    what the player corrected. reader: what reads it.
    """

    version: Version
    strokes: tuple[Stroke, ...]
    live: Stroke | None
    pen: float
    edits: SegmentationEdits
    reader: Reader

    @property
    def ink(self) -> tuple[Stroke, ...]:
        """All strokes, the one under the pen last."""
        return self.strokes if self.live is None else (*self.strokes, self.live)


class Recognition:
    """Reads a page within what time there is, and keeps the selection with its ink.

    reading: of the newest ink that was read to its end, without what is not there any more.
    version: of the page that `reading` is of.
    selected: the index in `reading` of the answer that the player has chosen, or None.
    revision: grows with every visible change.
    """

    def __init__(self, read: Callable[[Snapshot], InSteps[Reading]]) -> None:
        """read: reads a page, in steps of about a millisecond."""
        self._read = read
        self.reading = Reading()
        self.version = Version()
        self.selected: int | None = None
        self.revision = 0
        self._selected_ink: Ink = frozenset()
        self._of: Snapshot | None = None
        self._ink: tuple[Stroke, ...] = ()  # what the answers' indices are of
        self._next: Snapshot | None = None
        self._work: InSteps[Reading] | None = None

    def read_for(self, version: Version, snapshot: Callable[[], Snapshot], seconds: float) -> None:
        """Reads for about so long, at most to the end; goes on where the last call ended.

        A reading that was begun comes to its end though ink is added meanwhile: most of it counts
        for the next reading as well. It does not where ink goes, or the pen that it was written
        with is lifted.

        version, snapshot: of the page now.
        """
        end = time.perf_counter() + seconds
        while self.version != version:
            page = self._next
            if page is None or self._work is None or not version.only_adds_to(page.version):
                self._next = page = snapshot()
                self._work = self._read(page)
            try:
                while True:
                    next(self._work)
                    if time.perf_counter() >= end:
                        return
            except StopIteration as ended:
                self._of, self._ink, self.version = page, page.ink, page.version
                self._next = self._work = None
                self._show(ended.value)
            if time.perf_counter() >= end:
                break

    @property
    def reader(self) -> Reader | None:
        """What gave the reading; None before the first."""
        return None if self._of is None else self._of.reader

    @property
    def shown(self) -> int | None:
        """The answer that the panel shows: the selected, or else the newest; None without ink."""
        return newest(self.reading) if self.selected is None else self.selected

    def select(self, index: int | None) -> None:
        """Selects an answer of the reading; None, or one that it does not have, for none."""
        answers = self.reading.answers
        if index is not None and not 0 <= index < len(answers):
            index = None
        self._selected_ink = frozenset() if index is None else frozenset(answers[index].ink)
        if index != self.selected:
            self.selected = index
            self.revision += 1

    def keep(self, strokes: Sequence[Stroke]) -> None:
        """The page holds these strokes now: answers stay whose ink all is among them."""
        place = {id(stroke): index for index, stroke in enumerate(strokes)}
        new = [place.get(id(stroke), -1) for stroke in self._ink]
        self._ink = tuple(strokes)
        if new == list(range(len(new))):
            return
        moved = (
            (answer, tuple(new[index] for index in answer.strokes))
            for answer in self.reading.answers
        )
        self._show(
            Reading(
                tuple(
                    replace(answer, strokes=indices)
                    for answer, indices in moved
                    if -1 not in indices
                )
            )
        )

    def outdated(self, now: Snapshot) -> frozenset[int]:
        """The answers that the page, as it is now, may have others for, by their indices.

        What was written since may belong to the characters near it; corrections, the pen or another
        network may change all.
        """
        before = self._of
        if before is None or self.version == now.version:
            return frozenset()
        if (before.pen, before.edits, before.reader) != (now.pen, now.edits, now.reader):
            return frozenset(range(len(self.reading.answers)))
        known = {id(stroke) for stroke in before.ink}
        new = [bounding_box([stroke]) for stroke in now.ink if id(stroke) not in known]
        return frozenset(
            index
            for index, answer in enumerate(self.reading.answers)
            if any(_is_near(answer, box) for box in new)
        )

    def _show(self, reading: Reading) -> None:
        self.reading = reading
        self.revision += 1
        self.select(followed(self._selected_ink, reading))


def _is_near(answer: Answer, ink: Box) -> bool:
    box = answer.box.grown(_NEAR * max(answer.box.width, answer.box.height))
    return box.x <= ink.right and ink.x <= box.right and box.y <= ink.bottom and ink.y <= box.bottom
