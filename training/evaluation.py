"""Measures a network on MNIST's test images, drawings, IDX or NPZ files, or folders of pictures."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeVar
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from models.drawings import read_drawings
from models.image import SIDE, picture_to_image, strokes_to_image
from models.ink import Drawing, InputError
from models.network import Network
from models.picture import ink_of, read_picture
from training.augmentation import draw_varied
from training.examples import Rendered, nondigits_of, render
from training.nondigits import random_shape
from training.scores import Scores, refusal_auroc
from training.sets import load_mnist_test
from training.sets.idx import read_idx

PICTURES = {".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".webp", ".pgm"}
_LARGEST = 4000  # non-digits of each family that refusal is measured on
Item = TypeVar("Item")


def score(network: Network, rendered: Rendered, progress: bool = False) -> Scores:
    """What the network makes of rendered images. progress: a bar on the terminal."""
    images = _shown(rendered.images, "images", progress)
    rows = [network.probabilities(image[np.newaxis])[0] for image in images]
    probabilities = np.array(rows).reshape(len(rendered), len(network.labels))
    return Scores(network.card, probabilities, rendered.labels, rendered.writers)


def score_refusal(
    network: Network, digits: Rendered, letters: Sequence[Drawing], fold: int = 0
) -> dict[str, object]:
    """How well digits are told from what is none, by confidence alone.

    Letters (without look-alikes) are by the writers held out for the report; shapes are new ones
    of the families that training showed.
    """
    rng = np.random.default_rng(1)
    held_out = nondigits_of(letters, "report", fold)
    if len(held_out) > _LARGEST:
        held_out = tuple(held_out[i] for i in rng.choice(len(held_out), _LARGEST, replace=False))
    known = score(network, digits)
    result: dict[str, object] = {}
    families = {
        "letters": [strokes_to_image(strokes) for strokes in held_out],
        "shapes": [draw_varied(random_shape(rng), rng) for _ in range(_LARGEST // 4)],
    }
    for name, images in families.items():
        probabilities = network.probabilities(np.stack(images))
        others = Scores(
            network.card,
            probabilities,
            np.zeros(len(images), np.int64),
            np.zeros(len(images), np.str_),
        )
        result[name] = {
            "n": len(images),
            "auroc": round(refusal_auroc(known.probabilities, probabilities), 4),
            "not_asserted": round(float((~others.sure).mean()), 4),
        }
    return result


def load_target(
    target: str, labels: Sequence[str], data_dir: Path | None, progress: bool = False
) -> tuple[str, Rendered]:
    """What `evaluate` is given, as (name of the set, images as the network sees them).

    target: "mnist", or the path of a drawings file, an IDX file of images (its labels beside it),
    an NPZ file, or a folder with a folder of pictures for each class. Raises InputError.
    """
    if target == "mnist":
        return "mnist", render([load_mnist_test(data_dir)], None, labels)
    path = Path(target)
    if path.is_dir():
        return path.name, _of_folder(path, labels, progress)
    name = path.name.removesuffix(".gz")
    if "idx" in name:
        return path.name, _of_idx(path, labels)
    if name.endswith(".npz"):
        return path.name, _of_npz(path, labels)
    return path.name, _of_drawings(path, labels, progress)


def _of_drawings(path: Path, labels: Sequence[str], progress: bool) -> Rendered:
    images: list[NDArray[np.float32]] = []
    classes, writers = [], []
    for drawing in _shown(read_drawings(path), "drawings", progress):
        if drawing.label is None:
            raise InputError(
                f"{path}: drawing {drawing.id or len(images) + 1} has no label; every drawing "
                'needs a "label" to be evaluated.'
            )
        classes.append(_class(drawing.label, labels, path))
        images.append(strokes_to_image(drawing.strokes))
        writers.append(drawing.writer or "")
    return _rendered(path, images, classes, writers)


def _of_folder(path: Path, labels: Sequence[str], progress: bool) -> Rendered:
    found = [
        (picture, label)
        for label in labels
        for picture in sorted((path / label).glob("*"))
        if picture.suffix.lower() in PICTURES
    ]
    images: list[NDArray[np.float32]] = []
    classes = []
    for picture, label in _shown(found, "pictures", progress):
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
        with np.load(path, allow_pickle=False) as arrays:
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
        return labels.index(label)
    except ValueError:
        raise InputError(
            f"{path}: label {label!r} is none of the network's classes, {' '.join(labels)}."
        ) from None


def _shown(items: Iterable[Item], unit: str, progress: bool) -> Iterable[Item]:
    """The items, with a progress bar on the terminal where one is wanted and there is one."""
    hidden = not (progress and sys.stderr.isatty())
    bar: Callable[..., Iterable[Item]] = tqdm
    return bar(items, unit=f" {unit}", disable=hidden, leave=False)
