"""Synthetic pictures of numbers, words and single characters: how often they are read right."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.ink.strokes import Drawing
from models.pictures.ink import ink_of
from models.preprocessing.mnist_form import SIDE, picture_to_image
from models.recognition.labels import DIGITS
from models.recognition.network import Network
from models.recognition.reader import Reader
from training.data.pictures import pictured
from training.data.synthetic_lines import group_by_writer, random_line
from training.datasets.load import load_letters
from training.datasets.split import Split
from training.evaluation.numbers import (
    APART,
    TOUCHING,
    ExactMatches,
    count_matches,
    digit_drawings,
    drawings_in,
    fold_of,
    image_matches,
    with_class_labels,
)
from training.evaluation.photographs import PHOTOGRAPHS, photographed

# Pictures of each kind that are measured.
_LINES, _SINGLES, _PHOTOGRAPHS = 500, 1000, 300


def measure_pictures(
    network: Network, data_dir: Path | None, split: Split
) -> dict[str, ExactMatches]:
    """How often synthetic pictures are read right: of lines, and of single digits and letters;
    and single ones photographed in ten ways.

    network: to measure. data_dir: where the sets are. split: "report", or "validation" for
    the writers that weights and thresholds were fitted to.
    """
    fold = fold_of(network)
    digits = drawings_in(split, digit_drawings(data_dir), fold)
    measured = _measure(network, digits, "digits", (2, 4, 8))
    if network.labels != DIGITS:
        letters = drawings_in(split, with_class_labels(load_letters(data_dir)), fold)
        measured |= _measure(network, letters, "letters", (4,))
    return measured


def _measure(
    network: Network, drawings: Sequence[Drawing], what: str, lengths: Sequence[int]
) -> dict[str, ExactMatches]:
    """How often pictures of some drawings are read right, in lines of these lengths and alone.

    what: the drawings are, "digits" or "letters".
    """
    reader, writers = Reader(network), group_by_writer(drawings)
    measured: dict[str, ExactMatches] = {}
    for name, layout in (("apart", APART), ("touching or overlapping", TOUCHING)):
        for length in lengths:
            rng = np.random.default_rng(7)
            lines = (random_line(writers, length, layout, rng) for _ in range(_LINES))
            items = ((ink_of(pictured(line.strokes, rng)), line.label) for line in lines)
            readings = ((reader.read_picture(ink), label) for ink, label in items)
            measured[f"{length} {what}, {name}"] = count_matches(readings)
    rng = np.random.default_rng(3)
    chosen = [drawings[k] for k in rng.permutation(len(drawings))[:_SINGLES]]
    singles = [(ink_of(pictured(each.strokes, rng)), each.label or "") for each in chosen]
    measured |= _measure_singles(network, singles, f"single {what}")
    for name, how in PHOTOGRAPHS.items():
        rng = np.random.default_rng(11)
        chosen = [drawings[k] for k in rng.permutation(len(drawings))[:_PHOTOGRAPHS]]
        pictures = (photographed(each.strokes, how, rng) for each in chosen)
        singles = [
            (ink_of(picture), each.label or "")
            for picture, each in zip(pictures, chosen, strict=True)
        ]
        measured |= _measure_singles(network, singles, f"single {what}, {name}")
    return measured


def _measure_singles(
    network: Network, singles: Sequence[tuple[NDArray[np.uint8], str]], what: str
) -> dict[str, ExactMatches]:
    """How often pictures of one character each are read right, as the program reads them and with
    all ink as one character. singles: ink and labels.
    """
    reader = Reader(network)
    empty = np.zeros((SIDE, SIDE), np.float32)
    images = ((picture_to_image(ink) if ink.any() else empty, label) for ink, label in singles)
    return {
        what: count_matches((reader.read_picture(ink), label) for ink, label in singles),
        f"{what}, all ink as one": image_matches(network, images),
    }
