"""Photographs of sheets: loading them whole and upright, and why one cannot be used."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from models.pictures.files import decoded
from models.util.errors import InputError, explain_os_error

_LARGEST_SIDE = 4096  # pixels; larger photographs are brought down to it
_DARKEST = 45  # grey levels of the paper, at least


def load_photograph(path: Path) -> NDArray[np.uint8]:
    """A picture file in colour, upright as its camera says.

    Returns (height, width, 3) uint8, blue, green, red; see-through parts are white; at most 4096
    pixels on the longest side. Raises InputError in one line where the file is missing, of a kind
    that OpenCV does not read, cut short, or of more than 100 megapixels.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"{path}: no such file.") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read, {explain_os_error(error)}.") from None
    picture = _in_colour(path, np.frombuffer(content, np.uint8))
    shrink = _LARGEST_SIDE / max(picture.shape)
    if shrink < 1:
        picture = np.asarray(
            cv2.resize(picture, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA), np.uint8
        )
    return picture


def _in_colour(path: Path, content: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(height, width, 3). Raises InputError."""
    picture = decoded(path, content, cv2.IMREAD_COLOR)
    # Only what has see-through parts is decoded once more: they would be black.
    if content[:4].tobytes() != b"\xff\xd8\xff\xe0" and content[:2].tobytes() != b"\xff\xd8":
        layers = cv2.imdecode(content, cv2.IMREAD_UNCHANGED)
        if layers is not None and layers.ndim == 3 and layers.shape[2] == 4:
            depth = {"uint8": 255, "uint16": 65535}.get(layers.dtype.name, 1)
            if layers.shape[:2] == picture.shape[:2]:
                opacity = layers[..., 3:].astype(np.float32) / depth
                colours = layers[..., :3].astype(np.float32) * (255 / depth)
                picture = (colours * opacity + 255 * (1 - opacity)).astype(np.uint8)
    return np.asarray(picture, np.uint8)


def is_too_dark(grey: NDArray[np.uint8]) -> bool:
    """Whether not even the lightest parts of a photograph are light."""
    return float(np.percentile(grey[::4, ::4], 98)) < _DARKEST
