"""What number some ink is: every likely reading with its probability.

Segmentation and classes are weighed together: a reading's probability is the sum over all good
segmentations of the ink that give it (as in a semi-Markov model; Sarawagi and Cohen 2004).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from models.ink.strokes import covered_box
from models.pictures.components import PictureGraph, PictureSegment
from models.preprocessing.mnist_form import SIDE, picture_to_image
from models.recognition.network import Network, softmax
from models.segmentation.search import run
from models.segmentation.segmenter import Candidate, Classification, Option, Segmenter
from models.segmentation.weights import load_weights
from models.util.arrays import Floats

# A text as the numbers of its classes, and the logarithms of how much texts weigh.
_Option = Option[Candidate[PictureSegment]]
_Text = tuple[int, ...]
_Weights = dict[_Text, float]

_BEAM = 30  # beginnings that are kept
_SYMBOLS = 4  # digits that a character may be, at most
_READINGS = 8  # that are told
# How much the score of a segmentation and the network's probabilities count, chosen on held-out
# people's digits in simulated photographs (`python -m tests.sheets --part validation`).
_SEGMENTATION, _IMAGE = 1.0, 0.9
# Ink that is no broader, in heights, and that the network is so sure of is one character.
_BROAD, _SURE = 1.0, 0.99
_LEAST = 1e-9
# The logarithm by which a text is less likely for each digit that a field has no room for.
_NO_ROOM = 2.0
# Each character is looked at as it is, slanted to both sides, and turned to both sides: the mean of
# the logits is better calibrated than one look (log loss 0.077 rather than 0.089 on 1,300 fields).
_SLANT, _TURN = 0.12, 6.0  # columns for a row; degrees


@dataclass(frozen=True)
class NumberReading:
    """What some ink may be, the likeliest first.

    alternatives: texts of digits with their probabilities, 0..1; none without ink. digits: of the
    likeliest text the probability of each of its digits.
    """

    alternatives: tuple[tuple[str, float], ...] = ()
    digits: tuple[float, ...] = ()

    @property
    def best(self) -> str:
        return self.alternatives[0][0] if self.alternatives else ""

    @property
    def confidence(self) -> float:
        return self.alternatives[0][1] if self.alternatives else 0.0

    def probability(self, text: str) -> float:
        """How likely the ink is that text, 0..1."""
        return dict(self.alternatives).get(text, 0.0)


class NumberReader:
    """Reads numbers in pictures with a network of digits."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._weights = load_weights(network.card.name, network.labels, kind="pictures")

    def read(self, ink: NDArray[np.uint8], room: int = 0) -> NumberReading:
        """Reads one number.

        ink: (height, width) uint8, 0 for paper to 255 for ink. room: how many digits the field is
        made for, 0 for any.
        """
        if not ink.any():
            return NumberReading()
        weights = self._segmented(ink)
        if room:
            weights = {
                text: weight - _NO_ROOM * max(0, len(text) - room)
                for text, weight in weights.items()
            }
        return self._reading(weights)

    def read_digit(self, ink: NDArray[np.uint8]) -> NumberReading:
        """All ink as one digit; `ink` as in `read`."""
        if not ink.any():
            return NumberReading()
        return self._reading(_as_one(self._classify(ink).probabilities))

    def _segmented(self, ink: NDArray[np.uint8]) -> _Weights:
        box, every = covered_box(ink), self._classify(ink)
        if box.width <= _BROAD * box.height and every.probabilities.max() >= _SURE:
            return _as_one(every.probabilities)
        graph = PictureGraph(ink, self._classify, self._weights.dotted)
        segmenter = Segmenter(graph, graph.classify, self._weights)
        parts: list[tuple[float, _Weights]] = []
        for cluster in graph.clusters():
            segmentation = run(segmenter.best(cluster))
            left = min(each.box.x for each in segmentation.found)
            parts.append((left, _texts(segmentation.options)))
        parts.sort(key=lambda part: part[0])
        weights: _Weights = {(): 0.0}
        for _, part in parts:
            weights = _best(
                {
                    before + text: weight + more
                    for before, weight in weights.items()
                    for text, more in part.items()
                }
            )
        return weights

    def _reading(self, weights: _Weights) -> NumberReading:
        most = max(weights.values())
        shares = {text: math.exp(weight - most) for text, weight in weights.items()}
        whole = sum(shares.values())
        order = sorted(shares, key=lambda text: -shares[text])
        best, labels = order[0], self._network.labels
        return NumberReading(
            tuple(
                ("".join(labels[k] for k in text), shares[text] / whole)
                for text in order[:_READINGS]
            ),
            tuple(
                sum(
                    share
                    for text, share in shares.items()
                    if len(text) == len(best) and text[place] == digit
                )
                / whole
                for place, digit in enumerate(best)
            ),
        )

    def _classify(self, ink: NDArray[np.uint8]) -> Classification:
        image = picture_to_image(ink)
        logits = self._network.calibrated(_looks(image)).mean(axis=0)
        return Classification(image, softmax(logits))


