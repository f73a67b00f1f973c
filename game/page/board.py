"""What a stroke or a key does to the page. Knows no window and no events."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from game.document.autosave import Autosave
from game.document.document import Document, within_limits
from game.document.history import PageState
from game.document.open import DrawnPage, open_page
from game.document.save import save_drawing
from game.page.corrections import Corrections
from game.page.readers import WORDS, Readers, ReadingMode
from game.page.recognition import Recognition, Snapshot
from game.page.selection import followed, moved, newest, pair
from game.page.toasts import Toast, Toasts
from models.recognition.labels import merged
from models.recognition.reader import Reader, Reading
from models.segmentation.edits import Ink, SegmentationEdits
from models.segmentation.search import InSteps
from models.util.errors import InputError, explain_os_error

# Seconds in each frame for reading: while the pen is down it must not wait, and later it may wait
# for less than a frame. What takes longer goes on in the next one.
_READING_LIVE, _READING = 0.004, 0.018
_PATIENCE = 0.25  # seconds that a key waits at most for what the ink reads as
_NO_INK = "Nothing to mend: there is no ink yet."
_STILL_READING = "Still reading: a moment, please."


@dataclass(frozen=True)
class _Trial:
    """A join or a split that is read before it becomes a step.

    change: the board's, since which nothing else may have been done. before: the reading without
    it. done, names: how a toast tells of it: "Joined", "4 and 1".
    """

    change: int
    edits: SegmentationEdits
    before: Reading
    done: str
    names: str


class Board(Document):
    """A page of ink with what it reads as, and all that a player can do to it.

    reading: of the ink, as far as it was read by now; see `is_read`. selected: the index in it of
    the answer that the player has chosen, or None. corrections: what was corrected.
    """

    def __init__(
        self,
        reader: Reader,
        size: tuple[float, float],
        drawings: Path,
        autosave: Autosave | None = None,
        networks: Path | None = None,
        corrections: Corrections | None = None,
    ) -> None:
        """size: (width, height) of the page. drawings: the folder that `save` writes into.

        autosave: brings back the ink of a window that was closed or killed, and keeps this one's.
        networks: the folder of those that `switch_mode` goes over to; None for `models/`.
        corrections: what was corrected before; None for none, which keeps nothing.
        """
        super().__init__(size, autosave)
        self._readers = Readers(reader, networks)
        self._drawings = drawings
        self.corrections = Corrections(networks=networks) if corrections is None else corrections
        self._toasts = Toasts()
        self._waiting: Path | None = None  # the file to open next
        self._recognition = Recognition(self._reading_steps)
        self._trial: _Trial | None = None  # a join or split that is being read
        self._selection: Ink = frozenset()  # the selected answer's ink, where there is one
        self.selected: int | None = None
        self.show_boxes = True
        self.show_panel = True
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

    def save(self) -> None:
        """Writes the page as PNG and InkML; a toast names the picture, or says what hindered it."""
        self._finish_stroke()
        if not self.strokes:
            self.say("Nothing to save: the page is empty.", "info")
            return
        self.read()
        reading = self.reading if self.is_read else Reading()
        now = datetime.now()
        try:
            picture, _ = save_drawing(
                self.strokes, self.pen, self.size, reading, self._drawings, now
            )
        except OSError as error:
            self.say(f"Not saved in {self._drawings}: {explain_os_error(error)}.", "error")
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

    def switch_mode(self) -> None:
        """From digits to letters, too, and back; a toast tells, also what hindered it."""
        try:
            self._readers.switch()
        except InputError as error:
            self.say(str(error), "error")
        else:
            self._ink_changed()
            self.say(f"Reads {WORDS[self.mode]} now.")

    # Selecting and mending

    def select(self, index: int | None) -> None:
        """Chooses an answer of the reading; None, or one that it does not have, for none."""
        answers = self.reading.answers
        if index is not None and not 0 <= index < len(answers):
            index = None
        self._selection = frozenset() if index is None else frozenset(answers[index].ink)
        if index != self.selected:
            self.selected = index
            self.revision += 1

    def move_selection(self, step: int) -> None:
        """Chooses the answer that is `step` further in reading order; see `selection.moved`."""
        if not self.catch_up():
            return
        self.select(moved(self.selected, step, len(self.reading.answers)))

    def join(self, other: int | None = None) -> None:
        """Makes one character of two: a step, and a toast that tells of it or what hindered it.

        other: the answer to join with the selected one; None for neighbours, see `selection.pair`.
        """
        if not self.catch_up():
            return
        answers, selected = self.reading.answers, self.selected
        both = pair(self.reading, selected)
        if other is not None and selected is not None and other < len(answers):
            both = (min(selected, other), max(selected, other)) if selected != other else None
        if both is None:
            side = "stands to its right" if selected is not None else "stands beside it"
            self.say(f"Nothing to join: no other character {side}." if answers else _NO_INK)
            return
        names = " and ".join(answers[i].text for i in both)
        self._try(self.edits.with_merged(answers[i].ink for i in both), "Joined", names)

    def split(self) -> None:
        """Makes several of the selected or newest character: a step, and a toast that tells."""
        if not self.catch_up():
            return
        if self.shown is None:
            self.say(_NO_INK)
            return
        one = self.reading.answers[self.shown]
        self._try(self.edits.with_split(one.ink), "Split", one.text)

    def _try(self, edits: SegmentationEdits, done: str, names: str) -> None:
        """Reads the page as it were with these mends; the step is made where that regroups ink."""
        self._ink_changed()
        self._trial = _Trial(self._changes, edits, self.reading, done, names)
        self._read_for(_PATIENCE)

    def _end_trial(self, trial: _Trial) -> None:
        """Makes the step that was tried, or tells that nothing came of it.

        A selection goes over to what is new.
        """
        before = {frozenset(answer.ink) for answer in trial.before.answers}
        answers = self.reading.answers
        new = [i for i, answer in enumerate(answers) if frozenset(answer.ink) not in before]
        if not new:
            self._ink_changed()
            self.say(f"{trial.names} cannot be {trial.done.lower()}.")
            return
        if self.selected is not None:
            self.select(new[0])
        self.set_edits(trial.edits)
        parts = " and ".join(answers[i].caption() for i in new)
        self.say(f"{trial.done} {trial.names}: {parts}.")

    # Teaching

    def name(self, label: str) -> None:
        """The selected or newest character is this one: learned at once, a step, and a toast.

        label: one character. One that the present mode cannot read changes nothing.
        """
        if not self.catch_up():
            return
        if self.shown is None:
            return
        if merged(label) not in self.labels:
            self.say(f"Only digits are read now, not {label}: Tab reads letters, too.")
            return
        answer = self.reading.answers[self.shown]
        if answer.corrected_label == label:
            return
        self.corrections.expect(answer, label, self.pen)
        self.set_edits(self.edits.with_label(answer.ink, label))
        was = "" if answer.text == label else f' It read as "{answer.caption()}".'
        self.say(f"Learned: this is {label}.{was}")

    def learn_anew(self) -> None:
        """What is kept of corrections may have grown elsewhere; the page is read by all of it."""
        self.corrections.refresh()
        self._ink_changed()

    def set_edits(self, edits: SegmentationEdits) -> None:
        self._step(lambda: super(Board, self).set_edits(edits))

    def undo(self) -> None:
        self._step(super().undo)

    def redo(self) -> None:
        self._step(super().redo)

    def _step(self, does: Callable[[], None]) -> None:
        """Does a step; where it takes corrections back or makes them, so do their samples.

        What clears or erases ink leaves them: it was written, and is what the player said.
        """
        self._finish_stroke()
        strokes, before = self.strokes, self.edits.labels
        does()
        if self.strokes != strokes:
            return
        told = self.corrections.follow(before, self.edits.labels)
        if told:
            self.say(told)

    # What the window asks and tells

    @property
    def toast(self) -> Toast | None:
        return self._toasts.current

    @property
    def mode(self) -> ReadingMode:
        return self._readers.mode

    @property
    def reader(self) -> Reader:
        """What reads the page in the present mode."""
        return self._readers.reader

    @property
    def read_by(self) -> Reader:
        """What gave the present reading; another one as long as a new mode's is not there."""
        return self._recognition.reader or self.reader

    @property
    def labels(self) -> tuple[str, ...]:
        """All that an answer can be in the present mode."""
        return self.reader.labels

    @property
    def shown(self) -> int | None:
        """The answer that the panel shows: the selected, or else the newest; None without ink."""
        return newest(self.reading) if self.selected is None else self.selected

    @property
    def reading(self) -> Reading:
        return self._recognition.reading

    @property
    def is_read(self) -> bool:
        """Whether `reading` is of the ink as it is now."""
        return self._recognition.change == self._changes

    @property
    def outdated(self) -> frozenset[int]:
        """Answers of the reading that may change: of ink under the pen, or not yet read anew."""
        answers, live = self.reading.answers, len(self.strokes)
        growing = {
            index
            for index, answer in enumerate(answers)
            if self.live is not None and live in answer.strokes
        }
        if self.is_read:
            return frozenset(growing)
        return self._recognition.outdated(self._snapshot()) | growing

    def say(self, text: str, kind: Literal["info", "error"] = "info") -> None:
        """Shows one line for a short while."""
        self._toasts.say(text, kind)
        self.revision += 1

    def tick(self, now: float) -> None:
        """Tells the time, in seconds on a clock that only goes forward; old toasts go."""
        if self._toasts.tick(now):
            self.revision += 1
        for source in (self._autosave, self.corrections):
            if source and source.notice and self.toast is None:
                notice, source.notice = source.notice, None
                self.say(notice, "error")

    def read(self) -> None:
        """Reads the ink, the stroke under the pen too, for as long as one frame has time."""
        self._read_for(_READING if self.live is None else _READING_LIVE)

    def read_now(self) -> None:
        """Reads all ink to the end."""
        while not self.is_read:
            self._read_for(math.inf)

    def catch_up(self) -> bool:
        """Finishes the stroke, and reads the page if that is not too long to wait for; else says
        so. Returns whether it is read.
        """
        self._finish_stroke()
        self._read_for(_PATIENCE)
        if not self.is_read:
            self.say(_STILL_READING)
        return self.is_read

    def _reading_steps(self, page: Snapshot) -> InSteps[Reading]:
        """Learns what was corrected, and reads by it."""
        yield from self.corrections.teach(page.reader)
        return (yield from page.reader.read_in_steps(page.ink, page.pen, page.edits))

    # Inside

    def _read_for(self, seconds: float) -> None:
        end = time.perf_counter() + seconds
        while True:
            if self._trial is not None and self._trial.change != self._changes:
                self.say(f"Not {self._trial.done.lower()}: the page has changed meanwhile.")
                self._trial = None
            left = end - time.perf_counter()
            if self._recognition.go_on(
                self._changes, self._turns, len(self.strokes), self._snapshot, left
            ):
                self.select(followed(self._selection, self.reading))
                self.revision += 1
            if self._trial is None or not self.is_read:
                break
            trial, self._trial = self._trial, None
            self._end_trial(trial)

    def _snapshot(self) -> Snapshot:
        return Snapshot(
            self.strokes,
            self.live,
            self.pen,
            self.edits if self._trial is None else self._trial.edits,
            self.reader,
            self._changes,
            self._turns,
        )

    def _show_page(self, page: PageState) -> None:
        super()._show_page(page)
        self._recognition.keep(self.strokes)
        self.select(followed(self._selection, self.reading))
