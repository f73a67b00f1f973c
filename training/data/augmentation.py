"""Data augmentation: variations of strokes before they are drawn, and of images.

All pieces take a NumPy generator, so that a seed gives the same variations on every backend.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from models.ink.strokes import Stroke
from models.preprocessing.directions import strokes_to_input
from models.preprocessing.mnist_form import SIDE, strokes_to_image

# Pens are drawn from a log-uniform range somewhat wider than MNIST's own (mnist_form.PEN_RANGE).
PENS = (1.4, 4.2)  # pixels on 28×28
# Share of the drawings of which each stroke may have been drawn the other way round, as likely as
# not: there is always somebody who draws a digit as nobody in the training sets does.
_OTHER_WAYS = 0.25
_SKIPPING_STROKES = 0.35  # how many are in two, where a pen skips


def random_pen(rng: np.random.Generator) -> float:
    """A pen width in pixels on 28×28, log-uniform over `PENS`."""
    return float(np.exp(rng.uniform(*np.log(PENS))))


def random_affine(
    rng: np.random.Generator, strength: float = 1.0, turn: float = 1.0
) -> NDArray[np.float64]:
    """A (2, 2) matrix: rotation (standard deviation 7°), shear (0.22) and aspect (12 %).

    Handwriting slants more than it turns. strength: of all three, 0..1. turn: how much of the
    rotation, 0..1.
    """
    angle = np.deg2rad(np.clip(rng.normal(0, 7), -20, 20)) * strength * turn
    shear = np.clip(rng.normal(0, 0.22), -0.55, 0.55) * strength
    aspect = np.exp(np.clip(rng.normal(0, 0.12), -0.35, 0.35) * strength / 2)
    rotation = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return np.asarray(rotation @ [[1, shear], [0, 1]] @ np.diag([aspect, 1 / aspect]))


def vary_strokes(
    strokes: Sequence[Stroke], rng: np.random.Generator, turn: float = 1.0
) -> list[Stroke]:
    """The same drawing in another handwriting; turn: as in `random_affine`.

    In random measure: slant, turn, aspect and perspective; a smooth bending of the plane; strokes
    shifted against each other; ends drawn shorter, longer or with a hook; corners rounded; a
    trembling, swaying, coarsely sampled or skipping pen. Returns strokes about the origin, their
    longest side about 1.
    """
    arrays = [stroke.points for stroke in strokes]
    every = np.concatenate(arrays)
    low, high = every.min(axis=0), every.max(axis=0)
    side = max(float((high - low).max()), 1e-9)
    points = (every - (low + high) / 2) / side
    parts = np.cumsum([len(array) for array in arrays])[:-1]
    lengths = [len(array) for array in arrays]

    points = points @ random_affine(rng, turn=turn).T
    if rng.random() < 0.3:
        points = points / (1 + points @ np.clip(rng.normal(0, 0.2, 2), -0.5, 0.5))[:, np.newaxis]
    points = points + _bending(points, rng)
    if len(arrays) > 1:
        shifts = rng.normal(0, 0.025, (len(arrays), 2))
        points = points + np.repeat(shifts, lengths, axis=0)
    varied: list[Stroke] = []
    for piece in np.split(points, parts):
        if len(piece) > 3:
            if rng.random() < 0.25:
                piece = _rounded(piece, rng)
            if rng.random() < 0.15:
                piece = _coarse(piece, rng)
            if rng.random() < 0.3:
                piece = _other_ends(piece, rng)
            if rng.random() < 0.2:
                piece = _swaying(piece, rng)
            if rng.random() < 0.1:
                piece = _hooked(piece, rng)
        if rng.random() < 0.3:
            piece = piece + rng.normal(0, 0.006, piece.shape)
        pieces = skipping(piece, rng) if len(piece) > 8 and rng.random() < 0.06 else [piece]
        varied.extend(Stroke(each) for each in pieces)
    return varied


def _bending(points: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """A smooth displacement: for each axis two waves of random direction, length and phase."""
    moved = np.zeros_like(points)
    for axis in (0, 1):
        for _ in range(2):
            wave = rng.normal(0, 3.0, 2)
            moved[:, axis] += rng.normal(0, 0.022) * np.sin(
                points @ wave + rng.uniform(0, 2 * np.pi)
            )
    return moved


def _rounded(points: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Corners rounded by a moving average along the stroke; its ends stay where they are."""
    reach = int(rng.integers(1, 3))
    padded = np.pad(points, ((reach, reach), (0, 0)), mode="edge")
    width = 2 * reach + 1
    sums = np.cumsum(np.vstack([np.zeros((1, 2)), padded]), axis=0)
    smooth = (sums[width:] - sums[:-width]) / width
    smooth[0], smooth[-1] = points[0], points[-1]
    return np.asarray(smooth)


