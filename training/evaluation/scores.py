"""What is measured of a network on images with known labels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import classification_report, confusion_matrix, roc_auc_score

from models.recognition.card import Card
from models.recognition.reader import decide
from models.util.statistics import wilson_interval
from training.fitting.calibration import Bin, by_confidence, expected_calibration_error


@dataclass(frozen=True)
class Writer:
    """How one person is read: `mistakes` of n; low, high: the accuracy's 95 % interval, 0..1."""

    name: str
    n: int
    mistakes: int
    low: float
    high: float

    @property
    def accuracy(self) -> float:
        """Share that is right, 0..1."""
        return 1 - self.mistakes / self.n


@dataclass(frozen=True, eq=False)
class Scores:
    """Calibrated probabilities of n images beside the truth, and what follows from them.

    probabilities: (n, classes). truth: (n,) class numbers. writers: (n,) names or "".
    """

    card: Card
    probabilities: NDArray[np.float64]
    truth: NDArray[np.int64]
    writers: NDArray[np.str_]

    @property
    def predicted(self) -> NDArray[np.int64]:
        """(n,) number of the best class, asserted or not."""
        return np.asarray(self.probabilities.argmax(axis=1))

    @property
    def right(self) -> NDArray[np.bool_]:
        """(n,) whether the best class is the true one."""
        return np.asarray(self.predicted == self.truth)

    @property
    def confidence(self) -> NDArray[np.float64]:
        """(n,) calibrated probability of the best class."""
        return np.asarray(self.probabilities.max(axis=1))

    @property
    def sure(self) -> NDArray[np.bool_]:
        """(n,) whether the answer would be asserted on the screen."""
        kinds = [decide(row, self.card) for row in self.probabilities]
        return np.array([kind == "sure" for kind in kinds], dtype=bool)

    def summary(self) -> dict[str, object]:
        """The figures for a model card or for `--json`; shares are 0..1."""
        n, right, sure = len(self.truth), self.right, self.sure
        wrong = int((~right).sum())
        return {
            "n": n,
            "accuracy": _share(right.sum(), n),
            "interval": [round(bound, 4) for bound in wilson_interval(int(right.sum()), n)],
            "asserted": _share(sure.sum(), n),
            "accuracy_of_asserted": _share((right & sure).sum(), sure.sum()),
            "right_but_unsure": _share((right & ~sure).sum(), right.sum()),
            "mistakes": wrong,
            "mistakes_shown_unsure": _share((~right & ~sure).sum(), wrong),
            "calibration_error": round(expected_calibration_error(self.confidence, right), 4),
        }

    def by_class(self) -> dict[str, dict[str, float]]:
        """Precision, recall, F1 and support of each label."""
        report = classification_report(
            self.truth,
            self.predicted,
            labels=range(len(self.card.labels)),
            target_names=list(self.card.labels),
            output_dict=True,
            zero_division=0,
        )
        return {
            label: {measure: round(float(v), 4) for measure, v in report[label].items()}
            for label in self.card.labels
        }

    def by_class_text(self) -> str:
        """The classification report as a table for people."""
        return str(
            classification_report(
                self.truth,
                self.predicted,
                labels=range(len(self.card.labels)),
                target_names=list(self.card.labels),
                digits=4,
                zero_division=0,
            )
        )

    def by_writer(self) -> list[tuple[str, int, float]]:
        """(writer, number of drawings, accuracy), worst first; empty where nobody is named."""
        names = [name for name in np.unique(self.writers) if name]
        rows = [
            (str(name), int(mine.sum()), float(self.right[mine].mean()))
            for name in names
            for mine in [self.writers == name]
        ]
        return sorted(rows, key=lambda row: (row[2], -row[1]))

    def worst_writers(self) -> list[Writer]:
        """Everyone who is named, first those whose interval ends lowest: few drawings prove little.

        One misread of eight may be chance, thirty of three hundred are not.
        """
        rows = [
            Writer(name, count, round(count * (1 - share)), *wilson_interval(right, count))
            for name, count, share in self.by_writer()
            for right in [round(count * share)]
        ]
        return sorted(rows, key=lambda writer: (writer.high, writer.accuracy))

    def mistakes(self) -> NDArray[np.int64]:
        """Numbers of the misread images, most confident first."""
        wrong = np.flatnonzero(~self.right)
        return np.asarray(wrong[np.argsort(-self.confidence[wrong], kind="stable")])

    def by_coverage(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Coverage (n,), and accuracy (n,) of that most confident share; both 0..1.

        The risk-coverage curve (El-Yaniv and Wiener 2010) is one less the second over the first.
        """
        order = np.argsort(-self.confidence, kind="stable")
        asserted = np.arange(1, len(order) + 1)
        return asserted / max(1, len(order)), np.cumsum(self.right[order]) / asserted

    def by_confidence(self, bins: int = 15) -> list[Bin]:
        """The reliability diagram's bins of equal width; empty ones are left out."""
        return by_confidence(self.confidence, self.right, bins)

    def confusion(self) -> NDArray[np.int64]:
        """(classes, classes): rows are the truth, columns the answers."""
        return np.asarray(
            confusion_matrix(self.truth, self.predicted, labels=range(len(self.card.labels)))
        )


def refusal_auroc(digits: NDArray[np.float64], others: NDArray[np.float64]) -> float:
    """How well confidence tells digits from what is none: area under the ROC curve, 0..1.

    digits (n, classes), others (m, classes): calibrated probabilities.
    """
    confidence = np.concatenate([digits.max(axis=1), others.max(axis=1)])
    return float(roc_auc_score(np.repeat([1, 0], [len(digits), len(others)]), confidence))


def _share(part: float, whole: float) -> float | None:
    return round(float(part) / float(whole), 4) if whole else None
