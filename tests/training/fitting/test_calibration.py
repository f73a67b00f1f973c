"""Calibration: the temperature, and the price of the thresholds."""

from __future__ import annotations

import numpy as np
import pytest

from models.recognition.card import Card
from models.recognition.network import softmax
from training.evaluation.scores import Scores
from training.fitting.calibration import calibrate, expected_calibration_error, fit_temperature


def test_temperature_corrects_overconfidence() -> None:
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 2, (5000, 10))
    chances = softmax(logits)
    labels = np.array([rng.choice(10, p=row) for row in chances])
    weights = np.ones(5000)
    assert fit_temperature(logits * 3, labels, weights) == pytest.approx(3, rel=0.1)
    before = softmax(logits * 3)
    assert expected_calibration_error(before.max(axis=1), before.argmax(axis=1) == labels) > 0.1
    after = softmax(logits * 3 / fit_temperature(logits * 3, labels, weights))
    assert expected_calibration_error(after.max(axis=1), after.argmax(axis=1) == labels) < 0.03


def test_thresholds_cost_what_they_may() -> None:
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 10, 4000)
    logits = rng.normal(0, 1.5, (4000, 10)) + 8 * np.eye(10)[labels]
    found = calibrate(logits, labels, np.ones(4000))
    card = Card(
        "digits", tuple("0123456789"), 1, found.temperature, found.sure_at, found.digit_at, ""
    )
    scores = Scores(card, softmax(logits / found.temperature), labels, np.full(4000, ""))
    summary = scores.summary()
    assert summary.right_but_unsure and summary.mistakes_shown_unsure
    assert 0.004 < summary.right_but_unsure <= 0.008
    assert summary.mistakes_shown_unsure > 0.5
