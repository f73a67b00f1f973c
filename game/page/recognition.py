"""What the ink on a page reads as: brought up to date a little in each frame."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from models.ink.strokes import Box, Stroke, bounding_box
from models.recognition.reader import Answer, Reader, Reading
from models.segmentation.edits import SegmentationEdits
from models.segmentation.search import InSteps

_BESIDE = 0.5  # of an answer's size: new ink that is nearer may change it


@dataclass(frozen=True, eq=False)
class Snapshot:
    """Ink as it is to be read.

    strokes: the finished ones. live: the one under the pen. change: number of the page's last
    change. turn: number of its last change that did more than add ink.
    """

    strokes: tuple[Stroke, ...]
    live: Stroke | None
    pen: float
    edits: SegmentationEdits
    reader: Reader
    change: int
    turn: int

    @property
    def ink(self) -> tuple[Stroke, ...]:
        """All strokes, the one under the pen last."""
        return self.strokes if self.live is None else (*self.strokes, self.live)


class Recognition:
    """Reads a page within what time there is.

    reading: of the newest ink that was read to its end, without what is not there any more.
    change: of the snapshot that `reading` is of.
    """

    def __init__(self, read: Callable[[Snapshot], InSteps[Reading]]) -> None:
        """read: reads a page, in steps of about a millisecond."""
        self._read = read
        self.reading = Reading()
        self.change = 0
        self._of: Snapshot | None = None
        self._ink: tuple[Stroke, ...] = ()  # what the answers' indices are of
        self._next: Snapshot | None = None
        self._work: InSteps[Reading] | None = None

    def go_on(
        self, change: int, turn: int, strokes: int, snapshot: Callable[[], Snapshot], seconds: float
    ) -> bool:
        """Reads for about so long, at most to the end; goes on where the last call ended.

        A reading that was begun comes to its end though ink is added meanwhile: most of it counts
        for the next reading as well. It does not where ink goes, or the pen that it was written
        with is lifted. change, turn: of the page now. strokes: how many are finished. snapshot: of
        the page. Returns whether `reading` has changed.
        """
        end = time.perf_counter() + seconds
        changed = False
        while self.change != change:
            going = self._next
            lifted = going is not None and going.live is not None and len(going.strokes) != strokes
            if going is None or self._work is None or going.turn != turn or lifted:
                self._next = going = snapshot()
                self._work = self._read(going)
            try:
                while True:
                    next(self._work)
                    if time.perf_counter() >= end:
                        return changed
            except StopIteration as ended:
                self.reading, self._of = ended.value, going
                self._ink, self.change = going.ink, going.change
                self._next = self._work = None
                changed = True
            if time.perf_counter() >= end:
                break
        return changed

    @property
    def reader(self) -> Reader | None:
        """What gave the reading; None before the first."""
        return None if self._of is None else self._of.reader

    def keep(self, strokes: Sequence[Stroke]) -> None:
        """The page holds these strokes now: answers stay whose ink all is among them."""
        place = {id(stroke): index for index, stroke in enumerate(strokes)}
        new = [place.get(id(stroke), -1) for stroke in self._ink]
        if new != list(range(len(new))):
            moved = (
                (answer, tuple(new[index] for index in answer.strokes))
                for answer in self.reading.answers
            )
            self.reading = Reading(
                tuple(
                    replace(answer, strokes=owners) for answer, owners in moved if -1 not in owners
                )
            )
        self._ink = tuple(strokes)

    def outdated(self, now: Snapshot) -> frozenset[int]:
        """The answers that the page, as it is now, may have others for, by their indices.

        What was written since may be of the characters beside it; mends, corrections, the pen or
        another network may change all.
        """
        before = self._of
        if before is None or self.change == now.change:
            return frozenset()
        if (before.pen, before.edits, before.reader) != (now.pen, now.edits, now.reader):
            return frozenset(range(len(self.reading.answers)))
        known = {id(stroke) for stroke in before.ink}
        new = [bounding_box([stroke]) for stroke in now.ink if id(stroke) not in known]
        return frozenset(
            index
            for index, answer in enumerate(self.reading.answers)
            if any(_beside(answer, box) for box in new)
        )


def _beside(answer: Answer, ink: Box) -> bool:
    box = answer.box.grown(_BESIDE * max(answer.box.width, answer.box.height))
    return box.x <= ink.right and ink.x <= box.right and box.y <= ink.bottom and ink.y <= box.bottom
