"""What a killed window left on the disk: the ink that it kept, and whether every file is whole."""

from __future__ import annotations

import json
import os
from pathlib import Path

import cv2
import numpy as np

from models.ink.jsonl import read_drawings
from models.util.errors import InputError
from tests.soak.page import CELL, Ink

_DRAFT = ".inkling-"
_LONG_AGO = 2 * 3600  # seconds; a draft that is so old is nobody's any more
_PNG_END = b"IEND\xaeB`\x82"


def kept_ink(data: Path) -> Ink:
    """The cells of the strokes that are kept, in their order."""
    records = [json.loads(line) for path in data.glob("canvas-*.jsonl") for line in _lines(path)]
    starts = [record["stroke"][0] for record in records if "stroke" in record]
    return tuple((int(x // CELL), int(y // CELL)) for x, y, _ in starts)


def check_files(folder: Path) -> list[Path]:
    """Raises AssertionError for a file that is not whole.

    Returns the drafts of writing that was interrupted, now as old as those that are swept away.
    """
    drafts = []
    for path in filter(Path.is_file, folder.rglob("*")):
        if path.name.startswith(_DRAFT):
            drafts.append(path)
            os.utime(path, (path.stat().st_atime, path.stat().st_mtime - _LONG_AGO))
        else:
            assert _is_whole(path), f"{path.relative_to(folder)} is not whole"
    return drafts


def _is_whole(path: Path) -> bool:
    content = path.read_bytes()
    if path.suffix == ".png":
        picture = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_UNCHANGED)
        return picture is not None and content.endswith(_PNG_END)
    try:
        if path.suffix == ".inkml":
            return any(drawing.strokes for drawing in read_drawings(path))
        if path.suffix == ".jsonl":
            ended = not content or content.endswith(b"\n")
            return ended and all(map(json.loads, _lines(path)))
    except (ValueError, InputError):
        return False
    return path.suffix == ".lock" or path.name == "profile.txt"


def _lines(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines()
