"""The real network, which counts how often it is called."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.recognition.card import FOLDER, read_network
from models.recognition.network import Network


class CountingNetwork(Network):
    """The shipped network of digits. classifications: how many images it was shown."""

    def __init__(self) -> None:
        self.classifications = 0
        super().__init__(*read_network("digits", FOLDER))

    def _run(self, image: NDArray[np.float32]) -> None:
        self.classifications += 1
        super()._run(image)
