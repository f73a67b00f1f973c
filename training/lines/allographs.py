"""Digits in forms that many people write and the training sets hardly have.

Such are a 2 with loops, a 5 whose bowl is gone, a 9 like P, a 1 like an upturned V, noughts in one
stroke, and others that are common in Latin America and in southern Europe.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

from models.ink.strokes import Stroke
from training.lines.writers import Shape, drawn_shape

Rng = np.random.Generator
Points = NDArray[np.float64]
Places = tuple[tuple[float, float], ...]

# How many of the people who write a line write the digit in one of these forms.
SHARES = {
    "0": 0.08, "1": 0.2, "2": 0.25, "4": 0.08, "5": 0.16, "7": 0.25, "8": 0.15, "9": 0.2,
}  # fmt: skip
# Where the pen passes in each stroke, in units of the digit's height, y downwards.
_FORMS: dict[str, tuple[tuple[Places, ...], ...]] = {
    "0": (
        # Open on the left, or above.
        (((0.05, 0.2), (0.35, 0.0), (0.65, 0.45), (0.4, 0.97), (0.05, 0.9)),),
        (((0.2, 0.1), (0.0, 0.55), (0.3, 1.0), (0.6, 0.5), (0.45, 0.02)),),
        # Begun within, or left to the right.
        (((0.3, 0.3), (0.5, 0.05), (0.15, 0.1), (0.0, 0.6), (0.3, 1.0), (0.6, 0.5), (0.35, 0.0),
          (0.15, 0.15)),),
        (((0.3, 0.02), (0.0, 0.5), (0.25, 1.0), (0.55, 0.5), (0.3, 0.02), (0.55, 0.2),
          (0.9, 0.1)),),
    ),
    "1": (
        # A flag as long as the stem, or nearly.
        (((0.0, 0.95), (0.22, 0.45), (0.42, 0.0), (0.46, 0.5), (0.5, 1.0)),),
        (((0.0, 0.65), (0.2, 0.35), (0.4, 0.0), (0.36, 0.5), (0.32, 1.0)),),
        # Like a written l.
        (((0.0, 0.85), (0.28, 0.5), (0.4, 0.08), (0.28, 0.0), (0.18, 0.5), (0.2, 0.95),
          (0.36, 0.95)),),
    ),
    "2": (
        # A large bowl and a small loop below.
        (((0.12, 0.42), (0.05, 0.2), (0.35, 0.0), (0.62, 0.25), (0.4, 0.68), (0.1, 0.95),
          (0.0, 0.86), (0.14, 0.78), (0.42, 0.92), (0.8, 0.97)),),
        # Begun with a loop.
        (((0.22, 0.2), (0.3, 0.36), (0.1, 0.38), (0.08, 0.12), (0.35, 0.0), (0.58, 0.2),
          (0.35, 0.68), (0.02, 0.97), (0.3, 0.93), (0.7, 1.0)),),
        # Begun at the lower left, the bowl all but closed.
        (((0.3, 0.48), (0.03, 0.4), (0.08, 0.1), (0.4, 0.0), (0.68, 0.25), (0.5, 0.65),
          (0.12, 0.93), (0.02, 0.82), (0.2, 0.8), (0.5, 0.98), (0.85, 0.88)),),
        # Begun within, the foot short.
        (((0.2, 0.32), (0.04, 0.22), (0.3, 0.0), (0.55, 0.18), (0.42, 0.6), (0.12, 0.96),
          (0.36, 0.95), (0.5, 0.9)),),
        # A narrow loop below, as in handwriting.
        (((0.05, 0.2), (0.25, 0.0), (0.45, 0.2), (0.3, 0.65), (0.05, 0.98), (0.0, 0.8),
          (0.2, 0.82), (0.4, 1.0), (0.6, 0.85)),),
    ),
    "4": (
        # Like a written h.
        (((0.25, 0.0), (0.12, 0.4), (0.0, 0.8), (0.15, 0.55), (0.38, 0.38), (0.42, 0.6),
          (0.34, 1.0)),),
        # Like H, its left side short.
        (((0.15, 0.05), (0.0, 0.58), (0.4, 0.56), (0.85, 0.5)), ((0.6, 0.0), (0.55, 1.0))),
    ),
    "5": (
        # A stem with a bar, and a hook below in place of the bowl.
        (((0.85, 0.0), (0.42, 0.06), (0.36, 0.5), (0.22, 0.97), (0.0, 0.78)),),
        (((0.0, 0.6), (0.16, 0.98), (0.3, 0.5), (0.42, 0.06), (0.85, 0.02)),),
        (((0.42, 0.1), (0.38, 0.42), (0.46, 0.62), (0.3, 0.97), (0.0, 0.85)),
         ((0.5, 0.02), (0.9, 0.0))),
        # Like a written r.
        (((0.1, 0.08), (0.06, 0.5), (0.0, 1.0), (0.08, 0.45), (0.3, 0.12), (0.7, 0.1)),),
    ),
    "7": (
        # Crossed: with a wave on top, with hardly a top, and one line from the foot to the bar.
        (((0.0, 0.16), (0.1, 0.02), (0.35, 0.1), (0.66, 0.0), (0.46, 0.45), (0.32, 1.0)),
         ((0.12, 0.5), (0.72, 0.46))),
        (((0.22, 0.1), (0.5, 0.0), (0.42, 0.5), (0.34, 1.0)), ((0.0, 0.5), (0.85, 0.46))),
        (((0.0, 0.1), (0.3, 0.05), (0.6, 0.0), (0.42, 0.45), (0.25, 0.97), (0.05, 0.9),
          (0.12, 0.62), (0.45, 0.58), (0.8, 0.55)),),
        (((0.02, 0.16), (0.08, 0.02), (0.35, 0.06), (0.6, 0.0), (0.5, 0.5), (0.47, 1.0)),
         ((0.12, 0.5), (0.52, 0.46))),
        (((0.05, 0.0), (0.03, 0.16), (0.3, 0.08), (0.62, 0.06), (0.5, 0.4), (0.46, 1.0)),
         ((0.25, 0.48), (0.8, 0.5))),
    ),
    "8": (
        # Two noughts, one on the other.
        (((0.35, 0.0), (0.12, 0.2), (0.32, 0.44), (0.56, 0.22), (0.35, 0.0)),
         ((0.3, 0.46), (0.0, 0.72), (0.28, 1.0), (0.58, 0.74), (0.3, 0.46))),
        # An S that is closed, more or less, by a line up again.
        (((0.52, 0.16), (0.3, 0.0), (0.08, 0.2), (0.3, 0.45), (0.55, 0.76), (0.25, 1.0),
          (0.02, 0.8), (0.3, 0.5), (0.62, 0.1)),),
        (((0.1, 0.08), (0.4, 0.0), (0.5, 0.2), (0.2, 0.42), (0.1, 0.5), (0.52, 0.7), (0.3, 1.0),
          (0.05, 0.85), (0.15, 0.55), (0.15, 0.12)),),
        # Begun in the middle, lying in front of itself.
        (((0.55, 0.5), (0.2, 0.38), (0.3, 0.02), (0.6, 0.1), (0.5, 0.42), (0.05, 0.7),
          (0.25, 1.0), (0.65, 0.8), (0.5, 0.5), (0.2, 0.45)),),
    ),
    "9": (
        # Like P: the bowl right of the stem.
        (((0.12, 1.0), (0.16, 0.5), (0.22, 0.1), (0.45, 0.0), (0.62, 0.2), (0.45, 0.46),
          (0.16, 0.42)),),
        (((0.08, 0.35), (0.0, 0.15), (0.3, 0.0), (0.58, 0.18), (0.4, 0.42), (0.2, 0.46),
          (0.2, 0.7), (0.22, 1.0)),),
        # The bowl open on the right, and a stem from its middle.
        (((0.5, 0.12), (0.28, 0.0), (0.05, 0.22), (0.28, 0.44), (0.52, 0.2), (0.4, 0.55),
          (0.22, 1.0)),),
        # Open above.
        (((0.42, 0.12), (0.2, 0.02), (0.02, 0.25), (0.2, 0.47), (0.45, 0.32), (0.56, 0.06),
          (0.52, 0.5), (0.44, 1.0)),),
        # The stem bent to the right.
        (((0.42, 0.4), (0.08, 0.34), (0.15, 0.02), (0.48, 0.04), (0.42, 0.4), (0.36, 0.7),
          (0.62, 1.0)),),
    ),
}  # fmt: skip


def chosen(digits: set[str], rng: Rng) -> dict[str, int]:
    """Which digits somebody writes in one of these forms, and in which."""
    return {
        digit: int(rng.integers(len(_FORMS[digit])))
        for digit in sorted(digits)
        if rng.random() < SHARES.get(digit, 0.0)
    }


def allograph(digit: str, form: int, rng: Rng) -> Shape:
    """A digit in that form, a little different each time. form: as `chosen` gives it."""
    wide, jitter = rng.uniform(0.7, 1.25), rng.uniform(0.015, 0.05)
    strokes: list[Stroke] = []
    for places in _FORMS[digit][form]:
        points = np.array(places) + rng.normal(0, jitter, (len(places), 2))
        # A further stroke begins a little off its place.
        points = (points + (rng.normal(0, 0.04, 2) if strokes else 0)) * (wide, 1.0)
        length = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
        spline = CubicSpline(length, points)
        strokes.append(Stroke(spline(np.linspace(0, length[-1], 8 * len(places)))))
    return drawn_shape(strokes)


def noughts(count: int, rng: Rng) -> Points:
    """So many noughts in one stroke, left to right, (n, 2), each joined with the next.

    The first is 1 high, y downwards, the writing's base line at y = 1; the others may be smaller.
    """
    shrinking = rng.uniform(0.0, 0.12) if rng.random() < 0.5 else 0.0
    wide, gap = rng.uniform(0.5, 1.0), rng.uniform(-0.12, 0.4)
    # From where around to beyond there, the way that the pen turns as a rule, or the other.
    start, beyond = rng.normal(-0.5, 0.6), rng.uniform(-0.3, 0.8)
    turn = 1.0 if rng.random() < 0.8 else -1.0
    loops, x = [], 0.0
    for number in range(count):
        t = turn * np.linspace(start, start + 2 * np.pi + beyond + rng.normal(0, 0.15), 20)
        size = (1 - shrinking) ** number * float(np.exp(rng.normal(0, 0.05)))
        width = wide * size * float(np.exp(rng.normal(0, 0.08)))
        y = 1 - 0.5 * size * (1 + np.cos(t)) + rng.normal(0, 0.02)
        loops.append(np.column_stack([x + 0.5 * width * (1 - np.sin(t)), y]))
        x += width * (1 + gap + rng.normal(0, 0.04))
    return np.concatenate(loops)
