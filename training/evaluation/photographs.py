"""Single characters as cameras show them: strokes drawn on paper, each with one difficulty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from models.ink.strokes import Stroke, bounding_box
from training.data.augmentation import with_skips

Rng = np.random.Generator
Grey = NDArray[np.float32]

_FINER = 4  # times, at which ink is drawn before it is averaged
_BITS = 4  # of a pixel's fraction, for OpenCV


@dataclass(frozen=True)
class Photograph:
    """How a character is photographed; ranges are drawn from evenly.

    height: of the character, pixels, evenly in the logarithm. pen, margins: in heights. paper:
    grey level. contrast: grey levels between paper and ink. noise: grey levels, standard deviation.
    blur: in heights, standard deviation. quality: of JPEG, None for no compression. slope: of the
    light, its least share of the most. shadow: share of the light that one leaves, None for none.
    skips: whether the pen skips. inverted: whether ink is light on dark.
    """

    height: tuple[float, float] = (40, 200)
    pen: tuple[float, float] = (0.05, 0.12)
    margins: tuple[float, float] = (0.15, 0.5)
    paper: tuple[float, float] = (170, 250)
    contrast: tuple[float, float] = (100, 170)
    noise: tuple[float, float] = (1, 4)
    blur: tuple[float, float] = (0, 0.01)
    quality: tuple[int, int] | None = None
    slope: tuple[float, float] = (0.95, 1)
    shadow: tuple[float, float] | None = None
    skips: bool = False
    inverted: bool = False


PHOTOGRAPHS = {
    "even light": Photograph(),
    "uneven light": Photograph(slope=(0.35, 0.6), margins=(0.3, 1.0)),
    "a shadow across": Photograph(shadow=(0.5, 0.75), margins=(0.3, 1.0)),
    "faint pencil": Photograph(contrast=(15, 30), pen=(0.03, 0.08), noise=(2, 4)),
    "thick marker": Photograph(pen=(0.15, 0.3), margins=(0.02, 0.3)),
    "filling the picture": Photograph(margins=(0, 0), pen=(0.06, 0.18)),
    "tiny in the picture": Photograph(height=(24, 60), margins=(3, 6), slope=(0.6, 1)),
    "light on dark": Photograph(inverted=True, slope=(0.6, 1), margins=(0.1, 1.0)),
    "blurred, noisy, compressed": Photograph(
        blur=(0.02, 0.04), noise=(6, 14), quality=(15, 40), contrast=(60, 140)
    ),
    "a pen that skips": Photograph(skips=True, pen=(0.03, 0.07)),
}


def photographed(strokes: Sequence[Stroke], how: Photograph, rng: Rng) -> NDArray[np.uint8]:
    """A photograph of strokes, at least one: (height, width) uint8, 0 = black to 255 = white."""
    if how.skips:
        strokes, _ = with_skips(strokes, rng)
    height = float(np.exp(rng.uniform(*np.log(how.height))))
    ink = _drawn(strokes, height, height * rng.uniform(*how.pen), rng.uniform(*how.margins, 4), rng)
    paper = rng.uniform(*how.paper)
    contrast = min(rng.uniform(*how.contrast), 0.95 * paper)
    # Pencil and pens write unevenly.
    grey = paper - contrast * ink * _field(ink.shape, (0.8, 1.0), height / 8, rng)
    grey *= _light(ink.shape, rng.uniform(*how.slope), rng)
    if how.shadow:
        grey *= _shadow(ink.shape, rng.uniform(*how.shadow), height, rng)
    if how.inverted:
        grey = 255 - grey
    if (sigma := height * rng.uniform(*how.blur)) > 0.2:
        grey = np.asarray(cv2.GaussianBlur(grey, (0, 0), sigma), np.float32)
    grey += rng.standard_normal(grey.shape, np.float32) * np.float32(rng.uniform(*how.noise))
    picture: NDArray[np.uint8] = np.clip(grey, 0, 255).astype(np.uint8)
    if how.quality:
        options = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(*how.quality))]
        _, content = cv2.imencode(".jpg", picture, options)
        picture = np.asarray(cv2.imdecode(content, cv2.IMREAD_GRAYSCALE), np.uint8)
    return np.asarray(picture, np.uint8)


def _drawn(
    strokes: Sequence[Stroke], height: float, pen: float, margins: NDArray[np.float64], rng: Rng
) -> Grey:
    """(height, width) float32, 0 for paper to 1 for ink. margins: left, top, right, bottom."""
    box = bounding_box(strokes)
    # A dash has no height of its own, and all is as high as `height`, the pen included.
    scale = (height - pen) / max(box.height, 0.2 * box.width, 1e-9)
    pen = max(1.0, pen)
    left, top, right, bottom = (margins * height + pen / 2).tolist()
    size = round(box.height * scale + top + bottom), round(box.width * scale + left + right)
    sheet = np.zeros((max(2, size[0]) * _FINER, max(2, size[1]) * _FINER), np.uint8)
    lines = []
    for stroke in strokes:
        line = (stroke.points - (box.x, box.y)) * scale + (left, top)
        line = np.rint(line * _FINER * (1 << _BITS)).astype(np.int32)
        lines.append(line if len(line) > 1 else np.repeat(line, 2, axis=0))
    cv2.polylines(sheet, lines, False, 255, max(1, round(pen * _FINER)), cv2.LINE_8, _BITS)
    whole = sheet.shape[1] // _FINER, sheet.shape[0] // _FINER
    ink = cv2.resize(sheet, whole, interpolation=cv2.INTER_AREA)
    return np.asarray(ink, np.float32) / np.float32(255)


def _field(shape: tuple[int, ...], values: tuple[float, float], grain: float, rng: Rng) -> Grey:
    """Values that vary smoothly, over about `grain` pixels."""
    height, width = shape
    size = max(2, round(width / grain)), max(2, round(height / grain))
    coarse = rng.uniform(*values, size[::-1]).astype(np.float32)
    return np.asarray(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR))


def _light(shape: tuple[int, ...], least: float, rng: Rng) -> Grey:
    """Light that falls evenly from 1 to `least` in some direction."""
    height, width = shape
    angle = rng.uniform(0, 2 * np.pi)
    across = np.add.outer(
        np.sin(angle) * np.linspace(-1, 1, height), np.cos(angle) * np.linspace(-1, 1, width)
    )
    across = (across - across.min()) / np.ptp(across)
    return np.asarray(least + (1 - least) * across, np.float32)


def _shadow(shape: tuple[int, ...], left: float, size: float, rng: Rng) -> Grey:
    """1 in the light and `left` in the shadow, whose edge is a soft line through the middle part.

    size: of the character, pixels.
    """
    height, width = shape
    angle = rng.uniform(0, 2 * np.pi)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    x0, y0 = width * rng.uniform(0.25, 0.75), height * rng.uniform(0.25, 0.75)
    away = (x - x0) * np.cos(angle) + (y - y0) * np.sin(angle)
    soft = max(0.5, size * rng.uniform(0.01, 0.15))
    return np.asarray(1 - (1 - left) / (1 + np.exp(-away / soft)), np.float32)
