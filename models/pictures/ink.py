"""Ink in a picture's grey levels, told from paper, light and shadow."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

# Larger pictures are brought down to this many pixels on their longest side: handwriting stays
# legible, and reading takes milliseconds.
_LARGEST_SIDE = 1600
# Below this spread between paper and ink, in grey levels of 255 or in standard deviations of the
# paper's noise, there is nothing to read.
_LEAST_CONTRAST, _LEAST_OF_NOISE = 10, 5
_NOISE_FLOOR = 4  # standard deviations of the noise: what differs less from paper is no ink
# Share of a picture that is in the darker half of its levels, beyond which that is ink.
_MOSTLY_INK = 0.55
# Where the noise is more than this share of the contrast, it is smoothed, by so many pixels.
_NOISY, _DENOISING = 0.06, 0.9
# Pixels on the longest side where the paper, and what is ink and what is paper, are estimated.
_SMALL_SIDE, _TINY_SIDE = 128, 64
_SMOOTH = 1.5  # pixels there, by which noise is smoothed before
# Windows of the paper's brightness, in longest sides of the picture: the narrow one for shadows,
# the wide one for thick pens.
_NARROW, _WIDE = 0.25, 0.55
_SAME = 4  # grey levels: papers by both windows that differ by no more are one
_BLACK = 24  # grey level: darker paper counts as this
# Share of a picture that is dark, at least, where its paper is.
_DARK = 0.35
# Specks below this share of the largest piece of ink are dust.
_DUST = 0.01
# What reaches the border and has an outline of less than this share of the other ink's steepness is
# a shadow. Of 92 corners in shadow that were taken for ink 88 have less, of 8 pieces of ink none
# less than 0.79.
_SOFT = 0.45


def ink_of(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Separates ink from paper: (height, width) uint8, 0 for paper to 255 for ink.

    picture: (height, width) uint8, grey levels. Where it is larger, the ink comes with 1600 pixels
    on its longest side, aspect kept.

    Works for dark ink on light paper and for light on dark. Light and shadow are levelled by the
    paper's own brightness around each pixel (`_paper`), ink is separated from paper by Otsu's
    threshold (1979) where it is darker than the paper's noise, and edges keep their grey. What
    reaches the border with a soft edge, beside ink with sharp ones, is a shadow.
    """
    shrink = _LARGEST_SIDE / max(picture.shape)
    if shrink < 1:
        size = [max(1, round(side * shrink)) for side in picture.shape[::-1]]
        picture = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
    grey = picture.astype(np.float32)
    is_light_on_dark = _is_light_on_dark(grey)
    if is_light_on_dark:
        grey = 255 - grey
    small_scale = min(1.0, _SMALL_SIDE / max(grey.shape))
    small = cv2.resize(grey, None, fx=small_scale, fy=small_scale, interpolation=cv2.INTER_AREA)
    sigma = _SMOOTH * float(np.clip(max(small.shape) / 100, 0.4, 1))
    smooth = np.asarray(cv2.GaussianBlur(small, (0, 0), sigma), np.float32)
    # Shadows ask for a window that is narrower than they are, a thick pen for one that is wider
    # than its line: the ink whose outline has the steepest edges in the picture is right.
    narrow = _paper(smooth, _NARROW)
    slope = _plane(narrow)
    soft = cv2.GaussianBlur(grey, (0, 0), 1.0)
    gradient = cv2.morphologyEx(soft, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    steps = np.asarray(gradient, np.float32)
    best, steepest = np.zeros(picture.shape, np.uint8), 0.0
    wide = _paper(np.asarray(smooth / slope, np.float32), _WIDE) * slope
    is_same = np.abs(wide - narrow).max() <= _SAME
    for paper in (narrow,) if is_same else (narrow, wide):
        whole = cv2.resize(paper, grey.shape[::-1], interpolation=cv2.INTER_LINEAR)
        darkness = whole - grey
        if not is_light_on_dark:
            # In a shadow ink differs less from paper, by the same share.
            darkness *= np.percentile(paper, 75) / np.maximum(whole, _BLACK)
        ink, mask = _separated(darkness)
        outline = cv2.morphologyEx(mask, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) > 0
        steep = float(steps[outline].mean()) if outline.any() else 0.0
        if steep > steepest:
            best, steepest = _without_shadows(ink, mask, steps), steep
    return best


def _is_light_on_dark(grey: NDArray[np.float32]) -> bool:
    """Whether ink is lighter than its paper: (height, width), grey levels.

    Dark is what most of the border shows, and much of the picture: a frame around light paper is
    dark, but most of the picture isn't. Paper in the shade is dark as well, so the ink decides:
    it differs more from what is around it than the paper does.
    """
    border = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    if np.median(border) >= 128 or (grey < 128).mean() < _DARK:
        return False
    scale = min(1.0, _TINY_SIDE / max(grey.shape))
    tiny = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    tiny = np.clip(tiny, 0, 255).astype(np.uint8)
    around = cv2.medianBlur(tiny, max(3, max(tiny.shape) // 3) | 1)
    return bool(((tiny.astype(np.float32) - around) ** 3).sum() > 0)


def _paper(grey: NDArray[np.float32], window: float) -> NDArray[np.float32]:
    """The brightness of the paper at each pixel: (height, width), as `grey` with its ink closed.

    A morphological closing fills what is dark and narrower than its window, and keeps the edges of
    what is wider, such as shadows. window: in longest sides of the picture.
    """
    side = max(3, round(window * max(grey.shape))) | 1
    closed = cv2.morphologyEx(grey, cv2.MORPH_CLOSE, np.ones((side, side), np.uint8))
    return np.asarray(cv2.GaussianBlur(closed, (0, 0), 1.0), np.float32)


def _plane(paper: NDArray[np.float32]) -> NDArray[np.float32]:
    """Light that falls evenly across the paper: a plane, fitted to the logarithms of (height,
    width) brightnesses with least absolute differences, by reweighting.
    """
    height, width = paper.shape
    y, x = np.meshgrid(np.linspace(-1, 1, height), np.linspace(-1, 1, width), indexing="ij")
    terms = np.stack([np.ones(paper.size), x.ravel(), y.ravel()], axis=1)
    levels = np.log(np.maximum(paper, 8)).ravel().astype(np.float64)
    weights = np.ones(paper.size)
    fitted: NDArray[np.float64] = np.zeros(3)
    for _ in range(4):
        weighted = (terms * weights[:, np.newaxis]).T
        fitted = np.asarray(np.linalg.solve(weighted @ terms, weighted @ levels), np.float64)
        weights = 1 / np.maximum(np.abs(levels - terms @ fitted), 0.02)
    return np.exp(terms @ fitted).reshape(height, width).astype(np.float32)


def _separated(darkness: NDArray[np.float32]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """The ink, 0 to 255 with soft edges, and its mask; both without any where nothing is written.

    darkness: (height, width), by how many grey levels each pixel is darker than its paper.
    """
    empty = np.zeros(darkness.shape, np.uint8)
    level, noise = _paper_noise(darkness)
    darkness = darkness - level
    core = darkness[darkness > max(3 * noise, 6)]
    if core.size and noise > _NOISY * np.percentile(core, 75):
        darkness = np.asarray(cv2.GaussianBlur(darkness, (0, 0), _DENOISING), np.float32)
        _, noise = _paper_noise(darkness)
    floor = _NOISE_FLOOR * noise
    levels = np.clip(np.where(darkness > floor, darkness, 0), 0, 255).astype(np.uint8)
    if levels.max() < max(_LEAST_CONTRAST, _LEAST_OF_NOISE * noise):
        return empty, empty
    otsu, mask = cv2.threshold(levels, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    threshold = max(otsu, floor)
    kept = _without_dust(np.asarray(mask, np.uint8))
    full = float(np.median(darkness[kept > 0])) if kept.any() else 255.0
    # Grey between half the threshold and full ink becomes the soft edge of the ink.
    least = max(threshold / 2, min(2 * noise, 0.8 * threshold))
    soft = np.clip((darkness - least) / max(full - least, 1) * 255, 0, 255)
    near = cv2.dilate(kept, np.ones((3, 3), np.uint8))
    return np.where(near > 0, soft, 0).astype(np.uint8), kept


def _paper_noise(darkness: NDArray[np.float32]) -> tuple[float, float]:
    """The darkness of bare paper, 0 or more, and how much it varies (standard deviation, roughly):
    by the lower quantiles, which ink has no part in unless it covers most of the picture.
    """
    step = max(1, max(darkness.shape) // 200)
    levels = darkness[::step, ::step]
    low, high, most = np.percentile(levels, (5, 25, 95)).tolist()
    is_bare = levels <= (low + most) / 2
    if is_bare.mean() < 1 - _MOSTLY_INK:
        low, high = np.percentile(levels[is_bare], (5, 25)).tolist()
    return max(0.0, high + 0.5 * (high - low)), high - low


def _without_shadows(
    ink: NDArray[np.uint8], mask: NDArray[np.uint8], steps: NDArray[np.float32]
) -> NDArray[np.uint8]:
    """The ink without shadows in the picture's corners, where no paper around tells them from ink.

    mask: of the ink. steps: (height, width), how steep the picture is at each pixel.
    """
    count, parts, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    ends = stats[:, :2] + stats[:, 2:4]
    at_border = (stats[:, :2] == 0).any(axis=1) | (ends == mask.shape[::-1]).any(axis=1)
    at_border[0] = True  # paper
    if count <= 2 or at_border.all() or not at_border[1:].any():
        return ink
    edges = np.where(cv2.erode(mask, np.ones((3, 3), np.uint8)) > 0, 0, parts).ravel()
    pixels = np.bincount(edges, minlength=count)
    steepness = np.bincount(edges, steps.ravel(), count) / np.maximum(pixels, 1)
    soft = at_border & (steepness < _SOFT * steepness[~at_border].max())
    soft[0] = False
    shadow = cv2.dilate(soft[parts].astype(np.uint8), np.ones((3, 3), np.uint8))
    return np.where(shadow > 0, 0, ink).astype(np.uint8)


def _without_dust(mask: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The mask without specks that are tiny beside the largest piece."""
    count, parts, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    if count <= 2:
        return mask
    areas = stats[:, cv2.CC_STAT_AREA].copy()
    areas[0] = 0
    keep = areas >= max(2.0, _DUST * areas.max())
    return np.where(keep[parts], 255, 0).astype(np.uint8)
