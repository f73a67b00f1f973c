"""Tasks to practise with: a question, and the number to be written as its answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Literal

from game.modes.practice.number_words import in_words
from game.modes.practice.sequences import new_sequence

TaskKind = Literal["sums", "sequences", "words", "mixed"]
TASK_KINDS: tuple[TaskKind, ...] = ("sums", "sequences", "words", "mixed")
LEVELS = 5
_TRIES = 30  # for a task that was not there yet

# The smallest and the largest answer at each level.
WORDS_RANGE = ((0, 9), (10, 20), (21, 99), (100, 999), (1_000, 9_999))
SUMS_RANGE = ((0, 9), (0, 20), (0, 99), (0, 198), (0, 1_998))


@dataclass(frozen=True)
class Task:
    """question: what the screen asks, such as "3 + 4 =". answer: the digits to be written."""

    question: str
    answer: str

    def with_answer(self, answer: str) -> str:
        """The question and an answer to it in one line, "3 + 4 = 7"."""
        if self.question.endswith("_"):
            return f"{self.question[:-1]}{answer}"
        return f"{self.question}{' ' if self.question.endswith('=') else ': '}{answer}"


def new_task(random: Random, kind: TaskKind, level: int) -> Task:
    """A task of one kind; "mixed" is any of the others. level: 1..5, from easy to hard."""
    if kind == "mixed":
        kind = random.choice(TASK_KINDS[:-1])
    if kind == "sums":
        return _sum(random, level)
    if kind == "sequences":
        *shown, answer = new_sequence(random, level)
        return Task(", ".join(map(str, shown)) + ", _", str(answer))
    number = random.randint(*WORDS_RANGE[level - 1])
    return Task(in_words(number), str(number))


def tasks_from(random: Random, kind: TaskKind, level: int) -> Iterator[Task]:
    """Tasks without end; none comes again while there are others. See `new_task`."""
    met: set[str] = set()
    while True:
        for _ in range(_TRIES):
            task = new_task(random, kind, level)
            if task.question not in met:
                break
        else:
            met.clear()
        met.add(task.question)
        yield task


def _sum(random: Random, level: int) -> Task:
    """Adding, and taking away what was added; from level 3 on the multiplication table, too."""
    if level in (3, 4) and random.random() < 0.25:
        a, b = random.randint(2, 9 if level == 3 else 12), random.randint(2, 9)
        return Task(f"{a} × {b} =", str(a * b))
    least = (0, 2, 11, 21, 100)[level - 1]
    largest_part = (9, 18, 88, 99, 999)[level - 1]
    a = random.randint(least, largest_part)
    # Up to level 3 the sum, not only its parts, keeps to the level's range.
    room = SUMS_RANGE[level - 1][1] - a if level <= 3 else largest_part
    b = random.randint(min(least, room), room)
    if random.random() < 0.5:
        return Task(f"{a} + {b} =", str(a + b))
    return Task(f"{a + b} – {b} =", str(a))
