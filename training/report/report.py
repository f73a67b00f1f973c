"""The evaluation report: everything that is measured of a network in one folder, JSON and PNG."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.ink.strokes import Drawing
from models.preprocessing.mnist_form import strokes_to_image
from models.recognition.labels import DIGITS
from models.recognition.network import Network
from models.util.atomic_files import write_whole
from models.util.errors import InputError, explain_os_error
from training.data.augmentation import draw_varied
from training.data.examples import Rendered
from training.data.outliers import LIKE_LETTERS, overlaid, side_by_side
from training.data.outliers import SHAPES as FAMILIES
from training.data.unseen_outliers import STRANGERS, crossed_out
from training.datasets import load_letters
from training.datasets.fetch import CACHE, data_folder
from training.datasets.unipen import find_unipen
from training.evaluation.characters import characters
from training.evaluation.evaluation import (
    letter_images,
    refusal,
    score,
    score_images,
    seen_in_training,
)
from training.evaluation.robustness import Robustness, robustness
from training.evaluation.scores import Scores, Writer
from training.report import figures
from training.report.figures import MISTAKES as LISTED

JSON = "report.json"
SHAPES = 300  # made-up non-digits of each family
_CURVE = 200  # points of a curve in the JSON


@dataclass(frozen=True, eq=False)
class Measured:
    """All figures of one network on one set.

    scores: of images (n, 28, 28). others: scores of what is no digit, by family; seen: which of
    these families training showed. robust: what sizes, pens and slants cost, where the set has
    drawings. characters: what `training.evaluation.characters` measures.
    """

    name: str
    scores: Scores
    images: NDArray[np.float32]
    others: Mapping[str, Scores] = field(default_factory=dict)
    seen: frozenset[str] = frozenset()
    robust: Sequence[Robustness] = ()
    characters: Mapping[str, object] = field(default_factory=dict)

    def refusals(self) -> dict[str, object]:
        """How well digits are told from each family of non-digits, by confidence alone."""
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
    """Measures everything that can be measured on these images and labelled drawings.

    letters: of all writers; only those held out from training in this fold are shown.
    """
    scores = score(network, rendered, progress)
    shown = seen_in_training(network.card)
    seen = {name.replace("_", " ") for name in shown}
    if "shapes" in shown:
        seen |= {shape.__name__ for shape in FAMILIES}
    return Measured(
        name,
        scores,
        rendered.images,
        _others(network, drawings, letters, fold),
        frozenset(seen),
        robustness(network, drawings),
        characters(scores, rendered),
    )


def _others(
    network: Network, drawings: Sequence[Drawing], letters: Sequence[Drawing], fold: int
) -> dict[str, Scores]:
    families = letter_images(letters, fold)
    rng = np.random.default_rng(2)
    digits = [drawing.strokes for drawing in drawings if drawing.label not in ("1", *"IilL")]
    if digits:
        for several in (overlaid, side_by_side):
            made = [strokes_to_image(several(digits, rng)) for _ in range(SHAPES)]
            families[several.__name__.replace("_", " ")] = np.stack(made)
    for shape in FAMILIES:
        families[shape.__name__] = np.stack([draw_varied(shape(rng), rng) for _ in range(SHAPES)])
    rng = np.random.default_rng(3)
    for stranger in STRANGERS:
        made = [strokes_to_image(stranger(rng)) for _ in range(SHAPES)]
        families[stranger.__name__.replace("_", " ")] = np.stack(made)
    if digits:
        made = [strokes_to_image(crossed_out(digits, rng)) for _ in range(SHAPES)]
        families["crossed out"] = np.stack(made)
    if len(network.labels) > len(DIGITS):
        families = {name: each for name, each in families.items() if name not in LIKE_LETTERS}
    return {name: score_images(network, images) for name, images in families.items()}


def letters_at_hand(data_dir: Path | None) -> tuple[Drawing, ...]:
    """UNIPEN's letters where the archive is on the disk; a report downloads nothing."""
    folders = [folder for folder in (data_folder(data_dir), CACHE) if folder is not None]
    return load_letters(data_dir) if any(map(find_unipen, folders)) else ()


def as_json(measured: Measured) -> dict[str, object]:
    """The whole report as what `report.json` holds; shares are 0..1."""
    scores = measured.scores
    return {
        "set": measured.name,
        "model": scores.card.name,
        "sha256": scores.card.sha256,
        **scores.summary(),
        **({"characters": dict(measured.characters)} if measured.characters else {}),
        "classes": scores.by_class(),
        "writers": [_writer(writer) for writer in scores.worst_writers()],
        "confusion": {"labels": list(scores.card.labels), "counts": scores.confusion().tolist()},
        "reliability": [_rounded(asdict(each)) for each in scores.by_confidence()],
        "most_confident_mistakes": [
            _mistake(scores, index) for index in scores.mistakes()[:LISTED]
        ],
        "refusal_curve": _curve(scores),
        "nondigits": measured.refusals(),
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
        drawn["nondigits"] = lambda path: figures.nondigits(
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


def _writer(writer: Writer) -> dict[str, object]:
    return {
        "writer": writer.name,
        "n": writer.n,
        "mistakes": writer.mistakes,
        "accuracy": round(writer.accuracy, 4),
        "interval": [round(writer.low, 4), round(writer.high, 4)],
    }


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


def _rounded(record: dict[str, float]) -> dict[str, float]:
    return {key: round(value, 4) for key, value in record.items()}
