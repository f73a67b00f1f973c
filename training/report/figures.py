"""The figures of a run and a report, as PNG."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import cast

import matplotlib

matplotlib.use("Agg")  # before pyplot: figures are files, and there may be no display

import numpy as np
import seaborn
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import LogLocator, MaxNLocator
from numpy.typing import NDArray

from models.preprocessing.mnist_form import strokes_to_image
from models.recognition.labels import merged
from models.util.statistics import wilson_interval
from training.datasets.load import Dataset
from training.evaluation.refusal import refusal_auroc
from training.evaluation.robustness import Robustness
from training.evaluation.scores import Scores
from training.experiments.cross_validation import DoubtfulLabel

MISTAKES = 40  # that are shown
_COLUMNS = 10


def samples(sets: Sequence[Dataset], path: Path, seed: int = 0) -> None:
    """Three images of each class from every set, as the network sees them."""
    rng = np.random.default_rng(seed)
    rows = 3
    merge = [np.array([merged(label) for label in dataset.labels]) for dataset in sets]
    width = max(8.0, 0.5 * max(len(np.unique(labels)) for labels in merge))
    figure, axes = plt.subplots(len(sets), 1, figsize=(width, 2.8 * len(sets)), squeeze=False)
    for dataset, labels, axis in zip(sets, merge, axes[:, 0], strict=True):
        sheet = np.zeros((rows * 28, len(np.unique(labels)) * 28), np.float32)
        for column, label in enumerate(np.unique(labels)):
            chosen = np.flatnonzero(labels == label)
            for row, index in enumerate(rng.choice(chosen, min(rows, len(chosen)), False)):
                cell = np.s_[row * 28 : row * 28 + 28, column * 28 : column * 28 + 28]
                sheet[cell] = (
                    dataset.images[index] / np.float32(255)
                    if dataset.images is not None
                    else strokes_to_image(dataset.drawings[index].strokes)
                )
        axis.imshow(sheet, cmap="gray", vmin=0, vmax=1)
        axis.set_title(f"{dataset.name}: {len(dataset):,} in all")
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
    """The confusion matrix, in counts; its diagonal is left pale."""
    counts = scores.confusion()
    labels = list(scores.card.labels)
    mistakes = counts.astype(float).copy()
    np.fill_diagonal(mistakes, np.nan)
    side = max(6.0, 0.32 * len(labels) + 2)
    size = 9 if len(labels) <= 20 else 6.5
    figure, axis = plt.subplots(figsize=(side, side * 0.9))
    seaborn.heatmap(
        mistakes,
        annot=np.where(counts, counts.astype(str), ""),
        annot_kws={"size": size},
        fmt="",
        vmin=0,
        vmax=max(1, np.nanmax(mistakes)),
        cmap="rocket_r",
        xticklabels=labels,
        yticklabels=labels,
        cbar_kws={"label": "mistakes", "ticks": MaxNLocator(integer=True)},
        linewidths=0.5,
        linecolor="#eeeeee",
        ax=axis,
    )
    # Where there is no mistake seaborn leaves a cell out, its number too: the right ones go here.
    for place, right in enumerate(counts.diagonal()):
        axis.text(place + 0.5, place + 0.5, right, ha="center", va="center", size=size)
    axis.set_xlabel("answer")
    axis.set_ylabel("truth")
    axis.set_title(f"{scores.right.sum():,} of {len(scores.truth):,} right")
    _save(figure, path)


def mistakes(scores: Scores, images: NDArray[np.float32], path: Path) -> None:
    """The most confident mistakes, with truth and answer; images: (n, 28, 28) of the scores."""
    wrong = scores.mistakes()
    shown = wrong[:MISTAKES]
    rows = max(1, -(-len(shown) // _COLUMNS))
    figure, axes = plt.subplots(
        rows, _COLUMNS, figsize=(11, 1.4 * rows + 0.5), squeeze=False, layout="constrained"
    )
    _misread(scores, images, shown, list(axes.flat))
    title = f"{len(shown)} most confident of {len(wrong)} mistakes"
    figure.suptitle(title if len(wrong) else f"no mistake in {len(scores.truth):,}")
    _save(figure, path)


def worst_writers(scores: Scores, images: NDArray[np.float32], path: Path, most: int = 8) -> None:
    """Misread drawings of the worst writers, a row for each, so that their styles are seen."""
    worst = [writer for writer in scores.worst_writers() if writer.mistakes][:most]
    rows = max(1, len(worst))
    figure = plt.figure(figsize=(11, 1.65 * rows + 0.5), layout="constrained")
    figure.suptitle("Misread drawings of the worst writers" if worst else "Nobody was misread")
    for row, part in enumerate(np.atleast_1d(np.array(figure.subfigures(rows, 1)))):
        axes = part.subplots(1, _COLUMNS)
        shown = np.zeros(0, np.int64)
        if worst:
            writer = worst[row]
            low, high = writer.interval
            part.suptitle(
                f"{writer.name}: {writer.mistakes} of {writer.n} misread, {writer.accuracy:.1%} "
                f"right (95 % interval {low:.1%} to {high:.1%})",
                fontsize=9,
                fontweight="bold",
                x=0.01,
                ha="left",
            )
            wrong = scores.mistakes()
            shown = wrong[scores.writers[wrong] == writer.name][:_COLUMNS]
        _misread(scores, images, shown, list(axes))
    _save(figure, path)


def doubtful_labels(found: Sequence[DoubtfulLabel], folder: Path) -> list[Path]:
    """Contact sheets of labels in doubt, each with its number in the list; their paths."""
    rows, columns = 8, 12
    paths: list[Path] = []
    for start in range(0, len(found), rows * columns):
        figure, axes = plt.subplots(rows, columns, figsize=(15, 12), layout="constrained")
        for axis in axes.flat:
            axis.axis("off")
        sheet = found[start : start + rows * columns]
        for number, (axis, doubt) in enumerate(zip(axes.flat, sheet, strict=False), start):
            axis.imshow(strokes_to_image(doubt.drawing.strokes), cmap="gray", vmin=0, vmax=1)
            axis.set_title(f"{number}: {doubt.drawing.label} read as {doubt.read_as}", fontsize=8)
        paths.append(folder / f"doubts-{len(paths) + 1}.png")
        _save(figure, paths[-1])
    return paths


def _misread(
    scores: Scores, images: NDArray[np.float32], shown: NDArray[np.int64], axes: Sequence[Axes]
) -> None:
    """One image on each axis, its truth, answer and confidence above it; spare axes are empty."""
    labels = scores.card.labels
    for axis in axes:
        axis.axis("off")
    for axis, index in zip(axes, shown, strict=False):
        axis.imshow(images[index], cmap="gray", vmin=0, vmax=1)
        axis.set_title(
            f"{labels[scores.truth[index]]} read as {labels[scores.predicted[index]]}\n"
            f"{scores.confidence[index]:.0%}",
            fontsize=8,
        )


def classes(scores: Scores, path: Path) -> None:
    """How many of each class are read right, with their 95 % intervals."""
    counts = scores.confusion()
    right, count = counts.diagonal(), counts.sum(axis=1)
    rows = [
        (f"{label} ({n:,})", int(r), int(n))
        for label, r, n in zip(scores.card.labels, right, count, strict=True)
        if n
    ]
    _intervals(rows, "By class (and how many there are)", path)


def writers(scores: Scores, path: Path, most: int = 25) -> None:
    """How the worst writers are read, with their 95 % intervals."""
    every = scores.worst_writers()
    misread = [each for each in every if each.mistakes]
    shown = (misread or every)[:most]
    rows = [(f"{each.name} ({each.n:,})", each.n - each.mistakes, each.n) for each in shown]
    title = f"{len(misread)} of {len(every)} writers were misread at least once"
    title += f"; the worst {most}" if len(shown) < len(misread) else ""
    _intervals(rows, title, path)


def _intervals(rows: Sequence[tuple[str, int, int]], title: str, path: Path) -> None:
    """ShardedBatches with intervals, one below the other; rows: (name, right, n), n at least 1."""
    shares = np.array([right / n for _, right, n in rows])
    bounds = np.array([wilson_interval(right, n) for _, right, n in rows])
    figure, axis = plt.subplots(figsize=(7, 0.27 * len(rows) + 1.4), layout="constrained")
    places = np.arange(len(rows))
    reach = np.clip(np.abs(bounds.T - shares), 0, None)
    axis.errorbar(100 * shares, places, xerr=100 * reach, fmt="o", ms=4, capsize=2)
    axis.set_yticks(places, [name for name, _, _ in rows], fontsize=8)
    axis.set_ylim(len(rows) - 0.4, -0.6)
    axis.set_xlim(right=100.2)
    axis.set_xlabel("% right, with 95 % interval")
    axis.set_title(title, fontsize=11)
    axis.grid(alpha=0.3)
    _save(figure, path)


def reliability(scores: Scores, path: Path) -> None:
    """Reliability diagram: how often answers of each confidence are right."""
    bins = scores.by_confidence()
    error = scores.summary().calibration_error
    figure, (above, below) = plt.subplots(
        2, 1, figsize=(5, 6), height_ratios=(3, 1), sharex=True, layout="constrained"
    )
    above.plot([0, 1], [0, 1], ":", color="gray", label="perfect")
    above.plot(
        [each.confidence for each in bins],
        [each.accuracy for each in bins],
        "o-",
        label=f"measured; expected calibration error {error:.2%}",
    )
    above.set_ylabel("share that is right")
    above.set_ylim(-0.03, 1.03)
    above.grid(alpha=0.3)
    above.legend(fontsize=8)
    below.bar(
        [each.low for each in bins],
        [each.n for each in bins],
        [each.high - each.low for each in bins],
        align="edge",
        edgecolor="white",
    )
    below.set_yscale("log")
    below.set_ylim(0.5, 2 * max(each.n for each in bins))
    below.set_xlabel("confidence")
    below.set_ylabel("answers")
    _save(figure, path)


def refusal(scores: Scores, path: Path) -> None:
    """Accuracy and risk over coverage (selective prediction), and the card's thresholds."""
    coverage, accuracy = scores.by_coverage()
    sure = scores.sure
    risk = np.where(accuracy < 1, 100 * (1 - accuracy), np.nan)  # a logarithm has no place for 0
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
    left.plot(100 * coverage, 100 * accuracy)
    room = max(0.2, 100 - 100 * accuracy.min())
    left.set_ylim(100 - 1.08 * room, 100 + 0.04 * room)
    if scores.right.all():
        right.set_yticks([])
        right.text(0.5, 0.5, "no mistake", ha="center", transform=right.transAxes)
    else:
        right.semilogy(100 * coverage, risk)
        right.set_ylim(np.nanmin(risk) / 2, np.nanmax(risk) * 2)
        right.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        right.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
        right.minorticks_off()
    if sure.any():
        share, asserted = 100 * sure.mean(), 100 * scores.right[sure].mean()
        label = f"thresholds: {asserted:.2f} % of {share:.1f} % asserted"
        left.plot([share], [asserted], "o", label=label)
        if asserted < 100:
            right.plot([share], [100 - asserted], "o")
        left.legend(fontsize=8, loc="lower left")
    left.set_ylabel("% right of what is asserted")
    right.set_ylabel("% wrong of what is asserted")
    # The curve is flat until the first mistake.
    first = 100 * coverage[int(np.argmax(accuracy < 1))]
    start = min(90.0, first - 5) if accuracy.min() < 1 else 0.0
    for axis in (left, right):
        axis.set_xlabel("coverage: % that is asserted, most confident first")
        axis.set_xlim(max(0.0, start), 100 + (100 - max(0.0, start)) / 50)
        axis.grid(alpha=0.3)
    figure.suptitle("Refusal: accuracy and risk over coverage")
    _save(figure, path)


