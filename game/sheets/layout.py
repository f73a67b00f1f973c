"""Where everything lies on a printed page. All lengths are millimetres."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from models.ink.strokes import Box
from models.sheets.codes import code_box
from models.sheets.markers import INSET, SIDE
from models.sheets.sheet import Page, Sheet

EDGE = 18.0  # left and right of what is printed
TOP, BOTTOM = 44.0, 26.0  # above the first field and below the last, on the page's edge
GAP = 8.0  # between columns, and between fields of a row
CELL = 8.5  # width of a place for one character
HEIGHT = 11.0  # of a place to write in
WRITER_HEIGHT = 10.0

Align = Literal["left", "right", "centre"]


@dataclass(frozen=True)
class PrintedText:
    """Text in a box: in as many lines as are needed, smaller where it does not fit.

    size: in points, at most. Lines stand in the middle of the box's height.
    """

    text: str
    box: Box
    size: float
    align: Align = "left"
    bold: bool = False
    quiet: bool = False


@dataclass(frozen=True)
class PrintedSheet:
    """A sheet with the texts of each of its pages."""

    sheet: Sheet
    texts: tuple[tuple[PrintedText, ...], ...]


def writer_box(size: tuple[float, float]) -> Box:
    """Where a person's name goes. size: of the page."""
    left = INSET + SIDE + 16
    return Box(left, 24.5, code_box(size).x - 6 - left, WRITER_HEIGHT)


def printed(sheet: Sheet, prompts: list[list[PrintedText]]) -> PrintedSheet:
    """The sheet with titles, page numbers and marks. prompts: the texts of each page's fields."""
    pages = zip(sheet.pages, prompts, strict=True)
    count = len(sheet.pages)
    texts = [
        (*_around(sheet, page, number, count), *own) for number, (page, own) in enumerate(pages, 1)
    ]
    return PrintedSheet(sheet, tuple(texts))


def _around(sheet: Sheet, page: Page, number: int, count: int) -> list[PrintedText]:
    width, height = page.size
    left = INSET + SIDE + 4
    right = code_box(page.size).x - 6
    texts = [PrintedText(sheet.title, Box(left, INSET, right - left, 10), 18, bold=True)]
    if page.writer is not None:
        box = page.writer
        texts.append(PrintedText("Name", Box(left, box.y, box.x - left - 1, box.height), 11))
    foot = Box(INSET + SIDE + 6, height - INSET - 8, width - 2 * (INSET + SIDE + 6), 6)
    about = f"Page {number} of {count}   ·   {sheet.name}"
    texts.append(PrintedText(about, foot, 9, "centre", quiet=True))
    for marker in range(4):
        # The number by which a hidden marker is told.
        x = INSET + SIDE + 0.8 if marker in (0, 3) else width - INSET - SIDE - 3.8
        y = INSET + SIDE - 3 if marker in (0, 1) else height - INSET - 3
        align: Align = "left" if marker in (0, 3) else "right"
        texts.append(PrintedText(str(marker + 1), Box(x, y, 3, 3), 7, align, quiet=True))
    return texts
