"""The window's icon: an 8 in its box, as the canvas shows it."""

from __future__ import annotations

import pygame
from pygame import Rect, Surface

from game.ui.theme import PAPER, SKY, TEXT, text


def icon(side: int = 64) -> Surface:
    """A square picture, `side` pixels wide."""
    surface = Surface((side, side), pygame.SRCALPHA)
    pygame.draw.rect(surface, PAPER, Rect(0, 0, side, side), border_radius=side // 5)
    inner = Rect(0, 0, side, side).inflate(-side // 4, -side // 4)
    pygame.draw.rect(surface, SKY, inner, max(2, side // 20), border_radius=side // 12)
    figure = text("8", side * 11 // 16, TEXT, bold=True)
    surface.blit(figure, figure.get_rect(center=inner.center))
    return surface
