"""EMNIST as NIST publishes it: found packed or not, set upright, refused where it is damaged."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from models.preprocessing.mnist_form import strokes_to_image
from models.recognition.labels import CHARACTERS
from models.util.errors import InputError
from tests.helpers.samples import samples
from tests.training.datasets.test_mnist import idx_bytes
from training.datasets.emnist import ARCHIVE, check_emnist, find_emnist, read_emnist
from training.datasets.load import load_emnist_test, load_sets

Images = NDArray[np.uint8]
# Numbers of the classes 0, 9, A, Z, a and t.
NUMBERS = np.array([0, 9, 10, 35, 36, 46], np.uint8)


def upright() -> Images:
    """Six images; each a sample, as it is to be seen."""
    drawn = [strokes_to_image(drawing.strokes) for drawing in samples()[:6]]
    return (np.stack(drawn) * 255).astype(np.uint8)


def write(folder: Path, images: Images | None = None, numbers: Images = NUMBERS) -> dict[str, Path]:
    """The four files as NIST has them, gzipped and each image transposed, by their names."""
    images = upright() if images is None else images
    folder.mkdir(parents=True, exist_ok=True)
    paths = {}
    for part in ("train", "test"):
        for kind, values in (("images-idx3", images.transpose(0, 2, 1)), ("labels-idx1", numbers)):
            path = folder / f"emnist-balanced-{part}-{kind}-ubyte.gz"
            path.write_bytes(gzip.compress(idx_bytes(np.ascontiguousarray(values)), mtime=0))
            paths[f"{part} {kind[:6]}"] = path
    return paths


def pack(folder: Path, path: Path, inside: str = "gzip/") -> None:
    """NIST's archive of the files in a folder, with others that it holds, too."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{inside}emnist-letters-train-images-idx3-ubyte.gz", b"another set")
        for file in sorted(folder.iterdir()):
            archive.write(file, inside + file.name)


@pytest.mark.parametrize("place", ["emnist", "emnist/gzip", "plain", "archive", "archive, flat"])
def test_it_is_found_and_read_upright(tmp_path: Path, place: str) -> None:
    folder = tmp_path / (place if place.startswith("emnist") else "emnist")
    if place.startswith("archive"):
        write(tmp_path / "made")
        pack(tmp_path / "made", folder / ARCHIVE, "" if "flat" in place else "gzip/")
    for path in () if place.startswith("archive") else write(folder).values():
        if place == "plain":
            path.with_suffix("").write_bytes(gzip.decompress(path.read_bytes()))
            path.unlink()
    found = find_emnist(tmp_path)
    assert found is not None and find_emnist(tmp_path / "elsewhere") is None
    images, labels = read_emnist(found, "test")
    np.testing.assert_array_equal(images, upright())
    assert labels == ["0", "9", "A", "Z", "a", "t"]


def test_beside_mnist_only_its_letters_are_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "emnist")
    (alone,) = load_sets(["emnist"], tmp_path, letters=True)
    assert alone.labels == ("0", "9", "A", "Z", "a", "t") and alone.writers is None
    assert alone.images is not None and "NIST" in alone.licence + alone.publisher
    assert load_emnist_test(tmp_path).labels == alone.labels

    monkeypatch.setattr("training.datasets.mnist.COUNTS", {"train": 6, "test": 6})
    (tmp_path / "mnist").mkdir()
    for part in ("train", "t10k"):
        for kind, values in (("images-idx3", upright()), ("labels-idx1", np.arange(6))):
            path = tmp_path / "mnist" / f"{part}-{kind}-ubyte"
            path.write_bytes(idx_bytes(np.asarray(values, np.uint8)))
    _, beside = load_sets(["mnist", "emnist"], tmp_path, letters=True)
    assert beside.labels == ("A", "Z", "a", "t") and beside.images is not None
    np.testing.assert_array_equal(beside.images, upright()[2:])


def test_a_network_of_digits_is_not_trained_on_it(tmp_path: Path) -> None:
    write(tmp_path / "emnist")
    with pytest.raises(InputError, match=r"--model characters.*MNIST's test") as error:
        load_sets(["emnist"], tmp_path)
    assert "\n" not in str(error.value)


def test_a_download_has_to_be_whole(tmp_path: Path) -> None:
    write(tmp_path)
    with pytest.raises(InputError, match="6 images to train, expected 112800"):
        check_emnist(tmp_path)


def refused(path: Path, expected: str) -> None:
    with pytest.raises(InputError, match=expected) as error:
        for part in ("train", "test"):
            read_emnist(path, part)
    assert "\n" not in str(error.value) and str(path) in str(error.value)


def test_what_is_damaged_or_missing_is_named_in_one_line(tmp_path: Path) -> None:
    folder = tmp_path / "emnist"
    paths = write(folder)
    whole = paths["train images"].read_bytes()
    paths["train images"].write_bytes(whole[:-30])
    refused(folder, "train-images-idx3-ubyte.gz: damaged or cut gzip file")

    pack(folder, tmp_path / ARCHIVE)
    refused(tmp_path / ARCHIVE, "gzip/emnist-balanced-train-images.*damaged or cut gzip file")
    (tmp_path / ARCHIVE).write_bytes((tmp_path / ARCHIVE).read_bytes()[:-40])
    refused(tmp_path / ARCHIVE, "damaged or cut archive")
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as other:
        other.writestr("readme.txt", "letters")
    refused(tmp_path / "other.zip", "has no emnist-balanced-train-images")

    paths["train images"].unlink()
    with pytest.raises(InputError, match="missing: emnist-balanced-train-images-idx3-ubyte"):
        find_emnist(tmp_path)
    refused(folder, "emnist-balanced-train-images-idx3-ubyte: missing")


def test_what_is_no_emnist_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "by_class", numbers=np.array([0, 9, 10, 35, 36, 61], np.uint8))
    refused(tmp_path / "by_class", "labels are 0 to 46, found 0 to 61")
    write(tmp_path / "fewer", numbers=NUMBERS[:5])
    refused(tmp_path / "fewer", "5 labels for 6 images")
    write(tmp_path / "small", images=np.zeros((6, 20, 20), np.uint8))
    refused(tmp_path / "small", "should be n x 28 x 28 bytes, found 6 x 20 x 20")
    assert len(CHARACTERS) == 47
