"""A picture of one number as the network for lines sees it: a strip 32 pixels high.

The paper's own brightness is taken away, ink is brought to full contrast, and the rows that hold
the writing to one height. Background patterns, frames and marks stay: the network was trained with
them.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

HEIGHT = 32  # pixels, of a strip
BAND = 22  # pixels of them that the writing takes
WIDEST = 384  # pixels; longer lines are made narrower
_WORKING_HEIGHT = 96  # pixels; taller pictures, and bands, are made smaller first
_WORKING_WIDTH = 1200
# Rows of the paper's estimate: a stroke is thin in it, so that a median does not see it.
_PAPER_HEIGHT = 24
_LEAST_CONTRAST = 12  # grey levels of 255 between paper and ink, below it there is nothing to read
# Ink is light on dark paper where light spots stand out so much more than dark ones.
_LIGHT_INK = 1.4
# Of the ink that is darker than Otsu's threshold, this quantile becomes full ink.
_FULL_INK = 0.6


@dataclass(frozen=True, eq=False)
class Strip:
    """A line of writing, ready for the network.

    image: (32, width) uint8, 0 for paper to 255 for ink; width is 16 to 384.
    left, top: the picture's point that the strip's upper left corner shows, in its pixels.
    x_scale, y_scale: pixels of the picture for one of the strip.
    """

    image: NDArray[np.uint8]
    left: float
    top: float
    x_scale: float
    y_scale: float


@dataclass(frozen=True)
class Band:
    """Where the writing stands in a picture, in its pixels."""

    left: float
    top: float
    right: float
    bottom: float


def strip_of(picture: NDArray[np.uint8]) -> Strip | None:
    """The strip of a picture of one line; None where nothing stands out from the paper.

    picture: (height, width) uint8, grey levels; ink may be dark on light or light on dark.
    """
    shrink = min(1.0, 2 * _WORKING_HEIGHT / picture.shape[0], _WORKING_WIDTH / picture.shape[1])
    if shrink < 1:
        picture = _resized(picture, shrink)
    ink = ink_levels(picture)
    if ink is None:
        return None
    strip = cut(ink, find_band(ink))
    return Strip(
        strip.image,
        strip.left / shrink,
        strip.top / shrink,
        strip.x_scale / shrink,
        strip.y_scale / shrink,
    )


def _resized(picture: NDArray[np.uint8], scale: float) -> NDArray[np.uint8]:
    size = [max(1, round(side * scale)) for side in picture.shape[::-1]]
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def ink_levels(picture: NDArray[np.uint8]) -> NDArray[np.uint8] | None:
    """How dark each pixel is against the paper around it: 0 for paper to 255 for ink.

    picture: (height, width) uint8. None where nothing stands out.
    """
    height, width = picture.shape
    small = _PAPER_HEIGHT / max(height, _PAPER_HEIGHT)
    paper = cv2.medianBlur(_resized(picture, small), 2 * (_PAPER_HEIGHT // 2) + 1)
    paper = cv2.GaussianBlur(paper, (0, 0), 3)
    paper = cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR)
    darkness = np.asarray(cv2.subtract(paper, picture), np.uint8)
    lightness = np.asarray(cv2.subtract(picture, paper), np.uint8)
    ((dark_ink,), (light_ink,)) = (_quantiles(each, (0.98,)) for each in (darkness, lightness))
    if light_ink > _LIGHT_INK * dark_ink:
        darkness = lightness
    _, mask = cv2.threshold(darkness, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    dark = darkness[mask > 0]
    if dark.size == 0:
        return None
    (full,) = _quantiles(dark, (_FULL_INK,))
    if full < _LEAST_CONTRAST:
        return None
    return np.asarray(cv2.convertScaleAbs(darkness, alpha=255 / full), np.uint8)


def _quantiles(levels: NDArray[np.uint8], shares: tuple[float, ...]) -> list[int]:
    """The grey levels below which these shares of all pixels lie."""
    below = np.cumsum(np.bincount(levels.ravel(), minlength=256))
    return [int(np.searchsorted(below, share * below[-1])) for share in shares]


def find_band(ink: NDArray[np.uint8]) -> Band:
    """Where the writing stands among rules, frames and specks.

    ink: (height, width) uint8, as `ink_levels` gives it. The whole picture where nothing is found.
    """
    height, width = ink.shape
    whole = Band(0, 0, width, height)
    _, mask = cv2.threshold(ink, 127, 255, cv2.THRESH_BINARY)
    mask = _without_rules(np.asarray(mask, np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    if count < 2:
        return whole
    x, y, w, h, area = stats[1:].T.astype(np.float64)
    # Lines along the sides of the picture are a frame's.
    at_side = ((x <= 1) | (x + w >= width - 1)) & (w < 0.12 * h) & (h > 0.7 * height)
    kept = ~at_side & (area >= 6)
    if not kept.any():
        return whole
    x, y, w, h, area = (each[kept] for each in (x, y, w, h, area))
    # How high characters are: the height that most of the ink has, at least.
    order = np.argsort(h)
    weight = np.cumsum(area[order])
    tall = float(h[order][np.searchsorted(weight, 0.6 * weight[-1])])
    characters = h >= 0.55 * tall
    top = _weighted(y[characters], area[characters], 0.2)
    bottom = _weighted((y + h)[characters], area[characters], 0.8)
    if bottom - top < 0.6 * tall:
        return whole
    inside = (y + h / 2 > top - 0.3 * tall) & (y + h / 2 < bottom + 0.3 * tall) & (h > 0.12 * tall)
    inside |= characters
    return Band(float(x[inside].min()), top, float((x + w)[inside].max()), bottom)


def _without_rules(mask: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The mask without level lines that are longer than any character is wide."""
    height, width = mask.shape
    length = min(width, max(25, round(0.9 * height)))
    rules = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    if not rules.any():
        return mask
    wider = cv2.dilate(rules, np.ones((3, 1), np.uint8))
    return np.asarray(cv2.subtract(mask, wider), np.uint8)


def _weighted(values: NDArray[np.float64], weights: NDArray[np.float64], share: float) -> float:
    """The value below which so large a share of the weights lies."""
    order = np.argsort(values)
    total = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(total, share * total[-1])])


def cut(ink: NDArray[np.uint8], band: Band) -> Strip:
    """The strip in which a band of the ink has its height.

    ink: (height, width) uint8, 0 for paper to 255 for ink. band: in its pixels.
    """
    y_scale = max(band.bottom - band.top, 4.0) / BAND
    margin = 0.35 * BAND * y_scale
    left = max(0, int(np.floor(band.left - margin)))
    right = min(ink.shape[1], int(np.ceil(band.right + margin)))
    middle = (band.top + band.bottom) / 2
    top = int(np.floor(middle - HEIGHT / 2 * y_scale))
    bottom = max(top + 2, int(np.ceil(middle + HEIGHT / 2 * y_scale)))
    rows = ink[max(0, top) : max(0, min(ink.shape[0], bottom)), left : max(right, left + 1)]
    above, below = max(0, -top), max(0, bottom - max(top, ink.shape[0]))
    if above or below:
        rows = np.pad(rows, ((above, below), (0, 0)))
    width = int(np.clip(round(rows.shape[1] * HEIGHT / rows.shape[0]), 16, WIDEST))
    smaller = rows.shape[0] > HEIGHT
    how = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
    image = np.asarray(cv2.resize(rows, (width, HEIGHT), interpolation=how), np.uint8)
    return Strip(image, left, top, rows.shape[1] / width, rows.shape[0] / HEIGHT)
