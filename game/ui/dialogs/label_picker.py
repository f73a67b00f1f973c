"""What a character really is: a card with a button for each that it can be."""

from __future__ import annotations

import string
from collections.abc import Sequence

import pygame
from pygame import Rect, Surface

from game.page.board import Board
from game.page.offers import Offer
from game.ui.layout import Layout
from game.ui.theme import (
    BODY,
    HAIR,
    LABEL,
    LEAST,
    LEAST_TARGET,
    LINE,
    MARGIN,
    NEAR,
    QUIET,
    RADIUS,
    SURFACE,
    TARGET,
    TEXT,
    fitting,
    shortened,
    text,
)
from game.ui.widgets.buttons import Button, action_at, draw_ground
from models.recognition.labels import DIGITS

_CASE, _LEAVE = "case", "leave"
_ROW = TARGET + NEAR  # pixels at scale 1
_WIDEST = 640  # pixels at scale 1


class LabelPicker:
    """The card, while it is asked for.

    small: whether it offers small letters. buttons: as they stood in the last frame.
    """

    def __init__(self) -> None:
        self.small = False
        self._card = Rect(0, 0, 0, 0)
        self._title = Rect(0, 0, 0, 0)
        self.buttons: list[Button] = []

    def fit(self, board: Board, layout: Layout, avoided: Rect | None) -> None:
        """Lays the card out, where it covers least of what is asked about.

        avoided: the frame of that character, in pixels.
        """
        self.buttons = []
        if not board.asking:
            return
        pad, gap, row = (layout.pixels(length) for length in (MARGIN, NEAR, _ROW))
        rows = _rows(board.labels, self.small)
        canvas = layout.canvas
        width = min(canvas.width - 2 * pad, layout.pixels(_WIDEST))
        least = layout.pixels(LEAST_TARGET)
        row = min(row, max(least, canvas.height // 3 // (len(rows) + 1)))
        height = len(rows) * (row + gap) + row + pad
        self._card = Rect(0, 0, width, height)
        self._card.midbottom = (canvas.centerx, canvas.bottom - pad)
        if avoided is not None and self._card.colliderect(avoided):
            above = self._card.copy()
            above.top = canvas.top + pad
            if _shared(above, avoided) < _shared(self._card, avoided):
                self._card = above
        inner = self._card.inflate(-2 * pad, 0)
        self._title = Rect(inner.x, self._card.y, inner.width, row)
        for number, offers in enumerate(rows):
            top = self._title.bottom + number * (row + gap)
            each = (inner.width + gap) / len(offers)
            for place, offer in enumerate(offers):
                left, right = inner.x + place * each, inner.x + (place + 1) * each - gap
                where = Rect(round(left), top, round(right) - round(left), row)
                self.buttons.append(Button(where, offer))

    def covers(self, x: float, y: float) -> bool:
        """Whether a pixel of the window is the card's."""
        return bool(self.buttons) and bool(self._card.collidepoint(x, y))

    def action_at(self, x: float, y: float) -> str | None:
        """What a press at a pixel of the window says or does; None where there is no button."""
        return action_at(self.buttons, x, y)

    def press(self, board: Board, action: str) -> bool:
        """Does what a button of the card does. Returns whether it has that button."""
        if all(action != each.offer.action for each in self.buttons):
            return False
        if action == _CASE:
            self.small = not self.small
            board.revision += 1
        elif action == _LEAVE:
            board.ask()
        else:
            board.name(action)
        return True

    def draw(
        self, surface: Surface, board: Board, layout: Layout, pressed: str | None = None
    ) -> None:
        """Draws the card, if there is one. pressed: the action whose button is held down."""
        if not self.buttons or board.shown is None:
            return
        radius = layout.pixels(RADIUS)
        pygame.draw.rect(surface, SURFACE, self._card, border_radius=radius)
        pygame.draw.rect(surface, LINE, self._card, layout.pixels(HAIR), border_radius=radius)
        size = layout.pixels(BODY)
        keys = text("press its key, or Esc", layout.pixels(LABEL), QUIET)
        room = self._title.width
        if room > layout.pixels(400):
            surface.blit(keys, keys.get_rect(midright=self._title.midright))
            room -= keys.get_width()
        asked = f'Read as "{board.reading.answers[board.shown].caption()}". What is it really?'
        words = text(shortened(asked, size, room), size, TEXT)
        surface.blit(words, words.get_rect(midleft=self._title.midleft))
        for each in self.buttons:
            held = each.offer.action == pressed
            draw_ground(surface, layout, each.place, each.offer, held)
            room = each.place.width - 2 * layout.pixels(HAIR)
            size = fitting(each.offer.words, layout.pixels(BODY), layout.pixels(LEAST), room)
            label = text(each.offer.words, size, TEXT)
            surface.blit(label, label.get_rect(center=each.place.center))


def _rows(labels: Sequence[str], small: bool) -> list[list[Offer]]:
    """All that can be said, in rows: digits, then letters; the last ones change the case, leave."""
    rows = [[Offer(digit, digit) for digit in DIGITS]]
    leave = Offer(_LEAVE, "Esc")
    if len(labels) <= len(DIGITS):
        rows[0].append(leave)
        return rows
    letters = string.ascii_lowercase if small else string.ascii_uppercase
    offers = [Offer(letter, letter) for letter in letters]
    rows[0] += [Offer(_CASE, "A" if small else "a", on=True), leave]
    return [*rows, offers[:13], offers[13:]]


def _shared(one: Rect, other: Rect) -> int:
    common = one.clip(other)
    return common.width * common.height
