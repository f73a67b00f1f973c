"""From data sets to batches: who is trained on, who is held out, how each is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import keras
import numpy as np
from numpy.typing import NDArray

from models.ink.strokes import Drawing, Stroke
from models.preprocessing.mnist_form import SIDE, strokes_to_image
from models.recognition.labels import CHARACTERS, DIGITS, merged
from training.data.augmentation import draw_varied, vary_image
from training.data.outliers import (
    LOOKALIKES,
    SHAPES,
    SHARES,
    Shape,
    overlaid,
    shapes_beside,
    side_by_side,
)
from training.data.styles import TURNS, restyled
from training.datasets import DigitSet
from training.datasets.split import Part, parts_of
from training.fitting.architectures import Recipe

Strokes = Sequence[Stroke]
# Class numbers of what is one line in many hands, and hides in what it is laid over.
_LINES = tuple(map(CHARACTERS.index, "1IL"))


@dataclass(frozen=True, eq=False)
class Examples:
    """One part (training, validation or report) of all chosen sets.

    images: (n, 28, 28) uint8 with image_labels (n,); drawings with drawing_labels (m,): class
        numbers. nondigits: drawings of letters that look like no digit.
    """

    images: NDArray[np.uint8]
    image_labels: NDArray[np.int64]
    drawings: tuple[Strokes, ...]
    drawing_labels: NDArray[np.int64]
    nondigits: tuple[Strokes, ...]


@dataclass(frozen=True, eq=False)
class Rendered:
    """Examples as the network sees them, pen and place as in play.

    images: (n, 28, 28) float32, 0..1; labels: (n,) class numbers; sets: (n,) the name of the set
    that each comes from; writers: (n,) who wrote it, "" where nobody knows.
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

    def of(self, name: str) -> Rendered:
        """Only what comes from the set of that name."""
        mine = self.sets == name
        return Rendered(self.images[mine], self.labels[mine], self.sets[mine], self.writers[mine])

    @staticmethod
    def joined(parts: Sequence[Rendered]) -> Rendered:
        """Several of them as one."""
        return Rendered(
            np.concatenate([part.images for part in parts]),
            np.concatenate([part.labels for part in parts]),
            np.concatenate([part.sets for part in parts]),
            np.concatenate([part.writers for part in parts]),
        )


def members(digits: DigitSet, part: Part | None, fold: int) -> NDArray[np.int64]:
    """Indices of the set's items in one part; of all of them where part is None."""
    if part is None:
        return np.arange(len(digits))
    parts = parts_of(digits.writers, len(digits.labels), fold)
    return np.flatnonzero([each == part for each in parts])


def select(
    sets: Sequence[DigitSet],
    letters: Sequence[Drawing],
    part: Part,
    labels: Sequence[str],
    fold: int = 0,
) -> Examples:
    """The part of the sets that is trained on, with class numbers by place in `labels`.

    letters: drawings of letters, of which those that look like no digit serve as non-digits.
    """
    number = {label: index for index, label in enumerate(labels)}
    images, image_labels = [np.zeros((0, SIDE, SIDE), np.uint8)], []
    drawings: list[Strokes] = []
    drawing_labels: list[int] = []
    for digits in sets:
        chosen = members(digits, part, fold)
        classes = [number[merged(digits.labels[index])] for index in chosen]
        if digits.images is not None:
            images.append(digits.images[chosen])
            image_labels += classes
        else:
            drawings += [digits.drawings[index].strokes for index in chosen]
            drawing_labels += classes
    return Examples(
        np.concatenate(images),
        np.array(image_labels, dtype=np.int64),
        tuple(drawings),
        np.array(drawing_labels, dtype=np.int64),
        nondigits_of(letters, part, fold),
    )


def nondigits_of(letters: Sequence[Drawing], part: Part, fold: int = 0) -> tuple[Strokes, ...]:
    """The part of the letters that looks like no digit."""
    parts = parts_of([letter.writer or "" for letter in letters], len(letters), fold)
    return tuple(
        letter.strokes
        for letter, each in zip(letters, parts, strict=True)
        if each == part and letter.label not in LOOKALIKES
    )


def render(
    sets: Sequence[DigitSet], part: Part | None, labels: Sequence[str], fold: int = 0
) -> Rendered:
    """One part of the sets, or all of it, as play would show it to the network: not varied."""
    number = {label: index for index, label in enumerate(labels)}
    images: list[NDArray[np.float32]] = [np.zeros((0, SIDE, SIDE), np.float32)]
    classes: list[int] = []
    names: list[str] = []
    writers: list[str] = []
    for digits in sets:
        chosen = members(digits, part, fold)
        if not len(chosen):
            continue
        if digits.images is not None:
            images.append((digits.images[chosen] / 255).astype(np.float32))
        else:
            drawn = [strokes_to_image(digits.drawings[index].strokes) for index in chosen]
            images.append(np.stack(drawn))
        classes += [number[merged(digits.labels[index])] for index in chosen]
        names += [digits.name] * len(chosen)
        known = digits.writers
        writers += [known[index] if known is not None else "" for index in chosen]
    return Rendered(
        np.concatenate(images),
        np.array(classes, dtype=np.int64),
        np.array(names, dtype=np.str_),
        np.array(writers, dtype=np.str_),
    )


