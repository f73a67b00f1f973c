"""The results of a comparison: kept as JSON Lines, summed up as mean ± standard deviation."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from models.util.errors import InputError, explain_os_error

Row = dict[str, Any]  # a combination's identity and what was measured of it

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


def read_rows(path: Path) -> list[Row]:
    """The finished combinations of a file; none where there is no file yet.

    A line that a kill has torn is left out. Raises InputError where the file cannot be read, or
    is something else.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    except (OSError, UnicodeDecodeError) as error:
        why = explain_os_error(error) if isinstance(error, OSError) else "it is no text"
        raise InputError(f"{path}: cannot be read, {why}.") from None
    rows: list[Row] = []
    for number, line in enumerate(lines, start=1):
        try:
            row = json.loads(line)
        except ValueError:
            if line.startswith('{"recipe"'):
                continue
            row = None
        if not isinstance(row, dict) or "recipe" not in row:
            raise InputError(
                f"{path}, line {number}: is no result of a comparison; name another --output."
            )
        rows.append(row)
    return rows


def append_row(path: Path, row: Mapping[str, object]) -> None:
    """Adds one line, safely on the disk when this returns. Raises InputError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a+b") as file:
            if file.tell() and not _ends_whole(path):
                file.write(b"\n")  # after a line that a kill has torn
            file.write(json.dumps(row, allow_nan=False).encode() + b"\n")
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


def find_row(rows: Sequence[Row], identity: Row) -> Row | None:
    """The first row that agrees with the identity in all of its keys."""
    # Through JSON and back, so that a tuple is the list that the file holds.
    wanted = json.loads(json.dumps(identity))
    return next(
        (row for row in rows if all(row.get(key) == value for key, value in wanted.items())), None
    )


def summed_up(rows: Sequence[Row], adds: Mapping[str, str]) -> list[Row]:
    """For each recipe, in the rows' order: runs, and {"mean", "deviation"} of each measure.

    adds: in words what each recipe adds. The deviation is the sample's; None for a single run.
    """
    table = []
    for name in dict.fromkeys(row["recipe"] for row in rows):
        mine = [_flat(row) for row in rows if row["recipe"] == name]
        measures = {key: _spread([row.get(key) for row in mine]) for key in mine[0]}
        table.append({"recipe": name, "adds": adds.get(name, ""), "runs": len(mine), **measures})
    return table


def as_text(table: Sequence[Row]) -> str:
    """The table for people: mean ± standard deviation, shares but the AUROC in per cent."""
    measures = [key for key in table[0] if key not in ("recipe", "adds", "runs")]
    shown = {key: _MEASURES.get(key, (key, *_PERCENT)) for key in measures}
    heads = [heading for heading, _, _ in shown.values()]
    lines = [["recipe", "adds", "runs", *heads]]
    for row in table:
        cells = [_cell(row[key], scale, digits) for key, (_, scale, digits) in shown.items()]
        lines.append([row["recipe"], row["adds"], str(row["runs"]), *cells])
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column < 2 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def _flat(row: Row) -> Row:
    accuracy = row["accuracy"]
    flat = {"balanced": row["balanced"], **accuracy}
    return flat | {key: row[key] for key in _MEASURES if key in row and key not in flat}


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
