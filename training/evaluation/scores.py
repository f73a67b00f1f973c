"""A network's answers on images with known labels, and the figures that follow from them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import classification_report, confusion_matrix
from tqdm import tqdm

from models.recognition.answer import decide
from models.recognition.card import Card
from models.recognition.network import Network
from models.util.statistics import wilson_interval
from training.data.examples import Rendered
from training.evaluation.records import Summary, rounded_interval
from training.fitting.calibration import Bin, by_confidence, expected_calibration_error

Item = TypeVar("Item")


@dataclass(frozen=True)
class Writer:
    """How one writer is read. n: drawings. mistakes: how many of them are misread."""

    name: str
    n: int
    mistakes: int

    @property
    def accuracy(self) -> float:
        """Share that is right, 0..1."""
        return 1 - self.mistakes / self.n

    @property
    def interval(self) -> tuple[float, float]:
        """The accuracy's 95 % interval, 0..1."""
        return wilson_interval(self.n - self.mistakes, self.n)


@dataclass(frozen=True, eq=False)
class Scores:
    """Calibrated probabilities of n images beside the truth, and what follows from them.

    card: of the network, for its labels and thresholds.
    probabilities: (n, classes), each row summing to 1.
    truth: (n,) class numbers.
    writers: (n,) names or "".
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
        return np.array([decide(row, self.card) == "sure" for row in self.probabilities], bool)

    def summary(self) -> Summary:
        """The figures for a model card or for `--json`."""
        n, right, sure = len(self.truth), self.right, self.sure
        wrong = int((~right).sum())
        return Summary(
            n=n,
            accuracy=round(float(right.mean()), 4),
            interval=rounded_interval(int(right.sum()), n),
            asserted=round(float(sure.mean()), 4),
            accuracy_of_asserted=share((right & sure).sum(), sure.sum()),
            right_but_unsure=share((right & ~sure).sum(), right.sum()),
            mistakes=wrong,
            mistakes_shown_unsure=share((~right & ~sure).sum(), wrong),
            calibration_error=round(expected_calibration_error(self.confidence, right), 4),
        )

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

    def by_writer(self) -> list[Writer]:
        """All known writers, least accurate first."""
        writers = [
            Writer(str(name), len(right), int((~right).sum()))
            for name in np.unique(self.writers)
            for right in [self.right[self.writers == name]]
            if name
        ]
        return sorted(writers, key=lambda writer: (writer.accuracy, -writer.n))

    def worst_writers(self) -> list[Writer]:
        """All known writers, first those whose interval ends lowest.

        Few drawings prove little: one misread of eight may be chance, thirty of three hundred are
        not.
        """
        return sorted(self.by_writer(), key=lambda writer: (writer.interval[1], writer.accuracy))

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


def score(network: Network, rendered: Rendered, progress: bool = False) -> Scores:
    """The network's answers on rendered images. progress: a bar on the terminal."""
    images = progress_bar(rendered.images, "images", progress)
    rows = [network.probabilities(image[np.newaxis])[0] for image in images]
    probabilities = np.array(rows).reshape(len(rendered), len(network.labels))
    return Scores(network.card, probabilities, rendered.labels, rendered.writers)


def share(part: float, whole: float) -> float | None:
    """Part of a whole, to four digits; None where there is no whole."""
    return round(float(part) / float(whole), 4) if whole else None


def progress_bar(items: Iterable[Item], unit: str, progress: bool) -> Iterable[Item]:
    """The items, with a progress bar on the terminal where one is wanted and there is one."""
    hidden = not (progress and sys.stderr.isatty())
    bar: Callable[..., Iterable[Item]] = tqdm
    return bar(items, unit=f" {unit}", disable=hidden, leave=False)
