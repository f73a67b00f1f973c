"""Collecting from its start page to the last, and what can be done on each page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from random import Random
from typing import Literal

from game.modes.collect.prompts import TIMES, in_random_order
from game.modes.session import Session
from game.page.board import Board
from game.page.commands import Command, CommandGroup
from game.page.readers import ReadingMode
from game.profiles.profile import Profile
from models.adaptation.samples import new_id
from models.ink.strokes import bounding_box
from models.recognition.labels import merged
from models.util.errors import InputError, StorageError

PageName = Literal["start", "writing", "end"]
PAUSE = 1.2  # seconds without the pen, until a character is taken for finished
MODE_LABELS: dict[ReadingMode, str] = {"digits": "Digits", "characters": "Digits and letters"}


class Collect(Session):
    """The samples of one person, collected on a board of its own.

    mode: which characters are asked for.
    times: how often each.
    by_itself: whether a pause of the pen is enough to go on.
    order: what is asked for in this run.
    written: for each of them that is done its sample's id, or None where it was skipped.
    kept: how many samples the profile has.
    """

    source = "Inkling, collect"
    page: PageName

    def __init__(
        self, board: Board, profile: Profile, random: Random, leave: Callable[[], None]
    ) -> None:
        super().__init__(board, profile, random, leave)
        self.mode: ReadingMode = board.mode
        self.times = TIMES[1]
        self.by_itself = False
        self.order: tuple[str, ...] = ()
        self.written: list[str | None] = []
        self._numbers: Sequence[int] = ()
        self._ink: object = None  # as it was in the last frame
        self._still = 0.0  # since when it is so
        self.kept = 0
        try:
            kept, warning = profile.samples.read()
            self.kept = len(kept)
        except InputError as error:
            warning = str(error)
        if warning is not None:
            board.say(warning, "error")

    @property
    def is_writing(self) -> bool:
        return self.page == "writing"

    @property
    def character(self) -> str:
        """What is asked for now; "" on the other pages."""
        return self.order[len(self.written)] if self.page == "writing" else ""

    @property
    def collected(self) -> int:
        """How many samples this run has kept."""
        return sum(each is not None for each in self.written)

    @property
    def reads(self) -> str:
        """What the ink reads as; "" without ink, and where the network has no such label."""
        known = bool(self.character) and merged(self.character) in self.board.labels
        return self.board.reading.caption() if known else ""

    @property
    def has_ink(self) -> bool:
        """Whether there is more on the page than a slip of the pen, which no character is."""
        strokes = self.board.document.strokes
        if not strokes:
            return False
        box = bounding_box(strokes)
        return bool(max(box.width, box.height) > self.board.document.pen)

    def groups(self) -> tuple[CommandGroup, ...]:
        if self.page == "start":
            return self._start_groups()
        back = Command("back", "Back", self._back, ("b",), enabled=bool(self.written))
        if self.page == "end":
            more = Command(
                "start page", "Collect more", partial(self._to, "start"), ("enter",), checked=True
            )
            return (CommandGroup("", (more, back, self.leaving)),)
        by_itself, page, ink = self.by_itself, self.board.document, self.has_ink
        switch = partial(self._choose_by_itself, not by_itself)
        bar = (
            Command("next", "Next", self._next, ("enter",), checked=not by_itself, enabled=ink),
            Command("again", "Again", page.clear, ("c",), enabled=bool(page.strokes)),
            back,
            Command("skip", "Skip", partial(self._go_on, None), ("n",)),
            Command("by itself", "By itself", switch, ("i",), checked=by_itself),
            Command("stop", "Stop", partial(self._to, "end"), ("s",)),
        )
        return (CommandGroup("", bar),)

    def step(self, now: float) -> None:
        super().step(now)
        page = self.board.document
        ink = (page.strokes, page.live is not None)
        if page.live is not None or ink != self._ink:
            self._ink, self._still = ink, now
        waited = now - self._still >= PAUSE
        if self.by_itself and waited and self.page == "writing" and self.has_ink:
            self._next()

    def state(self) -> tuple[object, ...]:
        choices = (self.mode, self.times, self.by_itself)
        return self.board.revision, self.page, choices, self.order, len(self.written)

    # Inside

    def _start_groups(self) -> tuple[CommandGroup, ...]:
        modes = tuple(
            Command(
                mode, label, partial(self._choose_mode, mode), (key,), checked=mode == self.mode
            )
            for (mode, label), key in zip(MODE_LABELS.items(), "dl", strict=True)
        )
        # The keys 1, 5 and, for 10, 0.
        times = tuple(
            Command(
                f"{each} times",
                str(each),
                partial(self._choose_times, each),
                (str(each)[-1],),
                checked=each == self.times,
            )
            for each in TIMES
        )
        by_hand, by_itself = (partial(self._choose_by_itself, each) for each in (False, True))
        going_on = (
            Command("with next", "With Next", by_hand, ("w",), checked=not self.by_itself),
            Command("by itself", "By itself", by_itself, ("i",), checked=self.by_itself),
        )
        start = Command("start", "Start", self._start, ("enter",), checked=True)
        return (
            CommandGroup("Characters", modes),
            CommandGroup("Times each", times),
            CommandGroup("Go on", going_on),
            CommandGroup("", (start, self.leaving)),
        )

    def _choose_mode(self, mode: ReadingMode) -> None:
        self.mode = mode

    def _choose_times(self, times: int) -> None:
        self.times = times

    def _choose_by_itself(self, by_itself: bool) -> None:
        self.by_itself = by_itself
        self._still = self.now

    def _start(self) -> None:
        self.ask(in_random_order(self.mode, self.times, self._random))

    def ask(self, order: tuple[str, ...], numbers: Sequence[int] = ()) -> None:
        """Asks for these characters.

        numbers: of each, where they are tasks of a class; a sample keeps its own as "task".
        """
        self.order = order
        self._numbers = numbers
        self.written = []
        self._to("writing" if order else "end")

    def _next(self) -> None:
        """Keeps the ink as what was asked for, and goes on; it stays where it cannot be kept."""
        self._still = self.now  # it is tried again, but not in each frame
        self.board.document.forget_steps()  # ends the stroke under the pen, too
        if not self.has_ink or not self.board.catch_up():
            return
        ink, read = self.board.document.strokes, self.board.reading.caption()
        sample = self._drawing(ink, self.character, read, new_id())
        if self._numbers:
            sample.extra["task"] = self._numbers[len(self.written)]
        try:
            self.profile.samples.add(sample)
        except StorageError as error:
            self.board.say(str(error), "error")
        else:
            self._go_on(sample.id)

    def _go_on(self, id: str | None) -> None:
        self.kept += id is not None
        self.written.append(id)
        self._to("end" if len(self.written) == len(self.order) else "writing")

    def _back(self) -> None:
        """To the one before, which is written anew; it stays where it cannot be taken back."""
        if not self.written:
            return
        last = self.written[-1]
        try:
            if last is not None:
                self.profile.samples.take_back(last)
        except StorageError as error:
            self.board.say(str(error), "error")
        else:
            self.written.pop()
            self.kept -= last is not None
            self._to("writing")

    def _to(self, page: PageName) -> None:
        """A page, with no ink on it."""
        self.page = page
        self._empty_page()
