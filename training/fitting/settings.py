"""What decides a training run's outcome."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from models.preprocessing.directions import CHANNELS


def by_kept_name(values: Mapping[str, object]) -> dict[str, object]:
    """A recipe's values under the names that files have: outliers are called `nondigits` there."""
    return {"nondigits" if key == "outliers" else key: value for key, value in values.items()}


@dataclass(frozen=True)
class Recipe:
    """How an architecture is trained, where the command line doesn't say otherwise.

    epochs, batch_size: as usual; batch_size is over all devices together.
    optimizer: "adam" or "adamw".
    learning_rate: its peak.
    schedule: "constant", or "cosine" down to zero after a warm-up over one epoch.
    weight_decay, label_smoothing: 0 for none.
    augment: whether each epoch shows new variations of the examples.
    outliers: their share of an epoch, 0..1.
    drawings: how often an epoch shows each drawing.
    image_epochs: over how many epochs each image comes once; others in each of them.
    left_out: families of outliers (`outliers.FAMILY_SHARES`) that are not shown.
    directions: whether the network gets the directions of the pen beside the image.
    photographed: share of the drawings that are shown as a photograph of them, 0..1.
    balanced: whether letters of a small set weigh more than those of a large one.
    averaged: over how many epochs the weights that are kept are a moving average; 0: they are as
        trained.
    """

    epochs: int
    batch_size: int
    optimizer: str
    learning_rate: float
    schedule: str
    weight_decay: float = 0.0
    label_smoothing: float = 0.0
    augment: bool = True
    outliers: float = 0.0
    drawings: int = 1
    image_epochs: int = 1
    left_out: tuple[str, ...] = ()
    averaged: float = 0.0
    directions: bool = False
    photographed: float = 0.0
    balanced: bool = False

    @property
    def channels(self) -> int:
        """How many the network's input has."""
        return CHANNELS if self.directions else 1

    def to_json(self) -> dict[str, object]:
        """The recipe as runs, cards and comparisons keep it."""
        return by_kept_name(asdict(self))


@dataclass(frozen=True)
class Settings:
    """What decides a run's outcome; a run is resumed only under the same.

    architecture: a name in `architectures.ARCHITECTURES`.
    sets: names of data sets, in order.
    seed, fold: of the random numbers; of the writers that are held out.
    recipe: how it is trained.
    precision: of the arithmetic in training, a dtype policy of Keras; weights are float32 always.
    model: what is to be read, a name in `tasks.TASKS`.
    """

    architecture: str
    sets: tuple[str, ...]
    seed: int
    fold: int
    recipe: Recipe
    precision: str = "float32"
    model: str = "digits"

    def to_json(self) -> dict[str, object]:
        """The settings as a run's folder keeps them."""
        return {**asdict(self), "recipe": self.recipe.to_json()}
