"""The steps that led to a page, so that they can be undone and redone."""

from __future__ import annotations

from dataclasses import dataclass, replace

from models.ink.strokes import Drawing, Stroke
from models.segmentation.edits import AS_READ, SegmentationEdits


@dataclass(frozen=True)
class PageState:
    """What is on a page.

    strokes: the finished ones. pen: its width in page units. edits: which strokes the player
    merged, split and labelled.
    """

    strokes: tuple[Stroke, ...]
    pen: float
    edits: SegmentationEdits = AS_READ


@dataclass(frozen=True)
class Written:
    """One stroke was written. Keeping only it, not the whole page, keeps long sessions small."""

    stroke: Stroke

    def apply(self, page: PageState) -> PageState:
        return replace(page, strokes=(*page.strokes, self.stroke))

    def revert(self, page: PageState) -> PageState:
        return replace(page, strokes=page.strokes[:-1])


@dataclass(frozen=True)
class Replaced:
    """The ink was cleared, erased, or replaced by a file's, which may change the pen."""

    before: PageState
    after: PageState

    def apply(self, page: PageState) -> PageState:
        return self._pen_kept(self.after, page)

    def revert(self, page: PageState) -> PageState:
        return self._pen_kept(self.before, page)

    def _pen_kept(self, to: PageState, page: PageState) -> PageState:
        return replace(to, pen=page.pen) if self.before.pen == self.after.pen else to


@dataclass(frozen=True)
class Corrected:
    """Characters were merged, split or labelled.

    before, after: all edits of the page. learned: the sample of the label that this adds.
    unlearned: the samples of the labels that this replaces. The board keeps samples in step with
    what is applied and reverted.
    """

    before: SegmentationEdits
    after: SegmentationEdits
    learned: tuple[Drawing, ...] = ()
    unlearned: tuple[Drawing, ...] = ()

    def apply(self, page: PageState) -> PageState:
        return replace(page, edits=self.after)

    def revert(self, page: PageState) -> PageState:
        return replace(page, edits=self.before)


Step = Written | Replaced | Corrected


class History:
    """The steps done, and those undone since."""

    def __init__(self) -> None:
        self._done: list[Step] = []
        self._undone: list[Step] = []

    def add(self, step: Step) -> None:
        """One more step was done; those undone can't be redone any more."""
        self._done.append(step)
        self._undone.clear()

    def undo(self) -> Step | None:
        """The last step done, which is now undone; None where there is none."""
        if not self._done:
            return None
        self._undone.append(self._done.pop())
        return self._undone[-1]

    def redo(self) -> Step | None:
        """The last step undone, which is now done again; None where there is none."""
        if not self._undone:
            return None
        self._done.append(self._undone.pop())
        return self._done[-1]

    def drop_last(self) -> None:
        """Takes out the last step done, which the next one includes."""
        self._done.pop()

    def clear(self) -> None:
        """From here on there is nothing to undo or redo."""
        self._done.clear()
        self._undone.clear()
