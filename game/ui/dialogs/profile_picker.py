"""Choosing a profile: a card with a row for each, and a field for the name that is typed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pygame
from pygame import Rect, Surface

from game.page.board import Board
from game.page.commands import Command
from game.page.profile_picker import ProfilePicker, ProfileRow
from game.ui.dialogs.layer import Layer
from game.ui.layout import Layout
from game.ui.theme import (
    ALARM,
    BODY,
    EDGE,
    GAP,
    HAIR,
    IDLE,
    LABEL,
    LEAD,
    LEAST_TARGET,
    LINE,
    MARGIN,
    NEAR,
    PAPER,
    QUIET,
    RADIUS,
    SMALL,
    SURFACE,
    TARGET,
    TEXT,
    font,
    shortened,
    text,
    wrapped,
)
from game.ui.widgets.buttons import Button, draw_ground
from game.ui.widgets.keys import cap

_TITLE, _HINT = "Who is writing?", "Type a name"
_PRESENT, _NEW = "now", "new"
# Names of commands; that of a row is `ROW` and the profile's name.
ROW, LEAVE, BEFORE, AFTER = "name ", "leave names", "names before", "names after"
_WIDEST = 420  # pixels at scale 1
_PARTS = 2  # rows above the names: the title, and what is typed


class ProfilePickerCard(Layer):
    """The card, while it is open; it has the rows of one page at a time.

    picker: what is on it.
    """

    def __init__(
        self, stack: list[Layer], board: Board, switch_profile: Callable[[str], None]
    ) -> None:
        """board: has the profile in use. switch_profile: goes over to the one of a name."""
        super().__init__(stack)
        self.picker = ProfilePicker()
        self._board = board
        self._switch_profile = switch_profile
        self._row = self._step = 0  # pixels: the height of a row, and from one to the next
        self._count = 1  # rows of a page
        self._rows: list[tuple[ProfileRow, Button]] = []  # those of the present page
        self._ends: list[Button] = []  # what leaves, and what turns the pages

    def open(self) -> None:
        """Opens it in the place of any other card."""
        for other in tuple(self._stack):
            other.close()
        self.picker.open(self._board.corrections.profile)
        super().open()

    def key(self, keys: tuple[str, ...], typed: str) -> bool:
        """All keys are for it, but for those that do the same where text is typed."""
        if any(key.startswith("command+") or key in ("f1", "f11") for key in keys):
            return False
        if typed == "enter":
            self._choose(self.picker.rows[self.picker.at])
        elif typed == "escape":
            self.close()
        else:
            self.picker.key(typed)
        return True

    def type_text(self, text: str) -> bool:
        for letter in filter(str.isprintable, text):
            self.picker.key(letter)
        return True

    def wheel(self, notches: int) -> bool:
        self.picker.move(-notches)
        return True

    def fit(self, layout: Layout) -> None:
        """Lays the card out at the canvas's upper edge, away from messages.

        As high as its names need, if it can be.
        """
        picker = self.picker
        pad, canvas = layout.pixels(MARGIN), layout.canvas
        room = canvas.height - 3 * pad
        self._row = min(layout.pixels(TARGET), max(layout.pixels(LEAST_TARGET), room // 6))
        self._step = self._row + layout.pixels(NEAR)
        most = max(1, (room + layout.pixels(NEAR)) // self._step - _PARTS)
        paged = picker.most > most
        self._count = max(1, most - 1) if paged else picker.most
        rows = _PARTS + self._count + paged
        width = min(canvas.width - 2 * pad, layout.pixels(_WIDEST))
        self._card = Rect(0, 0, max(1, width), rows * self._step - layout.pixels(NEAR) + pad)
        self._card.midtop = (canvas.centerx, canvas.top + pad)
        if len(picker.rows) <= self._count:
            self._card.height -= (self._count - len(picker.rows) + paged) * self._step
        leave = Command(LEAVE, cap("escape"), self.close)
        end = self._place(0, layout)
        wide = min(end.width, font(layout.pixels(LABEL)).width(leave.label) + 2 * pad)
        self._ends = [Button(Rect(end.right - wide, end.y, wide, end.height), leave)]
        self._rows = []
        first, stop = self._first, min(self._first + self._count, len(picker.rows))
        stays = partial(Command, keeps_cards=True)
        for number, index in enumerate(range(first, stop), start=_PARTS):
            row = picker.rows[index]
            choose = partial(self._choose, row)
            command = stays(ROW + row.name, row.name, choose, checked=index == picker.at)
            self._rows.append((row, Button(self._place(number, layout), command)))
        if len(picker.rows) > self._count:
            foot = self._place(rows - 1, layout)
            third = Rect(foot.x, foot.y, foot.width // 3, foot.height)
            before, after = (partial(self._turn, step) for step in (-self._count, self._count))
            self._ends += [
                Button(third, stays(BEFORE, "Before", before, enabled=first > 0)),
                Button(
                    third.move(foot.width - third.width, 0),
                    stays(AFTER, "More", after, enabled=stop < len(picker.rows)),
                ),
            ]
        self.buttons = [*self._ends, *(button for _, button in self._rows)]

    def draw(self, surface: Surface, layout: Layout, pressed: str | None) -> None:
        picker = self.picker
        radius, line = layout.pixels(RADIUS), layout.pixels(HAIR)
        pygame.draw.rect(surface, SURFACE, self._card, border_radius=radius)
        pygame.draw.rect(surface, LINE, self._card, line, border_radius=radius)
        title = self._place(0, layout)
        title.width = self._ends[0].place.left - layout.pixels(GAP) - title.x
        _draw_title(surface, layout, title, picker.error)
        _draw_typed(surface, layout, self._place(1, layout), picker.typed)
        for button in self.buttons:
            held = button.command.name == pressed
            draw_ground(surface, layout, button.place, button.command, held)
        for row, button in self._rows:
            mark = _NEW if row.is_new else _PRESENT if row.name == picker.present else ""
            _draw_row(surface, layout, button, row, mark)
        for button in self._ends:
            colour = TEXT if button.command.enabled else IDLE
            words = text(button.command.label, layout.pixels(LABEL), colour)
            surface.blit(words, words.get_rect(center=button.place.center))
        if len(self._ends) > 1:
            first, last = self._first + 1, self._first + len(self._rows)
            words = text(f"{first} to {last} of {len(picker.rows)}", layout.pixels(SMALL), QUIET)
            foot = self._ends[-1].place
            surface.blit(words, words.get_rect(center=(self._card.centerx, foot.centery)))

    def _choose(self, row: ProfileRow) -> None:
        if not row.is_valid:
            self.picker.fail("Letters and digits make a name; within it spaces, . - _ too.")
            return
        self.close()
        self._switch_profile(row.name)

    def _turn(self, step: int) -> None:
        """To the first row of another page."""
        self.picker.move(self._first + step - self.picker.at)

    @property
    def _first(self) -> int:
        """The first row of the page that has the one to be taken."""
        return self.picker.at // self._count * self._count

    def _place(self, row: int, layout: Layout) -> Rect:
        """Where a row of the card is: 0 for its title."""
        inner = self._card.inflate(-2 * layout.pixels(MARGIN), 0)
        top = self._card.y + layout.pixels(MARGIN) // 2 + row * self._step
        return Rect(inner.x, top, max(1, inner.width), self._row)


def _draw_title(surface: Surface, layout: Layout, place: Rect, error: str) -> None:
    """The question, or what is wrong with the name instead, in up to two lines."""
    if not error:
        size = layout.pixels(LEAD)
        words = text(shortened(_TITLE, size, place.width, bold=True), size, TEXT, bold=True)
        surface.blit(words, words.get_rect(midleft=place.midleft))
        return
    size = layout.pixels(SMALL)
    lines = wrapped(f"! {error}", size, max(1, place.width), 2)
    height = font(size).height
    top = place.centery - height * len(lines) // 2
    for number, line in enumerate(lines):
        surface.blit(text(line, size, ALARM), (place.x, top + number * height))


def _draw_typed(surface: Surface, layout: Layout, place: Rect, typed: str) -> None:
    """The field: what is typed, and where the next letter will stand."""
    radius, size = layout.pixels(RADIUS), layout.pixels(BODY)
    pygame.draw.rect(surface, PAPER, place, border_radius=radius)
    pygame.draw.rect(surface, LINE, place, layout.pixels(HAIR), border_radius=radius)
    left = place.x + layout.pixels(GAP)
    room = place.width - 3 * layout.pixels(GAP)
    shown = shortened(typed, size, room) if typed else ""
    if shown:
        words = text(shown, size, TEXT)
        surface.blit(words, words.get_rect(midleft=(left, place.centery)))
    caret = Rect(left + font(size).width(shown), 0, layout.pixels(EDGE), font(size).height)
    caret.centery = place.centery
    surface.fill(TEXT, caret.clip(place))
    if not shown:
        hint = text(shortened(_HINT, size, room), size, QUIET)
        at = (caret.right + layout.pixels(NEAR), place.centery)
        surface.blit(hint, hint.get_rect(midleft=at))


def _draw_row(surface: Surface, layout: Layout, button: Button, row: ProfileRow, mark: str) -> None:
    """A name, and at the right end its mark, if it has one."""
    place, size, gap = button.place, layout.pixels(BODY), layout.pixels(GAP)
    right = place.right - gap
    if mark:
        small = layout.pixels(LABEL)
        words = text(mark, small, TEXT if button.command.checked else QUIET)
        at = words.get_rect(midright=(right, place.centery))
        surface.blit(words, at)
        right = at.left - gap
    name = text(shortened(row.name, size, right - place.x - gap), size, TEXT)
    surface.blit(name, name.get_rect(midleft=(place.x + gap, place.centery)))
