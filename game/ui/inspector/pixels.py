"""Arrays of numbers as pictures, and where several of them stand."""

from __future__ import annotations

import numpy as np
import pygame
from numpy.typing import NDArray
from pygame import Rect, Surface

from game.ui.theme import INK, LINE, PAPER, SKY, TEXT, VERMILION, Colour


def _table(*colours: Colour) -> NDArray[np.uint8]:
    """256 colours, the given ones at equal distances and mixed in between."""
    places = np.linspace(0, 255, len(colours))
    parts = [np.interp(np.arange(256), places, part) for part in zip(*colours, strict=True)]
    return np.asarray(np.rint(np.stack(parts, axis=-1)), np.uint8)


_GREY = _table(PAPER, INK)
_GLOW = _table(PAPER, SKY, TEXT)


def grey(values: NDArray[np.floating]) -> NDArray[np.uint8]:
    """(h, w), 0 for paper to 1 for ink, as the page shows them: (h, w, 3) uint8, RGB."""
    return np.asarray(_GREY[_levels(values)])


def glow(values: NDArray[np.floating]) -> NDArray[np.uint8]:
    """(h, w), 0 to 1, from dark over blue to bright: (h, w, 3) uint8, RGB."""
    return np.asarray(_GLOW[_levels(values)])


def for_and_against(values: NDArray[np.floating], image: NDArray[np.floating]) -> NDArray[np.uint8]:
    """Blue for values towards 1, vermilion towards -1, over ink (0..1): (h, w, 3) uint8, RGB."""
    under = 0.45 * grey(image).astype(np.float64)
    colour = np.where(values[..., np.newaxis] > 0, np.array(SKY), np.array(VERMILION))
    share = np.sqrt(np.abs(values).clip(0, 1))[..., np.newaxis]
    mixed = under + (colour - 0.6 * under) * share * 0.9
    return np.asarray(np.rint(mixed.clip(0, 255)), np.uint8)


def _levels(values: NDArray[np.floating]) -> NDArray[np.uint8]:
    return np.asarray(np.rint(values.clip(0, 1) * 255), np.uint8)


def blit_pixels(surface: Surface, pixels: NDArray[np.uint8], place: Rect) -> None:
    """Draws (h, w, 3) RGB into a place, enlarged without smoothing, with a line around it."""
    small = pygame.image.frombuffer(
        np.ascontiguousarray(pixels).tobytes(), pixels.shape[1::-1], "RGB"
    )
    surface.blit(pygame.transform.scale(small, place.size), place)
    pygame.draw.rect(surface, LINE, place.inflate(2, 2), 1)


def enlarged(pixels: int, room: int) -> int:
    """The side of an image of so many pixels: a whole multiple, unless that wastes much room."""
    whole = room // pixels * pixels
    return whole if whole >= 0.88 * room else max(1, room)


def squares(place: Rect, count: int, below: int, gap: int) -> list[Rect]:
    """Places for `count` square pictures, as large as can be, each with `below` pixels under it.

    In a row, a column, or rows of two or more.
    """
    place = place.inflate(-2, -2)  # for the lines around them
    best, columns = 0, 1
    for tried in range(1, count + 1):
        rows = -(-count // tried)
        side = min((place.width + gap) // tried - gap, (place.height + gap) // rows - gap - below)
        if side > best:
            best, columns = side, tried
    best = max(1, best)
    rows = -(-count // columns)
    across = best + max(gap, min((place.width - columns * best) // columns, best // 2))
    down = best + below + gap
    left = place.centerx - (columns * across - (across - best)) // 2
    top = place.top + max(0, (place.height - rows * down + gap) // 2)
    return [
        Rect(left + i % columns * across, top + i // columns * down, best, best)
        for i in range(count)
    ]
