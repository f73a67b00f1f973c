"""Digits on paper by Swiss hands, scanned: 8,033 grey images of 64×64 by 14 people."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.pictures.ink import ink_of
from models.preprocessing.mnist_form import SIDE, picture_to_image
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

    def as_network_sees(self) -> NDArray[np.uint8]:
        """(n, 28, 28), 0 = paper to 255 = ink: each as one character; empty where it has no ink."""
        inks = map(ink_of, self.images)
        return np.stack(
            [
                np.rint(picture_to_image(ink) * 255).astype(np.uint8)
                if ink.any()
                else np.zeros((SIDE, SIDE), np.uint8)
                for ink in inks
            ]
        )


def find_swiss(data_dir: Path | None = None) -> Path | None:
    """The set's file in the data folder; None where the folder does not have it.

    data_dir: else the folder that DATA_DIR names.
    """
    folder = data_folder(data_dir)
    path = None if folder is None else folder / FILE
    return path if path is not None and path.exists() else None


def read_swiss(data_dir: Path | None = None) -> PaperDigits | None:
    """The set, None where `find_swiss` finds none. Raises InputError for a damaged file."""
    path = find_swiss(data_dir)
    if path is None:
        return None
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
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
