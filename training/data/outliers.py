"""Outliers: ink that is no digit, such as scribbles, shapes, dots, several digits in one place.

Training shows them to the network with a uniform target (outlier exposure, Hendrycks et al. 2019,
arXiv 1812.04606), so that it spreads its probability over all digits where it is unsure.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from models.ink.strokes import Stroke

Shape = Callable[[np.random.Generator], list[Stroke]]
Strokes = Sequence[Stroke]
# The families of outliers, and which share of all outliers each has. Any of them may be left out,
# so that it can be measured as something that the network has never seen.
FAMILY_SHARES = {"letters": 0.5, "shapes": 0.25, "overlaid": 0.125, "side_by_side": 0.125}


def scribble(rng: np.random.Generator) -> list[Stroke]:
    """A smooth random walk of one to three strokes."""
    count = int(rng.choice([1, 1, 1, 2, 3]))
    return [Stroke(smooth(rng.normal(0, 1, (int(rng.integers(5, 16)), 2)))) for _ in range(count)]


def zigzag(rng: np.random.Generator) -> list[Stroke]:
    """A line that goes to and fro at least five times while it advances."""
    turns = int(rng.integers(6, 14))
    x = np.linspace(0, rng.uniform(0.4, 2.5), turns)
    y = np.where(np.arange(turns) % 2, 1.0, 0.0) + rng.normal(0, 0.12, turns)
    return [Stroke(np.column_stack([x, y]) @ rotation(rng.uniform(0, np.pi)))]


def polygon(rng: np.random.Generator) -> list[Stroke]:
    """A closed triangle, box or pentagon, its corners out of true."""
    corners = int(rng.integers(3, 6))
    angles = 2 * np.pi * (np.arange(corners) + rng.uniform(0, 1)) / corners
    ring = np.column_stack([np.cos(angles), np.sin(angles)]) + rng.normal(0, 0.1, (corners, 2))
    return [_straight(np.vstack([ring, ring[:1]]))]


def cross(rng: np.random.Generator) -> list[Stroke]:
    """Two to four straight lines through about the same point: a plus, an x, an asterisk."""
    count = int(rng.integers(2, 5))
    strokes = []
    for index in range(count):
        angle = np.pi * index / count + rng.normal(0, 0.12)
        tip = np.array([np.cos(angle), np.sin(angle)])
        middle = rng.normal(0, 0.08, 2)
        strokes.append(Stroke(np.array([middle - tip, middle + tip * rng.uniform(0.8, 1.2)])))
    return strokes


def dash(rng: np.random.Generator) -> list[Stroke]:
    """A line that lies flat: whatever else is done to it, it stays far from an upright one."""
    angle = np.deg2rad(rng.uniform(-12, 12))
    x = np.linspace(-1, 1, 8)
    line = np.column_stack([x, rng.normal(0, 0.04) * x**2]) @ rotation(angle)
    return [Stroke(line)]


def parallels(rng: np.random.Generator) -> list[Stroke]:
    """Two to five lines side by side: an equals sign, tally marks, hatching."""
    count, turn = int(rng.integers(2, 6)), rotation(rng.choice([0, np.pi / 2]) + rng.normal(0, 0.2))
    gap = rng.uniform(0.25, 0.7)
    ends = np.array([[-1.0, 0.0], [1.0, 0.0]])
    places = [np.array([rng.normal(0, 0.1), index * gap]) for index in range(count)]
    return [Stroke((ends + place + rng.normal(0, 0.05, (2, 2))) @ turn) for place in places]


def dots(rng: np.random.Generator) -> list[Stroke]:
    """One to five dots; a single one is a slip of the pen."""
    return [Stroke(rng.normal(0, 1, (1, 2))) for _ in range(int(rng.integers(1, 6)))]


def wave(rng: np.random.Generator) -> list[Stroke]:
    """A row of waves or of loops."""
    t = np.linspace(0, rng.uniform(2.5, 6) * 2 * np.pi, 80)
    loop = rng.uniform(0, 2.5) * (rng.random() < 0.5)
    line = np.column_stack([t / 4 + loop * np.sin(t), rng.uniform(0.5, 2) * np.cos(t)])
    return [Stroke(line @ rotation(rng.uniform(0, np.pi)))]


def blob(rng: np.random.Generator) -> list[Stroke]:
    """A closed outline with dents too deep for a zero: it fills little of its convex hull."""
    while True:
        corners = int(rng.integers(5, 10))
        angles = 2 * np.pi * (np.arange(corners) + rng.uniform(-0.2, 0.2, corners)) / corners
        ring = rng.uniform(0.2, 1, (corners, 1)) * np.column_stack([np.cos(angles), np.sin(angles)])
        ring = np.vstack([ring, ring[:1]])
        outline = Stroke(smooth(ring)) if rng.random() < 0.6 else _straight(ring)
        points = outline.points.astype(np.float32)
        if cv2.contourArea(points) < 0.75 * cv2.contourArea(cv2.convexHull(points)):
            return [outline]


def overlaid(drawings: Sequence[Strokes], rng: np.random.Generator) -> list[Stroke]:
    """Two or three digits on top of each other, each about the same size, hardly shifted.

    drawings: of digits, best without ones: a one on top of another digit may hide in it.
    """
    strokes: list[Stroke] = []
    for _ in range(2 + (rng.random() < 0.2)):
        place = rng.normal(0, 0.12, 2)
        strokes += _unit(drawings[int(rng.integers(len(drawings)))], place, rng.uniform(0.7, 1.2))
    return strokes


def side_by_side(drawings: Sequence[Strokes], rng: np.random.Generator) -> list[Stroke]:
    """Two to four digits in a row, touching or apart: a number is not one digit."""
    strokes: list[Stroke] = []
    x = 0.0
    for _ in range(int(rng.integers(2, 5))):
        place = np.array([x, rng.normal(0, 0.08)])
        strokes += _unit(drawings[int(rng.integers(len(drawings)))], place, rng.uniform(0.8, 1.1))
        x += rng.uniform(0.6, 1.1)
    return strokes


SHAPES = (scribble, zigzag, polygon, blob, cross, dash, parallels, dots, wave)


# Families, here and in `unseen_outliers.py`, that a person may take for an X or t, or for a V.
LETTER_LIKE_SHAPES = ("cross", "tick")


def outlier_shapes(letters: bool) -> tuple[Shape, ...]:
    """The `SHAPES` that are no character. letters: whether letters are characters, too."""
    return tuple(
        shape for shape in SHAPES if not (letters and shape.__name__ in LETTER_LIKE_SHAPES)
    )


def outlier_families(
    letters: Sequence[Strokes], digits: Sequence[Strokes], left_out: Sequence[str] = ()
) -> list[str]:
    """The families of outliers, of `FAMILY_SHARES`, that training can show.

    letters, digits: as for `random_outlier`; without digits there are no outliers.
    left_out: families that are not shown.
    """
    possible = [name for name in FAMILY_SHARES if name != "letters" or letters] if digits else []
    return [name for name in possible if name not in left_out]


def random_outlier(
    letters: Sequence[Strokes],
    digits: Sequence[Strokes],
    rng: np.random.Generator,
    left_out: Sequence[str] = (),
    shapes: Sequence[Shape] = SHAPES,
) -> Strokes:
    """Draws a letter, a shape, or several digits in one place, as often as `FAMILY_SHARES` says.

    letters: drawings that look like no digit; may be none.
    digits: drawings of the characters that the network is to read.
    left_out: families that are not shown; the others take their share.
    shapes: those to choose from.
    """
    shown = outlier_families(letters, digits, left_out)
    upto = np.cumsum([FAMILY_SHARES[name] for name in shown])
    family = shown[int(np.searchsorted(upto, rng.random() * upto[-1], side="right"))]
    if family == "letters":
        return letters[int(rng.integers(len(letters)))]
    if family == "shapes":
        return shapes[int(rng.integers(len(shapes)))](rng)
    return overlaid(digits, rng) if family == "overlaid" else side_by_side(digits, rng)


def rotation(angle: float) -> NDArray[np.float64]:
    """The (2, 2) matrix that turns points, as rows, by an angle in radians."""
    return np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])


def smooth(corners: NDArray[np.float64]) -> NDArray[np.float64]:
    """A smooth line near the corners (n, 2): Chaikin's corner cutting (1974), three rounds."""
    points = corners
    for _ in range(3):
        first, second = points[:-1], points[1:]
        cut = np.stack([0.75 * first + 0.25 * second, 0.25 * first + 0.75 * second], axis=1)
        points = np.vstack([points[:1], cut.reshape(-1, 2), points[-1:]])
    return points


def _straight(corners: NDArray[np.float64]) -> Stroke:
    """Straight lines from corner to corner, in points as close as a pen's."""
    places = np.linspace(0, len(corners) - 1, 12 * (len(corners) - 1) + 1)
    axes = [np.interp(places, np.arange(len(corners)), corners[:, axis]) for axis in (0, 1)]
    return Stroke(np.column_stack(axes))


def _unit(drawing: Strokes, place: NDArray[np.float64], size: float) -> list[Stroke]:
    """The drawing brought to height `size`, centred on `place`."""
    every = np.concatenate([stroke.points for stroke in drawing])
    low, high = every.min(axis=0), every.max(axis=0)
    scale = size / max(float((high - low).max()), 1e-9)
    return [stroke.moved(scale, place - (low + high) / 2 * scale) for stroke in drawing]
