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
    steps = np.hypot(*np.diff(points, axis=0, prepend=points[:1]).T)
    starts = np.cumsum([0, *map(len, strokes)])
    steps[starts[:-1]] = 1.0  # between two strokes, so that no place belongs to both
    along = np.cumsum(steps)
    first, last = along[starts[:-1]], along[starts[1:] - 1]
    counts = np.ceil((last - first) / _SPACING).astype(int)
    stroke = np.repeat(np.arange(len(strokes)), counts)
    if not len(stroke):
        return np.zeros((SIDE, SIDE, DIRECTIONS), np.float32)
    length = ((last - first) / np.maximum(counts, 1))[stroke]
    number = np.arange(len(stroke)) - np.repeat(np.cumsum(counts) - counts, counts)
    place = first[stroke] + (number + 0.5) * length
    ends = np.concatenate(
        [
            place,
            np.maximum(place - _REACH, first[stroke]),
            np.minimum(place + _REACH, last[stroke]),
        ]
    )
    x, y = (np.interp(ends, along, values).reshape(3, -1) for values in points.T)
    angle = np.arctan2(y[2] - y[1], x[2] - x[1]) * (DIRECTIONS / (2 * np.pi))
    # What lies between two of the directions counts for both, more for the nearer one.
    lower = np.floor(angle)
    of_upper = angle - lower
    bins = np.array([lower, lower + 1]).astype(int) % DIRECTIONS
    weights = length * [1 - of_upper, of_upper]
    # So does what lies between pixels.
    corner = np.floor([x[0], y[0]])
    of_right, of_below = [x[0], y[0]] - corner
    column, row = np.clip(corner.astype(int), 0, SIDE - 2)
    cell = (row * SIDE + column) * DIRECTIONS
    cells = np.concatenate(
        [cell, cell + DIRECTIONS, cell + SIDE * DIRECTIONS, cell + (SIDE + 1) * DIRECTIONS]
    )
    shares = np.concatenate(
        [
            (1 - of_right) * (1 - of_below),
            of_right * (1 - of_below),
            (1 - of_right) * of_below,
            of_right * of_below,
        ]
    )
    sums = np.bincount(
        (cells + np.tile(bins, 4)).ravel(),
        (shares * np.tile(weights, 4)).ravel(),
        SIDE * SIDE * DIRECTIONS,
    )
    maps = sums.reshape(SIDE, SIDE, DIRECTIONS).astype(np.float32)
    spread = cv2.GaussianBlur(maps, (0, 0), _SPREAD, borderType=cv2.BORDER_CONSTANT)
    return np.asarray(np.minimum(spread * np.float32(_LEVEL), np.float32(1)))
