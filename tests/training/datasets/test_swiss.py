"""Scanned Swiss digits: their file whole, damaged and missing, and as images for the network."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from models.recognition.network import load_network
from models.util.errors import InputError
from tests.helpers.data import data_dir
from tests.helpers.samples import samples
from training.data.pictures import pictured
from training.datasets.load import load_sets
from training.datasets.swiss import FILE


def write(folder: Path, **arrays: object) -> None:
    path = folder / FILE
    path.parent.mkdir(exist_ok=True)
    np.savez_compressed(path, **arrays)  # type: ignore[arg-type]


def scanned() -> list[np.ndarray]:
    """The sample digits in the middle of paper of 64×64 pixels."""
    rng = np.random.default_rng(0)
    sheets = []
    for drawing in samples():
        picture = pictured(drawing.strokes, rng)
        step = max(1, -(-max(picture.shape) // 64))
        small = picture[::step, ::step]
        sheet = np.full((64, 64), np.median(picture), np.uint8)
        top, left = (64 - small.shape[0]) // 2, (64 - small.shape[1]) // 2
        sheet[top : top + small.shape[0], left : left + small.shape[1]] = small
        sheets.append(sheet)
    return sheets


def test_scans_become_images_that_the_network_reads(tmp_path: Path) -> None:
    labels = np.array([int(drawing.label or "") for drawing in samples()])
    writers = np.array([f"hand{index % 3}" for index in range(len(labels))])
    write(tmp_path, images=np.stack(scanned()), labels=labels, writers=writers)
    (dataset,) = load_sets(["swiss"], tmp_path)
    assert dataset.images is not None and dataset.images.shape == (len(labels), 28, 28)
    assert dataset.writers is not None and set(dataset.writers) == {
        f"swiss/hand{index}" for index in range(3)
    }
    images = (dataset.images / 255).astype(np.float32)
    read = load_network("digits").probabilities(images).argmax(axis=1)
    assert np.mean(read == labels) >= 0.9


def test_a_missing_or_damaged_file_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=f"no data folder has {FILE}"):
        load_sets(["swiss"], tmp_path)
    images, labels = np.zeros((2, 64, 64), np.uint8), np.array([1, 2])
    write(tmp_path, images=images[:, :32], labels=labels, writers=np.array(["a", "b"]))
    with pytest.raises(InputError, match="expected n x 64 x 64 images"):
        load_sets(["swiss"], tmp_path)
    path = tmp_path / FILE
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(InputError, match="damaged or cut NPZ"):
        load_sets(["swiss"], tmp_path)


def test_the_real_set_is_whole() -> None:
    (dataset,) = load_sets(["swiss"], data_dir(FILE))
    assert len(dataset) == 8033 and len(set(dataset.writers or ())) == 14
    assert dataset.images is not None and dataset.images.max(axis=(1, 2)).min() > 0
