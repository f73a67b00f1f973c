"""MNIST: 60,000 + 10,000 grey images of digits, 28x28 (LeCun, Cortes, Burges; CC BY-SA 3.0)."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.util.errors import InputError
from training.datasets.fetch import Published
from training.datasets.idx import PublishedSplit, find_idx, read_named

Images = NDArray[np.uint8]

IDX_FILES: dict[PublishedSplit, tuple[str, str]] = {
    "train": ("train-images-idx3-ubyte", "train-labels-idx1-ubyte"),
    "test": ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"),
}
NPZ_ARRAYS: dict[PublishedSplit, tuple[str, str]] = {
    "train": ("x_train", "y_train"),
    "test": ("x_test", "y_test"),
}
COUNTS: dict[PublishedSplit, int] = {"train": 60_000, "test": 10_000}


def find_mnist(folder: Path) -> Path | None:
    """`mnist/` below `folder` where the four IDX files are, else `mnist/mnist.npz`, else None.

    Raises InputError when some of the IDX files are there and others are not.
    """
    inside = folder / "mnist"
    names = [name for pair in IDX_FILES.values() for name in pair]
    absent = [name for name in names if find_idx(inside, name) is None]
    if not absent:
        return inside
    if (inside / "mnist.npz").is_file():
        return inside / "mnist.npz"
    if len(absent) < len(names):
        raise InputError(
            f"{inside}: some of MNIST's files are missing: {', '.join(absent)} "
            "(.gz or plain); put them there, or take the others away"
        )
    return None


def read_mnist(path: Path, split: PublishedSplit) -> tuple[Images, NDArray[np.uint8]]:
    """Images (n, 28, 28) uint8, 0 = paper, and labels (n,) uint8 0..9 of one split of MNIST.

    path: a folder with the IDX files, or Keras's `mnist.npz`. Raises InputError when a file is
    damaged or does not hold what MNIST holds.
    """
    if path.is_dir():
        images, labels = (read_named(path, name) for name in IDX_FILES[split])
    else:
        images, labels = _read_npz(path, split)
    if images.shape != (COUNTS[split], 28, 28) or images.dtype != np.uint8:
        raise InputError(
            f"{path}: MNIST's {split} images should be {COUNTS[split]} x 28 x 28 bytes, "
            f"found {' x '.join(map(str, images.shape))} of {images.dtype}"
        )
    if labels.shape != (COUNTS[split],) or labels.min() < 0 or labels.max() > 9:
        raise InputError(
            f"{path}: MNIST's {split} labels should be {COUNTS[split]} numbers from 0 to 9, "
            f"found {' x '.join(map(str, labels.shape))}"
        )
    return images.astype(np.uint8), labels.astype(np.uint8)


def check_mnist(path: Path) -> None:
    """Raises InputError unless both parts of MNIST can be read from `path`."""
    for split in IDX_FILES:
        read_mnist(path, split)


# The checksum is the one that Keras itself checks (keras.datasets.mnist, file_hash).
MNIST = Published(
    name="mnist",
    url="https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz",
    file="mnist/mnist.npz",
    instead="the four IDX files (train-images-idx3-ubyte, train-labels-idx1-ubyte, "
    "t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte; plain or .gz) in mnist/",
    sha256="731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1",
    find=find_mnist,
    check=check_mnist,
)


def _read_npz(path: Path, split: PublishedSplit) -> tuple[NDArray[np.generic], NDArray[np.generic]]:
    try:
        # Opened here, since NumPy leaves a file open that turns out to be damaged.
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            images, labels = (arrays[name] for name in NPZ_ARRAYS[split])
    except KeyError as error:
        raise InputError(
            f"{path}: not MNIST as Keras has it: lacks {' or '.join(NPZ_ARRAYS[split])}"
        ) from error
    except (ValueError, EOFError, zipfile.BadZipFile, zlib.error, OSError) as error:
        raise InputError(f"{path}: damaged or cut NPZ file ({error})") from error
    return images, labels
