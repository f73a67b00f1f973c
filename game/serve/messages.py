"""What a page in a browser may say, each message checked before anything is done.

A message is one JSON object. Those that change the ink have a number, `n`, one more than the one
before, so that what was lost with a connection can be sent again, and counts once:

    {"do": "hello", "session": "", "fresh": true, "size": [390, 420], "scale": 1}
    {"do": "size", "size": [390, 420], "scale": 1}
    {"do": "ink", "n": 1, "first": true, "last": false, "points": [[x, y, ms], …]}
    {"do": "cancel" | "undo" | "redo" | "clear", "n": 2}
    {"do": "pen", "n": 3, "width": 12}
    {"do": "letters", "n": 4, "on": true}
    {"do": "select", "answer": 0 | null}
    {"do": "save", "as": "png" | "inkml"}

In a class, hello has a "name", too, and after a lost connection the number of the "task" that the
page shows. What the task's buttons do, by the names that the state gives them, is

    {"do": "task", "n": 5, "name": "next", "task": 12}
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Any, Literal, NoReturn

from game.profiles.profile import is_name
from models.ink.points import LARGEST, kind_of, shortened
from models.util.errors import InputError

LONGEST = 65_536  # bytes of a message
MOST_POINTS = 1_000  # in a message
_LATEST = 1e13  # milliseconds since 1970; in the year 2286
_LARGEST_PAGE = 8_192.0  # pixels, the side of a canvas
_SCALES = (0.25, 8.0)  # of the interface
_LONGEST_ID = 64
_LAST_NUMBER = 2**53  # beyond it a browser's numbers have gaps
_LAST_TASK = 1_000_000
# Beside these, a character is one that is chosen of two.
STEPS = ("next", "back", "skip", "done", "contest", "start")

Point = tuple[float, float, float]  # x and y in page units, milliseconds


@dataclass(frozen=True)
class Hello:
    """The first message.

    session: an earlier one's id, "" for none.
    fresh: whether the page was just loaded, so that nothing that it says from now on belongs to a
        stroke begun before.
    name: of the person, in a class. task: the number of the one that the page shows there, None
        where it shows none.
    """

    session: str
    fresh: bool
    size: tuple[float, float]
    scale: float
    name: str = ""
    task: int | None = None


@dataclass(frozen=True)
class Resize:
    """The canvas has (width, height) pixels of the page now. scale: of the interface."""

    size: tuple[float, float]
    scale: float


@dataclass(frozen=True)
class Ink:
    """Points of a stroke. first, last: whether the pen came down before them, and lifted after."""

    number: int
    points: tuple[Point, ...]
    first: bool
    last: bool


@dataclass(frozen=True)
class Step:
    """cancel: the stroke under the pen was none, such as a palm's."""

    number: int
    name: Literal["cancel", "undo", "redo", "clear"]


@dataclass(frozen=True)
class SetPen:
    """width: in page units."""

    number: int
    width: float


@dataclass(frozen=True)
class SetMode:
    """letters: whether they are read, too."""

    number: int
    letters: bool


@dataclass(frozen=True)
class TaskStep:
    """What is done about a task of a class.

    name: of a command of Collect or Practice. task: the number of the one that it is about.
    """

    number: int
    name: str
    task: int


@dataclass(frozen=True)
class Select:
    """answer: its index in the reading, None for none."""

    answer: int | None


@dataclass(frozen=True)
class Save:
    """The page is wanted as a file."""

    kind: Literal["png", "inkml"]


Change = Ink | Step | SetPen | SetMode | TaskStep
Message = Hello | Resize | Change | Select | Save


def parse(text: str) -> Message:
    """The message that a text is. Raises InputError, one line that says what is wrong."""
    if len(text) > LONGEST:
        raise InputError(f"The message is too long: at most {LONGEST} bytes.")
    try:
        record = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise InputError("The message is no JSON.") from None
    if not isinstance(record, dict):
        raise InputError(f"The message is {kind_of(record)}; right would be an object.")
    return _Fields(record).message()


