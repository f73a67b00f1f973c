"""One training run: from examples to the best weights, with everything needed to go on later."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Protocol

import keras
import numpy as np

from models.preprocessing.directions import network_input
from models.util.atomic_files import write_whole
from models.util.errors import InputError, explain_os_error
from training.data.examples import Rendered
from training.fitting.architectures import Architecture
from training.fitting.averaging import AVERAGE, AverageWeights
from training.fitting.batches import Batches
from training.fitting.settings import Recipe, Settings, by_kept_name
from training.fitting.strategy import Strategy

BEST = "best.weights.h5"  # of all epochs so far, in the run's folder
HISTORY = "history.csv"
_SETTINGS = "settings.json"
_BACKUP = "backup"
STATE = (_BACKUP, AVERAGE, HISTORY)  # what a run needs to go on


class DigitAccuracy(keras.metrics.Mean):  # type: ignore[misc]  # Keras comes without types
    """Share of digits whose largest logit is the label's; targets without a label don't count."""

    def update_state(self, targets, logits, sample_weight=None):  # type: ignore[no-untyped-def]
        right = keras.ops.equal(keras.ops.argmax(targets, -1), keras.ops.argmax(logits, -1))
        weights = keras.ops.cast(keras.ops.max(targets, -1) > 0.5, "float32")
        if sample_weight is not None:
            weights = weights * keras.ops.cast(sample_weight, "float32")
        super().update_state(keras.ops.cast(right, "float32"), weights)


class _Epochs(Protocol):
    epoch: int


class SetEpoch(keras.callbacks.Callback):  # type: ignore[misc]
    """Sets the batches' epoch, also in a run that goes on in the middle."""

    def __init__(self, batches: _Epochs) -> None:
        super().__init__()
        self._batches = batches

    def on_epoch_begin(self, epoch: int, logs: object = None) -> None:
        self._batches.epoch = epoch


def fit(
    architecture: Architecture,
    settings: Settings,
    batches: Batches,
    validation: Rendered,
    run: Path,
    resume: bool = False,
    verbose: int | str = "auto",
    callbacks: Sequence[keras.callbacks.Callback] = (),
    strategy: Strategy | None = None,
) -> keras.Model:
    """Trains a network and returns it with its best weights.

    Best is by accuracy on the validation writers, every set counting the same. KeyboardInterrupt
    passes through: the best weights so far lie in the run's folder by then.

    architecture, settings: what is trained, and how.
    batches: what it is trained on.
    validation: what chooses the best epoch.
    run: folder that keeps weights, history and state.
    resume: goes on after the last whole epoch of a run that was killed.
    verbose: as for Keras.
    callbacks: more of them, which run last.
    strategy: the devices or machines that share the work; its chief alone keeps the folder, and the
        others' network comes back without trained weights. None: one device.
    """
    strategy = strategy or Strategy()
    recipe = settings.recipe
    scope = strategy.scope(settings, batches, validation, run, resume)
    with scope as (kept_in, goes_on):
        keras.utils.set_random_seed(settings.seed)
        size = batches.classes, recipe.channels
        model = _built(architecture, size, settings.precision)
        shard = strategy.shard(batches)
        model.compile(
            optimizer=optimizer_of(recipe, len(shard)),
            loss=keras.losses.CategoricalCrossentropy(from_logits=True),
            weighted_metrics=[DigitAccuracy(name="accuracy")],
        )
        targets = keras.utils.to_categorical(validation.labels, batches.classes)
        images = network_input(validation.images, recipe.channels)
        model.fit(
            shard,
            epochs=recipe.epochs,
            shuffle=False,  # the batches are drawn in a new order in each epoch by themselves
            validation_data=strategy.held_out(images, targets, validation.weights),
            validation_batch_size=(512 - 512 % strategy.replicas) // strategy.processes,
            callbacks=[
                *keeping(recipe, len(shard), kept_in, goes_on),
                SetEpoch(batches),
                *callbacks,
            ],
            verbose=verbose if strategy.chief else 0,
        )
    # Anew: plain arithmetic, and what is spread over devices neither predicts nor exports simply.
    finished = _built(architecture, size, "float32")
    if strategy.chief:
        finished.load_weights(str(run / BEST))
    return finished


