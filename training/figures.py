"""The figures of a run, as PNG: what the network sees, how it learned, what it mistakes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import matplotlib

matplotlib.use("Agg")  # before pyplot: figures are files, and there may be no display

import numpy as np
import seaborn
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from numpy.typing import NDArray

from models.image import strokes_to_image
from training.scores import Scores
from training.sets import DigitSet

_COLUMNS = 10


def samples(sets: Sequence[DigitSet], path: Path, seed: int = 0) -> None:
    """Three digits of each class from every set, as the network sees them."""
    rng = np.random.default_rng(seed)
    rows = 3
    figure, axes = plt.subplots(len(sets), 1, figsize=(8, 2.8 * len(sets)), squeeze=False)
    for digits, axis in zip(sets, axes[:, 0], strict=True):
        labels = np.array(digits.labels)
        sheet = np.zeros((rows * 28, len(np.unique(labels)) * 28), np.float32)
        for column, label in enumerate(np.unique(labels)):
            members = np.flatnonzero(labels == label)
            for row, index in enumerate(rng.choice(members, min(rows, len(members)), False)):
                place = np.s_[row * 28 : row * 28 + 28, column * 28 : column * 28 + 28]
                sheet[place] = (
                    digits.images[index] / np.float32(255)
                    if digits.images is not None
                    else strokes_to_image(digits.drawings[index].strokes)
                )
        axis.imshow(sheet, cmap="gray", vmin=0, vmax=1)
        axis.set_title(f"{digits.name}: {len(digits):,} digits")
        axis.axis("off")
    _save(figure, path)


def curves(history: Path, path: Path) -> None:
    """Loss and accuracy over the epochs, training beside validation."""
    rows = np.genfromtxt(history, delimiter=",", names=True, ndmin=1)
    figure, axes = plt.subplots(1, 2, figsize=(10, 4))
    for axis, measure in zip(axes, ("loss", "accuracy"), strict=True):
        axis.plot(rows["epoch"] + 1, rows[measure], "o-", ms=3, label="training (varied)")
        axis.plot(rows["epoch"] + 1, rows[f"val_{measure}"], "s--", ms=3, label="validation")
        axis.set_xlabel("epoch")
        axis.set_ylabel(measure)
        axis.xaxis.get_major_locator().set_params(integer=True)
        axis.grid(alpha=0.3)
        axis.legend()
    axes[1].set_ylim(max(0.0, float(rows["val_accuracy"].max()) - 0.1), 1.002)
    _save(figure, path)


def confusion(scores: Scores, path: Path) -> None:
    """Which class is taken for which, in counts; the diagonal is left pale."""
    counts = scores.confusion()
    labels = list(scores.card.labels)
    mistakes = counts.astype(float).copy()
    np.fill_diagonal(mistakes, np.nan)
    side = max(6.0, 0.32 * len(labels) + 2)
    figure, axis = plt.subplots(figsize=(side, side * 0.9))
    seaborn.heatmap(
        mistakes,
        annot=counts if len(labels) <= 20 else None,
        fmt="d",
        cmap="rocket_r",
        xticklabels=labels,
        yticklabels=labels,
        cbar_kws={"label": "mistakes"},
        linewidths=0.5,
        linecolor="#eeeeee",
        ax=axis,
    )
    # Where there is no mistake seaborn leaves a cell out, its number too: the right ones go here.
    if len(labels) <= 20:
        for index in range(len(labels)):
            axis.text(
                index + 0.5, index + 0.5, counts[index, index], ha="center", va="center", size=9
            )
    axis.set_xlabel("answer")
    axis.set_ylabel("truth")
    axis.set_title(f"{scores.right.sum():,} of {len(scores.truth):,} right")
    _save(figure, path)


def mistakes(scores: Scores, images: NDArray[np.float32], path: Path, most: int = 40) -> None:
    """The most confident mistakes, with truth and answer; images: (n, 28, 28) of the scores."""
    wrong = np.flatnonzero(~scores.right)
    wrong = wrong[np.argsort(-scores.confidence[wrong])][:most]
    rows = max(1, -(-len(wrong) // _COLUMNS))
    figure, axes = plt.subplots(rows, _COLUMNS, figsize=(11, 1.45 * rows + 0.6), squeeze=False)
    labels = scores.card.labels
    for axis in axes.flat:
        axis.axis("off")
    for axis, index in zip(axes.flat, wrong, strict=False):
        axis.imshow(images[index], cmap="gray", vmin=0, vmax=1)
        axis.set_title(
            f"{labels[scores.truth[index]]} read as {labels[scores.predicted[index]]}\n"
            f"{scores.confidence[index]:.0%}",
            fontsize=8,
        )
    figure.suptitle(f"{len(wrong)} most confident of {int((~scores.right).sum())} mistakes")
    _save(figure, path)


def reliability(scores: Scores, path: Path, bins: int = 15) -> None:
    """Reliability diagram: how often answers of each confidence are right."""
    which = np.minimum((scores.confidence * bins).astype(int), bins - 1)
    used = [index for index in range(bins) if (which == index).any()]
    confidence = [scores.confidence[which == index].mean() for index in used]
    accuracy = [scores.right[which == index].mean() for index in used]
    figure, (above, below) = plt.subplots(
        2, 1, figsize=(5, 6), height_ratios=(3, 1), sharex=True, layout="constrained"
    )
    above.plot([0, 1], [0, 1], ":", color="gray", label="perfect")
    above.plot(confidence, accuracy, "o-", label=f"measured, error {_ece(scores):.2%}")
    above.set_ylabel("share that is right")
    above.grid(alpha=0.3)
    above.legend()
    below.hist(scores.confidence, bins=bins, range=(0, 1))
    below.set_yscale("log")
    below.set_xlabel("confidence")
    below.set_ylabel("answers")
    _save(figure, path)


def _ece(scores: Scores) -> float:
    return float(scores.summary()["calibration_error"])  # type: ignore[arg-type]


def _save(figure: Figure, path: Path) -> None:
    figure.savefig(path, dpi=120, bbox_inches="tight")
    plt.close(figure)
