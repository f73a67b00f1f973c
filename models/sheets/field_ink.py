"""The ink of a field: what is written in the printed box, without the box.

The light is levelled by dividing by the paper's brightness around each pixel. The printed lines are
looked for within a millimetre of where they should be, since paper is never quite flat.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from models.ink.strokes import Box
from models.sheets.sheet import Field
from models.sheets.straighten import straightened
from models.util.arrays import Floats

RESOLUTION = 10.0  # pixels for a millimetre
MARGIN = 2.0  # millimetres around the box, that writing may reach into
_STRAY = 1.0  # millimetres, that a printed line may lie from its place
_LINE = 0.55  # millimetres, a printed line with its soft edges
_PAPER = 6.0  # millimetres, the window in which there is paper beside ink
_SOFT = 0.06  # millimetres, the standard deviation of the filter against noise
_LEAST = 0.13  # darkness of ink, at least, 0 for paper to 1 for black
_NOISES = 5.0  # of the paper's noise, that ink is darker
_SMALLEST = 0.35  # square millimetres of a piece of ink
_LEAST_INK = 0.8  # square millimetres of ink in a field that is not empty
_INSIDE = 0.5  # share of a piece of ink that lies in the box, at least
# Millimetres of what is left of a level line where the paper bends: on average no thicker, no
# shorter, no higher, and no farther from where the line should be.
_THIN, _LONG, _CLIMB, _AWAY = 0.65, 5.0, 2.5, 1.5


@dataclass(frozen=True, eq=False)
class FieldInk:
    """What is written in a field.

    ink: (height, width) uint8, 0 for paper to 255 for ink, of the box and a margin around it.
    resolution: pixels for a millimetre. edges: left, top, right and bottom of the printed box in
    it, in pixels. is_empty: whether nothing is written.
    """

    ink: NDArray[np.uint8]
    resolution: float
    edges: tuple[float, float, float, float]
    is_empty: bool


def field_ink(grey: NDArray[np.uint8], to_photo: Floats, field: Field) -> FieldInk:
    """What is written in a field of a photographed page.

    grey: (height, width) uint8. to_photo: (3, 3), from millimetres on the page to its pixels.
    """
    around = field.box.grown(MARGIN)
    picture = straightened(grey, to_photo, around, RESOLUTION)
    dark = _darkness(picture)
    edges = _printed_edges(dark, field.box)
    left, top, right, bottom = edges
    verticals, horizontals = [left, right], [top, bottom]
    if field.has_cells and field.cells > 1:
        step = (right - left) / field.cells
        verticals += [left + step * number for number in range(1, field.cells)]
    noise = _noise(dark)
    least = max(_LEAST, _NOISES * noise)
    cleaned = _without_lines(dark, verticals, horizontals, least)
    inside = np.zeros(dark.shape, bool)
    inside[round(top) : round(bottom) + 1, round(left) : round(right) + 1] = True
    ink = _ink(cleaned, least, inside, horizontals)
    area = float((ink >= 128).sum()) / RESOLUTION**2
    is_empty = area < _LEAST_INK
    return FieldInk(np.zeros_like(ink) if is_empty else ink, RESOLUTION, edges, is_empty)


def _darkness(picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    """0 for paper to 1 for black, whatever the light."""
    soft = cv2.GaussianBlur(picture, (0, 0), _SOFT * RESOLUTION).astype(np.float32)
    reach = round(_PAPER * RESOLUTION) | 1
    scale = 0.25
    small = cv2.resize(soft, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    size = max(3, round(reach * scale)) | 1
    kernel = np.ones((size, size), np.uint8)
    # The middle of the paper's noise rather than its brightest pixels.
    calm = cv2.medianBlur(small.astype(np.uint8), 5)
    paper = cv2.morphologyEx(calm, cv2.MORPH_CLOSE, kernel, borderType=cv2.BORDER_REPLICATE)
    paper = cv2.GaussianBlur(paper.astype(np.float32), (0, 0), size / 4)
    paper = cv2.resize(paper, soft.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return np.asarray(np.clip(1 - soft / np.maximum(paper, 1.0), 0, 1), np.float32)


def _noise(dark: NDArray[np.float32]) -> float:
    """The standard deviation of the paper's darkness, by its most frequent values."""
    light = dark[dark < 0.1]
    return float(np.percentile(light, 68)) if light.size else 0.0


