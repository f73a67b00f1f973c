"""Who is writing: a card with a row for each profile, and a field for the name that is typed."""

from __future__ import annotations

import pygame
from pygame import Rect, Surface

from game.page.offers import Offer
from game.page.profile_picker import LEAVE, ProfilePicker, Row
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
    line_top,
    shortened,
    text,
    wrapped,
)
from game.ui.widgets.buttons import Button, action_at, draw_ground
from game.ui.widgets.keys import cap

_TITLE, _HINT = "Who is writing?", "Type a name"
_PRESENT, _NEW = "now", "new"
_BEFORE, _AFTER = "names before", "names after"
_WIDEST = 420  # pixels at scale 1
_PARTS = 2  # rows above the names: the title, and what is typed


class ProfilePickerCard:
    """The card, while it is shown.

    buttons: as they stood in the last frame; the rows of one page at a time.
    """

    def __init__(self) -> None:
        self.buttons: list[Button] = []
        self._card = Rect(0, 0, 0, 0)
        self._row = self._step = 0  # pixels: the height of a row, and from one to the next
        self._count = 1  # rows of a page

    def fit(self, profile_picker: ProfilePicker, layout: Layout) -> None:
        """Lays the card out at the canvas's upper edge, away from messages.

        As high as its names need, if it can be.
        """
        self.buttons = []
        if not profile_picker.shown:
            return
        pad, canvas = layout.pixels(MARGIN), layout.canvas
        room = canvas.height - 3 * pad
        self._row = min(layout.pixels(TARGET), max(layout.pixels(LEAST_TARGET), room // 6))
        self._step = self._row + layout.pixels(NEAR)
        most = max(1, (room + layout.pixels(NEAR)) // self._step - _PARTS)
        paged = profile_picker.most > most
        self._count = max(1, most - 1) if paged else profile_picker.most
        rows = _PARTS + self._count + paged
        width = min(canvas.width - 2 * pad, layout.pixels(_WIDEST))
        self._card = Rect(0, 0, max(1, width), rows * self._step - layout.pixels(NEAR) + pad)
        self._card.midtop = (canvas.centerx, canvas.top + pad)
        if len(profile_picker.rows) <= self._count:
            self._card.height -= (self._count - len(profile_picker.rows) + paged) * self._step
        leave = Offer(LEAVE, cap("escape"))
        end = self._place(0, layout)
        wide = min(end.width, font(layout.pixels(LABEL)).size(leave.words)[0] + 2 * pad)
        self.buttons.append(Button(Rect(end.right - wide, end.y, wide, end.height), leave))
        first = self._first(profile_picker)
        for number, row in enumerate(profile_picker.rows[first : first + self._count]):
            offer = Offer(row.action, row.name, on=first + number == profile_picker.at)
            self.buttons.append(Button(self._place(_PARTS + number, layout), offer))
        if len(profile_picker.rows) > self._count:
            foot = self._place(rows - 1, layout)
            third = Rect(foot.x, foot.y, foot.width // 3, foot.height)
            before = Offer(_BEFORE, "Before", enabled=first > 0)
            after = Offer(_AFTER, "More", enabled=first + self._count < len(profile_picker.rows))
            self.buttons.append(Button(third, before))
            self.buttons.append(Button(third.move(foot.width - third.width, 0), after))

    @property
    def actions(self) -> list[str]:
        """What its buttons do."""
        return [button.offer.action for button in self.buttons]

    def covers(self, x: float, y: float) -> bool:
        """Whether a pixel of the window is the card's."""
        return bool(self.buttons) and bool(self._card.collidepoint(x, y))

    def action_at(self, x: float, y: float) -> str | None:
        """What the button at a pixel of the window does; None where there is none to press."""
        return action_at(self.buttons, x, y)

    def press(self, profile_picker: ProfilePicker, action: str) -> bool:
        """Does what a button does. Returns whether somebody is chosen."""
        turn = {_BEFORE: -self._count, _AFTER: self._count}.get(action)
        if turn is None:
            return profile_picker.press(action)
        profile_picker.move(self._first(profile_picker) + turn - profile_picker.at)
        return False

    def draw(
        self, surface: Surface, profile_picker: ProfilePicker, layout: Layout, pressed: str | None
    ) -> None:
        """Draws the card, if there is one. pressed: the action whose button is held down."""
        if not self.buttons:
            return
        radius, line = layout.pixels(RADIUS), layout.pixels(HAIR)
        pygame.draw.rect(surface, SURFACE, self._card, border_radius=radius)
        pygame.draw.rect(surface, LINE, self._card, line, border_radius=radius)
        leave, *others = self.buttons
        title = self._place(0, layout)
        title.width = leave.place.left - layout.pixels(GAP) - title.x
        _draw_title(surface, layout, title, profile_picker.told)
        _draw_typed(surface, layout, self._place(1, layout), profile_picker.typed)
        rows = {row.action: row for row in profile_picker.rows}
        for each in self.buttons:
            held = each.offer.action == pressed
            draw_ground(surface, layout, each.place, each.offer, held)
            row = rows.get(each.offer.action)
            if row is None:
                words = text(
                    each.offer.words,
                    layout.pixels(LABEL),
                    TEXT if each.offer.enabled else IDLE,
                )
                surface.blit(words, words.get_rect(center=each.place.center))
            else:
                mark = _NEW if row.new else _PRESENT if row.name == profile_picker.present else ""
                _draw_row(surface, layout, each, row, mark)
        if len(profile_picker.rows) > self._count:
            first = self._first(profile_picker)
            last = min(first + self._count, len(profile_picker.rows))
            told = f"{first + 1} to {last} of {len(profile_picker.rows)}"
            size = layout.pixels(SMALL)
            foot = others[-1].place
            words = text(told, size, QUIET)
            surface.blit(words, words.get_rect(center=(self._card.centerx, foot.centery)))

    def _first(self, profile_picker: ProfilePicker) -> int:
        """The first row of the page that has the one to be taken."""
        return profile_picker.at // self._count * self._count

    def _place(self, row: int, layout: Layout) -> Rect:
        """Where a row of the card is: 0 for its title."""
        inner = self._card.inflate(-2 * layout.pixels(MARGIN), 0)
        top = self._card.y + layout.pixels(MARGIN) // 2 + row * self._step
        return Rect(inner.x, top, max(1, inner.width), self._row)


def _draw_title(surface: Surface, layout: Layout, place: Rect, told: str) -> None:
    """What is asked, or what is wrong with the name instead, in up to two lines."""
    if not told:
        size = layout.pixels(LEAD)
        words = text(shortened(_TITLE, size, place.width), size, TEXT)
        surface.blit(words, words.get_rect(midleft=place.midleft))
        return
    size = layout.pixels(SMALL)
    lines = wrapped(f"! {told}", size, max(1, place.width), 2)
    height = font(size).get_height()
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
    said = shortened(typed, size, room) if typed else ""
    if said:
        surface.blit(text(said, size, TEXT), (left, line_top(size, place.centery)))
    caret = Rect(left + font(size).size(said)[0], 0, layout.pixels(EDGE), font(size).get_height())
    caret.centery = place.centery
    surface.fill(TEXT, caret.clip(place))
    if not said:
        hint = text(shortened(_HINT, size, room), size, QUIET)
        surface.blit(hint, (caret.right + layout.pixels(NEAR), line_top(size, place.centery)))


def _draw_row(surface: Surface, layout: Layout, button: Button, row: Row, mark: str) -> None:
    """A name, and at the right end what there is to say of it."""
    place, size, gap = button.place, layout.pixels(BODY), layout.pixels(GAP)
    right = place.right - gap
    if mark:
        small = layout.pixels(LABEL)
        words = text(mark, small, TEXT if button.offer.on else QUIET)
        at = words.get_rect(topright=(right, line_top(small, place.centery)))
        surface.blit(words, at)
        right = at.left - gap
    name = text(shortened(row.name, size, right - place.x - gap), size, TEXT)
    surface.blit(name, (place.x + gap, line_top(size, place.centery)))
