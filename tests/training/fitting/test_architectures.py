"""Architectures: their shapes and sizes."""

from __future__ import annotations

import pytest

from training.fitting.architectures import ARCHITECTURES


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_architectures_map_images_to_logits_within_half_a_million_parameters(name: str) -> None:
    model = ARCHITECTURES[name].build(10, 1)
    assert model.input_shape == (None, 28, 28, 1) and model.output_shape == (None, 10)
    assert model.count_params() <= 500_000


def test_the_baseline_is_the_older_projects_network() -> None:
    model = ARCHITECTURES["baseline"].build(10, 1)
    kinds = [type(layer).__name__ for layer in model.layers]
    assert kinds == ["Conv2D", "MaxPooling2D", "Conv2D", "MaxPooling2D", "Flatten", "Dense",
                     "Dropout", "Dense"]  # fmt: skip
    assert [layer.count_params() for layer in model.layers if layer.count_params()] == [
        320,
        18_496,
        204_928,
        1_290,
    ]
