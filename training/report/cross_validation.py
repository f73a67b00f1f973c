"""A cross-validation's results: as a table, as a list of doubtful labels, and as pictures."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np

from models.preprocessing.mnist_form import strokes_to_image
from models.util.atomic_files import write_whole
from models.util.errors import InputError, explain_os_error
from training.experiments.cross_validation import (
    DoubtfulLabel,
    FoldResult,
    SplitSummary,
    doubtful_labels,
    hard_writers,
    pooled,
    summarize,
)
from training.report import figures

COLUMNS = ("set", "id", "writer", "label", "read as", "probability of the label")
IN_DOUBT = 0.5  # a label less likely than this is listed: another one is as likely, or more


def write_report(results: Sequence[FoldResult], folder: Path) -> list[Path]:
    """Writes crossed.json, doubts.csv, and pictures of doubts and hard writers; their paths.

    Raises InputError where nothing can be written.
    """
    found = doubtful_labels(results, IN_DOUBT)
    record = {
        "sets": [asdict(each) for each in summarize(results)],
        "writers": writers_as_json(results),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / "crossed.json", (json.dumps(record, indent=2) + "\n").encode())
        write_whole(folder / "doubts.csv", as_csv(found).encode())
        drawings = [drawing for each in results for drawing in each.drawings]
        images = np.stack([strokes_to_image(drawing.strokes) for drawing in drawings])
        figures.worst_writers(pooled(results), images, folder / "writers.png")
        sheets = figures.doubtful_labels(found, folder)
    except OSError as error:
        raise InputError(
            f"{folder}: nothing can be written there, {explain_os_error(error)}."
        ) from None
    names = ("crossed.json", "doubts.csv", "writers.png")
    return [*(folder / name for name in names), *sheets]


def writers_as_json(results: Sequence[FoldResult]) -> list[dict[str, object]]:
    """The hard writers, worst first, as records."""
    return [
        {"writer": each.name, "n": each.n, "accuracy": round(each.accuracy, 4)}
        for each in hard_writers(results)
    ]


def as_text(table: Sequence[SplitSummary]) -> str:
    """The summaries for people, shares in per cent."""
    lines = []
    for each in table:
        low, high = each.interval
        lines.append(
            f"{each.set}, {each.part} people of {each.runs} runs: {each.accuracy:.2%} of "
            f"{each.n} by {each.people} (95 % interval {low:.2%} to {high:.2%}); mean of the "
            f"runs {_percent(each.mean)} ± {_percent(each.deviation)}; calibration error "
            f"{_percent(each.calibration_error)}; {each.mistakes} mistakes, "
            f"{_percent(each.mistakes_shown_unsure)} shown unsure, "
            f"{_percent(each.right_but_unsure)} of the right ones"
        )
    return "\n".join(lines)


def as_csv(found: Sequence[DoubtfulLabel]) -> str:
    """The list as CSV under the heading COLUMNS."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(COLUMNS)
    for doubt in found:
        drawing = doubt.drawing
        likely = f"{doubt.probability:.4f}"
        rows.writerow(
            [doubt.set_name, drawing.id, drawing.writer, drawing.label, doubt.read_as, likely]
        )
    return text.getvalue()


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.2%}"
