"""EMNIST Balanced: 112,800 + 18,800 images of 47 classes (Cohen et al. 2017, arXiv 1702.05373).

They are cut from the forms of NIST's Special Database 19 and brought to 28x28 much as MNIST's
are. The files hold each image transposed, as MATLAB keeps it: columns before rows.
"""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.recognition.labels import CHARACTERS
from models.util.errors import InputError
from training.datasets.fetch import Published
from training.datasets.idx import PublishedSplit, find_idx, parse_idx, read_named

ARCHIVE = "gzip.zip"
FILES: dict[PublishedSplit, tuple[str, str]] = {
    "train": ("emnist-balanced-train-images-idx3-ubyte", "emnist-balanced-train-labels-idx1-ubyte"),
    "test": ("emnist-balanced-test-images-idx3-ubyte", "emnist-balanced-test-labels-idx1-ubyte"),
}
COUNTS: dict[PublishedSplit, int] = {"train": 112_800, "test": 18_800}


def find_emnist(folder: Path) -> Path | None:
    """`emnist/` below `folder` (or `gzip/` in it) where the four files are, else the archive.

    Raises InputError when some of the files are there and others are not, and no archive.
    """
    inside = folder / "emnist"
    names = [name for pair in FILES.values() for name in pair]
    absent: list[str] = []
    for inner in (inside, inside / "gzip"):
        missing = [name for name in names if find_idx(inner, name) is None]
        if not missing:
            return inner
        if len(missing) < len(names):
            absent = missing
    if (inside / ARCHIVE).is_file():
        return inside / ARCHIVE
    if absent:
        raise InputError(
            f"{inside}: some of EMNIST's files are missing: {', '.join(absent)} (.gz or plain); "
            "put them there, or take the others away"
        )
    return None


def read_emnist(path: Path, split: PublishedSplit) -> tuple[NDArray[np.uint8], list[str]]:
    """Upright images (n, 28, 28) uint8, 0 = paper, and their classes, of one split.

    path: NIST's archive, or a folder with the files unpacked, which may hold fewer images than
    the published ones. Raises InputError when a file is missing, damaged, or something else.
    """
    images, numbers = (_values(path, name) for name in FILES[split])
    if images.shape[1:] != (28, 28) or images.dtype != np.uint8:
        raise InputError(
            f"{path}: EMNIST's {split} images should be n x 28 x 28 bytes, found "
            f"{' x '.join(map(str, images.shape))} of {images.dtype}"
        )
    if numbers.shape != (len(images),) or not len(images):
        raise InputError(
            f"{path}: {' x '.join(map(str, numbers.shape))} labels for {len(images)} images of "
            f"EMNIST's {split} part"
        )
    if numbers.min() < 0 or numbers.max() >= len(CHARACTERS):
        raise InputError(
            f"{path}: EMNIST Balanced's labels are 0 to {len(CHARACTERS) - 1}, found "
            f"{numbers.min()} to {numbers.max()}"
        )
    upright = np.ascontiguousarray(images.transpose(0, 2, 1), np.uint8)
    return upright, [CHARACTERS[int(number)] for number in numbers]


def check_emnist(path: Path) -> None:
    """Raises InputError unless both parts of EMNIST Balanced can be read whole from `path`."""
    for split, count in COUNTS.items():
        images, _ = read_emnist(path, split)
        if len(images) != count:
            raise InputError(f"{path}: {len(images)} images to {split}, expected {count}")


# NIST states no checksum, so a download is checked by what it holds.
EMNIST = Published(
    name="emnist",
    url="https://biometrics.nist.gov/cs_links/EMNIST/gzip.zip",
    file=f"emnist/{ARCHIVE}",
    instead="its four files emnist-balanced-… (plain or .gz) in emnist/",
    sha256=None,
    find=find_emnist,
    check=check_emnist,
)


def _values(path: Path, name: str) -> NDArray[np.generic]:
    if path.is_dir():
        return read_named(path, name)
    try:
        with zipfile.ZipFile(path) as archive:
            members = [m for m in archive.namelist() if m.rsplit("/", 1)[-1] == f"{name}.gz"]
            if not members:
                raise InputError(f"{path}: has no {name}.gz; NIST's archive of EMNIST has")
            return parse_idx(archive.read(members[0]), f"{path}/{members[0]}")
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise InputError(f"{path}: damaged or cut archive ({error})") from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from error
