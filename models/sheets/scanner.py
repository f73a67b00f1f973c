"""From a photograph to the fields of the sheets in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from models.ink.strokes import Box
from models.sheets.codes import code_box, read_code
from models.sheets.field_ink import FieldInk, field_ink
from models.sheets.markers import PLACES, SIDE, Found, find_sheets, marker_corners
from models.sheets.photograph import is_too_dark
from models.sheets.reading import FieldReader, FieldReading, Verdict, verdict
from models.sheets.sheet import PAPERS, Field, Page, Sheet
from models.sheets.straighten import straightened
from models.util.arrays import Floats
from models.util.errors import InputError

_CODE_RESOLUTION = 10.0  # pixels for a millimetre of the code
_BLURRED = 0.55  # millimetres of a marker's edge, standard deviation, from which nothing is read
_SIGNATURE = (
    24,
    8,
)  # places of a field, across and down, of which it is known whether they have ink


@dataclass(frozen=True, eq=False)
class FieldResult:
    """A field of a photographed page, as it was read."""

    field: Field
    reading: FieldReading
    verdict: Verdict | None


@dataclass(frozen=True, eq=False)
class PageResult:
    """A page in a photograph.

    sheet: its name. number: of the page, from 1. writer: the name on it as it was read, or "".
    to_photo: (3, 3), from millimetres on the page to pixels of the photograph. signature: where
    there is ink in its fields, one bit a place, to know the same page again.
    """

    sheet: str
    number: int
    page: Page
    fields: tuple[FieldResult, ...]
    writer: str
    to_photo: Floats
    signature: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class PhotoResult:
    """What a photograph shows: the pages that could be read, and why others could not."""

    pages: tuple[PageResult, ...] = ()
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class _Placed:
    """A page found in a photograph."""

    sheet: Sheet
    number: int
    to_photo: Floats

    @property
    def page(self) -> Page:
        return self.sheet.pages[self.number - 1]


def scan_photograph(
    photo: NDArray[np.uint8], sheet_named: Callable[[str], Sheet], reader: FieldReader
) -> PhotoResult:
    """Finds the sheets in a photograph and reads their fields.

    photo: (height, width, 3) uint8. sheet_named: the sheet that a printed name stands for; raises
    InputError where there is none.
    """
    grey = np.asarray(cv2.cvtColor(photo, cv2.COLOR_BGR2GRAY), np.uint8)
    pages: list[PageResult] = []
    problems: list[str] = []
    for found in find_sheets(grey, PAPERS["A4"]):
        try:
            placed = _placed(grey, found, sheet_named)
        except InputError as error:
            problems.append(str(error))
            continue
        pages.append(read_page(grey, placed.sheet, placed.number, placed.to_photo, reader))
    if not pages and not problems:
        problems.append(_why_nothing(grey))
    return PhotoResult(tuple(pages), tuple(problems))


def read_page(
    grey: NDArray[np.uint8], sheet: Sheet, number: int, to_photo: Floats, reader: FieldReader
) -> PageResult:
    """Reads the fields of a page. grey: the photograph. number: of the page, from 1."""
    page = sheet.pages[number - 1]
    results, bits = [], []
    for field in page.fields:
        written = field_ink(grey, to_photo, field)
        reading = reader.read(field, written)
        results.append(FieldResult(field, reading, verdict(field, reading)))
        bits.append(_signature(written))
    writer = ""
    if page.writer is not None:
        field = Field("name", "words", page.writer)
        writer = reader.read(field, field_ink(grey, to_photo, field)).best
    signature = np.concatenate(bits) if bits else np.zeros(0, bool)
    return PageResult(sheet.name, number, page, tuple(results), writer, to_photo, signature)


def same_page(one: PageResult, other: PageResult) -> bool:
    """Whether two photographs show the same piece of paper, by where its ink is."""
    if (one.sheet, one.number) != (other.sheet, other.number):
        return False
    return same_ink(one.signature, other.signature)


def same_ink(one: NDArray[np.bool_], other: NDArray[np.bool_]) -> bool:
    """Whether two signatures are of the same ink; pages without ink are never the same."""
    either = int((one | other).sum())
    return either > 0 and int((one & other).sum()) >= 0.6 * either


def _placed(grey: NDArray[np.uint8], found: Found, sheet_named: Callable[[str], Sheet]) -> _Placed:
    if found.missing and not _is_cut_off(grey, found):
        raise InputError(
            f"{_hidden(found)} hidden, outside the photograph or unclear; all four corner markers "
            "must be seen whole"
        )
    blur = max(_blur(grey, found, size) for size in PAPERS.values())
    for size in PAPERS.values():
        to_photo = found.homography(size)
        picture = straightened(grey, to_photo, code_box(size), _CODE_RESOLUTION)
        code = read_code(picture)
        if code is None:
            continue
        if blur > _BLURRED:
            break
        sheet = sheet_named(code[0])
        if not 1 <= code[1] <= len(sheet.pages):
            raise InputError(f"sheet {sheet.name} has no page {code[1]}")
        page = sheet.pages[code[1] - 1]
        to_photo = found.homography(page.size)
        boxes = [field.box for field in page.fields]
        if found.missing and not all(_is_inside(grey, to_photo, box) for box in boxes):
            raise InputError(
                f"{_hidden(found)} outside the photograph, and so are fields; all of the sheet "
                "must be in it"
            )
        return _Placed(sheet, code[1], to_photo)
    if blur > _BLURRED:
        raise InputError("blurred; hold the camera still, and let it focus on the sheet")
    raise InputError(
        "the code beside marker 2 (upper right) cannot be read: covered, creased or too small"
    )


def _hidden(found: Found) -> str:
    """The missing markers as the beginning of a sentence about them."""
    hidden = [f"{number + 1} ({PLACES[number]})" for number in found.missing]
    if len(hidden) == 1:
        return f"marker {hidden[0]} of the sheet is"
    return f"markers {' and '.join(hidden)} of the sheet are"


def _is_cut_off(grey: NDArray[np.uint8], found: Found) -> bool:
    """Whether one marker alone is missing, since the photograph ends there: three are enough."""
    if len(found.missing) != 1:
        return False
    x, y = marker_corners(found.missing[0], PAPERS["A4"])[0].tolist()
    to_photo = found.homography(PAPERS["A4"])
    return not _is_inside(grey, to_photo, Box(x, y, SIDE, SIDE).grown(1))


def _is_inside(grey: NDArray[np.uint8], to_photo: Floats, box: Box) -> bool:
    """Whether all of a box on the page, in millimetres, is in the photograph."""
    corners = np.array(
        [[box.x, box.y], [box.right, box.y], [box.right, box.bottom], [box.x, box.bottom]]
    )
    seen = cv2.perspectiveTransform(corners[:, np.newaxis], to_photo)[:, 0]
    return bool((seen >= 0).all() and (seen <= np.array(grey.shape[::-1])).all())


def _blur(grey: NDArray[np.uint8], found: Found, size: tuple[float, float]) -> float:
    """How soft the markers' outer edges are: the standard deviation of the edge, in millimetres.

    size: of the page. Of a sharp photograph it is about half a pixel.
    """
    resolution = 20.0
    to_photo = found.homography(size)
    widths = []
    for number in found.markers:
        x, y = marker_corners(number, size)[0].tolist()
        # Across the left edge, in its middle part.
        box = Box(x - 2, y + SIDE / 4, 3, SIDE / 2)
        edge = straightened(grey, to_photo, box, resolution).astype(np.float64)
        steps = -np.diff(edge, axis=1)
        steps = np.clip(steps - 0.1 * steps.max(), 0, None)
        weight = steps.sum()
        if weight <= 0:
            continue
        place = np.arange(steps.shape[1])
        rows = steps.sum(axis=1)
        kept = rows > 0
        middle = (steps[kept] @ place) / rows[kept]
        spread = (steps[kept] * (place - middle[:, np.newaxis]) ** 2).sum(axis=1) / rows[kept]
        widths.append(float(np.sqrt(np.median(spread))) / resolution)
    return float(np.median(widths)) if widths else 0.0


def _why_nothing(grey: NDArray[np.uint8]) -> str:
    if is_too_dark(grey):
        return "too dark; take it again with more light"
    edges = cv2.Laplacian(cv2.resize(grey, (600, 800), interpolation=cv2.INTER_AREA), cv2.CV_32F)
    if float(np.percentile(np.abs(edges), 99)) < 12:
        return "blurred or blank: none of a sheet's four corner markers is to be seen"
    return "no sheet in it: none of its four corner markers is to be seen"


def _signature(written: FieldInk) -> NDArray[np.bool_]:
    left, top, right, bottom = (round(edge) for edge in written.edges)
    part = written.ink[max(0, top) : bottom, max(0, left) : right].astype(np.float32)
    if not part.size:
        return np.zeros(_SIGNATURE[0] * _SIGNATURE[1], bool)
    return np.asarray(cv2.resize(part, _SIGNATURE, interpolation=cv2.INTER_AREA) > 30).ravel()
