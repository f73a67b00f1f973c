"""Other ways to write the same digit, that whole countries share and a training set may lack."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.ink import Stroke

SLASHED = 0.08  # share of the zeros in one stroke that get a line through them
FLAGGED = 0.25  # share of the ones that are a plain line that get a flag
FOOTED = 0.25  # share of those that then get a foot, too
CROSSED = 0.12  # share of the sevens in one stroke that get a bar

# The slope of its first line is what tells a 1 with a flag from a 7: these two are turned less.
TURNS = {1: 0.35, 7: 0.35}


def restyled(strokes: Sequence[Stroke], digit: int, rng: np.random.Generator) -> Sequence[Stroke]:
    """The drawing, a few zeros slashed, ones flagged and sevens crossed; all else as it was.

    digit: what it shows, or the number of any other class. y runs downwards.
    """
    if len(strokes) != 1 or len(strokes[0].points) < 4:
        return strokes
    points = strokes[0].points
    if digit == 0 and rng.random() < SLASHED:
        return [*strokes, _slash(points, rng)]
    if digit == 1 and rng.random() < FLAGGED:
        return _flagged(points, rng) or strokes
    if digit == 7 and rng.random() < CROSSED:
        return [*strokes, _bar(points, rng)]
    return strokes


def _slash(points: NDArray[np.float64], rng: np.random.Generator) -> Stroke:
    """A line through the middle: rising as a rule, sometimes falling, level or upright."""
    low, high = points.min(axis=0), points.max(axis=0)
    width, height = high - low
    kind = rng.random()
    if kind < 0.7:  # from corner to corner, more or less
        reach = np.array([width, -height]) * rng.uniform(0.3, 0.6, 2)
    elif kind < 0.8:
        reach = np.array([width, height]) * rng.uniform(0.3, 0.55, 2)
    elif kind < 0.95:
        reach = np.array([width * rng.uniform(0.5, 0.9), -height * rng.normal(0, 0.06)])
    else:
        reach = np.array([width * rng.normal(0, 0.06), -height * rng.uniform(0.4, 0.65)])
    middle = (low + high) / 2 + rng.normal(0, 0.05, 2) * (width, height)
    return Stroke(np.linspace(middle - reach, middle + reach, 6))


def _flagged(points: NDArray[np.float64], rng: np.random.Generator) -> list[Stroke] | None:
    """A plain line, about upright, with a flag that rises to its top; None for any other."""
    top, bottom = sorted((points[0], points[-1]), key=lambda point: float(point[1]))
    stem = top - bottom
    height = float(np.hypot(*stem))
    length = float(np.hypot(*np.diff(points, axis=0).T).sum())
    lean = np.degrees(np.arctan2(-stem[1], stem[0]))  # 90 is upright, less leans to the right
    steepest = min(65.0, lean - 18)
    if length > 1.1 * height or lean > 125 or steepest < 28:
        return None
    angle = np.deg2rad(rng.uniform(27, steepest))
    flag = height * rng.uniform(0.2, 0.62) * np.array([-np.cos(angle), np.sin(angle)])
    line = points if points[0][1] < points[-1][1] else points[::-1]
    strokes = [Stroke(np.vstack([np.linspace(top + flag, top, 8)[:-1], line]))]
    if rng.random() < FOOTED:
        left, right = height * rng.uniform(0.15, 0.35, 2)
        foot = bottom + np.column_stack([np.linspace(-left, right, 6), np.zeros(6)])
        strokes.append(Stroke(foot))
    return strokes


def _bar(points: NDArray[np.float64], rng: np.random.Generator) -> Stroke:
    """A short bar across the stem, a little below the middle, nearly level."""
    low, high = points.min(axis=0), points.max(axis=0)
    side = float((high - low).max())
    level = low[1] + (high[1] - low[1]) * rng.uniform(0.42, 0.65)
    stem = points[len(points) // 2 :]
    crossing = stem[np.abs(stem[:, 1] - level).argmin()]
    reach = side * rng.uniform(0.14, 0.32) * np.array([1.0, -rng.normal(0.05, 0.12)])
    middle = np.array([crossing[0], level]) + side * rng.normal(0, 0.03, 2)
    return Stroke(np.linspace(middle - reach, middle + reach, 5))
