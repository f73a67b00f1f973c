"""What was done to the ink, so that it can be undone and done again."""

from __future__ import annotations

from dataclasses import dataclass

from models.ink.strokes import Stroke
from models.segmentation.edits import AS_READ, SegmentationEdits


@dataclass(frozen=True)
class PageState:
    """What a step of undo brings back: the finished strokes, the width of the pen, the mends."""

    strokes: tuple[Stroke, ...]
    pen: float
    edits: SegmentationEdits = AS_READ


@dataclass(frozen=True)
class _Appended:
    """One stroke was written. Keeping only it, not the whole page, keeps long sessions small."""

    stroke: Stroke


@dataclass(frozen=True)
class _Replaced:
    """The page was changed in any other way: cleared, erased, opened, mended."""

    before: PageState
    after: PageState


class History:
    """The finished strokes with their mends, and the steps that led to them."""

    def __init__(self) -> None:
        self.strokes: tuple[Stroke, ...] = ()
        self.edits = AS_READ
        self._done: list[_Appended | _Replaced] = []
        self._undone: list[_Appended | _Replaced] = []

    def append(self, stroke: Stroke) -> None:
        """One step: `stroke` was written."""
        self.strokes = (*self.strokes, stroke)
        self._done.append(_Appended(stroke))
        self._undone.clear()

    def replace(self, before: PageState, after: PageState, merge: bool = False) -> None:
        """One step: the page became `after`.

        merge: it goes on with the last step, such as one drag of the eraser over several strokes,
            and one undo takes all of it back.
        """
        if merge and self._done:
            last = self._done[-1]
            if isinstance(last, _Replaced):
                before = last.before
                self._done.pop()
        self._show(after)
        self._done.append(_Replaced(before, after))
        self._undone.clear()

    def undo(self, pen: float) -> PageState | None:
        """Takes the last step back.

        pen: the pen's width now, which stays unless the step had changed it.

        Returns the page as it is then, None when there is no step.
        """
        if not self._done:
            return None
        step = self._done.pop()
        self._undone.append(step)
        if isinstance(step, _Appended):
            self.strokes = self.strokes[:-1]
        else:
            self._show(step.before)
            pen = step.before.pen if step.before.pen != step.after.pen else pen
        return PageState(self.strokes, pen, self.edits)

    def redo(self, pen: float) -> PageState | None:
        """Does the step that was undone last again; arguments and result as for `undo`."""
        if not self._undone:
            return None
        step = self._undone.pop()
        self._done.append(step)
        if isinstance(step, _Appended):
            self.strokes = (*self.strokes, step.stroke)
        else:
            self._show(step.after)
            pen = step.after.pen if step.before.pen != step.after.pen else pen
        return PageState(self.strokes, pen, self.edits)

    def forget(self) -> None:
        """From here on there is nothing to undo or redo; the page stays."""
        self._done.clear()
        self._undone.clear()

    def _show(self, page: PageState) -> None:
        self.strokes, self.edits = page.strokes, page.edits