def _printed_edges(dark: NDArray[np.float32], box: Box) -> tuple[float, float, float, float]:
    """Where the lines of the box are: left, top, right and bottom, in pixels."""
    margin, stray = MARGIN * RESOLUTION, round(_STRAY * RESOLUTION)
    right, bottom = margin + box.width * RESOLUTION, margin + box.height * RESOLUTION
    inner = slice(round(margin), round(bottom)), slice(round(margin), round(right))
    # A line is dark from end to end, writing is not: low percentiles see the one alone.
    across = np.asarray(np.percentile(dark[inner[0], :], 30, axis=0), np.float64)
    down = np.asarray(np.percentile(dark[:, inner[1]], 30, axis=1), np.float64)
    return (
        _nearest_line(across, margin, stray),
        _nearest_line(down, margin, stray),
        _nearest_line(across, right, stray),
        _nearest_line(down, bottom, stray),
    )


def _nearest_line(profile: Floats, place: float, stray: int) -> float:
    """Where a profile is darkest near a place; the place where it is nowhere darker."""
    start = max(0, round(place) - stray)
    part = profile[start : round(place) + stray + 1]
    smooth = np.convolve(part, np.ones(3) / 3, mode="same")
    # Of lines as dark the nearest.
    weighed = smooth - 0.002 * np.abs(np.arange(len(part)) + start - place) / max(stray, 1)
    best = int(np.argmax(weighed))
    return float(start + best) if smooth[best] > 0.04 else place


def _without_lines(
    dark: NDArray[np.float32], verticals: list[float], horizontals: list[float], least: float
) -> NDArray[np.float32]:
    """The darkness without printed lines; where writing crosses one, it stays."""
    half = max(1, round(_LINE * RESOLUTION / 2))
    without = dark.copy()
    for place in horizontals:
        _remove_line(without, round(place), half, least)
    for place in verticals:
        _remove_line(without.T, round(place), half, least)
    return without


def _remove_line(dark: NDArray[np.float32], row: int, half: int, least: float) -> None:
    """Takes a level line out, in place. row: its middle. half: of its width."""
    top, bottom = max(0, row - half), min(len(dark), row + half + 1)
    if top >= bottom:
        return
    band = dark[top:bottom]
    line = np.percentile(band, 45, axis=1, keepdims=True)  # each row of the line by itself
    level = float(line.max())
    # Writing is darker than the line, or goes on beyond it on both sides.
    beyond = 2
    above = dark[max(0, top - beyond) : top]
    below = dark[bottom : bottom + beyond]
    crossed = np.zeros(dark.shape[1], bool)
    if len(above) and len(below):
        reach = np.ones((1, 2 * half + 1), np.uint8)
        up = cv2.dilate((above.max(axis=0, keepdims=True) > least).astype(np.uint8), reach)
        down = cv2.dilate((below.max(axis=0, keepdims=True) > least).astype(np.uint8), reach)
        narrow = above.max(axis=0) > least, below.max(axis=0) > least
        crossed = np.logical_and(up, down)[0] & (
            narrow[0] | narrow[1] | (band.max(axis=0) > level + 0.1)
        )
    rest = np.maximum(band - line, 0)
    darker = band > line + max(0.12, 0.3 * level)
    band[:] = np.where(crossed[np.newaxis], band, np.where(darker, band, np.minimum(rest, 0.05)))


def _ink(
    dark: NDArray[np.float32], least: float, inside: NDArray[np.bool_], lines: list[float]
) -> NDArray[np.uint8]:
    """Ink from darkness, with soft edges. lines: rows of level printed lines."""
    core = dark[inside & (dark > least)]
    if core.size < _SMALLEST * RESOLUTION**2:
        return np.zeros(dark.shape, np.uint8)
    full = float(np.percentile(core, 80))
    threshold = max(least, 0.45 * full)
    mask = (dark > threshold).astype(np.uint8)
    count, parts, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    within = np.bincount(parts[inside], minlength=count)
    areas = stats[:, cv2.CC_STAT_AREA]
    kept = (areas >= _SMALLEST * RESOLUTION**2) & (within >= _INSIDE * areas)
    kept[0] = False
    middle = stats[:, cv2.CC_STAT_TOP] + stats[:, cv2.CC_STAT_HEIGHT] / 2
    away = np.abs(middle[:, np.newaxis] - lines).min(axis=1)
    width, height = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    thin = (areas <= _THIN * RESOLUTION * width) & (height <= _CLIMB * RESOLUTION)
    kept &= ~(thin & (width >= _LONG * RESOLUTION) & (away <= _AWAY * RESOLUTION))
    near = cv2.dilate(kept[parts].astype(np.uint8), np.ones((5, 5), np.uint8))
    soft = np.clip((dark - threshold / 2) / max(full - threshold / 2, 0.05), 0, 1) * 255
    # The lightest of the soft edge is noise.
    return np.where((near > 0) & (soft >= 24), soft, 0).astype(np.uint8)
