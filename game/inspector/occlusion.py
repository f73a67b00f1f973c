"""Which pixels count for and against an answer: occlusion, a little in each frame.

Zeiler and Fergus 2014, "Visualizing and understanding convolutional networks" (arXiv 1311.2901),
section 4.2: a patch of paper is moved over the image, and the answer's log-probability compared
with what it is without the patch.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from models.preprocessing.directions import without_directions
from models.preprocessing.mnist_form import SIDE
from models.recognition.network import Network

PATCH = 5  # pixels, the patch's width and height; twice MNIST's pen
# Every fourth pixel first, so that there soon is something to see, then those between.
_STRIDES = (4, 2, 1)


@dataclass(frozen=True, eq=False)
class HeatMap:
    """What a patch over each pixel does to the probability of one class.

    image: (28, 28) float32, of what the network was given. drops: (28, 28), by how much the natural
    logarithm of the class's probability falls with the patch's middle on the pixel: above 0 where
    ink counts for the class, below 0 where it counts against it, 0 where the patch covers no ink.
    label: the class. share: of the patches that have been tried, 0..1; the others are as the
    nearest that was.
    """

    image: NDArray[np.float32]
    drops: NDArray[np.float64]
    label: str
    share: float


@dataclass(frozen=True, eq=False)
class _Target:
    network: Network
    image: NDArray[np.float32]
    label: str


class Occlusion:
    """Sweeps the patch over one image after another, as long as each call allows.

    map: the newest that shows the whole image, None before the first. A new image waits until the
    first, coarse sweep over the one before is done, so that there is always one to see while the
    pen moves.
    """

    def __init__(self) -> None:
        self.map: HeatMap | None = None
        self._next: _Target | None = None
        self._target: _Target | None = None
        self._before = 0.0  # the class's log-probability without a patch
        self._places: list[tuple[int, int, int]] = []  # stride, row and column of each patch
        self._done = 0
        self._drops = np.zeros((SIDE, SIDE))
        self._known = np.zeros((SIDE, SIDE), dtype=bool)

    @property
    def busy(self) -> bool:
        """Whether there are patches left to try."""
        return self._next is not None or self._done < len(self._places)

    def aim(self, network: Network, image: NDArray[np.float32], label: str) -> None:
        """Asks for the map of an image, as `Network` has it, and a class; the same again stays."""
        wanted = self._next or self._target
        if (
            wanted is None
            or wanted.image is not image
            or (wanted.network, wanted.label) != (network, label)
        ):
            self._next = _Target(network, image, label)

    def step(self, seconds: float, clock: Callable[[], float] = time.perf_counter) -> bool:
        """Tries patches for that long on the clock, at least one. Returns whether `map` is new."""
        end = clock() + seconds
        new = False
        while self.busy:
            if self._next is not None and self._stride() < _STRIDES[0]:
                self._start(self._next)
            self._try_patch()
            stop = clock() >= end
            if self._stride() < _STRIDES[0] and (stop or self._next or not self.busy):
                self.map = self._snapshot()
                new = True
            if stop:
                break
        return new

    def _stride(self) -> int:
        """Of the patch that is next; 0 when none is left."""
        return self._places[self._done][0] if self._done < len(self._places) else 0

    def _start(self, target: _Target) -> None:
        self._target, self._next = target, None
        self._before = _log_probability(target, target.image)
        self._drops[:] = 0
        # A patch that covers no ink changes nothing, and need not be tried.
        ink = without_directions(target.image) > 0
        covers = cv2.dilate(ink.astype(np.uint8), np.ones((PATCH, PATCH), np.uint8))
        self._known = covers == 0
        self._places = [
            (stride, y, x)
            for stride, coarser in zip(_STRIDES, (SIDE, *_STRIDES), strict=False)
            for y in range(0, SIDE, stride)
            for x in range(0, SIDE, stride)
            if covers[y, x] and (stride == _STRIDES[0] or y % coarser or x % coarser)
        ]
        self._done = 0

    def _try_patch(self) -> None:
        if self._done == len(self._places):
            return
        assert self._target is not None
        _, y, x = self._places[self._done]
        half = PATCH // 2
        covered = self._target.image.copy()
        covered[max(0, y - half) : y + half + 1, max(0, x - half) : x + half + 1] = 0
        self._drops[y, x] = self._before - _log_probability(self._target, covered)
        self._known[y, x] = True
        self._done += 1

    def _snapshot(self) -> HeatMap:
        assert self._target is not None
        # Whole strides are known up to the one under way.
        stride = 1 if not self._stride() else min(2 * self._stride(), _STRIDES[0])
        nearest = np.rint(np.arange(SIDE) / stride).astype(int).clip(0, (SIDE - 1) // stride)
        nearest *= stride
        drops = np.where(self._known, self._drops, self._drops[np.ix_(nearest, nearest)])
        share = self._done / max(1, len(self._places))
        return HeatMap(without_directions(self._target.image), drops, self._target.label, share)


def _log_probability(target: _Target, image: NDArray[np.float32]) -> float:
    """The natural logarithm of the class's calibrated probability."""
    logits = target.network.calibrated(image[np.newaxis])[0]
    highest = logits.max()
    own = logits[target.network.labels.index(target.label)]
    return float(own - highest - np.log(np.exp(logits - highest).sum()))
