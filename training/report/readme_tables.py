"""Measurements as Markdown tables: from a card, and from the results of `compare`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby

import numpy as np

from models.recognition.card import Card
from models.util.errors import InputError
from training.evaluation.records import Evaluation, Refusal, SetResult
from training.experiments.results import ResultRecord, Run, Spread, summary_table

_NAMES = {
    "mnist": "MNIST",
    "unipen": "UNIPEN",
    "emnist": "EMNIST Balanced",
    "digilets": "DigiLeTs",
    "swiss": "Swiss digits on paper",
}  # sets that aren't called as they are written
# What each recipe of `training.experiments.ablation` adds, for people who have not read the code.
WORDS = {
    "older": "the older projects' network, trained on MNIST; the ink's box stretched to 28×28",
    "padded": "the box stretched, an empty margin around it",
    "recipe": "Inkling's 28×28 recipe",
    "strokes": "trained on strokes, too",
    "hands": "other hands and pens in training",
    "residual": "Inkling's network and its schedule",
    "nondigits": "what is no digit, as examples to be unsure of: all of Inkling",
    "strangers": "the same, but training never saw a letter",
}
_PARTS = {
    "report": "people held out of training, who chose nothing",
    "validation": "people held out of training, who chose the best epoch",
}


def accuracy(card: Card) -> str | None:
    """The table of accuracy by set: MNIST's test, and people held out, who chose nothing."""
    evaluation = Evaluation.of(card)
    splits = ("test", "held-out writers")
    return _accuracy_table([each for split in splits for each in measured_on(evaluation, split)])


def accuracy_of_choosers(card: Card) -> str | None:
    """The same for the people who chose epoch and thresholds."""
    evaluation = Evaluation.of(card)
    # Where a set has a test of its own, its validation images are no news.
    return _accuracy_table(
        [
            each
            for each in measured_on(evaluation, "validation")
            if not evaluation.result(each.name, "test")
        ]
    )


def _accuracy_table(results: Sequence[SetResult]) -> str | None:
    heads = [
        "set",
        "n",
        "accuracy",
        "answers asserted, of them right",
        "mistakes shown as uncertain",
        "calibration error",
    ]
    return table(heads, [_accuracy_row(each) for each in results]) if results else None


def refusal(card: Card) -> str | None:
    """Sentences on letters, on families of non-digits that training showed, and on strangers."""
    families = dict(Evaluation.of(card).refusal)
    if not families:
        return None
    sentences = []
    letters = families.pop("letters", None)
    if letters:
        showed = "letters by other people as examples of what is no digit"
        sentences.append(
            f"Letters are refused or shown as uncertain in {percent(letters.not_asserted, 1)} "
            f"of {letters.n:,} drawings by people held out (letters that may be a digit, such "
            "as O, l or S, left out); area under the ROC curve (AUROC) of confidence, digits "
            f"against letters, {letters.auroc:.4f}. Training showed "
            f"{showed if letters.seen_in_training else 'no letters'}."
        )
    for seen in (True, False):
        group = {name: each for name, each in families.items() if each.seen_in_training == seen}
        if group:
            sentences.append(family_sentence(group, "non-digits", seen))
    return "\n".join(sentences)


def networks(cards: Sequence[Card]) -> str:
    """The table of the networks: their size, calibration and thresholds."""
    heads = ["network", "architecture", "classes", "parameters", "temperature"]
    lines = [
        [
            f"`{card.name}`",
            card.architecture,
            str(len(card.labels)),
            f"{card.parameters:,}",
            f"{card.temperature:.3f}",
            percent(card.sure_at, 1),
            percent(card.digit_at, 1),
        ]
        for card in cards
    ]
    return table([*heads, "one answer from", "a choice of two from"], lines)


