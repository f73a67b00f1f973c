"""The help screen: all keys, over everything else."""

from __future__ import annotations

import pygame
from pygame import Rect, Surface

from game.overlay.keys import ALL_KEYS
from game.overlay.layout import Layout
from game.overlay.theme import LINE, QUIET, SKY, SURFACE, TEXT, font, text

_TITLE = "Keys"
_FOOTER = "H, Esc or a click closes this"


def draw_help(surface: Surface, layout: Layout) -> None:
    """Draws the card in the window's middle, its type as large as the window allows."""
    shade = Surface(layout.window.size, pygame.SRCALPHA)
    shade.fill((0, 0, 0, 150))
    surface.blit(shade, (0, 0))
    size = _fitting_size(layout)
    row, between, pad = _spacing(size)
    keys_width, width, height = _measure(size)
    card = Rect(0, 0, width, height)
    card.center = layout.window.center
    pygame.draw.rect(surface, SURFACE, card, border_radius=size)
    pygame.draw.rect(surface, LINE, card, layout.pixels(1), border_radius=size)
    title = text(_TITLE, round(size * 1.4), TEXT)
    surface.blit(title, (card.x + pad, card.y + pad))
    footer = text(_FOOTER, round(size * 0.9), QUIET)
    surface.blit(footer, footer.get_rect(bottomright=(card.right - pad, card.bottom - pad)))
    top = card.y + pad + 2 * row
    for key, word in ALL_KEYS:
        name = text(key, size, SKY)
        surface.blit(name, name.get_rect(topright=(card.x + pad + keys_width, top)))
        surface.blit(text(word, size, TEXT), (card.x + pad + keys_width + between, top))
        top += row


def _fitting_size(layout: Layout) -> int:
    room = layout.window.inflate(-layout.pixels(16), -layout.pixels(16))
    for size in range(layout.pixels(17), 7, -1):
        _, width, height = _measure(size)
        if width <= room.width and height <= room.height:
            return size
    return 7


def _spacing(size: int) -> tuple[int, int, int]:
    """Height of a row, gap between the columns, margin inside the card."""
    return round(size * 1.5), round(size * 1.2), round(size * 1.3)


def _measure(size: int) -> tuple[int, int, int]:
    """Width of the column of keys, width and height of the card."""
    row, between, pad = _spacing(size)
    measure = font(size).size
    keys_width = max(measure(key)[0] for key, _ in ALL_KEYS)
    words_width = max(measure(word)[0] for _, word in ALL_KEYS)
    width = keys_width + between + words_width + 2 * pad
    return keys_width, width, (len(ALL_KEYS) + 4) * row + 2 * pad - row // 2
