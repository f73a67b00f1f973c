"""The QR code that tells which sheet and page this is: making it, and reading it when straightened.

The place of the code on the page is known once the page's corners are, so its modules are looked
at one by one, and it is read where a detector would find nothing.
"""

from __future__ import annotations

import re

import cv2
import numpy as np
from numpy.typing import NDArray

from models.ink.strokes import Box

MODULES = 25  # in a row, version 2 of ISO/IEC 18004: 38 capitals and digits at level M
_VERSION = 2
_SIDE = 22.5  # millimetres
_PIXELS = 8  # of a module, as the decoder gets it
_CODE = re.compile(r"([A-Z0-9-]{3,36})/([1-9]\d{0,2})")


def code_box(size: tuple[float, float]) -> Box:
    """Where the code is printed, in millimetres. size: of the page."""
    return Box(size[0] - 23.0 - _SIDE, 10.0, _SIDE, _SIDE)


def code_modules(sheet: str, page: int) -> NDArray[np.bool_]:
    """(MODULES, MODULES), True for black. sheet: its name. page: counted from 1."""
    options = cv2.QRCodeEncoder.Params()
    options.version = _VERSION
    options.mode = cv2.QRCodeEncoder_MODE_ALPHANUMERIC
    options.correction_level = cv2.QRCodeEncoder_CORRECT_LEVEL_M
    code = cv2.QRCodeEncoder.create(options).encode(f"{sheet}/{page}")
    rim = (code.shape[0] - MODULES) // 2
    return np.asarray(code[rim : rim + MODULES, rim : rim + MODULES] < 128)


def read_code(picture: NDArray[np.uint8]) -> tuple[str, int] | None:
    """The sheet's name and the page that a code tells; None where it cannot be read.

    picture: (n, n) uint8, grey levels, exactly the code's box, three pixels for a module or more.
    """
    blurred = cv2.GaussianBlur(picture, (0, 0), 0.25 * len(picture) / MODULES)
    small = cv2.resize(blurred, (MODULES, MODULES), interpolation=cv2.INTER_AREA)
    middles = (np.arange(MODULES) + 0.5) * len(picture) / MODULES
    for right, down in ((0.0, 0.0), (0.2, 0.0), (-0.2, 0.0), (0.0, 0.2), (0.0, -0.2)):
        step = len(picture) / MODULES
        columns = np.clip(middles + right * step, 0, len(picture) - 1).astype(int)
        rows = np.clip(middles + down * step, 0, len(picture) - 1).astype(int)
        sampled = blurred[np.ix_(rows, columns)]
        for levels in (sampled, small) if not right and not down else (sampled,):
            found = _decoded(np.asarray(levels))
            if found:
                return found
    return None


def _decoded(levels: NDArray[np.uint8]) -> tuple[str, int] | None:
    """As `read_code`, of a grey level for each module."""
    threshold, _ = cv2.threshold(levels, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    clean = np.where(levels > threshold, 255, 0).astype(np.uint8)
    size = MODULES * _PIXELS
    large = cv2.resize(clean, (size, size), interpolation=cv2.INTER_NEAREST)
    large = np.pad(large, 4 * _PIXELS, constant_values=255)
    low, high = 4 * _PIXELS, 4 * _PIXELS + size
    corners = np.array([[[low, low], [high, low], [high, high], [low, high]]], np.float32)
    try:
        text, _ = cv2.QRCodeDetector().decode(large, corners)
    except (cv2.error, UnicodeDecodeError):
        return None
    matched = _CODE.fullmatch(text)
    return (matched[1], int(matched[2])) if matched else None
