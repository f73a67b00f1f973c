"""The 28×28 recipe: ink, as strokes or as a picture, becomes the image that the network gets.

MNIST's own normalisation (LeCun et al. 1998, "Gradient-based learning applied to document
recognition", section III.A; https://yann.lecun.com/exdb/mnist): the longest side of the ink is
scaled to 20 pixels, aspect kept, anti-aliased, and placed in 28×28 so that its centre of mass lies
in the middle. Training, evaluation, the game and picture reading all come through here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from models.ink.strokes import Box, Stroke, bounding_box, covered_box

SIDE = 28  # pixels, the image's width and height
INK_SIDE = 20.0  # pixels, the longest side of the ink in it
# MNIST's pen on 28×28, in pixels: median, and the range that holds 90 % of its images.
PEN = 2.45
PEN_RANGE = (1.65, 3.84)

# Ink is drawn this many times larger, then averaged over areas: 64 grey levels per pixel.
_OVERSAMPLING = 8
# The oversampled sheet is wider than the image by this margin, in image pixels, on each side, so
# that ink can be centred first by its box and then by its mass.
_MARGIN = 8
_SHEET = (SIDE + 2 * _MARGIN) * _OVERSAMPLING
_SUBPIXEL_BITS = 4
_MOST_POINTS = 4000


@dataclass(frozen=True, eq=False)
class Steps:
    """The steps of the recipe from ink to the network's input.

    fitted: (20, 20) float32, the ink with its longest side 20 pixels, centred by its box; image:
        (28, 28) float32, the same ink centred by its mass, the network's input. Both are 0 for
        paper to 1 for ink.
    fitted_mass, mass: (x, y) of the ink's centre of mass in the one and in the other, in pixels
        from the upper left corner; the middle of pixel (14, 14) is at (14.5, 14.5).
    """

    fitted: NDArray[np.float32]
    fitted_mass: tuple[float, float]
    image: NDArray[np.float32]
    mass: tuple[float, float]


def strokes_to_image(
    strokes: Sequence[Stroke], pen: float = PEN, smallest: float = 0.0
) -> NDArray[np.float32]:
    """Draws strokes as MNIST would show them, whatever their size and place.

    strokes: at least one. pen: width of the pen in the image, in its pixels, whatever the brush on
    the screen. smallest: ink whose longest side is below this, in the units of the points, is not
    enlarged to the full 20 pixels but in proportion, so that a slip of the pen stays a dot.

    Returns (28, 28) float32, 0 for paper to 1 for ink. Raises ValueError when `strokes` is empty.
    """
    return _centred(_drawn(strokes, pen, smallest))


def place_strokes(
    strokes: Sequence[Stroke], pen: float = PEN, smallest: float = 0.0
) -> tuple[NDArray[np.float32], float, NDArray[np.float64]]:
    """The image of `strokes_to_image`, and where the strokes lie in it; arguments as there.

    Returns the image, a scale and an offset (2,): points * scale + offset are in pixels of the
    image, counted from the middle of the first one.
    """
    sheet = _drawn(strokes, pen, smallest)
    left, top = _corner(sheet)
    scale, middle = _scale(strokes, pen, smallest)
    # On the sheet the box's middle is its middle; from a pixel's corner to its middle is half one.
    offset = ((_SHEET - 1) / 2 - np.array([left, top]) + 0.5) / _OVERSAMPLING - 0.5
    image = _window(sheet, left, top)
    return image, scale / _OVERSAMPLING, offset - middle * scale / _OVERSAMPLING


def strokes_in_steps(strokes: Sequence[Stroke], smallest: float) -> Steps:
    """The steps of `strokes_to_image`, to be shown; arguments as there."""
    sheet = _drawn(strokes, PEN, smallest)
    rim = (_SHEET - round(INK_SIDE) * _OVERSAMPLING) // 2
    # From the middle of the sheet's first pixel to its corner is half a pixel.
    mass_x, mass_y = (place + 0.5 for place in _mass(sheet, covered_box(sheet)))
    left, top = _corner(sheet)
    return Steps(
        fitted=_averaged(sheet[rim:-rim, rim:-rim]),
        fitted_mass=((mass_x - rim) / _OVERSAMPLING, (mass_y - rim) / _OVERSAMPLING),
        image=_centred(sheet),
        mass=((mass_x - left) / _OVERSAMPLING, (mass_y - top) / _OVERSAMPLING),
    )


def _drawn(strokes: Sequence[Stroke], pen: float, smallest: float) -> NDArray[np.uint8]:
    """Strokes on the oversampled sheet, centred by their box, the longest side 20 image pixels."""
    scale, middle = _scale(strokes, pen, smallest)
    sheet = np.zeros((_SHEET, _SHEET), dtype=np.uint8)
    # OpenCV's lines have round ends, and come out 0.85 pixels wider than asked for where that is
    # an even number (1.8 where it is odd; measured over all directions).
    thickness = max(1, 2 * round((pen * _OVERSAMPLING - 0.85) / 2))
    lines = _fixed_point([stroke.points for stroke in strokes], scale, middle)
    cv2.polylines(sheet, lines, False, 255, thickness, cv2.LINE_8, _SUBPIXEL_BITS)
    return sheet


def _scale(
    strokes: Sequence[Stroke], pen: float, smallest: float
) -> tuple[float, NDArray[np.float64]]:
    """Pixels of the oversampled sheet for each unit of the points, and the middle of their box."""
    box = bounding_box(strokes)
    side = max(box.width, box.height, smallest)
    scale = (INK_SIDE - pen) * _OVERSAMPLING / side if side > 0 else 0.0
    return scale, np.array([box.x + box.width / 2, box.y + box.height / 2])


def _fixed_point(
    strokes: Sequence[NDArray[np.float64]], scale: float, middle: NDArray[np.float64]
) -> list[NDArray[np.int32]]:
    """The strokes on the oversampled sheet as OpenCV wants them, without points that add nothing.

    All strokes at once: a page may hold a thousand.
    """
    every = (np.concatenate(strokes) - middle) * scale + (_SHEET - 1) / 2
    fixed = np.rint(every * (1 << _SUBPIXEL_BITS)).astype(np.int32)
    starts = np.cumsum([0, *(len(points) for points in strokes)])
    # A point is left out where the stroke has not left the sheet's pixel, an eighth of the
    # image's; where that still leaves more than any handwriting has, a quarter or a half. Ends
    # stay, and a dot keeps two points, since a line of one would draw nothing.
    kept = np.ones(len(fixed), dtype=bool)
    for coarser in (0, 1, 2):
        cell = fixed >> (_SUBPIXEL_BITS + coarser)
        moved = cell[1:] != cell[:-1]
        np.logical_or(moved[:, 0], moved[:, 1], out=kept[1:])
        if np.count_nonzero(kept) <= _MOST_POINTS:
            break
    kept[starts[:-1]] = True
    kept[starts[1:] - 1] = True
    lines = []
    for start, end in pairwise(starts):
        line = fixed[start:end][kept[start:end]]
        lines.append(line if len(line) > 1 else np.repeat(line, 2, axis=0))
    return lines


def picture_to_image(ink: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Brings a picture of ink into the form of the network's input, its pen into MNIST's range.

    ink: (height, width) uint8, 0 for paper to 255 for ink, grey where anti-aliased.

    Returns (28, 28) float32, 0 for paper to 1 for ink. Raises ValueError when there is no ink.
    """
    cropped = _cropped(ink)
    # The pen is measured on the enlarged ink and changed there; that changes the box, so a second
    # enlargement brings the longest side back to 20 pixels.
    sheet = _enlarged(cropped)
    change = _pen_change(sheet)
    if change:
        size = 2 * round(abs(change) / 2 * _OVERSAMPLING) + 1
        disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
        changed = (cv2.dilate if change > 0 else cv2.erode)(sheet, disc)
        if changed.any():
            sheet = _enlarged(_cropped(np.asarray(changed, dtype=np.uint8)))
    return _centred(sheet)


