"""Cross-validation: how the networks of several folds read the people that each held out.

Over all folds every writer is held out once, so everybody is judged by a network that never saw
them. What they are misread as shows whose hands are hard, and which labels are in doubt.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from models.ink.strokes import Drawing
from models.recognition.network import Network, load_network
from models.util.errors import InputError
from models.util.statistics import wilson_interval
from training.data.examples import render
from training.datasets import DigitSet
from training.datasets.split import Part
from training.evaluation.evaluation import held_out_drawings, score
from training.evaluation.scores import Scores
from training.fitting.calibration import expected_calibration_error

NAME = "digits"


@dataclass(frozen=True, eq=False)
class Judged:
    """One part of one set, read by the network of one fold, with that network's thresholds."""

    set_name: str
    part: Part
    drawings: tuple[Drawing, ...]
    scores: Scores


def cross_validate(runs: Sequence[Path], sets: Sequence[DigitSet]) -> list[Judged]:
    """Every held-out part of the sets of drawings, read by each run's network.

    runs: folders of finished runs. Raises InputError for one that is none, and for a set whose
    writers nobody knows.
    """
    for digits in sets:
        if not digits.drawings:
            raise InputError(f"{digits.name}: nobody knows its writers; name sets of drawings.")
    networks = [load_network(NAME, run) for run in runs]
    parts: tuple[Part, ...] = ("report", "validation")
    return [
        _judged(network, digits, part) for network in networks for digits in sets for part in parts
    ]


def _judged(network: Network, digits: DigitSet, part: Part) -> Judged:
    fold = int(network.card.training.get("fold", 0))
    rendered = render([digits], part, network.labels, fold)
    drawings = held_out_drawings([digits], part, fold)
    return Judged(digits.name, part, drawings, score(network, rendered))


def summed_up(judged: Sequence[Judged]) -> list[dict[str, Any]]:
    """A record for each set and part: pooled over the runs, and mean ± deviation of the runs.

    Each reading has the temperature and thresholds that were fitted to its own run's validation
    people; calibration error and honesty are those of all readings together.
    """
    table = []
    for name, part in dict.fromkeys((each.set_name, each.part) for each in judged):
        mine = [each for each in judged if (each.set_name, each.part) == (name, part)]
        right = np.concatenate([each.scores.right for each in mine])
        sure = np.concatenate([each.scores.sure for each in mine])
        accuracies = [float(each.scores.right.mean()) for each in mine]
        confidence = np.concatenate([each.scores.confidence for each in mine])
        table.append(
            {
                "set": name,
                "part": part,
                "runs": len(mine),
                "people": len({drawing.writer for each in mine for drawing in each.drawings}),
                "n": len(right),
                "accuracy": round(float(right.mean()), 4),
                "interval": [
                    round(bound, 4) for bound in wilson_interval(int(right.sum()), len(right))
                ],
                "mean": round(float(np.mean(accuracies)), 4),
                "deviation": round(float(np.std(accuracies, ddof=1)), 4) if len(mine) > 1 else None,
                "calibration_error": round(expected_calibration_error(confidence, right), 4),
                "mistakes": int((~right).sum()),
                "mistakes_shown_unsure": _share(int((~right & ~sure).sum()), int((~right).sum())),
                "right_but_unsure": _share(int((right & ~sure).sum()), int(right.sum())),
            }
        )
    return table


@dataclass(frozen=True, eq=False)
class Doubt:
    """A drawing that is misread by somebody's network, and how likely that finds its label."""

    set_name: str
    drawing: Drawing
    read_as: str
    probability: float


def doubts(judged: Sequence[Judged], below: float) -> list[Doubt]:
    """The drawings whose label no network finds as likely as `below`, the least likely first."""
    found: dict[int, Doubt] = {}
    for each in judged:
        labels, scores = each.scores.card.labels, each.scores
        of_label = scores.probabilities[np.arange(len(scores.truth)), scores.truth]
        for drawing, likely, answer in zip(each.drawings, of_label, scores.predicted, strict=True):
            doubt = Doubt(each.set_name, drawing, labels[int(answer)], float(likely))
            before = found.setdefault(id(drawing), doubt)
            if before.probability < doubt.probability:
                found[id(drawing)] = doubt
    doubted = [doubt for doubt in found.values() if doubt.probability < below]
    return sorted(doubted, key=lambda doubt: doubt.probability)


def hard_writers(judged: Sequence[Judged], below: float = 0.97) -> list[tuple[str, int, float]]:
    """(set/writer, drawings, accuracy) of everyone read less well than `below`, worst first."""
    right: dict[str, list[bool]] = {}
    for each in judged:
        for drawing, one in zip(each.drawings, each.scores.right, strict=True):
            right.setdefault(drawing.writer or "", []).append(bool(one))
    rows = [(name, len(each), float(np.mean(each))) for name, each in right.items() if name]
    return sorted((row for row in rows if row[2] < below), key=lambda row: (row[2], -row[1]))


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
