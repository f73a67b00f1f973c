"""Cross-validation over runs of several folds: every writer, read by a network that never saw them.

In all folds together each writer is held out once. The mistakes show which writers are hard to
read, and which labels are in doubt.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.ink.strokes import Drawing
from models.recognition.network import Network, load_network
from models.util.errors import InputError
from training.data.examples import held_out_drawings, render
from training.datasets.load import Dataset
from training.datasets.split import Split
from training.evaluation.records import Interval, rounded_interval
from training.evaluation.scores import Scores, Writer, score, share
from training.fitting.calibration import expected_calibration_error

NAME = "digits"


@dataclass(frozen=True, eq=False)
class FoldResult:
    """One split of one set, read by the network of one fold, with that network's thresholds."""

    set_name: str
    split: Split
    drawings: tuple[Drawing, ...]
    scores: Scores


def cross_validate(runs: Sequence[Path], sets: Sequence[Dataset]) -> list[FoldResult]:
    """Every held-out split of the sets of drawings, read by each run's network.

    runs: folders of finished runs. sets: of drawings. Raises InputError for a folder that has no
    network, and for a set whose writers are not known.
    """
    for dataset in sets:
        if not dataset.drawings:
            raise InputError(f"{dataset.name}: nobody knows its writers; name sets of drawings.")
    networks = [load_network(NAME, run) for run in runs]
    splits: tuple[Split, ...] = ("report", "validation")
    return [
        _read(network, dataset, split)
        for network in networks
        for dataset in sets
        for split in splits
    ]


def _read(network: Network, dataset: Dataset, split: Split) -> FoldResult:
    fold = int(network.card.training.get("fold", 0))
    rendered = render([dataset], split, network.labels, fold, network.channels)
    drawings = held_out_drawings([dataset], split, fold)
    return FoldResult(dataset.name, split, drawings, score(network, rendered))


@dataclass(frozen=True)
class SplitSummary:
    """One split of one set, over all runs; shares are 0..1.

    runs, people, n: how many there are.
    accuracy, interval: of all readings together.
    mean, deviation: of the runs' accuracies; the deviation is the sample's, None for a single run.
    calibration_error, mistakes, mistakes_shown_unsure, right_but_unsure: of all readings together,
        each with the temperature and thresholds that were fitted to its own run's validation
        writers, as in `records.Summary`.
    """

    set: str
    part: Split
    runs: int
    people: int
    n: int
    accuracy: float
    interval: Interval
    mean: float
    deviation: float | None
    calibration_error: float
    mistakes: int
    mistakes_shown_unsure: float | None
    right_but_unsure: float | None


def summarize(results: Sequence[FoldResult]) -> list[SplitSummary]:
    """A summary for each set and split, in the results' order."""
    table = []
    for name, split in dict.fromkeys((each.set_name, each.split) for each in results):
        folds = [each for each in results if (each.set_name, each.split) == (name, split)]
        right = np.concatenate([each.scores.right for each in folds])
        sure = np.concatenate([each.scores.sure for each in folds])
        accuracies = [float(each.scores.right.mean()) for each in folds]
        confidence = np.concatenate([each.scores.confidence for each in folds])
        wrong = int((~right).sum())
        table.append(
            SplitSummary(
                set=name,
                part=split,
                runs=len(folds),
                people=len({drawing.writer for each in folds for drawing in each.drawings}),
                n=len(right),
                accuracy=round(float(right.mean()), 4),
                interval=rounded_interval(int(right.sum()), len(right)),
                mean=round(float(np.mean(accuracies)), 4),
                deviation=round(float(np.std(accuracies, ddof=1)), 4) if len(folds) > 1 else None,
                calibration_error=round(expected_calibration_error(confidence, right), 4),
                mistakes=wrong,
                mistakes_shown_unsure=share(int((~right & ~sure).sum()), wrong),
                right_but_unsure=share(int((right & ~sure).sum()), int(right.sum())),
            )
        )
    return table


@dataclass(frozen=True, eq=False)
class DoubtfulLabel:
    """A drawing that is misread, and the probability of its label."""

    set_name: str
    drawing: Drawing
    read_as: str
    probability: float


def doubtful_labels(results: Sequence[FoldResult], below: float) -> list[DoubtfulLabel]:
    """The drawings whose label has a probability below `below` in every network, lowest first."""
    found: dict[int, DoubtfulLabel] = {}
    for each in results:
        labels, scores = each.scores.card.labels, each.scores
        of_label = scores.probabilities[np.arange(len(scores.truth)), scores.truth]
        for drawing, likely, answer in zip(each.drawings, of_label, scores.predicted, strict=True):
            doubt = DoubtfulLabel(each.set_name, drawing, labels[int(answer)], float(likely))
            before = found.setdefault(id(drawing), doubt)
            if before.probability < doubt.probability:
                found[id(drawing)] = doubt
    doubted = [doubt for doubt in found.values() if doubt.probability < below]
    return sorted(doubted, key=lambda doubt: doubt.probability)


def pooled(results: Sequence[FoldResult]) -> Scores:
    """The scores of all results together."""
    scores = [each.scores for each in results]
    return Scores(
        scores[0].card,
        np.concatenate([each.probabilities for each in scores]),
        np.concatenate([each.truth for each in scores]),
        np.concatenate([each.writers for each in scores]),
    )


def hard_writers(results: Sequence[FoldResult], below: float = 0.97) -> list[Writer]:
    """The writers whose accuracy is below that, worst first."""
    return [each for each in pooled(results).by_writer() if each.accuracy < below]
