"""The four corner markers of a page, and finding them: where each sheet lies in a photograph.

ArUco markers (Garrido-Jurado et al. 2014), found by OpenCV: numbers 0 to 3, clockwise from the
page's upper left corner. On paper they are called 1 to 4.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from models.util.arrays import Floats

SIDE = 10.0  # millimetres of a marker
INSET = 10.0  # millimetres from the page's edges
CELLS = 6  # of a marker in a row, its black rim among them
PLACES = ("upper left", "upper right", "lower right", "lower left")
_DICTIONARY = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
_SEARCHED = (1400, 2400)  # pixels, longest sides of the pictures in which markers are searched
# Of the page's width, the farthest that a marker may be from where another one lets expect it, and
# the largest mean distance of corners from where all of them lie together.
_FARTHEST, _LARGEST_ERROR = 0.45, 0.012


@dataclass(frozen=True, eq=False)
class Marker:
    """A marker in a photograph. number: 0..3. corners: (4, 2), clockwise from its upper left."""

    number: int
    corners: Floats

    @property
    def middle(self) -> Floats:
        return np.asarray(self.corners.mean(axis=0))


@dataclass(frozen=True, eq=False)
class Found:
    """The markers of one sheet in a photograph, by their numbers; some may be hidden."""

    markers: dict[int, Marker]

    @property
    def missing(self) -> tuple[int, ...]:
        return tuple(number for number in range(4) if number not in self.markers)

    def homography(self, size: tuple[float, float]) -> Floats:
        """(3, 3), from millimetres on the page to pixels of the photograph. size: of the page."""
        numbers = sorted(self.markers)
        on_page = np.concatenate([marker_corners(number, size) for number in numbers])
        in_photo = np.concatenate([self.markers[number].corners for number in numbers])
        found, _ = cv2.findHomography(on_page, in_photo)
        return np.asarray(found, np.float64)


def marker_cells(number: int) -> NDArray[np.bool_]:
    """(CELLS, CELLS), True for black. number: 0..3."""
    return np.asarray(cv2.aruco.generateImageMarker(_DICTIONARY, number, CELLS) == 0)


def marker_corners(number: int, size: tuple[float, float]) -> Floats:
    """(4, 2) millimetres, clockwise from the marker's upper left. size: of the page."""
    left = INSET if number in (0, 3) else size[0] - INSET - SIDE
    top = INSET if number in (0, 1) else size[1] - INSET - SIDE
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float64)
    return np.asarray(corners * SIDE + np.array([left, top]))


def find_sheets(grey: NDArray[np.uint8], size: tuple[float, float]) -> list[Found]:
    """The sheets in a photograph by their markers, from top to bottom and left to right.

    grey: (height, width) uint8. size: of a page, roughly, in millimetres. Sheets with all four
    markers come first; of one that has fewer the others are missing.
    """
    best: list[Found] = []
    for side in _SEARCHED:
        found = _sheets_of(_markers(grey, side), size)
        if _worth(found) > _worth(best):
            best = found
        if best and not any(each.missing for each in best):
            break
        if max(grey.shape) <= side:
            break
    return best


def _worth(sheets: Sequence[Found]) -> tuple[int, int]:
    whole = sum(not each.missing for each in sheets)
    return whole, sum(len(each.markers) for each in sheets)


def _markers(grey: NDArray[np.uint8], side: int) -> list[Marker]:
    """The markers in a photograph that is brought down to that many pixels on its longest side."""
    scale = min(1.0, side / max(grey.shape))
    small = grey
    if scale < 1:
        small = np.asarray(
            cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8
        )
    options = cv2.aruco.DetectorParameters()
    options.cornerRefinementMethod = cv2.aruco.CORNER_REFINE_NONE
    options.minMarkerPerimeterRate = 0.02
    options.adaptiveThreshWinSizeMin, options.adaptiveThreshWinSizeMax = 9, 45
    options.adaptiveThreshWinSizeStep = 12
    detector = cv2.aruco.ArucoDetector(_DICTIONARY, options)
    corners, numbers, _ = detector.detectMarkers(small)
    found = []
    for own, number in zip(corners, map(int, np.ravel(numbers)) if corners else (), strict=True):
        if number < 4:
            # From the middle of the first pixel to the picture's corner is half a pixel.
            points = ((own.reshape(4, 2) + 0.5) / scale - 0.5).astype(np.float32)
            found.append(Marker(number, _refined(grey, points)))
    return found


