"""Lines and plates that more than one part of the overlay draws."""

from __future__ import annotations

import pygame
from pygame import Rect, Surface

from game.ui.theme import Colour


def broken_frame(
    surface: Surface, colour: Colour, rect: Rect, dash: int, gap: int, width: int
) -> None:
    """A frame of dashes just inside `rect`; every side begins and ends with a dash."""
    for horizontal in (True, False):
        length = rect.width if horizontal else rect.height
        count = max(1, round((length + gap) / (dash + gap)))
        for i in range(count):
            start = round(i * (length - dash) / max(1, count - 1))
            size = min(dash, length)
            if horizontal:
                for y in (rect.top, rect.bottom - width):
                    surface.fill(colour, Rect(rect.left + start, y, size, width))
            else:
                for x in (rect.left, rect.right - width):
                    surface.fill(colour, Rect(x, rect.top + start, width, size))


def frame(surface: Surface, colour: Colour, rect: Rect, kind: str, width: int) -> None:
    """The line around an answer: whole when it is sure, dashed when unsure, dotted when refused."""
    if kind == "sure":
        pygame.draw.rect(surface, colour, rect, width, border_radius=2 * width)
    elif kind == "unsure":
        broken_frame(surface, colour, rect, 7 * width, 4 * width, width)
    else:
        broken_frame(surface, colour, rect, width, 3 * width, width)


def plate(surface: Surface, rect: Rect, fill: Colour, edge: Colour | None, width: int) -> None:
    """A rounded ground that keeps words legible over ink; edge: the line around it, if any."""
    radius = min(4 * width, rect.height // 2)
    pygame.draw.rect(surface, fill, rect, border_radius=radius)
    if edge is not None:
        pygame.draw.rect(surface, edge, rect, width, border_radius=radius)
