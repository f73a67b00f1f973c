"""Straightening: a page in a photograph, or a part of it, as if seen from straight above."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from models.ink.strokes import Box
from models.util.arrays import Floats


def straightened(
    photo: NDArray[np.uint8], to_photo: Floats, box: Box, resolution: float
) -> NDArray[np.uint8]:
    """A part of the page with that many pixels for a millimetre.

    photo: (height, width) or (height, width, 3) uint8. to_photo: (3, 3), from millimetres on the
    page to pixels of the photograph. box: of the page, in millimetres.

    Returns a picture of box.height · resolution by box.width · resolution pixels, rounded; what
    lies outside the photograph is as its edge.
    """
    size = max(1, round(box.width * resolution)), max(1, round(box.height * resolution))
    # From a pixel's middle to millimetres, and from there to the photograph's pixel's middle.
    to_page = np.array(
        [
            [1 / resolution, 0, box.x + 0.5 / resolution],
            [0, 1 / resolution, box.y + 0.5 / resolution],
            [0, 0, 1],
        ]
    )
    half = np.array([[1, 0, -0.5], [0, 1, -0.5], [0, 0, 1]])
    matrix = half @ to_photo @ to_page
    coarser = pixels_a_millimetre(to_photo, box) / resolution
    if coarser > 1.5:
        # Where the photograph is finer, an average over its pixels.
        factor = int(np.ceil(coarser))
        finer = matrix @ np.array(
            [[1 / factor, 0, 0.5 / factor - 0.5], [0, 1 / factor, 0.5 / factor - 0.5], [0, 0, 1]]
        )
        large = cv2.warpPerspective(
            photo,
            finer,
            (size[0] * factor, size[1] * factor),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )
        return np.asarray(cv2.resize(large, size, interpolation=cv2.INTER_AREA), np.uint8)
    found = cv2.warpPerspective(
        photo,
        matrix,
        size,
        flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(found, np.uint8)


def pixels_a_millimetre(to_photo: Floats, box: Box) -> float:
    """How fine the photograph shows a part of the page."""
    middle = np.array([box.x + box.width / 2, box.y + box.height / 2])
    points = middle + np.array([[0, 0], [1, 0], [0, 1]])
    a, b, c = cv2.perspectiveTransform(points[:, np.newaxis], to_photo)[:, 0]
    return float(np.sqrt(abs(np.linalg.det(np.stack([b - a, c - a])))))
