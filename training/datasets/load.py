"""The data sets by name, read whole into memory, with their licences and writers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from models.ink.strokes import Drawing
from models.recognition.labels import DIGITS as DIGIT_LABELS
from models.util.errors import InputError
from training.datasets.digilets import DIGILETS, read_digilets, without_stray_dots
from training.datasets.emnist import EMNIST, read_emnist
from training.datasets.fetch import Published, locate
from training.datasets.fragments import fragment
from training.datasets.mine import read_mine
from training.datasets.mislabelled import mislabelled
from training.datasets.mnist import MNIST, read_mnist
from training.datasets.optdigits import read_optdigits
from training.datasets.pendigits import PENDIGITS, read_pendigits
from training.datasets.swiss import FILE as SWISS_FILE
from training.datasets.swiss import LICENCE as SWISS_LICENCE
from training.datasets.swiss import PUBLISHER as SWISS_PUBLISHER
from training.datasets.swiss import read_swiss
from training.datasets.unipen import DIGITS, LOWER, UNIPEN, UPPER, read_unipen

# The licence of each set, its publisher and its address.
LICENCES = {
    "mnist": (
        "CC BY-SA 3.0",
        "Y. LeCun, C. Cortes, C. Burges: The MNIST database of handwritten digits; "
        "https://yann.lecun.com/exdb/mnist",
    ),
    "unipen": (
        "CC BY 4.0 (Zenodo); the original CD-ROM's notice: research use, no commercial "
        "distribution of the data",
        "International Unipen Foundation: train_r01_v07, 1999; https://zenodo.org/records/1195803",
    ),
    "pendigits": (
        "CC BY 4.0",
        "E. Alpaydin, F. Alimoglu: Pen-Based Recognition of Handwritten Digits, UCI, 1998; "
        "https://archive.ics.uci.edu/dataset/81",
    ),
    "digilets": (
        "none stated; its authors ask to be cited",
        "S. Fabi, S. Otte, M. V. Butz and others: DigiLeTs, University of Tübingen, 2021; "
        "https://github.com/CognitiveModeling/DigiLeTs",
    ),
    "swiss": (SWISS_LICENCE, SWISS_PUBLISHER),
    "optdigits": (
        "CC BY 4.0",
        "E. Alpaydin, C. Kaynak: Optical Recognition of Handwritten Digits, UCI, 1998; "
        "https://archive.ics.uci.edu/dataset/80",
    ),
    "emnist": (
        "none stated; made from NIST Special Database 19, a work of the US government",
        "G. Cohen, S. Afshar, J. Tapson, A. van Schaik: EMNIST Balanced, 2017; "
        "https://www.nist.gov/itl/products-and-services/emnist-dataset",
    ),
    "mine": ("your own", "the samples of the profiles on your computer"),
}
NAMES = tuple(LICENCES)
LETTERED = frozenset({"unipen", "digilets", "emnist"})  # sets that have letters beside digits

Read = TypeVar("Read")


@dataclass(frozen=True, eq=False)
class Dataset:
    """Labelled handwriting: pictures or drawings, never both.

    name: of the set, one of NAMES.
    licence, publisher: as the model card states them.
    images: (n, 28, 28) uint8, 0 = paper to 255 = ink, as the network sees them, or None.
    drawings: n drawings as strokes, or none.
    labels: n texts.
    writers: n names, or None where they are not known.
    left_out: how many drawings of the published set are missing here, since their label is wrong.
    """

    name: str
    licence: str
    publisher: str
    images: NDArray[np.uint8] | None
    drawings: tuple[Drawing, ...]
    labels: tuple[str, ...]
    writers: tuple[str, ...] | None
    left_out: int = 0

    def __len__(self) -> int:
        return len(self.labels)


def load_sets(
    names: Sequence[str],
    data_dir: Path | None = None,
    as_published: bool = False,
    letters: bool = False,
) -> list[Dataset]:
    """Loads the sets to train on, in the order of `names`.

    names: out of NAMES; "mine" comes from the profiles in the player's folder.
    data_dir: where the other sets are looked for, else in the folder that DATA_DIR names, else in
        the cache; they are fetched from their publishers into the cache where they are missing.
    as_published: with the drawings whose label is wrong (`mislabelled.py`).
    letters: with letters, not of digits only.

    EMNIST's digits may be the very ones of MNIST's test images, since both are cut from the same
    forms: EMNIST is for letters, and beside MNIST only its letters are loaded. Raises InputError
    for an unknown name, and one that names every file that can neither be found nor fetched.
    """
    for name in names:
        if name not in NAMES:
            raise InputError(f"no set is called {name!r}; there are {', '.join(NAMES)}")
    if "emnist" in names and not letters:
        raise InputError(
            "emnist is for --model characters: its digits may be those of MNIST's test images."
        )
    # First, since there may be none, and the others take long to fetch.
    own = {"mine": _of_drawings("mine", read_mine(letters))} if "mine" in names else {}
    needed = [one for one in (MNIST, UNIPEN, PENDIGITS, DIGILETS, EMNIST) if one.name in names]
    paths = {one.name: path for one, path in zip(needed, locate(needed, data_dir), strict=True)}
    own |= {"swiss": _swiss(data_dir)} if "swiss" in names else {}
    sets = [
        own[name] if name in own else _load(name, paths.get(name), letters)
        for name in dict.fromkeys(names)
    ]
    if "mnist" in names:
        sets = [_letters_of(each) if each.name == "emnist" else each for each in sets]
    return sets if as_published else [_cleaned(dataset) for dataset in sets]


def load_letters(data_dir: Path | None = None) -> tuple[Drawing, ...]:
    """UNIPEN's upper and lower case letters: outliers for a network of digits."""
    (path,) = locate([UNIPEN], data_dir)
    letters = _read_whole(UNIPEN, path, lambda: read_unipen(path, (UPPER, LOWER)))
    return letters[UPPER] + letters[LOWER]


