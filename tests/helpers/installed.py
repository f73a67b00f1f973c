"""What every Inkling can do that runs away from a checkout, however it was installed."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from models import __version__
from models.ink.jsonl import read_drawings
from tests.helpers.samples import SAMPLES

_LETTERS = (
    ("H", [[[10, 0], [11, 40], [10, 120]], [[80, 0], [79, 50], [80, 120]], [[10, 60], [80, 60]]]),
    ("K", [[[10, 0], [11, 40], [10, 120]], [[80, 0], [40, 40], [12, 60], [45, 85], [85, 120]]]),
    ("E", [[[70, 0], [10, 0], [11, 40], [10, 120], [72, 120]], [[12, 60], [60, 60]]]),
)


def run(folder: Path, *command: str | Path) -> subprocess.CompletedProcess[str]:
    """Runs a command in a folder."""
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, encoding="utf-8", timeout=120
    )


def check_reading(inkling: Path, folder: Path) -> None:
    """Has a program read and replay drawings of digits and of letters.

    inkling: the program. folder: where it starts, and where the drawings are put.
    """
    assert run(folder, inkling, "--version").stdout == f"Inkling {__version__}\n"
    shutil.copy(SAMPLES, folder / "digits.jsonl")
    lines = [json.dumps({"label": label, "strokes": strokes}) for label, strokes in _LETTERS]
    (folder / "letters.jsonl").write_text("\n".join(lines))
    files: Sequence[tuple[str, Sequence[str]]]
    files = (("digits.jsonl", ()), ("letters.jsonl", ("--characters",)))
    for file, options in files:
        for command in (("read",), ("replay", "--headless")):
            ended = run(folder, inkling, *command, file, "--json", *options)
            assert (ended.returncode, ended.stderr) == (0, "")
            results = [json.loads(line) for line in ended.stdout.splitlines()]
            expected = [drawing.label for drawing in read_drawings(folder / file)]
            assert [result["text"] for result in results] == expected
