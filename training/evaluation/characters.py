"""Accuracy by kind of character, of a network that reads letters, too."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from models.recognition.labels import DIGITS, LOOKALIKES, lookalike
from models.recognition.network import Network, load_network
from models.util.errors import InputError
from training.data.examples import Rendered
from training.evaluation.records import KindAccuracy, rounded_interval
from training.evaluation.scores import Scores

# 0 and 1 look like O, I and l: how they are read shows little about digits.
_UNLIKE_LETTERS = tuple(map(DIGITS.index, "23456789"))


def characters(scores: Scores, rendered: Rendered) -> dict[str, KindAccuracy]:
    """The accuracy of one set by kind of character; {} for a network of digits alone.

    letters_case_insensitive: letters whose best letter is right: digits are passed over, and
        capitals and small letters are one and the same.
    letters: letters whose best class of all is their own (merged) one.
    digits_2_to_9: digits that are read right among all classes; beside it the accuracy of the
        shipped network of digits on the same images, where it was trained without these writers.
    up_to_lookalikes: all characters, where each group of look-alikes counts as one class, since
        its members cannot be told apart without a line to stand on.

    scores: of the network. rendered: the images that they are of.
    """
    labels = np.array(scores.card.labels)
    if len(labels) <= len(DIGITS):
        return {}
    truth, answers = labels[scores.truth], labels[scores.predicted]
    letters = ~np.isin(truth, DIGITS)
    unlike = np.isin(scores.truth, _UNLIKE_LETTERS)
    found = {
        "letters_case_insensitive": _accuracy(
            best_letters(scores)[letters] == np.char.upper(truth[letters])
        ),
        "letters": _accuracy(scores.right[letters]),
        "digits_2_to_9": _accuracy(
            scores.right[unlike], digits_network=_digits_network(scores, rendered)
        ),
        "up_to_lookalikes": _accuracy(
            _kinds(truth) == _kinds(answers), one_class=tuple(LOOKALIKES)
        ),
    }
    return {kind: each for kind, each in found.items() if each.n}


def best_letters(scores: Scores) -> NDArray[np.str_]:
    """(n,) the most probable letter of each, as a capital; digits are passed over."""
    labels = np.array(scores.card.labels)
    letters = ~np.isin(labels, DIGITS)
    best = labels[letters][scores.probabilities[:, letters].argmax(axis=1)]
    return np.asarray(np.char.upper(best))


def as_text(found: Mapping[str, KindAccuracy]) -> str:
    """The accuracies for people, a line each."""
    lines = []
    for kind, each in found.items():
        low, high = each.interval
        title = kind.replace("_", " ")
        if each.one_class:
            title += f" ({', '.join(each.one_class)} one class each)"
        line = f"{title}: {each.accuracy:.2%} of {each.n} ({low:.2%} to {high:.2%})"
        if each.digits_network is not None:
            line += f"; the network of digits: {each.digits_network:.2%}"
        lines.append(line)
    return "\n".join(lines)


def _kinds(labels: NDArray[np.str_]) -> NDArray[np.str_]:
    return np.array([lookalike(label) for label in labels], dtype=np.str_)


def _digits_network(scores: Scores, rendered: Rendered) -> float | None:
    """Accuracy of the shipped network of digits; None where it was trained on these writers."""
    try:
        network: Network = load_network("digits")
    except InputError:
        return None
    shown = np.flatnonzero(np.isin(scores.truth, _UNLIKE_LETTERS))
    folds = {card.training.get("fold", 0) for card in (scores.card, network.card)}
    if not len(shown) or len(folds) > 1:
        return None
    answers = network.logits(rendered.images[shown]).argmax(axis=1)
    return round(float((answers == scores.truth[shown]).mean()), 4)


def _accuracy(
    right: NDArray[np.bool_],
    digits_network: float | None = None,
    one_class: tuple[str, ...] | None = None,
) -> KindAccuracy:
    """The accuracy of n images; of none it is 0."""
    n = len(right)
    accuracy = round(float(right.sum()) / max(n, 1), 4)
    interval = rounded_interval(int(right.sum()), n)
    return KindAccuracy(n, accuracy, interval, digits_network, one_class)
