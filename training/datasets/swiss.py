"""Digits on paper by Swiss hands, scanned: 8,033 grey images of 64×64 by 14 people."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.util.errors import InputError
from training.datasets.fetch import data_folder

FILE = "paper/swiss-numbers-64px.npz"  # below a data folder
LICENCE = "none stated; copies of it call it public domain"
PUBLISHER = "A. Schroeder and others: numbers; https://github.com/kensanata/numbers"
_SIDE = 64


@dataclass(frozen=True, eq=False)
class PaperDigits:
    """Digits that were written on paper.

    images: (n, 64, 64) uint8, grey levels, paper light.
    labels: (n,) 0 to 9.
    writers: n names.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]
    writers: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.labels)


def read_swiss(data_dir: Path | None = None) -> PaperDigits | None:
    """The set from the data folder; None where the folder does not have it.

    data_dir: else the folder that DATA_DIR names. Raises InputError for a damaged file.
    """
    folder = data_folder(data_dir)
    path = None if folder is None else folder / FILE
    if path is None or not path.exists():
        return None
    try:
        with np.load(path, allow_pickle=False) as arrays:
            images, labels, writers = (arrays[key] for key in ("images", "labels", "writers"))
    except (ValueError, KeyError, EOFError, OSError, zipfile.BadZipFile) as error:
        raise InputError(f"{path}: damaged or cut NPZ file ({error}).") from error
    if images.shape != (len(labels), _SIDE, _SIDE) or len(writers) != len(labels):
        raise InputError(
            f"{path}: expected n x {_SIDE} x {_SIDE} images with n labels and writers, found "
            f"{images.shape}, {labels.shape} and {writers.shape}."
        )
    names = tuple(f"swiss/{writer}" for writer in writers)
    return PaperDigits(images.astype(np.uint8), labels.astype(np.int64), names)
