"""A network that is adapted to one person by the samples that the person corrected."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.adaptation.adapter import MOST, Adapter, LabelledFeatures
from models.adaptation.rehearsal import load_rehearsal
from models.ink.strokes import Drawing
from models.recognition.card import FOLDER
from models.recognition.labels import merged
from models.recognition.network import Network
from models.segmentation.search import InSteps
from models.util.arrays import Floats

CORRECTED = 100  # drawings of each writer that are corrected where adaptation is measured


class AdaptedNetwork(Network):
    """Answers as the network does, but for ink that is like what was corrected."""

    def __init__(self, network: Network, adapter: Adapter) -> None:
        self.__dict__.update(network.__dict__)  # one interpreter for both
        self._adapter = adapter

    def calibrated(self, images: NDArray[np.float32]) -> Floats:
        """As `Network.calibrated`, with what the adapter adds."""
        if not len(images):
            return super().calibrated(images)
        features, logits = map(np.array, zip(*map(self.seen, images), strict=True))
        return self._adapter.logits(features, self.calibrate(logits))


class AdapterTrainer:
    """Adapts a network to samples, again and again; keeps the features of each sample."""

    def __init__(self, network: Network, folder: Path = FOLDER) -> None:
        """folder: where the network's rehearsal lies.

        Raises InputError where that is missing or damaged, or where the network was exported
        without its features.
        """
        self._network = network
        self._rehearsal = load_rehearsal(network.card, folder)
        self._seen: dict[tuple[str, str], tuple[Floats, Floats]] = {}

    def adapt(self, samples: Sequence[Drawing]) -> InSteps[Network]:
        """The network adapted to these samples; itself where it reads them right already.

        In steps of some milliseconds.

        samples: each of one character, its label, in the order in which they were made. Labels that
            the network does not read are passed over. Of many samples only the latest count.
        """
        number = {label: index for index, label in enumerate(self._network.labels)}
        known = [each for each in samples if merged(each.label or "") in number][-2 * MOST :]
        if not known:
            return self._network
        seen = []
        for each in known:
            seen.append(self._features(each))
            yield
        features, logits = zip(*seen, strict=True)
        adapter = yield from Adapter.fit_in_steps(
            LabelledFeatures(
                np.array(features),
                self._network.calibrate(np.array(logits)),
                np.array([number[merged(each.label or "")] for each in known]),
            ),
            self._rehearsal,
        )
        return AdaptedNetwork(self._network, adapter) if adapter else self._network

    def _features(self, sample: Drawing) -> tuple[Floats, Floats]:
        """The features and the raw logits of a sample."""
        key = sample.id, sample.label or ""
        if not sample.id or key not in self._seen:
            self._seen[key] = self._network.seen(self._network.drawn(sample.strokes))
        return self._seen[key]
