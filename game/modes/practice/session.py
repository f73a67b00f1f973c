"""Practice from its start page to the results, and what can be done on each page."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from random import Random
from typing import Literal

from game.modes.practice.results import Result, Results
from game.modes.practice.round import LENGTHS, SECONDS, TASKS, Done, Length, Round, Rules
from game.modes.practice.tasks import LEVELS, TASK_KINDS, TaskKind
from game.modes.practice.writing import written
from game.modes.session import Session
from game.page.board import Board
from game.page.commands import Command, CommandGroup
from game.profiles.profile import Profile
from models.util.errors import InputError, StorageError

PageName = Literal["start", "round", "results"]
KIND_LABELS: dict[TaskKind, str] = {
    "sums": "Sums",
    "sequences": "Sequences",
    "words": "Words",
    "mixed": "All",
}
LENGTH_LABELS: dict[Length, str] = {"seconds": f"{SECONDS:.0f} seconds", "tasks": f"{TASKS} tasks"}


class Practice(Session):
    """One person's practice, on a board of its own.

    rules: of the present or the next round.
    best: the best result by them before that round, where there is one.
    round: the present or the last one.
    is_best: whether the last one was better than all before.
    seconds_left: of the present round, at the last `step`, rounded up.
    """

    source = "Inkling, practice"
    page: PageName

    def __init__(
        self,
        board: Board,
        profile: Profile,
        random: Random,
        leave: Callable[[], None],
        folder: Path = Path("drawings"),
    ) -> None:
        """folder: where worksheets go."""
        super().__init__(board, profile, random, leave)
        self._folder = folder
        self._seed = 0  # of the present round's tasks
        self.rules = Rules()
        self.best: Result | None = None
        self.round: Round | None = None
        self.is_best = False
        self.seconds_left = 0
        self._results = Results(profile)
        self._task: object = None  # the one that the board's ink answers
        self._choose_rules(self.rules)

    @property
    def is_writing(self) -> bool:
        return self.page == "round"

    def groups(self) -> tuple[CommandGroup, ...]:
        if self.page == "start":
            return self._start_groups()
        if self.page == "results" or self.round is None:
            commands = (
                Command("start", "Again", self._start, ("enter",), checked=True),
                Command("rules", "Other tasks", self._to_start, ("t",)),
                Command("print", "Print", self._print, ("p",)),
                self.leaving,
            )
            return (CommandGroup("", commands),)
        return self._round_groups(self.round)

    def pen_touches(self) -> None:
        """The pen is about to come down on the canvas."""
        if self.round is not None and self.page == "round":
            self._do(self.round.pen_touches)

    def begin(self, rules: Rules, done: Sequence[Done] = ()) -> None:
        """Begins a round, or goes on with one. done: its first tasks."""
        self.rules = rules
        self._start(done)

    def step(self, now: float) -> None:
        super().step(now)
        self.judge()

    def judge(self) -> None:
        """Takes what the board reads by now, and the time: a verdict, or the next task."""
        now = self.now
        if self.round is None or self.page != "round":
            return
        page = self.board.document
        live = page.live
        if self.board.is_read or live is not None:  # older answers are not judged
            ink = (page.strokes, page.edits, len(live) if live is not None else 0)
            seen = written(self.board.reading, len(page.strokes), ink)
            self.round.classify(seen, live is not None, now)
        self.seconds_left = math.ceil(self.round.seconds_left(now))
        self._turn()

    def state(self) -> tuple[object, ...]:
        shown: tuple[object, ...] = (self.board.revision, self.page, self.rules)
        if self.round is not None:
            shown += (id(self.round), self.round.number, self.round.remark, self.seconds_left)
            shown += (self.round.phase, self.round.can_contest, self.round.score)
        return shown

    # Inside

    def _start_groups(self) -> tuple[CommandGroup, ...]:
        rules, level = self.rules, self.rules.level
        kinds = tuple(
            self._choice(kind, KIND_LABELS[kind], str(number), replace(rules, kind=kind))
            for number, kind in enumerate(TASK_KINDS, start=1)
        )
        easier, harder = (
            partial(self._choose_rules, replace(rules, level=level + step)) for step in (-1, 1)
        )
        levels = (
            Command("easier", "Easier", easier, ("left",), enabled=level > 1),
            Command("harder", "Harder", harder, ("right",), enabled=level < LEVELS),
        )
        lengths = tuple(
            self._choice(length, LENGTH_LABELS[length], key, replace(rules, length=length))
            for length, key in zip(LENGTHS, "st", strict=True)
        )
        start = Command("start", "Start", self._start, ("enter",), checked=True)
        return (
            CommandGroup("Tasks", kinds),
            CommandGroup(f"Level {level} of {LEVELS}", levels),
            CommandGroup("Round", lengths),
            CommandGroup("", (start, self.leaving)),
        )

    def _choice(self, name: str, label: str, key: str, rules: Rules) -> Command:
        choose = partial(self._choose_rules, rules)
        return Command(name, label, choose, (key,), checked=rules == self.rules)

    def _round_groups(self, current: Round) -> tuple[CommandGroup, ...]:
        board, ink = self.board, bool(self.board.reading.answers)
        writing = current.phase == "writing"
        choices = current.remark.choices if current.remark and writing else ()

        def command(
            name: str, label: str, act: Callable[[float], object], key: str, enabled: bool = True
        ) -> Command:
            return Command(name, label, partial(self._do, act), (key,), enabled=enabled)

        contest = partial(self._contest, current)
        bar = (
            command("done", "Done", current.finish, "enter", ink)
            if writing
            else command("next", "Next", current.go_on, "enter"),
            Command("undo", "Undo", board.undo, ("command+z",), enabled=writing and ink),
            Command("clear", "Clear", board.document.clear, ("c",), enabled=writing and ink),
            command("skip", "Skip", current.skip, "n", writing),
            command("contest", "I wrote it right", contest, "m", current.can_contest),
            Command("stop", "Stop", self._stop, ("s",)),
        )
        asked = tuple(
            command(each, each, partial(current.choose, each), each.lower()) for each in choices
        )
        return (CommandGroup("", asked), CommandGroup("", bar))

    def _do(self, act: Callable[[float], object]) -> None:
        """Does something in the present round, which may go on to another task by it."""
        act(self.now)
        self._turn()

    def _contest(self, current: Round, now: float) -> None:
        if not current.contest(now):
            return
        answer, characters = current.task.answer, self.board.reading.answers
        if len(characters) == len(answer):
            pairs = zip(answer, characters, strict=True)
            drawings = [self._drawing(each.ink, digit, each.caption()) for digit, each in pairs]
            keep = self.profile.samples.add
        else:
            drawings = [self._drawing(self.board.document.strokes, answer, self.board.reading.text)]
            keep = self._results.keep_contested
        for drawing in drawings:
            try:
                keep(drawing)
            except StorageError as error:
                self.board.say(str(error), "error")

    def _choose_rules(self, rules: Rules) -> None:
        if 1 <= rules.level <= LEVELS:
            self.rules = rules
            try:
                self.best = self._results.best(rules)
            except InputError as error:
                self.best = None
                self.board.say(str(error), "error")

    def _to_start(self) -> None:
        self.page = "start"
        self._empty_page()
        self._choose_rules(self.rules)

    def _start(self, done: Sequence[Done] = ()) -> None:
        self._choose_rules(self.rules)
        self._seed = self._random.randrange(1_000_000)
        self.round = Round(self.rules, Random(self._seed), self.now, done)
        self.page = "round"
        self._turn()

    def _stop(self) -> None:
        """To the results, or where there are none back to the start."""
        assert self.round is not None
        self.round.stop()
        if self.round.done:
            self._turn()
        else:
            self._to_start()

    def _print(self) -> None:
        """Makes a worksheet of the tasks of the round that has ended."""
        # Imported where they are needed: practice itself comes sooner.
        from game.sheets.pdf import save_pdf
        from game.sheets.worksheet import TASKS, WorksheetOptions, worksheet

        assert self.round is not None
        rules = self.round.rules
        tasks = next(name for name, kind in TASKS.items() if kind == rules.kind)
        count = max(1, len(self.round.done))
        sheet = worksheet(WorksheetOptions(tasks, rules.level, count, self._seed))
        try:
            path = save_pdf(sheet, self._folder / f"worksheet-{sheet.sheet.name}.pdf")
        except StorageError as error:
            self.board.say(str(error), "error")
        else:
            self.board.say(f"Saved {path}. `python -m game scan` reads it when it is filled in.")

    def _turn(self) -> None:
        """A new task has an empty page; a round that is over its results."""
        assert self.round is not None
        if self.round.phase == "over":
            self._finish(self.round)
        elif self.round.task is self._task:
            return
        self._task = self.round.task
        self._empty_page()

    def _finish(self, ended: Round) -> None:
        if self.page != "round":
            return
        self.page = "results"
        result = Result(ended.score, len(ended.done), ended.longest, round(ended.seconds, 3))
        self.is_best = result.beats(self.best)
        if self.is_best:
            try:
                self._results.keep(self.rules, result)
            except StorageError as error:
                self.is_best = False  # the file may be damaged, and hold a better one
                self.board.say(str(error), "error")
