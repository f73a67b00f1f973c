"""What is measured of a network that reads letters, too: letters, digits, look-alikes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from models.recognition.labels import DIGITS, LOOKALIKES, lookalike
from models.recognition.network import Network, load_network
from models.util.errors import InputError
from models.util.statistics import wilson_interval
from training.data.examples import Rendered
from training.evaluation.scores import Scores

Figures = dict[str, object]
# 0 and 1 are drawn like O, I and l: what they are read as says little about digits.
_UNLIKE_LETTERS = tuple(map(DIGITS.index, "23456789"))


def characters(scores: Scores, rendered: Rendered) -> Figures:
    """The figures of one set; {} for a network of digits alone. Each has n, accuracy, interval.

    letters_case_insensitive: of letters, whose best letter is right: digits are passed over, and
    capitals and small letters are one and the same. letters: the best of all classes is the
    letter's own (merged) one. digits_2_to_9: read as that digit among all classes; beside it the
    accuracy of the shipped network of digits on the same images, where it was trained without
    these people. up_to_lookalikes: of all characters, where each group of `labels`
    counts as one class, as nobody can tell its members without a line to stand on.

    rendered: what the scores are of.
    """
    labels = np.array(scores.card.labels)
    if len(labels) <= len(DIGITS):
        return {}
    truth, answers = labels[scores.truth], labels[scores.predicted]
    letters = ~np.isin(truth, DIGITS)
    found: Figures = {
        "letters_case_insensitive": _figure(
            best_letters(scores)[letters] == np.char.upper(truth[letters])
        ),
        "letters": _figure(scores.right[letters]),
        "digits_2_to_9": _figure(scores.right[np.isin(scores.truth, _UNLIKE_LETTERS)])
        | _digits_network(scores, rendered),
        "up_to_lookalikes": {"one_class": list(LOOKALIKES)}
        | _figure(_kinds(truth) == _kinds(answers)),
    }
    return {name: each for name, each in found.items() if isinstance(each, dict) and each["n"]}


def best_letters(scores: Scores) -> NDArray[np.str_]:
    """(n,) the most probable letter of each, as a capital; digits are passed over."""
    labels = np.array(scores.card.labels)
    letters = ~np.isin(labels, DIGITS)
    best = labels[letters][scores.probabilities[:, letters].argmax(axis=1)]
    return np.asarray(np.char.upper(best))


def as_text(found: Mapping[str, object]) -> str:
    """The figures for people, a line each."""
    lines = []
    for name, each in found.items():
        assert isinstance(each, dict)
        low, high = each["interval"]
        told = name.replace("_", " ")
        if "one_class" in each:
            told += f" ({', '.join(each['one_class'])} one class each)"
        line = f"{told}: {each['accuracy']:.2%} of {each['n']} ({low:.2%} to {high:.2%})"
        if "digits_network" in each:
            line += f"; the network of digits: {each['digits_network']:.2%}"
        lines.append(line)
    return "\n".join(lines)


def _kinds(labels: NDArray[np.str_]) -> NDArray[np.str_]:
    return np.array([lookalike(label) for label in labels], dtype=np.str_)


def _digits_network(scores: Scores, rendered: Rendered) -> Figures:
    try:
        network: Network = load_network("digits")
    except InputError:
        return {}
    shown = np.flatnonzero(np.isin(scores.truth, _UNLIKE_LETTERS))
    folds = {card.training.get("fold", 0) for card in (scores.card, network.card)}
    if not len(shown) or len(folds) > 1:
        return {}
    answers = network.logits(rendered.images[shown]).argmax(axis=1)
    return {"digits_network": round(float((answers == scores.truth[shown]).mean()), 4)}


def _figure(right: NDArray[np.bool_]) -> Figures:
    if not len(right):
        return {"n": 0}
    interval = wilson_interval(int(right.sum()), len(right))
    return {
        "n": len(right),
        "accuracy": round(float(right.mean()), 4),
        "interval": [round(bound, 4) for bound in interval],
    }
