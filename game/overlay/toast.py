"""A short message near the canvas's lower edge, and what an empty canvas says."""

from __future__ import annotations

from pygame import Rect, Surface

from game.overlay.layout import Layout
from game.overlay.shapes import plate
from game.overlay.theme import (
    PAPER,
    QUIET,
    RAISED,
    SKY,
    TEXT,
    VERMILION,
    font,
    mixed,
    text,
    wrapped,
)

_LINES = 4


def draw_toast(surface: Surface, layout: Layout, words: str, kind: str) -> None:
    """Draws a message of one kind, "info" or "error"; an error has a "!" before it."""
    size, pad = layout.pixels(15), layout.pixels(11)
    mark = "!" if kind == "error" else ""
    mark_size = layout.pixels(22)
    mark_width = font(mark_size).size(mark)[0] + layout.pixels(10) if mark else 0
    most = min(layout.window.width - layout.pixels(24), layout.pixels(560))
    lines = wrapped(words, size, max(20, most - 2 * pad - mark_width), _LINES)
    height = font(size).get_linesize()
    width = max(font(size).size(line)[0] for line in lines) + 2 * pad + mark_width
    place = Rect(0, 0, width, len(lines) * height + 2 * pad - layout.pixels(4))
    place.midbottom = (layout.canvas.centerx, layout.canvas.bottom - layout.pixels(14))
    place.clamp_ip(layout.window.inflate(-layout.pixels(24), 0))
    edge = mixed(VERMILION, (255, 255, 255), 0.15) if mark else SKY
    plate(surface, place, RAISED, edge, layout.pixels(2))
    if mark:
        sign = text(mark, mark_size, edge)
        surface.blit(sign, sign.get_rect(midleft=(place.left + pad, place.centery)))
    top = place.top + pad - layout.pixels(2)
    for line in lines:
        surface.blit(text(line, size, TEXT), (place.left + pad + mark_width, top))
        top += height


def draw_invitation(surface: Surface, layout: Layout, said: str) -> None:
    """What an empty canvas says, such as "Draw digits"."""
    words = text(said, layout.pixels(24), mixed(QUIET, PAPER, 0.35))
    surface.blit(words, words.get_rect(center=layout.canvas.center))
