"""The evaluation report: everything that is measured of a network in one folder, JSON and PNG."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.ink.strokes import Drawing
from models.recognition.network import Network
from models.util.atomic_files import write_whole
from models.util.errors import InputError, explain_os_error
from training.data.examples import Rendered
from training.datasets.fetch import CACHE, data_folder
from training.datasets.load import load_letters
from training.datasets.unipen import find_unipen
from training.evaluation.characters import characters
from training.evaluation.records import KindAccuracy, Refusal
from training.evaluation.refusal import outlier_scores, refusal, seen_families
from training.evaluation.robustness import Robustness, robustness
from training.evaluation.scores import Scores, score
from training.report import figures
from training.report.figures import MISTAKES as LISTED

JSON = "report.json"
_CURVE = 200  # points of a curve in the JSON


@dataclass(frozen=True, eq=False)
class Measured:
    """All figures of one network on one set.

    name: of the set, for people.
    scores: of its images.
    images: (n, 28, 28) they are of.
    others: scores of outliers, by family.
    seen: which of these families training showed.
    robust: what sizes, pens and slants cost, where the set has drawings.
    characters: accuracy by kind of character (`characters.py`).
    """

    name: str
    scores: Scores
    images: NDArray[np.float32]
    others: Mapping[str, Scores] = field(default_factory=dict)
    seen: frozenset[str] = frozenset()
    robust: Sequence[Robustness] = ()
    characters: Mapping[str, KindAccuracy] = field(default_factory=dict)

    def refusals(self) -> dict[str, Refusal]:
        """How well each family of outliers is refused."""
        return {
            name: refusal(self.scores, other, name in self.seen)
            for name, other in self.others.items()
        }


def measure(
    network: Network,
    name: str,
    rendered: Rendered,
    drawings: Sequence[Drawing] = (),
    letters: Sequence[Drawing] = (),
    fold: int = 0,
    progress: bool = False,
) -> Measured:
    """Measures everything that can be measured of a network on one set.

    name: of the set, for people.
    rendered: its images.
    drawings: as strokes and with labels, where the set has them.
    letters: of all writers; only those that this fold holds out are shown.
    fold: the network's.
    progress: a bar on the terminal.
    """
    scores = score(network, rendered, progress)
    return Measured(
        name,
        scores,
        rendered.pictures,
        outlier_scores(network, drawings, letters, fold),
        seen_families(network.card),
        robustness(network, drawings),
        characters(scores, rendered),
    )


def letters_at_hand(data_dir: Path | None) -> tuple[Drawing, ...]:
    """UNIPEN's letters where the archive is on the disk; a report downloads nothing."""
    folders = [folder for folder in (data_folder(data_dir), CACHE) if folder is not None]
    return load_letters(data_dir) if any(map(find_unipen, folders)) else ()


def as_json(measured: Measured) -> dict[str, object]:
    """The whole report as what `report.json` holds; shares are 0..1."""
    scores = measured.scores
    kinds = {kind: each.to_json() for kind, each in measured.characters.items()}
    return {
        "set": measured.name,
        "model": scores.card.name,
        "sha256": scores.card.sha256,
        **asdict(scores.summary()),
        **({"characters": kinds} if kinds else {}),
        "classes": scores.by_class(),
        "writers": [
            {
                "writer": each.name,
                "n": each.n,
                "mistakes": each.mistakes,
                "accuracy": round(each.accuracy, 4),
                "interval": [round(bound, 4) for bound in each.interval],
            }
            for each in scores.worst_writers()
        ],
        "confusion": {"labels": list(scores.card.labels), "counts": scores.confusion().tolist()},
        "reliability": [
            {key: round(value, 4) for key, value in asdict(each).items()}
            for each in scores.by_confidence()
        ],
        "most_confident_mistakes": [
            _mistake(scores, index) for index in scores.mistakes()[:LISTED]
        ],
        "refusal_curve": _curve(scores),
        "nondigits": {family: asdict(each) for family, each in measured.refusals().items()},
        "robustness": {each.variation.name: _robust(each) for each in measured.robust},
    }


def prepare(folder: Path) -> None:
    """Makes the report's folder before the long measuring; raises InputError where it cannot."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            f"{folder}: no report can be written there, {explain_os_error(error)}."
        ) from None


def write_report(measured: Measured, folder: Path) -> list[Path]:
    """Writes `report.json` and its figures into a folder, which is made where it is missing.

    Returns the paths written, the JSON first. Raises InputError where they cannot be written.
    """
    scores, images = measured.scores, measured.images
    text = json.dumps(as_json(measured), indent=1, allow_nan=False, ensure_ascii=False) + "\n"
    drawn: dict[str, Callable[[Path], None]] = {
        "classes": lambda path: figures.classes(scores, path),
        "confusion": lambda path: figures.confusion(scores, path),
        "mistakes": lambda path: figures.mistakes(scores, images, path),
        "reliability": lambda path: figures.reliability(scores, path),
        "refusal": lambda path: figures.refusal(scores, path),
    }
    if scores.worst_writers():
        drawn["writers"] = lambda path: figures.writers(scores, path)
        drawn["worst_writers"] = lambda path: figures.worst_writers(scores, images, path)
    if measured.others:
        drawn["nondigits"] = lambda path: figures.outliers(
            scores, measured.others, measured.seen, path
        )
    if measured.robust:
        drawn["robustness"] = lambda path: figures.robust(measured.robust, path)
    prepare(folder)
    try:
        write_whole(folder / JSON, text.encode())
        for name, draw in drawn.items():
            draw(folder / f"{name}.png")
    except OSError as error:
        raise InputError(
            f"{folder}: no report can be written there, {explain_os_error(error)}."
        ) from None
    return [folder / JSON, *(folder / f"{name}.png" for name in drawn)]


def _mistake(scores: Scores, index: int) -> dict[str, object]:
    """index: the place in the set, from 0."""
    labels = scores.card.labels
    return {
        "index": int(index),
        "truth": labels[scores.truth[index]],
        "answer": labels[scores.predicted[index]],
        "confidence": round(float(scores.confidence[index]), 4),
        "asserted": bool(scores.sure[index]),
        "writer": str(scores.writers[index]),
    }


def _curve(scores: Scores) -> dict[str, object]:
    """At most `_CURVE` points of accuracy over coverage, and the mean risk over all coverages."""
    coverage, accuracy = scores.by_coverage()
    chosen = np.unique(np.linspace(0, len(coverage) - 1, _CURVE).round().astype(int))
    return {
        "coverage": coverage[chosen].round(4).tolist(),
        "accuracy": accuracy[chosen].round(4).tolist(),
        "mean_risk": round(float((1 - accuracy).mean()), 6),
    }


def _robust(each: Robustness) -> dict[str, object]:
    return {
        "unit": each.variation.unit,
        "n": each.n,
        "plain": round(each.plain, 4),
        "values": list(each.variation.values),
        "accuracies": [round(accuracy, 4) for accuracy in each.accuracies],
        "largest_loss": round(each.largest_loss, 4),
    }
