"""Printing: a sheet as a PDF, with its fonts in it."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from fpdf import FPDF
from numpy.typing import NDArray

import game.ui
from game.sheets.layout import PrintedSheet, PrintedText
from models.ink.strokes import Box
from models.sheets.codes import code_box, code_modules
from models.sheets.markers import SIDE, marker_cells, marker_corners
from models.sheets.sheet import Field
from models.util.atomic_files import write_new_together
from models.util.errors import StorageError, explain_os_error

_FONTS = Path(game.ui.__file__).parent / "fonts"
_FAMILY = "Atkinson Hyperlegible"
_POINT = 25.4 / 72  # millimetres
_LEADING = 1.15  # from one line to the next, in sizes
_SMALLEST = 6.0  # points
_INK, _QUIET, _LINE = 20, 110, 130  # grey levels
_LINE_WIDTH = 0.25  # millimetres


def sheet_to_pdf(printed: PrintedSheet) -> bytes:
    """The pages of a sheet as a PDF; the same sheet gives the same bytes."""
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    sheet = printed.sheet
    document = FPDF(unit="mm", format=sheet.pages[0].size)
    document.set_auto_page_break(False)
    document.set_margin(0)
    document.c_margin = 0
    document.set_creation_date(datetime(2000, 1, 1, tzinfo=UTC))
    document.set_title(f"{sheet.title} ({sheet.name})")
    document.set_creator("Inkling")
    document.add_font(_FAMILY, "", _FONTS / "AtkinsonHyperlegible-Regular.ttf")
    document.add_font(_FAMILY, "B", _FONTS / "AtkinsonHyperlegible-Bold.ttf")
    for number, (page, texts) in enumerate(zip(sheet.pages, printed.texts, strict=True), start=1):
        document.add_page(format=page.size)
        for marker in range(4):
            _print_modules(document, marker_cells(marker), _marker_box(marker, page.size))
        _print_modules(document, code_modules(sheet.name, number), code_box(page.size))
        document.set_draw_color(_LINE)
        document.set_line_width(_LINE_WIDTH)
        if page.writer is not None:
            box = page.writer
            document.line(box.x, box.bottom, box.right, box.bottom)
        for field in page.fields:
            _print_field(document, field)
        for text in texts:
            _print_text(document, text)
    return bytes(document.output())


def save_pdf(printed: PrintedSheet, path: Path) -> Path:
    """Writes a sheet as a new file, and returns its path: a number is added where there is one.

    The folder is made. Raises StorageError.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        content = sheet_to_pdf(printed)
        (written,) = write_new_together(path.parent, path.stem, {path.suffix: content})
    except OSError as error:
        raise StorageError(f"{path}: cannot be written, {explain_os_error(error)}.") from None
    return written


def _marker_box(number: int, size: tuple[float, float]) -> Box:
    x, y = marker_corners(number, size)[0].tolist()
    return Box(x, y, SIDE, SIDE)


def _print_modules(document: FPDF, black: NDArray[np.bool_], box: Box) -> None:
    """Squares, those of a row that touch as one, so that no printer leaves gaps between them."""
    document.set_fill_color(0)
    side = box.width / len(black)
    for row, cells in enumerate(black.tolist()):
        start = None
        for column, cell in enumerate([*cells, False]):
            if cell and start is None:
                start = column
            elif not cell and start is not None:
                width = (column - start) * side
                document.rect(box.x + start * side, box.y + row * side, width, side, style="F")
                start = None


def _print_field(document: FPDF, field: Field) -> None:
    box = field.box
    document.rect(box.x, box.y, box.width, box.height)
    if field.has_cells:
        for cell in range(1, field.cells):
            x = box.x + box.width * cell / field.cells
            document.line(x, box.y, x, box.bottom)


def _print_text(document: FPDF, text: PrintedText) -> None:
    box, style = text.box, "B" if text.bold else ""
    size, lines = text.size, [text.text]
    while True:
        document.set_font(_FAMILY, style, size)
        lines = _wrapped(document, text.text, box.width)
        fits = len(lines) * size * _LEADING * _POINT <= box.height + 0.01
        if (fits and max(map(document.get_string_width, lines)) <= box.width) or size <= _SMALLEST:
            break
        size -= 0.5
    document.set_text_color(_QUIET if text.quiet else _INK)
    step = size * _LEADING * _POINT
    top = box.y + (box.height - len(lines) * step) / 2
    align = text.align if len(lines) == 1 else "left"
    for number, line in enumerate(lines):
        spare = box.width - document.get_string_width(line)
        x = box.x + {"left": 0.0, "centre": spare / 2, "right": spare}[align]
        document.text(x, top + (number + 0.78) * step, line)


def _wrapped(document: FPDF, text: str, width: float) -> list[str]:
    """The text in lines, broken at spaces."""
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and document.get_string_width(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
