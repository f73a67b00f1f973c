"""Styles of writing that whole countries share and a training set may lack."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator

from models.ink.strokes import Stroke
from models.recognition.labels import CHARACTERS

SLASHED = 0.08  # share of the zeros in one stroke that get a line through them
FLAGGED = 0.25  # share of the ones that are a plain line that get a flag
LONG_FLAGS = 0.3  # share of the flags that reach down by more than three fifths of the line
FOOTED = 0.25  # share of those that then get a foot, too
CROSSED = 0.12  # share of the sevens, and of the Z, in one stroke that get a bar
TWO_STOREYS = 0.1  # share of the a that are written as they are printed, with a roof

# A 1 with a flag differs from a 7 by the slope of its first line: these two are turned less.
TURNS = {1: 0.35, 7: 0.35}


_SMALL_A, _Z = map(CHARACTERS.index, "aZ")
# Where the pen passes in an a of two storeys, in units of its height, y downwards: roof, stem,
# then the bowl, from below or from where it leaves the stem.
_ROOF = ((0.1, 0.2), (0.25, 0.04), (0.5, 0.0), (0.68, 0.1), (0.72, 0.32))
_BOWLS = (
    ((0.72, 0.75), (0.45, 1.0), (0.15, 0.93), (0.06, 0.72), (0.3, 0.5), (0.68, 0.52)),
    ((0.66, 0.5), (0.35, 0.45), (0.08, 0.62), (0.12, 0.92), (0.45, 0.97), (0.7, 0.7)),
)
_TAILS = ((), ((0.74, 0.95),), ((0.75, 0.9), (0.95, 1.0)))


def restyled(strokes: Sequence[Stroke], label: int, rng: np.random.Generator) -> Sequence[Stroke]:
    """The drawing in another style, now and then; as a rule as it was.

    Zeros are slashed, ones flagged, sevens and Z crossed, and an a gets two storeys. label: the
    number of what it shows among `models.recognition.labels.CHARACTERS`. y runs downwards.
    """
    if label == _SMALL_A and rng.random() < TWO_STOREYS:
        return [_two_storeys(rng)]
    if len(strokes) != 1 or len(strokes[0].points) < 4:
        return strokes
    points = strokes[0].points
    if label == 0 and rng.random() < SLASHED:
        return [*strokes, _slash(points, rng)]
    if label == 1 and rng.random() < FLAGGED:
        return _flagged(points, rng) or strokes
    if label in (7, _Z) and rng.random() < CROSSED:
        return [*strokes, _bar(points, rng)]
    return strokes


def _two_storeys(rng: np.random.Generator) -> Stroke:
    """An a with a roof, in one stroke: a spline through the places that the pen passes."""
    bowl = _BOWLS[int(rng.integers(len(_BOWLS)))]
    stem = ((0.72, 0.55), (0.73, 0.98), (0.72, 0.65))[: int(rng.choice([0, 1, 3]))]
    tail = _TAILS[int(rng.integers(len(_TAILS)))]
    places = np.array([*_ROOF, *stem, *bowl, *tail]) * (rng.uniform(0.8, 1.2), 1.0)
    places += rng.normal(0, 0.035, places.shape)
    length = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(places, axis=0).T))])
    spline = PchipInterpolator(length, places)
    return Stroke(spline(np.linspace(0, length[-1], 40)))


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
    reach = rng.uniform(0.62, 0.85) if rng.random() < LONG_FLAGS else rng.uniform(0.2, 0.62)
    flag = height * reach * np.array([-np.cos(angle), np.sin(angle)])
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
