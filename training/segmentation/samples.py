"""The samples that segmentation is fitted to: ink of writers whom no network was trained on."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import get_args

import numpy as np

from models.ink.strokes import Drawing, bounding_box
from models.recognition.labels import DIGIT_LIKE, DIGITS
from models.recognition.network import Network
from models.segmentation.weights import Kind
from models.util.arrays import Floats
from models.util.atomic_files import write_whole
from training.data.augmentation import with_skips
from training.data.synthetic_lines import HEIGHT, LineLayout, group_by_writer, random_line
from training.datasets.load import load_sets
from training.evaluation.numbers import (
    APART,
    ExactMatches,
    drawings_in,
    fold_of,
    load_numbers,
    numbers_file,
    with_class_labels,
)
from training.segmentation.grouping import PictureSample, Sample, fit, segment_counts

Rng = np.random.Generator
People = Mapping[str, Sequence[Drawing]]
_LINES, _JOINED_LINES = 1200, 200  # synthetic numbers, and as many synthetic words
_LETTERS_AS_OUTLIERS = 400  # letters that a network of digits must not split
_LETTERS, _LETTERS_OF_ONE_STROKE = 1200, 400
_SINGLE = 2.0  # times the weight of a line: a character alone is what people try first
_LENGTHS = (2, 2, 3, 4, 5, 6)
# Usual lines, tight ones, and loose ones of uneven characters; how often each.
_SETTINGS = (
    (0.5, APART),
    (0.3, LineLayout(gap=(-0.12, 0.25))),
    (0.2, LineLayout(gap=(0.0, 1.2), size=(0.6, 1.3))),
)
_TWO_LINES = 400
_BETWEEN = (0.15, 1.2)  # two lines, in heights of the writing
_SKIPPING = 0.15  # share of the samples that are by a pen that skips
_SETS = ("unipen", "pendigits", "digilets")  # those of them that the network was trained on
_JOINED = LineLayout(gap=(0.0, 0.4), joined=1.0)


def fit_grouping(
    network: Network, data_dir: Path | None, path: Path, tell: Callable[[str], None]
) -> None:
    """Fits the segmenter's weights to the network's validation writers, and writes them to `path`.

    The samples are single characters, synthetic lines, and the real numbers of half of their
    writers, where the data folder has them. A network of digits sees letters only as single ones
    that look like no digit.

    network: whose weights they are. data_dir: the data folder. path: of the weights, grouping.json.
    tell: takes a line on how far it is.

    Raises InputError where the sets are missing.
    """
    fold = fold_of(network)
    names = [name for name in _SETS if name in network.card.training["sets"]]
    drawings = [d for each in load_sets(names, data_dir, letters=True) for d in each.drawings]
    digits = [drawing for drawing in drawings if drawing.label in DIGITS]
    letters = [drawing for drawing in drawings if drawing.label not in DIGITS]
    held = drawings_in("validation", digits, fold)
    held_letters = drawings_in("validation", letters, fold)
    known = drawings_in("train", digits, fold)
    rng = np.random.default_rng(1)
    samples = [Sample.single(d, _SINGLE) for d in held if len(d.strokes) > 1]
    samples += [Sample.single(d, _SINGLE) for d in held[::4] if len(d.strokes) == 1]
    if network.labels == DIGITS:
        samples += [Sample.single(d) for d in _unlike_digits(held_letters)]
        samples += _lines(group_by_writer(held), rng)
    else:
        classed_letters = with_class_labels(held_letters)
        known += with_class_labels(drawings_in("train", letters, fold))
        several, one = (
            [d for d in classed_letters if (len(d.strokes) > 1) == many] for many in (True, False)
        )
        samples += [Sample.single(d, _SINGLE) for d in _spread(several, _LETTERS)]
        samples += [Sample.single(d, _SINGLE) for d in _spread(one, _LETTERS_OF_ONE_STROKE)]
        samples += _lines(group_by_writer(held), rng) + _lines(
            group_by_writer(classed_letters), rng
        )
    samples = [_skipping(each, rng) if rng.random() < _SKIPPING else each for each in samples]
    if numbers_file(data_dir):
        numbers = load_numbers(data_dir, "validation")
        samples += [Sample(drawing.strokes, None, drawing.label or "") for drawing in numbers]
    else:
        tell("The data folder has no whole numbers: fitting to made ones only.")
    counts = segment_counts(known, network.labels)
    fit_and_keep(network, counts, samples, path, "networks", tell)


def fit_and_keep(
    network: Network,
    counts: Floats,
    samples: Sequence[Sample | PictureSample],
    path: Path,
    kind: Kind,
    tell: Callable[[str], None],
) -> None:
    """Fits the network's weights of that kind to the samples, and writes them to `path`.

    counts: from `segment_counts`. tell: takes a line on how far it is.
    """
    # Where only digits are read, all ink there is is a number as often as a digit.
    without = ("alone",) if network.labels == DIGITS else ()
    weights, used = fit(network, counts, samples, without)
    tell(f"Fitted to {used} of {len(samples)} samples; the others have one grouping only, or none.")
    own = {
        "fold": fold_of(network),
        "samples": used,
        "weights": weights,
        "segment_counts": dict(zip(network.labels, counts.round(5).tolist(), strict=True)),
    }
    _put(path, kind, network.card.name, own)


def keep_measured(path: Path, name: str, measured: Mapping[str, ExactMatches]) -> None:
    """Writes beside a network's weights how accurately whole numbers are read with them."""
    _put(
        path,
        "networks",
        name,
        {"measured": {what: each.to_json() for what, each in measured.items()}},
    )