def _coarse(points: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Every second or third point only, as a slow device gives them."""
    step = int(rng.integers(2, 4))
    return np.vstack([points[:-1:step], points[-1:]]) if len(points) > 10 * step else points


def _other_ends(points: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """The first and the last point moved along the stroke's own direction, out or back in."""
    varied = points.copy()
    for end, neighbour in ((0, min(3, len(points) - 1)), (-1, max(-4, -len(points)))):
        direction = points[end] - points[neighbour]
        length = float(np.hypot(*direction))
        if length > 1e-6:
            varied[end] = points[end] + direction / length * rng.uniform(-0.03, 0.09)
    return varied


def _swaying(points: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """A slow tremor along the stroke, as of a mouse: a smooth error every tenth of the side."""
    steps = np.hypot(*np.diff(points, axis=0).T)
    place = np.concatenate([[0.0], np.cumsum(steps)]) / 0.1
    knots = rng.normal(0, 0.012, (int(place[-1]) + 2, 2))
    sway = [np.interp(place, np.arange(len(knots)), knots[:, axis]) for axis in (0, 1)]
    return points + np.column_stack(sway)


def _hooked(points: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """A short hook before the first point or after the last: the pen lands early or lifts late."""
    angle, length = rng.uniform(0, 2 * np.pi), rng.uniform(0.03, 0.09)
    tip = length * np.array([[np.cos(angle), np.sin(angle)]])
    if rng.random() < 0.5:
        return np.vstack([points[:1] + tip, points])
    return np.vstack([points, points[-1:] + tip])


def skipping(points: NDArray[np.float64], rng: np.random.Generator) -> list[NDArray[np.float64]]:
    """A stroke in two, as a pen or a screen that skips leaves it; or whole where it is too short.

    points: (n, 2), in units of the character's longest side; the gap is 0.02 to 0.09 long.
    """
    gap, place = rng.uniform(0.02, 0.09), rng.uniform(0.3, 0.7)
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    start, end = np.searchsorted(along, place * along[-1] + np.array([-gap / 2, gap / 2]))
    first, second = points[:start], points[end:]
    return [first, second] if min(len(first), len(second)) > 2 else [points]


def with_skips(
    strokes: Sequence[Stroke], rng: np.random.Generator
) -> tuple[tuple[Stroke, ...], tuple[int, ...]]:
    """Ink by a pen that skips: about a third of its strokes in two; and which stroke each was."""
    found: list[Stroke] = []
    sources: list[int] = []
    for index, stroke in enumerate(strokes):
        pieces = [stroke.points]
        side = max(float(np.ptp(stroke.points, axis=0).max()), 1e-9)
        if len(stroke) > 8 and rng.random() < _SKIPPING_STROKES:
            pieces = [piece * side for piece in skipping(stroke.points / side, rng)]
        found += [stroke] if len(pieces) == 1 else map(Stroke, pieces)
        sources += [index] * len(pieces)
    return tuple(found), tuple(sources)


def vary_image(
    image: NDArray[np.float32], rng: np.random.Generator, turn: float = 1.0
) -> NDArray[np.float32]:
    """The same image with another pen: turned, slanted, scaled, bent, thicker or thinner.

    image: (28, 28), 0 for paper to 1 for ink. turn: as in `random_affine`. Returns the same form.
    """
    matrix = random_affine(rng, 0.8, turn) / rng.uniform(0.88, 1.1)
    middle = (SIDE - 1) / 2
    rows, columns = np.mgrid[0:SIDE, 0:SIDE].astype(np.float32)
    x, y = columns - middle, rows - middle
    field = rng.normal(0, 1.0, (2, 5, 5)).astype(np.float32) * np.float32(rng.uniform(0, 1.1))
    bend = [cv2.resize(part, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC) for part in field]
    shift = rng.uniform(-1.2, 1.2, 2)
    from_x = matrix[0, 0] * x + matrix[0, 1] * y + middle + shift[0] + bend[0]
    from_y = matrix[1, 0] * x + matrix[1, 1] * y + middle + shift[1] + bend[1]
    varied = cv2.remap(
        image,
        from_x.astype(np.float32),
        from_y.astype(np.float32),
        cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=0,
    )
    if rng.random() < 0.4:
        change = cv2.dilate if rng.random() < 0.5 else cv2.erode
        cross = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
        share = rng.uniform(0, 0.8) if change is cv2.dilate else rng.uniform(0, 0.5)
        varied = (1 - share) * varied + share * change(varied, cross)
    return np.clip(varied, 0, 1).astype(np.float32)


def draw_varied(
    strokes: Sequence[Stroke],
    rng: np.random.Generator,
    turn: float = 1.0,
    directions: bool = False,
) -> NDArray[np.float32]:
    """A varied drawing as an image (28, 28), with another pen and slightly off its place.

    directions: the image with those of the pen, (28, 28, 9), which went the other way now and then.
    """
    varied = vary_strokes(strokes, rng, turn)
    if not directions:
        return _shifted(strokes_to_image(varied, random_pen(rng)), rng)
    if rng.random() < _OTHER_WAYS:
        varied = [Stroke(each.points[::-1]) if rng.random() < 0.5 else each for each in varied]
    return _shifted(strokes_to_input(varied, random_pen(rng)), rng)


def _shifted(image: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """The image moved by up to a pixel and scaled by up to 6 %: segmentation is never exact."""
    scale = rng.uniform(0.94, 1.06)
    middle = (SIDE - 1) / 2
    shift = rng.uniform(-1, 1, 2) + middle * (1 - scale)
    matrix = np.array([[scale, 0, shift[0]], [0, scale, shift[1]]])
    return np.asarray(cv2.warpAffine(image, matrix, (SIDE, SIDE), flags=cv2.INTER_LINEAR))
