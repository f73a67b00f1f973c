"""IDX files and MNIST: read exactly, and refused with the reason when they are damaged."""

from __future__ import annotations

import gzip
import shutil
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from models.util.errors import InputError
from tests.helpers.data import data_dir
from training.datasets.idx import TYPES, read_idx
from training.datasets.mnist import IDX_FILES, find_mnist, read_mnist


def idx_bytes(values: np.ndarray, kind: int = 0x08) -> bytes:
    head = struct.pack(f">BBBB{values.ndim}I", 0, 0, kind, values.ndim, *values.shape)
    return head + values.astype(TYPES[kind]).tobytes()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("idx")


@given(
    st.sampled_from(sorted(TYPES)).flatmap(
        lambda kind: st.tuples(
            st.just(kind),
            arrays.arrays(
                np.dtype(TYPES[kind]).newbyteorder("="),
                arrays.array_shapes(max_dims=4, min_side=0, max_side=5),
            ),
        )
    ),
    st.booleans(),
)
def test_every_type_and_shape_comes_back(
    folder: Path, written: tuple[int, np.ndarray], gzipped: bool
) -> None:
    kind, values = written
    data = idx_bytes(values, kind)
    path = folder / "values"
    path.write_bytes(gzip.compress(data) if gzipped else data)
    read = read_idx(path)
    assert read.dtype == values.dtype
    np.testing.assert_array_equal(read, values)


DIGITS = np.arange(2 * 28 * 28, dtype=np.uint8).reshape(2, 28, 28)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not an IDX file: starts with nothing"),
        (b"\x89PNG\r\n\x1a\n", "not an IDX file: starts with 89 50 4e 47"),
        (idx_bytes(DIGITS)[:10], "cut short in the sizes: 10 bytes, expected 16"),
        (idx_bytes(DIGITS)[:-1], "cut short: 1583 bytes, expected 1584 for 2 x 28 x 28"),
        (idx_bytes(DIGITS) + b"\0", "too long: 1585 bytes, expected 1584"),
        (gzip.compress(idx_bytes(DIGITS), mtime=0)[:-30], "damaged or cut gzip file"),
        (gzip.compress(idx_bytes(DIGITS), mtime=0)[:-8] + bytes(8), "damaged or cut gzip file"),
    ],
)
def test_a_damaged_idx_file_is_named_with_the_reason(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    path = tmp_path / "images-idx3-ubyte"
    path.write_bytes(content)
    with pytest.raises(InputError) as error:
        read_idx(path)
    assert str(error.value).startswith(f"{path}: {reason}")
    assert "\n" not in str(error.value)


def test_a_missing_idx_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nothing-here: cannot be read: No such file"):
        read_idx(tmp_path / "nothing-here")


def test_mnist_as_published_and_as_keras_has_it(tmp_path: Path) -> None:
    path = find_mnist(data_dir("mnist"))
    assert path is not None
    images, labels = read_mnist(path, "train")
    test_images, test_labels = read_mnist(path, "test")
    # LeCun's page shows the first ten training digits as 5 0 4 1 9 2 1 3 1 4.
    assert labels[:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]
    assert (images.shape, test_images.shape) == ((60_000, 28, 28), (10_000, 28, 28))
    assert images[:, 0, 0].max() == 0  # the corner is paper, so paper is 0

    (tmp_path / "mnist").mkdir()
    npz = tmp_path / "mnist" / "mnist.npz"
    np.savez(npz, x_train=images, y_train=labels, x_test=test_images, y_test=test_labels)
    assert find_mnist(tmp_path) == npz
    np.testing.assert_array_equal(read_mnist(npz, "test")[0], test_images)

    npz.write_bytes(npz.read_bytes()[:5_000_000])
    with pytest.raises(InputError, match=r"mnist\.npz: damaged or cut NPZ file"):
        read_mnist(npz, "train")


def test_a_set_that_is_not_mnist_is_refused(tmp_path: Path) -> None:
    images, labels = IDX_FILES["train"]
    (tmp_path / images).write_bytes(idx_bytes(DIGITS))
    (tmp_path / labels).write_bytes(idx_bytes(np.array([3, 8], dtype=np.uint8)))
    with pytest.raises(InputError, match="60000 x 28 x 28 bytes, found 2 x 28 x 28 of uint8"):
        read_mnist(tmp_path, "train")


def test_an_incomplete_mnist_names_what_it_lacks(tmp_path: Path) -> None:
    inside = tmp_path / "mnist"
    shutil.copytree(data_dir("mnist") / "mnist", inside)
    next(inside.glob("t10k-labels*")).unlink()
    with pytest.raises(InputError, match=r"are missing: t10k-labels-idx1-ubyte \("):
        find_mnist(tmp_path)
