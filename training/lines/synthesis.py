"""Pictures of numbers that are made of one person's digits, on paper as it is."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from models.ink.strokes import Stroke
from training.data import paper
from training.data.paper import Papers
from training.data.styles import restyled
from training.lines import allographs, marks
from training.lines.writers import LETTERS_FOR, Shape, Writer, Writers, drawn_shape

Rng = np.random.Generator

_SIZE = 48  # pixels, height of the writing where it is drawn
_PAD = 30  # pixels around it there
_BITS = 4  # of a pixel's fraction, for OpenCV
MOST_DIGITS = 10
# How many digits a line has: 1 to 10.
_LENGTHS = np.array([8, 8, 15, 25, 25, 10, 4, 2, 1.5, 1.5]) / 100


@dataclass(frozen=True, eq=False)
class Line:
    """A picture of a number. picture: (height, width) uint8, grey levels. label: its digits."""

    picture: NDArray[np.uint8]
    label: str


@dataclass(eq=False)
class _Writing:
    """Ink before it is on paper, in pixels where the writing is `_SIZE` high, y = 0 at its top.

    lines: of the pen. images: with their left upper corner. cells: x between the digits. right:
    where it ends so far.
    """

    lines: list[NDArray[np.float64]]
    images: list[tuple[NDArray[np.uint8], float, float]]
    cells: list[float]
    right: float = 0.0


def random_number(rng: Rng) -> str:
    """Digits of a number: any, or such as amounts have."""
    length = 1 + int(rng.choice(len(_LENGTHS), p=_LENGTHS))
    digits = rng.integers(10, size=length)
    kind = rng.random()
    if kind < 0.35:  # Benford's law: amounts begin with small digits
        digits[0] = int(rng.choice(np.arange(1, 10), p=np.log10(1 + 1 / np.arange(1, 10))))
    if kind < 0.22 and length > 1:  # and end with noughts
        digits[max(1, length - int(rng.integers(1, 5))) :] = 0
    elif kind > 0.97:  # or are of one digit
        digits[int(rng.integers(length)) :] = digits[0]
    return "".join(map(str, digits))


def random_line(writers: Writers, papers: Papers, rng: Rng) -> Line:
    """A line of digits by one person. writers, papers: that it is made of."""
    writer = writers.choose(rng)
    label = random_number(rng) if rng.random() > 0.015 else ""
    writing = _written(writers, writer, label, rng)
    ink = _drawn(writing, rng)
    return Line(_on_paper(ink, writing.cells, papers, rng), label)


def _written(writers: Writers, writer: Writer, label: str, rng: Rng) -> _Writing:
    """The digits and marks of a number, side by side."""
    writing = _Writing([], [], [])
    aspect = float(np.exp(rng.normal(0, 0.16)))
    tightness = rng.random()
    low, high = (-0.08, 0.05) if tightness < 0.2 else (0.0, 0.3) if tightness < 0.8 else (0.2, 0.9)
    gap = rng.uniform(low, high)
    joined = 0.5 if rng.random() < 0.2 else 0.0
    noughts = rng.uniform(0.5, 0.9) if rng.random() < 0.3 else 1.0
    dropped = rng.uniform(0.1, 0.35) if rng.random() < 0.2 else 0.0
    spread, lift = rng.uniform(0, 0.14), rng.uniform(0, 0.07)
    as_letters = {
        digit: [letter for letter in writer.letters if LETTERS_FOR[letter] == digit]
        for digit in (set(label) if rng.random() < 0.25 else ())
    }
    if rng.random() < (0.08 if label else 1.0):
        _add_marks(writing, marks.chosen(marks.BEFORE, rng), rng)
        writing.right += rng.uniform(0.05, 0.4) * _SIZE
    separator = _separator(label, rng)
    forms = allographs.chosen(set(label), rng)
    in_one_stroke, crossed = rng.random() < 0.25, rng.random() < 0.3
    index = 0
    while index < len(label):
        digit = label[index]
        run = _noughts_from(label, index, separator) if in_one_stroke else 0
        if run > 1:
            _add_noughts(writing, run, noughts, rng)
            index += run
            _add_separator(writing, separator.get(index), rng)
            continue
        letters = as_letters.get(digit)
        if digit in forms and rng.random() < 0.85:
            shape = allographs.allograph(digit, forms[digit], rng)
        elif letters and rng.random() < 0.6:
            of_letter = writer.letters[letters[int(rng.integers(len(letters)))]]
            shape = of_letter[int(rng.integers(len(of_letter)))]
        else:
            shape = writers.shape(writer, digit, rng)
            if shape.strokes:
                shape = _restyled(shape, int(digit), rng)
        size = float(np.exp(rng.normal(0, spread))) * (noughts if digit == "0" else 1.0)
        below = dropped if digit in "79" else 0.0
        if index:
            writing.right += float(rng.normal(gap, 0.04)) * _SIZE
        writing.cells.append(writing.right - 0.5 * gap * _SIZE)
        top = (1 - size * shape.height + below + rng.normal(0, lift)) * _SIZE
        if digit == "7" and crossed and shape.image is not None:
            _add_bar(writing, shape, size * _SIZE, aspect, top, rng)
        joins = bool(index) and rng.random() < joined
        _add(writing, shape, size * _SIZE, aspect, top, joins, rng)
        index += 1
        _add_separator(writing, separator.get(index), rng)
    writing.cells.append(writing.right + 0.5 * gap * _SIZE)
    if label and rng.random() < 0.4:
        writing.right += rng.uniform(0.02, 0.45) * _SIZE
        _add_marks(writing, marks.chosen(marks.AFTER, rng), rng)
    return writing


def _restyled(shape: Shape, digit: int, rng: Rng) -> Shape:
    strokes = [Stroke.view(points) for points in shape.strokes]
    other = restyled(strokes, digit, rng)
    return shape if other is strokes else drawn_shape(other)


def _separator(label: str, rng: Rng) -> dict[int, tuple[marks.Mark, ...]]:
    """The marks after so many digits: between thousands, before cents, or none."""
    if len(label) < 3 or rng.random() < 0.45:
        return {}
    kind = rng.random()
    mark = (
        (marks.point,) if kind < 0.6 else
        (marks.comma,) if kind < 0.85 else
        (marks.apostrophe,) if kind < 0.95 else ()
    )  # fmt: skip
    if rng.random() < 0.12:
        return {len(label) - 2: mark}
    return dict.fromkeys(range(len(label) - 3, 0, -3), mark)


def _add_separator(writing: _Writing, separator: Sequence[marks.Mark] | None, rng: Rng) -> None:
    if separator is not None:
        writing.right += rng.uniform(0.0, 0.2) * _SIZE
        _add_marks(writing, separator, rng)
        writing.right += rng.uniform(-0.02, 0.45) * _SIZE


def _noughts_from(label: str, index: int, separator: Container[int]) -> int:
    """How many noughts stand together from there on, no separator between them."""
    end = index
    while end < len(label) and label[end] == "0" and (end == index or end not in separator):
        end += 1
    return end - index


def _add_noughts(writing: _Writing, count: int, height: float, rng: Rng) -> None:
    """Noughts in one stroke, sometimes with a line through all. height: 1 for full size."""
    points = allographs.noughts(count, rng) * (height * _SIZE)
    left, width = writing.right, float(points[:, 0].max())
    if writing.cells:
        left += rng.uniform(-0.05, 0.2) * _SIZE
    writing.lines.append(points + np.array([left, (1 - height) * _SIZE]))
    if rng.random() < 0.1:
        y = (1 - rng.uniform(0.35, 0.65) * height) * _SIZE
        out = rng.uniform(-0.1, 0.3, 2) * _SIZE
        writing.lines.append(marks.line(left - out[0], y, left + width + out[1], y, rng, 0.02))
    writing.cells += [left + width * place / count for place in range(count)]
    writing.right = left + width


def _add_bar(
    writing: _Writing, shape: Shape, size: float, aspect: float, top: float, rng: Rng
) -> None:
    """The bar across the stem of a 7 that is an image, at the right end. As for `_add`."""
    assert shape.image is not None
    level = rng.uniform(0.42, 0.62)
    columns = np.flatnonzero(shape.image[int(level * shape.image.shape[0])] > 100)
    if len(columns):
        stem = writing.right + columns.mean() / shape.image.shape[1] * shape.width * size * aspect
        y = top + level * shape.height * size
        left, right = rng.uniform(0.12, 0.38, 2) * size
        rise = rng.normal(0.02, 0.04) * size
        writing.lines.append(marks.line(stem - left, y + rise, stem + right, y - rise, rng))


def _add_marks(writing: _Writing, sequence: Sequence[marks.Mark], rng: Rng) -> None:
    size = _SIZE * rng.uniform(0.75, 1.1)
    for mark in sequence:
        for points in mark(rng):
            placed = points * size + (writing.right, _SIZE - size)
            writing.lines.append(placed)
        right = max(float(line[:, 0].max()) for line in writing.lines)
        writing.right = max(writing.right, right) + rng.uniform(0.03, 0.2) * size


def _add(
    writing: _Writing, shape: Shape, size: float, aspect: float, top: float, join: bool, rng: Rng
) -> None:
    """A digit at the right end. size: pixels for a height. join: goes on from the last line."""
    left = writing.right
    if shape.image is not None:
        width = max(2, round(shape.width * size * aspect))
        height = max(2, round(shape.height * size))
        image = cv2.resize(shape.image, (width, height), interpolation=cv2.INTER_LINEAR)
        writing.images.append((np.asarray(image, np.uint8), left, top))
    else:
        # Each digit leans a little more or less than its neighbours.
        lean = np.array([[1.0, 0.0], [rng.normal(0, 0.07), 1.0]])
        for number, stroke in enumerate(shape.strokes):
            points = stroke @ lean * (size * aspect, size) + (left, top)
            if join and not number and writing.lines:
                points = np.concatenate([writing.lines.pop(), points])
            writing.lines.append(points)
    writing.right = left + shape.width * size * aspect


def _drawn(writing: _Writing, rng: Rng) -> NDArray[np.uint8]:
    """All ink on one sheet, 0 to 255; the writing's origin lies at (_PAD, _PAD)."""
    width = max(8, int(writing.right)) + 2 * _PAD
    sheet = np.zeros((_SIZE + 2 * _PAD, width), np.uint8)
    pen = round(float(np.clip(np.exp(rng.normal(np.log(2.8), 0.36)), 2, 9)))
    for image, left, top in writing.images:
        x, y = round(left) + _PAD, round(top) + _PAD
        x0, y0 = max(0, x), max(0, y)
        x1, y1 = min(width, x + image.shape[1]), min(sheet.shape[0], y + image.shape[0])
        if x1 > x0 and y1 > y0:
            place = sheet[y0:y1, x0:x1]
            np.maximum(place, image[y0 - y : y1 - y, x0 - x : x1 - x], out=place)
    if writing.images:
        sheet = _with_pen(sheet, pen, rng)
    lines = [
        np.rint((line + _PAD) * (1 << _BITS)).astype(np.int32)
        for line in writing.lines
    ]  # fmt: skip
    lines = [line if len(line) > 1 else np.repeat(line, 2, axis=0) for line in lines]
    cv2.polylines(sheet, lines, False, (255,), pen, cv2.LINE_AA, _BITS)
    return sheet


