"""The ink on a page: written, erased, undone and kept. Knows nothing of reading or of windows."""

from __future__ import annotations

import math

from game.document.autosave import Autosave
from game.document.eraser import touched
from game.document.history import History, PageState
from game.document.live_stroke import LiveStroke
from models.ink.points import LARGEST
from models.ink.strokes import PAGE_PEN, Stroke
from models.segmentation.edits import SegmentationEdits

# Page units, thinnest to thickest; each step is clearly seen and none is larger than half again.
PEN_WIDTHS = (1, 2, 3, 4, 6, 8, 10, 12, 15, 18, 22, 27, 33, 40, 50, 60)


class Document:
    """One page of ink and the steps that led to it.

    Lengths are in page units, times in milliseconds. A place or time that is not a finite number
    is ignored; a place outside the page is moved to the page's nearest edge.

    strokes: the finished strokes. live: the one under the pen, or None. edits: what the player
        said about which of them belong together.
    size: (width, height) of the page, each at least 1. pen: the pen's width.
    revision: grows with every visible change. ink_revision: grows when ink that was drawn has to be
        drawn anew: after undo, redo, clear, erase, open, a cancelled stroke, or a change of the
        pen's width. One point or stroke more changes only `len(live)` or `len(strokes)`.
    """

    def __init__(self, size: tuple[float, float], autosave: Autosave | None = None) -> None:
        """autosave: brings back the ink of a window that was closed or killed, and keeps this
        one's.
        """
        self._autosave = autosave
        self._history = History()
        self._live_stroke: LiveStroke | None = None  # the live stroke, None while the pen is up
        self._origin = math.inf  # the drawing's start on the caller's clock
        self._eraser: tuple[float, float] | None = None  # where its drag has come to
        self._erased = False  # whether that drag has already made a step of undo
        self._changes = 0  # of the ink, or of what it is to be read as
        self._turns = 0  # of these the ones that are more than ink that was added
        self.size = (max(1.0, size[0]), max(1.0, size[1]))
        self.pen = PAGE_PEN
        self.revision = 0
        self.ink_revision = 0
        self._restore()

    @property
    def strokes(self) -> tuple[Stroke, ...]:
        return self._history.strokes

    @property
    def edits(self) -> SegmentationEdits:
        return self._history.edits

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
        self._history.append(stroke)
        if self._autosave:
            self._autosave.append(stroke, self.pen)
        self._ink_added()

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
        self._ink_added()

    # The eraser

    def erase_at(self, x: float, y: float, radius: float) -> None:
        """Begins a drag of the eraser: whole strokes that it touches go. One drag, one undo."""
        if _finite(x, y, radius):
            self._finish_stroke()
            self._erased = False
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
        if hit.any():
            left = tuple(s for s, gone in zip(self.strokes, hit, strict=True) if not gone)
            self._replace(PageState(left, self.pen, self.edits), merge=self._erased)
            self._erased = True

    # Steps

    def clear(self) -> None:
        """Takes all ink away; undo brings it back."""
        self._finish_stroke()
        self._eraser = None
        if self.strokes:
            self._replace(PageState((), self.pen))

    def put(self, strokes: tuple[Stroke, ...], pen: float) -> None:
        """These strokes and this pen take the place of all ink; undo brings that back."""
        self._finish_stroke()
        self._eraser = None
        self._origin = math.inf
        self._replace(PageState(strokes, pen))

    def set_edits(self, edits: SegmentationEdits) -> None:
        """What belongs together is now this; one step."""
        self._finish_stroke()
        self._eraser = None
        self._replace(PageState(self.strokes, self.pen, edits))

    def undo(self) -> None:
        """Takes the last step back: a stroke, a drag of the eraser, a clear, an open, a mend.

        With the pen down, the stroke under it is the last step.
        """
        self._finish_stroke()
        self._show(self._history.undo(self.pen))

    def redo(self) -> None:
        """Does again what was undone last, unless something else was done since."""
        self._finish_stroke()
        self._show(self._history.redo(self.pen))

    def forget_steps(self) -> None:
        """What was done so far is final: undo and redo begin anew from here. The ink stays."""
        self._finish_stroke()
        self._history.forget()

    def widen_pen(self) -> None:
        self._set_pen(next((w for w in PEN_WIDTHS if w > self.pen), PEN_WIDTHS[-1]))

    def narrow_pen(self) -> None:
        self._set_pen(next((w for w in reversed(PEN_WIDTHS) if w < self.pen), PEN_WIDTHS[0]))

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

    def close(self) -> None:
        """The window closes: the stroke under the pen is kept with the others."""
        self._finish_stroke()
        if self._autosave:
            self._autosave.close()

    # Inside

    def _finish_stroke(self) -> None:
        self.pen_up(0.0)

    def _ink_added(self) -> None:
        self._changes += 1
        self.revision += 1

    def _ink_changed(self) -> None:
        self._turns += 1
        self._ink_added()

    def _replace(self, after: PageState, merge: bool = False) -> None:
        self._history.replace(PageState(self.strokes, self.pen, self.edits), after, merge)
        self._show_page(after)

    def _show(self, page: PageState | None) -> None:
        self._eraser = None
        if page is not None:
            self._show_page(page)

    def _show_page(self, page: PageState) -> None:
        self.pen = page.pen
        self.ink_revision += 1
        if self._autosave:
            self._autosave.rewrite(self.strokes, self.pen, self.edits)
        self._ink_changed()

    def _set_pen(self, pen: float) -> None:
        if pen != self.pen:
            self._show_page(PageState(self.strokes, float(pen), self.edits))

    def _restore(self) -> None:
        if self._autosave is None:
            return
        if self._autosave.pen is not None:
            self.pen = within_limits(self._autosave.pen)
        # Each stroke is a step of its own, so that undo goes on where the last window ended.
        for stroke in self._autosave.strokes:
            self._history.append(stroke)
        self._history.edits = self._autosave.edits
        self._ink_changed()


def _finite(*numbers: float) -> bool:
    return all(math.isfinite(number) for number in numbers)


def within_limits(pen: float) -> float:
    """The nearest width that a pen can have."""
    return min(max(pen, float(PEN_WIDTHS[0])), float(PEN_WIDTHS[-1]))


def _last_time(strokes: tuple[Stroke, ...]) -> float | None:
    """When the ink ends, in milliseconds since the drawing's start; None where none is known."""
    return max((float(s.times[-1]) for s in strokes if s.times is not None), default=None)
