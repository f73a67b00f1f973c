"""From data sets to examples of one split, and to images as the network sees them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from models.ink.strokes import Drawing
from models.preprocessing.directions import network_input, strokes_to_input, without_directions
from models.preprocessing.mnist_form import SIDE, strokes_to_image
from models.recognition.labels import DIGIT_LIKE, DIGITS, merged
from training.data.outliers import Strokes
from training.datasets.load import Dataset
from training.datasets.split import Split, splits_of

Item = TypeVar("Item")


@dataclass(frozen=True, eq=False)
class Examples:
    """One split of all chosen sets.

    images: (n, 28, 28) uint8, 0 = paper to 255 = ink.
    image_labels: (n,) their class numbers.
    drawings: m drawings as strokes.
    drawing_labels: (m,) their class numbers.
    outliers: drawings of letters that look like no digit.
    drawing_weights: (m,) how much each drawing counts in the loss; None: all 1.
    """

    images: NDArray[np.uint8]
    image_labels: NDArray[np.int64]
    drawings: tuple[Strokes, ...]
    drawing_labels: NDArray[np.int64]
    outliers: tuple[Strokes, ...]
    drawing_weights: NDArray[np.float32] | None = None


@dataclass(frozen=True, eq=False)
class Rendered:
    """Examples as the network sees them, pen and place as in play.

    images: (n, 28, 28) float32, 0 = paper to 1 = ink; (n, 28, 28, 9) with the pen's directions.
    labels: (n,) class numbers.
    sets: (n,) the name of the set that each comes from.
    writers: (n,) the writers' names, "" where they are not known.
    """

    images: NDArray[np.float32]
    labels: NDArray[np.int64]
    sets: NDArray[np.str_]
    writers: NDArray[np.str_]

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def weights(self) -> NDArray[np.float32]:
        """(n,) weights with which every set counts the same, whatever its size; mean 1.

        Where there are letters, they count as much as the digits: among each of the two, every
        set that has them counts the same.
        """
        letters = self.labels >= len(DIGITS)
        kinds = len(np.unique(letters))
        weights = np.zeros(len(self), np.float32)
        for kind in (letters, ~letters):
            names, which, counts = np.unique(
                self.sets[kind], return_inverse=True, return_counts=True
            )
            if len(names):
                weights[kind] = len(self) / kinds / len(names) / counts[which]
        return weights

    @property
    def pictures(self) -> NDArray[np.float32]:
        """(n, 28, 28), the images without directions."""
        return without_directions(self.images)

    def of(self, name: str) -> Rendered:
        """Only what comes from the set of that name."""
        own = self.sets == name
        return Rendered(self.images[own], self.labels[own], self.sets[own], self.writers[own])

    @staticmethod
    def joined(parts: Sequence[Rendered]) -> Rendered:
        """Several of them as one."""
        return Rendered(
            np.concatenate([part.images for part in parts]),
            np.concatenate([part.labels for part in parts]),
            np.concatenate([part.sets for part in parts]),
            np.concatenate([part.writers for part in parts]),
        )


def indices_in(dataset: Dataset, split: Split | None, fold: int) -> NDArray[np.int64]:
    """Indices of the set's items in one split; of all of them where split is None."""
    if split is None:
        return np.arange(len(dataset))
    splits = splits_of(dataset.writers, len(dataset), fold)
    return np.flatnonzero([each == split for each in splits])


