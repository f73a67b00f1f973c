"""Practice on the window: the start page, a task above the canvas, and the results."""

from __future__ import annotations

import math

from pygame import Rect, Surface

from game.overlay.buttons import Button, action_at, draw_button, row_of
from game.overlay.layout import USUAL, Layout
from game.overlay.screen import Screen
from game.overlay.theme import (
    BODY,
    FIGURE,
    FINE,
    GAP,
    HAIR,
    HEADING,
    LABEL,
    LEAD,
    LEAST,
    LINE,
    MARGIN,
    ORANGE,
    QUESTION,
    QUIET,
    SCORE,
    SKY,
    SMALL,
    SURFACE,
    TEXT,
    TITLE,
    WIDE,
    Colour,
    fitting,
    font,
    shortened,
    text,
    wrapped,
)
from game.overlay.toast import draw_toast
from game.overlay.words import type_sizes
from game.practice.results import Result
from game.practice.round import TASKS, Round
from game.practice.session import KIND_WORDS, Practice
from game.practice.summary import slowest_digits, slowest_tasks

_LARGEST = 1.6  # times the interface's scale, in the largest windows
# Pixels at scale 1: of the question about two characters and their buttons, and of a row of buttons
# on the start page.
_ASKED, _CHOICES = 260, 150
_ROW, _ROW_TITLE, _ROW_HEIGHT, _ROW_STEP = 620, 112, 58, 84
# What each kind of remark looks like; its words say it as well.
_COLOURS: dict[str, Colour] = {"right": SKY, "missed": ORANGE, "shown": ORANGE, "asked": ORANGE}


class PracticeScreen:
    """Knows where practice stands on the window, and draws it.

    page: the canvas and its ink. buttons: as they stand now.
    """

    def __init__(self, size: tuple[int, int], scale: float) -> None:
        self.page = Screen(size, scale)
        self.buttons: list[Button] = []
        self._scale = scale
        self._parts = practice_layout(size, scale)

    def fit(self, practice: Practice, size: tuple[int, int]) -> None:
        """Lays out a window of (width, height) pixels."""
        self._parts = practice_layout(size, self._scale)
        layout, task, bar = self._parts
        self.page.lay(practice.board, layout)
        groups = practice.groups()
        if practice.page == "start":
            rows = zip(groups, _rows(layout, len(groups)), strict=True)
            self.buttons = [
                button
                for group, (_, place) in rows
                for button in row_of(group.offers, place, layout)
            ]
            return
        *above, last = groups
        self.buttons = row_of(last.offers, bar, layout)
        for group in above:
            self.buttons += row_of(group.offers, _choices(task, layout), layout)

    def action_at(self, x: float, y: float) -> str | None:
        """What the button at a pixel of the window does; None where there is none."""
        return action_at(self.buttons, x, y)

    def draw(self, surface: Surface, practice: Practice, now: float) -> None:
        """Draws one frame."""
        layout, task, bar = self._parts
        surface.fill(SURFACE)
        if practice.page == "start":
            _draw_start(surface, layout, practice)
        elif practice.round is not None and practice.page == "results":
            _draw_results(surface, layout, bar.top, practice, practice.round)
        elif practice.round is not None:
            self.page.draw_canvas(surface, practice.board, "Write the answer here")
            _draw_task(surface, layout, task, practice, practice.round, now)
        for button in self.buttons:
            draw_button(surface, button, layout)
        if practice.board.toast is not None:
            draw_toast(surface, layout, practice.board.toast.text, practice.board.toast.kind)