def keeping(recipe: Recipe, steps: int, run: Path, resume: bool) -> list[keras.callbacks.Callback]:
    """What keeps a run in its folder. steps: in an epoch."""
    # BackupAndRestore comes first: what it brings back at the start, the others build on.
    callbacks = [
        keras.callbacks.BackupAndRestore(
            str(run / _BACKUP), double_checkpoint=True, delete_checkpoint=False
        )
    ]
    if recipe.averaged:
        callbacks.append(AverageWeights(recipe.averaged, steps, run / AVERAGE, resume))
    return [
        *callbacks,
        keras.callbacks.ModelCheckpoint(
            str(run / BEST),
            monitor="val_accuracy",
            mode="max",
            save_best_only=True,
            save_weights_only=True,
            initial_value_threshold=_best_so_far(run) if resume else None,
        ),
        keras.callbacks.CSVLogger(str(run / HISTORY), append=resume),
    ]


def _built(architecture: Architecture, size: tuple[int, int], precision: str) -> keras.Model:
    """The network with that arithmetic; its weights fit any other. size: classes, channels."""
    usual = keras.config.dtype_policy()
    keras.config.set_dtype_policy(precision)
    try:
        return architecture.build(*size)
    finally:
        keras.config.set_dtype_policy(usual)


def prepare(run: Path, settings: Settings, resume: bool) -> None:
    """Makes the run's folder and keeps its settings, or checks them for a run to be resumed.

    Raises InputError where there is nothing to resume, or where it was started otherwise.
    """
    path = run / _SETTINGS
    text = json.dumps(settings.to_json(), indent=2) + "\n"
    if not resume:
        try:
            run.mkdir(parents=True, exist_ok=True)
            write_whole(path, text.encode())
        except OSError as error:
            raise InputError(
                f"{run}: no run can be kept there, {explain_os_error(error)}."
            ) from None
        return
    if not (path.exists() and (run / _BACKUP).exists()):
        raise InputError(f"{run}: nothing to resume there; leave --resume out, or name a run.")
    if path.read_text() != text:
        raise InputError(
            f"{path}: the run was started with other settings; resume it with the same ones."
        )


def settings_match(run: Path, settings: Settings) -> bool:
    """Whether the run in that folder was started with these settings, whatever its precision."""
    try:
        noted = json.loads((run / _SETTINGS).read_text())
    except (OSError, ValueError):
        return False
    if not isinstance(noted, dict) or not isinstance(noted.get("recipe"), dict):
        return False
    # What the file of an older run lacks had its default value then.
    recipe = {**_defaults(Recipe), **noted["recipe"]}
    noted = {**_defaults(Settings), **noted, "recipe": recipe, "precision": settings.precision}
    return bool(json.loads(json.dumps(noted)) == json.loads(json.dumps(settings.to_json())))


def _defaults(kind: type[Settings] | type[Recipe]) -> dict[str, object]:
    return by_kept_name(
        {each.name: each.default for each in fields(kind) if each.default is not MISSING}
    )


def _best_so_far(run: Path) -> float | None:
    """The best validation accuracy that the history of a run to be resumed holds."""
    try:
        rows = np.genfromtxt(run / HISTORY, delimiter=",", names=True, ndmin=1)
        return float(np.max(rows["val_accuracy"])) if len(rows) else None
    except (OSError, ValueError):
        return None


def optimizer_of(recipe: Recipe, steps: int) -> keras.optimizers.Optimizer:
    """The optimiser of a recipe. steps: in an epoch."""
    rate: float | keras.optimizers.schedules.LearningRateSchedule = recipe.learning_rate
    if recipe.schedule == "cosine":
        warmup = min(steps, math.ceil(steps * recipe.epochs / 10))
        rate = keras.optimizers.schedules.CosineDecay(
            initial_learning_rate=recipe.learning_rate / 20,
            decay_steps=max(1, steps * recipe.epochs - warmup),
            warmup_target=recipe.learning_rate,
            warmup_steps=warmup,
        )
    if recipe.optimizer == "adam":
        return keras.optimizers.Adam(rate)
    optimizer = keras.optimizers.AdamW(rate, weight_decay=recipe.weight_decay)
    optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    return optimizer