class Batches(keras.utils.PyDataset):  # type: ignore[misc]  # Keras comes without types
    """Batches of one epoch after the other, made while training runs.

    The same seed, epoch and batch number always give the same batch, so that a run that is
    resumed goes on with what it would have seen.
    """

    def __init__(self, examples: Examples, classes: int, recipe: Recipe, seed: int) -> None:
        super().__init__(workers=1, use_multiprocessing=False)
        self._examples, self._classes, self._recipe, self._seed = examples, classes, recipe, seed
        self._not_lines = [
            drawing
            for drawing, label in zip(examples.drawings, examples.drawing_labels, strict=True)
            if label not in _LINES
        ]
        self._shapes = shapes_beside(letters=classes > len(DIGITS))
        self._images = -(-len(examples.images) // recipe.image_epochs)
        letters = np.flatnonzero(examples.drawing_labels >= len(DIGITS))
        self._drawings = np.concatenate(
            [
                np.tile(np.arange(len(examples.drawings)), recipe.drawings),
                np.tile(letters, recipe.drawings * (recipe.letters - 1)),
            ]
        )
        self._characters = self._images + len(self._drawings)
        shown = families(examples.nondigits, self._not_lines, recipe.left_out)
        share = recipe.nondigits if shown else 0.0
        self.items = round(self._characters / (1 - share))  # in an epoch
        self.batch_size = recipe.batch_size
        self._order: tuple[int, NDArray[np.int64]] | None = None
        self.epoch = 0

    def __len__(self) -> int:
        return -(-self.items // self.batch_size)

    def __getitem__(self, batch: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Images (batch, 28, 28, 1) and targets (batch, classes), each target summing to 1."""
        if self._order is None or self._order[0] != self.epoch:
            shuffled = np.random.default_rng([self._seed, self.epoch]).permutation(self.items)
            self._order = self.epoch, shuffled
        order, size = self._order[1], self.batch_size
        chosen = order[batch * size : (batch + 1) * size]
        rng = np.random.default_rng([self._seed, self.epoch, batch])
        smoothing = self._recipe.label_smoothing
        images = np.empty((len(chosen), SIDE, SIDE, 1), np.float32)
        targets = np.full((len(chosen), self._classes), smoothing / self._classes, np.float32)
        for row, item in enumerate(chosen):
            image, label = self._example(int(item), rng)
            images[row, ..., 0] = image
            if label is None:
                targets[row] = 1 / self._classes
            else:
                targets[row, label] += 1 - smoothing
        return images, targets

    def _example(
        self, item: int, rng: np.random.Generator
    ) -> tuple[NDArray[np.float32], int | None]:
        examples, augment = self._examples, self._recipe.augment
        if item < self._images:
            every = self._recipe.image_epochs
            index = (item * every + self.epoch % every) % len(examples.images)
            image = examples.images[index].astype(np.float32) / 255
            label = int(examples.image_labels[index])
            return vary_image(image, rng, TURNS.get(label, 1)) if augment else image, label
        if item < self._characters:
            index = self._drawings[item - self._images]
            strokes, label = examples.drawings[index], int(examples.drawing_labels[index])
            if not augment:
                return strokes_to_image(strokes), label
            restyle = restyled(strokes, label, rng)
            return draw_varied(restyle, rng, TURNS.get(label, 1)), label
        left_out = self._recipe.left_out
        strokes = random_nondigit(examples.nondigits, self._not_lines, rng, left_out, self._shapes)
        return draw_varied(strokes, rng), None


def families(
    letters: Sequence[Strokes], digits: Sequence[Strokes], left_out: Sequence[str] = ()
) -> list[str]:
    """The families of non-digits, of `SHARES`, that training can show; none without digits."""
    possible = [name for name in SHARES if name != "letters" or letters] if digits else []
    return [name for name in possible if name not in left_out]


def random_nondigit(
    letters: Sequence[Strokes],
    digits: Sequence[Strokes],
    rng: np.random.Generator,
    left_out: Sequence[str] = (),
    shapes: Sequence[Shape] = SHAPES,
) -> Strokes:
    """A letter, a shape, or several digits in one place, as often as `SHARES` says.

    left_out: families that are not shown; the others take their part. shapes: those to choose
    from. digits: of any characters that the network is to read.
    """
    shown = families(letters, digits, left_out)
    upto = np.cumsum([SHARES[name] for name in shown])
    family = shown[int(np.searchsorted(upto, rng.random() * upto[-1], side="right"))]
    if family == "letters":
        return letters[int(rng.integers(len(letters)))]
    if family == "shapes":
        return shapes[int(rng.integers(len(shapes)))](rng)
    return overlaid(digits, rng) if family == "overlaid" else side_by_side(digits, rng)
