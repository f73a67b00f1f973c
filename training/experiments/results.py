"""The results of a comparison: kept as JSON Lines, summed up as mean ± standard deviation."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from tabulate import tabulate

from models.util.errors import InputError, explain_os_error
from training.datasets.split import Split
from training.evaluation.held_out import HeldOutScores


@dataclass(frozen=True)
class Run:
    """What was trained, and what it is measured on.

    recipe: its name. training: network and settings. seed, fold, sets, limit: of the training.
    part: whose drawings are measured. test: whether MNIST's test images are, too.
    """

    recipe: str
    seed: int
    fold: int
    part: Split
    sets: tuple[str, ...]
    limit: int | None
    test: bool
    training: dict[str, Any]


@dataclass(frozen=True)
class ResultRecord:
    """One line of the file: a run and what was measured of it.

    mnist_test: accuracy on MNIST's test images, 0..1; None where they are not measured. seconds:
    of the training; None where a finished one was used.
    """

    run: Run
    scores: HeldOutScores
    mnist_test: float | None
    seconds: float | None

    def to_json(self) -> dict[str, Any]:
        test = {"mnist_test": self.mnist_test} if self.run.test else {}
        return {**asdict(self.run), **asdict(self.scores), **test, "seconds": self.seconds}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> ResultRecord:
        """Reads what `to_json` makes; raises KeyError where something is missing."""
        run, scores = (
            {each.name: values[each.name] for each in fields(kind)} for kind in (Run, HeldOutScores)
        )
        run["sets"] = tuple(run["sets"])
        test = values.get("mnist_test")
        return cls(Run(**run), HeldOutScores(**scores), test, values["seconds"])


@dataclass(frozen=True)
class Spread:
    """Mean of several runs, and the sample's standard deviation; None for a single run."""

    mean: float
    deviation: float | None

    @classmethod
    def of(cls, values: Sequence[float | None]) -> Spread | None:
        """Of the values that are known; None where none is."""
        known = [value for value in values if value is not None]
        if not known:
            return None
        deviation = round(float(np.std(known, ddof=1)), 5) if len(known) > 1 else None
        return cls(round(float(np.mean(known)), 5), deviation)

    def text(self, scale: float, digits: int, sign: str = " ± ") -> str:
        """As people read it, each times `scale`, with so many digits after the point."""
        text = f"{scale * self.mean:.{digits}f}"
        return (
            text if self.deviation is None else f"{text}{sign}{scale * self.deviation:.{digits}f}"
        )


@dataclass(frozen=True)
class RecipeSummary:
    """All runs of a recipe.

    adds: in words, what the recipe adds. runs: how many there are. measures: by the names that they
    have in the file, and accuracies by their set.
    """

    recipe: str
    adds: str
    runs: int
    measures: Mapping[str, Spread | None]

    def to_json(self) -> dict[str, Any]:
        """All by name, {"mean", "deviation"} of each measure."""
        values = asdict(self)
        measures = values.pop("measures")
        return {**values, **measures}


# Of each measure: its heading, what it is multiplied by, and its digits after the point.
_PERCENT = (100.0, 2)
_MEASURES = {
    "balanced": ("balanced", *_PERCENT),
    "calibration_error": ("ECE", *_PERCENT),
    "mistakes_shown_unsure": ("mistakes unsure", *_PERCENT),
    "right_but_unsure": ("right unsure", *_PERCENT),
    "auroc_letters": ("AUROC letters", 1.0, 4),
    "mnist_test": ("mnist test", *_PERCENT),
    "seconds": ("seconds", 1.0, 0),
}


def read_results(path: Path) -> list[ResultRecord]:
    """The finished combinations of a file; none where there is no file yet.

    A line that a kill has torn is left out. Raises InputError where the file cannot be read, or
    is something else.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    except (OSError, UnicodeDecodeError) as error:
        why = explain_os_error(error) if isinstance(error, OSError) else "it is no text"
        raise InputError(f"{path}: cannot be read, {why}.") from None
    results: list[ResultRecord] = []
    for number, line in enumerate(lines, start=1):
        try:
            results.append(ResultRecord.from_json(json.loads(line)))
        except (ValueError, KeyError, TypeError) as error:
            if isinstance(error, ValueError) and line.startswith('{"recipe"'):
                continue
            raise InputError(
                f"{path}, line {number}: is no result of a comparison; name another --output."
            ) from None
    return results


def append_result(path: Path, result: ResultRecord) -> None:
    """Adds one line, safely on the disk when this returns. Raises InputError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a+b") as file:
            if file.tell() and not _ends_whole(path):
                file.write(b"\n")  # after a line that a kill has torn
            file.write(json.dumps(result.to_json(), allow_nan=False).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise InputError(
            f"{path}: no result can be kept there, {explain_os_error(error)}."
        ) from None


def _ends_whole(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read() == b"\n"


def find_result(results: Sequence[ResultRecord], run: Run) -> ResultRecord | None:
    return next((each for each in results if each.run == run), None)


def summary_table(results: Sequence[ResultRecord], adds: Mapping[str, str]) -> list[RecipeSummary]:
    """All runs of each recipe, in the results' order. adds: in words what each recipe adds."""
    table = []
    for name in dict.fromkeys(each.run.recipe for each in results):
        runs = [_measures(each) for each in results if each.run.recipe == name]
        spreads = {key: Spread.of([run.get(key) for run in runs]) for key in runs[0]}
        table.append(RecipeSummary(name, adds.get(name, ""), len(runs), spreads))
    return table


def as_text(table: Sequence[RecipeSummary]) -> str:
    """The table for people: mean ± standard deviation, shares but the AUROC in per cent."""
    shown = {key: _MEASURES.get(key, (key, *_PERCENT)) for key in table[0].measures}
    heads = ["recipe", "adds", "runs", *(heading for heading, _, _ in shown.values())]
    rows = [
        [
            each.recipe,
            each.adds,
            each.runs,
            *(
                "–" if (spread := each.measures[key]) is None else spread.text(scale, digits, " ±")
                for key, (_, scale, digits) in shown.items()
            ),
        ]
        for each in table
    ]
    align = ["left", "left"] + ["right"] * (len(heads) - 2)
    return str(tabulate(rows, heads, "plain", colalign=align, disable_numparse=True))


def _measures(result: ResultRecord) -> dict[str, float | None]:
    values = result.to_json()
    measures = {"balanced": values["balanced"], **values["accuracy"]}
    return measures | {key: values[key] for key in _MEASURES if key in values}
