"""A short message near the canvas's lower edge, and what an empty canvas says."""

from __future__ import annotations

from bisect import bisect_left
from functools import lru_cache

from pygame import Rect, Surface

from game.ui.layout import Layout
from game.ui.theme import (
    ALARM,
    BODY,
    EDGE,
    GAP,
    HEADING,
    INVITING,
    MARGIN,
    RAISED,
    SKY,
    TEXT,
    TIGHT,
    WIDE,
    font,
    text,
    wrapped,
)
from game.ui.widgets.shapes import plate

_LINES, _WIDEST = 4, 600  # at most; pixels at scale 1


def draw_toast(surface: Surface, layout: Layout, words: str, kind: str) -> None:
    """Draws a message of one kind, "info" or "error"; an error has a "!" before it."""
    size, pad = layout.pixels(BODY), layout.pixels(MARGIN)
    mark = "!" if kind == "error" else ""
    mark_size = layout.pixels(HEADING)
    mark_width = font(mark_size, bold=True).width(mark) + layout.pixels(GAP) if mark else 0
    most = min(layout.window.width - layout.pixels(WIDE), layout.pixels(_WIDEST))
    lines = _even_lines(words, size, max(20, most - 2 * pad - mark_width))
    height = font(size).height
    width = max(font(size).width(line) for line in lines) + 2 * pad + mark_width
    place = Rect(0, 0, width, len(lines) * height + 2 * pad - layout.pixels(TIGHT))
    place.midbottom = (layout.canvas.centerx, layout.canvas.bottom - layout.pixels(MARGIN))
    place.clamp_ip(layout.window.inflate(-layout.pixels(WIDE), 0))
    edge = ALARM if mark else SKY
    plate(surface, place, RAISED, edge, layout.pixels(EDGE))
    if mark:
        sign = text(mark, mark_size, edge, bold=True)
        surface.blit(sign, sign.get_rect(midleft=(place.left + pad, place.centery)))
    top = place.top + pad - layout.pixels(EDGE)
    for line in lines:
        surface.blit(text(line, size, TEXT), (place.left + pad + mark_width, top))
        top += height


def draw_invitation(surface: Surface, layout: Layout, invitation: str) -> None:
    """What an empty canvas says, such as "Draw digits"."""
    words = text(invitation, layout.pixels(HEADING), INVITING)
    surface.blit(words, words.get_rect(center=layout.canvas.center))


@lru_cache(maxsize=16)
def _even_lines(words: str, size: int, most: int) -> list[str]:
    """As few lines as `most` pixels allow, about equally long: no word is left over for the last.

    It finds the least width that breaks the words into as many lines and shortens them no more.
    """
    lines = wrapped(words, size, most, _LINES)

    def is_wide_enough(width: int) -> bool:
        narrower = wrapped(words, size, width, _LINES)
        return len(narrower) == len(lines) and " ".join(narrower) == " ".join(lines)

    least = bisect_left(range(most), True, key=is_wide_enough)
    return wrapped(words, size, least, _LINES)
