"""Practice on the window: the start page, a task above the canvas, and the results."""

from __future__ import annotations

from pygame import Rect, Surface

from game.modes.practice.results import Result
from game.modes.practice.round import TASKS, Round
from game.modes.practice.session import KIND_LABELS, Practice
from game.modes.practice.summary import slowest_digits, slowest_tasks
from game.profiles.profile import USUAL
from game.ui.modes.mode import ModeScreen
from game.ui.theme import (
    BODY,
    HEADING,
    LEAD,
    ORANGE,
    QUESTION,
    QUIET,
    SCORE,
    SKY,
    TEXT,
    TITLE,
    WIDE,
    Colour,
)
from game.ui.widgets.lines import StyledLine, draw_ends, draw_fitted

# Pixels at scale 1: of the question about two characters, and of their buttons.
_ASKED, _CHOICES = 260, 150
# The colour of each kind of remark; its words differ as well.
_COLOURS: dict[str, Colour] = {"right": SKY, "missed": ORANGE, "shown": ORANGE, "asked": ORANGE}


class PracticeScreen(ModeScreen):
    """The pages of practice."""

    def __init__(self, practice: Practice, size: tuple[int, int], scale: float) -> None:
        self._practice = practice
        super().__init__(practice, size, scale)

    def places(self) -> list[Rect]:
        return [self._choices(), self.bar] if self._practice.is_writing else [self.bar]

    def draw_page(self, surface: Surface) -> None:
        practice = self._practice
        if practice.page == "start" or practice.round is None:
            self.draw_start(surface, _head(practice))
        elif practice.page == "results":
            self.draw_end(surface, _results(practice, practice.round))
        else:
            self.draw_writing(surface, "Write the answer here")
            self._draw_task(surface, practice.round)

    def _choices(self) -> Rect:
        """Where the two characters stand that one is asked about: right of the question."""
        task, layout = self.above, self.layout
        height = max(1, task.height * 2 // 5)
        width = min(layout.pixels(_CHOICES), task.width // 3)
        left = min(task.centerx + layout.pixels(WIDE), task.right - width)
        return Rect(left, task.bottom - height, width, height)

    def _draw_task(self, surface: Surface, current: Round) -> None:
        """The state of the round, the question, and the remark about its answer."""
        layout, rules = self.layout, current.rules
        score = f"{current.score} right,  streak {current.streak}"
        kind = f"{KIND_LABELS[rules.kind]}, level {rules.level}"
        if rules.length == "tasks":
            progress = f"task {current.number} of {TASKS}"
        else:
            left = self._practice.seconds_left
            progress = f"{left} s" if left else "time is up: the last one"
        rest = draw_ends(surface, layout, self.above, score, kind, progress)
        asks = current.remark is not None and bool(current.remark.choices)
        choices = self._choices()
        question = Rect(rest.x, rest.y, rest.width, rest.height * 3 // 5)
        if asks:
            question.height = min(question.height, choices.top - question.y)
        largest = layout.pixels(QUESTION)
        draw_fitted(surface, layout, question, current.task.question, TEXT, largest)
        if current.remark is None:
            return
        below = Rect(rest.x, question.bottom, rest.width, rest.bottom - question.bottom)
        if asks:
            below.width = choices.left - below.left
            below.left += max(0, below.width - layout.pixels(_ASKED))
            below.width = choices.left - below.left
        colour = _COLOURS.get(current.remark.kind, TEXT)
        draw_fitted(surface, layout, below, current.remark.words, colour, layout.pixels(HEADING))


def _head(practice: Practice) -> list[StyledLine]:
    """The lines above the buttons of the start page."""
    best, name = practice.best, practice.profile.name
    record = f"Best so far: {_score(best)}" if best else "No round of this kind yet."
    if name != USUAL:
        record = f"{name}: {record[0].lower()}{record[1:]}"
    invitation = "Write each answer by hand: it is read as you write."
    return [("Practice", TITLE, TEXT), (invitation, BODY, QUIET), (record, BODY, TEXT)]


def _results(practice: Practice, ended: Round) -> list[StyledLine]:
    """Score, best, longest streak, and what took longest."""
    best = practice.best
    rows: list[StyledLine] = [
        (f"{ended.score} of {len(ended.done)} right", SCORE, TEXT),
        (f"longest streak: {ended.longest}", LEAD, TEXT),
    ]
    if practice.is_best:
        rows.insert(1, ("Your best so far!", LEAD, SKY))
    elif best is not None:
        rows.insert(1, (f"best: {_score(best)}", LEAD, QUIET))
    tasks = slowest_tasks(ended.done)
    if tasks:
        rows.append(("What took longest", BODY, QUIET))
        rows += [
            (f"{e.task.with_answer(e.task.answer)}   {e.seconds:.1f} s", LEAD, TEXT) for e in tasks
        ]
    digits = slowest_digits(ended.done)
    if digits:
        times = ",  ".join(f"{digit}: {seconds:.1f} s" for digit, seconds in digits)
        rows.append((f"Digits that the pen took longest for:  {times}", BODY, QUIET))
    return rows


def _score(result: Result) -> str:
    return f"{result.score} right, streak {result.streak}, in {result.seconds:.0f} s"