def _refined(grey: NDArray[np.uint8], corners: NDArray[np.float32]) -> Floats:
    """The corners to a part of a pixel."""
    cell = float(np.linalg.norm(corners - np.roll(corners, 1, axis=0), axis=1).min()) / CELLS
    reach = max(1, min(round(0.6 * cell), 12))
    criteria = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 30, 0.01)
    refined = cv2.cornerSubPix(
        grey, corners.reshape(-1, 1, 2).copy(), (reach, reach), (-1, -1), criteria
    )
    moved = np.linalg.norm(refined.reshape(4, 2) - corners, axis=1)
    kept = np.where((moved <= reach)[:, np.newaxis], refined.reshape(4, 2), corners)
    return kept.astype(np.float64) + 0.5


def _sheets_of(markers: Sequence[Marker], size: tuple[float, float]) -> list[Found]:
    """The markers, each in the sheet that it belongs to."""
    left = list(markers)
    sheets: list[Found] = []
    # The nearest together first, so that no sheet takes another's.
    whole = [
        (error, own)
        for marker in markers
        for error, own in [_completed(marker, markers, size)]
        if len(own) == 4
    ]
    for _, own in sorted(whole, key=lambda each: each[0]):
        if all(any(marker is other for other in left) for marker in own.values()):
            sheets.append(Found(own))
            left = [each for each in left if all(each is not other for other in own.values())]
    partial: list[Found] = []
    while left:
        _, own = max(
            (_completed(marker, left, size) for marker in left),
            key=lambda each: (len(each[1]), -each[0]),
        )
        partial.append(Found(own))
        left = [each for each in left if all(each is not other for other in own.values())]
    width = max((_width(each) for each in sheets), default=1.0)
    sheets.sort(key=lambda each: _reading_order(each, width))
    return sheets + partial


def _completed(
    first: Marker, markers: Sequence[Marker], size: tuple[float, float]
) -> tuple[float, dict[int, Marker]]:
    """The sheet that a marker begins: mean error of its corners in page widths, and its markers."""
    own = {first.number: first}
    expected = _similarity(first, size)
    unit = float(np.linalg.norm(expected[:, 0])) * size[0]
    for number in range(4):
        if number == first.number:
            continue
        middle = marker_corners(number, size).mean(axis=0)
        place = expected @ np.array([*middle, 1.0])
        near = [
            (float(np.linalg.norm(each.middle - place)), each)
            for each in markers
            if each.number == number and _alike(first, each)
        ]
        if near:
            distance, nearest = min(near, key=lambda pair: pair[0])
            if distance <= _FARTHEST * unit:
                own[number] = nearest
    error = _error(own, size)
    while error > _LARGEST_ERROR and len(own) > 1:
        # What does not lie together with the rest belongs to another sheet.
        errors = {
            number: _error({k: v for k, v in own.items() if k != number}, size)
            for number in own
            if number != first.number
        }
        del own[min(errors, key=lambda number: errors[number])]
        error = _error(own, size)
    return error, own


def _similarity(marker: Marker, size: tuple[float, float]) -> Floats:
    """(2, 3), from millimetres to pixels, by one marker alone: turned and scaled."""
    found, _ = cv2.estimateAffinePartial2D(marker_corners(marker.number, size), marker.corners)
    return np.asarray(found, np.float64)


def _alike(one: Marker, other: Marker) -> bool:
    """Whether two markers may be of one sheet by their size and direction."""
    (length, direction), (others, other_direction) = _pose(one), _pose(other)
    turned = abs((direction - other_direction + np.pi) % (2 * np.pi) - np.pi)
    return 0.6 < length / others < 1.67 and turned < 0.5


def _pose(marker: Marker) -> tuple[float, float]:
    steps = np.roll(marker.corners, -1, axis=0) - marker.corners
    along = (steps[0] - steps[2]) / 2
    length = float(np.linalg.norm(steps, axis=1).mean())
    return length, float(np.arctan2(along[1], along[0]))


def _error(markers: dict[int, Marker], size: tuple[float, float]) -> float:
    """Mean distance of corners from where they lie together, in widths of the page."""
    if len(markers) < 2:
        return 0.0
    found = Found(markers)
    to_photo = found.homography(size)
    total, unit = 0.0, 0.0
    for number, marker in markers.items():
        corners = marker_corners(number, size)
        placed = cv2.perspectiveTransform(corners[:, np.newaxis], to_photo)[:, 0]
        total += float(np.linalg.norm(placed - marker.corners, axis=1).mean())
        unit += _pose(marker)[0] / SIDE * size[0]
    return total / unit


def _width(found: Found) -> float:
    return float(np.linalg.norm(found.markers[1].middle - found.markers[0].middle))


def _reading_order(found: Found, width: float) -> tuple[int, float]:
    middle = np.mean([each.middle for each in found.markers.values()], axis=0)
    return round(float(middle[1]) / width), float(middle[0])
