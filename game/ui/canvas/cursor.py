"""The mouse pointer over the canvas: a ring as wide as the pen, or the eraser's square."""

from __future__ import annotations

import pygame
from pygame import Surface

from game.ui.theme import BLACK, INK, ORANGE

# Pixels. Desktops refuse pointers that are much larger.
_LARGEST = 60


def pointer(diameter: float, erasing: bool) -> pygame.cursors.Cursor:
    """A pointer for a pen `diameter` pixels wide; its hot spot is its middle."""
    surface = _shape(diameter, erasing)
    return pygame.cursors.Cursor(surface.get_rect().center, surface)


def draw_pointer(surface: Surface, at: tuple[int, int], diameter: float, erasing: bool) -> None:
    """Draws it into a picture of the window, which is without the desktop's pointer."""
    shape = _shape(diameter, erasing)
    surface.blit(shape, shape.get_rect(center=at))


def _shape(diameter: float, erasing: bool) -> Surface:
    size = max(7, min(round(diameter), _LARGEST)) | 1
    side = size + 4
    surface = Surface((side, side), pygame.SRCALPHA)
    middle = side // 2
    for colour, more in ((BLACK, 1), (ORANGE if erasing else INK, 0)):
        if erasing:
            square = pygame.Rect(0, 0, size + 2 * more, size + 2 * more)
            square.center = (middle, middle)
            pygame.draw.rect(surface, colour, square, 1)
        else:
            pygame.draw.circle(surface, colour, (middle, middle), size // 2 + more, 1)
    surface.set_at((middle, middle), INK)
    return surface
