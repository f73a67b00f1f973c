"""The results of a comparison: kept as JSON Lines, summed up as mean ± standard deviation."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from tabulate import tabulate

from models.util.errors import InputError, explain_os_error

ResultRecord = dict[
    str, Any
]  # a combination's identity and what was measured of it, as in the file

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
            result = json.loads(line)
        except ValueError:
            if line.startswith('{"recipe"'):
                continue
            result = None
        if not isinstance(result, dict) or "recipe" not in result:
            raise InputError(
                f"{path}, line {number}: is no result of a comparison; name another --output."
            )
        results.append(result)
    return results


def append_result(path: Path, result: Mapping[str, object]) -> None:
    """Adds one line, safely on the disk when this returns. Raises InputError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a+b") as file:
            if file.tell() and not _ends_whole(path):
                file.write(b"\n")  # after a line that a kill has torn
            file.write(json.dumps(result, allow_nan=False).encode() + b"\n")
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


def find_result(results: Sequence[ResultRecord], identity: ResultRecord) -> ResultRecord | None:
    """The first result that agrees with the identity in all of its keys."""
    # Through JSON and back, so that a tuple is the list that the file holds.
    wanted = json.loads(json.dumps(identity)).items()
    return next(
        (each for each in results if all(each.get(key) == value for key, value in wanted)), None
    )


def summary_table(results: Sequence[ResultRecord], adds: Mapping[str, str]) -> list[ResultRecord]:
    """For each recipe, in the results' order: runs, and {"mean", "deviation"} of each measure.

    results: of all runs. adds: in words what each recipe adds. The deviation is the sample's; None
    for a single run.
    """
    table = []
    for name in dict.fromkeys(each["recipe"] for each in results):
        runs = [_flat(each) for each in results if each["recipe"] == name]
        measures = {key: _spread([run.get(key) for run in runs]) for key in runs[0]}
        table.append({"recipe": name, "adds": adds.get(name, ""), "runs": len(runs), **measures})
    return table


def as_text(table: Sequence[ResultRecord]) -> str:
    """The table for people: mean ± standard deviation, shares but the AUROC in per cent."""
    measures = [key for key in table[0] if key not in ("recipe", "adds", "runs")]
    shown = {key: _MEASURES.get(key, (key, *_PERCENT)) for key in measures}
    heads = ["recipe", "adds", "runs", *(heading for heading, _, _ in shown.values())]
    rows = [
        [
            each["recipe"],
            each["adds"],
            each["runs"],
            *(_cell(each[key], scale, digits) for key, (_, scale, digits) in shown.items()),
        ]
        for each in table
    ]
    align = ["left", "left"] + ["right"] * (len(heads) - 2)
    return str(tabulate(rows, heads, "plain", colalign=align, disable_numparse=True))


def _flat(result: ResultRecord) -> ResultRecord:
    flat = {"balanced": result["balanced"], **result["accuracy"]}
    return flat | {key: result[key] for key in _MEASURES if key in result and key not in flat}


def _spread(values: Sequence[float | None]) -> dict[str, float | None] | None:
    known = [value for value in values if value is not None]
    if not known:
        return None
    deviation = round(float(np.std(known, ddof=1)), 5) if len(known) > 1 else None
    return {"mean": round(float(np.mean(known)), 5), "deviation": deviation}


def _cell(spread: Mapping[str, float | None] | None, scale: float, digits: int) -> str:
    if spread is None or spread["mean"] is None:
        return "–"
    text = f"{scale * spread['mean']:.{digits}f}"
    deviation = spread["deviation"]
    return text if deviation is None else f"{text} ±{scale * deviation:.{digits}f}"
