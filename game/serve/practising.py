"""A class that practises: the same tasks for everyone, with rounds and verdicts of Practice."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import Any

from game.modes.practice.round import TASKS, Done, Round, Rules
from game.modes.practice.session import Practice
from game.modes.practice.tasks import Task
from game.page.readers import ReadingMode
from game.profiles.profile import Profile
from game.serve.lesson import Arrival, Lesson, Newest, Progress, PupilSession
from game.serve.messages import Change, Ink, Step
from game.serve.remote_board import State, image_of
from game.serve.verdicts import Verdict, keep_verdict, read_verdicts
from models.util.errors import StorageError


class Practising(Lesson):
    """Rounds of so many tasks. rules: which tasks."""

    mode: ReadingMode = "digits"

    def __init__(self, rules: Rules, seed: str) -> None:
        """seed: of the tasks."""
        self.rules = rules
        self._seed = f"{seed} {rules.kind} {rules.level}"

    def random(self) -> Random:
        """What all rounds of a pupil take their tasks from: the same for everyone."""
        return Random(self._seed)

    def open(self, arrival: Arrival) -> PupilSession:
        return PractisingPupil(arrival, self)

    def progress(self, profile: Profile) -> Progress:
        return progress_of(read_verdicts(profile.folder, self.rules))

    def results(self, profiles: Sequence[Profile]) -> list[list[Any]]:
        """For each pupil the verdict on each task."""
        every = [read_verdicts(profile.folder, self.rules) for profile in profiles]
        asked = {n: v.question for verdicts in every for n, v in verdicts.items()}
        numbers = sorted(asked)
        table: list[list[Any]] = [
            ["name", "tasks", "right", "first try", "seconds", *(asked[n] for n in numbers)]
        ]
        for profile, verdicts in zip(profiles, every, strict=True):
            done = verdicts.values()
            right, first = sum(v.right for v in done), sum(v.first_try for v in done)
            took = f"{sum(v.seconds for v in done):.1f}"
            words = [verdicts[n].words if n in verdicts else "" for n in numbers]
            table.append([profile.name, len(done), right, first, took, *words])
        return table


def progress_of(verdicts: Mapping[int, Verdict]) -> Progress:
    """How far a pupil is who has these verdicts: rounds that were begun count whole."""
    rounds = max(1, -(-len(verdicts) // TASKS))
    right = sum(verdict.right for verdict in verdicts.values())
    return Progress(len(verdicts), rounds * TASKS, right, verdicts=verdicts)


class PractisingPupil(PupilSession):
    """Each verdict is on the disk before it is shown."""

    def __init__(self, arrival: Arrival, lesson: Practising) -> None:
        super().__init__(arrival)
        profile = arrival.profile
        board = self.remote.board
        self.mode: Practice = Practice(board, profile, lesson.random(), lambda: None)
        self._rules = lesson.rules
        self._folder = profile.folder
        self._verdicts = read_verdicts(profile.folder, lesson.rules)
        self._newest: Newest | None = None
        self._failed: list[Done] = []  # verdicts that could not be kept, when that was tried last
        self._rounds = 0
        self.mode.now = time.monotonic()
        done = [_done(verdict) for verdict in self._verdicts.values()]
        if done and not done[-1].right and arrival.hello.task == len(done) - 1:
            done.pop()  # the page still shows it, and may have something to say about it
        # Each round takes the tasks that follow those of the one before.
        for begin in range(0, max(1, len(done)), TASKS):
            self._begin(done[begin : begin + TASKS])

    @property
    def number(self) -> int:
        has_verdict = self._round.phase in ("right", "shown")
        return self._first + len(self._round.done) - has_verdict

    @property
    def progress(self) -> Progress:
        progress = progress_of(self._verdicts)
        return replace(progress, of=self._rounds * TASKS, newest=self._newest)

    @property
    def is_waiting(self) -> bool:
        page, current = self.remote.board.document, self._round
        if not self.mode.is_writing or page.live is not None:
            return False
        return current.phase != "writing" or (current.remark is None and bool(page.strokes))

    def task(self) -> State:
        current, remark = self._round, self._round.remark
        task: State = {
            "question": current.task.question,
            "score": f"{current.score} right, streak {current.streak}",
            "choices": list(remark.choices) if remark else [],
            "remark": [remark.kind, remark.words] if remark else None,
            "place": [len(current.done), TASKS],
        }
        if self.mode.page == "results":
            words = f"longest streak: {current.longest}"
            task |= {
                "question": f"{current.score} of {len(current.done)} right",
                "score": "",
                "choices": [],
                "remark": ["right", "Your best so far!"] if self.mode.is_best else ["", words],
            }
        return task

    def do(self, change: Change) -> None:
        self.mode.now = time.monotonic()
        is_new = change.number > self.remote.seen
        if isinstance(change, Ink) and change.first and is_new:
            self.mode.pen_touches()  # may begin the next task
        writes = self.mode.is_writing and self._round.phase == "writing"
        if isinstance(change, Step) and change.name != "cancel" and not writes:
            self.remote.skip(change)
        else:
            super().do(change)
        if isinstance(change, Step):
            self.catch_up()  # ink that goes is noticed, though as much may come at once

    def state(self) -> State:
        self._judge()
        return super().state()

    def catch_up(self) -> None:
        super().catch_up()
        self._judge()

    def run(self, name: str) -> None:
        if name == "contest" and not self.enlist():
            return
        if name == "start" and self.mode.page == "results":
            self._begin()
        else:
            super().run(name)

    # Inside

    @property
    def _round(self) -> Round:
        assert self.mode.round is not None
        return self.mode.round

    @property
    def _first(self) -> int:
        """The number of the round's first task."""
        return (self._rounds - 1) * TASKS

    def _begin(self, done: Sequence[Done] = ()) -> None:
        self._rounds += 1
        self.mode.begin(self._rules, done)

    def _judge(self) -> None:
        """Verdicts that the ink or the time brings, and keeps them."""
        self.mode.now = time.monotonic()
        self.mode.judge()
        done = self._round.done
        new = [n for n, each in enumerate(done) if not self._is_kept(self._first + n, each)]
        if not new or done == self._failed:
            return
        board = self.remote.board
        read = board.reading if self._round.phase in ("right", "shown") else None
        if not self.enlist():
            self._failed = list(done)
            return
        for place in new:
            words = "".join(a.text for a in read.answers) if read and place == new[-1] else ""
            verdict = self._verdict(self._first + place, done[place], words)
            try:
                keep_verdict(self._folder, verdict)
            except StorageError as error:
                board.say(str(error), "error")
                self._failed = list(done)
                return
            self._verdicts[verdict.task] = verdict
        if read is not None:
            images = tuple(image_of(answer) for answer in read.answers)
            task, right = done[-1].task, done[-1].right
            solved = task.with_answer(task.answer if right else words)
            self._newest = Newest(solved, "right" if right else "wrong", images)

    def _is_kept(self, number: int, done: Done) -> bool:
        kept = self._verdicts.get(number)
        return kept is not None and (kept.right, kept.first_try) == (done.right, done.first_try)

    def _verdict(self, number: int, done: Done, read: str) -> Verdict:
        rules, task = self._rules, done.task
        return Verdict(
            rules.kind,
            rules.level,
            number,
            task.question,
            task.answer,
            read,
            done.right,
            done.first_try,
            round(done.seconds, 3),
        )


def _done(verdict: Verdict) -> Done:
    """A verdict as a round has it."""
    task = Task(verdict.question, verdict.answer)
    return Done(task, verdict.right, verdict.first_try, verdict.seconds)
