"""A network together with what one person's corrections add to it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.adaptation.adapter import MOST, Adapter, Seen
from models.adaptation.rehearsal import load_rehearsal
from models.ink.strokes import Drawing
from models.preprocessing.mnist_form import strokes_to_image
from models.recognition.card import FOLDER
from models.recognition.labels import merged
from models.recognition.network import Network
from models.segmentation.search import InSteps, run
from models.util.arrays import Floats

TAUGHT = 100  # drawings of each writer whose mistakes are corrected, where that is measured


class Taught(Network):
    """Answers as the network does, but for ink that is like what was corrected."""

    def __init__(self, network: Network, adapter: Adapter) -> None:
        self.__dict__.update(network.__dict__)  # one interpreter for both
        self._adapter = adapter

    def calibrated(self, images: NDArray[np.float32]) -> Floats:
        """As `Network.calibrated`, with what was learned."""
        if not len(images):
            return super().calibrated(images)
        features, logits = map(np.array, zip(*map(self.seen, images), strict=True))
        return self._adapter.logits(features, self.calibrate(logits))


class AdapterTrainer:
    """Learns from samples, again and again; remembers what the network makes of each."""

    def __init__(self, network: Network, folder: Path = FOLDER) -> None:
        """folder: where the network's rehearsal lies. Raises InputError where it is missing or
        damaged, or where the network was exported without what it takes.
        """
        self._network = network
        self._rehearsal = load_rehearsal(network.card, folder)
        self._seen: dict[tuple[str, str], tuple[Floats, Floats]] = {}

    def learned(self, samples: Sequence[Drawing]) -> Network:
        """The network as these samples teach it; itself where they teach nothing.

        samples: each of one character, its label; those of others than the network reads are
        passed over. Of many only the latest count.
        """
        return run(self.in_steps(samples))

    def in_steps(self, samples: Sequence[Drawing]) -> InSteps[Network]:
        """As `learned`, in steps of some milliseconds."""
        number = {label: index for index, label in enumerate(self._network.labels)}
        known = [each for each in samples if merged(each.label or "") in number][-2 * MOST :]
        if not known:
            return self._network
        seen = []
        for each in known:
            seen.append(self._look(each))
            yield
        features, logits = zip(*seen, strict=True)
        adapter = yield from Adapter.in_steps(
            Seen(
                np.array(features),
                self._network.calibrate(np.array(logits)),
                np.array([number[merged(each.label or "")] for each in known]),
            ),
            self._rehearsal,
        )
        return Taught(self._network, adapter) if adapter else self._network

    def _look(self, sample: Drawing) -> tuple[Floats, Floats]:
        key = sample.id, sample.label or ""
        if not sample.id or key not in self._seen:
            self._seen[key] = self._network.seen(strokes_to_image(sample.strokes))
        return self._seen[key]
