"""Pictures of what the network makes of an image: its feature maps, and what occlusion shows."""

from __future__ import annotations

import numpy as np
import pygame
from pygame import Rect, Surface

from game.inspector.state import Inspector, View
from game.ui.inspector.pixels import blit_pixels, enlarged, for_and_against, glow
from game.ui.layout import Layout
from game.ui.theme import (
    ALARM,
    EDGE,
    LINE,
    NEAR,
    PAPER,
    QUIET,
    SKY,
    SMALL,
    TIGHT,
    Colour,
    font,
    text,
)

_FEWEST = 16  # channels; the maps are as large as leaves room for these
_LEGEND = 76  # pixels at scale 1 across, beside the heat map
_LEAST_DROP = 0.1  # of the log-probability that has full colour: less hardly matters


def draw_maps(
    surface: Surface, layout: Layout, place: Rect, inspector: Inspector, view: View
) -> None:
    """A grid of the strongest channels in their own order, all on one scale of brightness.

    The strongest are those with the largest standard deviation over their places: one that responds
    everywhere alike, to paper too, shows nothing of the ink.
    """
    if inspector.activations is None:
        pygame.draw.rect(surface, PAPER, place)
        return
    maps = inspector.activations.first if view == "first" else inspector.activations.last
    height, width, channels = maps.shape
    gap = layout.pixels(EDGE)
    enlargement = next(
        (k for k in range(40, 1, -1) if _cells(place, k * width, k * height, gap) >= _FEWEST), 1
    )
    across, down = enlargement * width + gap, enlargement * height + gap
    columns = max(1, (place.width + gap) // across)
    count = min(_cells(place, across - gap, down - gap, gap), channels)
    if not count:
        return
    rows = -(-count // columns)
    strongest = np.sort(np.argsort(-maps.std(axis=(0, 1)), kind="stable")[:count])
    bright = np.sqrt(maps[:, :, strongest] / max(float(maps.max()), 1e-9))
    colours = glow(bright).repeat(enlargement, axis=0).repeat(enlargement, axis=1)
    # One picture for all of them: each by itself takes ten times as long.
    grid = np.empty((rows * down - gap, columns * across - gap, 3), np.uint8)
    grid[:] = LINE
    for number in range(count):
        y, x = number // columns * down, number % columns * across
        grid[y : y + down - gap, x : x + across - gap] = colours[:, :, number]
    picture = Rect(0, 0, grid.shape[1], grid.shape[0])
    picture.center = place.center
    blit_pixels(surface, grid, picture)


def draw_occlusion(
    surface: Surface, layout: Layout, place: Rect, inspector: Inspector, _view: View
) -> None:
    """The heat map over the ink, with the scale of its colours beside or below it."""
    heat = inspector.heat
    tall = place.height > place.width
    size = layout.pixels(SMALL)
    legend = 3 * font(size).height if tall else layout.pixels(_LEGEND)
    room = min(place.width, place.height - legend) if tall else place.height
    side = enlarged(28, min(room, place.width))
    frame = Rect(place.left, place.top, side, side)
    if tall:
        frame.centerx = place.centerx
    else:
        frame.left += max(0, (place.width - legend - side) // 2)
        frame.centery = place.centery
    if heat is None:
        pygame.draw.rect(surface, PAPER, frame)
        return
    most = max(float(np.abs(heat.drops).max()), _LEAST_DROP)
    blit_pixels(surface, for_and_against(heat.drops / most, heat.image), frame)
    lines: list[tuple[str, Colour]] = [
        (f"for {heat.label}: {max(0.0, float(heat.drops.max())):.1f}", SKY),
        (f"against: {max(0.0, -float(heat.drops.min())):.1f}", ALARM),
        ("" if heat.share == 1 else f"{100 * heat.share:.0f} % done", QUIET),
    ]
    height = font(size).height
    left = place.left if tall else frame.right + layout.pixels(NEAR)
    top = frame.bottom + layout.pixels(TIGHT) if tall else frame.top
    for number, (words, colour) in enumerate(lines):
        surface.blit(text(words, size, colour), (left, top + number * height))


def _cells(place: Rect, width: int, height: int, gap: int) -> int:
    """How many pictures of that size stand in a place."""
    return int((place.width + gap) // (width + gap) * ((place.height + gap) // (height + gap)))
