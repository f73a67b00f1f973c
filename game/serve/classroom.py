"""A class: everyone who joins is asked for characters, and the teacher sees how far each is.

Each sample is on the disk before the next is asked for, and so are the class's names and tokens: a
server that was ended goes on where it was.
"""

from __future__ import annotations

import base64
import csv
import io
import math
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from game.modes.collect.prompts import in_random_order, request
from game.modes.collect.session import Collect
from game.page.readers import Readers, ReadingMode
from game.profiles.class_list import keep_class, new_class, read_class
from game.profiles.profile import Profile
from game.serve.messages import Change, Hello, Ink, TaskStep
from game.serve.remote_board import State
from game.serve.sessions import Seat, Session, Sessions
from models.recognition.reader import Reader
from models.util.errors import InputError

TIMES = 5  # how often each character is asked for
MOST_PUPILS = 100
_MOST_STROKES = 40  # of a character; no page of them takes long to read
_PATIENCE = 0.1  # seconds, for that


class PupilSession(Session):
    """One person of the class, whose samples are kept in the profile of that name."""

    def __init__(self, readers: Readers, hello: Hello, address: str, profiles: Path) -> None:
        super().__init__(readers, hello, address)
        self.name = hello.name
        board = self.remote.board
        board.show_boxes = False  # what is read is no verdict here
        self.collect = Collect(board, Profile(profiles, self.name), Random(), lambda: None)
        done = Counter(sample.label for sample in self.collect.profile.samples.read()[0])
        self.of = len(in_random_order(board.mode, TIMES, Random(0)))
        order = []
        for character in in_random_order(board.mode, TIMES, Random()):
            if done[character] > 0:  # written before, at an earlier time
                done[character] -= 1
            else:
                order.append(character)
        self.before = self.of - len(order)
        self.last: tuple[str, str] | None = None  # label and image of the newest sample
        self.collect.ask(tuple(order))

    @property
    def done(self) -> int:
        return self.before + len(self.collect.written)

    def do(self, change: Change) -> None:
        if isinstance(change, Ink) and self._is_full:
            self.remote.skip(change)
        elif not isinstance(change, TaskStep):
            self.remote.do(change)
        elif self.remote.skip(change):
            if change.name == "next":
                self._keep()
            else:
                self._run(change.name)

    def state(self) -> State:
        collect = self.collect
        asked = collect.character
        return super().state() | {
            "answers": [],
            "specks": [],
            "task": {
                "request": request(asked, collect.mode) if asked else "",
                "character": asked,
                "name": self.name,
                "done": self.done,
                "of": self.of,
                "first": not collect.written,
            },
        }

    def due_at(self, writers: int) -> float:
        """Nobody sees what is read while it is written."""
        return math.inf if self.is_writing else super().due_at(writers)

    @property
    def _is_full(self) -> bool:
        """Whether there is no character to be written, or more ink than any has."""
        return (
            not self.collect.is_writing or len(self.remote.board.document.strokes) >= _MOST_STROKES
        )

    def _run(self, name: str) -> None:
        for group in self.collect.groups():
            for command in group.commands:
                if command.name == name and command.enabled:
                    command.handler()
                    return

    def _keep(self) -> None:
        """Keeps the character. It is read before, as it is small, so that what is written next
        cannot get into it.
        """
        asked, before = self.collect.character, self.collect.collected
        self.remote.board.document.finish_stroke()
        self.remote.board.read(_PATIENCE)
        reading = self.remote.board.reading
        self._run("next")
        if self.collect.collected > before and reading.answers:
            grey = np.round(reading.answers[0].picture * 255).astype(np.uint8)
            self.last = asked, base64.b64encode(grey.tobytes()).decode()


class Classroom(Sessions):
    """The class. pupils: the token of its pupils' address; teacher: that of the teacher's."""

    def __init__(self, digits: Reader, characters: Reader, letters: bool, folder: Path) -> None:
        """folder: the user's. Raises InputError where the class cannot be kept there."""
        super().__init__(digits, characters, letters)
        self._folder = folder
        self._mode: ReadingMode = "characters" if letters else "digits"
        self._list = read_class(folder) or new_class()
        self.pupils, self.teacher = self._list.pupils, self._list.teacher
        keep_class(folder, self._list)

    def enter(self, hello: Hello, address: str) -> Seat:
        if not hello.name:
            raise InputError("A name is needed.")
        known = self.find(hello.name)
        if known is not None:
            if known.id != hello.session and known.seat is not None:
                raise InputError(f"{hello.name} is here already: take another name.")
            hello = Hello(known.id, hello.fresh, hello.size, hello.scale, hello.name)
        elif hello.name not in self._list.names:
            if (self._profiles / hello.name).exists() or len(self._list.names) >= MOST_PUPILS:
                raise InputError(f"{hello.name} is not free: take another name.")
            more = self._list.with_name(hello.name)
            keep_class(self._folder, more)
            self._list = more
        return super().enter(hello, address)

    def find(self, name: str) -> PupilSession | None:
        """The pupil of a name who has been here since the server was started."""
        for session in self._sessions.values():
            if isinstance(session, PupilSession) and session.name == name:
                return session
        return None

    def table(self) -> list[dict[str, Any]]:
        """A row for each pupil, in the order in which they came."""
        of = len(in_random_order(self._mode, TIMES, Random(0)))
        rows = []
        for name in self._list.names:
            pupil = self.find(name)
            row: dict[str, Any] = {"name": name, "here": False, "done": 0, "of": of, "last": None}
            if pupil is not None:
                here = pupil.seat is not None
                row |= {"here": here, "done": pupil.done, "of": pupil.of, "last": pupil.last}
            else:
                samples, _ = Profile(self._profiles, name).samples.read()
                row["done"] = min(of, len(samples))
            rows.append(row)
        return rows

    def results(self) -> str:
        """A table as CSV: for each pupil how often each character was written."""
        names = sorted(self._list.names)
        counts = {
            name: Counter(s.label for s in Profile(self._profiles, name).samples.read()[0])
            for name in names
        }
        labels = sorted({label or "" for each in counts.values() for label in each})
        out = io.StringIO()
        table = csv.writer(out, lineterminator="\r\n")
        table.writerow(["name", "samples", *labels])
        for name in names:
            row = counts[name]
            table.writerow([name, row.total(), *(row[label] for label in labels)])
        return out.getvalue()

    def _open(self, readers: Readers, hello: Hello, address: str) -> Session:
        return PupilSession(readers, hello, address, self._profiles)

    @property
    def _profiles(self) -> Path:
        return self._folder / "profiles"