def load_mnist_test(data_dir: Path | None = None) -> Dataset:
    """MNIST's 10,000 test images: only ever reported on, never trained or chosen on."""
    (path,) = locate([MNIST], data_dir)
    images, labels = _read_whole(MNIST, path, lambda: read_mnist(path, "test"))
    return _of_images("mnist", images, [str(label) for label in labels])


def load_emnist_test(data_dir: Path | None = None) -> Dataset:
    """EMNIST Balanced's 18,800 test images; a network that knows MNIST may know its digits."""
    (path,) = locate([EMNIST], data_dir)
    return _of_images("emnist", *_read_whole(EMNIST, path, lambda: read_emnist(path, "test")))


def _load(name: str, path: Path | None, letters: bool) -> Dataset:
    """One of NAMES. path: where it lies; None for optdigits alone, which comes with a package."""
    if path is None:
        assert name == "optdigits"
        return _of_images("optdigits", *read_optdigits())
    if name == "mnist":
        images, labels = _read_whole(MNIST, path, lambda: read_mnist(path, "train"))
        return _of_images(name, images, [str(label) for label in labels])
    if name == "emnist":
        return _of_images(name, *_read_whole(EMNIST, path, lambda: read_emnist(path, "train")))
    if name == "unipen":
        wanted = (DIGITS, UPPER, LOWER) if letters else (DIGITS,)
        found = _read_whole(UNIPEN, path, lambda: read_unipen(path, wanted))
        return _of_drawings(name, tuple(each for category in wanted for each in found[category]))
    if name == "digilets":
        drawings = _read_whole(DIGILETS, path, lambda: read_digilets(path))
        return _of_drawings(name, tuple(d for d in drawings if letters or d.label in DIGIT_LABELS))
    assert name == "pendigits"
    return _of_drawings(name, _read_whole(PENDIGITS, path, lambda: read_pendigits(path)))


def _swiss(data_dir: Path | None) -> Dataset:
    """Scanned digits; raises InputError where no data folder has the file: nobody publishes it."""
    found = read_swiss(data_dir)
    if found is None:
        raise InputError(
            f"swiss: no data folder has {SWISS_FILE}; name one with --data-dir, or leave swiss out "
            "of --sets"
        )
    labels = [str(label) for label in found.labels]
    return _of_images("swiss", found.as_network_sees(), labels, found.writers)


def _letters_of(dataset: Dataset) -> Dataset:
    """The letters of a set of images."""
    assert dataset.images is not None
    kept = [index for index, label in enumerate(dataset.labels) if label not in DIGIT_LABELS]
    labels = [dataset.labels[index] for index in kept]
    return _of_images(dataset.name, dataset.images[kept], labels)


def _cleaned(dataset: Dataset) -> Dataset:
    """The set without the drawings that don't show what their label says, and without the stray
    dots of DigiLeTs' pens.
    """
    if dataset.name == "digilets":
        return _of_drawings(dataset.name, tuple(map(without_stray_dots, dataset.drawings)))
    wrong = mislabelled(dataset.name)
    kept = tuple(
        drawing for drawing in dataset.drawings if drawing.id not in wrong and not fragment(drawing)
    )
    left_out = len(dataset.drawings) - len(kept)
    return _of_drawings(dataset.name, kept, left_out) if left_out else dataset


def _read_whole(one: Published, path: Path, read: Callable[[], Read]) -> Read:
    """Calls `read`; its InputError also says what to do about a damaged set."""
    try:
        return read()
    except InputError as error:
        raise InputError(
            f"{error}; delete {path} and run again, and {one.name} is fetched from {one.url}"
        ) from error


def _of_images(
    name: str,
    images: NDArray[np.uint8],
    labels: Sequence[str],
    writers: tuple[str, ...] | None = None,
) -> Dataset:
    return Dataset(name, *LICENCES[name], images, (), tuple(labels), writers)


def _of_drawings(name: str, drawings: tuple[Drawing, ...], left_out: int = 0) -> Dataset:
    labels = tuple(drawing.label or "" for drawing in drawings)
    writers = tuple(drawing.writer or "" for drawing in drawings)
    return Dataset(name, *LICENCES[name], None, drawings, labels, writers, left_out)
