"""The direction of the pen, as further channels of the network's input.

Eight maps beside the image, one for each direction to the nearest 45 degrees, in which the ink is
sorted by the direction in which it was drawn (Bai and Huo 2005, "A study on the use of
8-directional features for online handwritten Chinese character recognition"; as input of a
convolutional network: Graham 2013, "Sparse arrays of signatures for online character recognition",
arXiv 1308.0371). A picture has no directions; its maps are empty.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from models.ink.strokes import Stroke
from models.preprocessing.mnist_form import PEN, SIDE, place_strokes

DIRECTIONS = 8
CHANNELS = 1 + DIRECTIONS  # of the input: the image, then the maps

_SPACING = 0.7  # pixels of the image between places where the direction is taken
_REACH = 1.0  # pixels along the stroke, before and after, over which it is taken
# The ink of a map is spread as by a pen of MNIST's width; a straight line reaches 1 in its middle.
_SPREAD = 1.0  # pixels, standard deviation
_LEVEL = 1 / 0.4
_NEIGHBOURS = np.array([0, 1]).reshape(2, 1, 1)


def network_input(images: NDArray[np.float32], channels: int) -> NDArray[np.float32]:
    """Images as a network with that many channels takes them.

    images: (n, 28, 28) without directions, or (n, 28, 28, 9) with them. Returns (n, 28, 28,
    channels); the maps of what has no directions are empty.
    """
    if images.ndim == 3:
        images = images[..., np.newaxis]
    missing = channels - images.shape[3]
    if missing > 0:
        return np.pad(images, [(0, 0)] * 3 + [(0, missing)])
    return images[..., :channels]


def without_directions(image: NDArray[np.float32]) -> NDArray[np.float32]:
    """(28, 28) of an image that may have directions; of (n, 28, 28, 9) images (n, 28, 28)."""
    return image[..., 0] if image.shape[-1] == CHANNELS else image


def strokes_to_input(
    strokes: Sequence[Stroke], pen: float = PEN, smallest: float = 0.0
) -> NDArray[np.float32]:
    """Draws strokes as `mnist_form.strokes_to_image` does, with the directions of the pen.

    Arguments as there. Returns (28, 28, 9) float32: the image, then the maps of the directions to
    the right, to the lower right, downwards and so on, each 0 to 1.
    """
    image, scale, offset = place_strokes(strokes, pen, smallest)
    maps = direction_maps([stroke.points * scale + offset for stroke in strokes])
    return np.concatenate([image[..., np.newaxis], maps], axis=2)


def direction_maps(strokes: Sequence[NDArray[np.float64]]) -> NDArray[np.float32]:
    """Where the pen went in which direction, (28, 28, 8), 0 to 1.

    strokes: the points of each, (n, 2), in pixels of the image from the middle of the first one.
    """
    points = np.concatenate(strokes)
    ends = np.cumsum([len(each) for each in strokes])
    steps = np.empty(len(points))
    steps[1:] = np.hypot(*(points[1:] - points[:-1]).T)
    steps[0] = steps[ends[:-1]] = 1.0  # between two strokes, so that no place belongs to both
    along = np.cumsum(steps)
    first, last = along[ends - [len(each) for each in strokes]], along[ends - 1]
    counts = np.ceil((last - first) / _SPACING).astype(int)
    total = int(counts.sum())
    if not total:
        return np.zeros((SIDE, SIDE, DIRECTIONS), np.float32)
    before = np.cumsum(counts) - counts
    length, start, first, last = np.repeat(
        [(last - first) / np.maximum(counts, 1), before, first, last], counts, axis=1
    )
    place = first + (np.arange(total) - start + 0.5) * length
    places = np.concatenate(
        [place, np.maximum(place - _REACH, first), np.minimum(place + _REACH, last)]
    )
    x = np.interp(places, along, points[:, 0]).reshape(3, total)
    y = np.interp(places, along, points[:, 1]).reshape(3, total)
    angle = np.arctan2(y[2] - y[1], x[2] - x[1]) * (DIRECTIONS / (2 * np.pi))
    # What lies between two directions, rows or columns counts for both, more for the nearer one.
    parts = np.array([angle, y[0], x[0]])
    lower = np.floor(parts)
    upper = parts - lower
    share = np.array([1 - upper, upper])
    cell = lower.astype(int) + _NEIGHBOURS
    cell[:, 0] %= DIRECTIONS
    np.clip(cell[:, 1:], 0, SIDE - 1, out=cell[:, 1:])
    of_angle, row, column = cell.transpose(1, 0, 2)
    cells = ((row[:, np.newaxis] * SIDE + column) * DIRECTIONS)[:, :, np.newaxis] + of_angle
    by_angle, by_row, by_column = share.transpose(1, 0, 2)
    ink = (by_row[:, np.newaxis] * by_column)[:, :, np.newaxis] * (by_angle * length)
    sums = np.bincount(cells.ravel(), ink.ravel(), SIDE * SIDE * DIRECTIONS)
    maps = (sums * _LEVEL).reshape(SIDE, SIDE, DIRECTIONS).astype(np.float32)
    spread = cv2.GaussianBlur(maps, (0, 0), _SPREAD, borderType=cv2.BORDER_CONSTANT)
    return np.minimum(spread, 1, out=spread)
