"""Files that are dropped on the window: good ones, and all kinds of bad ones."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np

from models.ink.inkml import write_inkml
from models.ink.jsonl import write_drawings
from models.ink.strokes import Drawing, Stroke
from tests.helpers.samples import SAMPLES, samples


def dropped_files(folder: Path) -> list[Path]:
    """Writes them into a folder. Returns their paths, of which one is missing on purpose."""
    folder.mkdir()
    rng = np.random.default_rng(0)
    seven = samples()[14]
    good = folder / "seven.jsonl"
    write_drawings(good, [seven])
    write_drawings(folder / "seven.jsonl.gz", [seven])
    walks = np.cumsum(rng.normal(0, 1, (3, 8_000, 2)), axis=1)
    write_drawings(folder / "large.jsonl", [Drawing(tuple(map(Stroke, walks)))])
    shutil.copy(SAMPLES, folder / "several.jsonl")
    contents = {
        "seven.inkml": write_inkml(seven, {"program": "Inkling"}).encode(),
        "empty.jsonl": b"",
        "binary.jsonl": rng.bytes(4_096),
        "truncated.jsonl": good.read_bytes()[:300],
        "truncated.inkml": b"<ink><trace>1 2, 3",
        "truncated.jsonl.gz": (folder / "seven.jsonl.gz").read_bytes()[:100],
        "no-strokes.jsonl": b'{"strokes": []}\n',
        "huge.jsonl": _line([[0, 0], [1e7, 1e7]]),
        "too-huge.jsonl": _line([[0, 0], [1e300, 5]]),
        "far-away.jsonl": _line([[9e6, -9e6], [9e6, -9e6 + 1e-3]]),
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    (folder / "a-folder").mkdir()
    return [*sorted(folder.iterdir()), folder / "missing.jsonl"]


def _line(points: list[list[float]]) -> bytes:
    return json.dumps({"strokes": [points]}).encode() + b"\n"
