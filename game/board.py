"""What a stroke or a key does to the page. Knows no window and no events."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path
from typing import Literal

from game.autosave import Autosave
from game.opening import DrawnPage, open_page
from game.saving import save_drawing
from game.sheet import Sheet, within_limits
from game.toasts import Toast, Toasts
from models.files import reason
from models.ink import InputError
from models.reader import Reader, Reading

_SLOW_READING = 0.05  # seconds; the usual reading takes one or two thousandths
_LIVE_PAUSE = 4.0  # times what a slow reading took, until the next one while the pen is down


class Board(Sheet):
    """A page of ink with what it reads as, and all that a player can do to it.

    reading: of the ink as it was at the last `read_now`.
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
        super().__init__(size, autosave)
        self._reader = reader
        self._drawings = drawings
        self._toasts = Toasts()
        self._waiting: Path | None = None  # the file to open next
        self._read = 0  # how many changes of the ink `reading` knows of
        self._read_again = 0.0  # when a live stroke may be read next, on time.perf_counter's clock
        self.reading = Reading()
        self.show_boxes = True
        self.show_panel = True
        self.show_help = False
        self.erasing = False

    # Keys

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
        self.put(opened.strokes, self.pen if opened.pen is None else within_limits(opened.pen))
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

    @property
    def toast(self) -> Toast | None:
        return self._toasts.current

    def answer_text(self) -> str:
        """What the page says, "" while it is empty."""
        self.read_now()
        return self.reading.text

    def say(self, text: str, kind: Literal["info", "error"] = "info") -> None:
        """Shows one line for a short while."""
        self._toasts.say(text, kind)
        self.revision += 1

    def tick(self, now: float) -> None:
        """Tells the time, in seconds on a clock that only goes forward; old toasts go."""
        if self._toasts.tick(now):
            self.revision += 1
        if self._autosave and self._autosave.notice and self.toast is None:
            notice, self._autosave.notice = self._autosave.notice, None
            self.say(notice, "error")

    def read_now(self) -> None:
        """Reads all ink, the stroke under the pen too, if it changed since the last reading.

        Ink that takes long to read, some 100,000 points, keeps its last answer for a while as long
        as the pen is down, so that the pen can go on.
        """
        if self._read == self._changes:
            return
        live, start = self.live, time.perf_counter()
        if live is not None and start < self._read_again and self.reading.answers:
            return
        self._read = self._changes
        ink = self.strokes if live is None else (*self.strokes, live)
        self.reading = self._reader.read(ink, self.pen) if ink else Reading()
        self.revision += 1
        end = time.perf_counter()
        slow = end - start > _SLOW_READING
        self._read_again = end + _LIVE_PAUSE * (end - start) if slow else 0.0
