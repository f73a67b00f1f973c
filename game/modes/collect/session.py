"""Collecting from its start page to the last, and what can be done on each page."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Literal

from game.modes.collect.prompts import TIMES, in_random_order
from game.page.board import Board
from game.page.offers import Group, Offer
from game.page.readers import ReadingMode
from game.profiles.profile import Profile
from game.profiles.samples import Samples, new_id
from models.ink.strokes import Drawing, bounding_box
from models.recognition.labels import merged

Page = Literal["start", "writing", "end"]
PAUSE = 1.2  # seconds without the pen, until a character is taken for finished
KINDS: dict[ReadingMode, str] = {"digits": "Digits", "characters": "Digits and letters"}
_SOURCE = "Inkling, collect"


class Collect:
    """The samples of one person, collected on a board of its own.

    page: what is shown. mode: what is asked for. times: how often each. by_itself: whether a pause
    of the pen is enough to go on. order: what is asked for in this run; written: for each of them
    that is done its sample's id, or None where it was skipped. left: whether it is enough.
    """

    def __init__(self, board: Board, profile: Profile, random: Random) -> None:
        self.board = board
        self.profile = profile
        self.page: Page = "start"
        self.mode: ReadingMode = board.mode
        self.times = TIMES[1]
        self.by_itself = False
        self.order: tuple[str, ...] = ()
        self.written: list[str | None] = []
        self.left = False
        self._samples = Samples(profile)
        self._random = random
        self._ink: object = None  # as it was in the last frame
        self._still = 0.0  # since when it is so
        kept, told = self._samples.read()
        self.kept = len(kept)
        if told is not None:
            board.say(told, "error")

    @property
    def is_writing(self) -> bool:
        """Whether the canvas is there to be written on."""
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
        """What the network makes of the ink; "" without ink, and of what it never learnt."""
        known = bool(self.character) and merged(self.character) in self.board.labels
        return self.board.reading.caption() if known else ""

    @property
    def has_ink(self) -> bool:
        """Whether there is more on the page than a slip of the pen, which no character is."""
        strokes = self.board.strokes
        if not strokes:
            return False
        box = bounding_box(strokes)
        return max(box.width, box.height) > self.board.pen

    def groups(self) -> tuple[Group, ...]:
        """All that can be done now; on the start page a row each, else one bar."""
        if self.page == "start":
            return self._start_groups()
        back = Offer("back", "Back", "b", enabled=bool(self.written))
        if self.page == "end":
            more = Offer("start page", "Collect more", "enter", on=True)
            return (Group("", (more, back, Offer("leave", "Leave", "escape"))),)
        ink = bool(self.board.strokes)
        bar = (
            Offer("next", "Next", "enter", on=not self.by_itself, enabled=self.has_ink),
            Offer("again", "Again", "c", enabled=ink),
            back,
            Offer("skip", "Skip", "n"),
            Offer(
                "with next" if self.by_itself else "by itself", "By itself", "i", on=self.by_itself
            ),
            Offer("stop", "Stop", "s"),
        )
        return (Group("", bar),)

    def press(self, action: str, now: float) -> None:
        """Does one of the actions that `groups` offers."""
        verb, _, number = action.partition(" ")
        if action in KINDS:
            self.mode = action
        elif verb == "times":
            self.times = int(number)
        elif action in ("by itself", "with next"):
            self.by_itself = action == "by itself"
        does: dict[str, Callable[[], None]] = {
            "start": self._start,
            "next": self._next,
            "again": self.board.clear,
            "back": self._back,
            "skip": lambda: self._go_on(None),
            "stop": lambda: self._to("end"),
            "start page": lambda: self._to("start"),
            "leave": self._leave,
        }
        self._still = now
        if action in does:
            does[action]()

    def step(self, now: float) -> None:
        """Reads the board and lets the time go on; once each frame."""
        self.board.tick(now)
        self.board.read()
        live = self.board.live
        ink = (self.board.strokes, live is not None)
        if live is not None or ink != self._ink:
            self._ink, self._still = ink, now
        waited = now - self._still >= PAUSE
        if self.by_itself and waited and self.page == "writing" and self.has_ink:
            self._still = now  # where it cannot be kept, it is tried again, but not in each frame
            self._next()

    def state(self) -> tuple[object, ...]:
        """Differs whenever something else is to be seen than before."""
        choices = (self.mode, self.times, self.by_itself)
        return self.board.revision, self.page, choices, self.order, len(self.written)

    # Inside

    def _start_groups(self) -> tuple[Group, ...]:
        kinds = tuple(
            Offer(kind, words, key, on=kind == self.mode)
            for (kind, words), key in zip(KINDS.items(), "dl", strict=True)
        )
        # The keys 1, 5 and, for 10, 0.
        times = tuple(
            Offer(f"times {each}", str(each), str(each)[-1], on=each == self.times)
            for each in TIMES
        )
        going_on = (
            Offer("with next", "With Next", "w", on=not self.by_itself),
            Offer("by itself", "By itself", "i", on=self.by_itself),
        )
        ends = (Offer("start", "Start", "enter", on=True), Offer("leave", "Leave", "escape"))
        return (
            Group("Characters", kinds),
            Group("Times each", times),
            Group("Go on", going_on),
            Group("", ends),
        )

    def _leave(self) -> None:
        self.left = True

    def _start(self) -> None:
        self.order = in_random_order(self.mode, self.times, self._random)
        self.written = []
        self._to("writing")

    def _next(self) -> None:
        """Keeps the ink as what was asked for, and goes on; it stays where it cannot be kept."""
        self.board.forget_steps()  # ends the stroke under the pen, too
        if not self.has_ink:
            return
        if not self.board.catch_up():
            return
        sample = Drawing(
            self.board.strokes,
            id=new_id(),
            label=self.character,
            width=self.board.size[0],
            height=self.board.size[1],
            source=_SOURCE,
            extra={"read": self.board.reading.caption(), "pen": self.board.pen},
        )
        told = self._samples.add(sample)
        if told is None:
            self._go_on(sample.id)
        else:
            self.board.say(told, "error")

    def _go_on(self, id: str | None) -> None:
        self.kept += id is not None
        self.written.append(id)
        self._to("end" if len(self.written) == len(self.order) else "writing")

    def _back(self) -> None:
        """To the one before, which is written anew; it stays where it cannot be taken back."""
        if not self.written:
            return
        last = self.written[-1]
        told = None if last is None else self._samples.take_back(last)
        if told is None:
            self.written.pop()
            self.kept -= last is not None
            self._to("writing")
        else:
            self.board.say(told, "error")

    def _to(self, page: Page) -> None:
        """A page, with no ink on it."""
        self.page = page
        self.board.clear()
        self.board.forget_steps()
        self.board.read_now()