def ingredients(results: Sequence[ResultRecord]) -> str | None:
    """What each recipe of a comparison adds, on the folds that all of its recipes were run on."""
    alike = _alike(results, lambda run: run.recipe)
    if len({each.run.recipe for each in alike}) < 2:
        return None
    by_recipe = [[each for each in alike if each.run.recipe == name] for name in WORDS]
    folds = set.intersection(*({each.run.fold for each in mine} for mine in by_recipe if mine))
    if not folds:
        raise InputError("its recipes have no fold in common; measure them on the same people.")
    chosen = [each for mine in by_recipe for each in mine if each.run.fold in folds]
    _check(chosen)
    shown = _shown_sets(chosen)
    heads = ["", *(name for name, _, _ in shown), "letters, AUROC", "runs"]
    lines = [
        [
            WORDS[row.recipe],
            *(_share(row.measures[key], digits) for _, key, digits in shown),
            _number(row.measures["auroc_letters"]),
            str(row.runs),
        ]
        for row in summary_table(chosen, WORDS)
    ]
    return (
        f"What each ingredient adds, on {_PARTS[chosen[0].run.part]}; mean ± standard deviation of "
        f"the runs ({_runs(chosen)}). {_command(chosen)} measures it:\n\n{table(heads, lines)}"
    )


def cross_validation(results: Sequence[ResultRecord]) -> str | None:
    """The whole recipe, trained anew for other people to be held out; None for a single fold.

    Of runs that were trained in different ways, those of the way with the most folds.
    """
    ways: dict[str, list[ResultRecord]] = {}
    for each in results:
        if each.run.recipe == "nondigits":
            ways.setdefault(json.dumps(each.run.training, sort_keys=True), []).append(each)
    alike = [_alike(way, lambda run: run.fold) for way in ways.values()]
    chosen = max(alike, key=lambda way: len({each.run.fold for each in way}), default=[])
    if len({each.run.fold for each in chosen}) < 2:
        return None
    _check(chosen)
    measures = summary_table(chosen, {})[0].measures
    sizes = {each.run.fold: each.scores.n for each in chosen}
    lines = []
    for name, key, digits in _shown_sets(chosen):
        drawings = sum(size.get(key, 0) for size in sizes.values())
        title = f"accuracy, {name}" + (f" ({drawings:,} drawings in all)" if drawings else "")
        lines.append([title, _share(measures[key], digits)])
    lines += [
        ["calibration error", _share(measures["calibration_error"], 2)],
        ["mistakes that are shown as uncertain", _share(measures["mistakes_shown_unsure"], 1)],
        ["right answers that are shown as uncertain", _share(measures["right_but_unsure"], 2)],
        ["letters against digits by confidence, AUROC", _number(measures["auroc_letters"])],
    ]
    return (
        f"Cross-validation: the whole recipe trained anew with others held out, {len(chosen)} runs "
        f"({_runs(chosen)}), each measured on {_PARTS[chosen[0].run.part]}. {_command(chosen)} "
        f"measures it:\n\n{table(['', 'mean ± standard deviation of the runs'], lines)}"
    )


def measured_on(evaluation: Evaluation, split: str) -> list[SetResult]:
    """The results of one split, those of the largest set first."""
    results = [each for each in evaluation.results if each.split == split]
    return sorted(results, key=lambda each: -each.summary.n)


def set_title(result: SetResult) -> str:
    """The name of one split of a set, for people."""
    called, people = _NAMES.get(result.name, result.name), result.people
    who = f"{people} {'person' if people == 1 else 'people'}" if people else "people"
    if result.split == "test":
        return f"{called}'s test images"
    if result.split == "validation":
        those = f"the {who} who" if people else "the part that"
        return f"{called}, {those} chose epoch and thresholds"
    return f"{called}, {who} held out of training"


def _accuracy_row(result: SetResult) -> list[str]:
    summary = result.summary
    low, high = summary.interval
    right, unsure = summary.accuracy_of_asserted, summary.mistakes_shown_unsure
    return [
        set_title(result),
        f"{summary.n:,}",
        f"{percent(summary.accuracy)} ({100 * low:.2f} to {100 * high:.2f})",
        f"{percent(summary.asserted, 1)}, {'–' if right is None else percent(right)}",
        "no mistake" if unsure is None else _count(unsure, summary.mistakes),
        percent(summary.calibration_error),
    ]


def family_sentence(group: Mapping[str, Refusal], what: str, seen: bool) -> str:
    """A sentence on families of made-up ink. what: they are; seen: in training."""
    worst = min(group, key=lambda name: group[name].not_asserted)
    showed = "that training showed" if seen else "that training never showed"
    refused = float(np.mean([each.not_asserted for each in group.values()]))
    auroc = float(np.mean([each.auroc for each in group.values()]))
    return (
        f"Of {sum(each.n for each in group.values()):,} made-up {what} of families {showed} "
        f"({', '.join(group)}), {percent(refused, 1)} are refused or shown as "
        f"uncertain, fewest of the family {worst}: {percent(group[worst].not_asserted, 1)}; "
        f"mean AUROC {auroc:.4f}."
    )


