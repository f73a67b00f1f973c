"""Ink for the random player: strokes of real hands and made-up ones, in the window's pixels."""

from __future__ import annotations

import gzip
import os
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.random import Generator

from game.batch.pilot import Pixel
from models.ink.jsonl import drawing_from_json
from models.ink.strokes import Drawing, bounding_box
from tests.helpers.samples import samples

Strokes = list[list[Pixel]]
Size = tuple[int, int]  # width and height of the window, in pixels

_EVERY = 100  # of a data set's drawings one in so many is enough
_NEIGHBOUR = Path(__file__).parents[3] / "shared" / "data"


def drawings() -> list[Drawing]:
    """The drawings that ship with the game, and some of each data set that is there."""
    found = samples()
    folder = Path(os.environ.get("DATA_DIR") or _NEIGHBOUR) / "strokes"
    for path in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            found += [drawing_from_json(line, path.name) for line in islice(lines, 0, None, _EVERY)]
    return found


def real(rng: Generator, drawing: Drawing, size: Size) -> Strokes:
    """A drawing at a random size and place."""
    box = bounding_box(drawing.strokes)
    side = rng.uniform(0.04, 0.5) * min(size)
    left, top = _place(rng, size)
    scale = side / max(box.width, box.height, 1.0)
    return [
        [(round(left + (x - box.x) * scale), round(top + (y - box.y) * scale)) for x, y in points]
        for points in (stroke.points.tolist() for stroke in drawing.strokes)
    ]


def scribble(rng: Generator, size: Size, points: int) -> Strokes:
    """One stroke that wanders about and lies across itself."""
    steps = rng.normal(0, 0.03 * min(size), (points, 2))
    return [_pixels(np.cumsum(steps, axis=0) + _place(rng, size))]


def hatching(rng: Generator, size: Size) -> Strokes:
    """Parallel strokes, and as often as not others across them."""
    left, top = _place(rng, size)
    count, gap = int(rng.integers(2, 9)), rng.uniform(0.005, 0.03) * min(size)
    long, crossed = count * gap, rng.random() < 0.5
    at = [gap * number for number in range(count)]
    lines = [[(left, top + y), (left + long, top + y + gap)] for y in at]
    if crossed:
        lines += [[(left + x, top), (left + x + gap, top + long)] for x in at]
    return [_pixels(np.array(line)) for line in lines]


def dots(rng: Generator, size: Size) -> Strokes:
    return [_pixels(np.array([_place(rng, size)])) for _ in range(int(rng.integers(1, 5)))]


def _place(rng: Generator, size: Size) -> tuple[float, float]:
    across, down = rng.random(2)
    return across * size[0], down * size[1]


def _pixels(points: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> list[Pixel]:
    return [(round(x), round(y)) for x, y in points.tolist()]