def select(
    sets: Sequence[Dataset],
    letters: Sequence[Drawing],
    split: Split,
    labels: Sequence[str],
    fold: int = 0,
    balanced: bool = False,
) -> Examples:
    """The examples of one split of the sets.

    sets: to choose from.
    letters: drawings of letters, of which those that look like no digit serve as outliers.
    split, fold: which writers.
    labels: the network's classes; class numbers are places in it.
    balanced: whether letters get weights, see `_balance`.
    """
    number = {label: index for index, label in enumerate(labels)}
    images, image_labels = [np.zeros((0, SIDE, SIDE), np.uint8)], []
    drawings: list[Strokes] = []
    drawing_labels: list[int] = []
    sources: list[str] = []
    for dataset in sets:
        chosen = indices_in(dataset, split, fold)
        classes = [number[merged(dataset.labels[index])] for index in chosen]
        if dataset.images is not None:
            images.append(dataset.images[chosen])
            image_labels += classes
        else:
            drawings += [dataset.drawings[index].strokes for index in chosen]
            drawing_labels += classes
            sources += [dataset.name] * len(chosen)
    return Examples(
        np.concatenate(images),
        np.array(image_labels, dtype=np.int64),
        tuple(drawings),
        np.array(drawing_labels, dtype=np.int64),
        letter_outliers(letters, split, fold),
        _balance(np.array(drawing_labels), np.array(sources)) if balanced else None,
    )


def _balance(labels: NDArray[np.int64], sets: NDArray[np.str_]) -> NDArray[np.float32]:
    """(m,) weights of drawings from their class numbers and the sets that they come from.

    A letter's falls with the square root of how many letters its set has, so that a large
    collection doesn't drown a small one, nor weigh no more than it; their mean is 1, as is the
    weight of each digit.
    """
    weights = np.ones(len(labels), np.float32)
    letters = labels >= len(DIGITS)
    _, which, counts = np.unique(sets[letters], return_inverse=True, return_counts=True)
    if letters.any():
        own = counts[which] ** -0.5
        weights[letters] = own / own.mean()
    return weights


def letter_outliers(letters: Sequence[Drawing], split: Split, fold: int = 0) -> tuple[Strokes, ...]:
    """The letters of one split that look like no digit."""
    splits = splits_of([letter.writer or "" for letter in letters], len(letters), fold)
    return tuple(
        letter.strokes
        for letter, each in zip(letters, splits, strict=True)
        if each == split and letter.label not in DIGIT_LIKE
    )


def render(
    sets: Sequence[Dataset],
    split: Split | None,
    labels: Sequence[str],
    fold: int = 0,
    channels: int = 1,
) -> Rendered:
    """One split of the sets, or all of them, as play would show it to the network: not varied.

    sets: to choose from. split, fold: which writers; None for all. labels: as for `select`.
    channels: of the images, 1 or, with the directions of the pen, 9.
    """
    number = {label: index for index, label in enumerate(labels)}
    draw = strokes_to_input if channels > 1 else strokes_to_image
    images: list[NDArray[np.float32]] = [np.zeros((0, SIDE, SIDE, channels), np.float32)]
    classes: list[int] = []
    names: list[str] = []
    writers: list[str] = []
    for dataset in sets:
        chosen = indices_in(dataset, split, fold)
        if not len(chosen):
            continue
        if dataset.images is not None:
            pictures = (dataset.images[chosen] / 255).astype(np.float32)
            images.append(network_input(pictures, channels))
        else:
            strokes = [draw(dataset.drawings[index].strokes) for index in chosen]
            images.append(network_input(np.stack(strokes), channels))
        classes += [number[merged(dataset.labels[index])] for index in chosen]
        names += [dataset.name] * len(chosen)
        known = dataset.writers
        writers += [known[index] if known is not None else "" for index in chosen]
    drawn = np.concatenate(images)
    return Rendered(
        drawn if channels > 1 else drawn[..., 0],
        np.array(classes, dtype=np.int64),
        np.array(names, dtype=np.str_),
        np.array(writers, dtype=np.str_),
    )


def held_out_drawings(sets: Sequence[Dataset], split: Split, fold: int = 0) -> tuple[Drawing, ...]:
    """The drawings of one split of those sets that are strokes, in the order of `render`."""
    return tuple(
        dataset.drawings[index]
        for dataset in sets
        if dataset.images is None
        for index in indices_in(dataset, split, fold)
    )


def subsample(items: Sequence[Item], most: int, seed: int) -> tuple[Item, ...]:
    """At most `most` of the items, by chance, in their order; the same ones for the same seed."""
    if len(items) <= most:
        return tuple(items)
    chosen = np.random.default_rng(seed).choice(len(items), most, replace=False)
    return tuple(items[index] for index in sorted(chosen))
