"""The network for lines of digits: convolutions alone, for connectionist temporal classification.

CTC (Graves et al. 2006) lets a network learn to read lines without being told where each character
stands. Nothing is recurrent: at this size of data that over-fits, and convolutions are quicker.
"""

from __future__ import annotations

import keras
from keras import layers

from models.lines.network import CLASSES, COLUMNS
from models.lines.strip import HEIGHT
from training.fitting.settings import Recipe

# Lines in an epoch; each is made anew.
LINES = 32_768
RECIPE = Recipe(
    epochs=30,
    batch_size=64,
    optimizer="adamw",
    learning_rate=2e-3,
    schedule="cosine",
    weight_decay=0.02,
    averaged=0.5,
)


def line_network() -> keras.Model:
    """Convolutions in four stages: 1.4 million parameters.

    (32, width, 1) in, 0 for paper to 1 for ink, width divisible by 4; logits (width / 2, 11) out.
    The height is pooled away; of the width, a quarter is left in the middle, where each column
    answers for two halves, so that a narrow 1 has columns enough beside another.
    """
    entry = keras.Input((HEIGHT, None, 1))
    # Normalisation follows the poolings: it costs as much as a convolution where a processor
    # trains, and there are fewer values left.
    x = layers.Conv2D(32, 3, padding="same", use_bias=False)(entry)
    x = _stage(_activated(layers.MaxPooling2D(2)(x)), 64)
    x = _stage(_activated(layers.MaxPooling2D(2)(x)), 128)
    x = _stage(_activated(layers.MaxPooling2D((2, 1))(x)), 160)
    x = _activated(x)
    # All rows that are left become one, and each column looks at its neighbours.
    x = _activated(layers.Conv2D(256, (HEIGHT // 8, 1), use_bias=False)(x))
    for reach in (5, 3):
        y = layers.Conv2D(256, (1, reach), padding="same", use_bias=False)(x)
        x = _activated(layers.Add()([x, y]))
    x = layers.Dropout(0.2)(x)
    # Logits in full precision, whatever the arithmetic before them: the loss needs it.
    x = layers.Conv2D(COLUMNS * CLASSES, 1, dtype="float32")(x)
    x = layers.Reshape((-1, CLASSES), dtype="float32")(x)
    return keras.Model(entry, x, name="lines")


def _stage(x: keras.KerasTensor, width: int) -> keras.KerasTensor:
    """Two convolutions, the second with a shortcut, not yet normalised."""
    x = _activated(layers.Conv2D(width, 3, padding="same", use_bias=False)(x))
    y = layers.Conv2D(width, 3, padding="same", use_bias=False)(x)
    return layers.Add()([x, y])


def _activated(x: keras.KerasTensor) -> keras.KerasTensor:
    # Keras's own momentum of 0.99 lags behind for hundreds of steps.
    return layers.ReLU()(layers.BatchNormalization(momentum=0.95)(x))
