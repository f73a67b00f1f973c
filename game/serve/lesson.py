"""What a class does, and each pupil's session in it."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from game.modes.session import Session as ModeSession
from game.page.readers import Readers, ReadingMode
from game.profiles.profile import Profile
from game.serve.messages import STEPS, Change, Hello, Ink, SetMode, TaskStep
from game.serve.remote_board import State
from game.serve.sessions import Session
from game.serve.verdicts import Verdict
from models.util.errors import InputError

_MOST_STROKES = 40  # of a character or an answer; no page of them takes long to read
_PATIENCE = 0.1  # seconds, for that


@dataclass(frozen=True)
class Newest:
    """What a pupil wrote last.

    words: "7", or "3 + 4 = 7". verdict: "right" or "wrong"; "" where nothing is judged.
    images: 28×28 bytes of each character, in base64.
    """

    words: str
    verdict: str
    images: tuple[str, ...]


@dataclass(frozen=True)
class Progress:
    """How far a pupil is.

    done, of: tasks. right: how many of them; None where nothing is judged. verdicts: on the tasks
    of Practice, by their numbers.
    """

    done: int
    of: int
    right: int | None = None
    newest: Newest | None = None
    verdicts: Mapping[int, Verdict] = field(default_factory=dict)


@dataclass(frozen=True)
class Arrival:
    """Somebody who comes, and whose session is not open yet.

    readers, hello, address: as for `Session`.
    profile: in which all is kept.
    enlist: makes the person one of the class, before anything is kept of it; raises InputError
        where there is no room.
    """

    readers: Readers
    hello: Hello
    address: str
    profile: Profile
    enlist: Callable[[], None]


class PupilSession(Session, ABC):
    """One person of the class. name: also of the profile in which all is kept.

    mode: what goes on, as in the window.
    """

    mode: ModeSession

    def __init__(self, arrival: Arrival) -> None:
        super().__init__(arrival.readers, arrival.hello, arrival.address)
        self.name = arrival.hello.name
        self._enlist = arrival.enlist

    @property
    @abstractmethod
    def number(self) -> int:
        """Of the task that is shown, from 0; the same after the server was started again."""

    @property
    @abstractmethod
    def progress(self) -> Progress:
        """How far the person is."""

    @property
    def is_waiting(self) -> bool:
        """Whether the time alone may bring something new."""
        return False

    @abstractmethod
    def task(self) -> State:
        """What the page shows of the task."""

    def do(self, change: Change) -> None:
        if isinstance(change, TaskStep):
            if self.remote.skip(change):
                self.catch_up()
                if change.task == self.number:  # else it has been done meanwhile
                    self.run(change.name)
        elif isinstance(change, SetMode) or (isinstance(change, Ink) and self._is_full):
            self.remote.skip(change)
        else:
            self.remote.do(change)

    def state(self) -> State:
        progress = self.progress
        steps = [
            {"name": each.name, "label": each.label, "enabled": each.enabled}
            for group in self.mode.groups()
            for each in group.commands
            if each.name in STEPS
        ]
        task = {"name": self.name, "number": self.number, "steps": steps}
        return super().state() | {
            "task": task | {"done": progress.done, "of": progress.of} | self.task()
        }

    def due_at(self, writers: int) -> float:
        """Nothing is judged while the pen is down: so the others have their answers sooner."""
        return math.inf if self.is_writing else super().due_at(writers)

    def catch_up(self) -> None:
        """Reads what is written now, as it is little, so that what is written next cannot get into
        it.
        """
        self.remote.board.document.finish_stroke()
        self.remote.board.read(_PATIENCE)

    def run(self, name: str) -> None:
        """Does what a button of the mode does, where that can be done now."""
        for group in self.mode.groups():
            for command in group.commands:
                if command.name == name and command.enabled:
                    command.handler()
                    return

    def enlist(self) -> bool:
        """Makes the person one of the class. Returns whether there is room; says so where not."""
        try:
            self._enlist()
        except InputError as error:
            self.remote.board.say(str(error), "error")
            return False
        return True

    @property
    def _is_full(self) -> bool:
        """Whether there is nothing to be written, or more ink than any task has."""
        strokes = self.remote.board.document.strokes
        return not self.mode.is_writing or len(strokes) >= _MOST_STROKES


class Lesson(ABC):
    """What the whole class does. mode: of reading."""

    mode: ReadingMode

    @abstractmethod
    def open(self, arrival: Arrival) -> PupilSession:
        """The session of a pupil who comes."""

    @abstractmethod
    def progress(self, profile: Profile) -> Progress:
        """How far a pupil is whose session is not open."""

    @abstractmethod
    def results(self, profiles: Sequence[Profile]) -> list[list[Any]]:
        """A table of all pupils, its head first."""
