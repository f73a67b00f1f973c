"""How a network reads held-out writers, with a calibration that others chose."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.recognition.card import PICTURES, Card
from models.recognition.network import softmax
from models.util.arrays import Floats
from training.data.examples import Rendered
from training.datasets.split import person
from training.evaluation.refusal import refusal_auroc
from training.evaluation.scores import Scores
from training.fitting.calibration import Calibration, calibrate, expected_calibration_error

Logits = Callable[[NDArray[np.float32]], Floats]


@dataclass(frozen=True)
class HeldOutScores:
    """How a network reads writers that it was not trained on; shares are 0..1.

    n, accuracy: of each set.
    balanced: mean accuracy of the sets with known writers (of every set, where none has).
    calibration_error, mistakes_shown_unsure, right_but_unsure: as in `records.Summary`, of the
        drawings of those sets.
    auroc_letters: area under the ROC curve of confidence, digits against letters; None without
        letters.
    """

    n: Mapping[str, int]
    balanced: float
    accuracy: Mapping[str, float]
    calibration_error: float
    mistakes_shown_unsure: float | None
    right_but_unsure: float | None
    auroc_letters: float | None


def held_out(
    network: Logits, chosen_on: Rendered, reported: Rendered, letters: NDArray[np.float32]
) -> HeldOutScores:
    """Measures a network on writers that it was not trained on.

    network: from images (n, 28, 28) to logits (n, classes).
    chosen_on: what temperature and thresholds are fitted to; where it is `reported` itself, each
        half of the writers is read with what was fitted to the other half.
    reported: what is measured.
    letters: (n, 28, 28), may be none.
    """
    logits = network(reported.images)
    right = logits.argmax(axis=1) == reported.labels
    by_set = {
        str(name): float(right[reported.sets == name].mean()) for name in np.unique(reported.sets)
    }
    known = np.isin(reported.sets, np.unique(reported.sets[reported.writers != ""]))
    counted = known if known.any() else np.ones(len(reported), bool)
    chosen_logits = logits if reported is chosen_on else network(chosen_on.images)
    whole = _calibration(chosen_logits, chosen_on, np.ones(len(chosen_on), bool))
    calibrated = [(np.ones(len(reported), bool), whole)]
    if reported is chosen_on:
        half = halves(reported)
        calibrated = [
            (half == which, _calibration(logits, reported, half != which)) for which in (0, 1)
        ]
    scores = [_scores(logits, reported, among & counted, fitted) for among, fitted in calibrated]
    right_counted = np.concatenate([each.right for each in scores])
    sure = np.concatenate([each.sure for each in scores])
    confidence = np.concatenate([each.confidence for each in scores])
    return HeldOutScores(
        n={name: int((reported.sets == name).sum()) for name in by_set},
        balanced=_rounded(np.mean([by_set[str(s)] for s in np.unique(reported.sets[counted])])),
        accuracy={name: _rounded(share) for name, share in by_set.items()},
        calibration_error=_rounded(expected_calibration_error(confidence, right_counted)),
        mistakes_shown_unsure=_share(~sure, ~right_counted),
        right_but_unsure=_share(~sure, right_counted),
        auroc_letters=_auroc(network, logits[counted], letters, whole.temperature),
    )


def halves(rendered: Rendered) -> NDArray[np.int64]:
    """(n,) 0 or 1: half of the writers, and where no writer is known, every second image."""
    index = np.arange(len(rendered)) % 2
    crc = [zlib.crc32(person(writer).encode()) % 2 if writer else -1 for writer in rendered.writers]
    half = np.where(np.array(crc) < 0, index, crc)
    return half if 0 < half.sum() < len(half) else index


def _calibration(logits: Floats, rendered: Rendered, among: NDArray[np.bool_]) -> Calibration:
    weights = rendered.weights[among].astype(np.float64)
    return calibrate(logits[among], rendered.labels[among], weights)


def _scores(
    logits: Floats, rendered: Rendered, among: NDArray[np.bool_], fitted: Calibration
) -> Scores:
    labels = tuple(str(index) for index in range(logits.shape[1]))
    thresholds = fitted.temperature, fitted.sure_at, fitted.digit_at
    card = Card("compared", labels, PICTURES, *thresholds, "")
    probabilities = softmax(logits[among] / fitted.temperature)
    return Scores(card, probabilities, rendered.labels[among], rendered.writers[among])


def _auroc(
    network: Logits, digits: Floats, letters: NDArray[np.float32], temperature: float
) -> float | None:
    if not len(letters):
        return None
    others = softmax(network(letters) / temperature)
    return _rounded(refusal_auroc(softmax(digits / temperature), others))


def _share(which: NDArray[np.bool_], among: NDArray[np.bool_]) -> float | None:
    return _rounded(which[among].mean()) if among.any() else None


def _rounded(share: float | np.floating) -> float:
    return round(float(share), 5)
