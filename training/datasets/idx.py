"""IDX files, the format of MNIST: a magic number, the sizes, then the values.

Two zero bytes, one byte for the type of the values, one for the number of dimensions, each
dimension as a big-endian 32-bit number, then the values, last dimension fastest. The layout is
documented on MNIST's page (LeCun, Cortes, Burges: "The MNIST database of handwritten digits").
"""

from __future__ import annotations

import gzip
import math
import struct
import zlib
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from models.util.errors import InputError

PublishedSplit = Literal["train", "test"]  # of MNIST and EMNIST, a pair of files each
# The third byte of the magic number says what the values are; all are big-endian.
TYPES = {0x08: "u1", 0x09: "i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
GZIP_MAGIC = b"\x1f\x8b"


def find_idx(folder: Path, name: str) -> Path | None:
    """The file of that name in a folder, plain or as .gz; None where it is missing."""
    return next((folder / n for n in (name, f"{name}.gz") if (folder / n).is_file()), None)


def read_named(folder: Path, name: str) -> NDArray[np.generic]:
    """The array in the file that `find_idx` finds; raises InputError where there is none."""
    path = find_idx(folder, name)
    if path is None:
        raise InputError(f"{folder / name}: missing; put it there, plain or as .gz")
    return read_idx(path)


def read_idx(path: Path) -> NDArray[np.generic]:
    """The array in an IDX file, plain or gzipped, whatever its name.

    Returns an array of the file's own shape and type, in the machine's byte order. Raises
    InputError when the file is missing, cut, too long, or no IDX file.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from error
    return parse_idx(data, str(path))


def parse_idx(data: bytes, path: str) -> NDArray[np.generic]:
    """The array in the bytes of an IDX file, as `read_idx`; path: names it in errors."""
    data = _unzipped(data, path)
    if len(data) < 4 or data[:2] != b"\0\0" or data[2] not in TYPES or data[3] == 0:
        raise InputError(
            f"{path}: not an IDX file: starts with {data[:4].hex(' ') or 'nothing'}, "
            "expected 00 00, a type (08 for bytes) and a number of dimensions"
        )
    kind, dimensions = np.dtype(TYPES[data[2]]), data[3]
    start = 4 + 4 * dimensions
    if len(data) < start:
        raise InputError(
            f"{path}: cut short in the sizes: {len(data)} bytes, expected {start} or more"
        )
    shape = struct.unpack_from(f">{dimensions}I", data, 4)
    expected = start + math.prod(shape) * kind.itemsize
    if len(data) != expected:
        fault = "cut short" if len(data) < expected else "too long"
        sizes = " x ".join(map(str, shape))
        raise InputError(
            f"{path}: {fault}: {len(data)} bytes, expected {expected} for {sizes} values"
        )
    values = np.frombuffer(data, kind, offset=start).reshape(shape)
    return values.astype(kind.newbyteorder("="))


def _unzipped(data: bytes, path: str) -> bytes:
    try:
        return gzip.decompress(data) if data[:2] == GZIP_MAGIC else data
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError(f"{path}: damaged or cut gzip file ({error})") from error
