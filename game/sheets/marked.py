"""Marked pictures: a straightened page with what is right, wrong, and to be looked at."""

from __future__ import annotations

import os
from functools import cache
from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

import game.ui
from game.sheets.records import FieldRecord, PageRecord
from models.ink.strokes import Box
from models.sheets.straighten import straightened
from models.util.atomic_files import write_new_together
from models.util.errors import InputError, explain_os_error

_RESOLUTION = 8.0  # pixels for a millimetre
_QUALITY = 88
Colour = tuple[int, int, int]
# No meaning hangs on colour alone: each verdict has a sign and words of its own as well.
GREEN: Colour = (0, 140, 60)
RED: Colour = (205, 30, 20)
ORANGE: Colour = (225, 125, 0)
GREY: Colour = (90, 90, 90)


def mark_page(photo: NDArray[np.uint8], page: PageRecord, folder: Path) -> None:
    """Writes the marked picture of a page as a new file, named like the photograph that shows it,
    into a folder, which is made.

    photo: (height, width, 3) uint8, blue, green, red. Raises InputError where it cannot be written.
    """
    content = BytesIO()
    marked_picture(photo, page).save(content, "JPEG", quality=_QUALITY)
    try:
        os.makedirs(folder, exist_ok=True)  # noqa: PTH103 (says which part of it is no folder)
        write_new_together(folder, Path(page.path).stem, {".jpg": content.getvalue()})
    except OSError as error:
        raise InputError(
            f"{page.path}: its marked picture is not kept in {folder}, {explain_os_error(error)}."
        ) from None


def marked_picture(photo: NDArray[np.uint8], page: PageRecord) -> Image.Image:
    """The page, straightened, with its marks."""
    to_photo = np.array(page.to_photo).reshape(3, 3)
    whole = Box(0, 0, *page.size)
    straight = _in_even_light(straightened(photo, to_photo, whole, _RESOLUTION))
    picture = Image.fromarray(cv2.cvtColor(straight, cv2.COLOR_BGR2RGB))
    draw = ImageDraw.Draw(picture, "RGBA")
    for field in page.fields:
        _mark(draw, field)
    _summary(draw, page)
    return picture


def _in_even_light(page: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The page with white paper, whatever the light was. page: (height, width, 3) uint8."""
    size = max(1, page.shape[1] // 16), max(1, page.shape[0] // 16)
    small = cv2.resize(page, size, interpolation=cv2.INTER_AREA)
    # Wider than a marker, so that there is paper everywhere.
    light = cv2.GaussianBlur(cv2.dilate(small, np.ones((11, 11), np.uint8)), (0, 0), 5)
    paper = cv2.resize(light, page.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(page, paper, scale=248), np.uint8)


def _mark(draw: ImageDraw.ImageDraw, field: FieldRecord) -> None:
    left, top = field.box.x * _RESOLUTION, field.box.y * _RESOLUTION
    right, bottom = field.box.right * _RESOLUTION, field.box.bottom * _RESOLUTION
    colour = _colour(field)
    draw.rounded_rectangle((left - 4, top - 4, right + 4, bottom + 4), 8, (*colour, 28), colour, 4)
    middle = (top + bottom) / 2
    x = right + 12
    if field.verdict == "right":
        draw.line([(x, middle), (x + 9, middle + 12), (x + 26, middle - 14)], colour, 6, "curve")
    elif field.verdict == "wrong":
        draw.line([(x, middle - 11), (x + 22, middle + 11)], colour, 6)
        draw.line([(x, middle + 11), (x + 22, middle - 11)], colour, 6)
    elif field.is_unsure:
        draw.text((x, middle), "?", colour, _font(40, True), "lm")
    below = bottom + 5
    if field.verdict == "wrong":
        _tag(draw, (left, below), f"{_read(field)} read, {field.expected} expected", colour)
    elif field.is_unsure:
        _tag(draw, (left, below), f"please look: {field.best}?", colour)
    elif field.verdict is None and field.best:
        _tag(draw, (left, below), _read(field), colour)


def _read(field: FieldRecord) -> str:
    return "ticked" if field.kind == "tick" and field.best else field.best or "nothing"


def _tag(draw: ImageDraw.ImageDraw, place: tuple[float, float], text: str, colour: Colour) -> None:
    font = _font(22, False)
    box = draw.textbbox((place[0] + 4, place[1]), text, font, "lt")
    draw.rectangle((box[0] - 4, box[1] - 2, box[2] + 4, box[3] + 3), (255, 255, 255, 225))
    draw.text((place[0] + 4, place[1]), text, colour, font, "lt")


def _summary(draw: ImageDraw.ImageDraw, page: PageRecord) -> None:
    """What the page comes to, above its fields."""
    expected = [field for field in page.fields if field.expected is not None]
    if not expected:
        return
    right = sum(field.verdict == "right" for field in expected)
    unsure = sum(field.is_unsure for field in expected)
    text = f"{right} of {len(expected)} right"
    if unsure:
        text += f", {unsure} to look at"
    top = min(field.box.y for field in page.fields) * _RESOLUTION
    left = min(field.box.x for field in page.fields) * _RESOLUTION
    draw.text(
        (max(left, 190), max(top - 48, 8)), text, ORANGE if unsure else GREEN, _font(32, True), "lt"
    )


def _colour(field: FieldRecord) -> Colour:
    if field.is_unsure:
        return ORANGE
    if field.verdict == "right":
        return GREEN
    return RED if field.verdict == "wrong" else GREY


@cache
def _font(size: int, bold: bool) -> ImageFont.FreeTypeFont:
    name = "AtkinsonHyperlegible-Bold.ttf" if bold else "AtkinsonHyperlegible-Regular.ttf"
    return ImageFont.truetype(str(Path(game.ui.__file__).parent / "fonts" / name), size)
