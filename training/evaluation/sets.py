"""What a network is evaluated on: sets by name, drawings, IDX or NPZ files, folders of pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from models.ink.jsonl import read_drawings
from models.ink.strokes import Drawing
from models.pictures.files import read_picture
from models.pictures.ink import ink_of
from models.preprocessing.mnist_form import SIDE, picture_to_image
from models.recognition.labels import DIGITS, label_of_folder, merged
from models.recognition.network import Network
from models.util.errors import InputError
from training.data.examples import Rendered, held_out_drawings, render
from training.datasets.idx import read_idx
from training.datasets.load import load_emnist_test, load_mnist_test, load_sets
from training.datasets.split import Split
from training.evaluation.scores import progress_bar

# Sets by name whose held-out writers are known.
HELD_OUT = ("unipen", "pendigits", "digilets", "swiss")
_UNTRAINED = "optdigits"  # a set that no shipped network was trained on: all of it is measured
PICTURES = {".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".webp", ".pgm"}


@dataclass(frozen=True, eq=False)
class EvaluationSet:
    """What is evaluated: images as the network sees them, and drawings where there are any.

    name: of the set, for people. rendered: its images. drawings: in the same order, or none.
    """

    name: str
    rendered: Rendered
    drawings: tuple[Drawing, ...] = ()


def load_evaluation_set(
    target: str,
    network: Network,
    data_dir: Path | None,
    split: Split = "report",
    fold: int = 0,
    as_published: bool = False,
    progress: bool = False,
) -> EvaluationSet:
    """Loads what `evaluate` is given; raises InputError.

    target: "mnist" or "emnist" for its test images, one of HELD_OUT for its held-out writers,
        "optdigits" for all of it, or the path of a drawings file, an IDX file of images (its
        labels beside it), an NPZ file, or a folder with a folder of pictures for each class.
    network: that is evaluated.
    data_dir: where the sets are.
    split, fold: which held-out writers.
    as_published: of those writers also the drawings whose label is wrong.
    progress: a bar on the terminal.
    """
    labels, channels = network.labels, network.channels
    if target == "mnist":
        return EvaluationSet(target, render([load_mnist_test(data_dir)], None, labels))
    if target == "emnist" and len(labels) > len(DIGITS):
        return EvaluationSet(target, render([load_emnist_test(data_dir)], None, labels))
    if target == "emnist":
        raise InputError("emnist: most of it are letters; `--model characters` reads them.")
    if target in HELD_OUT:
        sets = load_sets([target], data_dir, as_published, letters=len(labels) > len(DIGITS))
        drawings = held_out_drawings(sets, split, fold)
        name = f"{target} ({split} writers)"
        return EvaluationSet(name, render(sets, split, labels, fold, channels), drawings)
    if target == _UNTRAINED:
        if target in network.card.training["sets"]:
            raise InputError(f"{target}: the network was trained on it; its card has what was not.")
        sets = load_sets([target], data_dir)
        return EvaluationSet(target, render(sets, None, labels, channels=channels))
    path = Path(target)
    if path.is_dir():
        return EvaluationSet(path.name, _of_folder(path, labels, progress))
    if ".npz" in path.name:
        return EvaluationSet(path.name, _of_npz(path, labels))
    if "idx" in path.name:
        return EvaluationSet(path.name, _of_idx(path, labels))
    drawings = tuple(progress_bar(read_drawings(path), "drawings", progress))
    return EvaluationSet(path.name, _of_drawings(path, drawings, network), drawings)


def _of_drawings(path: Path, drawings: Sequence[Drawing], network: Network) -> Rendered:
    classes = []
    for number, drawing in enumerate(drawings, start=1):
        if drawing.label is None:
            raise InputError(
                f"{path}: drawing {drawing.id or number} has no label; every drawing needs a "
                '"label" to be evaluated.'
            )
        classes.append(_class(drawing.label, network.labels, path))
    images = [network.drawn(drawing.strokes) for drawing in drawings]
    return _rendered(path, images, classes, [drawing.writer or "" for drawing in drawings])


def _of_folder(path: Path, labels: Sequence[str], progress: bool) -> Rendered:
    found = [
        (picture, merged(label_of_folder(folder.name)))
        for folder in sorted(path.iterdir())
        if folder.is_dir() and merged(label_of_folder(folder.name)) in labels
        for picture in sorted(folder.glob("*"))
        if picture.suffix.lower() in PICTURES
    ]
    images: list[NDArray[np.float32]] = []
    classes = []
    for picture, label in progress_bar(found, "pictures", progress):
        ink = ink_of(read_picture(picture))
        if not ink.any():
            raise InputError(f"{picture}: nothing is written on it; remove it from the folder.")
        images.append(picture_to_image(ink))
        classes.append(labels.index(label))
    if not images:
        raise InputError(
            f"{path}: no pictures in folders named after the classes "
            f"({labels[0]}/ to {labels[-1]}/) there."
        )
    return _rendered(path, images, classes, [""] * len(images))


def _of_idx(path: Path, labels: Sequence[str]) -> Rendered:
    beside = path.with_name(path.name.replace("images", "labels").replace("idx3", "idx1"))
    if beside == path or not beside.exists():
        raise InputError(
            f"{path}: its labels are missing; they are looked for in {beside.name} beside a file "
            "named …-images-idx3-ubyte."
        )
    return _of_arrays(path, read_idx(path), read_idx(beside), labels)


def _of_npz(path: Path, labels: Sequence[str]) -> Rendered:
    try:
        # Opened here, since NumPy leaves a file open that turns out to be damaged.
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            for images, truth in (("x_test", "y_test"), ("images", "labels"), ("x", "y")):
                if images in arrays and truth in arrays:
                    return _of_arrays(path, arrays[images], arrays[truth], labels)
            held = ", ".join(arrays.files)
    except (OSError, ValueError, EOFError, BadZipFile) as error:
        raise InputError(f"{path}: not a whole NPZ file ({str(error).splitlines()[0]}).") from None
    raise InputError(f"{path}: holds {held}; x_test and y_test, or images and labels, would do.")


def _of_arrays(
    path: Path, images: NDArray[np.generic], truth: NDArray[np.generic], labels: Sequence[str]
) -> Rendered:
    if images.ndim == 4 and images.shape[-1] == 1:
        images = images[..., 0]
    if images.shape[1:] != (SIDE, SIDE) or truth.shape != (len(images),):
        raise InputError(
            f"{path}: images {images.shape} and labels {truth.shape}; (n, {SIDE}, {SIDE}) and "
            "(n,) would be right."
        )
    grey = np.asarray(images, dtype=np.float32)
    if images.dtype == np.uint8 or grey.max(initial=0) > 1:
        grey = np.asarray(grey / 255, dtype=np.float32)
    classes = [_class(str(label), labels, path) for label in truth]
    return _rendered(path, list(grey), classes, [""] * len(grey))


def _rendered(
    path: Path, images: list[NDArray[np.float32]], classes: list[int], writers: list[str]
) -> Rendered:
    if not images:
        raise InputError(f"{path}: holds nothing to evaluate.")
    return Rendered(
        np.stack(images),
        np.array(classes, dtype=np.int64),
        np.full(len(images), path.name, dtype=np.object_).astype(np.str_),
        np.array(writers, dtype=np.str_),
    )


def _class(label: str, labels: Sequence[str], path: Path) -> int:
    try:
        return labels.index(merged(label))
    except ValueError:
        raise InputError(
            f"{path}: label {label!r} is none of the network's classes, {' '.join(labels)}."
        ) from None
