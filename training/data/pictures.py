"""Pictures of writing, made of strokes: fits what grouping their ink goes by, and measures it.

`python -m training grouping --pictures` does both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from models.ink.strokes import Drawing, Stroke, bounding_box
from models.pictures.picture import ink_of
from models.preprocessing.mnist_form import picture_to_image
from models.recognition.labels import DIGITS, merged
from models.recognition.network import Network
from models.recognition.reader import Reader
from training.data.synthetic_lines import Rng, Setting, by_writer, random_row
from training.datasets import load_letters, load_sets
from training.datasets.split import Part, parts_of
from training.evaluation.numbers import (
    APART,
    SETS,
    TOUCHING,
    Exact,
    classed,
    drawings_by,
    fold_of,
    images_read,
)
from training.segmentation.grouping import PictureSample, habits
from training.segmentation.samples import fit_and_keep

_HEIGHTS = (30.0, 200.0)  # pixels, of the writing
_PENS = (0.05, 0.12)  # heights of the writing
_PAPERS, _INKS = (170.0, 250.0), (20.0, 110.0)  # grey levels
_NOISE = 3.0  # grey levels, standard deviation
_MARGINS = (0.15, 0.5)  # heights of the writing, around the ink
_SUBPIXEL_BITS = 4
_OVERSAMPLING = 4
_ROWS, _SINGLES = 500, 1000  # pictures of each kind that are measured
_FITTED_SINGLES, _FITTED_APART, _FITTED_TOUCHING = 700, 350, 500
_SCRATCHED = 0.3  # share of the pictures that are fitted to
_FITTED_SCANS = 2500  # MNIST's: broken and soft ink as it really is
_UNEVEN = Setting(gap=(0.0, 0.8), size=(0.6, 1.3))


def pictured(strokes: Sequence[Stroke], rng: Rng) -> NDArray[np.uint8]:
    """Dark ink on light paper, (height, width) uint8: size, pen and greys by chance.

    strokes: at least one.
    """
    box = bounding_box(strokes)
    height = float(np.exp(rng.uniform(*np.log(_HEIGHTS))))
    # A dash has no height of its own.
    scale = height / max(box.height, 0.2 * box.width, 1e-9)
    pen = max(1.0, height * rng.uniform(*_PENS))
    margin = pen + height * rng.uniform(*_MARGINS)
    size = round(box.height * scale + 2 * margin), round(box.width * scale + 2 * margin)
    finer = _OVERSAMPLING
    sheet = np.zeros((size[0] * finer, size[1] * finer), np.uint8)
    corner = np.array([box.x, box.y])
    lines = [
        np.rint(((stroke.points - corner) * scale + margin) * finer * (1 << _SUBPIXEL_BITS))
        for stroke in strokes
    ]
    lines = [line if len(line) > 1 else np.repeat(line, 2, axis=0) for line in lines]
    cv2.polylines(
        sheet,
        [line.astype(np.int32) for line in lines],
        False,
        255,
        max(1, round(pen * finer)),
        cv2.LINE_8,
        _SUBPIXEL_BITS,
    )
    ink = cv2.resize(sheet, size[::-1], interpolation=cv2.INTER_AREA) / 255
    paper, dark = rng.uniform(*_PAPERS), rng.uniform(*_INKS)
    picture = paper + (dark - paper) * ink + rng.normal(0, _NOISE, ink.shape)
    return np.clip(picture, 0, 255).astype(np.uint8)


def fit_pictures(
    network: Network, data_dir: Path | None, path: Path, tell: Callable[[str], None]
) -> None:
    """Fits what grouping a picture's ink goes by to the network's validation people.

    Single digits, drawn and scanned, and made rows, apart and touching; of a network that reads
    letters those, too. Writes the weights into `path`. tell: takes a line on how far it is. Raises
    InputError where the sets are missing.
    """
    fold = fold_of(network)
    kinds = [_digits(data_dir)]
    if network.labels != DIGITS:
        kinds.append(classed(load_letters(data_dir)))
    rng = np.random.default_rng(5)
    samples: list[PictureSample] = []
    for drawings in kinds:
        samples += _samples(drawings_by("validation", drawings, fold), rng)
    known = [each for drawings in kinds for each in drawings_by("train", drawings, fold)]
    habit = habits(known, network.labels)
    (scanned,) = load_sets(["mnist"], data_dir)
    if scanned.images is not None:
        parts = parts_of(scanned.writers, len(scanned), fold)
        chosen = [k for k, part in enumerate(parts) if part == "validation"][-_FITTED_SCANS:]
        samples += [PictureSample(ink_of(scanned.images[k]), scanned.labels[k]) for k in chosen]
    fit_and_keep(network, habit, samples, path, "pictures", tell)


def _samples(held: Sequence[Drawing], rng: Rng) -> list[PictureSample]:
    """Pictures of some drawings, alone and in rows."""
    people = by_writer(held)
    singles = [held[k] for k in rng.permutation(len(held))[:_FITTED_SINGLES]]
    samples = [_sample(single.strokes, single.label or "", rng, 2.0) for single in singles]
    for _ in range(_FITTED_APART):
        setting = APART if rng.random() < 0.6 else _UNEVEN
        row = random_row(people, int(rng.choice([2, 3, 4])), setting, rng)
        samples.append(_sample(row.strokes, row.label, rng))
    for _ in range(_FITTED_TOUCHING):
        row = random_row(people, int(rng.choice([2, 2, 3])), TOUCHING, rng)
        samples.append(_sample(row.strokes, row.label, rng))
    return samples


def _sample(strokes: Sequence[Stroke], label: str, rng: Rng, counts: float = 1.0) -> PictureSample:
    picture = pictured(strokes, rng)
    if rng.random() < _SCRATCHED:
        # Ink that is broken, as by a dry pen or a fold in the paper: a line of paper across it.
        height, width = picture.shape
        across = rng.random() < 0.5
        high, x = rng.uniform(0.3, 0.7) * height, rng.uniform(0.1, 0.9) * width
        rise = rng.uniform(-0.2, 0.2) * height
        ends = ((0, high - rise), (width, high + rise)) if across else ((x, 0), (x + rise, height))
        (ax, ay), (bx, by) = ends
        thick = max(1, round(height * rng.uniform(0.02, 0.06)))
        paper = int(np.median(picture))
        cv2.line(picture, (round(ax), round(ay)), (round(bx), round(by)), (paper,), thick)
    return PictureSample(ink_of(picture), label, counts)


def measure_pictures(network: Network, data_dir: Path | None, part: Part) -> dict[str, Exact]:
    """How often made pictures are read right: of rows, and of single digits and letters.

    Of writers who fitted nothing (part "report"), or of those who did ("validation").
    """
    held = drawings_by(part, _digits(data_dir), fold_of(network))
    measured = _measured(network, held, "digits", (2, 4, 8))
    if network.labels != DIGITS:
        letters = drawings_by(part, classed(load_letters(data_dir)), fold_of(network))
        measured |= _measured(network, letters, "letters", (4,))
    return measured


def _measured(
    network: Network, held: Sequence[Drawing], what: str, lengths: Sequence[int]
) -> dict[str, Exact]:
    """How often pictures of some drawings are read right, in rows of these lengths and alone."""
    reader, people = Reader(network), by_writer(held)
    measured: dict[str, Exact] = {}
    for name, setting in (("apart", APART), ("touching or overlapping", TOUCHING)):
        for length in lengths:
            rng = np.random.default_rng(7)
            rows = (random_row(people, length, setting, rng) for _ in range(_ROWS))
            items = ((ink_of(pictured(row.strokes, rng)), row.label) for row in rows)
            measured[f"{length} {what}, {name}"] = exact(reader, items)
    rng = np.random.default_rng(3)
    chosen = [held[k] for k in rng.permutation(len(held))[:_SINGLES]]
    singles = [(ink_of(pictured(d.strokes, rng)), d.label or "") for d in chosen]
    measured[f"single {what}"] = exact(reader, singles)
    images = ((picture_to_image(ink), label) for ink, label in singles)
    measured[f"single {what}, all ink as one"] = images_read(network, images)
    return measured


def exact(reader: Reader, items: Iterable[tuple[NDArray[np.uint8], str]]) -> Exact:
    """How often what is read is exactly what was written; items: pictures' ink and its label."""
    n = best = asserted = 0
    for ink, label in items:
        reading = reader.read_picture(ink)
        n += 1
        best += "".join(answer.alternatives[0][0] for answer in reading.answers) == label
        asserted += "".join(map(merged, reading.text)) == label
    return Exact(n, best, asserted)


def _digits(data_dir: Path | None) -> list[Drawing]:
    return [drawing for each in load_sets(SETS, data_dir) for drawing in each.drawings]
