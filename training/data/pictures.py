"""Synthetic pictures of writing, drawn from strokes: clean ones, and as a camera sees paper."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from models.ink.strokes import Stroke, bounding_box
from models.pictures.ink import ink_of
from models.preprocessing.mnist_form import picture_to_image
from training.data import paper
from training.data.synthetic_lines import Rng

_HEIGHTS = (30.0, 200.0)  # pixels, of the writing
_PENS = (0.05, 0.12)  # heights of the writing
_PAPERS, _INKS = (170.0, 250.0), (20.0, 110.0)  # grey levels
_NOISE = 3.0  # grey levels, standard deviation
_MARGINS = (0.15, 0.5)  # heights of the writing, around the ink
_SUBPIXEL_BITS = 4
_OVERSAMPLING = 4

# Of photographs, in the same units: they are mostly small, with any pen from a hard pencil to a
# marker, whose grey differs from the paper's by so much of it.
_PHOTO_HEIGHTS = (24.0, 90.0)
_PHOTO_PENS = (0.03, 0.24)
_CONTRASTS = (0.2, 0.85)
_PENCILS = 0.4  # share of the pens that skip the paper's grain


def pictured(strokes: Sequence[Stroke], rng: Rng) -> NDArray[np.uint8]:
    """Draws strokes, at least one, as dark ink on light paper: size, pen and greys by chance.

    Returns a picture (height, width) uint8, 0 = black to 255 = white.
    """
    height = float(np.exp(rng.uniform(*np.log(_HEIGHTS))))
    ink = _inked(strokes, height, max(1.0, height * rng.uniform(*_PENS)), rng)
    light, dark = rng.uniform(*_PAPERS), rng.uniform(*_INKS)
    picture = light + (dark - light) * ink + rng.normal(0, _NOISE, ink.shape)
    return np.clip(picture, 0, 255).astype(np.uint8)


def _inked(strokes: Sequence[Stroke], height: float, pen: float, rng: Rng) -> NDArray[np.float32]:
    """Strokes with a margin of paper around them, (height, width), 0 for paper to 1 for ink.

    height, pen: of the writing, in pixels.
    """
    box = bounding_box(strokes)
    # A dash has no height of its own.
    scale = height / max(box.height, 0.2 * box.width, 1e-9)
    margin = pen + height * rng.uniform(*_MARGINS)
    size = round(box.height * scale + 2 * margin), round(box.width * scale + 2 * margin)
    finer = _OVERSAMPLING
    sheet = np.zeros((size[0] * finer, size[1] * finer), np.uint8)
    corner = np.array([box.x, box.y])
    lines = [
        np.rint(((stroke.points - corner) * scale + margin) * finer * (1 << _SUBPIXEL_BITS))
        for stroke in strokes
    ]
    lines = [line if len(line) > 1 else np.repeat(line, 2, axis=0) for line in lines]
    cv2.polylines(
        sheet,
        [line.astype(np.int32) for line in lines],
        False,
        255,
        max(1, round(pen * finer)),
        cv2.LINE_8,
        _SUBPIXEL_BITS,
    )
    ink = cv2.resize(sheet, size[::-1], interpolation=cv2.INTER_AREA)
    return np.asarray(ink, np.float32) / np.float32(255)


def photographed_image(strokes: Sequence[Stroke], rng: Rng) -> NDArray[np.float32] | None:
    """A photograph of strokes, at least one, on paper, as `Reader.read_picture` shows it to the
    network when it takes all of it for one character.

    A pencil, a pen or a marker; slanting light, shadows, blur, noise, compression. Returns (28, 28)
    float32, 0 for paper to 1 for ink; None where no ink can be told from paper.
    """
    height = float(np.exp(rng.uniform(*np.log(_PHOTO_HEIGHTS))))
    pen = max(1.0, height * float(np.exp(rng.uniform(*np.log(_PHOTO_PENS)))))
    ink = _inked(strokes, height, pen, rng)
    if rng.random() < _PENCILS:
        grain = cv2.GaussianBlur(rng.random(ink.shape, np.float32), (0, 0), rng.uniform(0.5, 1.2))
        spread = (grain - grain.mean()) / max(float(grain.std()), 1e-6)
        ink = ink * np.clip(1 - rng.uniform(0.1, 0.4) * (spread + 0.5), 0, 1)
    contrast = float(np.exp(rng.uniform(*np.log(_CONTRASTS))))
    shown = rng.uniform(*_PAPERS) * (1 - contrast * ink) * paper.light(ink.shape, rng)
    found = ink_of(paper.photographed(np.asarray(shown, np.float32), rng))
    return picture_to_image(found) if found.any() else None


def scratch(picture: NDArray[np.uint8], rng: Rng) -> None:
    """Draws a line of paper across a picture: ink is broken, as by a dry pen or a fold."""
    height, width = picture.shape
    across = rng.random() < 0.5
    high, x = rng.uniform(0.3, 0.7) * height, rng.uniform(0.1, 0.9) * width
    rise = rng.uniform(-0.2, 0.2) * height
    ends = ((0, high - rise), (width, high + rise)) if across else ((x, 0), (x + rise, height))
    (ax, ay), (bx, by) = ends
    thick = max(1, round(height * rng.uniform(0.02, 0.06)))
    paper = int(np.median(picture))
    cv2.line(picture, (round(ax), round(ay)), (round(bx), round(by)), (paper,), thick)
