"""What decides a training run's outcome."""

from __future__ import annotations

from dataclasses import dataclass

from training.fitting.architectures import Recipe


@dataclass(frozen=True)
class Settings:
    """What decides a run's outcome; a run is resumed only under the same.

    precision: of the arithmetic in training, a dtype policy of Keras; weights are float32 always.
    model: what is to be read, a name in `training.fitting.tasks`.
    """

    architecture: str
    sets: tuple[str, ...]
    seed: int
    fold: int
    recipe: Recipe
    precision: str = "float32"
    model: str = "digits"
