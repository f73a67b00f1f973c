"""What a stroke or a key does to the page. Knows no window and no events."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from game.document.autosave import Autosave
from game.document.document import Document
from game.document.history import Corrected
from game.page.corrections import Corrections
from game.page.readers import WORDS, Readers, ReadingMode
from game.page.recognition import Recognition, Snapshot, Version
from game.page.selection import moved, pair
from game.page.toasts import Toast, Toasts
from models.ink.strokes import Drawing, Stroke
from models.recognition.answer import OtherWord, Reading
from models.recognition.labels import merged
from models.recognition.reader import Reader
from models.segmentation.edits import SegmentationEdits
from models.segmentation.search import InSteps
from models.util.errors import InputError

# Seconds in each frame for reading: while the pen is down it must not wait, and later it may wait
# for less than a frame. What takes longer goes on in the next one.
_READING_LIVE, _READING = 0.004, 0.016
_PATIENCE = 0.25  # seconds that a key waits at most for what the ink reads as
_NO_INK = "Nothing to mend: there is no ink yet."
_STILL_READING = "Still reading: a moment, please."


@dataclass(frozen=True)
class _Trial:
    """A join or a split that is read before it becomes a step.

    version: of the page, which must not have changed meanwhile. before: the reading without it.
    done, names: how a toast describes it: "Joined", "4 and 1".
    """

    version: Version
    edits: SegmentationEdits
    before: Reading
    done: str
    names: str


class Board:
    """A page of ink with what it reads as, and all that a player can do to it.

    document: the ink, its steps and the pen. recognition: what the ink reads as, and which answer
    is selected. corrections: what was corrected. erasing: whether the pen erases. show_boxes,
    show_panel: what is shown beside the ink.
    """

    def __init__(
        self,
        reader: Reader | Readers,
        size: tuple[float, float],
        *,
        autosave: Autosave | None = None,
        networks: Path | None = None,
        corrections: Corrections | None = None,
    ) -> None:
        """reader: for the page; others are loaded by `switch_mode`, or there already.

        size: (width, height) of the page.
        autosave: brings back the ink of a window that was closed or killed, and keeps this one's.
        networks: the folder of the networks; None for `models/`.
        corrections: what was corrected before; None for none, which keeps nothing.
        """
        self.document = Document(size, autosave, self._keep_answers)
        self.recognition = Recognition(self._reading_steps)
        self.corrections = Corrections(networks=networks) if corrections is None else corrections
        self.show_boxes = True
        self.show_panel = True
        self.erasing = False
        self._readers = Readers(reader, networks) if isinstance(reader, Reader) else reader
        self._toasts = Toasts()
        self._trial: _Trial | None = None  # a join or split that is being read
        self._reread = 0  # how often the page had to be read anew though its ink stayed
        self._revision = 0

    @property
    def revision(self) -> int:
        """Grows with every visible change."""
        return self._revision + self.document.revision + self.recognition.revision

    # Keys

    def toggle_eraser(self) -> None:
        self.document.finish_stroke()
        self.erasing = not self.erasing
        self._revision += 1

    def toggle_boxes(self) -> None:
        self.show_boxes = not self.show_boxes
        self._revision += 1

    def toggle_panel(self) -> None:
        self.show_panel = not self.show_panel
        self._revision += 1

    def switch_mode(self) -> None:
        """From digits to letters, too, and back; a toast says so, or why not."""
        try:
            self._readers.switch()
        except InputError as error:
            self.say(str(error), "error")
        else:
            self._read_anew()
            self.say(f"Reads {WORDS[self.mode]} now.")

    # Selecting and correcting

    def select(self, index: int | None) -> None:
        """Selects an answer of the reading; None, or one that it does not have, for none."""
        self.recognition.select(index)

    def move_selection(self, step: int) -> None:
        """Chooses the answer that is `step` further in reading order; see `selection.moved`."""
        if not self.catch_up():
            return
        self.select(moved(self.selected, step, len(self.reading.answers)))

    def join(self, other: int | None = None) -> None:
        """Makes one character of two: a step, and a toast that says so or why not.

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
        self._try(self.document.edits.with_merged(answers[i].ink for i in both), "Joined", names)

    def split(self) -> None:
        """Makes several of the selected or newest character: a step, and a toast."""
        if not self.catch_up():
            return
        if self.shown is None:
            self.say(_NO_INK)
            return
        one = self.reading.answers[self.shown]
        self._try(self.document.edits.with_split(one.ink), "Split", one.text)

    def _try(self, edits: SegmentationEdits, done: str, names: str) -> None:
        """Reads the page as it would be with these edits; a step where that regroups ink."""
        self._read_anew()
        self._trial = _Trial(self._version, edits, self.reading, done, names)
        self._read_for(_PATIENCE)

    def _end_trial(self, trial: _Trial) -> None:
        """Makes the step that was tried, or says that nothing came of it.

        A selection goes over to what is new.
        """
        before = {frozenset(answer.ink) for answer in trial.before.answers}
        answers = self.reading.answers
        new = [i for i, answer in enumerate(answers) if frozenset(answer.ink) not in before]
        if not new:
            self._read_anew()
            self.say(f"{trial.names} cannot be {trial.done.lower()}.")
            return
        if self.selected is not None:
            self.select(new[0])
        self._correct(trial.edits)
        parts = " and ".join(answers[i].caption() for i in new)
        self.say(f"{trial.done} {trial.names}: {parts}.")

    def correct(self, label: str) -> None:
        """Gives the selected or newest character its label: learned at once, a step, and a toast.

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
        self._learn([(answer.ink, answer.caption(), label)], [(answer.ink, label)])
        was = "" if answer.text == label else f' It read as "{answer.caption()}".'
        self.say(f"Learned: this is {label}.{was}")

    @property
    def other(self) -> str | None:
        """What the selected or newest word or character may be, too; None where that is not in
        doubt.
        """
        if self.shown is None:
            return None
        answer = self.reading.answers[self.shown]
        word = self.reading.other_word(answer)
        if word is not None:
            return word.text
        return answer.alternatives[1][0] if answer.kind == "unsure" else None

    def take_other(self) -> None:
        """The selected or newest word, or character, is what it may be, too: learned, a step."""
        if not self.catch_up():
            return
        other = self.other
        if other is None or self.shown is None:
            self.say("Nothing else is likely here: T says what it is.")
            return
        word = self.reading.other_word(self.reading.answers[self.shown])
        if word is None:
            self.correct(other)
        else:
            self._learn_word(word)

    def correct_word(self, text: str) -> None:
        """The word of the selected or newest character is this: each letter that read otherwise is
        learned, in one step, and a toast says so, or why not.
        """
        if not self.catch_up() or self.shown is None:
            return
        unknown = sorted({label for label in text if merged(label) not in self.labels})
        if unknown:
            self.say(f"Not read here: {' '.join(unknown)}.")
            return
        word = self.reader.aligned(self.reading.answers[self.shown], text)
        if word is None:
            self.say(f"This ink cannot be divided into the {len(text)} characters of {text}.")
        else:
            self._learn_word(word)

    def _learn_word(self, word: OtherWord) -> None:
        """All letters of a word are certain now; what read otherwise is learned."""
        now = {frozenset(answer.ink): answer for answer in self.reading.answers}
        read = [(now.get(frozenset(ink)), ink, label) for ink, label in word.characters]
        changed = [
            (ink, "" if answer is None else answer.caption(), label)
            for answer, ink, label in read
            if answer is None or answer.text != label
        ]
        self._learn(changed, word.characters)
        self.say(f"Learned: this is {word.text}.")

    def _learn(
        self,
        samples: Sequence[tuple[Iterable[Stroke], str, str]],
        labels: Sequence[tuple[Iterable[Stroke], str]],
    ) -> None:
        """Some ink is one character each: a step.

        samples: what is learned, ink, what it read as, and what it is. labels: ink and what it is.
        """
        edits = self.document.edits
        for ink, label in labels:
            edits = edits.with_label(ink, label)
        pen = self.document.pen
        learned = (self.corrections.new_sample(*each, pen) for each in samples)
        self._correct(edits, tuple(learned))

    def reload_corrections(self) -> None:
        """Reads the page by all samples that are kept by now; a mode may have added some."""
        self.corrections.refresh()
        self._read_anew()

    def _correct(self, edits: SegmentationEdits, learned: tuple[Drawing, ...] = ()) -> None:
        before = self.document.edits
        unlearned = self.corrections.samples_of(before.labels - edits.labels)
        self.document.correct(Corrected(before, edits, learned, unlearned))
        self._change_samples(learned, unlearned)

    def undo(self) -> None:
        """Takes the last step back; see `Document.undo`. A correction takes its sample back."""
        step = self.document.undo()
        if isinstance(step, Corrected):
            self._change_samples(step.unlearned, step.learned)

    def redo(self) -> None:
        """Does the step again that was undone last."""
        step = self.document.redo()
        if isinstance(step, Corrected):
            self._change_samples(step.learned, step.unlearned)

    def _change_samples(self, learned: Sequence[Drawing], unlearned: Sequence[Drawing]) -> None:
        for sample in unlearned:
            if self.corrections.unlearn(sample):
                self.say(f"No longer learned: {sample.label}.")
        for sample in learned:
            if self.corrections.learn(sample):
                self.say(f"Learned again: {sample.label}.")

    # What the window asks

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
        return self.recognition.reader or self.reader

    @property
    def labels(self) -> tuple[str, ...]:
        """All that an answer can be in the present mode."""
        return self.reader.labels

    @property
    def reading(self) -> Reading:
        """Of the ink, as far as it was read by now; see `is_read`."""
        return self.recognition.reading

    @property
    def selected(self) -> int | None:
        """The index in `reading` of the answer that the player has chosen, or None."""
        return self.recognition.selected

    @property
    def shown(self) -> int | None:
        """The answer that the panel shows: the selected, or else the newest; None without ink."""
        return self.recognition.shown

    @property
    def is_read(self) -> bool:
        """Whether `reading` is of the ink as it is now."""
        return self.recognition.version == self._version

    @property
    def outdated(self) -> frozenset[int]:
        """Answers of the reading that may change: of ink under the pen, or not yet read anew."""
        live = None if self.document.live is None else len(self.document.strokes)
        answers = enumerate(self.reading.answers)
        growing = frozenset(index for index, answer in answers if live in answer.strokes)
        return self.recognition.outdated(self._snapshot()) | growing

    def say(self, text: str, kind: Literal["info", "error"] = "info") -> None:
        """Shows one line for a short while."""
        self._toasts.show(text, kind)
        self._revision += 1

    def tick(self, now: float) -> None:
        """Takes old toasts away. now: seconds, on a clock that only goes forward."""
        if self._toasts.tick(now):
            self._revision += 1
        for source in (self.document.autosave, self.corrections):
            if source and source.error and self.toast is None:
                error, source.error = source.error, None
                self.say(error, "error")

    def read(self, seconds: float | None = None) -> None:
        """Reads the ink, the stroke under the pen too.

        seconds: for about how long, at most to the end; None for what one frame has time for.
        """
        if seconds is None:
            seconds = _READING if self.document.live is None else _READING_LIVE
        self._read_for(seconds)

    def read_now(self) -> None:
        """Reads all ink to the end."""
        while not self.is_read:
            self._read_for(math.inf)

    def catch_up(self) -> bool:
        """Finishes the stroke, and reads the page if that is not too long to wait for; else says
        so. Returns whether it is read.
        """
        self.document.finish_stroke()
        self._read_for(_PATIENCE)
        if not self.is_read:
            self.say(_STILL_READING)
        return self.is_read

    def _reading_steps(self, page: Snapshot) -> InSteps[Reading]:
        """Learns what was corrected, and reads by it."""
        yield from self.corrections.adapt(page.reader)
        return (yield from page.reader.read_in_steps(page.ink, page.pen, page.edits))

    # Inside

    @property
    def _version(self) -> Version:
        page = self.document
        points = 0 if page.live is None else len(page.live)
        return Version(page.ink_revision, self._reread, len(page.strokes), points)

    def _read_for(self, seconds: float) -> None:
        end = time.perf_counter() + seconds
        while True:
            if self._trial is not None and self._trial.version != self._version:
                self.say(f"Not {self._trial.done.lower()}: the page has changed meanwhile.")
                self._trial = None
            left = end - time.perf_counter()
            self.recognition.read_for(self._version, self._snapshot, left)
            if self._trial is None or not self.is_read:
                break
            trial, self._trial = self._trial, None
            self._end_trial(trial)

    def _read_anew(self) -> None:
        self._reread += 1
        self._revision += 1

    def _snapshot(self) -> Snapshot:
        page = self.document
        edits = page.edits if self._trial is None else self._trial.edits
        return Snapshot(self._version, page.strokes, page.live, page.pen, edits, self.reader)

    def _keep_answers(self) -> None:
        self.recognition.keep(self.document.strokes)
