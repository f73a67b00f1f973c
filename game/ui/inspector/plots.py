"""The strokes point by point, and the probabilities while they were written."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pygame
from pygame import Rect, Surface

from game.inspector.state import Inspector, View
from game.ui.layout import Layout
from game.ui.theme import (
    CLASS_COLOURS,
    EDGE,
    FINE,
    GAP,
    HAIR,
    LINE,
    MARGIN,
    PAPER,
    QUIET,
    SKY,
    TEXT,
    TIGHT,
    YELLOW,
    font,
    mixed,
    text,
)

# From the first point to the last.
_RAMP = [mixed(SKY, YELLOW, k / 63) for k in range(64)]
_FAINT = [mixed(colour, PAPER, 0.45) for colour in _RAMP]
_MOST_NUMBERS = 40  # that are tried beside a stroke's first
_LEAST_PROBABILITY = 0.15  # a class that was never more probable has no line


def draw_strokes_in_order(
    surface: Surface, layout: Layout, place: Rect, inspector: Inspector, _view: View
) -> None:
    """Lines and points from the first colour to the last, with as many numbers as there is room."""
    pygame.draw.rect(surface, PAPER, place)
    if inspector.trace is None:
        return
    strokes = inspector.trace.strokes
    every = np.concatenate([points for points, _ in strokes])
    low, high = every.min(axis=0), every.max(axis=0)
    margin = layout.pixels(MARGIN)
    room = np.array(place.size) - 2 * margin
    scale = min(float(room[0]), float(room[1])) / max(float((high - low).max()), 1e-9)
    # A lying stroke may be as wide as the place.
    wide = room / np.maximum(high - low, 1e-9)
    scale = max(scale, float(wide.min())) if math.isfinite(wide.min()) else scale
    scale = min(scale, layout.scale * 4)
    offset = np.array(place.center) - (low + high) / 2 * scale
    last = max(1, inspector.trace.count - 1)
    dot = layout.pixels(EDGE)
    named: list[tuple[list[float], int, bool]] = []
    step = -(-len(every) // _MOST_NUMBERS)
    for points, numbers in strokes:
        placed = (points * scale + offset).tolist()
        levels = ((numbers - 1) * 63 // last).tolist()
        for k in range(len(placed) - 1):
            pygame.draw.line(surface, _FAINT[levels[k]], placed[k], placed[k + 1], dot)
        for at, level in zip(placed, levels, strict=True):
            pygame.draw.circle(surface, _RAMP[level], at, dot)
        named += [(placed[k], int(numbers[k]), k == 0) for k in range(0, len(placed), step)]
    _number(surface, layout, place, named)


def _number(
    surface: Surface,
    layout: Layout,
    place: Rect,
    points: Sequence[tuple[list[float], int, bool]],
) -> None:
    """Writes the numbers beside their points: those of strokes' beginnings first, then others."""
    size, step = layout.pixels(FINE), layout.pixels(GAP)
    taken: list[Rect] = []
    for (x, y), number, begins in sorted(points, key=lambda point: not point[2]):
        words = text(str(number), size + layout.pixels(EDGE) * begins, TEXT if begins else QUIET)
        at = words.get_rect(center=(x + step * 1.1, y - step * 0.9)).clamp(place)
        if at.inflate(step, step // 2).collidelist(taken) < 0:
            taken.append(at)
            surface.blit(words, at)


def draw_history(
    surface: Surface, layout: Layout, place: Rect, inspector: Inspector, _view: View
) -> None:
    """A line for each class that was ever likely, over the number of points."""
    size = layout.pixels(FINE)
    height = font(size).height
    left = font(size).width("100 %") + layout.pixels(TIGHT)
    plot = Rect(
        place.left + left,
        place.top + height // 2,
        max(1, place.width - left - layout.pixels(MARGIN)),
        max(1, place.height - height - height // 2 - layout.pixels(EDGE)),
    )
    pygame.draw.rect(surface, PAPER, plot)
    for share in (0, 0.5, 1):
        level = plot.bottom - round(share * plot.height)
        surface.fill(LINE, Rect(plot.left, min(level, plot.bottom - 1), plot.width, 1))
        words = text(f"{100 * share:.0f} %", size, QUIET)
        surface.blit(words, words.get_rect(midright=(plot.left - layout.pixels(TIGHT), level)))
    counts, probabilities = inspector.history.readings()
    if not len(counts):
        return
    for end, count in ((plot.left, 0), (plot.right, inspector.history.points)):
        words = text(str(count), size, QUIET)
        surface.blit(words, words.get_rect(midtop=(end, plot.bottom + 1)))
    ever = probabilities.max(axis=0)
    drawn = [int(k) for k in np.argsort(-ever, kind="stable") if ever[k] >= _LEAST_PROBABILITY]
    x = plot.left + counts / max(1, inspector.history.points) * (plot.width - 1)
    y = plot.bottom - 1 - probabilities * (plot.height - 1)
    for k in reversed(drawn[: len(CLASS_COLOURS)]):
        best = k == int(probabilities[-1].argmax())
        colour = CLASS_COLOURS[k % len(CLASS_COLOURS)]
        points = list(zip(x.tolist(), y[:, k].tolist(), strict=True))
        if len(points) > 1:
            pygame.draw.lines(surface, colour, False, points, layout.pixels(EDGE if best else HAIR))
        else:
            pygame.draw.circle(surface, colour, points[0], layout.pixels(EDGE))
        top = int(probabilities[:, k].argmax())
        peak = (x[top], y[top, k] + height * 0.6)
        at = (x[-1] + layout.pixels(GAP), y[-1, k]) if best else peak
        label = text(inspector.labels[k], size + layout.pixels(EDGE), TEXT if best else colour)
        surface.blit(label, label.get_rect(center=at).clamp(place))
