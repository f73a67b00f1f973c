"""Fits the weights by which a picture's ink is grouped into characters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from models.ink.strokes import Drawing, Stroke
from models.pictures.ink import ink_of
from models.recognition.labels import DIGITS
from models.recognition.network import Network
from training.data.examples import indices_in
from training.data.pictures import pictured, scratch
from training.data.synthetic_lines import LineLayout, Rng, group_by_writer, random_line
from training.datasets.load import load_letters, load_sets
from training.evaluation.numbers import (
    APART,
    TOUCHING,
    digit_drawings,
    drawings_in,
    fold_of,
    with_class_labels,
)
from training.segmentation.grouping import PictureSample, segment_counts
from training.segmentation.samples import fit_and_keep

_SINGLES, _APART, _TOUCHING = 700, 350, 500  # synthetic pictures that are fitted to
_SCRATCHED = 0.3  # share of them
_SCANS = 2500  # of MNIST: broken and soft ink as it really is
_UNEVEN = LineLayout(gap=(0.0, 0.8), size=(0.6, 1.3))


def fit_pictures(
    network: Network, data_dir: Path | None, path: Path, log: Callable[[str], None]
) -> None:
    """Fits the weights of a picture's ink to the network's validation writers.

    It is fitted to single digits, drawn and scanned, and to synthetic lines, apart and touching;
    for a network that reads letters to those, too.

    network: that reads the pictures. data_dir: where the sets are. path: of the file that the
    weights go into. log: takes a line on how far it is. Raises InputError where the sets are
    missing.
    """
    fold = fold_of(network)
    kinds = [digit_drawings(data_dir)]
    if network.labels != DIGITS:
        kinds.append(with_class_labels(load_letters(data_dir)))
    rng = np.random.default_rng(5)
    samples: list[PictureSample] = []
    for drawings in kinds:
        samples += _samples(drawings_in("validation", drawings, fold), rng)
    known = [each for drawings in kinds for each in drawings_in("train", drawings, fold)]
    (mnist,) = load_sets(["mnist"], data_dir)
    assert mnist.images is not None
    chosen = indices_in(mnist, "validation", fold)[-_SCANS:]
    samples += [PictureSample(ink_of(mnist.images[k]), mnist.labels[k]) for k in chosen]
    fit_and_keep(network, segment_counts(known, network.labels), samples, path, "pictures", log)


def _samples(drawings: Sequence[Drawing], rng: Rng) -> list[PictureSample]:
    """Pictures of some drawings, alone and in lines."""
    writers = group_by_writer(drawings)
    singles = [drawings[k] for k in rng.permutation(len(drawings))[:_SINGLES]]
    samples = [_sample(single.strokes, single.label or "", rng, 2.0) for single in singles]
    for _ in range(_APART):
        layout = APART if rng.random() < 0.6 else _UNEVEN
        line = random_line(writers, int(rng.choice([2, 3, 4])), layout, rng)
        samples.append(_sample(line.strokes, line.label, rng))
    for _ in range(_TOUCHING):
        line = random_line(writers, int(rng.choice([2, 2, 3])), TOUCHING, rng)
        samples.append(_sample(line.strokes, line.label, rng))
    return samples


def _sample(strokes: Sequence[Stroke], label: str, rng: Rng, counts: float = 1.0) -> PictureSample:
    picture = pictured(strokes, rng)
    if rng.random() < _SCRATCHED:
        scratch(picture, rng)
    return PictureSample(ink_of(picture), label, counts)
