"""Batches of synthetic lines, made while training runs."""

from __future__ import annotations

from itertools import pairwise

import keras
import numpy as np
from numpy.typing import NDArray

from models.lines.network import COLUMNS, STRIDE
from models.lines.strip import HEIGHT, Band, cut, find_band, ink_levels
from training.data.paper import Papers
from training.lines.synthesis import MOST_DIGITS, Line, random_line
from training.lines.writers import Writers

Rng = np.random.Generator
Batch = tuple[NDArray[np.float32], NDArray[np.int32]]

_CHUNK = 16  # batches whose lines are sorted by width, so that little is padded
_STEP = 16  # pixels: widths of batches are multiples of it


class LineBatches(keras.utils.PyDataset):  # type: ignore[misc]  # Keras comes without types
    """Batches of new lines in each epoch. The same seed, epoch and number give the same batch.

    epoch: which one comes next. batch_size: lines in a batch.
    """

    def __init__(self, writers: Writers, papers: Papers, lines: int, batch_size: int, seed: int):
        super().__init__(workers=1, use_multiprocessing=False)
        self._writers, self._papers, self._seed = writers, papers, seed
        self.batch_size = batch_size
        self._length = max(1, lines // batch_size)
        self._chunk: tuple[tuple[int, int], list[Batch]] | None = None
        self.epoch = 0

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, batch: int) -> Batch:
        """Strips (batch, 32, width, 1), 0 to 1, and labels (batch, 10), as `CTC` wants them."""
        which = self.epoch, batch // _CHUNK
        if self._chunk is None or self._chunk[0] != which:
            rng = np.random.default_rng([self._seed, *which])
            items = [self._item(rng) for _ in range(_CHUNK * self.batch_size)]
            self._chunk = which, batched(items, self.batch_size, rng)
        return self._chunk[1][batch % _CHUNK]

    def _item(self, rng: Rng) -> tuple[NDArray[np.uint8], str]:
        while True:
            line = random_line(self._writers, self._papers, rng)
            strip = varied_strip(line, rng)
            if strip is not None and readable(strip, line.label):
                return strip, line.label


def varied_strip(line: Line, rng: Rng) -> NDArray[np.uint8] | None:
    """A line's strip, its band not quite as it was found; None where there is no ink."""
    ink = ink_levels(line.picture)
    if ink is None:
        return None
    band = find_band(ink)
    high, wide = (band.bottom - band.top) * rng.normal(0, 0.05, 2)
    off, shift = rng.normal(0, 0.04) * (band.bottom - band.top), rng.normal(0, 2, 2)
    moved = Band(
        band.left + shift[0] - wide, band.top - high + off, band.right + shift[1] + wide,
        band.bottom + high + off,
    )  # fmt: skip
    image = cut(ink, moved).image
    return np.asarray(np.clip(image * rng.uniform(0.8, 1.25), 0, 255), np.uint8)


def readable(strip: NDArray[np.uint8], label: str) -> bool:
    """Whether the strip has columns enough for the label: one each, and one between equals."""
    equal = sum(a == b for a, b in pairwise(label))
    columns: int = strip.shape[1] // STRIDE * COLUMNS
    return columns >= len(label) + equal + 1


def batched(
    items: list[tuple[NDArray[np.uint8], str]], size: int, rng: Rng | None = None
) -> list[Batch]:
    """Strips with their labels as batches of strips of like widths, by chance in their order.

    rng: None for the order of their widths.
    """
    items = sorted(items, key=lambda item: item[0].shape[1])
    batches = [_batch(items[start : start + size]) for start in range(0, len(items), size)]
    if rng is None or len(batches) < 3:
        return batches
    order = rng.permutation(np.arange(1, len(batches) - 1))
    # Keras learns from the first two batches that widths differ.
    return [batches[0], batches[-1], *(batches[index] for index in order)]


def _batch(items: list[tuple[NDArray[np.uint8], str]]) -> Batch:
    width = -(-max(strip.shape[1] for strip, _ in items) // _STEP) * _STEP
    strips = np.zeros((len(items), HEIGHT, width, 1), np.float32)
    labels = np.zeros((len(items), MOST_DIGITS), np.int32)
    for row, (strip, label) in enumerate(items):
        strips[row, :, : strip.shape[1], 0] = strip
        # 0 is CTC's blank.
        labels[row, : len(label)] = [int(digit) + 1 for digit in label]
    strips /= 255
    return strips, labels


class Held(keras.utils.PyDataset):  # type: ignore[misc]  # Keras comes without types
    """Batches that stay the same, to validate on."""

    def __init__(self, batches: list[Batch]) -> None:
        super().__init__()
        # The widest second, see `batched`.
        self._batches = [batches[0], batches[-1], *batches[1:-1]] if len(batches) > 1 else batches

    def __len__(self) -> int:
        return len(self._batches)

    def __getitem__(self, batch: int) -> Batch:
        return self._batches[batch]
