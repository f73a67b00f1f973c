"""From a Keras model to what the game runs: LiteRT export, check that both agree, installation."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray

from models.preprocessing.directions import network_input
from models.recognition.card import FOLDER
from models.recognition.network import FEATURES, FIRST_MAPS, LAST_MAPS, LOGITS, Network
from models.util.errors import InputError
from models.util.installation import ROOT

# Largest difference between a logit of the Keras model and of its export that rounding explains.
TOLERANCE = 1e-3
CHECKED_IMAGES = 1000
# Of a network's files, in the order in which they are replaced.
ENDINGS = (".rehearsal.npz", ".keras", ".tflite", ".json")


def to_litert(model: keras.Model) -> bytes:
    """The LiteRT export of a model, batch of one, 32-bit weights. Needs TensorFlow.

    Its outputs are the logits and, by name, what `network.Activations` holds. A model trained on
    another backend is exported by a process that runs on TensorFlow.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.tflite"
        if keras.backend.backend() == "tensorflow":
            entry = keras.Input(batch_shape=(1, *model.input_shape[1:]))
            fixed = keras.Model(entry, _with_activations(model)(entry))
            fixed.export(str(path), format="litert", verbose=False)
        else:
            _export_with_tensorflow(model, path)
        return path.read_bytes()


def _with_activations(model: keras.Model) -> keras.Model:
    """The model with named outputs: its logits, and what it has computed on the way to them."""
    maps = [
        layer.output
        for layer in model.layers
        if len(layer.output.shape) == 4
        and (
            isinstance(layer, layers.ReLU)
            or getattr(layer, "activation", None) is keras.activations.relu
        )
    ]
    return keras.Model(
        model.inputs,
        {
            LOGITS: model.outputs[0],
            FIRST_MAPS: maps[0],
            LAST_MAPS: maps[-1],
            FEATURES: model.layers[-1].input,
        },
    )


def _export_with_tensorflow(model: keras.Model, path: Path) -> None:
    saved = path.with_suffix(".keras")
    model.save(saved)
    code = (
        "import sys, pathlib\n"
        "from models.util.quiet import silent_stderr\n"
        "with silent_stderr():\n"
        "    import keras\n"
        "from training.fitting.export import to_litert\n"
        "model = keras.models.load_model(sys.argv[1], compile=False)\n"
        "pathlib.Path(sys.argv[2]).write_bytes(to_litert(model))"
    )
    subprocess.run(
        [sys.executable, "-c", code, str(saved), str(path)],
        env={**os.environ, "KERAS_BACKEND": "tensorflow"},
        cwd=ROOT,
        check=True,
    )


def largest_difference(model: keras.Model, network: Network, images: NDArray[np.float32]) -> float:
    """Checks an export against its model.

    model, network: the Keras model and its export. images: (n, 28, 28), 0..1. Returns the largest
    difference of a logit. Raises InputError where one answer differs, or a logit by more than
    `TOLERANCE`.
    """
    expected = np.asarray(model.predict(network_input(images, network.channels), verbose=0))
    exported = network.logits(images)
    difference = float(np.abs(expected - exported).max())
    differing = int((expected.argmax(axis=1) != exported.argmax(axis=1)).sum())
    if differing or not difference <= TOLERANCE:
        raise InputError(
            f"The LiteRT export differs from the Keras model on {differing} of {len(images)} "
            f"images, by up to {difference:.2g} (at most {TOLERANCE} would be rounding); nothing "
            "was installed."
        )
    return difference


def install(
    run: Path, name: str, folder: Path = FOLDER, endings: Sequence[str] = ENDINGS
) -> Sequence[Path]:
    """Replaces the shipped network by that of a finished run: its files, with these endings.

    All are copied beside the old ones first, then renamed over them one after the other; a
    program that starts in between finds a card that doesn't match, and refuses it.
    """
    targets = [folder / f"{name}{ending}" for ending in endings]
    staged = []
    try:
        for target in targets:
            waiting = target.with_name(target.name + ".new")
            staged.append(waiting)
            shutil.copyfile(run / target.name, waiting)
        for waiting, target in zip(staged, targets, strict=True):
            waiting.replace(target)
    except OSError as error:
        raise InputError(
            f"{folder}: the network was not installed there ({error.strerror}); it is whole in "
            f"{run}."
        ) from None
    finally:
        for waiting in staged:
            waiting.unlink(missing_ok=True)
    return targets