def outliers(
    scores: Scores, others: Mapping[str, Scores], seen: Collection[str], path: Path
) -> None:
    """Confidence on outliers, beside that on digits, with each family's AUROC.

    scores: of digits. others: of outliers, by family. seen: the families that training showed; the
    others stand below them. path: of the picture.
    """
    kinds = {
        scores.card.name: "tab:blue",
        "families that training showed": "tab:orange",
        "families that training never showed": "tab:green",
    }
    rows = [(scores.card.name, scores.confidence, 0)]
    for name, other in sorted(others.items(), key=lambda item: item[0] not in seen):
        auroc = refusal_auroc(scores.probabilities, other.probabilities)
        title = f"{name}: AUROC {auroc:.4f}, {(~other.sure).mean():.1%} not asserted"
        rows.append((title, other.confidence, 1 if name in seen else 2))
    kind = np.array([row[2] for row in rows])
    places = np.arange(len(rows)) + 0.6 * kind  # the groups stand apart
    figure, axis = plt.subplots(figsize=(9, 0.42 * places[-1] + 1.8), layout="constrained")
    parts = axis.violinplot(
        [confidence for _, confidence, _ in rows],
        places,
        orientation="horizontal",
        widths=0.85,
        showmedians=True,
        showextrema=False,
    )
    bodies = cast("Sequence[PolyCollection]", parts["bodies"])
    colors = list(kinds.values())
    for index, body in zip(kind, bodies, strict=True):
        body.set_facecolor(colors[index])
        body.set_alpha(0.6)
    axis.axvline(scores.card.sure_at, color="gray", ls="--", lw=1)
    keys = [Patch(color=color, alpha=0.6, label=title) for title, color in kinds.items()]
    figure.legend(handles=keys, loc="outside lower center", ncols=len(keys), fontsize=8)
    axis.set_title("Confidence by family; to the right of the dashed line it is asserted", size=11)
    axis.set_yticks(places, [name for name, _, _ in rows], fontsize=8)
    axis.set_ylim(places[-1] + 0.6, -0.6)
    axis.set_xlim(0, 1.02)
    axis.set_xlabel("confidence")
    axis.grid(alpha=0.3, axis="x")
    _save(figure, path)


