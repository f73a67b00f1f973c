"""Rehearsal: training examples of every set and class, which a network keeps while it adapts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.adaptation.adapter import LabelledFeatures
from models.recognition.labels import merged
from models.recognition.network import Network
from training.data.examples import indices_in
from training.datasets.load import Dataset

EXAMPLES = 1_000  # at least, of all classes together
_LEAST = 30  # of a class


def rehearsal(network: Network, sets: Sequence[Dataset], fold: int = 0) -> LabelledFeatures:
    """Training examples as the network sees them, with raw logits; always the same ones.

    There are about as many of each class, and for each class about as many of each set that has it.

    network: that was trained. sets: that it was trained on. fold: its fold.
    """
    rng = np.random.default_rng(0)
    wanted = max(_LEAST, -(-EXAMPLES // len(network.labels)))
    examples: list[tuple[np.ndarray, np.ndarray, int]] = []
    trained = {each.name: rng.permutation(indices_in(each, "train", fold)) for each in sets}
    for number, label in enumerate(network.labels):
        of_label = []
        for dataset in sets:
            chosen = [k for k in trained[dataset.name] if merged(dataset.labels[k]) == label]
            if chosen:
                of_label.append((dataset, chosen))
        for dataset, chosen in of_label:
            for k in chosen[: -(-wanted // len(of_label))]:
                if dataset.images is None:
                    image = network.drawn(dataset.drawings[k].strokes)
                else:
                    image = (dataset.images[k] / 255).astype(np.float32)
                examples.append((*network.seen(image), number))
    features, logits, labels = zip(*examples, strict=True)
    return LabelledFeatures(
        np.array(features, np.float64), np.array(logits, np.float64), np.array(labels, np.int64)
    )
