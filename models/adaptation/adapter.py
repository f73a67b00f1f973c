"""Adapts a network to one person's corrections at once, without training it.

To the network's logits a sum of kernels is added, one on each corrected sample, in the space of
the features that the network's last layer gets. How much each adds to which class is found by
kernel logistic regression with a ridge (Zhu and Hastie 2005, "Kernel logistic regression and the
import vector machine"): the samples are to be read as the person labelled them, and a thousand
examples by many other people, the rehearsal, as before. So a correction reaches as far as other
people's ink does not speak against it, and changes unsure readings sooner than sure ones.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.recognition.network import softmax
from models.segmentation.search import InSteps, run
from models.util.arrays import Floats

# Chosen on validation writers of three folds, where twice or half of each changes little.
SHARPNESS = 10.0  # of a kernel: exp(-SHARPNESS * (1 - cosine of two samples' features))
RIDGE = 0.05
SAMPLE_WEIGHT = 2.0  # of one sample, in examples of the rehearsal
MOST = 300  # samples that are learned from, the latest; more would take longer than a blink
_LEARNED_BELOW = 0.95  # probability of the label; samples that are surely read right are left out
_NEAR = 1e-3  # of a kernel; the samples change nothing in ink that is farther from all of them
_STEPS, _STILL = 300, 1e-3  # of the search at most; the gradient at which it ends


@dataclass(frozen=True, eq=False)
class LabelledFeatures:
    """Features and logits of images whose labels are known.

    features: (n, d), what the network's last layer gets.
    logits: (n, classes), calibrated where an adapter is fitted to them.
    labels: (n,) class numbers.
    """

    features: Floats
    logits: Floats
    labels: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.labels)

    def only(self, which: NDArray[np.intp] | NDArray[np.bool_]) -> LabelledFeatures:
        """Some of them. which: their indices, or (n,) bool."""
        return LabelledFeatures(self.features[which], self.logits[which], self.labels[which])


class Adapter:
    """Adds to the logits of ink, by how near it is to corrected samples."""

    def __init__(self, samples: LabelledFeatures, rehearsal: LabelledFeatures) -> None:
        """samples: of one person, the latest last. rehearsal: of many other people."""
        run(self._fit(samples, rehearsal))

    @classmethod
    def fit_in_steps(
        cls, samples: LabelledFeatures, rehearsal: LabelledFeatures
    ) -> InSteps[Adapter]:
        """Fits an adapter in steps of some milliseconds."""
        adapter = cls.__new__(cls)
        yield from adapter._fit(samples, rehearsal)
        return adapter

    def _fit(self, samples: LabelledFeatures, rehearsal: LabelledFeatures) -> InSteps[None]:
        every = np.arange(len(samples))
        of_label = softmax(samples.logits)[every, samples.labels]
        samples = samples.only(np.flatnonzero(of_label < _LEARNED_BELOW)[-MOST:])
        self._centres = _directions(samples.features)
        self._weights = np.zeros((len(samples), samples.logits.shape[1]))
        if len(samples):
            yield from self._fit_weights(samples, rehearsal)

    def __bool__(self) -> bool:
        """Whether it changes anything."""
        return len(self._centres) > 0

    def logits(self, features: Floats, logits: Floats) -> Floats:
        """The adapted logits (n, classes). features: (n, d). logits: (n, classes), calibrated."""
        return np.asarray(logits + self._kernels(features) @ self._weights)

    def _kernels(self, features: Floats) -> Floats:
        return np.asarray(np.exp(SHARPNESS * (_directions(features) @ self._centres.T - 1)))

    def _fit_weights(self, samples: LabelledFeatures, rehearsal: LabelledFeatures) -> InSteps[None]:
        kernels = self._kernels(rehearsal.features)
        near = kernels.max(axis=1) > _NEAR
        rehearsal, kernels = rehearsal.only(near), kernels[near]
        own = self._kernels(samples.features)
        # In coordinates in which the ridge is round. Samples that are all but the same share one.
        yield
        sizes, axes = np.linalg.eigh(own)
        yield
        kept = sizes > 1e-6 * sizes[-1]
        basis = axes[:, kept] / np.sqrt(sizes[kept])
        inputs = np.vstack([own, kernels]) @ basis
        logits = np.vstack([samples.logits, rehearsal.logits])
        labels = np.concatenate([samples.labels, rehearsal.labels])
        counts = np.repeat([SAMPLE_WEIGHT, 1.0], [len(samples), len(rehearsal)])
        weights = yield from _ridge_logistic(inputs, logits, labels, counts)
        self._weights = basis @ weights


def _directions(features: Floats) -> Floats:
    lengths = np.linalg.norm(features, axis=1, keepdims=True)
    return np.asarray(features / np.maximum(lengths, 1e-9), np.float64)


def _ridge_logistic(
    inputs: Floats, logits: Floats, labels: NDArray[np.int64], counts: Floats
) -> InSteps[Floats]:
    """The weights (k, classes) with the least cross-entropy of `logits + inputs @ weights`.

    counts: (n,), as how many examples each row counts. Added to it is half of `RIDGE` times the
    squares of the weights: smooth and strictly convex, so that accelerated gradient steps (Nesterov
    1983) find the least.
    """
    targets = np.zeros_like(logits)
    targets[np.arange(len(labels)), labels] = 1
    # The softmax's curvature is at most 1/2 (Böhning 1992).
    weighted = counts[:, np.newaxis] * inputs
    curvature = 0.5 * float(np.linalg.eigvalsh(inputs.T @ weighted)[-1]) + RIDGE
    momentum = (curvature**0.5 - RIDGE**0.5) / (curvature**0.5 + RIDGE**0.5)
    weights = ahead = np.zeros((inputs.shape[1], logits.shape[1]))
    for _ in range(_STEPS):
        yield
        slope = weighted.T @ (softmax(logits + inputs @ ahead) - targets) + RIDGE * ahead
        if float(np.abs(slope).max()) < _STILL:
            break
        before, weights = weights, ahead - slope / curvature
        ahead = weights + momentum * (weights - before)
    return ahead
