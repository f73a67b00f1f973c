"""A class: who belongs to it, and what the teacher sees of everyone.

What a pupil has done is on the disk before the page shows it, and so are the class's names and
tokens: a server that was ended goes on where it was.
"""

from __future__ import annotations

import asyncio
import csv
import io
from collections import Counter
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from game.modes.practice.round import Rules
from game.modes.practice.tasks import Task
from game.page.readers import Readers
from game.profiles.class_list import ClassList, keep_class, new_class, read_class
from game.profiles.profile import Profile
from game.serve.collecting import Collecting
from game.serve.lesson import Arrival, Lesson, Progress, PupilSession
from game.serve.messages import Hello
from game.serve.practising import Practising
from game.serve.sessions import MOST_OF_AN_ADDRESS, Seat, Session, Sessions
from models.recognition.reader import Reader
from models.util.errors import InputError

MOST_PUPILS = 100
_TICK = 0.1  # seconds from one look at the clock to the next
_MOST_MISSED = 5  # tasks that are named


class Classroom(Sessions):
    """The class. pupils: the token of its pupils' address; teacher: that of the teacher's.

    A name belongs to it as soon as something of it is kept; so no page can take many names.
    """

    def __init__(
        self,
        digits: Reader,
        characters: Reader,
        letters: bool,
        folder: Path,
        rules: Rules | None = None,
    ) -> None:
        """letters: whether they are asked for, too. folder: the user's. rules: of the tasks of
        Practice; None asks for characters.

        Raises InputError where the class cannot be kept there.
        """
        self._folder = folder
        kept = read_class(folder) or new_class()
        self._list = replace(kept, names=tuple(n for n in kept.names if self._has_profile(n)))
        self.pupils, self.teacher = self._list.pupils, self._list.teacher
        self.lesson: Lesson = (
            Collecting("characters" if letters else "digits", self.pupils)
            if rules is None
            else Practising(rules, self.pupils)
        )
        super().__init__(digits, characters, self.lesson.mode == "characters")
        self._known: dict[str, Progress] = {}  # of pupils whose session is not open
        self._enlisted: Counter[str] = Counter()  # new names of each address
        keep_class(folder, self._list)

    def enter(self, hello: Hello, address: str) -> Seat:
        if not hello.name:
            raise InputError("A name is needed.")
        known = self.find(hello.name)
        if known is not None and known.id != hello.session and known.seat is not None:
            raise InputError(f"{hello.name} is here already: take another name.")
        self._check_free(hello.name)
        return super().enter(replace(hello, session=known.id if known else ""), address)

    async def run(self) -> None:
        clock = asyncio.create_task(self._tick())
        try:
            await super().run()
        finally:
            clock.cancel()

    def find(self, name: str) -> PupilSession | None:
        """The pupil of a name who has been here since the server was started."""
        return next((pupil for pupil in self._pupils() if pupil.name == name), None)

    def table(self) -> dict[str, Any]:
        """What the teacher sees: a row for each pupil, in the order in which they came, and the
        tasks that were most often answered wrong.
        """
        new = [p.name for p in self._pupils() if p.seat and p.name not in self._list.names]
        rows: list[dict[str, Any]] = []
        wrong: Counter[str] = Counter()
        tried: Counter[str] = Counter()
        for name in (*self._list.names, *new):
            pupil = self.find(name)
            progress = self._progress_of(name) if pupil is None else pupil.progress
            is_removed = name in self._list.removed
            rows.append(
                {
                    "name": name,
                    "here": pupil is not None and pupil.seat is not None,
                    "removed": is_removed,
                    "done": progress.done,
                    "of": progress.of,
                    "right": progress.right,
                    "newest": None if progress.newest is None else asdict(progress.newest),
                }
            )
            for verdict in progress.verdicts.values():
                if verdict.read and not is_removed:  # it was not skipped
                    solved = Task(verdict.question, verdict.answer).with_answer(verdict.answer)
                    tried[solved] += 1
                    wrong[solved] += not verdict.first_try
        often = [(task, count) for task, count in wrong.most_common(_MOST_MISSED) if count]
        missed = [{"task": task, "wrong": count, "of": tried[task]} for task, count in often]
        return {"pupils": rows, "missed": missed}

    def results(self) -> str:
        """A table as CSV, a row for each pupil."""
        names = sorted(set(self._list.names) - set(self._list.removed))
        out = io.StringIO()
        table = csv.writer(out, lineterminator="\r\n")
        table.writerows(self.lesson.results([self._profile(name) for name in names]))
        return out.getvalue()

    def remove(self, name: str, removed: bool) -> None:
        """Takes a pupil out of the class, or back; what the pupil wrote stays in the profile.

        Raises InputError where there is none of that name.
        """
        pupil = self.find(name)
        if name in self._list.names:
            self._keep(self._list.with_removed(name, removed))
        elif pupil is None:
            raise InputError(f"Nobody here is called {name}.")
        if removed and pupil is not None:
            if pupil.seat is not None:
                pupil.seat.end(f"{name} is out of the class.")
            del self._sessions[pupil.id]

    # Inside

    def _open(self, readers: Readers, hello: Hello, address: str) -> Session:
        name = hello.name
        session = self.lesson.open(
            Arrival(
                readers, hello, address, self._profile(name), lambda: self._enlist(name, address)
            )
        )
        self._known.pop(name, None)
        return session

    def _enlist(self, name: str, address: str) -> None:
        """A pupil belongs to the class from now on. Raises InputError where there is no room."""
        if name in self._list.names:
            return
        self._check_free(name)
        if self._enlisted[address] >= MOST_OF_AN_ADDRESS:
            raise InputError("This device has too many names: go on under one that it has.")
        self._keep(self._list.with_name(name))
        self._enlisted[address] += 1

    def _keep(self, changed: ClassList) -> None:
        keep_class(self._folder, changed)
        self._list = changed

    def _check_free(self, name: str) -> None:
        """Raises InputError where a name is another's, or the class is full."""
        is_known = name in self._list.names
        full = not is_known and len(self._list.present) >= MOST_PUPILS
        if full:
            raise InputError(f"The class is full: {MOST_PUPILS} have written.")
        if name in self._list.removed or (not is_known and self._has_profile(name)):
            raise InputError(f"{name} is not free: take another name.")

    def _progress_of(self, name: str) -> Progress:
        if name not in self._known:
            try:
                self._known[name] = self.lesson.progress(self._profile(name))
            except InputError:  # who comes under this name is told
                return Progress(0, 0)
        return self._known[name]

    def _pupils(self) -> list[PupilSession]:
        return [each for each in self._sessions.values() if isinstance(each, PupilSession)]

    def _profile(self, name: str) -> Profile:
        return Profile(self._folder / "profiles", name)

    def _has_profile(self, name: str) -> bool:
        return (self._folder / "profiles" / name).exists()

    async def _tick(self) -> None:
        """Shows what the time alone brings, such as the next task."""
        while True:
            await asyncio.sleep(_TICK)
            for pupil in self._pupils():
                if pupil.seat is not None and pupil.is_waiting:
                    pupil.seat.change()
