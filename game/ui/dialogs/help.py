"""The help: all that can be done, over everything else. Whatever is a command can be pressed there.

Where there is little room it has several pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import pygame
from pygame import Rect, Surface

from game.page.commands import HELP_KEYS, NOTES, Command
from game.ui.dialogs.layer import Layer
from game.ui.layout import Layout, Point
from game.ui.theme import (
    BODY,
    GAP,
    HAIR,
    HEADING,
    IDLE,
    LEAD,
    LEAST_TARGET,
    LINE,
    MARGIN,
    NEAR,
    QUIET,
    RADIUS,
    SHADE,
    SKY,
    SMALL,
    SURFACE,
    TARGET,
    TEXT,
    TIGHT,
    fitting,
    font,
    shortened,
    text,
    wrapped,
)
from game.ui.widgets.buttons import Button, draw_ground, row_of
from game.ui.widgets.keys import cap

_TITLE = "All keys"
_FOOTER = "A click on a row does it. Esc closes this, or a click beside the rows."
PAGE_BEFORE, PAGE_AFTER = "page before", "page after"  # names of the commands that turn pages
_MOST_COLUMNS = 2


@dataclass(frozen=True)
class _HelpRow:
    """One line of the card. command: what a press does; None for a note."""

    keys: str
    words: str
    command: Command | None = None


@dataclass(frozen=True)
class _Plan:
    """How the card is laid out, in pixels.

    size: of its type.
    keys, words: the widths of the two parts of each row.
    row: the height of each.
    columns: of rows, side by side.
    rows: in a column.
    """

    size: int
    keys: int
    words: int
    row: int
    columns: int
    rows: int

    @property
    def on_a_page(self) -> int:
        return self.columns * self.rows


class Help(Layer):
    """Knows where everything stands on the card, and draws it.

    page: which one, from 0.
    """

    over_toasts = True

    def __init__(self, stack: list[Layer]) -> None:
        super().__init__(stack)
        self.page = 0
        self._pages = 1
        self._plan = _Plan(0, 0, 0, 0, 1, 1)
        self._inside = Rect(0, 0, 0, 0)
        self._rows: list[tuple[_HelpRow, Rect]] = []  # of the present page, where they stand
        self._fitted_for: tuple[object, ...] = ()

    def turn(self, step: int) -> bool:
        """Goes to another page. Returns whether there is one."""
        there = 0 <= self.page + step < self._pages
        if there:
            self.page += step
            self.revision += 1
        return there

    def close(self) -> None:
        """The next time it begins with its first page."""
        super().close()
        self.page, self._pages, self._fitted_for = 0, 1, ()

    def key(self, keys: tuple[str, ...], typed: str) -> bool:
        """Its own keys turn the page, and close the last one; what any other key does is seen."""
        if not keys:
            return False
        is_own = not set(keys).isdisjoint(HELP_KEYS)
        if not (is_own and self.turn(1)):
            self.close()
        return is_own or keys == ("escape",)

    def press(self, point: Point) -> None:
        """Closes it, but not on a row or button that does nothing now."""
        if not any(button.place.collidepoint(point) for button in self.buttons):
            self.close()

    def covers(self, point: Point) -> bool:
        """The help covers all of the window."""
        return True

    def fit(self, layout: Layout, commands: Sequence[Command]) -> None:
        """Lays the card out in the window's middle. commands: all, in their order."""
        made_for = (layout, tuple(commands), self.page)
        if made_for == self._fitted_for:
            return
        rows = [*(_HelpRow(*note) for note in NOTES), *map(self._row, commands)]
        self._plan = plan = _plan(rows, layout)
        self._pages = max(1, -(-len(rows) // plan.on_a_page))
        self.page = min(self.page, self._pages - 1)
        self._fitted_for = (layout, tuple(commands), self.page)
        self._card, self._inside = _card(plan, layout, len(rows))
        first, top = self.page * plan.on_a_page, self._inside.top + _heading(layout)
        self._rows, self.buttons = [], self._turns(layout)
        for number, row in enumerate(rows[first : first + plan.on_a_page]):
            column, down = divmod(number, plan.rows)
            place = Rect(0, top + down * plan.row, plan.keys + plan.words, plan.row)
            place.x = self._inside.x + column * (place.width + layout.pixels(MARGIN))
            self._rows.append((row, place))
            if row.command is not None:
                self.buttons.append(Button(place, row.command))

    def draw(self, surface: Surface, layout: Layout, pressed: str | None) -> None:
        """Draws the card over a shade."""
        shade = Surface(layout.window.size, pygame.SRCALPHA)
        shade.fill(SHADE)
        surface.blit(shade, (0, 0))
        radius, line = layout.pixels(RADIUS), layout.pixels(HAIR)
        pygame.draw.rect(surface, SURFACE, self._card, border_radius=radius)
        pygame.draw.rect(surface, LINE, self._card, line, border_radius=radius)
        self._draw_ends(surface, layout)
        for row, place in self._rows:
            held = row.command is not None and row.command.name == pressed
            _draw_row(surface, layout, place, row, self._plan, held)

    def _row(self, command: Command) -> _HelpRow:
        ways = [cap(key) for key in command.keys] + ([command.also] if command.also else [])
        pressed = replace(command, handler=partial(self._run, command))
        return _HelpRow(", ".join(ways), command.help, pressed)

    def _run(self, command: Command) -> None:
        """Does what a row says, and closes the card, which the command may have done already."""
        command.handler()
        self.close()

    def _turns(self, layout: Layout) -> list[Button]:
        """The buttons that turn the pages, at the right end of the foot; none for one page."""
        if self._pages == 1:
            return []
        turns = (
            Command(PAGE_BEFORE, "Before", partial(self.turn, -1), enabled=self.page > 0),
            Command(PAGE_AFTER, "More", partial(self.turn, 1), enabled=self.page + 1 < self._pages),
        )
        foot = _foot(self._inside, layout)
        place = Rect(0, foot.y + layout.pixels(NEAR), foot.width * 2 // 5, 0)
        place.height = foot.bottom - place.y
        place.right = foot.right
        return row_of(turns, place, layout)

    def _draw_ends(self, surface: Surface, layout: Layout) -> None:
        """The title above the rows; the footer below them, with buttons where there are pages."""
        page = f", page {self.page + 1} of {self._pages}" if self._pages > 1 else ""
        title = text(_TITLE + page, layout.pixels(HEADING), TEXT, bold=True)
        surface.blit(title, self._inside.topleft)
        foot = _foot(self._inside, layout)
        if self._pages > 1:
            turns = self.buttons[:2]
            foot.width = turns[0].place.left - layout.pixels(GAP) - foot.x
            for button in turns:
                draw_ground(surface, layout, button.place, button.command, pressed=False)
                colour = TEXT if button.command.enabled else IDLE
                words = text(button.command.label, layout.pixels(SMALL), colour)
                surface.blit(words, words.get_rect(center=button.place.center))
        size = fitting(_FOOTER, layout.pixels(BODY), layout.pixels(SMALL), foot.width)
        lines = wrapped(_FOOTER, size, foot.width, 2)
        height = font(size).height
        top = foot.bottom - height * len(lines)
        for number, line in enumerate(lines):
            surface.blit(text(line, size, QUIET), (foot.x, top + number * height))


def _heading(layout: Layout) -> int:
    return font(layout.pixels(HEADING)).height + layout.pixels(NEAR)


def _footing(layout: Layout) -> int:
    return layout.pixels(LEAST_TARGET + NEAR)


def _foot(inside: Rect, layout: Layout) -> Rect:
    height = _footing(layout)
    return Rect(inside.x, inside.bottom - height, inside.width, height)


def _room(layout: Layout) -> Rect:
    """What the card may have inside its margins."""
    edge = 2 * (layout.pixels(TIGHT) + layout.pixels(MARGIN))
    return layout.window.inflate(-edge, -edge)


def _plan(rows: Sequence[_HelpRow], layout: Layout) -> _Plan:
    """The largest type in which all rows stand on one page; else as many rows as can be."""
    room = _room(layout)
    high = room.height - _heading(layout) - _footing(layout)
    smallest, largest = layout.pixels(SMALL), layout.pixels(LEAD)
    for size in range(largest, smallest - 1, -1):
        for columns in range(1, _MOST_COLUMNS + 1):
            plan = _planned(rows, layout, size, columns)
            wide = columns * (plan.keys + plan.words) + (columns - 1) * layout.pixels(MARGIN)
            if wide <= room.width and plan.rows * plan.row <= high:
                higher = min(high // plan.rows, max(layout.pixels(TARGET), plan.row))
                return _Plan(size, plan.keys, plan.words, higher, columns, plan.rows)
    for size in range(layout.pixels(BODY), smallest - 1, -1):
        plan = _planned(rows, layout, size, 1)
        if plan.keys + plan.words <= room.width:
            break
    keys = min(plan.keys, room.width // 2)
    count = max(1, high // plan.row)
    return _Plan(plan.size, keys, room.width - keys, plan.row, 1, count)


def _planned(rows: Sequence[_HelpRow], layout: Layout, size: int, columns: int) -> _Plan:
    """All rows in so many columns, each row as low as it can be pressed."""
    measure = font(size).width
    keys = max(measure(row.keys) for row in rows) + layout.pixels(MARGIN)
    words = max(measure(row.words) for row in rows) + 2 * layout.pixels(MARGIN)
    words += measure("on")
    row = max(layout.pixels(LEAST_TARGET), round(size * 1.6))
    return _Plan(size, keys, words, row, columns, -(-len(rows) // columns))


def _card(plan: _Plan, layout: Layout, count: int) -> tuple[Rect, Rect]:
    """The card, and what is within its margins."""
    width = plan.columns * (plan.keys + plan.words) + (plan.columns - 1) * layout.pixels(MARGIN)
    rows = min(plan.rows, count)
    inside = Rect(0, 0, width, _heading(layout) + rows * plan.row + _footing(layout))
    inside.center = layout.window.center
    margin = 2 * layout.pixels(MARGIN)
    return inside.inflate(margin, margin), inside


def _draw_row(
    surface: Surface, layout: Layout, place: Rect, row: _HelpRow, plan: _Plan, pressed: bool
) -> None:
    if row.command is not None:
        seen = place.inflate(0, -layout.pixels(HAIR) * 2)
        draw_ground(surface, layout, seen, row.command, pressed)
    idle = row.command is not None and not row.command.enabled
    gap = layout.pixels(NEAR)
    on = row.command is not None and row.command.checked
    colour = IDLE if idle else TEXT if on or pressed else SKY
    keys = text(shortened(row.keys, plan.size, plan.keys - gap), plan.size, colour)
    surface.blit(keys, keys.get_rect(midright=(place.x + plan.keys, place.centery)))
    left = place.x + plan.keys + layout.pixels(MARGIN)
    right = place.right - gap
    if on:
        mark = text("on", plan.size, TEXT)
        at = mark.get_rect(midright=(right, place.centery))
        surface.blit(mark, at)
        right = at.left - gap
    shown = shortened(row.words, plan.size, right - left)
    words = text(shown, plan.size, IDLE if idle else TEXT)
    surface.blit(words, words.get_rect(midleft=(left, place.centery)))
