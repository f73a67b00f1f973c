"""What teaching rehearses: examples that the network was trained on, of every set and class."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.adaptation.adapter import LabelledFeatures
from models.preprocessing.mnist_form import strokes_to_image
from models.recognition.labels import merged
from models.recognition.network import Network
from training.data.examples import members
from training.datasets import DigitSet

EXAMPLES = 1_000  # at least, of all classes together
_LEAST = 30  # of a class


def rehearsal(network: Network, sets: Sequence[DigitSet], fold: int = 0) -> LabelledFeatures:
    """Training examples as the network sees them, as many of each class, and of each set that has
    it, as there are, with raw logits. Always the same ones.
    """
    rng = np.random.default_rng(0)
    wanted = max(_LEAST, -(-EXAMPLES // len(network.labels)))
    rows: list[tuple[np.ndarray, np.ndarray, int]] = []
    trained = {digits.name: rng.permutation(members(digits, "train", fold)) for digits in sets}
    for number, label in enumerate(network.labels):
        having = []
        for digits in sets:
            shown = [k for k in trained[digits.name] if merged(digits.labels[k]) == label]
            if shown:
                having.append((digits, shown))
        for digits, shown in having:
            for k in shown[: -(-wanted // len(having))]:
                if digits.images is None:
                    image = strokes_to_image(digits.drawings[k].strokes)
                else:
                    image = (digits.images[k] / 255).astype(np.float32)
                rows.append((*network.seen(image), number))
    features, logits, labels = zip(*rows, strict=True)
    return LabelledFeatures(
        np.array(features, np.float64),
        np.array(logits, np.float64),
        np.array(labels, np.int64),
    )
