"""What a cross-validation found, as a table, a list for the eye, and pictures."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from models.preprocessing.mnist_form import strokes_to_image
from models.util.atomic_files import write_whole
from models.util.errors import InputError, explain_os_error
from training.evaluation.scores import Scores
from training.experiments.cross_validation import Doubt, Judged, doubts, hard_writers, summed_up
from training.report import figures

COLUMNS = ("set", "id", "writer", "label", "read as", "probability of the label")
IN_DOUBT = 0.5  # a label less likely than this is listed: another one is as likely, or more


def write_report(judged: Sequence[Judged], folder: Path) -> list[Path]:
    """Writes crossed.json, doubts.csv, and pictures of doubts and hard writers; their paths.

    Raises InputError where nothing can be written.
    """
    found = doubts(judged, IN_DOUBT)
    record = {"sets": summed_up(judged), "writers": writers_as_json(judged)}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / "crossed.json", (json.dumps(record, indent=2) + "\n").encode())
        write_whole(folder / "doubts.csv", as_csv(found).encode())
        pooled = _pooled(judged)
        drawings = [drawing for each in judged for drawing in each.drawings]
        images = np.stack([strokes_to_image(drawing.strokes) for drawing in drawings])
        figures.worst_writers(pooled, images, folder / "writers.png")
        sheets = figures.doubts(found, folder)
    except OSError as error:
        raise InputError(
            f"{folder}: nothing can be written there, {explain_os_error(error)}."
        ) from None
    names = ("crossed.json", "doubts.csv", "writers.png")
    return [*(folder / name for name in names), *sheets]


def writers_as_json(judged: Sequence[Judged]) -> list[dict[str, object]]:
    """The hard writers, worst first, as records."""
    return [
        {"writer": writer, "n": count, "accuracy": round(accuracy, 4)}
        for writer, count, accuracy in hard_writers(judged)
    ]


def as_text(table: Sequence[dict[str, Any]]) -> str:
    """The table of `summed_up` for people, shares in per cent."""
    lines = []
    for row in table:
        low, high = row["interval"]
        lines.append(
            f"{row['set']}, {row['part']} people of {row['runs']} runs: {row['accuracy']:.2%} of "
            f"{row['n']} by {row['people']} (95 % interval {low:.2%} to {high:.2%}); mean of the "
            f"runs {_percent(row['mean'])} ± {_percent(row['deviation'])}; calibration error "
            f"{_percent(row['calibration_error'])}; {row['mistakes']} mistakes, "
            f"{_percent(row['mistakes_shown_unsure'])} shown unsure, "
            f"{_percent(row['right_but_unsure'])} of the right ones"
        )
    return "\n".join(lines)


def as_csv(found: Sequence[Doubt]) -> str:
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


def _pooled(judged: Sequence[Judged]) -> Scores:
    return Scores(
        judged[0].scores.card,
        np.concatenate([each.scores.probabilities for each in judged]),
        np.concatenate([each.scores.truth for each in judged]),
        np.concatenate([each.scores.writers for each in judged]),
    )


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.2%}"