def practice_layout(size: tuple[int, int], scale: float) -> tuple[Layout, Rect, Rect]:
    """The window's parts in a round: the canvas, the task above it, the buttons below.

    size: of the window, in pixels. Together they fill it, except for the margin of the buttons. In
    a large window all is larger: who practises may sit far from it.
    """
    width, height = max(1, size[0]), max(1, size[1])
    room = min(width / (USUAL[0] * scale), height / (USUAL[1] * scale))
    scale *= min(max(1.0, room), _LARGEST)
    margin = round(GAP * scale)
    above = min(round((128 if height >= 460 * scale else 94) * scale), height // 3)
    below = min(round(60 * scale), height // 4)
    canvas = Rect(0, above, width, max(1, height - above - below))
    layout = Layout(scale, Rect(0, 0, width, height), canvas, None, None)
    bar = Rect(0, canvas.bottom, width, below).inflate(-2 * margin, -2 * margin)
    return layout, Rect(0, 0, width, above).inflate(-4 * margin, -margin), bar


def _rows(layout: Layout, count: int) -> list[tuple[Rect, Rect]]:
    """For each row of the start page where its title and its buttons stand."""
    window = layout.window
    width = min(window.width - 2 * layout.pixels(MARGIN), layout.pixels(_ROW))
    top = window.height * 0.26
    step = min((window.height - top - layout.pixels(GAP)) / count, layout.pixels(_ROW_STEP))
    height = round(min(step - layout.pixels(GAP), layout.pixels(_ROW_HEIGHT)))
    label = min(layout.pixels(_ROW_TITLE), width // 4)
    rows = []
    for i in range(count):
        whole = Rect(0, round(top + i * step), width, height)
        whole.centerx = window.centerx
        buttons = Rect(whole.x + label, whole.y, whole.width - label, whole.height)
        rows.append((Rect(whole.x, whole.y, label - layout.pixels(GAP), whole.height), buttons))
    return rows


def _choices(task: Rect, layout: Layout) -> Rect:
    """Where the two characters stand that one is asked about: right of the question about them."""
    height = max(1, task.height * 2 // 5)
    width = min(layout.pixels(_CHOICES), task.width // 3)
    left = min(task.centerx + layout.pixels(WIDE), task.right - width)
    return Rect(left, task.bottom - height, width, height)


def _draw_start(surface: Surface, layout: Layout, practice: Practice) -> None:
    middle, height = layout.window.centerx, layout.window.height
    size = TITLE if height >= 460 * layout.scale else HEADING
    title = text("Practice", layout.pixels(size), TEXT)
    surface.blit(title, title.get_rect(center=(middle, height * 0.08)))
    said = "Write each answer by hand: it is read as you write."
    best = practice.best
    told = f"Best so far: {_score(best)}" if best else "No round of this kind yet."
    if practice.profile.name != "me":
        told = f"{practice.profile.name}: {told[0].lower()}{told[1:]}"
    for words, colour, share in ((said, QUIET, 0.145), (told, TEXT, 0.2)):
        _centred(surface, layout, words, layout.pixels(BODY), colour, height * share)
    groups = practice.groups()
    for group, (place, _) in zip(groups, _rows(layout, len(groups)), strict=True):
        size = fitting(group.title, layout.pixels(BODY), layout.pixels(FINE), place.width)
        name = text(group.title, size, QUIET)
        surface.blit(name, name.get_rect(midleft=place.midleft))


def _draw_task(
    surface: Surface,
    layout: Layout,
    place: Rect,
    practice: Practice,
    current: Round,
    now: float,
) -> None:
    """The state of the round, the question, and what is said of its answer."""
    line = layout.pixels(HAIR)
    edge = Rect(0, layout.canvas.top - line, layout.window.width, line)
    surface.fill(LINE, edge)
    small = layout.pixels(FIGURE)
    left = text(f"{current.score} right,  streak {current.streak}", small, QUIET)
    surface.blit(left, left.get_rect(topleft=place.topleft))
    if current.rules.length == "tasks":
        told = f"task {current.number} of {TASKS}"
    else:
        left_over = math.ceil(current.seconds_left(now))
        told = f"{left_over} s" if left_over else "time is up: the last one"
    right = text(told, small, QUIET)
    surface.blit(right, right.get_rect(topright=place.topright))
    kind = f"{KIND_WORDS[current.rules.kind]}, level {current.rules.level}"
    middle = text(kind, small, QUIET)
    surface.blit(middle, middle.get_rect(midtop=place.midtop))
    asks = current.remark is not None and bool(current.remark.choices)
    choices = _choices(place, layout)
    rest = Rect(place.x, place.y + left.get_height(), place.width, 0)
    rest.height = place.bottom - rest.y
    question = Rect(rest.x, rest.y, rest.width, rest.height * 3 // 5)
    if asks:
        question.height = min(question.height, choices.top - question.y)
    _draw_fitted(surface, layout, question, current.task.question, TEXT, layout.pixels(QUESTION))
    if current.remark is None:
        return
    below = Rect(rest.x, question.bottom, rest.width, rest.bottom - question.bottom)
    if asks:
        below.width = choices.left - below.left
        below.left += max(0, below.width - layout.pixels(_ASKED))
        below.width = choices.left - below.left
    colour = _COLOURS.get(current.remark.kind, TEXT)
    _draw_fitted(surface, layout, below, current.remark.words, colour, layout.pixels(HEADING))


def _draw_results(
    surface: Surface, layout: Layout, bottom: int, practice: Practice, ended: Round
) -> None:
    """Score, best, longest streak, and what took longest."""
    best = practice.best
    rows: list[tuple[str, int, Colour]] = [
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
            (f"{_solved(e.task.question, e.task.answer)}   {e.seconds:.1f} s", LEAD, TEXT)
            for e in tasks
        ]
    digits = slowest_digits(ended.done)
    if digits:
        told = ",  ".join(f"{digit}: {seconds:.1f} s" for digit, seconds in digits)
        rows.append((f"Digits that the pen took longest for:  {told}", BODY, QUIET))
    gap = layout.pixels(GAP)
    whole = sum(font(layout.pixels(size)).get_height() + gap for _, size, _ in rows)
    shrink = min(1.0, (bottom - layout.pixels(MARGIN)) / max(1, whole))
    top = (bottom - whole * shrink) / 2
    for words, size, colour in rows:
        used = max(layout.pixels(LEAST), int(layout.pixels(size) * shrink))
        height = font(used).get_height()
        _centred(surface, layout, words, used, colour, top + height / 2)
        top += (font(layout.pixels(size)).get_height() + gap) * shrink


def _score(result: Result) -> str:
    return f"{result.score} right, streak {result.streak}, in {result.seconds:.0f} s"


def _solved(question: str, answer: str) -> str:
    """A task and its answer in one line."""
    if question.endswith("_"):
        return f"{question[:-1]}{answer}"
    return f"{question} {answer}" if question.endswith("=") else f"{question}: {answer}"


def _centred(
    surface: Surface, layout: Layout, words: str, size: int, colour: Colour, middle: float
) -> None:
    """One line in the window's middle, shortened where it has no room."""
    room = layout.window.width - layout.pixels(WIDE)
    size = fitting(words, size, layout.pixels(SMALL), room)
    drawn = text(shortened(words, size, room), size, colour)
    surface.blit(drawn, drawn.get_rect(center=(layout.window.centerx, round(middle))))


def _draw_fitted(
    surface: Surface, layout: Layout, place: Rect, words: str, colour: Colour, largest: int
) -> None:
    """Words as large as a place has room for, in one line or two, in its middle."""
    if place.width <= 0 or place.height <= 0:
        return
    size, lines = _fitted(words, place, largest, layout.pixels(LABEL))
    height = font(size).get_height()
    top = place.centery - height * len(lines) // 2
    for line in lines:
        drawn = text(line, size, colour)
        surface.blit(drawn, drawn.get_rect(midtop=(place.centerx, top)))
        top += height


def _fitted(words: str, place: Rect, largest: int, smallest: int) -> tuple[int, list[str]]:
    for size in type_sizes(largest, smallest):
        lines = wrapped(words, size, place.width, 2)
        high = font(size).get_height() * len(lines) <= place.height
        if high and " ".join(lines) == words:
            return size, lines
    return smallest, wrapped(words, smallest, place.width, 2)
