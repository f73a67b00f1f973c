"""Buttons: rows of what can be done now, for mouse, pen and finger, each with its key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pygame
from pygame import Rect, Surface

from game.offers import Offer
from game.overlay.keys import COMMAND
from game.overlay.layout import Layout
from game.overlay.theme import (
    BODY,
    CHOSEN,
    EDGE,
    GAP,
    HAIR,
    IDLE,
    LEAST,
    LINE,
    QUIET,
    RADIUS,
    RAISED,
    SKY,
    SMALL,
    SURFACE,
    TEXT,
    WIDE,
    fitting,
    font,
    text,
)

_KEYS = {
    "enter": "Enter",
    "escape": "Esc",
    "left": "Left",
    "right": "Right",
    "undo": f"{COMMAND}+Z",
}


@dataclass(frozen=True)
class Button:
    """An offer and where it stands, in the window's pixels."""

    place: Rect
    offer: Offer


def row_of(offers: Sequence[Offer], place: Rect, layout: Layout) -> list[Button]:
    """Buttons side by side that fill a place; those with longer words get more of it."""
    if not offers:
        return []
    gap = layout.pixels(GAP)
    measure = font(layout.pixels(BODY)).size
    wants = [measure(offer.words)[0] + layout.pixels(WIDE) for offer in offers]
    room = place.width - gap * (len(offers) - 1)
    buttons, left = [], float(place.left)
    for offer, wanted in zip(offers, wants, strict=True):
        width = room * wanted / sum(wants)
        buttons.append(Button(Rect(round(left), place.y, round(width), place.height), offer))
        left += width + gap
    return buttons


def action_at(buttons: Sequence[Button], x: float, y: float) -> str | None:
    """What the button at a pixel of the window does; None where there is none, or none to press."""
    for button in buttons:
        if button.offer.enabled and button.place.collidepoint(x, y):
            return button.offer.action
    return None


def draw_button(surface: Surface, button: Button, layout: Layout) -> None:
    """What is chosen or done most is bright in edge and ground; what does nothing now is dim."""
    place, offer = button.place, button.offer
    edge = layout.pixels(EDGE if offer.on else HAIR)
    radius = layout.pixels(RADIUS)
    ground = SURFACE
    if offer.enabled:
        ground = CHOSEN if offer.on else RAISED
    pygame.draw.rect(surface, ground, place, border_radius=radius)
    pygame.draw.rect(surface, SKY if offer.on else LINE, place, edge, border_radius=radius)
    key = _KEYS.get(offer.key, offer.key.upper())
    size, small = _sizes(button, key, layout)
    words = text(offer.words, size, TEXT if offer.enabled else IDLE)
    if key in ("", offer.words) or not offer.enabled or small is None:
        surface.blit(words, words.get_rect(center=place.center))
        return
    name = text(key, small, QUIET if not offer.on else TEXT)
    height = words.get_height() + name.get_height()
    top = place.centery - height // 2
    surface.blit(words, words.get_rect(midtop=(place.centerx, top)))
    surface.blit(name, name.get_rect(midtop=(place.centerx, top + words.get_height())))


def _sizes(button: Button, key: str, layout: Layout) -> tuple[int, int | None]:
    """Of the words, and of the key below them; None for the key where there is no room for it."""
    room = button.place.width - layout.pixels(GAP)
    size = fitting(button.offer.words, layout.pixels(BODY), layout.pixels(LEAST), room)
    small = layout.pixels(SMALL)
    high = font(size).get_height() + font(small).get_height() <= button.place.height
    return size, small if high and font(small).size(key)[0] <= room else None
