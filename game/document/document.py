"""The ink on a page: written, erased, undone and kept. Nothing here reads it or needs a window."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from game.document.autosave import Autosave
from game.document.eraser import touched
from game.document.history import Corrected, History, PageState, Replaced, Step, Written
from game.document.live_stroke import LiveStroke
from models.ink.points import LARGEST
from models.ink.strokes import PAGE_PEN, Stroke
from models.segmentation.edits import AS_READ

# Page units, thinnest to thickest; each step is clearly seen and none is larger than half again.
PEN_WIDTHS = (1, 2, 3, 4, 6, 8, 10, 12, 15, 18, 22, 27, 33, 40, 50, 60)


class Document:
    """One page of ink and the steps that led to it.

    Lengths are in page units, times in milliseconds. A place or time that is not a finite number
    is ignored; a place outside the page is moved to the page's nearest edge.

    strokes: the finished strokes. live: the one under the pen, or None.
    edits: which strokes the player merged, split and labelled.
    pen: the pen's width.
    size: (width, height) of the page, each at least 1.
    autosave: keeps the ink for the next start, or None.
    revision: grows with every visible change.
    ink_revision: grows when ink that was drawn has to be drawn anew: after undo, redo, clear,
        erase, open, a correction, or a change of the pen's width. One point or stroke more changes
        only `len(live)` or `len(strokes)`.
    """

    def __init__(
        self,
        size: tuple[float, float],
        autosave: Autosave | None = None,
        on_replaced: Callable[[], None] | None = None,
    ) -> None:
        """size: (width, height) of the page.

        autosave: brings back the ink of a window that was closed or killed, and keeps this one's.
        on_replaced: is called whenever `ink_revision` has grown.
        """
        self.strokes: tuple[Stroke, ...] = ()
        self.edits = AS_READ
        self.pen = PAGE_PEN
        self.size = (max(1.0, size[0]), max(1.0, size[1]))
        self.autosave = autosave
        self.revision = 0
        self.ink_revision = 0
        self._on_replaced = on_replaced
        self._history = History()
        self._live_stroke: LiveStroke | None = None
        self._origin = math.inf  # the drawing's start on the caller's clock
        self._eraser: tuple[float, float] | None = None  # where its drag has come to
        self._before_drag: PageState | None = None  # before the first stroke that the drag erased
        self._restore()

    @property
    def live(self) -> Stroke | None:
        return None if self._live_stroke is None else self._live_stroke.snapshot()

    # The pen

    def pen_down(self, x: float, y: float, ms: float) -> None:
        """Starts a stroke. A pen that is already down (its lifting was lost) is lifted first."""
        if not _finite(x, y, ms):
            return
        self.pen_up(ms)
        self._eraser = None
        last = _last_time(self.strokes)
        self._origin = ms if last is None else min(self._origin, ms - last)
        self._live_stroke = LiveStroke()
        self._add_point(x, y, ms)

    def pen_move(self, x: float, y: float, ms: float) -> None:
        """Goes on with the stroke, if the pen is down."""
        if self._live_stroke is not None and _finite(x, y, ms):
            self._add_point(x, y, ms)

    def pen_up(self, ms: float) -> None:
        """Finishes the stroke, if the pen is down. One that never moved is a dot."""
        if self._live_stroke is None:
            return
        stroke, self._live_stroke = self._live_stroke.finished(), None
        self._history.add(Written(stroke))
        self.strokes = (*self.strokes, stroke)
        if self.autosave:
            self.autosave.append(stroke, self.pen)
        self.revision += 1

    def _add_point(self, x: float, y: float, ms: float) -> None:
        assert self._live_stroke is not None
        x = min(max(float(x), 0.0), self.size[0])
        y = min(max(float(y), 0.0), self.size[1])
        moment = float(ms) - self._origin
        if len(self._live_stroke):
            last_x, last_y, last_time = self._live_stroke.last
            if (x, y) == (last_x, last_y):
                return
            moment = max(moment, last_time)
        self._live_stroke.add(x, y, moment)
        self.revision += 1

    # The eraser

    def erase_at(self, x: float, y: float, radius: float) -> None:
        """Begins a drag of the eraser: whole strokes that it touches go. One drag, one undo."""
        if _finite(x, y, radius):
            self.finish_stroke()
            self._before_drag = None
            self._eraser = (float(x), float(y))
            self._erase((float(x), float(y)), radius)

    def erase_to(self, x: float, y: float, radius: float) -> None:
        """Goes on with the drag, in a straight line; begins one where none is under way."""
        if self._eraser is None:
            self.erase_at(x, y, radius)
        elif _finite(x, y, radius):
            self._erase((float(x), float(y)), radius)

    def _erase(self, end: tuple[float, float], radius: float) -> None:
        start, self._eraser = self._eraser or end, end
        hit = touched(self.strokes, start, end, max(radius, 0.0) + self.pen / 2)
        if not hit.any():
            return
        if self._before_drag is None:
            self._before_drag = self._page
        else:
            self._history.drop_last()
        left = tuple(s for s, gone in zip(self.strokes, hit, strict=True) if not gone)
        self._do(Replaced(self._before_drag, replace(self._page, strokes=left)))

    # Steps

    def clear(self) -> None:
        """Takes all ink away; undo brings it back."""
        self.finish_stroke()
        self._eraser = None
        if self.strokes:
            self._do(Replaced(self._page, PageState((), self.pen)))

    def put(self, strokes: tuple[Stroke, ...], pen: float) -> None:
        """Puts these strokes and this pen in the place of all ink; undo brings that back."""
        self.finish_stroke()
        self._eraser = None
        self._origin = math.inf
        self._do(Replaced(self._page, PageState(strokes, pen)))

    def correct(self, step: Corrected) -> None:
        """Merges, splits or labels characters."""
        self.finish_stroke()
        self._eraser = None
        self._do(step)

    def undo(self) -> Step | None:
        """Takes the last step back: a stroke, a drag of the eraser, a clear, a file, a correction.

        With the pen down, the stroke under it is the last step. Returns the step, None without any.
        """
        self.finish_stroke()
        self._eraser = None
        step = self._history.undo()
        if step is not None:
            self._show(step.revert(self._page))
        return step

    def redo(self) -> Step | None:
        """Does the step again that was undone last, unless another was done since; returns it."""
        self.finish_stroke()
        self._eraser = None
        step = self._history.redo()
        if step is not None:
            self._show(step.apply(self._page))
        return step

    def forget_steps(self) -> None:
        """What was done so far is final: undo and redo begin anew from here. The ink stays."""
        self.finish_stroke()
        self._before_drag = None
        self._history.clear()

    def set_pen(self, pen: float) -> None:
        """The pen's width from now on, of all ink; the nearest that a pen can have."""
        pen = within_limits(pen)
        if pen != self.pen:
            self._show(replace(self._page, pen=float(pen)))

    def widen_pen(self) -> None:
        self.set_pen(next((w for w in PEN_WIDTHS if w > self.pen), PEN_WIDTHS[-1]))

    def narrow_pen(self) -> None:
        self.set_pen(next((w for w in reversed(PEN_WIDTHS) if w < self.pen), PEN_WIDTHS[0]))

    def resize(self, size: tuple[float, float]) -> None:
        """The page is now (width, height). The ink stays where it is, and whole.

        A page grows with ink that is written in tiny windows; it ends where files of ink do.
        """
        if not _finite(*size):
            return
        width, height = (min(max(side, 1.0), LARGEST) for side in size)
        if (width, height) != self.size:
            self.size = (width, height)
            self.revision += 1

    def finish_stroke(self) -> None:
        """Lifts the pen, where it is down."""
        self.pen_up(0.0)

    def close(self) -> None:
        """The window closes: the stroke under the pen is kept with the others."""
        self.finish_stroke()
        if self.autosave:
            self.autosave.close()

    # Inside

    @property
    def _page(self) -> PageState:
        return PageState(self.strokes, self.pen, self.edits)

    def _do(self, step: Step) -> None:
        self._history.add(step)
        self._show(step.apply(self._page))

    def _show(self, page: PageState) -> None:
        self.strokes, self.pen, self.edits = page.strokes, page.pen, page.edits
        self.ink_revision += 1
        self.revision += 1
        if self.autosave:
            self.autosave.rewrite(self.strokes, self.pen, self.edits)
        if self._on_replaced is not None:
            self._on_replaced()

    def _restore(self) -> None:
        if self.autosave is None:
            return
        if self.autosave.pen is not None:
            self.pen = within_limits(self.autosave.pen)
        # Each stroke is a step of its own, so that undo goes on where the last window ended.
        for stroke in self.autosave.strokes:
            self._history.add(Written(stroke))
        self.strokes, self.edits = self.autosave.strokes, self.autosave.edits


def _finite(*numbers: float) -> bool:
    return all(math.isfinite(number) for number in numbers)


def within_limits(pen: float) -> float:
    """The nearest width that a pen can have."""
    return min(max(pen, float(PEN_WIDTHS[0])), float(PEN_WIDTHS[-1]))


def _last_time(strokes: tuple[Stroke, ...]) -> float | None:
    """When the ink ends, in milliseconds since the drawing's start; None where none is known."""
    return max((float(s.times[-1]) for s in strokes if s.times is not None), default=None)
