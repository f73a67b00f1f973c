"""What stands beside digits in a written number: points, dashes, hashes, stars, flourishes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Rng = np.random.Generator
Points = NDArray[np.float64]


def line(ax: float, ay: float, bx: float, by: float, rng: Rng, bend: float = 0.04) -> Points:
    """A line that a writer draws, (8, 2): slightly bent. Heights of the writing, y downwards."""
    t = np.linspace(0, 1, 8)
    length = float(np.hypot(bx - ax, by - ay))
    sag = rng.normal(0, bend) * length * np.sin(np.pi * t)
    across = np.array([ay - by, bx - ax]) / max(length, 1e-9)
    return np.column_stack([ax + (bx - ax) * t, ay + (by - ay) * t]) + sag[:, None] * across


def point(rng: Rng) -> list[Points]:
    """A full stop on the baseline, y = 1, sometimes longer, larger or higher."""
    length, y = rng.uniform(0, 0.07), 0.97 - (rng.uniform(0, 0.4) if rng.random() < 0.1 else 0)
    stop = [line(0, y, rng.normal(0, 0.02), y + length, rng)]
    if rng.random() < 0.3:
        stop.append(line(rng.uniform(0.02, 0.06), y, 0.0, y + 0.04, rng))
    return stop


def comma(rng: Rng) -> list[Points]:
    """A comma through the baseline."""
    return [line(rng.uniform(0.02, 0.12), 0.9, 0, rng.uniform(1.08, 1.3), rng, 0.1)]


def apostrophe(rng: Rng) -> list[Points]:
    """An apostrophe between thousands, as the Swiss write it."""
    return [line(rng.uniform(0.0, 0.1), 0.0, 0, rng.uniform(0.15, 0.28), rng)]


def dash(rng: Rng) -> list[Points]:
    """A dash at half height, or longer."""
    length = rng.uniform(0.2, 0.7) if rng.random() < 0.8 else rng.uniform(0.7, 2.5)
    y = rng.uniform(0.4, 0.9)
    if rng.random() < 0.22:  # a short one that rises
        length = rng.uniform(0.12, 0.3)
        return [line(0, y, length, y - rng.uniform(0.3, 1.1) * length, rng)]
    return [line(0, y, length, y + rng.normal(-0.04, 0.09) * min(length, 1), rng)]


def equals(rng: Rng) -> list[Points]:
    """Two dashes, one above the other."""
    length, y, apart = rng.uniform(0.15, 0.5), rng.uniform(0.2, 0.75), rng.uniform(0.1, 0.25)
    rise = rng.normal(-0.06, 0.06)
    shift = rng.normal(0, 0.05)
    return [
        line(0, y, length, y + rise, rng),
        line(shift, y + apart, length * rng.uniform(0.7, 1.1) + shift, y + apart + rise, rng),
    ]


def hash_sign(rng: Rng) -> list[Points]:
    """A hash: two lines up, two across."""
    w, top, bottom = rng.uniform(0.3, 0.6), rng.uniform(0.1, 0.4), rng.uniform(0.7, 1.0)
    lean = rng.uniform(0, 0.25)
    high, low = top + 0.35 * (bottom - top), top + 0.65 * (bottom - top)
    return [
        line(0.3 * w + lean, top, 0.3 * w, bottom, rng),
        line(0.7 * w + lean, top, 0.7 * w, bottom, rng),
        line(0, high, w + lean, high - 0.03, rng),
        line(-0.05, low, w + 0.5 * lean, low - 0.03, rng),
    ]


def crossed_lines(rng: Rng) -> list[Points]:
    """Two lines up, or slanted, and a long one through both."""
    top, bottom, apart = rng.uniform(0.1, 0.4), rng.uniform(0.7, 1.0), rng.uniform(0.15, 0.35)
    lean, start = rng.uniform(0, 0.25), rng.uniform(0.1, 0.3)
    y = (top + bottom) / 2 + rng.normal(0, 0.08)
    return [
        line(start + lean, top, start, bottom, rng),
        line(start + apart + lean, top, start + apart, bottom, rng),
        line(0, y, start + apart + lean + rng.uniform(0.1, 0.5), y - 0.05, rng),
    ]


def degree(rng: Rng) -> list[Points]:
    """A small ring, raised."""
    t = np.linspace(0, 2 * np.pi, 12)
    size, y = rng.uniform(0.06, 0.15), rng.uniform(0.05, 0.3)
    return [np.column_stack([size * (1 - np.cos(t)), y + size * np.sin(t)])]


def star(rng: Rng) -> list[Points]:
    """An asterisk of three lines."""
    size, x, y = rng.uniform(0.12, 0.25), 0.2, rng.uniform(0.3, 0.7)
    turn = rng.uniform(0, 1)
    strokes = []
    for angle in turn + np.pi * np.arange(3) / 3:
        dx, dy = size * np.cos(angle), size * np.sin(angle)
        strokes.append(line(x - dx, y - dy, x + dx, y + dy, rng))
    return strokes


def colon(rng: Rng) -> list[Points]:
    """Two points, one above the other."""
    y = rng.uniform(0.3, 0.6)
    return [line(0, y, 0.01, y + 0.02, rng), line(0, 0.95, 0.01, 0.97, rng)]


def slash(rng: Rng) -> list[Points]:
    """A line from upper right to lower left, lower and shorter than a one."""
    return [line(rng.uniform(0.25, 0.5), rng.uniform(0.5, 0.7), 0, rng.uniform(0.95, 1.15), rng)]


def dollar(rng: Rng) -> list[Points]:
    """An S with a line through it, or two."""
    t = np.linspace(0, 1, 20)
    wide = rng.uniform(0.18, 0.3)
    x = wide * (1 + np.sin(2 * np.pi * (0.12 + 0.76 * t)))
    strokes = [np.column_stack([2 * wide - x, t])]
    for place in np.linspace(0.85, 1.15, 1 + int(rng.random() < 0.4)):
        strokes.append(line(wide * place + 0.05, -0.15, wide * place - 0.03, 1.15, rng))
    return strokes


def flourish(rng: Rng) -> list[Points]:
    """A wave or loop that goes off to the right."""
    t = np.linspace(0, 1, 24)
    length, height = rng.uniform(0.5, 1.6), rng.uniform(0.08, 0.3)
    waves = rng.uniform(0.5, 2.5)
    x = length * t + rng.uniform(0, 0.12) * np.sin(2 * np.pi * waves * t)
    y = rng.uniform(0.4, 0.8) + height * (1 - 0.5 * t) * np.sin(2 * np.pi * waves * t + 1)
    return [np.column_stack([x, y])]


Mark = Callable[[Rng], list[Points]]
# What comes after a number, and before it, with how often.
AFTER: tuple[tuple[tuple[Mark, ...], float], ...] = (
    ((point,), 5), ((comma,), 3), ((dash,), 4), ((point, dash), 4), ((comma, dash), 3),
    ((equals,), 4), ((point, equals), 2), ((hash_sign,), 1.5), ((hash_sign, hash_sign), 0.7),
    ((star,), 0.7), ((star, star), 1), ((flourish,), 1.5), ((dash, dash), 1), ((colon,), 0.5),
    ((point, dash, dash), 1), ((slash,), 1), ((comma, equals), 0.5), ((crossed_lines,), 1.2),
    ((degree,), 0.6),
)  # fmt: skip
BEFORE: tuple[tuple[tuple[Mark, ...], float], ...] = (
    ((hash_sign,), 2), ((equals,), 2), ((dash,), 2), ((star, star), 1), ((hash_sign, hash_sign), 1),
    ((colon,), 1), ((point,), 1), ((dollar,), 4),
)  # fmt: skip


def chosen(marks: tuple[tuple[tuple[Mark, ...], float], ...], rng: Rng) -> tuple[Mark, ...]:
    """One of several sequences of marks, by how often they come."""
    shares = np.array([share for _, share in marks])
    return marks[int(rng.choice(len(marks), p=shares / shares.sum()))][0]
