"""Scores: the figures that follow from a network's answers."""

from __future__ import annotations

import numpy as np

from models.recognition.card import Card
from training.evaluation.refusal import refusal_auroc
from training.evaluation.scores import Scores


def test_scores_add_up() -> None:
    card = Card("digits", ("0", "1"), 1, 1.0, 0.8, 0.9, "")
    probabilities = np.array([[0.9, 0.1], [0.3, 0.7], [0.95, 0.05], [0.4, 0.6]])
    scores = Scores(card, probabilities, np.array([0, 1, 1, 0]), np.array(["a", "a", "b", ""]))
    summary = scores.summary()
    assert (summary.n, summary.accuracy, summary.mistakes) == (4, 0.5, 2)
    assert (summary.asserted, summary.accuracy_of_asserted) == (0.5, 0.5)
    assert (summary.right_but_unsure, summary.mistakes_shown_unsure) == (0.5, 0.5)
    assert scores.confusion().tolist() == [[1, 1], [1, 1]]
    writers = [(each.name, each.n, each.accuracy) for each in scores.by_writer()]
    assert writers == [("b", 1, 0.0), ("a", 2, 1.0)]
    assert scores.by_class()["0"]["recall"] == 0.5


def test_refusal_is_perfect_where_confidence_separates() -> None:
    digits, others = np.array([[0.9, 0.1]] * 5), np.array([[0.6, 0.4]] * 5)
    assert refusal_auroc(digits, others) == 1.0
    assert refusal_auroc(others, digits) == 0.0
