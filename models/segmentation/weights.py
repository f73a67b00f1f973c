"""The weights of the segmenter, fitted by `python -m training grouping` for each network."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

import numpy as np

from models.recognition.card import FOLDER
from models.recognition.labels import lookalike
from models.segmentation.features import (
    CLASSIFIER_FEATURES,
    GEOMETRY_FEATURES,
    LEAST_PROBABILITY,
    MOST_SEGMENTS,
)
from models.util.arrays import Floats
from models.util.errors import InputError, explain_os_error
from models.util.installation import how_to_restore

FILE = FOLDER / "grouping.json"
_FIX = how_to_restore("models")
Kind = Literal["networks", "pictures"]


@dataclass(frozen=True, eq=False)
class Weights:
    """The weights of a candidate's features, and the facts about a network's labels that they need.

    geometry: (16,), the weights of `features.GEOMETRY_FEATURES`.
    classifier: (4,), the weights of `features.CLASSIFIER_FEATURES`.
    segment_counts: (classes, MOST_SEGMENTS), the log of how often each label is written in 1, 2, …
        strokes.
    one: the class of the digit 1, or -1.
    lookalikes: (classes, classes), 1 where two classes are the same or look-alikes, else 0.
    dotted: whether any label may have a dot above it.
    """

    geometry: Floats
    classifier: Floats
    segment_counts: Floats
    one: int
    lookalikes: Floats
    dotted: bool

    @classmethod
    def for_labels(
        cls, labels: Sequence[str], geometry: Floats, classifier: Floats, segment_counts: Floats
    ) -> Weights:
        """With what follows from the labels themselves; segment_counts: shares, 0..1."""
        groups = np.array([lookalike(label) for label in labels])
        return cls(
            geometry,
            classifier,
            np.log(segment_counts),
            labels.index("1") if "1" in labels else -1,
            np.asarray(groups[:, np.newaxis] == groups, dtype=np.float64),
            bool({"I", "J"} & set(labels)),  # i and j have the class of their capitals
        )

    def classifier_features(self, probabilities: Floats, segments: Sequence[int]) -> Floats:
        """CLASSIFIER_FEATURES of candidates, (n, 4).

        probabilities: (n, classes), the network's for each. segments: (n,), how many each
        has. Look-alikes count as one class here: a circle that is 0 or O is surely a character.
        """
        best = probabilities.argmax(axis=1)
        likely = (probabilities @ self.lookalikes).max(axis=1)
        likely = np.clip(likely, LEAST_PROBABILITY, 1 - LEAST_PROBABILITY)
        counts = np.asarray(segments)
        usual = self.segment_counts[best, np.minimum(counts, MOST_SEGMENTS) - 1]
        bare_one = (best == self.one) & (counts == 1)
        return np.column_stack([np.log(likely), np.log(1 - likely), usual, bare_one])

    @cached_property
    def classifier_range(self) -> tuple[float, float]:
        """The least and the highest sum that the classifier features of a candidate can give."""
        likely = np.array([1 - LEAST_PROBABILITY, LEAST_PROBABILITY])
        weights = self.classifier
        terms = (
            weights[0] * np.log(likely) + weights[1] * np.log(1 - likely),
            weights[2] * self.segment_counts,
            np.array([0.0, weights[3]]),
        )
        return float(sum(t.min() for t in terms)), float(sum(t.max() for t in terms))


def load_weights(
    name: str, labels: Sequence[str], path: Path = FILE, kind: Kind = "networks"
) -> Weights:
    """The weights for the network of that name, or those for digits where it has none of its own.

    name, labels: of the network. A label without shares in the file is written in any number of
        strokes alike.
    path: the file, grouping.json.
    kind: "networks" for strokes, "pictures" for the components of a picture's ink.

    Raises InputError, one line that says what to do, where the file is missing or damaged.
    """
    try:
        networks = json.loads(path.read_text())[kind]
        own = networks.get(name, networks["digits"])
        geometry, classifier = (
            np.array([own["weights"][feature] for feature in names], np.float64)
            for names in (GEOMETRY_FEATURES, CLASSIFIER_FEATURES)
        )
        shares = np.full((len(labels), MOST_SEGMENTS), 1 / MOST_SEGMENTS)
        for row, label in zip(shares, labels, strict=True):
            if label in own["segment_counts"]:
                row[:] = own["segment_counts"][label]
        weights = Weights.for_labels(labels, geometry, classifier, shares)
        if not np.isfinite([*geometry, *classifier, *weights.segment_counts.ravel()]).all():
            raise ValueError("numbers that are not finite")
    except OSError as error:
        raise InputError(f"{path}: cannot be read, {explain_os_error(error)}; {_FIX}.") from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{path}: damaged ({type(error).__name__}: {error}); {_FIX}.") from None
    return weights
