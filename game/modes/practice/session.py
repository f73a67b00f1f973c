"""Practice from its start page to the results, and what can be done on each page."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Literal

from game.modes.practice.results import Result, Results
from game.modes.practice.round import LENGTHS, SECONDS, TASKS, Length, Round, Rules
from game.modes.practice.tasks import KINDS, LEVELS, Kind
from game.modes.practice.writing import written
from game.page.board import Board
from game.page.offers import Group, Offer
from game.profiles.profile import Profile
from game.profiles.samples import Samples
from models.ink.strokes import Drawing, Stroke

Page = Literal["start", "round", "results"]
KIND_WORDS: dict[Kind, str] = {
    "sums": "Sums",
    "sequences": "Sequences",
    "words": "Words",
    "mixed": "All",
}
LENGTH_WORDS: dict[Length, str] = {"seconds": f"{SECONDS:.0f} seconds", "tasks": f"{TASKS} tasks"}
_SOURCE = "Inkling, practice"


class Practice:
    """One person's practice, on a board of its own.

    page: what is shown. rules: of the present or the next round. best: the best result by them
    before that round, where there is one. round: the present or the last one. is_best: whether
    the last one was better than all before. seconds_left: of the present round, at the last
    `step`, rounded up. left: whether the person has had enough.
    """

    def __init__(self, board: Board, profile: Profile, random: Random) -> None:
        self.board = board
        self.profile = profile
        self.page: Page = "start"
        self.rules = Rules()
        self.best: Result | None = None
        self.round: Round | None = None
        self.is_best = False
        self.seconds_left = 0
        self.left = False
        self._results = Results(profile)
        self._samples = Samples(profile)
        self._random = random
        self._task: object = None  # the one that the board's ink answers
        self._choose_rules(self.rules)

    @property
    def is_writing(self) -> bool:
        """Whether the canvas is there to be written on."""
        return self.page == "round"

    def groups(self) -> tuple[Group, ...]:
        """All that can be done now; on the start page a row each, in a round choices and a bar."""
        if self.page == "start":
            return self._start_groups()
        if self.page == "results":
            offers = (
                Offer("start", "Again", "enter", on=True),
                Offer("rules", "Other tasks", "t"),
                Offer("leave", "Leave", "escape"),
            )
            return (Group("", offers),)
        return self._round_groups()

    def press(self, action: str, now: float) -> None:
        """Does one of the actions that `groups` offers."""
        verb, _, object_ = action.partition(" ")
        does: dict[str, Callable[[], None]] = {
            "start": lambda: self._start(now),
            "rules": lambda: self._to_start(),
            "leave": self._leave,
            "stop": self._stop,
            "easier": lambda: self._choose_rules(replace(self.rules, level=self.rules.level - 1)),
            "harder": lambda: self._choose_rules(replace(self.rules, level=self.rules.level + 1)),
            "undo": self.board.undo,
            "clear": self.board.clear,
        }
        if verb in does:
            does[verb]()
        elif verb in KINDS:
            self._choose_rules(replace(self.rules, kind=verb))
        elif verb in LENGTHS:
            self._choose_rules(replace(self.rules, length=verb))
        elif self.round is not None and self.page == "round":
            self._press_in_round(self.round, verb, object_, now)

    def pen_touches(self, now: float) -> None:
        """The pen is about to come down on the canvas."""
        if self.round is not None and self.page == "round":
            self.round.pen_touches(now)
            self._turn()

    def step(self, now: float) -> None:
        """Reads the board and lets the time go on; once each frame."""
        self.board.tick(now)
        self.board.read()
        if self.round is None or self.page != "round":
            return
        live = self.board.live
        if self.board.is_read or live is not None:  # older answers are not judged
            ink = (self.board.strokes, self.board.edits, len(live) if live is not None else 0)
            seen = written(self.board.reading, len(self.board.strokes), ink)
            self.round.classify(seen, live is not None, now)
        self.seconds_left = math.ceil(self.round.seconds_left(now))
        self._turn()

    def state(self) -> tuple[object, ...]:
        """Differs whenever something else is to be seen than before."""
        shown: tuple[object, ...] = (self.board.revision, self.page, self.rules)
        if self.round is not None:
            shown += (id(self.round), self.round.number, self.round.remark, self.seconds_left)
            shown += (self.round.phase, self.round.can_contest, self.round.score)
        return shown

    # Inside

    def _start_groups(self) -> tuple[Group, ...]:
        rules = self.rules
        kinds = tuple(
            Offer(kind, KIND_WORDS[kind], str(number), on=kind == rules.kind)
            for number, kind in enumerate(KINDS, start=1)
        )
        levels = (
            Offer("easier", "Easier", "left", enabled=rules.level > 1),
            Offer("harder", "Harder", "right", enabled=rules.level < LEVELS),
        )
        lengths = tuple(
            Offer(length, LENGTH_WORDS[length], key, on=length == rules.length)
            for length, key in zip(LENGTHS, "st", strict=True)
        )
        return (
            Group("Tasks", kinds),
            Group(f"Level {rules.level} of {LEVELS}", levels),
            Group("Round", lengths),
            Group(
                "", (Offer("start", "Start", "enter", on=True), Offer("leave", "Leave", "escape"))
            ),
        )

    def _round_groups(self) -> tuple[Group, ...]:
        assert self.round is not None
        current, ink = self.round, bool(self.board.reading.answers)
        choices = current.remark.choices if current.remark and current.phase == "writing" else ()
        writing = current.phase == "writing"
        done = Offer("done", "Done", "enter", enabled=ink) if writing else _NEXT
        bar = (
            done,
            Offer("undo", "Undo", "command+z", enabled=writing and ink),
            Offer("clear", "Clear", "c", enabled=writing and ink),
            Offer("skip", "Skip", "n", enabled=writing),
            Offer("contest", "I wrote it right", "m", enabled=current.can_contest),
            Offer("stop", "Stop", "s"),
        )
        asked = tuple(Offer(f"choose {each}", each, each.lower()) for each in choices)
        return (Group("", asked), Group("", bar))

    def _press_in_round(self, current: Round, verb: str, object_: str, now: float) -> None:
        if verb == "done":
            current.finish(now)
        elif verb == "next":
            current.go_on(now)
        elif verb == "skip":
            current.skip(now)
        elif verb == "choose":
            current.choose(object_, now)
        elif verb == "contest":
            self._contest(current, now)
        self._turn()

    def _contest(self, current: Round, now: float) -> None:
        if not current.contest(now):
            return
        answer, characters = current.task.answer, self.board.reading.answers
        if len(characters) == len(answer):
            pairs = zip(answer, characters, strict=True)
            drawings = [self._drawing(each.ink, digit, each.caption()) for digit, each in pairs]
            hindrances = [self._samples.add(drawing) for drawing in drawings]
        else:
            drawing = self._drawing(self.board.strokes, answer, self.board.reading.text)
            hindrances = [self._results.keep_contested(drawing)]
        told = next(filter(None, hindrances), None)
        if told is not None:
            self.board.say(told, "error")

    def _drawing(self, ink: tuple[Stroke, ...], label: str, read: str) -> Drawing:
        """Ink that was read as something else than its label."""
        return Drawing(
            ink,
            label=label,
            writer=self.profile.name,
            width=self.board.size[0],
            height=self.board.size[1],
            source=_SOURCE,
            extra={"read": read, "pen": self.board.pen},
        )

    def _choose_rules(self, rules: Rules) -> None:
        if 1 <= rules.level <= LEVELS:
            self.rules = rules
            self.best, told = self._results.best(rules)
            if told is not None:
                self.board.say(told, "error")

    def _to_start(self) -> None:
        self.page = "start"
        self.board.clear()
        self.board.forget_steps()
        self._choose_rules(self.rules)

    def _start(self, now: float) -> None:
        self._choose_rules(self.rules)
        self.round = Round(self.rules, self._random, now)
        self.page = "round"
        self._turn()

    def _leave(self) -> None:
        self.left = True

    def _stop(self) -> None:
        """To the results, or where there are none back to the start."""
        assert self.round is not None
        self.round.stop()
        if self.round.done:
            self._turn()
        else:
            self._to_start()

    def _turn(self) -> None:
        """A new task has an empty page; a round that is over its results."""
        assert self.round is not None
        if self.round.phase == "over":
            self._finish(self.round)
        elif self.round.task is self._task:
            return
        self._task = self.round.task
        self.board.clear()
        self.board.forget_steps()
        self.board.read_now()

    def _finish(self, ended: Round) -> None:
        if self.page != "round":
            return
        self.page = "results"
        result = Result(ended.score, len(ended.done), ended.longest, round(ended.seconds, 3))
        self.is_best = result.beats(self.best)
        if self.is_best:
            told = self._results.keep(self.rules, result)
            if told is not None:
                self.is_best = False  # who knows what the damaged file holds
                self.board.say(told, "error")


_NEXT = Offer("next", "Next", "enter")
