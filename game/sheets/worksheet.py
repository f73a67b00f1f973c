"""Worksheets: tasks of practice on paper, made anew from the name of a sheet."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from math import ceil
from random import Random

from game.modes.practice.sequences import MOST
from game.modes.practice.tasks import LEVELS, SUMS_RANGE, WORDS_RANGE, Task, TaskKind, tasks_from
from game.sheets.layout import (
    BOTTOM,
    CELL,
    EDGE,
    GAP,
    HEIGHT,
    TOP,
    PrintedSheet,
    PrintedText,
    printed,
    writer_box,
)
from models.ink.strokes import Box
from models.sheets.sheet import PAPERS, Field, Page, Sheet
from models.util.errors import InputError

VERSION = 1  # of the layout; another one gets another number
# The names of the options, and the letters of a sheet's name.
TASKS: dict[str, TaskKind] = {
    "sums": "sums",
    "sequences": "sequences",
    "words": "words",
    "all": "mixed",
}
_LETTERS = {"sums": "S", "sequences": "Q", "words": "W", "all": "M"}
_TITLES = {"sums": "Sums", "sequences": "Sequences", "words": "Numbers in words", "all": "Numbers"}
MOST_TASKS = 500
LARGEST_SEED = 999_999_999
_NAME = re.compile(r"W(\d+)-([SQWM])([1-5])-(\d{1,3})-(\d{1,9})-([A-Z0-9]+)-[A-Z2-7]{4}")

_ROW = 16.0  # millimetres from one task to the one below
_NUMBERED = 8.0  # for the number of a task


@dataclass(frozen=True)
class WorksheetOptions:
    """What makes a worksheet: the same options, the same sheet.

    tasks: a key of TASKS. level: 1..5. count: of tasks, 1..500. seed: of the tasks, 0 and more.
    paper: a key of PAPERS.
    """

    tasks: str
    level: int
    count: int
    seed: int
    paper: str = "A4"


def worksheet(options: WorksheetOptions) -> PrintedSheet:
    """The worksheet of these options. Raises InputError where one is out of its range."""
    _check(options)
    every = tasks_from(Random(options.seed), TASKS[options.tasks], options.level)
    tasks = list(islice(every, options.count))
    size = PAPERS[options.paper]
    cells = max(2, max(len(str(most)) for most in _largest(options)))
    width = cells * CELL + 3
    column = (size[0] - 2 * EDGE - GAP) / 2
    per_column = int((size[1] - TOP - BOTTOM) // _ROW)
    pages, prompts = [], []
    for start in range(0, len(tasks), 2 * per_column):
        own = tasks[start : start + 2 * per_column]
        rows = ceil(len(own) / 2)
        fields, texts = [], []
        for place, task in enumerate(own):
            left = EDGE + (place // rows) * (column + GAP)
            top = TOP + (place % rows) * _ROW
            box = Box(left + column - width, top, width, HEIGHT)
            name = str(start + place + 1)
            fields.append(Field(name, "number", box, cells, task.question, task.answer))
            texts += _prompt(name, task, left, box)
        pages.append(Page(size, tuple(fields), writer_box(size)))
        prompts.append(texts)
    paper = options.paper.upper()
    asked = f"{_LETTERS[options.tasks]}{options.level}-{options.count}"
    name = f"W{VERSION}-{asked}-{options.seed}-{paper}"
    title = f"{_TITLES[options.tasks]}, level {options.level}"
    return printed(Sheet(name, title, tuple(pages)).with_checksum(), prompts)


def worksheet_named(name: str) -> Sheet | None:
    """The worksheet that a printed name stands for; None where it is no worksheet's name.

    Raises InputError where another version of the program printed it.
    """
    matched = _NAME.fullmatch(name)
    if matched is None:
        return None
    version, letter, level, count, seed, paper = matched.groups()
    papers = {each.upper(): each for each in PAPERS}
    tasks = next(key for key, value in _LETTERS.items() if value == letter)
    sheet = None
    if int(version) == VERSION and paper in papers:
        options = WorksheetOptions(tasks, int(level), int(count), int(seed), papers[paper])
        sheet = worksheet(options).sheet
    if sheet is None or sheet.name != name:
        raise InputError(
            f"worksheet {name} was printed by another version of Inkling, which lays its tasks out "
            "differently; scan it with that version, or print it again"
        )
    return sheet


def _check(options: WorksheetOptions) -> None:
    if options.tasks not in TASKS:
        raise InputError(f"tasks are {', '.join(TASKS)}; received {options.tasks!r}")
    if not 1 <= options.level <= LEVELS:
        raise InputError(f"a level is 1 to {LEVELS}; received {options.level}")
    if not 1 <= options.count <= MOST_TASKS:
        raise InputError(f"a worksheet has 1 to {MOST_TASKS} tasks; received {options.count}")
    if not 0 <= options.seed <= LARGEST_SEED:
        raise InputError(f"a seed is 0 to {LARGEST_SEED}; received {options.seed}")
    if options.paper not in PAPERS:
        raise InputError(f"paper is {' or '.join(PAPERS)}; received {options.paper!r}")


def _largest(options: WorksheetOptions) -> list[int]:
    """The largest answers of each kind of task: all fields of a sheet are as wide."""
    index = options.level - 1
    most = {
        "sums": SUMS_RANGE[index][1],
        "sequences": MOST[index],
        "words": WORDS_RANGE[index][1],
    }
    return list(most.values()) if options.tasks == "all" else [most[options.tasks]]


def _prompt(name: str, task: Task, left: float, box: Box) -> list[PrintedText]:
    question = task.question.removesuffix(" _")
    room = Box(left + _NUMBERED, box.y - 1.5, box.x - left - _NUMBERED - 3, box.height + 3)
    return [
        PrintedText(f"{name}.", Box(left, box.y, _NUMBERED, box.height), 10, quiet=True),
        PrintedText(question, room, 15, "right"),
    ]
