"""Networks by name, each with the recipe that it is trained with. Keras 3, any backend."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import keras
from keras import layers

from models.preprocessing.mnist_form import SIDE
from training.fitting.settings import Recipe


@dataclass(frozen=True)
class Architecture:
    """A network's name, how to build it for a number of classes and channels, and its recipe."""

    name: str
    build: Callable[[int, int], keras.Model]
    recipe: Recipe


def baseline(classes: int, channels: int = 1) -> keras.Model:
    """The network that older projects share: 225,034 parameters with ten classes.

    (28, 28, channels) in, logits (classes,) out; their softmax is part of the loss here.
    """
    return keras.Sequential(
        [
            keras.Input((SIDE, SIDE, channels)),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
            layers.Dropout(0.5),
            layers.Dense(classes),
        ],
        name="baseline",
    )


def residual(classes: int, channels: int = 1) -> keras.Model:
    """A 5×5 and four 3×3 convolutions in three stages, two with a shortcut (He et al. 2015).

    (28, 28, channels) in, logits (classes,) out. The margin of a 28×28 image is empty, so the first
    convolution needs no padding and the poolings fall on whole numbers: 24, 12, 6. Normalisation
    follows the poolings: it costs as much as a convolution where a processor trains, and there
    are only a quarter of the values left.
    """
    return _residual(classes, channels, "residual", last_stage=1)


def deeper(classes: int, channels: int = 1) -> keras.Model:
    """`residual` with one more convolution, with its shortcut, in the last stage.

    (28, 28, channels) in, logits (classes,) out; 439,375 parameters with 47 classes and 9
    channels. That stage has most
    of the weights and, at 6×6, little of the work.
    """
    return _residual(classes, channels, "deeper", last_stage=2)


def _residual(classes: int, channels: int, name: str, last_stage: int) -> keras.Model:
    entry = keras.Input((SIDE, SIDE, channels))
    x = layers.Conv2D(32, 5, use_bias=False)(entry)
    x = _activated(layers.MaxPooling2D()(x))
    x = _activated(_convolution(x, 64))
    x = layers.Add()([x, _convolution(x, 64)])
    x = _activated(layers.MaxPooling2D()(x))
    x = _activated(_convolution(x, 128))
    for _ in range(last_stage):
        x = _activated(layers.Add()([x, _convolution(x, 128)]))
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dropout(0.2)(x)
    # Logits in full precision, whatever the arithmetic before them: the loss needs it.
    return keras.Model(entry, layers.Dense(classes, dtype="float32")(x), name=name)


def _convolution(x: keras.KerasTensor, width: int) -> keras.KerasTensor:
    return layers.Conv2D(width, 3, padding="same", use_bias=False)(x)


def _activated(x: keras.KerasTensor) -> keras.KerasTensor:
    # Keras's own momentum of 0.99 lags behind for hundreds of steps.
    return layers.ReLU()(layers.BatchNormalization(momentum=0.95)(x))


_RECIPE = Recipe(
    epochs=24,
    batch_size=128,
    optimizer="adamw",
    learning_rate=2e-3,
    schedule="cosine",
    weight_decay=0.05,
    label_smoothing=0.05,
    outliers=0.12,
    drawings=2,
    averaged=1.0,
    photographed=0.1,
)
ARCHITECTURES = {
    architecture.name: architecture
    for architecture in (
        Architecture("residual", residual, _RECIPE),
        Architecture("deeper", deeper, _RECIPE),
        Architecture(
            "baseline",
            baseline,
            Recipe(
                epochs=10,
                batch_size=128,
                optimizer="adam",
                learning_rate=1e-3,
                schedule="constant",
                augment=False,
            ),
        ),
    )
}
