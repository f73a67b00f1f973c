"""Pictures of handwriting: from a file's pixels to ink, 0 for paper to 255 for ink."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from models import MOST_PIXELS
from models.util.errors import InputError

NOT_WHOLE = "not a whole picture; PNG, JPEG, BMP, TIFF or WebP would be."
# Larger pictures are brought down to this many pixels on their longest side: handwriting stays
# legible, and reading takes milliseconds.
_LARGEST_SIDE = 1600
# Below this spread between paper and ink, in grey levels of 255, there is nothing to read.
_LEAST_CONTRAST = 24
# Share of a picture that is dark, at least, where its paper is.
_DARK = 0.35
_BAND = 256  # rows that are worked on at a time: a large picture's colours take much memory
# Specks below this share of the largest piece of ink are dust.
_DUST = 0.01
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
        raise InputError(f"{path}: cut short, {NOT_WHOLE}")
    try:
        picture = cv2.imdecode(content, flags) if len(content) else None
    except cv2.error as error:
        if "MAX_IMAGE_PIXELS" in str(error):
            raise InputError(
                f"{path}: larger than {MOST_PIXELS // 1_000_000} megapixels; make it smaller."
            ) from None
        picture = None
    if picture is None or picture.size == 0:
        raise InputError(f"{path}: {NOT_WHOLE}")
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


def ink_of(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Separates ink from paper: (height, width) uint8, 0 for paper to 255 for ink.

    picture: (height, width) uint8, grey levels. Where it is larger, the ink comes with 1600 pixels
    on its longest side, aspect kept.

    Works for dark ink on light paper and for light on dark: paper is what most of the picture's
    border shows. Uneven light is levelled by the paper's own brightness around each pixel, ink is
    separated from paper by Otsu's threshold (1979), and edges keep their grey.
    """
    shrink = _LARGEST_SIDE / max(picture.shape)
    if shrink < 1:
        size = [max(1, round(side * shrink)) for side in picture.shape[::-1]]
        picture = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
    grey = picture.astype(np.float32)
    border = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    # A frame around light paper is dark, but most of the picture isn't.
    if np.median(border) < 128 and (grey < 128).mean() >= _DARK:
        grey = 255 - grey
    # The paper around each pixel: the brightest nearby, smoothed. The window is wider than any
    # pen, so that ink never counts as paper.
    reach = max(3, max(grey.shape) // 4) | 1
    small_scale = min(1.0, 128 / max(grey.shape))
    small = cv2.resize(grey, None, fx=small_scale, fy=small_scale, interpolation=cv2.INTER_AREA)
    size = max(3, round(reach * small_scale)) | 1
    paper = cv2.GaussianBlur(cv2.dilate(small, np.ones((size, size), np.uint8)), (size, size), 0)
    paper = cv2.resize(paper, (grey.shape[1], grey.shape[0]), interpolation=cv2.INTER_LINEAR)
    darkness = np.clip(paper - grey, 0, 255)
    levels = darkness.astype(np.uint8)
    if int(levels.max()) < _LEAST_CONTRAST:
        return np.zeros(picture.shape, dtype=np.uint8)
    threshold, mask = cv2.threshold(levels, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    kept = _without_dust(mask)
    full = float(np.median(darkness[kept > 0])) if kept.any() else 255.0
    # Grey between half the threshold and full ink becomes the soft edge of the ink.
    soft = np.clip((darkness - threshold / 2) / max(full - threshold / 2, 1) * 255, 0, 255)
    near = cv2.dilate(kept, np.ones((3, 3), np.uint8))
    return np.where(near > 0, soft, 0).astype(np.uint8)


def _without_dust(mask: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The mask without specks that are tiny beside the largest piece."""
    count, parts, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    if count <= 2:
        return mask
    areas = stats[:, cv2.CC_STAT_AREA].copy()
    areas[0] = 0
    keep = areas >= max(2.0, _DUST * areas.max())
    return np.where(keep[parts], 255, 0).astype(np.uint8)
