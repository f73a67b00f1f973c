"""The help: all that can be done, over everything else. Whatever is an action can be pressed there.

Where there is little room it has several pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pygame
from pygame import Rect, Surface

from game.page.commands import NOTES, named
from game.page.offers import Offer
from game.ui.layout import Layout
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
    line_top,
    shortened,
    text,
    wrapped,
)
from game.ui.widgets.buttons import Button, action_at, draw_ground, row_of
from game.ui.widgets.keys import cap

_TITLE = "All keys"
_FOOTER = "A click on a row does it. Esc closes this, or a click beside the rows."
# What turns the pages, and how far.
TURNS = {"page before": -1, "page after": 1}
_MOST_COLUMNS = 2


@dataclass(frozen=True)
class _Row:
    """One line of the card. offer: what a press does; None for what is no action."""

    keys: str
    words: str
    offer: Offer | None = None


@dataclass(frozen=True)
class _Plan:
    """How the card is laid out. size: of its type. keys, words: the widths of the two columns that
    a column of rows has. row: the height of each. all in pixels.
    """

    size: int
    keys: int
    words: int
    row: int
    columns: int
    rows: int  # in a column

    @property
    def on_a_page(self) -> int:
        return self.columns * self.rows


class Help:
    """Knows where everything stands on the card, and draws it.

    page: which one, from 0. buttons: all that can be pressed, as they stood in the last frame.
    """

    def __init__(self) -> None:
        self.page = 0
        self.buttons: list[Button] = []
        self._pages = 1

    def turn(self, step: int) -> bool:
        """Goes to another page. Returns whether there is one."""
        there = 0 <= self.page + step < self._pages
        if there:
            self.page += step
        return there

    def close(self) -> None:
        """The next time it begins with its first page."""
        self.page, self._pages, self.buttons = 0, 1, []

    def action_at(self, x: float, y: float) -> str | None:
        """What a press at a pixel of the window does: an action's name or one of `TURNS`."""
        return action_at(self.buttons, x, y)

    def covers(self, x: float, y: float) -> bool:
        """Whether a pixel of the window is a row's or a button's, also of one that rests now."""
        return any(button.place.collidepoint(x, y) for button in self.buttons)

    def draw(
        self, surface: Surface, layout: Layout, offers: Sequence[Offer], pressed: str | None = None
    ) -> None:
        """Lays the card out in the window's middle and draws it.

        offers: all actions. pressed: the one whose row is held down.
        """
        shade = Surface(layout.window.size, pygame.SRCALPHA)
        shade.fill(SHADE)
        surface.blit(shade, (0, 0))
        rows = [*(_Row(*note) for note in NOTES), *map(_row_of, offers)]
        plan = _plan(rows, layout)
        self._pages = max(1, -(-len(rows) // plan.on_a_page))
        self.page = min(self.page, self._pages - 1)
        card, inside = _card(plan, layout, len(rows))
        pygame.draw.rect(surface, SURFACE, card, border_radius=layout.pixels(RADIUS))
        line = layout.pixels(HAIR)
        pygame.draw.rect(surface, LINE, card, line, border_radius=layout.pixels(RADIUS))
        self._draw_ends(surface, layout, inside)
        first = self.page * plan.on_a_page
        top = inside.top + _heading(layout)
        for number, row in enumerate(rows[first : first + plan.on_a_page]):
            column, down = divmod(number, plan.rows)
            place = Rect(0, top + down * plan.row, plan.keys + plan.words, plan.row)
            place.x = inside.x + column * (place.width + layout.pixels(MARGIN))
            if row.offer is not None:
                self.buttons.append(Button(place, row.offer))
            held = row.offer is not None and row.offer.action == pressed
            _draw_row(surface, layout, place, row, plan, held)

    def _draw_ends(self, surface: Surface, layout: Layout, inside: Rect) -> None:
        """The title above the rows; the footer below them, with buttons where there are pages."""
        self.buttons = []
        page = f", page {self.page + 1} of {self._pages}" if self._pages > 1 else ""
        title = text(_TITLE + page, layout.pixels(HEADING), TEXT)
        surface.blit(title, inside.topleft)
        foot = Rect(inside.x, inside.bottom - _footing(layout), inside.width, _footing(layout))
        if self._pages > 1:
            turns = (
                Offer("page before", "Before", enabled=self.page > 0),
                Offer("page after", "More", cap("h"), enabled=self.page + 1 < self._pages),
            )
            place = Rect(0, foot.y + layout.pixels(NEAR), foot.width * 2 // 5, 0)
            place.height = foot.bottom - place.y
            place.right = foot.right
            foot.width -= place.width + layout.pixels(GAP)
            for button in row_of(turns, place, layout):
                self.buttons.append(button)
                draw_ground(surface, layout, button.place, button.offer, pressed=False)
                colour = TEXT if button.offer.enabled else IDLE
                words = text(button.offer.words, layout.pixels(SMALL), colour)
                surface.blit(words, words.get_rect(center=button.place.center))
        size = fitting(_FOOTER, layout.pixels(BODY), layout.pixels(SMALL), foot.width)
        lines = wrapped(_FOOTER, size, foot.width, 2)
        height = font(size).get_height()
        top = foot.bottom - height * len(lines)
        for number, line in enumerate(lines):
            surface.blit(text(line, size, QUIET), (foot.x, top + number * height))


def _row_of(offer: Offer) -> _Row:
    action = named(offer.action)
    ways = [cap(key) for key in action.keys] + ([action.also] if action.also else [])
    return _Row(", ".join(ways), action.told, offer)


def _heading(layout: Layout) -> int:
    return font(layout.pixels(HEADING)).get_height() + layout.pixels(NEAR)


def _footing(layout: Layout) -> int:
    return layout.pixels(LEAST_TARGET + NEAR)


def _room(layout: Layout) -> Rect:
    """What the card may have inside its margins."""
    edge = 2 * (layout.pixels(TIGHT) + layout.pixels(MARGIN))
    return layout.window.inflate(-edge, -edge)


def _plan(rows: Sequence[_Row], layout: Layout) -> _Plan:
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


def _planned(rows: Sequence[_Row], layout: Layout, size: int, columns: int) -> _Plan:
    """All rows in so many columns, each row as low as it can be pressed."""
    measure = font(size).size
    keys = max(measure(row.keys)[0] for row in rows) + layout.pixels(MARGIN)
    words = max(measure(row.words)[0] for row in rows) + 2 * layout.pixels(MARGIN)
    words += measure("on")[0]
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
    surface: Surface, layout: Layout, place: Rect, row: _Row, plan: _Plan, pressed: bool
) -> None:
    if row.offer is not None:
        seen = place.inflate(0, -layout.pixels(HAIR) * 2)
        draw_ground(surface, layout, seen, row.offer, pressed)
    idle = row.offer is not None and not row.offer.enabled
    gap = layout.pixels(NEAR)
    on = row.offer is not None and row.offer.on
    colour = IDLE if idle else TEXT if on or pressed else SKY
    keys = text(shortened(row.keys, plan.size, plan.keys - gap), plan.size, colour)
    top = line_top(plan.size, place.centery)
    surface.blit(keys, keys.get_rect(topright=(place.x + plan.keys, top)))
    left = place.x + plan.keys + layout.pixels(MARGIN)
    right = place.right - gap
    if on:
        mark = text("on", plan.size, TEXT)
        at = mark.get_rect(topright=(right, top))
        surface.blit(mark, at)
        right = at.left - gap
    said = shortened(row.words, plan.size, right - left)
    words = text(said, plan.size, IDLE if idle else TEXT)
    surface.blit(words, (left, top))
