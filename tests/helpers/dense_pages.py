"""Pages of dense ink for tests and benchmarks: hatching, grids, pictures, scribbles, heaps."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from models.ink.strokes import Stroke
from tests.helpers.samples import samples

SIZE = (728.0, 608.0)  # pixels, of the page that all of them fit on
Rng = np.random.Generator
Page = list[Stroke]


def _line(x: float, y: float, x2: float, y2: float, rng: Rng, shake: float = 1.0) -> Stroke:
    """A line as a hand draws it: about 6 pixels from point to point, `shake` pixels of noise."""
    count = max(2, int(math.hypot(x2 - x, y2 - y) / 6))
    points = np.linspace([x, y], [x2, y2], count) + rng.normal(0, shake, (count, 2))
    return Stroke(np.rint(np.clip(points, 0, SIZE)))


def _ring(x: float, y: float, radius: float, rng: Rng) -> Stroke:
    angle = np.linspace(0, 2 * math.pi, max(8, int(radius)))
    points = np.column_stack([x + radius * np.cos(angle), y + radius * np.sin(angle)])
    return Stroke(np.rint(np.clip(points + rng.normal(0, 0.7, points.shape), 0, SIZE)))


def heap(count: int, rng: Rng, source: Sequence[Stroke] | None = None) -> Page:
    """Strokes of real digits, 30 to 250 pixels large, anywhere, across each other."""
    source = source or [stroke for drawing in samples() for stroke in drawing.strokes]
    page = []
    for _ in range(count):
        points = source[int(rng.integers(len(source)))].points
        points = points - points.min(axis=0)
        side = rng.uniform(30, 250)
        points = points * (side / max(float(points.max()), 1.0))
        room = np.maximum(np.array(SIZE) - points.max(axis=0), 1)
        page.append(Stroke(np.rint(points + rng.uniform(0, room))))
    return page


def hatching(count: int, rng: Rng, step: float = 15.0, height: float = 300.0) -> Page:
    """Upright lines side by side."""
    return [_line(40 + k * step, 150, 40 + k * step, 150 + height, rng) for k in range(count)]


def grid(across: int, down: int, rng: Rng) -> Page:
    """Upright and level lines through each other."""
    width, height = 600 / max(across, 1), 500 / max(down, 1)
    upright = [_line(60 + k * width, 50, 60 + k * width, 550, rng) for k in range(across)]
    return upright + [_line(60, 50 + k * height, 660, 50 + k * height, rng) for k in range(down)]


def house(rng: Rng) -> Page:
    """A child's house: walls, a hatched roof, a door, windows, grass, a sun with rays."""
    page = [
        _line(220, 300, 220, 520, rng), _line(220, 520, 520, 520, rng),
        _line(520, 520, 520, 300, rng), _line(520, 300, 220, 300, rng),
        _line(200, 300, 370, 160, rng), _line(370, 160, 540, 300, rng),
    ]  # fmt: skip
    for k in range(19):
        x = 215 + 16 * k
        top = 300 - (140 - abs(x - 370) * 140 / 170)
        page.append(_line(x, top, x, 300, rng))
    page += [_line(340, 520, 340, 420, rng), _line(340, 420, 400, 420, rng)]
    page += [_line(400, 420, 400, 520, rng)]
    for x in (250, 440):
        page += [
            _line(x, 340, x + 50, 340, rng), _line(x + 50, 340, x + 50, 390, rng),
            _line(x + 50, 390, x, 390, rng), _line(x, 390, x, 340, rng),
        ]  # fmt: skip
    for k in range(38):
        x = 20 + 18 * k
        page.append(_line(x, 560, x + rng.uniform(-8, 8), 520, rng))
    page.append(_ring(620, 90, 45, rng))
    for k in range(12):
        a = k * math.pi / 6
        c, s = math.cos(a), math.sin(a)
        page.append(_line(620 + 55 * c, 90 + 55 * s, 620 + 85 * c, 90 + 85 * s, rng))
    return page


def rings(count: int, rng: Rng) -> Page:
    """Rings in a chain, line by line."""
    return [_ring(60 + 55 * (k % 12), 80 + 120 * (k // 12), 32, rng) for k in range(count)]


def dots(count: int, rng: Rng) -> Page:
    """Dots anywhere."""
    return [Stroke(np.rint(rng.uniform((20, 20), (700, 580)))[np.newaxis]) for _ in range(count)]


def scribbles(count: int, rng: Rng) -> Page:
    """Wild strokes to and fro, as when a page is blackened."""
    page = []
    for _ in range(count):
        x, y = rng.uniform((100, 100), (500, 400))
        turns = rng.integers(4, 10)
        ends = np.column_stack(
            [x + np.where(np.arange(turns) % 2, 120, 0) + rng.normal(0, 12, turns),
             y + np.arange(turns) * rng.uniform(8, 20)]
        )  # fmt: skip
        along = np.linspace(0, turns - 1, turns * 12)
        points = np.column_stack([np.interp(along, np.arange(turns), axis) for axis in ends.T])
        page.append(Stroke(np.rint(np.clip(points, 0, SIZE))))
    return page


def flower_field(rng: Rng) -> Page:
    """Flowers: stalks, leaves, rings with petals around them."""
    page = []
    for k in range(7):
        x, y = 80 + 95 * k, rng.uniform(160, 260)
        page += [_line(x, y + 28, x, 520, rng), _ring(x, y, 14, rng)]
        page += [_line(x, 420, x + 30, 390, rng), _line(x, 440, x - 30, 410, rng)]
        for p in range(8):
            a = p * math.pi / 4
            page.append(_ring(x + 26 * math.cos(a), y + 26 * math.sin(a), 11, rng))
    return page


def stipple(count: int, rng: Rng, length: float = 8.0) -> Page:
    """Short strokes anywhere."""
    start = rng.uniform((20, 20), (700, 580), (count, 2))
    angle = rng.uniform(0, 2 * math.pi, count)
    end = start + length * np.column_stack([np.cos(angle), np.sin(angle)])
    return [Stroke(np.stack([a, b])) for a, b in zip(start, end, strict=True)]


PAGES: dict[str, Callable[[Rng], Page]] = {
    "heap of 20": lambda rng: heap(20, rng),
    "heap of 30": lambda rng: heap(30, rng),
    "heap of 40": lambda rng: heap(40, rng),
    "heap of 80": lambda rng: heap(80, rng),
    "heap of 150": lambda rng: heap(150, rng),
    "hatching of 40": lambda rng: hatching(40, rng),
    "hatching of 100": lambda rng: hatching(100, rng, 6.5),
    "low hatching of 60": lambda rng: hatching(60, rng, 10, 60),
    "grid of 12 × 12": lambda rng: grid(12, 12, rng),
    "grid of 30 × 30": lambda rng: grid(30, 30, rng),
    "house": house,
    "flowers": flower_field,
    "chain of 36 rings": lambda rng: rings(36, rng),
    "120 dots": lambda rng: dots(120, rng),
    "30 scribbles": lambda rng: scribbles(30, rng),
    "150 short strokes": lambda rng: stipple(150, rng, 25),
}
