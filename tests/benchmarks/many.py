"""Pictures read in a second: by one process, by two, and by two workers of a Dask cluster."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import cv2
import numpy as np

from game.batch.many import in_order
from game.batch.read import FileReader
from models.ink.jsonl import read_drawings
from models.recognition.card import FOLDER

_SAMPLES = FOLDER.parent / "game" / "samples" / "digits.jsonl"
_PICTURES = 1000
_WORKERS = 2


def measure() -> dict[str, float]:
    """Pictures a second, by the way they are shared; the start of the processes does not count."""
    from distributed import LocalCluster

    with tempfile.TemporaryDirectory() as folder:
        pictures = _pictures(Path(folder))
        found = {"one process": _rate(pictures, 1), "two processes": _rate(pictures, _WORKERS)}
        with LocalCluster(_WORKERS, threads_per_worker=1, dashboard_address=None) as cluster:
            found["two Dask workers"] = _rate(pictures, 1, cluster.scheduler_address)
    return found


def _rate(pictures: list[Path], processes: int, scheduler: str | None = None) -> float:
    """Measured from the first result on: before it, processes start and load the network."""
    reader = FileReader("digits")
    results = in_order(reader, pictures, reader.lost, processes, scheduler)
    next(results)
    begun = time.perf_counter()
    count = sum(1 for _ in results)
    return count / (time.perf_counter() - begun)


def _pictures(folder: Path) -> list[Path]:
    """Photograph-like pictures of the shipped digits, three a picture."""
    drawings = list(read_drawings(_SAMPLES))
    paths = []
    for number in range(_PICTURES):
        paper = np.full((400, 1000), 235, np.uint8)
        for place in range(3):
            for stroke in drawings[(number + place) % len(drawings)].strokes:
                points = np.rint(stroke.points / 2 + (50 + 300 * place, 60)).astype(np.int32)
                cv2.polylines(paper, [points], False, 40, 9, cv2.LINE_AA)
        path = folder / f"{number}.png"
        cv2.imwrite(str(path), paper)
        paths.append(path)
    return paths