class _Fields:
    """The fields of one message, checked as they are taken out."""

    def __init__(self, record: dict[str, Any]) -> None:
        self._record = record
        self._left = set(record)

    def message(self) -> Message:
        message = self._message()
        if self._left:
            raise InputError(f"The message has more than it should: {shortened(min(self._left))}.")
        return message

    def _message(self) -> Message:
        match self._take("do"):
            case "hello":
                session, fresh, size = self._id(), self._flag("fresh"), self._size()
                task = self._task() if "task" in self._record else None
                return Hello(session, fresh, size, self._scale(), self._name(), task)
            case "size":
                return Resize(self._size(), self._scale())
            case "ink":
                return self._ink()
            case "cancel" | "undo" | "redo" | "clear" as name:
                return Step(self._number(), name)
            case "pen":
                return SetPen(self._number(), self._within("width", 0.0, LARGEST))
            case "letters":
                return SetMode(self._number(), self._flag("on"))
            case "task":
                return TaskStep(self._number(), self._step(), self._task())
            case "select":
                answer = self._take("answer")
                if answer is not None and not _is_whole(answer, 0, 1_000_000):
                    self._refuse("answer", answer, "the index of an answer, or null")
                return Select(answer)
            case "save":
                match self._take("as"):
                    case "png" | "inkml" as kind:
                        return Save(kind)
                    case other:
                        self._refuse("as", other, '"png" or "inkml"')
            case other:
                self._refuse("do", other, 'one of the messages of the page, such as "ink"')

    def _ink(self) -> Ink:
        first, last, points = self._flag("first"), self._flag("last"), self._take("points")
        if not isinstance(points, list) or len(points) > MOST_POINTS:
            self._refuse("points", points, f"a list of at most {MOST_POINTS} points")
        if not points and not (last and not first):
            raise InputError("points is empty; right would be one point at least.")
        for point in points:
            if (
                not isinstance(point, list)
                or len(point) != 3
                or not all(_is_number(x, -LARGEST, LARGEST) for x in point[:2])
                or not _is_number(point[2], 0.0, _LATEST)
            ):
                self._refuse("a point", point, "[x, y, milliseconds], finite numbers")
        return Ink(self._number(), tuple((x, y, ms) for x, y, ms in points), first, last)

    def _take(self, name: str) -> Any:
        if name not in self._record:
            raise InputError(f"The message has no {name}.")
        self._left.discard(name)
        return self._record[name]

    def _flag(self, name: str) -> bool:
        value = self._take(name)
        if not isinstance(value, bool):
            self._refuse(name, value, "true or false")
        return value

    def _within(self, name: str, least: float, most: float) -> float:
        value = self._take(name)
        if not _is_number(value, least, most):
            self._refuse(name, value, f"a number from {least:g} to {most:g}")
        return float(value)

    def _scale(self) -> float:
        return self._within("scale", *_SCALES)

    def _number(self) -> int:
        value = self._take("n")
        if not _is_whole(value, 1, _LAST_NUMBER):
            self._refuse("n", value, "a whole number from 1 on")
        return int(value)

    def _step(self) -> str:
        value = self._take("name")
        if value not in STEPS and not (isinstance(value, str) and len(value) == 1):
            self._refuse("name", value, "the name of a button of the task, such as next")
        return str(value)

    def _task(self) -> int:
        value = self._take("task")
        if not _is_whole(value, 0, _LAST_TASK):
            self._refuse("task", value, "the number of a task")
        return int(value)

    def _id(self) -> str:
        value = self._take("session")
        if not isinstance(value, str) or len(value) > _LONGEST_ID:
            self._refuse("session", value, "a session's id")
        return value

    def _name(self) -> str:
        value = self._take("name") if "name" in self._record else ""
        if not isinstance(value, str) or (value and not is_name(value)):
            self._refuse("name", value, "1 to 40 letters, digits and spaces")
        return value

    def _size(self) -> tuple[float, float]:
        value = self._take("size")
        good = isinstance(value, list) and len(value) == 2
        if not good or not all(_is_number(side, 1.0, _LARGEST_PAGE) for side in value):
            self._refuse("size", value, f"[width, height], each from 1 to {_LARGEST_PAGE:g}")
        return float(value[0]), float(value[1])

    def _refuse(self, name: str, value: object, right: str) -> NoReturn:
        raise InputError(f"{name} is {kind_of(value)}; right would be {right}.")


def _is_number(value: object, least: float, most: float) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return least <= value <= most and math.isfinite(value)


def _is_whole(value: object, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)  # NaN and Infinity, which JSON does not have
