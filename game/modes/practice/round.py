"""One round of practice: tasks, what is written, verdicts, score. Its clock is an argument.

When is an answer finished? Once the pen is up and it reads as the right one: at once. One that
reads as something else is waited for, and every touch of the pen begins that wait anew; one that
has fewer digits than the right one, or cannot be read for sure, is asked about and never counted
wrong by itself. After the first miss there is another try, after the second the answer is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from random import Random
from typing import Literal

from game.modes.practice.tasks import Task, TaskKind, tasks_from
from game.modes.practice.writing import Written

Length = Literal["seconds", "tasks"]
LENGTHS: tuple[Length, ...] = ("seconds", "tasks")
SECONDS, TASKS = 60.0, 10  # how long a round of each length is
Phase = Literal["writing", "right", "shown", "over"]

WAIT = 1.2  # seconds without the pen, until an answer that is not right is taken for finished
LONG_WAIT = 4.0  # the same, where digits are missing
PRAISE = 1.0  # seconds that "Right" stands, until the next task
SHOWN = 5.0  # the same for the right answer
LATE = 0.5  # seconds after "Right" in which the pen still finishes that answer
GRACE = 10.0  # seconds to finish an answer that was begun before the time was up


@dataclass(frozen=True)
class Rules:
    """What a round is made of. level: 1..5."""

    kind: TaskKind = "sums"
    level: int = 1
    length: Length = "seconds"


@dataclass(frozen=True)
class Remark:
    """A sentence about the answer.

    kind: "right"; "missed" with another try; "shown" with the right answer; "asked" which of two a
    character is; "unread" for one that is like none; "short" for one with fewer digits than needed.
    words: the sentence.
    choices: what a character may be, where that is asked.
    """

    kind: Literal["right", "missed", "shown", "asked", "unread", "short"]
    words: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Done:
    """A task that is over.

    right: answered, at the first or second try.
    seconds: from its question to its verdict.
    characters: each digit of a right answer, and the seconds in which the pen wrote it.
    """

    task: Task
    right: bool
    first_try: bool
    seconds: float
    characters: tuple[tuple[str, float], ...] = ()


class Round:
    """The state of a round. All times are seconds on one clock that only goes forward.

    task: the present one.
    remark: of its answer, None while there is none.
    done: the tasks that have had their verdict.
    """

    def __init__(self, rules: Rules, random: Random, now: float, done: Sequence[Done] = ()) -> None:
        """done: its first tasks, where a round of so many tasks goes on."""
        self.rules = rules
        self.done = list(done)
        every = tasks_from(random, rules.kind, rules.level)
        self._tasks = islice(every, len(self.done), None)
        self._end = now + SECONDS
        self.task = next(self._tasks)
        self._begin(now)
        if self._has_all_tasks:
            self.stop()

    def _begin(self, now: float) -> None:
        self.phase: Phase = "writing"
        self.remark: Remark | None = None
        self._written = Written()
        self._began = self._still = self._answered = self._rests = self._until = now
        self._penned = False  # whether the pen wrote since the last verdict or taking away of ink
        self._misses = 0
        self._judged: object = None  # the ink that has its remark
        self._chosen: dict[int, str] = {}  # what unsure characters are, as the person chose

    @property
    def score(self) -> int:
        """How many tasks were answered."""
        return sum(done.right for done in self.done)

    @property
    def streak(self) -> int:
        """How many in a row, up to now, were right at the first try."""
        return _streaks(self.done)[-1]

    @property
    def longest(self) -> int:
        return max(_streaks(self.done))

    @property
    def number(self) -> int:
        """Of the present task, from 1."""
        return len(self.done) + (self.phase == "writing")

    @property
    def seconds(self) -> float:
        """What the tasks took until their verdicts."""
        return sum(done.seconds for done in self.done)

    @property
    def can_contest(self) -> bool:
        """Whether there is a verdict on the ink as it is now that the person may not accept."""
        judged = self.remark is not None and self._judged == self._written.ink
        return judged and self.phase in ("writing", "shown") and bool(self._written.characters)

    def seconds_left(self, now: float) -> float:
        """Of a round against time; its clock rests while a verdict is looked at."""
        rests = self.phase in ("right", "shown")
        return max(0.0, self._end - (self._rests if rests else now))

    # What happens

    def classify(self, written: Written, pen_down: bool, now: float) -> None:
        """Takes what stands on the page now and whether the pen is writing; once each frame."""
        changed, before = written.ink != self._written.ink, self._written
        self._written = written
        if pen_down or changed:
            self._still = now
        if changed:
            self._chosen.clear()
        if self.phase in ("right", "shown"):
            if not pen_down and now >= self._until:
                self.go_on(now)
        elif self.phase == "writing":
            if pen_down or written.strokes > before.strokes:
                self._penned, self.remark = True, None
            elif changed and written.strokes < before.strokes:
                self._penned = False
                if self.remark is not None and self.remark.kind != "missed":
                    self.remark = None
            if not pen_down and written.characters and self._judged != written.ink:
                self._judge(now)
            if self.phase == "writing" and self._is_late(now, pen_down):
                self.phase = "over"

    def finish(self, now: float) -> None:
        """The person declares the answer finished."""
        missed = self.remark is not None and self.remark.kind == "missed"
        already = missed and self._judged == self._written.ink
        if self.phase == "writing" and self._written.characters and not already:
            self._judge(now, finished=True)

    def choose(self, text: str, now: float) -> None:
        """The person chooses which of the two an unsure character is."""
        unsure = self._first("unsure")
        if self.remark is None or text not in self.remark.choices or unsure is None:
            return
        self._chosen[unsure] = text
        self._judge(now, finished=len(self._written.characters) >= len(self.task.answer))

    def contest(self, now: float) -> bool:
        """The person insists on having written it right: it counts as if it had been read so.

        Returns whether there was anything to contest.
        """
        if not self.can_contest:
            return False
        self._misses = 0
        if self.phase == "shown":
            self.done.pop()
        else:
            self._rests = now
        self._right("Then it is right, and my mistake.", now)
        return True

    def skip(self, now: float) -> None:
        """On to the next task; one without a verdict counts as not answered."""
        if self.phase == "writing":
            self._answered = self._rests = now
            self._note(right=False)
            self._next(now)
        else:
            self.go_on(now)

    def go_on(self, now: float) -> None:
        """From a verdict to the next task."""
        if self.phase in ("right", "shown"):
            self._end += now - self._rests
            self._next(now)

    def pen_touches(self, now: float) -> None:
        """The pen comes down: to write the next answer, where this one has had its verdict."""
        late = self.phase == "right" and now < self._until - PRAISE + LATE
        if not late:
            self.go_on(now)

    def stop(self) -> None:
        """Ends the round; a task without a verdict does not count."""
        self.phase = "over"

    # Inside

    def _text(self) -> str:
        characters = self._written.characters
        return "".join(self._chosen.get(i, each.text) for i, each in enumerate(characters))

    def _first(self, kind: str) -> int | None:
        """The first character that is still unsure, or refused."""
        for i, each in enumerate(self._written.characters):
            if each.kind == kind and i not in self._chosen:
                return i
        return None

    def _judge(self, now: float, finished: bool = False) -> None:
        """finished: whether the person declared it so; else the time without the pen decides."""
        text, unsure, refused = self._text(), self._first("unsure"), self._first("refused")
        whole = len(text) >= len(self.task.answer)
        if text == self.task.answer and unsure is None and refused is None:
            self._answered = self._rests = now
            self._right("Right!", now)
        elif not finished and (
            not self._penned or now < self._still + (WAIT if whole else LONG_WAIT)
        ):
            return
        elif refused is not None:
            which = "that" if len(text) == 1 else f"digit {refused + 1}"
            self._say("unread", f"I can't read {which}. Could you write it again?", now)
        elif unsure is not None:
            each = self._written.characters[unsure]
            words = f"Is that {_article(each.text)} or {_article(each.other)}?"
            self._say("asked", words, now, (each.text, each.other))
        elif finished or whole:
            self._miss(text, now)
        else:
            self._say("short", f"I read {text} so far. Write on, or press Done.", now)

    def _say(
        self,
        kind: Literal["missed", "shown", "asked", "unread", "short"],
        words: str,
        now: float,
        choices: tuple[str, ...] = (),
    ) -> None:
        self.remark = Remark(kind, words, choices)
        self._judged, self._penned = self._written.ink, False
        self._answered = now

    def _right(self, words: str, now: float) -> None:
        self.phase, self.remark = "right", Remark("right", words)
        self._until = now + PRAISE
        self._note(right=True)

    def _miss(self, text: str, now: float) -> None:
        self._misses += 1
        if self._misses == 1:
            self._say("missed", f"I read {text}: not quite. Try once more!", now)
            return
        self._say("shown", f"I read {text}. The answer is {self.task.answer}.", now)
        self.phase, self._rests, self._until = "shown", now, now + SHOWN
        self._note(right=False)

    def _note(self, right: bool) -> None:
        """The present task has its verdict."""
        characters, answer = self._written.characters, self.task.answer
        took: tuple[tuple[str, float], ...] = ()
        if right and len(characters) == len(answer):
            pairs = zip(answer, characters, strict=True)
            took = tuple((digit, c.seconds) for digit, c in pairs if c.seconds is not None)
        seconds = self._answered - self._began
        self.done.append(Done(self.task, right, right and not self._misses, seconds, took))

    def _next(self, now: float) -> None:
        if self._has_all_tasks or (self.rules.length == "seconds" and now >= self._end):
            self.phase = "over"
            return
        self.task = next(self._tasks)
        self._begin(now)

    @property
    def _has_all_tasks(self) -> bool:
        return self.rules.length == "tasks" and len(self.done) >= TASKS

    def _is_late(self, now: float, pen_down: bool) -> bool:
        if self.rules.length == "tasks" or now < self._end:
            return False
        begun = pen_down or bool(self._written.characters)
        return not begun or now >= self._end + GRACE


def _streaks(done: list[Done]) -> list[int]:
    """How long the streak was at the start and after each task."""
    streaks = [0]
    for each in done:
        streaks.append(streaks[-1] + 1 if each.first_try else 0)
    return streaks


def _article(digit: str) -> str:
    return f"an {digit}" if digit == "8" else f"a {digit}"
