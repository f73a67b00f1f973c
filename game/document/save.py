"""The page is saved: a picture of the ink, and the strokes that it is made of."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import cv2
import numpy as np

from game.document.rasterize import coloured, draw_strokes
from models.ink.inkml import write_inkml
from models.ink.strokes import Drawing, Stroke
from models.recognition.answer import Reading
from models.util.atomic_files import sweep, write_new_together

# Pixels: the longer side of a picture and its area at most; larger ones take seconds to write. A
# page grows with its ink, and in a window of a few pixels it can become as wide as a thousand.
_LARGEST_SIDE, _LARGEST_AREA = 8192, 9_000_000


def save_drawing(
    strokes: Sequence[Stroke],
    pen: float,
    size: tuple[float, float],
    reading: Reading,
    folder: Path,
    now: datetime,
) -> tuple[Path, Path]:
    """Writes the ink as a PNG of the page and as InkML, both or neither, in files of one name.

    strokes, pen, size: in page units, of which one becomes one pixel; a page that is larger than
        `_LARGEST_SIDE` or `_LARGEST_AREA` is drawn smaller. The InkML file carries the page's size,
        the pen's width, and what the ink was read as, unchanged.
    reading: of the strokes; an empty one leaves the answer out of the InkML file.
    folder: made where it is missing.
    now: the local time, which gives the name, as 2026-11-21_14-03-22; a name that is taken gets a
        number.

    Returns the paths of the picture and of the InkML file. Raises OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    sweep(folder)
    # The strokes can't be drawn again, so they are the first to get their name.
    inkml, image = write_new_together(
        folder,
        file_stem(now),
        {
            ".inkml": inkml_of(strokes, pen, size, reading),
            ".png": picture_of(strokes, pen, size),
        },
    )
    return image, inkml


def file_stem(now: datetime) -> str:
    """The name of the files of a page, without an ending, as 2026-11-21_14-03-22."""
    return now.strftime("%Y-%m-%d_%H-%M-%S")


def picture_of(strokes: Sequence[Stroke], pen: float, size: tuple[float, float]) -> bytes:
    """The ink as a PNG of the page; strokes, pen, size as for `save_drawing`."""
    area = max(size[0] * size[1], 1.0)
    scale = min(1.0, _LARGEST_SIDE / max(*size, 1.0), math.sqrt(_LARGEST_AREA / area))
    width, height = (max(1, round(side * scale)) for side in size)
    picture = np.zeros((height, width), dtype=np.uint8)
    draw_strokes(picture, strokes, pen, scale)
    # OpenCV keeps pixels as blue, green, red.
    _, png = cv2.imencode(".png", np.ascontiguousarray(coloured(picture)[..., ::-1]))
    return png.tobytes()


def inkml_of(
    strokes: Sequence[Stroke], pen: float, size: tuple[float, float], reading: Reading
) -> bytes:
    """The strokes as an InkML file; the arguments as for `save_drawing`."""
    drawing = Drawing(tuple(strokes), width=size[0], height=size[1], extra={"pen": pen})
    annotations = {"program": "Inkling"}
    if reading.answers:
        annotations |= {"answer": reading.text, "confidence": f"{reading.confidence:.4f}"}
    return write_inkml(drawing, annotations).encode()
