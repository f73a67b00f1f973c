"""Forms that were printed elsewhere: found by four solid marks, or by the paper's own outline."""

from __future__ import annotations

from cmath import phase
from collections.abc import Sequence
from itertools import combinations

import cv2
import numpy as np
from numpy.typing import NDArray

from models.sheets.photograph import is_too_dark
from models.sheets.reading import FieldReader
from models.sheets.scanner import PhotoResult, read_page
from models.sheets.sheet import Sheet
from models.util.arrays import Floats

_SIDE = 1000  # pixels, the longest side of the picture in which marks and outlines are searched
_LEAST_PAPER = 0.15  # of the photograph, that the paper covers
_MARKS = (0.004, 0.08)  # of the photograph's longest side, the size of a mark
_MOST_MARKS = 14  # solid marks that are looked at
_SOLID = 0.6  # share of a mark's box that is dark: of a disc 0.79


def scan_unmarked(
    photo: NDArray[np.uint8],
    sheet: Sheet,
    marks: Sequence[tuple[float, float]] | None,
    reader: FieldReader,
) -> PhotoResult:
    """Reads a form of one page that was printed elsewhere; it must be photographed about upright.

    photo: (height, width, 3) uint8. marks: where the middles of four marks are on the page, in
    millimetres, clockwise from the upper left; None for the outline of the paper.
    """
    grey = np.asarray(cv2.cvtColor(photo, cv2.COLOR_BGR2GRAY), np.uint8)
    size = sheet.pages[0].size
    if marks is None:
        on_page = np.array([[0, 0], [1, 0], [1, 1], [0, 1]]) * np.array(size)
        in_photo, missing = _outline(grey), "the outline of the paper does not stand out"
    else:
        on_page = np.array(marks, np.float64)
        in_photo, missing = _marks(grey, on_page), "the form's four marks are not to be seen"
    if in_photo is None:
        problem = "too dark; take it again with more light" if is_too_dark(grey) else missing
        return PhotoResult(problems=(problem,))
    to_photo = cv2.getPerspectiveTransform(on_page.astype(np.float32), in_photo.astype(np.float32))
    return PhotoResult((read_page(grey, sheet, 1, np.asarray(to_photo, np.float64), reader),))


def _outline(grey: NDArray[np.uint8]) -> Floats | None:
    """(4, 2), the paper's corners in the photograph, clockwise from the upper left."""
    small, scale = _small(grey)
    calm = cv2.GaussianBlur(small, (0, 0), 2)
    _, light = cv2.threshold(calm, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    light = cv2.morphologyEx(light, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    contours, _ = cv2.findContours(light, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not contours:
        return None
    largest = cv2.convexHull(max(contours, key=cv2.contourArea))
    if cv2.contourArea(largest) < _LEAST_PAPER * small.size:
        return None
    length = cv2.arcLength(largest, True)
    for share in (0.01, 0.02, 0.03, 0.05):
        corners = cv2.approxPolyDP(largest, share * length, True)[:, 0]
        if len(corners) == 4:
            rim = 2
            inner = (corners > rim).all(axis=1) & (
                corners < np.array(small.shape[::-1]) - 1 - rim
            ).all(axis=1)
            if inner.sum() < 3:
                return None  # the paper fills the photograph: these are the photograph's corners
            return _clockwise(np.asarray((corners + 0.5) / scale, np.float64))
    return None


def _marks(grey: NDArray[np.uint8], on_page: Floats) -> Floats | None:
    """(4, 2), the marks' middles in the photograph, in the order of `on_page`."""
    small, scale = _small(grey)
    dark = cv2.adaptiveThreshold(
        small, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 101, 25
    )
    count, _, stats, middles = cv2.connectedComponentsWithStats(dark, connectivity=8)
    low, high = (share * _SIDE for share in _MARKS)
    found = []
    for part in range(1, count):
        _, _, width, height, area = stats[part].tolist()
        if (
            low <= min(width, height)
            and max(width, height) <= high
            and max(width, height) <= 1.6 * min(width, height)
            and area >= _SOLID * width * height
        ):
            found.append((float(area), middles[part]))
    found.sort(key=lambda each: -each[0])
    best: tuple[float, Floats] | None = None
    places = [place for _, place in found[:_MOST_MARKS]]
    areas = [area for area, _ in found[:_MOST_MARKS]]
    for four in _quadruples(places, areas, on_page):
        if best is None or four[0] < best[0]:
            best = four
    return None if best is None else (best[1] + 0.5) / scale


def _quadruples(
    places: Sequence[Floats], areas: Sequence[float], on_page: Floats
) -> list[tuple[float, Floats]]:
    """Four marks each that lie about as on the page, with how far from that."""
    result = []
    spread = on_page - on_page.mean(axis=0)
    for four in combinations(range(len(places)), 4):
        sizes = [areas[k] for k in four]
        alike = max(sizes) / min(sizes)
        if alike > 2.5:
            continue
        ordered = _clockwise(np.array([places[k] for k in four]))
        # As complex numbers: one product turns and scales them, the best by least squares.
        page, seen = (xy[:, 0] + 1j * xy[:, 1] for xy in (spread, ordered - ordered.mean(axis=0)))
        turned = complex((page.conj() @ seen) / (page.conj() @ page))
        unit = float(np.linalg.norm(ordered.max(axis=0) - ordered.min(axis=0)))
        error = float(np.abs(seen - turned * page).mean()) / max(unit, 1)
        if error < 0.08 and abs(phase(turned)) < 0.7:
            # Of several as good the largest.
            result.append((error + 0.02 * (alike - 1) - 0.05 * unit / _SIDE, ordered))
    return result


def _clockwise(corners: Floats) -> Floats:
    """Clockwise from the upper left."""
    middle = corners.mean(axis=0)
    angles = np.arctan2(corners[:, 1] - middle[1], corners[:, 0] - middle[0])
    ordered = corners[np.argsort(angles)]
    first = int(np.argmin(ordered.sum(axis=1)))
    return np.asarray(np.roll(ordered, -first, axis=0), np.float64)


def _small(grey: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], float]:
    scale = min(1.0, _SIDE / max(grey.shape))
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8), scale
