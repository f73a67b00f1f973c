"""Fitting the network for lines."""

from __future__ import annotations

from pathlib import Path

import keras
from keras import ops

from training.fitting.fit import BEST, SetEpoch, keeping, optimizer_of
from training.fitting.settings import Settings
from training.lines.batches import Held, LineBatches
from training.lines.network import line_network


class LineAccuracy(keras.metrics.Mean):  # type: ignore[misc]  # Keras comes without types
    """Share of lines whose best column by column reading is the label, exactly."""

    def update_state(self, labels, logits, sample_weight=None):  # type: ignore[no-untyped-def]
        best = ops.cast(ops.argmax(logits, axis=-1), "int32")
        before = ops.pad(best[:, :-1], ((0, 0), (1, 0)))
        kept = ops.logical_and(best != before, best != 0)
        place = ops.cumsum(ops.cast(kept, "int32"), axis=1)
        labels = ops.cast(labels, "int32")
        length = ops.sum(ops.cast(labels > 0, "int32"), axis=1)
        index = ops.clip(place - 1, 0, ops.shape(labels)[1] - 1)
        same = ops.logical_or(ops.take_along_axis(labels, index, axis=1) == best, ~kept)
        right = ops.logical_and(ops.all(same, axis=1), place[:, -1] == length)
        super().update_state(ops.cast(right, "float32"), sample_weight)


def fit_lines(
    settings: Settings, batches: LineBatches, validation: Held, run: Path, resume: bool = False
) -> keras.Model:
    """Trains the network and returns it with its best weights, by validation lines read right.

    settings: of the run. batches: what it is trained on. validation: lines of held-out writers.
    run: folder that keeps weights, history and state; resume: goes on with what it has.
    """
    keras.utils.set_random_seed(settings.seed)
    model = built(settings.precision)
    model.compile(
        optimizer=optimizer_of(settings.recipe, len(batches)),
        loss=keras.losses.CTC(),
        metrics=[LineAccuracy(name="accuracy")],
        jit_compile=False,  # it would compile again for each width
    )
    model.fit(
        batches,
        epochs=settings.recipe.epochs,
        shuffle=False,  # each epoch's lines are new
        validation_data=validation,
        callbacks=[*keeping(settings.recipe, len(batches), run, resume), SetEpoch(batches)],
        verbose=2,
    )
    return with_best_weights(run)


def with_best_weights(run: Path) -> keras.Model:
    """The network, in plain arithmetic, with the best weights that a run's folder holds."""
    finished = built("float32")
    finished.load_weights(str(run / BEST))
    return finished


def built(precision: str) -> keras.Model:
    """The network with that arithmetic; its weights fit any other."""
    usual = keras.config.dtype_policy()
    keras.config.set_dtype_policy(precision)
    try:
        return line_network()
    finally:
        keras.config.set_dtype_policy(usual)
