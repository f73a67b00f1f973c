"""The steps between ink and image, and what older programs make of the same ink."""

from __future__ import annotations

import numpy as np
import pytest

from models.ink.strokes import Drawing, Stroke
from models.preprocessing.baselines import stretched, whole_canvas
from models.preprocessing.mnist_form import PEN, strokes_in_steps, strokes_to_image
from tests.helpers.samples import placed, samples


@pytest.mark.parametrize("drawing", samples(), ids=lambda drawing: drawing.id)
def test_the_steps_end_in_what_the_network_is_given(drawing: Drawing) -> None:
    steps = strokes_in_steps(drawing.strokes, 6)
    np.testing.assert_array_equal(steps.image, strokes_to_image(drawing.strokes, PEN, 6))
    assert steps.mass == pytest.approx((14.5, 14.5), abs=0.1)
    # The same ink twice: 20 pixels long, moved by as much as its mass was off the middle.
    assert steps.fitted.shape == (20, 20)
    assert steps.fitted.sum() == pytest.approx(steps.image.sum(), rel=0.01)
    assert 20 in {np.count_nonzero(steps.fitted.max(axis=axis) > 0.05) for axis in (0, 1)}
    for image, mass in ((steps.fitted, steps.fitted_mass), (steps.image, steps.mass)):
        y, x = np.indices(image.shape) + 0.5
        assert mass[0] == pytest.approx((x * image).sum() / image.sum(), abs=0.05)
        assert mass[1] == pytest.approx((y * image).sum() / image.sum(), abs=0.05)


def test_a_shrunken_canvas_keeps_the_place_and_loses_the_size() -> None:
    ink = placed(samples()[0], 160, (320, 0))
    image = whole_canvas(ink, 12, (640, 480))
    assert image.shape == (28, 28) and 0.1 < image.max() <= 1
    rows, columns = np.nonzero(image > 0.05)
    assert rows.max() <= 160 / 480 * 28 + 1 and columns.min() >= 13
    assert image.sum() < 0.5 * stretched(ink).sum()
    thick = whole_canvas(ink, 40, (640, 480))
    assert thick.sum() > 2 * image.sum()


def test_any_ink_has_an_image_on_any_canvas() -> None:
    far = [Stroke(np.array([[-1e7, 5.0], [1e7, 5.0]])), Stroke(np.zeros((1, 2)))]
    for size in ((1.0, 1.0), (1.0, 4000.0), (640.0, 480.0)):
        assert 0 < whole_canvas(far, 12, size).max() <= 1
