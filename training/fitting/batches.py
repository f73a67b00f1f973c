"""Batches of training examples, made while training runs."""

from __future__ import annotations

from collections.abc import Sequence

import keras
import numpy as np
from numpy.typing import NDArray

from models.ink.strokes import Stroke
from models.preprocessing.directions import strokes_to_input
from models.preprocessing.mnist_form import SIDE, strokes_to_image
from models.recognition.labels import CHARACTERS, DIGITS
from training.data.augmentation import draw_varied, vary_image, vary_strokes
from training.data.examples import Examples
from training.data.outliers import Strokes, outlier_families, outlier_shapes, random_outlier
from training.data.pictures import photographed_image
from training.data.styles import TURNS, restyled
from training.fitting.settings import Recipe

# Share of the drawings, photographed ones aside, that are shown without the directions of the pen,
# as pictures are: of digits less, since MNIST's images are pictures of digits, and with directions
# as well as without a digit should come a little more often than a letter.
_DIGITS_AS_PICTURES, _AS_PICTURES = 0.05, 0.3

# Class numbers of what many people write as one line: it hides in what it is laid over.
_LINES = tuple(map(CHARACTERS.index, "1IL"))


Batch = tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]


class Batches(keras.utils.PyDataset):  # type: ignore[misc]  # Keras comes without types
    """Batches of one epoch after the other, made while training runs.

    The same seed, epoch and batch number always give the same batch, so that a resumed run goes on
    with what it would have seen.

    examples, classes: what is shown, and the number of classes. items: examples in an epoch.
    epoch: which one comes next.
    """

    def __init__(self, examples: Examples, classes: int, recipe: Recipe, seed: int) -> None:
        super().__init__(workers=1, use_multiprocessing=False)
        self.examples, self.classes = examples, classes
        self._recipe, self._seed = recipe, seed
        self._not_lines = [
            drawing
            for drawing, label in zip(examples.drawings, examples.drawing_labels, strict=True)
            if label not in _LINES
        ]
        self._shapes = outlier_shapes(letters=classes > len(DIGITS))
        self._images = -(-len(examples.images) // recipe.image_epochs)
        self._drawings = np.tile(np.arange(len(examples.drawings)), recipe.drawings)
        self._characters = self._images + len(self._drawings)
        shown = outlier_families(examples.outliers, self._not_lines, recipe.left_out)
        share = recipe.outliers if shown else 0.0
        self.items = round(self._characters / (1 - share))
        self.batch_size = recipe.batch_size
        self._order: tuple[int, NDArray[np.int64]] | None = None
        self.epoch = 0

    def __len__(self) -> int:
        return -(-self.items // self.batch_size)

    def __getitem__(self, batch: int) -> Batch:
        """Images (batch, 28, 28, channels), targets (batch, classes), each summing to 1, and how
        much each counts, (batch,).
        """
        if self._order is None or self._order[0] != self.epoch:
            shuffled = np.random.default_rng([self._seed, self.epoch]).permutation(self.items)
            self._order = self.epoch, shuffled
        order, size = self._order[1], self.batch_size
        chosen = order[batch * size : (batch + 1) * size]
        rng = np.random.default_rng([self._seed, self.epoch, batch])
        smoothing = self._recipe.label_smoothing
        images = np.zeros((len(chosen), SIDE, SIDE, self._recipe.channels), np.float32)
        targets = np.full((len(chosen), self.classes), smoothing / self.classes, np.float32)
        weights = np.ones(len(chosen), np.float32)
        for row, item in enumerate(chosen):
            image, label = self._example(int(item), rng)
            images[row, ..., : image.shape[2]] = image
            if label is None:
                targets[row] = 1 / self.classes
            else:
                targets[row, label] += 1 - smoothing
        if self.examples.drawing_weights is not None:
            drawn = (chosen >= self._images) & (chosen < self._characters)
            weights[drawn] = self.examples.drawing_weights[
                self._drawings[chosen[drawn] - self._images]
            ]
        return images, targets, weights

    def _example(
        self, item: int, rng: np.random.Generator
    ) -> tuple[NDArray[np.float32], int | None]:
        examples, augment = self.examples, self._recipe.augment
        if item < self._images:
            every = self._recipe.image_epochs
            index = (item * every + self.epoch % every) % len(examples.images)
            image = examples.images[index].astype(np.float32) / 255
            label = int(examples.image_labels[index])
            image = vary_image(image, rng, TURNS.get(label, 1)) if augment else image
            return image[..., np.newaxis], label
        if item < self._characters:
            index = self._drawings[item - self._images]
            strokes, label = examples.drawings[index], int(examples.drawing_labels[index])
            if not augment:
                return self._drawn(strokes), label
            restyle = restyled(strokes, label, rng)
            share = _DIGITS_AS_PICTURES if label < len(DIGITS) else _AS_PICTURES
            return self._varied(restyle, rng, share, TURNS.get(label, 1)), label
        left_out = self._recipe.left_out
        strokes = random_outlier(examples.outliers, self._not_lines, rng, left_out, self._shapes)
        return self._varied(strokes, rng, _AS_PICTURES), None

    def _drawn(self, strokes: Strokes) -> NDArray[np.float32]:
        if self._recipe.directions:
            return strokes_to_input(strokes)
        return strokes_to_image(strokes)[..., np.newaxis]

    def _varied(
        self,
        strokes: Sequence[Stroke],
        rng: np.random.Generator,
        as_pictures: float,
        turn: float = 1.0,
    ) -> NDArray[np.float32]:
        if rng.random() < self._recipe.photographed:
            image = photographed_image(vary_strokes(strokes, rng, turn), rng)
            if image is not None:
                return image[..., np.newaxis]
        if self._recipe.directions and rng.random() >= as_pictures:
            return draw_varied(strokes, rng, turn, directions=True)
        return draw_varied(strokes, rng, turn)[..., np.newaxis]
