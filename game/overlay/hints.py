"""The line below the canvas with the main keys, as many as there is room for."""

from __future__ import annotations

import pygame
from pygame import Rect, Surface

from game.overlay.keys import HELP_KEY, MAIN_KEYS
from game.overlay.layout import Layout
from game.overlay.theme import LINE, ORANGE, QUIET, RAISED, SURFACE, TEXT, Colour, font, text

_ERASING = ("E", "ERASER ON")


def draw_hints(surface: Surface, layout: Layout, erasing: bool) -> None:
    """Draws the line; the key for all keys always stands at its right end.

    erasing: whether the pen erases now, which the line then says first.
    """
    if layout.hints is None:
        return
    strip = layout.hints
    surface.fill(SURFACE, strip)
    surface.fill(LINE, Rect(strip.x, strip.y, strip.width, layout.pixels(1)))
    margin, gap = layout.pixels(10), layout.pixels(16)
    left = strip.left + margin
    right = strip.right - margin - _width(layout, *HELP_KEY)
    _draw_hint(surface, layout, right, *HELP_KEY)
    if erasing:
        _draw_hint(surface, layout, left, *_ERASING, colour=ORANGE)
        left += _width(layout, *_ERASING) + gap
    for key, word in MAIN_KEYS:
        if erasing and key == _ERASING[0]:
            continue
        width = _width(layout, key, word)
        if left + width + gap > right:
            break
        _draw_hint(surface, layout, left, key, word)
        left += width + gap


def _sizes(layout: Layout) -> tuple[int, int, int]:
    """Type size, room at each side of a key's name, gap between key and word."""
    return layout.pixels(13), layout.pixels(6), layout.pixels(6)


def _width(layout: Layout, key: str, word: str) -> int:
    size, pad, gap = _sizes(layout)
    measure = font(size).size
    return int(measure(key)[0] + 2 * pad + gap + measure(word)[0])


def _draw_hint(
    surface: Surface, layout: Layout, left: int, key: str, word: str, colour: Colour = QUIET
) -> None:
    assert layout.hints is not None
    size, pad, gap = _sizes(layout)
    middle = layout.hints.centery
    name = text(key, size, TEXT)
    cap = Rect(left, 0, name.get_width() + 2 * pad, name.get_height() + layout.pixels(4))
    cap.centery = middle
    pygame.draw.rect(surface, RAISED, cap, border_radius=layout.pixels(4))
    surface.blit(name, name.get_rect(center=cap.center))
    what = text(word, size, colour)
    surface.blit(what, what.get_rect(midleft=(cap.right + gap, middle)))
