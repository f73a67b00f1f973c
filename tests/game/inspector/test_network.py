"""What the network computes on the way to its answer, and networks that keep it to themselves."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import keras
import numpy as np
import pytest

from models.preprocessing.mnist_form import strokes_to_image
from models.recognition.card import FOLDER, read_card, sha256_of
from models.recognition.network import load_network
from tests.helpers.samples import samples
from training.fitting.export import to_litert

IMAGES = np.array([strokes_to_image(drawing.strokes) for drawing in samples()])


def test_the_activations_lead_to_the_answer() -> None:
    network = load_network()
    model = keras.models.load_model(FOLDER / "digits.keras", compile=False)
    weights, bias = map(np.asarray, model.layers[-1].weights)
    for image, logits in zip(IMAGES, network.logits(IMAGES), strict=True):
        found = network.activations(image)
        assert found is not None
        assert found.first.shape == (12, 12, 32) and found.last.shape == (6, 6, 128)
        assert min(found.first.min(), found.last.min()) == 0 < found.first.max()
        np.testing.assert_allclose(found.last.mean(axis=(0, 1)), found.features, atol=1e-5)
        np.testing.assert_allclose(found.features @ weights + bias, logits, atol=1e-4)


@pytest.mark.slow
@pytest.mark.parametrize("activations", [True, False])
def test_networks_with_and_without_activations_are_used(tmp_path: Path, activations: bool) -> None:
    model = keras.models.load_model(FOLDER / "digits.keras", compile=False)
    path = tmp_path / "digits.tflite"
    if activations:
        path.write_bytes(to_litert(model))
    else:
        entry = keras.Input(batch_shape=(1, 28, 28, 1))
        keras.Sequential([entry, model]).export(str(path), format="litert", verbose=False)
    card = read_card(FOLDER / "digits.json")
    card = dataclasses.replace(card, sha256=sha256_of(path.read_bytes()))
    (tmp_path / "digits.json").write_text(card.to_json(), encoding="utf-8")
    network = load_network("digits", tmp_path)
    assert network.has_activations == (network.activations(IMAGES[0]) is not None) == activations
    np.testing.assert_allclose(network.logits(IMAGES), load_network().logits(IMAGES), atol=1e-5)
