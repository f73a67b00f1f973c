"""Differences between look-alikes are scaled as far as held-out writers confirm them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from models.ink.strokes import Stroke
from models.recognition.labels import CHARACTERS, DIGITS, LOOKALIKES
from models.recognition.lookalikes import PRIOR, Lookalikes
from models.recognition.network import load_network, softmax
from models.recognition.reader import Reader
from training.fitting.calibration import calibrate, fit_group_scale

SCALES = dict.fromkeys(LOOKALIKES, 0.4)
LOGITS = arrays(np.float64, (3, len(CHARACTERS)), elements=st.floats(-30, 30))
PLACES = {group: [CHARACTERS.index(each) for each in group] for group in LOOKALIKES}


@given(LOGITS)
def test_a_group_as_a_whole_and_all_else_stay(logits: np.ndarray) -> None:
    before, after = softmax(logits), softmax(Lookalikes(CHARACTERS, SCALES).rescale(logits))
    others = [k for k in range(len(CHARACTERS)) if not any(k in p for p in PLACES.values())]
    np.testing.assert_allclose(after[:, others], before[:, others], rtol=1e-6, atol=1e-12)
    for places in PLACES.values():
        np.testing.assert_allclose(
            after[:, places].sum(axis=1), before[:, places].sum(axis=1), rtol=1e-6, atol=1e-12
        )


@given(LOGITS)
def test_differences_within_a_group_are_scaled(logits: np.ndarray) -> None:
    after = Lookalikes(CHARACTERS, {"2Z": 0.4}).rescale(logits)
    for group, trust in (("2Z", 0.4), ("5S", 1.0)):
        first, second = PLACES[group]
        np.testing.assert_allclose(
            after[:, first] - after[:, second],
            trust * (logits[:, first] - logits[:, second]),
            atol=1e-9,
        )


def test_the_prior_is_for_what_stands_alone() -> None:
    lookalikes = Lookalikes(CHARACTERS, {})
    zero, o = PLACES["0O"]
    own = softmax(lookalikes.rescale(np.zeros((1, len(CHARACTERS)))))
    assert own[0, zero] / own[0, o] == pytest.approx(PRIOR["0"])
    even = np.full_like(own, 1 / len(CHARACTERS))
    np.testing.assert_allclose(lookalikes.without_prior(own), even)


def test_digits_among_themselves_are_left_alone() -> None:
    logits = np.random.default_rng(0).normal(0, 5, (4, 10))
    lookalikes = Lookalikes(DIGITS, SCALES)
    np.testing.assert_array_equal(lookalikes.rescale(logits), logits)
    np.testing.assert_allclose(lookalikes.without_prior(softmax(logits)), softmax(logits))


def test_the_fitted_scale_corrects_what_was_too_sure() -> None:
    """Opinions between 2 and Z that are four times as strong as they should be."""
    rng = np.random.default_rng(0)
    honest = rng.normal(0, 1.5, (6000, len(CHARACTERS)))
    honest[:, PLACES["2Z"]] += 9
    chances = softmax(honest)
    labels = np.array([rng.choice(len(CHARACTERS), p=row) for row in chances])
    loud = honest.copy()
    middle = honest[:, PLACES["2Z"]].mean(axis=1, keepdims=True)
    loud[:, PLACES["2Z"]] = middle + 4 * (honest[:, PLACES["2Z"]] - middle)
    found = fit_group_scale(loud, labels, CHARACTERS)
    assert found["2Z"] == pytest.approx(0.25, abs=0.03)
    assert calibrate(loud, labels, np.ones(len(labels)), names=CHARACTERS).trust.keys() == {*found}
    assert fit_group_scale(loud[:, :10], labels % 10, DIGITS) == {}


def circle(squeezed: float = 1.0) -> Stroke:
    angle = np.linspace(-np.pi / 2, 1.5 * np.pi, 60)
    return Stroke(np.column_stack([squeezed * np.cos(angle), np.sin(angle)]) * 80 + 200)


@pytest.mark.parametrize("squeezed", [1.0, 0.85, 0.7])
def test_a_lone_circle_is_shown_as_both_that_it_can_be(squeezed: float) -> None:
    (answer,) = Reader(load_network("characters")).read([circle(squeezed)], 12).answers
    assert [label for label, _ in answer.alternatives[:2]] == ["O", "0"]
    assert answer.kind == "unsure" and answer.caption() == "O or 0?"
