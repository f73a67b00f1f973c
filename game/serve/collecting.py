"""A class that collects: everyone is asked for each character so many times, as in Collect."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from random import Random
from typing import Any

from game.modes.collect.prompts import in_random_order, request
from game.modes.collect.session import Collect
from game.page.readers import ReadingMode
from game.profiles.profile import Profile
from game.serve.lesson import Arrival, Lesson, Newest, Progress, PupilSession
from game.serve.remote_board import State, image_of

TIMES = 5  # how often each character is asked for


class Collecting(Lesson):
    """Everyone has all characters in an order of their own, which is the same after a restart."""

    def __init__(self, mode: ReadingMode, seed: str) -> None:
        """mode: which characters are asked for. seed: of the orders."""
        self.mode = mode
        self._seed = seed

    def order(self, name: str) -> tuple[str, ...]:
        """The characters that a pupil is asked for; a task's number is its place."""
        return in_random_order(self.mode, TIMES, Random(f"{self._seed} {name}"))

    def written(self, profile: Profile) -> set[int]:
        """The numbers of the tasks that a pupil has samples of."""
        order = self.order(profile.name)
        done: set[int] = set()
        others: Counter[str | None] = Counter()  # samples that are of no task, as of the window
        for sample in profile.samples.read()[0]:
            number = sample.extra.get("task")
            known = isinstance(number, int) and 0 <= number < len(order) and number not in done
            if isinstance(number, int) and known and order[number] == sample.label:
                done.add(number)
            else:
                others[sample.label] += 1
        for number, character in enumerate(order):
            if number not in done and others[character] > 0:
                others[character] -= 1
                done.add(number)
        return done

    def open(self, arrival: Arrival) -> PupilSession:
        return CollectingPupil(arrival, self)

    def progress(self, profile: Profile) -> Progress:
        return Progress(len(self.written(profile)), len(self.order(profile.name)))

    def results(self, profiles: Sequence[Profile]) -> list[list[Any]]:
        """For each pupil how often each character was written."""
        counts = [Counter(sample.label or "" for sample in p.samples.read()[0]) for p in profiles]
        labels = sorted({label for each in counts for label in each})
        rows = [
            [profile.name, row.total(), *(row[label] for label in labels)]
            for profile, row in zip(profiles, counts, strict=True)
        ]
        return [["name", "samples", *labels], *rows]


class CollectingPupil(PupilSession):
    """Each sample is on the disk before the next is asked for."""

    def __init__(self, arrival: Arrival, lesson: Collecting) -> None:
        super().__init__(arrival)
        profile = arrival.profile
        board = self.remote.board
        board.show_boxes = False  # what is read is no verdict here
        self.mode: Collect = Collect(board, profile, Random(), lambda: None)
        order, written = lesson.order(profile.name), lesson.written(profile)
        # The page may have ink for the task that it shows; what was left out comes last.
        shown = min(arrival.hello.task or 0, len(order))
        numbers = (*range(shown, len(order)), *range(shown))
        self._numbers = [number for number in numbers if number not in written]
        self._before, self._of = len(written), len(order)
        self._newest: Newest | None = None
        self.mode.ask(tuple(order[number] for number in self._numbers), self._numbers)

    @property
    def number(self) -> int:
        place = len(self.mode.written)
        return self._numbers[place] if place < len(self._numbers) else self._of

    @property
    def progress(self) -> Progress:
        done = self._before + len(self.mode.written)
        return Progress(done, self._of, newest=self._newest)

    def task(self) -> State:
        asked = self.mode.character
        return {"request": request(asked, self.mode.mode) if asked else "", "character": asked}

    def state(self) -> State:
        return super().state() | {"answers": [], "specks": []}

    def run(self, name: str) -> None:
        if name == "next" and not self.enlist():
            return
        asked, before = self.mode.character, self.mode.collected
        reading = self.remote.board.reading
        super().run(name)
        if self.mode.collected > before and reading.answers:
            self._newest = Newest(asked, "", (image_of(reading.answers[0]),))
