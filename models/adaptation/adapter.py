"""What a person's corrections change in what a network reads, learned at once, without training.

To the network's logits a sum of kernels is added, one on each corrected sample, in the space of
the features that the network's last layer gets. How much each adds to which class is found by
kernel logistic regression with a ridge (Zhu and Hastie 2005, "Kernel logistic regression and the
import vector machine"): the samples are to be read as the person said, and a thousand examples of
many other hands, the rehearsal, as they were. So a correction reaches as far as nobody else's ink
speaks against it, and outweighs the network where that is unsure sooner than where it is sure.
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
SAID = 2.0  # how many examples of other hands what the person said outweighs
MOST = 300  # samples that are learned from, the latest; more would take longer than a blink
_TEACHES_BELOW = 0.95  # probability; what the network surely reads right teaches nothing
_NEAR = 1e-3  # of a kernel; ink that is farther from every sample doesn't feel them
_STEPS, _STILL = 300, 1e-3  # of the search at most; the gradient at which it ends


@dataclass(frozen=True, eq=False)
class Seen:
    """What a network makes of some images whose labels are known.

    features: (n, d), what its last layer gets. logits: (n, classes), calibrated where it is
    learned from. labels: (n,) class numbers.
    """

    features: Floats
    logits: Floats
    labels: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.labels)

    def only(self, which: NDArray[np.intp] | NDArray[np.bool_]) -> Seen:
        """Some of them."""
        return Seen(self.features[which], self.logits[which], self.labels[which])


class Adapter:
    """What is added to the logits of ink, by how near it is to corrected samples."""

    def __init__(self, samples: Seen, rehearsal: Seen) -> None:
        """samples: of one person, the latest last. rehearsal: of many other people."""
        run(self._learn(samples, rehearsal))

    @classmethod
    def in_steps(cls, samples: Seen, rehearsal: Seen) -> InSteps[Adapter]:
        """As it is made at once, in steps of some milliseconds."""
        adapter = cls.__new__(cls)
        yield from adapter._learn(samples, rehearsal)
        return adapter

    def _learn(self, samples: Seen, rehearsal: Seen) -> InSteps[None]:
        every = np.arange(len(samples))
        said = softmax(samples.logits)[every, samples.labels]
        samples = samples.only(np.flatnonzero(said < _TEACHES_BELOW)[-MOST:])
        self._places = _directions(samples.features)
        self._pulls = np.zeros((len(samples), samples.logits.shape[1]))
        if len(samples):
            yield from self._fit(samples, rehearsal)

    def __bool__(self) -> bool:
        """Whether it changes anything."""
        return len(self._places) > 0

    def logits(self, features: Floats, logits: Floats) -> Floats:
        """The calibrated logits (n, classes) of features (n, d), as learned."""
        return np.asarray(logits + self._kernels(features) @ self._pulls)

    def _kernels(self, features: Floats) -> Floats:
        return np.asarray(np.exp(SHARPNESS * (_directions(features) @ self._places.T - 1)))

    def _fit(self, samples: Seen, rehearsal: Seen) -> InSteps[None]:
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
        weights = np.repeat([SAID, 1.0], [len(samples), len(rehearsal)])
        pulls = yield from _ridge_logistic(inputs, logits, labels, weights)
        self._pulls = basis @ pulls


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
