"""Calibration of the network for lines, and the threshold from which a number is asserted.

Both are chosen on held-out writers' synthetic lines and on photographed amounts, where the data
folder has them; the amounts train nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.optimize import minimize_scalar

from models.lines.beam_search import Labels, log_likelihood
from models.util.arrays import Floats

# Of the numbers that are asserted, so many are to be right by their labels, some of which are wrong
# themselves (two of the five photographed amounts that are then asserted and count as wrong), …
RIGHT_OF_ASSERTED = 0.965
_FEWEST = 40  # … of the surest so many at least
_WORST = -40.0  # log likelihood that counts for a number that is still less likely


def fit_temperature(sets: Sequence[Sequence[tuple[Floats, Labels]]]) -> float:
    """The temperature by which numbers are likeliest, every set counting the same.

    sets: of lines, each its raw logits (columns, classes) and its labels, 1 for the digit 0.
    """

    def loss(logarithm: float) -> float:
        temperature = float(np.exp(logarithm))
        means = [
            np.mean([_clipped(logits / temperature, labels) for logits, labels in each])
            for each in sets
        ]
        return -float(np.mean(means))

    found = minimize_scalar(loss, bounds=(-1.0, 2.0), method="bounded", options={"xatol": 0.02})
    return round(float(np.exp(found.x)), 3)


def _clipped(logits: Floats, labels: Labels) -> float:
    shifted = logits - logits.max(axis=1, keepdims=True)
    logarithms = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return max(_WORST, log_likelihood(logarithms, labels))


def choose_threshold(probabilities: Sequence[float], right: Sequence[bool]) -> float:
    """From which probability on numbers are asserted: the lowest with `RIGHT_OF_ASSERTED`.

    probabilities: of each number's likeliest reading. right: whether it is the label.
    """
    order = np.argsort(-np.asarray(probabilities), kind="stable")
    share = np.cumsum(np.asarray(right, float)[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(share >= RIGHT_OF_ASSERTED)
    last = max(min(_FEWEST, len(order)) - 1, int(good[-1]) if len(good) else 0)
    return round(float(np.asarray(probabilities)[order[last]]), 4)
