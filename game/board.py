"""What a stroke or a key does to the page. Knows no window and no events."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

from game.autosave import Autosave
from game.eraser import touched
from game.growing import GrowingStroke
from game.history import History, Page
from game.opening import DrawnPage, open_page
from game.saving import save_drawing
from models.files import reason
from models.ink import InputError, Stroke
from models.reader import Reader, Reading

PEN = 12.0  # page units, the width of a new page's pen; MNIST's proportions at the usual window
# Page units, thinnest to thickest; each step is clearly seen and none is larger than half again.
PEN_WIDTHS = (1, 2, 3, 4, 6, 8, 10, 12, 15, 18, 22, 27, 33, 40, 50, 60)
TOAST_SECONDS = 4.0
_SLOW_READING = 0.05  # seconds; the usual reading takes one or two thousandths
_LIVE_PAUSE = 4.0  # times what a slow reading took, until the next one while the pen is down


@dataclass(frozen=True)
class Toast:
    """A line shown for a short while.

    until: seconds, on the clock that `Board.tick` is told; not known before its next tick, since
    what the line is about, such as opening a large file, may itself have taken long.
    """

    text: str
    kind: Literal["info", "error"]
    until: float = math.inf


class Board:
    """One page of ink: the strokes, what they read as, and all that can be done to them.

    Lengths are in page units, times in milliseconds unless said otherwise. A place or time that is
    not a finite number is ignored; a place outside the page is moved to the page's nearest edge.

    strokes: the finished strokes. live: the one under the pen, or None.
    revision: grows with every visible change. ink_revision: grows when ink that was drawn has to be
        drawn anew: after undo, redo, clear, erase, open, a cancelled stroke, or a change of the
        pen's width. One point or stroke more changes only `len(live)` or `len(strokes)`.
    """

    def __init__(
        self,
        reader: Reader,
        size: tuple[float, float],
        drawings: Path,
        autosave: Autosave | None = None,
    ) -> None:
        """size: (width, height) of the page. drawings: the folder that `save` writes into.

        autosave: brings back the ink of a window that was closed or killed, and keeps this one's.
        """
        self._reader = reader
        self._drawings = drawings
        self._autosave = autosave
        self._history = History()
        self._growing: GrowingStroke | None = None  # the live stroke, None while the pen is up
        self._origin = math.inf  # the drawing's start on the caller's clock
        self._eraser: tuple[float, float] | None = None  # where its drag has come to
        self._erased = False  # whether that drag has already made a step of undo
        self._waiting: Path | None = None  # the file to open next
        self._read = True  # whether `reading` is of the ink as it is
        self._read_again = 0.0  # when a live stroke may be read next, on time.perf_counter's clock
        self.size = (max(1.0, size[0]), max(1.0, size[1]))
        self.pen = PEN
        self.reading = Reading()
        self.show_boxes = True
        self.show_panel = True
        self.show_help = False
        self.erasing = False
        self.toast: Toast | None = None
        self.revision = 0
        self.ink_revision = 0
        self._restore()

    @property
    def strokes(self) -> tuple[Stroke, ...]:
        return self._history.strokes

    @property
    def live(self) -> Stroke | None:
        return None if self._growing is None else self._growing.so_far()

    # The pen

    def pen_down(self, x: float, y: float, ms: float) -> None:
        """Starts a stroke. A pen that is already down (its lifting was lost) is lifted first."""
        if not _finite(x, y, ms):
            return
        self.pen_up(ms)
        self._eraser = None
        last = _last_time(self.strokes)
        self._origin = ms if last is None else min(self._origin, ms - last)
        self._growing = GrowingStroke()
        self._add_point(x, y, ms)

    def pen_move(self, x: float, y: float, ms: float) -> None:
        """Goes on with the stroke, if the pen is down."""
        if self._growing is not None and _finite(x, y, ms):
            self._add_point(x, y, ms)

    def pen_up(self, ms: float) -> None:
        """Finishes the stroke, if the pen is down. One that never moved is a dot."""
        if self._growing is None:
            return
        stroke, self._growing = self._growing.finished(), None
        self._history.append(stroke)
        if self._autosave:
            self._autosave.append(stroke, self.pen)
        self._ink_changed()

    def cancel_pen(self) -> None:
        """Drops the stroke under the pen, if there is one, as if it had never been begun."""
        if self._growing is not None:
            self._growing = None
            self.ink_revision += 1
            self._ink_changed()

    def _add_point(self, x: float, y: float, ms: float) -> None:
        assert self._growing is not None
        x = min(max(float(x), 0.0), self.size[0])
        y = min(max(float(y), 0.0), self.size[1])
        moment = float(ms) - self._origin
        if len(self._growing):
            last_x, last_y, last_time = self._growing.last
            if (x, y) == (last_x, last_y):
                return
            moment = max(moment, last_time)
        self._growing.add(x, y, moment)
        self._ink_changed()

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
            self._replace(left, self.pen, merge=self._erased)
            self._erased = True

    # Keys

    def clear(self) -> None:
        """Takes all ink away; undo brings it back."""
        self._finish_stroke()
        self._eraser = None
        if self.strokes:
            self._replace((), self.pen)

    def undo(self) -> None:
        """Takes the last step back: a stroke, a drag of the eraser, a clear, an open.

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

    def toggle_eraser(self) -> None:
        self._finish_stroke()
        self.erasing = not self.erasing
        self.revision += 1

    def toggle_boxes(self) -> None:
        self.show_boxes = not self.show_boxes
        self.revision += 1

    def toggle_panel(self) -> None:
        self.show_panel = not self.show_panel
        self.revision += 1

    def toggle_help(self) -> None:
        self.show_help = not self.show_help
        self.revision += 1

    def save(self) -> None:
        """Writes the page as PNG and InkML; a toast names the picture, or says what hindered it."""
        self._finish_stroke()
        if not self.strokes:
            self.say("Nothing to save: the page is empty.", "info")
            return
        self.read_now()
        now = datetime.now()
        try:
            picture, _ = save_drawing(
                self.strokes, self.pen, self.size, self.reading, self._drawings, now
            )
        except OSError as error:
            self.say(f"Not saved in {self._drawings}: {reason(error)}.", "error")
        else:
            self.say(f"Saved {picture}, and the strokes in .inkml beside it.", "info")

    def open_file(self, path: Path) -> None:
        """Puts a drawing from an InkML or drawings file in the place of the ink.

        Of several drawings the first. A file that cannot be used leaves the ink as it is.
        """
        self._finish_stroke()
        try:
            opened: DrawnPage = open_page(Path(path), self.size)
        except InputError as error:
            self.say(str(error), "error")
            return
        self._eraser = None
        self._origin = math.inf
        pen = self.pen if opened.pen is None else _within_limits(opened.pen)
        self._replace(opened.strokes, pen)
        more = f", the first of {opened.count} drawings" if opened.count > 1 else ""
        self.say(f"Opened {Path(path).name}{more}.", "info")

    def open_soon(self, path: Path) -> None:
        """Says that a file is being opened; `open_waiting` does it, a frame later.

        For large files: the window cannot answer until they are read, and says so before.
        """
        self._waiting = Path(path)
        self.say(f"Opening {self._waiting.name} …", "info")

    def open_waiting(self) -> None:
        """Opens the file that waits, if there is one."""
        path, self._waiting = self._waiting, None
        if path is not None:
            self.open_file(path)

    # What the window asks and tells

    def answer_text(self) -> str:
        """What the page says, "" while it is empty."""
        self.read_now()
        return self.reading.text

    def say(self, text: str, kind: Literal["info", "error"] = "info") -> None:
        """Shows one line for a short while."""
        self.toast = Toast(" ".join(text.split()), kind)
        self.revision += 1

    def tick(self, now: float) -> None:
        """Tells the time, in seconds on a clock that only goes forward; old toasts go."""
        if self.toast is not None and self.toast.until == math.inf:
            self.toast = replace(self.toast, until=now + TOAST_SECONDS)
        elif self.toast is not None and now >= self.toast.until:
            self.toast = None
            self.revision += 1
        if self._autosave and self._autosave.notice and self.toast is None:
            notice, self._autosave.notice = self._autosave.notice, None
            self.say(notice, "error")

    def resize(self, size: tuple[float, float]) -> None:
        """The page is now (width, height). The ink stays where it is, and whole."""
        if _finite(*size) and size != self.size:
            self.size = (max(1.0, size[0]), max(1.0, size[1]))
            self.revision += 1

    def read_now(self) -> None:
        """Reads all ink, the stroke under the pen too, if it changed since the last reading.

        Ink that takes long to read, some 100,000 points, keeps its last answer for a while as long
        as the pen is down, so that the pen can go on.
        """
        if self._read:
            return
        live, start = self.live, time.perf_counter()
        if live is not None and start < self._read_again and self.reading.answers:
            return
        self._read = True
        ink = self.strokes if live is None else (*self.strokes, live)
        self.reading = self._reader.read(ink, self.pen) if ink else Reading()
        self.revision += 1
        end = time.perf_counter()
        slow = end - start > _SLOW_READING
        self._read_again = end + _LIVE_PAUSE * (end - start) if slow else 0.0

    def close(self) -> None:
        """The window closes: the stroke under the pen is kept with the others."""
        self._finish_stroke()
        if self._autosave:
            self._autosave.close()

    # Inside

    def _finish_stroke(self) -> None:
        self.pen_up(0.0)

    def _ink_changed(self) -> None:
        self._read = False
        self.revision += 1

    def _replace(self, strokes: tuple[Stroke, ...], pen: float, merge: bool = False) -> None:
        after = Page(strokes, pen)
        self._history.replace(Page(self.strokes, self.pen), after, merge)
        self._show_page(after)

    def _show(self, page: Page | None) -> None:
        self._eraser = None
        if page is not None:
            self._show_page(page)

    def _show_page(self, page: Page) -> None:
        self.pen = page.pen
        self.ink_revision += 1
        if self._autosave:
            self._autosave.rewrite(self.strokes, self.pen)
        self._ink_changed()

    def _set_pen(self, pen: float) -> None:
        if pen != self.pen:
            self._show_page(Page(self.strokes, float(pen)))

    def _restore(self) -> None:
        if self._autosave is None:
            return
        if self._autosave.pen is not None:
            self.pen = _within_limits(self._autosave.pen)
        # Each stroke is a step of its own, so that undo goes on where the last window ended.
        for stroke in self._autosave.strokes:
            self._history.append(stroke)
        self._ink_changed()


def _finite(*numbers: float) -> bool:
    return all(math.isfinite(number) for number in numbers)


def _within_limits(pen: float) -> float:
    return min(max(pen, float(PEN_WIDTHS[0])), float(PEN_WIDTHS[-1]))


def _last_time(strokes: tuple[Stroke, ...]) -> float | None:
    """When the ink ends, in milliseconds since the drawing's start; None where none is known."""
    return max((float(s.times[-1]) for s in strokes if s.times is not None), default=None)