def robust(measured: Sequence[Robustness], path: Path) -> None:
    """Accuracy over size, pen, slant and turn, on one scale; dashed: the drawings as they are."""
    figure, axes = plt.subplots(
        2, -(-len(measured) // 2), figsize=(11, 6), squeeze=False, sharey=True, layout="constrained"
    )
    for axis in list(axes.flat)[len(measured) :]:
        axis.axis("off")
    for axis, each in zip(axes.flat, measured, strict=False):
        variation = each.variation
        axis.axhline(100 * each.plain, color="gray", ls="--", lw=1)
        axis.plot(variation.values, [100 * accuracy for accuracy in each.accuracies], "o-", ms=4)
        if variation.name == "size":
            axis.set_xscale("log")
            axis.set_xticks(
                variation.values[::2], [f"{value:g}" for value in variation.values[::2]]
            )
            axis.minorticks_off()
        axis.set_xlabel(f"{variation.name}, {variation.unit}")
        axis.set_title(f"costs at most {max(0.0, 100 * each.largest_loss):.2f} points", fontsize=10)
        axis.grid(alpha=0.3)
    for axis in axes[:, 0]:
        axis.set_ylabel("% right")
    figure.suptitle(f"The same {measured[0].n:,} drawings, varied")
    _save(figure, path)


def _save(figure: Figure, path: Path) -> None:
    figure.savefig(path, dpi=120, bbox_inches="tight")
    plt.close(figure)
