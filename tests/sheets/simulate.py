"""Simulated photographs: real people's writing in a printed sheet's fields, seen by a camera."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import cv2
import numpy as np
import pypdfium2
from numpy.typing import NDArray

from models.ink.strokes import Box, Drawing, bounding_box
from models.sheets.sheet import Field, Page
from training.data.synthetic_lines import LineLayout, set_line
from training.datasets.load import load_sets
from training.datasets.split import Split, person, split_of

Rng = np.random.Generator
Picture = NDArray[np.uint8]
# A person's drawings of each character.
Writer = Mapping[str, Sequence[Drawing]]

_RESOLUTION = 10.0  # pixels for a millimetre of the filled-in page
_PENS = (0.3, 0.85)  # millimetres
# Red, green and blue of a ball pen, a fountain pen, a felt pen and a pencil.
_COLOURS = ((20, 40, 130), (25, 30, 90), (30, 30, 30), (95, 95, 100))
_HEIGHTS = (0.48, 0.75)  # of a field's height, that a person's digits have
_RIGHT, _EMPTY = 0.7, 0.05  # shares of the fields
_ACROSS = 0.1  # share of the fields whose ink reaches across the printed lines
_IN_WORDS = LineLayout(gap=(0.08, 0.33), size=(0.85, 1.17), lift=(-0.07, 0.07), typographic=True)
# A cross and a tick, in sides of the box.
_CROSS = ([[0.15, 0.15], [0.85, 0.85]], [[0.15, 0.85], [0.85, 0.15]])
_TICK = ([[0.15, 0.55], [0.4, 0.85], [0.95, 0.05]],)


@dataclass(frozen=True)
class Camera:
    """How a photograph is taken.

    rotation: degrees, at most. perspective: of the page's sides, by which each corner is moved, at
    most. light: of the darkest part, 1 for even. heights: pixels of the photograph. blur: standard
    deviation in pixels. noise: standard deviation in grey levels. quality: of JPEG. turned: by how
    many right angles.
    """

    rotation: float = 6.0
    perspective: float = 0.07
    light: float = 0.6
    heights: tuple[int, int] = (1600, 2500)
    blur: tuple[float, float] = (0.4, 1.2)
    noise: tuple[float, float] = (1.0, 6.0)
    quality: tuple[int, int] = (70, 92)
    turned: int = 0


@dataclass
class Filled:
    """A page that was filled in. picture: (height, width, 3) uint8. written: in each field."""

    picture: Picture
    written: dict[str, str] = field(default_factory=dict)


def writers(data_dir: Path | None, split: Split, least: int = 3) -> dict[str, Writer]:
    """The people of a split with their digits, those who wrote each digit; see `load_sets`.

    least: drawings of each digit that a person must have written.
    """
    found: dict[str, dict[str, list[Drawing]]] = defaultdict(lambda: defaultdict(list))
    for dataset in load_sets(["unipen", "pendigits", "digilets"], data_dir):
        for drawing in dataset.drawings:
            writer = drawing.writer or ""
            if split_of(writer) == split:
                found[person(writer)][drawing.label or ""].append(drawing)
    return {
        name: own
        for name, own in sorted(found.items())
        if all(len(own[digit]) >= least for digit in "0123456789")
    }


def rendered(pdf: bytes, page: int) -> Picture:
    """A page of a PDF, counted from 0, as (height, width, 3) uint8."""
    document = pypdfium2.PdfDocument(pdf)
    picture = document[page].render(scale=_RESOLUTION * 25.4 / 72).to_numpy()
    document.close()
    return np.ascontiguousarray(picture[..., :3])


def fill_in(
    blank: Picture,
    page: Page,
    writer: Writer,
    rng: Rng,
    answer: Callable[[Field, Rng], str] | None = None,
) -> Filled:
    """Writes answers into a page's fields, by one person with one pen.

    blank: see `rendered`. answer: what to write in a field, "x" for a mark in a box; None for
    right answers, likely mistakes and empty fields by chance.
    """
    filled = Filled(blank.copy())
    pen = rng.uniform(*_PENS)
    colour = np.array(_COLOURS[rng.integers(len(_COLOURS))]) + rng.normal(0, 8, 3)
    height = rng.uniform(*_HEIGHTS)
    in_cells = rng.random() < 0.25
    for own in page.fields:
        text = (answer or likely_answer)(own, rng)
        filled.written[own.name] = text
        if not text:
            continue
        if own.kind == "tick":
            _draw(filled.picture, _mark(own.box, rng), own.box, pen, colour)
            continue
        drawings = [writer[each][int(rng.integers(len(writer[each])))] for each in text]
        if own.kind == "words":
            drawings = [Drawing(set_line(drawings, _IN_WORDS, rng).strokes, label=text)]
        _write(filled.picture, own, drawings, rng, pen, colour, height, in_cells)
    return filled


def _mark(box: Box, rng: Rng) -> list[NDArray[np.float64]]:
    """The lines of a cross or a tick in a box."""
    lines = _CROSS if rng.random() < 0.5 else _TICK
    corner, size = np.array([box.x, box.y]), np.array([box.width, box.height])
    return [
        corner + (np.array(each) + rng.normal(0, 0.07, (len(each), 2))) * size for each in lines
    ]


def likely_answer(own: Field, rng: Rng) -> str:
    """The right answer, a mistake as people make them, or nothing."""
    right = own.answer or "".join(str(rng.integers(10)) for _ in range(max(own.cells, 1)))
    chance = rng.random()
    if chance < _RIGHT:
        return right
    if chance > 1 - _EMPTY:
        return ""
    mistakes = {str(int(right) + step) for step in (-10, -2, -1, 1, 2, 10, 100)}
    mistakes |= {right[::-1], right[:-1], right[1:], str(rng.integers(10 ** len(right)))}
    digit, place = str(rng.integers(10)), int(rng.integers(len(right)))
    mistakes.add(right[:place] + digit + right[place + 1 :])
    most = max(own.cells, len(right))
    kept = sorted(each for each in mistakes if each.isdigit() and each != right)
    kept = [each for each in kept if len(each) <= most]
    return kept[int(rng.integers(len(kept)))]


def _write(
    picture: Picture,
    own: Field,
    drawings: Sequence[Drawing],
    rng: Rng,
    pen: float,
    colour: NDArray[np.float64],
    height: float,
    in_cells: bool,
) -> None:
    """Draws characters, or a whole word, into a field. height: of them, in heights of the field."""
    box = own.box
    in_cells = own.has_cells or (in_cells and own.cells >= len(drawings))
    placed: list[list[NDArray[np.float64]]] = []
    x = 0.0
    for place, drawing in enumerate(drawings):
        ink = bounding_box(drawing.strokes)
        high = box.height * height * rng.uniform(0.88, 1.12)
        scale = high / max(ink.height, 0.9 * ink.width / len(drawing.label or " "), 1e-9)
        turn = np.deg2rad(rng.normal(0, 2))
        matrix = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) * scale
        middle = np.array([ink.x + ink.width / 2, ink.y + ink.height / 2])
        strokes = [(stroke.points - middle) @ matrix.T for stroke in drawing.strokes]
        wide = ink.width * scale
        if in_cells:
            at = (place + 0.5) * box.width / own.cells + rng.normal(0, 0.3)
        else:
            at = x + wide / 2
            x += wide + high * rng.uniform(0.12, 0.4)
        down = rng.normal(0, 0.04) * box.height
        placed.append([points + np.array([at, down]) for points in strokes])
    every = np.concatenate([points for strokes in placed for points in strokes])
    low, high_ = every.min(axis=0) - pen / 2, every.max(axis=0) + pen / 2
    size = high_ - low
    room = np.array([box.width, box.height]) * 0.94
    shrink = min(1.0, float((room / np.maximum(size, 1e-9)).min()))
    spare = np.array([box.width, box.height]) - size * shrink
    if in_cells and shrink == 1:
        corner = np.array([box.x, box.y + box.height / 2])
        origin = np.zeros(2)
    else:
        share = np.array([rng.uniform(0.1, 0.7), rng.uniform(0.35, 0.65)])
        corner, origin = np.array([box.x, box.y]) + spare * share, low
        if rng.random() < _ACROSS:
            beyond = min(1.2, 0.15 * float(size[1]))
            edge = box.y - beyond, box.bottom + beyond - float(size[1]) * shrink
            corner[1] = edge[int(rng.integers(2))]
    lines = [((points - origin) * shrink + corner) for strokes in placed for points in strokes]
    _draw(picture, lines, box, pen, colour)


def _draw(
    picture: Picture,
    lines: Sequence[NDArray[np.float64]],
    box: Box,
    pen: float,
    colour: NDArray[np.float64],
) -> None:
    """Draws lines, in millimetres, as ink that lets a little of the paper through."""
    around = box.grown(6)
    left, top = max(0, int(around.x * _RESOLUTION)), max(0, int(around.y * _RESOLUTION))
    part = picture[top : int(around.bottom * _RESOLUTION), left : int(around.right * _RESOLUTION)]
    finer = 4
    mask = np.zeros((part.shape[0] * finer, part.shape[1] * finer), np.uint8)
    scale = finer * 16
    fixed = []
    for line in lines:
        pixels = (line * _RESOLUTION - np.array([left, top])) * scale
        pixels = np.rint(pixels if len(pixels) > 1 else np.repeat(pixels, 2, axis=0))
        fixed.append(pixels.astype(np.int32))
    thick = max(1, round(pen * _RESOLUTION * finer))
    cv2.polylines(mask, fixed, False, 255, thick, cv2.LINE_8, 4)
    ink = cv2.resize(mask, part.shape[1::-1], interpolation=cv2.INTER_AREA)[..., np.newaxis] / 255
    wet = np.clip(colour[::-1], 0, 255) / 255  # blue, green, red
    part[:] = np.clip(part * (1 - ink * (1 - wet)), 0, 255).astype(np.uint8)


def photographed(page: Picture, rng: Rng, camera: Camera | None = None) -> Picture:
    """A photograph of a page on a table, not yet compressed: (height, width, 3) uint8."""
    camera = camera or Camera()
    high = int(rng.integers(camera.heights[0], camera.heights[1] + 1))
    page_high, page_wide = page.shape[:2]
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float64) * [page_wide, page_high]
    moved = corners + rng.uniform(-1, 1, (4, 2)) * camera.perspective * [page_wide, page_high]
    turn = np.deg2rad(rng.uniform(-1, 1) * camera.rotation)
    matrix = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    moved = moved @ matrix.T
    moved -= moved.min(axis=0)
    rim = rng.uniform(0.01, 0.05)
    scale = high * (1 - 2 * rim) / moved[:, 1].max()
    moved = moved * scale + high * rim
    wide = int(moved[:, 0].max() + high * rim)
    to_photo = cv2.getPerspectiveTransform(corners.astype(np.float32), moved.astype(np.float32))
    table = _table(high, wide, rng)
    # Averaged first where the photograph is much coarser than the page.
    seen = cv2.warpPerspective(
        cv2.GaussianBlur(page, (0, 0), max(0.3, 0.35 / scale)),
        to_photo,
        (wide, high),
        table,
        cv2.INTER_LINEAR,
        cv2.BORDER_TRANSPARENT,
    )
    return _exposed(cast(Picture, seen), rng, camera)


def _table(high: int, wide: int, rng: Rng) -> Picture:
    """What the page lies on."""
    colour = rng.uniform(30, 190, 3)
    grain = rng.normal(0, 14, (max(2, high // 40), 6, 1)) + rng.normal(0, 4, (high // 40, 6, 3))
    grown = cv2.resize(grain, (wide, high), interpolation=cv2.INTER_CUBIC)
    return cast(Picture, np.clip(colour + grown, 0, 255).astype(np.uint8))


def _exposed(seen: Picture, rng: Rng, camera: Camera) -> Picture:
    high, wide = seen.shape[:2]
    direction = rng.uniform(0, 2 * np.pi)
    x, y = np.meshgrid(np.linspace(-1, 1, wide), np.linspace(-1, 1, high))
    along = (x * np.cos(direction) + y * np.sin(direction)) / 1.42
    least = rng.uniform(camera.light, 1)
    light = 1 - (1 - least) * (along + 1) / 2
    tint = rng.uniform(0.9, 1, 3) * rng.uniform(0.85, 1)
    picture = seen.astype(np.float32) * light[..., np.newaxis] * tint
    picture = cv2.GaussianBlur(picture, (0, 0), rng.uniform(*camera.blur))
    picture += rng.normal(0, rng.uniform(*camera.noise), picture.shape)
    picture = np.rot90(np.clip(picture, 0, 255).astype(np.uint8), camera.turned)
    return np.ascontiguousarray(picture)


def saved(picture: Picture, path: Path, rng: Rng, camera: Camera | None = None) -> Path:
    """The photograph as a JPEG file."""
    low, high = (camera or Camera()).quality
    quality = int(rng.integers(low, high + 1))
    _, content = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    path.write_bytes(content.tobytes())
    return path
