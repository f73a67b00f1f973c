"""Measures a network on MNIST's test images, drawings, IDX or NPZ files, or folders of pictures."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from models.ink.jsonl import read_drawings
from models.ink.strokes import Drawing
from models.pictures.picture import ink_of, read_picture
from models.preprocessing.mnist_form import SIDE, picture_to_image, strokes_to_image
from models.recognition.card import Card
from models.recognition.labels import DIGITS, label_of_folder, merged
from models.recognition.network import Network
from models.util.errors import InputError
from training.data.examples import Rendered, nondigits_of, render
from training.data.outliers import SHARES
from training.datasets import DigitSet, load_emnist_test, load_mnist_test, load_sets
from training.datasets.idx import read_idx
from training.datasets.split import Part, parts_of
from training.evaluation.scores import Scores, refusal_auroc

HELD_OUT = ("unipen", "pendigits")  # sets by name whose held-out writers are known
PICTURES = {".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".webp", ".pgm"}
LETTERS = 4000  # at most so many are shown to a network that reads digits
Item = TypeVar("Item")


@dataclass(frozen=True, eq=False)
class Target:
    """What is evaluated: images as the network sees them, and the strokes where there are any."""

    name: str
    rendered: Rendered
    drawings: tuple[Drawing, ...] = ()


def score(network: Network, rendered: Rendered, progress: bool = False) -> Scores:
    """What the network makes of rendered images. progress: a bar on the terminal."""
    images = _shown(rendered.images, "images", progress)
    rows = [network.probabilities(image[np.newaxis])[0] for image in images]
    probabilities = np.array(rows).reshape(len(rendered), len(network.labels))
    return Scores(network.card, probabilities, rendered.labels, rendered.writers)


def refusal(digits: Scores, others: Scores, seen: bool) -> dict[str, object]:
    """n, AUROC by confidence, and the share not asserted, of one family of non-digits.

    seen: whether training showed the family as examples of what is no digit.
    """
    return {
        "n": len(others.truth),
        "auroc": round(refusal_auroc(digits.probabilities, others.probabilities), 4),
        "not_asserted": round(float((~others.sure).mean()), 4),
        "seen_in_training": seen,
    }


def seen_in_training(card: Card) -> tuple[str, ...]:
    """The families of non-digits, of `training.data.outliers.SHARES`, that a network was shown."""
    recipe, counts = card.training.get("recipe", {}), card.training.get("counts", {})
    if not recipe.get("nondigits") or not counts.get("drawings"):
        return ()
    known = [name for name in SHARES if name != "letters" or counts.get("letters")]
    return tuple(name for name in known if name not in recipe.get("left_out", ()))


def score_images(network: Network, images: NDArray[np.float32]) -> Scores:
    """What the network makes of images (n, 28, 28) that have no label; the truth is set to 0."""
    return Scores(
        network.card,
        network.probabilities(images),
        np.zeros(len(images), np.int64),
        np.zeros(len(images), np.str_),
    )


def letter_images(
    letters: Sequence[Drawing], fold: int = 0, part: Part = "report", most: int = LETTERS
) -> dict[str, NDArray[np.float32]]:
    """{"letters": images} of letters by held-out writers, without look-alikes; {} for none."""
    held_out = some(nondigits_of(letters, part, fold), most, seed=1)
    images = [strokes_to_image(strokes) for strokes in held_out]
    return {"letters": np.stack(images)} if images else {}


def held_out_drawings(sets: Sequence[DigitSet], part: Part, fold: int = 0) -> tuple[Drawing, ...]:
    """The drawings of one part of those sets that are strokes, in the order of `render`."""
    return tuple(
        drawing
        for digits in sets
        if digits.images is None
        for drawing, each in zip(
            digits.drawings, parts_of(digits.writers, len(digits), fold), strict=True
        )
        if each == part
    )


def some(items: Sequence[Item], most: int, seed: int) -> tuple[Item, ...]:
    """At most so many of the items, by chance, in their order."""
    if len(items) <= most:
        return tuple(items)
    chosen = np.random.default_rng(seed).choice(len(items), most, replace=False)
    return tuple(items[index] for index in sorted(chosen))


def load_target(
    target: str,
    labels: Sequence[str],
    data_dir: Path | None,
    part: Part = "report",
    fold: int = 0,
    as_published: bool = False,
    progress: bool = False,
) -> Target:
    """What `evaluate` is given.

    target: "mnist" or "emnist" for its test images, "unipen" or "pendigits" for the writers of one
    part that the network's fold holds out, or the path of a drawings file, an IDX file of images
    (its labels beside it), an NPZ file, or a folder with a folder of pictures for each class.
    as_published: of those writers also the drawings whose label is wrong. Raises InputError.
    """
    if target == "mnist":
        return Target(target, render([load_mnist_test(data_dir)], None, labels))
    if target == "emnist" and len(labels) > len(DIGITS):
        return Target(target, render([load_emnist_test(data_dir)], None, labels))
    if target == "emnist":
        raise InputError("emnist: most of it are letters; `--model characters` reads them.")
    if target in HELD_OUT:
        sets = load_sets([target], data_dir, as_published, letters=len(labels) > len(DIGITS))
        drawings = held_out_drawings(sets, part, fold)
        return Target(f"{target} ({part} writers)", render(sets, part, labels, fold), drawings)
    path = Path(target)
    if path.is_dir():
        return Target(path.name, _of_folder(path, labels, progress))
    if ".npz" in path.name:
        return Target(path.name, _of_npz(path, labels))
    if "idx" in path.name:
        return Target(path.name, _of_idx(path, labels))
    drawings = tuple(_shown(read_drawings(path), "drawings", progress))
    return Target(path.name, _of_drawings(path, drawings, labels), drawings)


def _of_drawings(path: Path, drawings: Sequence[Drawing], labels: Sequence[str]) -> Rendered:
    classes = []
    for number, drawing in enumerate(drawings, start=1):
        if drawing.label is None:
            raise InputError(
                f"{path}: drawing {drawing.id or number} has no label; every drawing needs a "
                '"label" to be evaluated.'
            )
        classes.append(_class(drawing.label, labels, path))
    images = [strokes_to_image(drawing.strokes) for drawing in drawings]
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


def _shown(items: Iterable[Item], unit: str, progress: bool) -> Iterable[Item]:
    """The items, with a progress bar on the terminal where one is wanted and there is one."""
    hidden = not (progress and sys.stderr.isatty())
    bar: Callable[..., Iterable[Item]] = tqdm
    return bar(items, unit=f" {unit}", disable=hidden, leave=False)
