"""The QR code that makes a phone the pen: a card with the code, who is connected, and the end."""

from __future__ import annotations

import pygame
from pygame import Rect, Surface

from game.page.commands import PHONE_KEY, App, Command, Link
from game.ui.dialogs.layer import Layer
from game.ui.layout import Layout
from game.ui.theme import (
    BODY,
    GAP,
    HAIR,
    INK,
    LABEL,
    LEAD,
    LINE,
    MARGIN,
    PAPER,
    QUIET,
    RADIUS,
    SKY,
    SURFACE,
    TARGET,
    TEXT,
    TIGHT,
    font,
    shortened,
    text,
    wrapped,
)
from game.ui.widgets.buttons import Button, draw_button

_TITLE = "A phone as the pen"
_HOW = "Scan this with a phone in the same network: what is written there appears here."
_OPEN = "Open to your network until you end it."
_QUIET_ZONE = 4  # modules around the code (ISO/IEC 18004)
_WIDEST, _ROOMY = 420, 420  # pixels at scale 1; of a card's height, that has room for all words


class PhoneCard(Layer):
    """Knows where everything stands on the card, and draws it."""

    def __init__(self, stack: list[Layer], app: App) -> None:
        """app: knows what lets a phone write."""
        super().__init__(stack)
        self._app = app
        self._is_low = False  # the code needs the room of most words
        self._code: tuple[tuple[int, ...], ...] = ()
        self._code_of = ""

    def open(self) -> None:
        """Opens it in the place of any other card, once a phone may write."""
        if not self._app.start_phone():
            return
        for other in tuple(self._stack):
            other.close()
        super().open()

    def key(self, keys: tuple[str, ...], typed: str) -> bool:
        """Its key and Esc close it; all other keys do what they do elsewhere."""
        if PHONE_KEY in keys or "escape" in keys:
            self.close()
            return True
        return False

    def fit(self, layout: Layout) -> None:
        """Lays the card out in the middle of the canvas, as large as it has room for."""
        link = self._app.phone
        if link is None:
            self.buttons = []
            return
        if link.address != self._code_of:
            self._code, self._code_of = qr_code(link.address), link.address
        pad, canvas = layout.pixels(MARGIN), layout.canvas
        width = min(canvas.width - 2 * pad, layout.pixels(_WIDEST))
        self._card = Rect(0, 0, width, canvas.height - 2 * pad)
        self._card.height = min(self._card.height, round(1.36 * width))
        self._is_low = self._card.height < layout.pixels(_ROOMY)
        self._card.center = canvas.center
        inner = self._card.inflate(-2 * pad, -2 * pad)
        high, gap = layout.pixels(TARGET), layout.pixels(GAP)
        half = (inner.width - gap) // 2
        left = Rect(inner.x, inner.bottom - high, half, high)
        right = Rect(inner.right - half, left.y, half, high)
        self.buttons = [
            Button(left, Command("end phone", "end it", self._app.end_phone)),
            Button(right, Command("leave", "close", self.close, ("escape",))),
        ]

    def draw(self, surface: Surface, layout: Layout, pressed: str | None) -> None:
        link = self._app.phone
        if link is None or not self.buttons:
            return
        radius, line = layout.pixels(RADIUS), layout.pixels(HAIR)
        pygame.draw.rect(surface, SURFACE, self._card, border_radius=radius)
        pygame.draw.rect(surface, LINE, self._card, line, border_radius=radius)
        inner = self._card.inflate(-2 * layout.pixels(MARGIN), -2 * layout.pixels(MARGIN))
        top = self._draw_head(surface, layout, inner)
        bottom = self.buttons[0].place.top - layout.pixels(GAP)
        bottom = self._draw_foot(surface, layout, inner, bottom, link)
        room = Rect(inner.x, top, inner.width, bottom - top - layout.pixels(GAP))
        draw_code(surface, room, self._code)
        for button in self.buttons:
            draw_button(surface, button, layout, button.command.name == pressed)

    def _draw_head(self, surface: Surface, layout: Layout, inner: Rect) -> int:
        """The title and what is to be done. Returns where they end."""
        size = layout.pixels(LEAD)
        title = text(shortened(_TITLE, size, inner.width, bold=True), size, TEXT, bold=True)
        surface.blit(title, title.get_rect(midtop=(inner.centerx, inner.y)))
        top = inner.y + title.get_height() + layout.pixels(TIGHT)
        size = layout.pixels(BODY)
        for words in wrapped(_HOW, size, inner.width, 3) if not self._is_low else ():
            drawn = text(words, size, QUIET)
            surface.blit(drawn, drawn.get_rect(midtop=(inner.centerx, top)))
            top += font(size).height
        return top + layout.pixels(GAP)

    def _draw_foot(
        self, surface: Surface, layout: Layout, inner: Rect, bottom: int, link: Link
    ) -> int:
        """The address, and who is connected. Returns where they begin."""
        who = f"{link.writer} is connected" if link.writer else "nobody is connected yet"
        lines = [
            (_OPEN, LABEL, QUIET),
            (who, BODY, SKY if link.writer else TEXT),
            (link.address, LABEL, QUIET),
        ]
        if self._is_low:
            lines = [(words, LABEL, colour) for words, _, colour in lines[:2]]
        for words, length, colour in lines:
            size = layout.pixels(length)
            drawn = text(shortened(words, size, inner.width), size, colour)
            bottom -= drawn.get_height()
            surface.blit(drawn, drawn.get_rect(midtop=(inner.centerx, bottom)))
        return bottom


def qr_code(words: str) -> tuple[tuple[int, ...], ...]:
    """The modules of a QR code, 1 for dark, row by row."""
    import segno  # here, since it need not be installed for anything else

    return tuple(tuple(map(int, row)) for row in segno.make_qr(words, error="m").matrix)


def draw_code(surface: Surface, room: Rect, code: tuple[tuple[int, ...], ...]) -> None:
    """Draws a code in the middle of a place, each module of the same whole number of pixels."""
    side = len(code) + 2 * _QUIET_ZONE
    module = min(room.width, room.height) // side
    if module < 1:
        return
    ground = Rect(0, 0, module * side, module * side)
    ground.center = room.center
    pygame.draw.rect(surface, INK, ground, border_radius=module)
    for down, row in enumerate(code, start=_QUIET_ZONE):
        for across, dark in enumerate(row, start=_QUIET_ZONE):
            if dark:
                place = Rect(ground.x + module * across, ground.y + module * down, module, module)
                surface.fill(PAPER, place)