def _looks(image: NDArray[np.float32]) -> NDArray[np.float32]:
    """(5, 28, 28): the image as it is, slanted and turned about its middle."""
    turn = np.deg2rad(_TURN)
    looks = [image]
    for sign in (-1, 1):
        sine, cosine = sign * np.sin(turn), np.cos(turn)
        for matrix in ([[1, sign * _SLANT], [0, 1]], [[cosine, -sine], [sine, cosine]]):
            linear = np.array(matrix)
            middle = np.full(2, SIDE / 2)
            whole = np.hstack([linear, (middle - linear @ middle)[:, np.newaxis]])
            looks.append(np.asarray(cv2.warpAffine(image, whole, (SIDE, SIDE)), np.float32))
    return np.stack(looks)


def _as_one(probabilities: Floats) -> _Weights:
    return {(k,): math.log(max(p, _LEAST)) for k, p in enumerate(probabilities.tolist())}


def _texts(options: Sequence[_Option]) -> _Weights:
    """The likely texts of a cluster. options: characters of its good segmentations."""
    by_first: dict[int, list[tuple[_Option, list[tuple[int, float]]]]] = {}
    for option in options:
        first = (option.mask & -option.mask).bit_length() - 1
        by_first.setdefault(first, []).append((option, _symbols(option)))
    count = max(option.mask.bit_length() for option in options)
    # By the first primitive segment that is free: what is covered, and the text so far.
    layers: list[dict[tuple[int, _Text], float]] = [
        defaultdict(lambda: -math.inf) for _ in range(count + 1)
    ]
    layers[0][0, ()] = 0.0
    for first in range(count):
        states = sorted(layers[first].items(), key=lambda state: -state[1])[:_BEAM]
        for (covered, text), weight in states:
            for option, symbols in by_first.get(first, ()):
                if option.mask & covered:
                    continue
                now = covered | option.mask
                ahead = (~now & (now + 1)).bit_length() - 1
                for symbol, likely in symbols:
                    more = weight + _SEGMENTATION * option.score + _IMAGE * likely
                    layer, key = layers[ahead], (now, (*text, symbol))
                    layer[key] = _sum(layer[key], more)
    found: _Weights = defaultdict(lambda: -math.inf)
    for (_, text), weight in layers[count].items():
        found[text] = _sum(found[text], weight)
    return _best(found)


def _symbols(option: _Option) -> list[tuple[int, float]]:
    """The classes that a character may be, with the logarithms of their probabilities."""
    classification = option.candidate.classification
    assert classification is not None
    probabilities = classification.probabilities
    order = np.argsort(-probabilities, kind="stable")[:_SYMBOLS].tolist()
    return [(k, math.log(max(float(probabilities[k]), _LEAST))) for k in order]


def _best(weights: Mapping[_Text, float]) -> _Weights:
    return dict(sorted(weights.items(), key=lambda each: -each[1])[:_BEAM])


def _sum(one: float, other: float) -> float:
    """The logarithm of the sum of what two logarithms stand for."""
    high, low = max(one, other), min(one, other)
    return high if low == -math.inf else high + math.log1p(math.exp(low - high))