def _with_pen(sheet: NDArray[np.uint8], pen: int, rng: Rng) -> NDArray[np.uint8]:
    """Images of digits with sharp edges, written with another pen. pen: its width, pixels."""
    levels = np.arange(256) - rng.uniform(40, 110)
    steep = np.clip(levels * 255 / rng.uniform(60, 140), 0, 255).astype(np.uint8)
    sharp = np.asarray(cv2.LUT(sheet, steep), np.uint8)
    _, mask = cv2.threshold(sharp, 127, 1, cv2.THRESH_BINARY)
    area = int(mask.sum())
    border = area - int(cv2.erode(mask, np.ones((3, 3), np.uint8)).sum())
    width = 2 * area / max(border, 1)
    # By half at most: where the pen was light a line is thinner than elsewhere.
    change = round(float(np.clip(width - pen, -3, 0.5 * width)))
    if not change:
        return sharp
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (abs(change) + 1, abs(change) + 1))
    changed = cv2.erode(sharp, disc) if change > 0 else cv2.dilate(sharp, disc)
    return np.asarray(changed, np.uint8)


def _on_paper(
    sheet: NDArray[np.uint8], cells: Sequence[float], papers: Papers, rng: Rng
) -> NDArray[np.uint8]:
    """The picture of a sheet of ink: slanted, bent, printed around, and photographed."""
    tall = float(np.exp(rng.uniform(np.log(16), np.log(46))))  # pixels, of the writing
    if tall < 0.6 * _SIZE:
        half = cv2.resize(sheet, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
        sheet = np.asarray(half, np.uint8)
    finer = sheet.shape[0] / (_SIZE + 2 * _PAD)  # pixels of the sheet for one where it was drawn
    scale = tall / _SIZE  # pixels of the picture for one where it was drawn
    x0, y0, w, h = cv2.boundingRect(sheet)
    x0, y0, w, h = (each * scale / finer for each in (x0, y0, max(w, 4), max(h, 4)))
    slant = np.tan(np.deg2rad(rng.normal(8, 14)))
    rise = np.tan(np.deg2rad(rng.normal(0, 2.2)))
    # The ink's box, and what leaning and rising add to it; then the paper that is seen.
    w_all = w + 0.5 * abs(slant) * h
    h_all = h + 0.7 * abs(rise) * w
    near = rng.random() < 0.55
    reach = (-0.04, 0.28) if near else (0.05, 0.9)
    left, right, above, below = rng.uniform(*reach, 4) * tall
    height = max(12, round(h_all + above + below))
    width = max(12, round(w_all + left + right))
    # For each pixel of the picture, where it comes from on the sheet.
    x = np.arange(width, dtype=np.float32)[None, :] - np.float32(left + w_all / 2)
    y = np.arange(height, dtype=np.float32)[:, None] - np.float32(above + h_all / 2)
    by = finer / scale
    size = max(2, round(width / tall * 1.5)), 4
    bend = rng.normal(0, 1, (2, size[1], size[0])).astype(np.float32) * np.float32(
        rng.uniform(0, 0.06) * tall
    )
    bent = [cv2.resize(part, (width, height), interpolation=cv2.INTER_CUBIC) for part in bend]
    from_x = (x + np.float32(slant) * y + (bent[0] + np.float32(x0 + w / 2))) * np.float32(by)
    from_y = (y + np.float32(rise) * x + (bent[1] + np.float32(y0 + h / 2))) * np.float32(by)
    ink = cv2.remap(sheet, from_x, from_y, cv2.INTER_LINEAR, borderValue=0).astype(np.float32)
    ink *= np.float32(1 / 255)
    ink *= _pressure(height, width, rng)

    # Where the writing itself stands, for what is printed around it.
    top = above + h_all / 2 - (y0 + h / 2) + _PAD * scale
    edge = left + w_all / 2 - (x0 + w / 2) + _PAD * scale
    shape = height, width
    light_paper = rng.uniform(110, 250)
    dark = light_paper * rng.uniform(0.08, 0.62)
    printed = max(light_paper * rng.uniform(0.15, 0.8), 0.8 * dark)
    grey = paper.light(shape, rng)
    if rng.random() < 0.85:
        # Patterns are fainter than the writing.
        depth = min(0.4, 0.5 * (1 - dark / light_paper)) * rng.random()
        grey *= 1 - papers.pattern(height, width, rng).astype(np.float32) * np.float32(depth / 255)
    cells = [edge + each * scale for each in cells]
    rules = paper.frame(shape, top, top + tall, cells, rng)
    words = paper.text(shape, top, top + tall, edge, rng)
    if words is not None:
        rules = np.maximum(rules, words)
    grey *= 1 - rules * np.float32(1 - printed / light_paper)
    grey *= np.float32(light_paper)
    grey += ink * (np.float32(dark) - grey)
    return paper.photographed(grey, rng, tall)


def _pressure(height: int, width: int, rng: Rng) -> NDArray[np.float32]:
    """How dark the pen writes at each place, 0..1."""
    least = 1 - 0.5 * rng.random() ** 2
    coarse = rng.uniform(least, 1.0, (3, max(2, width // 12))).astype(np.float32)
    return np.asarray(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR))