def _cropped(ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The part of the picture that holds ink at least half as dark as its darkest, and its rim."""
    box = covered_box((ink >= max(1, int(ink.max()) // 2)).astype(np.uint8))
    x, y = max(0, int(box.x) - 1), max(0, int(box.y) - 1)
    return ink[y : int(box.bottom) + 1, x : int(box.right) + 1]


def _enlarged(ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Cropped ink on the oversampled sheet: centred, its longest side 20 image pixels."""
    core = covered_box((ink >= max(1, int(ink.max()) // 2)).astype(np.uint8))
    scale = INK_SIDE * _OVERSAMPLING / max(core.width, core.height)
    height, width = ink.shape
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    scaled = cv2.resize(ink, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    left = round(_SHEET / 2 - (core.x + core.width / 2) * scale)
    top = round(_SHEET / 2 - (core.y + core.height / 2) * scale)
    sheet = np.zeros((_SHEET, _SHEET), dtype=np.uint8)
    # The rim outside the core is at most a pixel of the picture; of a tiny picture that can still
    # be wider than the sheet's margin.
    x0, y0 = max(0, left), max(0, top)
    x1, y1 = min(_SHEET, left + size[0]), min(_SHEET, top + size[1])
    sheet[y0:y1, x0:x1] = scaled[y0 - top : y1 - top, x0 - left : x1 - left]
    return sheet


def pen_width(image: NDArray[np.float32] | NDArray[np.uint8]) -> float:
    """The width of the pen that drew the ink, in the image's own pixels.

    Area divided by length, the length being half the outline of the ink (a line of length l and
    width w has area l·w and an outline of about 2·l). Returns 0 where there is no ink.
    """
    mask = (image >= max(1, int(image.max()) // 2)).astype(np.uint8)
    contours, _ = cv2.findContours(mask, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    outline = sum(cv2.arcLength(contour, True) for contour in contours)
    return float(2 * mask.sum() / outline) if outline else 0.0


def _pen_change(sheet: NDArray[np.uint8]) -> float:
    """By how much the pen has to grow (above 0) or shrink (below 0), in image pixels."""
    width = pen_width(sheet) / _OVERSAMPLING
    low, high = PEN_RANGE
    if width < low:
        return PEN - width
    return PEN - width if width > high else 0.0


def _centred(sheet: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Cuts the image out of the oversampled sheet so that its centre of mass is in the middle."""
    return _window(sheet, *_corner(sheet))


def _window(sheet: NDArray[np.uint8], x: int, y: int) -> NDArray[np.float32]:
    """The image whose upper left corner lies there on the sheet."""
    width = SIDE * _OVERSAMPLING
    return _averaged(sheet[y : y + width, x : x + width])


def _averaged(window: NDArray[np.uint8]) -> NDArray[np.float32]:
    """A part of the oversampled sheet in image pixels, 0 for paper to 1 for ink."""
    size = (window.shape[1] // _OVERSAMPLING, window.shape[0] // _OVERSAMPLING)
    small = cv2.resize(window, size, interpolation=cv2.INTER_AREA)
    return np.asarray(small, dtype=np.float32) / np.float32(255)


def _mass(sheet: NDArray[np.uint8], box: Box) -> tuple[float, float]:
    """The ink's centre of mass, counted from the middle of the sheet's first pixel.

    box: around all ink, in whole pixels. Paper weighs nothing, and takes as long to add up.
    """
    x, y = int(box.x), int(box.y)
    moments = cv2.moments(sheet[y : int(box.bottom), x : int(box.right)])
    weight = moments["m00"]
    return (moments["m10"] + x * weight) / weight, (moments["m01"] + y * weight) / weight


def _corner(sheet: NDArray[np.uint8]) -> tuple[int, int]:
    """The upper left corner of the image on the oversampled sheet."""
    box = covered_box(sheet)
    x, y = _mass(sheet, box)
    return _window_start(x, box.x, box.right), _window_start(y, box.y, box.bottom)


def _window_start(mass: float, first: float, last: float) -> int:
    """Where the 28-pixel window starts on one axis: centred on the mass, but losing no ink."""
    width = SIDE * _OVERSAMPLING
    start = round(mass + 0.5 - width / 2)
    # MNIST's middle is pixel (14, 14) counted from 0, half a pixel right of and below the centre.
    start -= _OVERSAMPLING // 2
    if last - first <= width:
        start = min(max(start, int(last) - width), int(first))
    return min(max(start, 0), _SHEET - width)
