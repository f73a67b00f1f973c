"""The line below the canvas: the main keys, as many as there is room for, and what is read.

The whole number or word stands there where there is no panel for it.
"""

from __future__ import annotations

import pygame
from pygame import Rect, Surface

from game.modes import Mode
from game.overlay.keys import HELP_KEY, MAIN_KEYS
from game.overlay.layout import Layout
from game.overlay.theme import LINE, ORANGE, QUIET, RAISED, SKY, SURFACE, TEXT, Colour, font, text
from game.overlay.words import draw_words, fitted, in_one_row, lines_of, type_sizes, width_of
from models.reader import Reading

_ERASING = ("E", "ERASER ON")
_MODE_KEY = "Tab"
# The one that is on is bright.
_MODE_WORDS: dict[Mode, str] = {"digits": "123", "characters": "Abc"}
_OWN_LINE = 0.7  # of the line's width that the words take at most


def draw_hints(
    surface: Surface,
    layout: Layout,
    erasing: bool,
    mode: Mode | None = None,
    reading: Reading | None = None,
    shown: int | None = None,
) -> dict[str, Rect]:
    """Draws the line; the key for all keys always stands at its right end.

    Returns where each of the main keys stands, as far as there is room for it.

    erasing: whether the pen erases now, which the line then says first. mode: what is read, None
    where there is no choice. reading: whose words the line begins with, None where they stand
    elsewhere. shown: the answer to mark.
    """
    places: dict[str, Rect] = {}
    if layout.hints is None:
        return places
    strip = layout.hints
    surface.fill(SURFACE, strip)
    surface.fill(LINE, Rect(strip.x, strip.y, strip.width, layout.pixels(1)))
    margin, gap = layout.pixels(10), layout.pixels(16)
    left = strip.left + margin
    right = strip.right - margin - _width(layout, *HELP_KEY)
    _draw_hint(surface, layout, right, *HELP_KEY)
    if reading is not None:
        left += _draw_words(surface, layout, left, right - gap - left, reading, shown) + gap
    if mode is not None and left + _width(layout, _MODE_KEY, _mode_words()) + gap <= right:
        left += _draw_mode(surface, layout, left, mode) + gap
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
        places[key] = Rect(left, strip.y, width, strip.height)
        left += width + gap
    return places


def _draw_words(
    surface: Surface, layout: Layout, left: int, room: int, reading: Reading, shown: int | None
) -> int:
    """All that is read, in one row. Returns its width."""
    assert layout.hints is not None
    row = in_one_row(lines_of(reading))
    width = max(1, round(_OWN_LINE * room))
    sizes = type_sizes(layout.pixels(22), layout.pixels(11))
    size, (row, *_) = fitted([row], (width, 0), sizes, layout.pixels(11))
    place = Rect(left, layout.hints.y, width_of(row, size), layout.hints.height)
    draw_words(surface, place, size, [row], reading, shown)
    return place.width


def _mode_words() -> str:
    return " ".join(_MODE_WORDS.values())


def _draw_mode(surface: Surface, layout: Layout, left: int, mode: Mode) -> int:
    """The key that changes what is read, and what it is now. Returns the width."""
    assert layout.hints is not None
    width = _width(layout, _MODE_KEY, _mode_words())
    _draw_hint(surface, layout, left, _MODE_KEY, "")
    size = _sizes(layout)[0]
    right = left + width
    for each, words in reversed(_MODE_WORDS.items()):
        drawn = text(words, size, SKY if each == mode else QUIET)
        surface.blit(drawn, drawn.get_rect(midright=(right, layout.hints.centery)))
        right -= drawn.get_width() + font(size).size(" ")[0]
    return width


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
