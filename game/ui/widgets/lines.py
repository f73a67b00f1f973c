"""Lines of words that keep to the room they have, smaller or shortened where it is too little."""

from __future__ import annotations

from collections.abc import Sequence

from pygame import Rect, Surface

from game.ui.layout import Layout
from game.ui.theme import (
    FIGURE,
    LABEL,
    LEAD,
    LEAST,
    MARGIN,
    QUIET,
    SMALL,
    TIGHT,
    WIDE,
    Colour,
    fitting,
    font,
    shortened,
    text,
    tight_height,
    wrapped,
)
from game.ui.widgets.words import type_sizes

StyledLine = tuple[str, int, Colour]  # words, type size at scale 1, colour


def line(
    words: str, size: int, colour: Colour, room: int, layout: Layout, bold: bool = False
) -> Surface:
    """One line in type of `size` pixels, smaller and then shortened where it is wider than room."""
    size = fitting(words, size, min(size, layout.pixels(SMALL)), room, bold)
    return text(shortened(words, size, max(1, room), bold), size, colour, bold)


def draw_lines(surface: Surface, layout: Layout, place: Rect, rows: Sequence[StyledLine]) -> None:
    """Lines one below the other in the middle of a place, closer and smaller where it is little.

    Those that are larger than `LEAD` are bold.
    """
    least, most = layout.pixels(TIGHT), layout.pixels(MARGIN)
    room = place.width - layout.pixels(WIDE)
    words_height = sum(font(layout.pixels(size)).height for _, size, _ in rows)
    gap = max(least, min(most, (place.height - least - words_height) // max(1, len(rows))))
    whole = words_height + gap * len(rows)
    shrink = min(1.0, (place.height - least) / max(1, whole))
    top = place.centery - whole * shrink / 2
    for words, size, colour in rows:
        high = (font(layout.pixels(size)).height + gap) * shrink
        used = max(layout.pixels(LEAST), int(layout.pixels(size) * shrink))
        drawn = line(words, used, colour, room, layout, bold=size > LEAD)
        surface.blit(drawn, drawn.get_rect(center=(place.centerx, round(top + high / 2))))
        top += high


def draw_ends(
    surface: Surface, layout: Layout, place: Rect, left: str, middle: str, right: str
) -> Rect:
    """Small words at a place's two ends and in its middle. Returns what is left below them."""
    size, third = layout.pixels(FIGURE), place.width // 3
    ends = {"topleft": left, "midtop": middle, "topright": right}
    for end, words in ends.items():
        drawn = line(words, size, QUIET, third, layout)
        surface.blit(drawn, drawn.get_rect(**{end: getattr(place, end)}))
    height = font(size).height
    return Rect(place.x, place.y + height, place.width, max(1, place.height - height))


def draw_fitted(
    surface: Surface, layout: Layout, place: Rect, words: str, colour: Colour, largest: int
) -> None:
    """Bold words as large as a place has room for, in one line or two, in its middle."""
    if place.width <= 0 or place.height <= 0:
        return
    size, lines = _fitted(words, place, largest, layout.pixels(LABEL))
    height = tight_height(size)
    middle = place.centery - height * (len(lines) - 1) // 2
    for each in lines:
        drawn = text(each, size, colour, bold=True)
        surface.blit(drawn, drawn.get_rect(center=(place.centerx, middle)))
        middle += height


def _fitted(words: str, place: Rect, largest: int, smallest: int) -> tuple[int, list[str]]:
    for size in type_sizes(largest, smallest):
        lines = wrapped(words, size, place.width, 2, bold=True)
        high = tight_height(size) * len(lines) <= place.height
        if high and " ".join(lines) == words:
            return size, lines
    return smallest, wrapped(words, smallest, place.width, 2, bold=True)