def _alike(results: Sequence[ResultRecord], value: Callable[[Run], object]) -> list[ResultRecord]:
    """The results that were measured alike and have the most different values.

    Trials on a part of the data don't count. Of as many, those with MNIST's test come first, then
    those on people who chose nothing.
    """

    def conditions(result: ResultRecord) -> tuple[bool, bool, tuple[str, ...]]:
        return result.run.test, result.run.part == "report", result.run.sets

    whole = [each for each in results if each.run.limit is None and each.run.recipe in WORDS]
    groups = [list(each) for _, each in groupby(sorted(whole, key=conditions), key=conditions)]
    return max(
        groups,
        key=lambda group: (len({value(each.run) for each in group}), conditions(group[0])),
        default=[],
    )


def _check(results: Sequence[ResultRecord]) -> None:
    """Raises InputError for two results of the same run, or runs of a recipe that are not alike."""
    first: dict[str, Run] = {}
    runs = set()
    for run in (each.run for each in results):
        if first.setdefault(run.recipe, run).training != run.training:
            raise InputError(f"runs of {run.recipe} were trained in different ways; keep one way.")
        if (run.recipe, run.seed, run.fold) in runs:
            raise InputError(
                f"{run.recipe}, seed {run.seed}, fold {run.fold} is there twice; keep one."
            )
        runs.add((run.recipe, run.seed, run.fold))


def _shown_sets(results: Sequence[ResultRecord]) -> list[tuple[str, str, int]]:
    """Heading, key and digits after the point of each accuracy; MNIST's test comes last."""
    first, tested = results[0], all(each.run.test for each in results)
    keys = [key for key in first.scores.accuracy if not (tested and key == "mnist")]
    people = [key for key in first.run.sets if key in keys and key not in ("mnist", "optdigits")]
    images = [key for key in keys if key not in people]
    shown = [(_NAMES.get(key, key), key, 1) for key in people]
    shown += [(f"{_NAMES.get(key, key)}, held out", key, 2) for key in images]
    return [*shown, ("MNIST's test", "mnist_test", 2)] if tested else shown


def _command(results: Sequence[ResultRecord]) -> str:
    runs = [each.run for each in results]
    recipes = ",".join(dict.fromkeys(run.recipe for run in runs))
    seeds, folds = (_listed(numbers, ",") for numbers in _seeds_and_folds(results))
    epochs = {run.training["epochs"] for run in runs}
    told = f"--epochs {epochs.pop()} " if len(epochs) == 1 else ""
    test = " --test" if runs[0].test else ""
    return (
        f"`python -m training compare --recipes {recipes} --seeds {seeds} --folds {folds} "
        f"{told}--part {runs[0].part}{test}`"
    )


def _runs(results: Sequence[ResultRecord]) -> str:
    """Which seeds and folds: "seeds 0, 1; fold 0"."""
    return "; ".join(
        f"{name}{'s' if len(numbers) > 1 else ''} {_listed(numbers, ', ')}"
        for name, numbers in zip(("seed", "fold"), _seeds_and_folds(results), strict=True)
    )


def _seeds_and_folds(results: Sequence[ResultRecord]) -> tuple[set[int], set[int]]:
    return {each.run.seed for each in results}, {each.run.fold for each in results}


def _listed(numbers: set[int], separator: str) -> str:
    return separator.join(map(str, sorted(numbers)))


def table(heads: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    rule = ["---"] * len(heads)
    return "\n".join("| " + " | ".join(line) + " |" for line in (heads, rule, *lines))


def percent(share: float, digits: int = 2) -> str:
    """A share, 0..1, in per cent."""
    return "100 %" if share == 1 else f"{100 * share:.{digits}f} %"


def _count(share: float, n: int) -> str:
    return f"{round(share * n):,} of {n:,}"


def _share(spread: Spread | None, digits: int) -> str:
    """Mean ± standard deviation in per cent."""
    return "–" if spread is None else f"{spread.text(100, digits)} %"


def _number(spread: Spread | None) -> str:
    return "–" if spread is None else spread.text(1, 4)
