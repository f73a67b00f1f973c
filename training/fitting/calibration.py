"""Calibration of a network's probabilities, and the thresholds from which answers are asserted.

Both are chosen on validation writers, never on those that are reported.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from models.recognition.labels import DIGITS, LOOKALIKES
from models.recognition.lookalikes import PRIOR, Lookalikes
from models.recognition.network import softmax
from models.util.arrays import Floats

# Thresholds may show at most this share of right answers as uncertain, …
RIGHT_BUT_UNSURE = 0.008
# … and at most this share of digits as no digit at all.
DIGITS_REFUSED = 0.004


@dataclass(frozen=True)
class Calibration:
    """A temperature, and the trust and thresholds of `card.Card` that go with it."""

    temperature: float
    sure_at: float
    digit_at: float
    trust: dict[str, float] = field(default_factory=dict)


def calibrate(
    logits: Floats,
    labels: NDArray[np.int64],
    weights: Floats,
    sure_at: float | None = None,
    names: Sequence[str] = DIGITS,
    lettered: NDArray[np.bool_] | None = None,
) -> Calibration:
    """Fits temperature, trust and thresholds to validation digits, or other characters.

    logits: (n, classes).
    labels: (n,) class numbers, places in `names`.
    weights: (n,), so that every set counts the same.
    sure_at: that threshold, 0..1, where it is set beforehand.
    names: the classes.
    lettered: (n,) which are of a set that has digits and letters; None: all.
    """
    temperature = fit_temperature(logits, labels, weights)
    among = np.ones(len(labels), bool) if lettered is None else lettered
    trust = fit_group_scale(logits[among] / temperature, labels[among], names)
    probabilities = softmax(Lookalikes(names, trust).rescale(logits / temperature))
    right = probabilities.argmax(axis=1) == labels
    top = np.sort(probabilities, axis=1)[:, -2:]
    if sure_at is None:
        sure_at = _floor(_quantile(top[right, 1], weights[right], RIGHT_BUT_UNSURE))
    return Calibration(
        temperature=round(temperature, 4),
        sure_at=sure_at,
        digit_at=_floor(_quantile(top.sum(axis=1), weights, DIGITS_REFUSED)),
        trust=trust,
    )


def fit_temperature(logits: Floats, labels: NDArray[np.int64], weights: Floats) -> float:
    """The temperature with the least negative log likelihood (Guo et al. 2017), 0.05 to 20."""

    def loss(log_temperature: float) -> float:
        probabilities = softmax(logits / np.exp(log_temperature))
        chosen = probabilities[np.arange(len(labels)), labels]
        return float(-np.average(np.log(np.maximum(chosen, 1e-12)), weights=weights))

    return float(np.exp(minimize_scalar(loss, bounds=np.log((0.05, 20)), method="bounded").x))


def fit_group_scale(
    logits: Floats, labels: NDArray[np.int64], names: Sequence[str]
) -> dict[str, float]:
    """The trust, 0.01 to 1, of each group of look-alikes that has examples.

    It has the least negative log likelihood among the group's members, where 0 and 1 are as
    frequent as in `lookalikes.PRIOR`.

    logits: (n, classes), divided by the temperature. labels: (n,) places in `names`. names: the
    classes.
    """
    found = {}
    for group in LOOKALIKES:
        members = [names.index(each) for each in group if each in names]
        own = np.isin(labels, members)
        if len(members) < 2 or not own.any():
            continue
        weights = np.array([PRIOR.get(names[label], 1.0) for label in labels[own]])

        def loss(trust: float, own=own, weights=weights, group=group) -> float:  # type: ignore[no-untyped-def]
            rescaled = Lookalikes(names, {group: trust}).rescale(logits[own])
            chosen = softmax(rescaled)[np.arange(own.sum()), labels[own]]
            return float(-np.average(np.log(np.maximum(chosen, 1e-12)), weights=weights))

        found[group] = round(float(minimize_scalar(loss, bounds=(0.01, 1), method="bounded").x), 4)
    return found


@dataclass(frozen=True)
class Bin:
    """Answers whose confidence is from `low` to `high`: n, mean confidence, share that is right."""

    low: float
    high: float
    n: int
    confidence: float
    accuracy: float


def expected_calibration_error(
    confidence: Floats, right: NDArray[np.bool_], bins: int = 15
) -> float:
    """Expected calibration error (Naeini et al. 2015): 0 for perfect, over bins of equal width.

    confidence: (n,) 0..1. right: (n,). The mean gap between confidence and accuracy of each bin,
    weighted by how many answers fall into it.
    """
    return sum(
        each.n / len(right) * abs(each.confidence - each.accuracy)
        for each in by_confidence(confidence, right, bins)
    )


def by_confidence(confidence: Floats, right: NDArray[np.bool_], bins: int = 15) -> list[Bin]:
    """The reliability diagram's bins of equal width; empty ones are left out."""
    which = np.minimum((confidence * bins).astype(int), bins - 1)
    return [
        Bin(
            index / bins,
            (index + 1) / bins,
            int(inside.sum()),
            float(confidence[inside].mean()),
            float(right[inside].mean()),
        )
        for index in range(bins)
        for inside in [which == index]
        if inside.any()
    ]


def _quantile(values: Floats, weights: Floats, share: float) -> float:
    """The value below which `share` of the weight lies."""
    order = np.argsort(values)
    below = np.cumsum(weights[order]) / weights.sum()
    return float(values[order][np.searchsorted(below, share)])


def _floor(value: float) -> float:
    """Four digits, rounded down, so that the value itself still reaches the threshold."""
    return float(np.floor(value * 10_000) / 10_000)
