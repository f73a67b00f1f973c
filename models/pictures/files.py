"""Picture files: which are some, and their grey levels, upright."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from models import MOST_PIXELS
from models.util.errors import InputError

_NOT_WHOLE = "not a whole picture; PNG, JPEG, BMP, TIFF or WebP would be."
_BAND = 256  # rows that are worked on at a time: a large picture's colours take much memory
_GZIP = b"\x1f\x8b"
_JPEG = b"\xff\xd8"
_HEIC = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")
_NETPBM = tuple(b"P%d" % number for number in range(1, 8))


def is_picture(path: Path) -> bool:
    """Whether a file's content is a picture rather than drawings, which are text or gzipped text.

    A file that cannot be opened is none: the error comes when it is read. Nor is a pipe, which may
    have no end.
    """
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            start = file.read(512)
    except OSError:
        return False
    if start.startswith((_GZIP, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return False
    if start.startswith(_NETPBM) or b"\0" in start:
        return True
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start)
    except UnicodeDecodeError:
        return True
    return False


def read_picture(path: Path) -> NDArray[np.uint8]:
    """Reads a picture file as grey levels, (height, width) uint8, upright as its camera says;
    see-through parts turn white.

    Raises InputError in one line where the file is missing, no picture that OpenCV knows, cut
    short, or of more than 100 megapixels.
    """
    try:
        content = np.fromfile(path, dtype=np.uint8)
    except FileNotFoundError:
        raise InputError(f"{path}: no such file.") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}).") from None
    # OpenCV turns pictures upright only where it brings them to 8 bits, which a camera's are.
    of_camera = content[:2].tobytes() == _JPEG
    picture = decoded(path, content, cv2.IMREAD_COLOR if of_camera else cv2.IMREAD_UNCHANGED)
    low, high = (
        (float(picture.min()), float(picture.max())) if picture.dtype != np.uint8 else (0, 255)
    )
    grey = np.empty(picture.shape[:2], np.uint8)
    for top in range(0, len(grey), _BAND):
        grey[top : top + _BAND] = _grey(picture[top : top + _BAND], low, high)
    return grey


def decoded(path: Path, content: NDArray[np.uint8], flags: int) -> NDArray[Any]:
    """The pixels of a picture file, whatever their type.

    path: of the file. content: its bytes, (n,). flags: of OpenCV's `imdecode`. Raises InputError in
    one line where it is no picture that OpenCV knows, cut short, or of more than 100 megapixels.
    """
    start = content[:12].tobytes()
    if start[4:8] == b"ftyp" and start[8:] in _HEIC:
        raise InputError(
            f"{path}: a HEIC or AVIF photograph, which is not read; convert it to JPEG (or let the "
            "phone's camera save JPEG, its “most compatible” format)."
        )
    if start.startswith(_JPEG) and _is_cut_short(content.tobytes()):
        raise InputError(f"{path}: cut short, {_NOT_WHOLE}")
    try:
        picture = cv2.imdecode(content, flags) if len(content) else None
    except cv2.error as error:
        if "MAX_IMAGE_PIXELS" in str(error):
            raise InputError(
                f"{path}: larger than {MOST_PIXELS // 1_000_000} megapixels; make it smaller."
            ) from None
        picture = None
    if picture is None or picture.size == 0:
        raise InputError(f"{path}: {_NOT_WHOLE}")
    return picture


def _is_cut_short(jpeg: bytes) -> bool:
    """Whether no end of the image (FF D9) follows where its scan (FF DA) begins; in what a scan
    holds it is never found (ITU-T T.81, B.1.1). Cameras may add a film or a depth map behind.
    """
    place = 2
    while jpeg[place : place + 1] == b"\xff" and jpeg[place + 1 : place + 2] != b"\xda":
        place += 2 + int.from_bytes(jpeg[place + 2 : place + 4])
    return jpeg.find(b"\xff\xd9", place) < 0


def _grey(picture: NDArray[Any], low: float, high: float) -> NDArray[np.uint8]:
    """(height, width) of (height, width) or (height, width, channels); see-through parts are white.

    low, high: what is black and what is white, where values are not of 8 bits.
    """
    if picture.dtype != np.uint8:
        picture = ((picture - low) / max(high - low, 1e-9) * 255).astype(np.uint8)
    if picture.ndim == 3 and picture.shape[2] == 4:
        opacity = picture[..., 3:].astype(np.float32) / 255
        picture = (picture[..., :3] * opacity + 255 * (1 - opacity)).astype(np.uint8)
    if picture.ndim == 3:
        picture = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    return np.asarray(picture, dtype=np.uint8)
