"""What grouping goes by: the weights that `python -m training grouping` fitted, per network."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from models.recognition.card import FOLDER
from models.recognition.labels import lookalike
from models.segmentation.features import LYING, MOST_PIECES, READ, least_read, most_read
from models.util.errors import InputError, explain_os_error

FILE = FOLDER / "grouping.json"
_MEND = "`git checkout models` brings it back"
Kind = Literal["networks", "pictures"]


@dataclass(frozen=True, eq=False)
class Weights:
    """lying, read: (14,) and (4,), for the features `models.segmentation.features.LYING` and READ.

    habits: (classes, MOST_PIECES), the log of how often people write each label in 1, 2, … pieces.
    one: the class of the digit 1, or -1. alike: (classes, classes), 1 where two are look-alikes.
    dotted: whether there are characters with a dot: i and j.
    """

    lying: NDArray[np.float64]
    read: NDArray[np.float64]
    habits: NDArray[np.float64]
    one: int
    alike: NDArray[np.float64]
    dotted: bool

    @cached_property
    def most_read(self) -> float:
        """The most that the features READ of a group can be worth."""
        return most_read(self.read, self.habits)

    @cached_property
    def least_read(self) -> float:
        """The least that they can be worth."""
        return least_read(self.read, self.habits)


def load_weights(
    name: str, labels: Sequence[str], path: Path = FILE, kind: Kind = "networks"
) -> Weights:
    """The weights for the network of that name, or those for digits where it has none of its own.

    kind: "networks" for strokes, "pictures" for the components of a picture's ink.
    A label without habits is written in any number of pieces alike. Raises InputError, one line
    that says what to do, where the file is missing or damaged.
    """
    try:
        networks = json.loads(path.read_text())[kind]
        own = networks.get(name, networks["digits"])
        lying, read = (
            np.array([own["weights"][feature] for feature in names], np.float64)
            for names in (LYING, READ)
        )
        habits = np.full((len(labels), MOST_PIECES), 1 / MOST_PIECES)
        for row, label in zip(habits, labels, strict=True):
            if label in own["habits"]:
                row[:] = own["habits"][label]
        habits = np.log(habits)
        if not (np.isfinite([*lying, *read]).all() and np.isfinite(habits).all()):
            raise ValueError("numbers that are not finite")
    except OSError as error:
        raise InputError(f"{path}: cannot be read, {explain_os_error(error)}; {_MEND}.") from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{path}: damaged ({type(error).__name__}: {error}); {_MEND}.") from None
    one = labels.index("1") if "1" in labels else -1
    return Weights(lying, read, habits, one, alike(labels), dotted(labels))


def dotted(labels: Sequence[str]) -> bool:
    """Whether any of the labels may have a dot above it: i and j, which go by their capitals."""
    return bool({"I", "J"} & set(labels))


def alike(labels: Sequence[str]) -> NDArray[np.float64]:
    """(classes, classes): 1 where two labels are the same or look-alikes, else 0."""
    kinds = np.array([lookalike(label) for label in labels])
    return np.asarray(kinds[:, np.newaxis] == kinds, dtype=np.float64)