def _put(path: Path, kind: Kind, name: str, values: dict[str, object]) -> None:
    content = _content(path)
    networks = content.setdefault(kind, {})
    networks[name] = {**networks.get(name, {}), **values}
    write_whole(path, (json.dumps(content, indent=2) + "\n").encode())


def _lines(people: People, rng: Rng) -> list[Sample]:
    """Synthetic lines of one writer's characters each: their segmentation is known, or, where the
    pen stayed down between two, their label.
    """
    samples = [
        Sample.synthetic(random_line(people, int(rng.choice(_LENGTHS)), _setting(rng), rng))
        for _ in range(_LINES)
    ]
    samples += [_two_lines(people, rng) for _ in range(_TWO_LINES)]
    joined = [random_line(people, 2, _JOINED, rng) for _ in range(_JOINED_LINES)]
    return samples + [Sample(line.strokes, None, line.label) for line in joined if line.joined]


def _two_lines(people: People, rng: Rng) -> Sample:
    """Two short lines of one writer, one above the other: ink above is not always a dot."""
    writer = sorted(people)[int(rng.integers(len(people)))]
    own = {writer: people[writer]}
    upper, lower = (random_line(own, int(rng.integers(1, 4)), _setting(rng), rng) for _ in range(2))
    above, below = bounding_box(upper.strokes), bounding_box(lower.strokes)
    down = above.bottom + rng.uniform(*_BETWEEN) * HEIGHT - below.y
    moved = [stroke.moved(1.0, (above.x - below.x, down)) for stroke in lower.strokes]
    characters = 1 + max(upper.owners)
    owners = (*upper.owners, *(characters + owner for owner in lower.owners))
    return Sample((*upper.strokes, *moved), owners)


def _skipping(sample: Sample, rng: Rng) -> Sample:
    """A sample by a pen that skips."""
    strokes, sources = with_skips(sample.strokes, rng)
    owners = sample.owners and tuple(sample.owners[source] for source in sources)
    return replace(sample, strokes=strokes, owners=owners)


def _setting(rng: Rng) -> LineLayout:
    shares = [share for share, _ in _SETTINGS]
    return _SETTINGS[int(rng.choice(len(shares), p=shares))][1]


def _unlike_digits(letters: Sequence[Drawing]) -> list[Drawing]:
    """Letters of several strokes that look like no digit."""
    several = [d for d in letters if d.label not in DIGIT_LIKE and len(d.strokes) > 1]
    return _spread(several, _LETTERS_AS_OUTLIERS)


def _spread(drawings: Sequence[Drawing], about: int) -> list[Drawing]:
    """About so many of them, from first to last."""
    return list(drawings[:: max(1, len(drawings) // about)])


def _content(path: Path) -> dict[str, dict[str, dict[str, object]]]:
    """The file's content by kind; empty where it is missing or damaged."""
    try:
        content = json.loads(path.read_text())
        return {kind: dict(content[kind]) for kind in get_args(Kind) if kind in content}
    except (OSError, ValueError, TypeError):
        return {}
