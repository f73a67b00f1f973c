"""What each ingredient adds: recipes × seeds × folds, measured on the same held-out writers."""

from __future__ import annotations

import dataclasses
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from models.ink.strokes import Drawing, Stroke
from models.preprocessing.baselines import stretched, stretched_and_padded
from models.preprocessing.mnist_form import SIDE, strokes_to_image
from models.recognition.labels import DIGITS
from models.util.arrays import Floats
from models.util.errors import InputError
from training.data.examples import (
    Examples,
    Rendered,
    held_out_drawings,
    letter_outliers,
    render,
    select,
    subsample,
)
from training.datasets.load import Dataset
from training.datasets.split import FOLDS, Split
from training.evaluation.held_out import held_out
from training.experiments.results import ResultRecord, Run, append_result, find_result, read_results
from training.fitting.architectures import ARCHITECTURES
from training.fitting.batches import Batches
from training.fitting.fit import fit, settings_match
from training.fitting.settings import Recipe, Settings

LETTERS = 2000  # at most so many are shown to each network
Image = NDArray[np.float32]


@dataclass(frozen=True)
class Ingredients:
    """A recipe of the comparison: what it adds to the one before it, and what it is made of.

    name: as the command line has it.
    adds: what it adds, for people.
    draw: how strokes become images.
    architecture: of the network.
    drawings: whether they are trained on, beside images.
    augment, outliers: whether training varies examples, and shows outliers.
    left_out: families of outliers that training doesn't show.
    """

    name: str
    adds: str
    draw: Callable[[Sequence[Stroke]], Image]
    architecture: str = "baseline"
    drawings: bool = False
    augment: bool = False
    outliers: bool = False
    left_out: tuple[str, ...] = ()


RECIPES = (
    Ingredients("older", "baseline on images; the ink's box stretched", stretched),
    Ingredients("padded", "an empty margin", stretched_and_padded),
    Ingredients("recipe", "aspect, centre of mass, MNIST's pen", strokes_to_image),
    Ingredients("strokes", "training on strokes", strokes_to_image, drawings=True),
    Ingredients("hands", "other hands and pens", strokes_to_image, drawings=True, augment=True),
    Ingredients(
        "residual", "our network and its schedule", strokes_to_image, "residual", True, True
    ),
    Ingredients("nondigits", "what is no digit", strokes_to_image, "residual", True, True, True),
    Ingredients(
        "strangers",
        "the same without any letter",
        strokes_to_image,
        "residual",
        True,
        True,
        True,
        ("letters",),
    ),
)
NAMES = tuple(recipe.name for recipe in RECIPES)


@dataclass(frozen=True)
class Plan:
    """What is compared.

    recipes: their names, out of NAMES.
    seeds, folds: each recipe is trained once for each of both.
    epochs: None for each network's own.
    limit: images, drawings and letters that are trained on, each; None for all.
    split: whose drawings are reported.
    runs: a folder whose finished runs of `python -m training` spare training the same again.
    """

    recipes: tuple[str, ...] = NAMES
    seeds: tuple[int, ...] = (0, 1, 2)
    folds: tuple[int, ...] = (0,)
    epochs: int | None = None
    limit: int | None = None
    split: Split = "validation"
    runs: Path | None = None

    def check(self) -> None:
        """Raises InputError for a recipe or a fold that there is none of."""
        for name in self.recipes:
            if name not in NAMES:
                raise InputError(f"no recipe is called {name!r}; there are {', '.join(NAMES)}")
        for fold in self.folds:
            if fold >= FOLDS:
                raise InputError(f"--folds are 0 to {FOLDS - 1}, not {fold}.")
        if not self.recipes:
            raise InputError(f"--recipes names no recipe; there are {', '.join(NAMES)}")


@dataclass(frozen=True, eq=False)
class Data:
    """What is trained and measured on.

    sets: of digits. letters: or none. test: MNIST's test images, where they are asked for.
    """

    sets: Sequence[Dataset]
    letters: Sequence[Drawing] = ()
    test: Dataset | None = None


def compare(plan: Plan, data: Data, output: Path, log: Callable[[str], None]) -> list[ResultRecord]:
    """Trains and measures all that `output` doesn't hold yet; the plan's results, in its order.

    plan, data: what is compared, and on what.
    output: JSON Lines, one finished combination a line, appended as soon as it is measured, so
        that a comparison that was killed goes on with what is missing.
    log: takes a line on how far it is.

    Raises InputError.
    """
    plan.check()
    if not _images(data.sets) and not all(each.drawings for each in _chosen(plan)):
        raise InputError("the first recipes train on images alone: --sets needs mnist.")
    results = read_results(output)
    wanted = list(_wanted(plan, data))
    # Recipes that differ only in how strokes are drawn for the test share one network.
    for _, group in groupby(wanted, key=_network):
        missing = [each for each in group if find_result(results, each.run) is None]
        if not missing:
            continue
        first = missing[0]
        names = ", ".join(each.ingredients.name for each in missing)
        finished = _finished_run(first)
        log(f"{names}: seed {first.seed}, fold {first.fold}" + (f", {finished}" * bool(finished)))
        begun = time.perf_counter()
        model = keras.models.load_model(finished) if finished else _trained(first, data)
        seconds = None if finished else round(time.perf_counter() - begun, 1)
        for each in missing:
            result = _measured(model, each, data, seconds)
            append_result(output, result)
            results.append(result)
            log(f"  {each.ingredients.name}: {result.scores.balanced:.2%}")
    found = [find_result(results, each.run) for each in wanted]
    return [result for result in found if result is not None]


def recipe_of(ingredients: Ingredients, epochs: int | None) -> Recipe:
    """The network's own recipe, without the ingredients that are not in yet."""
    recipe = ARCHITECTURES[ingredients.architecture].recipe
    return dataclasses.replace(
        recipe,
        epochs=epochs or recipe.epochs,
        augment=ingredients.augment,
        outliers=recipe.outliers if ingredients.outliers else 0.0,
        left_out=ingredients.left_out,
    )


def limited(examples: Examples, most: int | None) -> Examples:
    """At most so many images, drawings and letters, the same ones for every recipe and seed."""
    if most is None:
        return examples
    images = np.array(subsample(range(len(examples.images)), most, seed=0), dtype=np.int64)
    drawings = subsample(range(len(examples.drawings)), most, seed=0)
    return Examples(
        examples.images[images],
        examples.image_labels[images],
        tuple(examples.drawings[index] for index in drawings),
        examples.drawing_labels[np.array(drawings, dtype=np.int64)],
        subsample(examples.outliers, most, seed=0),
    )


@dataclass(frozen=True)
class _Combination:
    """One line of the output: what is trained, and what it is measured on."""

    ingredients: Ingredients
    seed: int
    fold: int
    plan: Plan
    sets: tuple[str, ...]
    test: bool

    @property
    def recipe(self) -> Recipe:
        return recipe_of(self.ingredients, self.plan.epochs)

    @property
    def run(self) -> Run:
        """What identifies it, as its line begins."""
        training = {"architecture": self.ingredients.architecture, **self.recipe.to_json()}
        # As the file holds it, and as in older files, which lack it where nothing is left out.
        del training["left_out"]
        if self.recipe.left_out:
            training["left_out"] = list(self.recipe.left_out)
        del training["image_epochs"], training["directions"]  # of the other network
        return Run(
            self.ingredients.name,
            self.seed,
            self.fold,
            self.plan.split,
            self.sets,
            self.plan.limit,
            self.test,
            training,
        )


def _chosen(plan: Plan) -> list[Ingredients]:
    return [recipe for recipe in RECIPES if recipe.name in plan.recipes]


def _images(sets: Sequence[Dataset]) -> list[Dataset]:
    return [dataset for dataset in sets if dataset.images is not None]


def _wanted(plan: Plan, data: Data) -> Iterator[_Combination]:
    """Every combination, those that share a network one after the other."""
    sets = tuple(dataset.name for dataset in data.sets)
    for fold in plan.folds:
        for seed in plan.seeds:
            for ingredients in _chosen(plan):
                yield _Combination(ingredients, seed, fold, plan, sets, data.test is not None)


def _network(each: _Combination) -> tuple[object, ...]:
    """What decides the weights of a combination's network."""
    made_of = each.ingredients
    return each.seed, each.fold, made_of.architecture, made_of.drawings, each.recipe


def _finished_run(each: _Combination) -> Path | None:
    """The network of a finished run with the same settings as this combination; None for none."""
    if each.plan.runs is None or each.plan.limit is not None or not each.ingredients.drawings:
        return None
    settings = Settings(each.ingredients.architecture, each.sets, each.seed, each.fold, each.recipe)
    for folder in sorted(each.plan.runs.glob("*")):
        network = folder / "digits.keras"
        if network.exists() and settings_match(folder, settings):
            return network
    return None


def _trained(each: _Combination, data: Data) -> keras.Model:
    ingredients = each.ingredients
    sets = data.sets if ingredients.drawings else _images(data.sets)
    with_letters = ingredients.outliers and "letters" not in ingredients.left_out
    letters = data.letters if with_letters else ()
    examples = limited(select(sets, letters, "train", DIGITS, each.fold), each.plan.limit)
    validation = render(sets, "validation", DIGITS, each.fold)
    names = tuple(dataset.name for dataset in sets)
    settings = Settings(ingredients.architecture, names, each.seed, each.fold, each.recipe)
    batches = Batches(examples, len(DIGITS), each.recipe, each.seed)
    architecture = ARCHITECTURES[ingredients.architecture]
    with tempfile.TemporaryDirectory() as folder:
        return fit(architecture, settings, batches, validation, Path(folder), verbose=0)


def _measured(
    model: keras.Model, each: _Combination, data: Data, seconds: float | None
) -> ResultRecord:
    """How the network reads held-out writers whose strokes are drawn the recipe's way."""
    draw, split, fold = each.ingredients.draw, each.plan.split, each.fold
    chosen_on = reported = drawn(data.sets, "validation", fold, draw)
    if split != "validation":
        strokes = [dataset for dataset in data.sets if dataset.images is None]
        images = drawn(_images(data.sets), "validation", fold, draw)
        reported = Rendered.joined([drawn(strokes, split, fold, draw), images])
    letters = subsample(letter_outliers(data.letters, split, fold), LETTERS, seed=1)

    def logits(images: Image) -> Floats:
        return np.asarray(
            model.predict(images[..., np.newaxis], batch_size=512, verbose=0), np.float64
        )

    drawn_letters = np.array([draw(strokes) for strokes in letters], np.float32)
    scores = held_out(logits, chosen_on, reported, drawn_letters.reshape(-1, SIDE, SIDE))
    mnist_test = None
    if data.test is not None:
        test = render([data.test], None, DIGITS)
        right = logits(test.images).argmax(axis=1) == test.labels
        mnist_test = round(float(right.mean()), 4)
    return ResultRecord(each.run, scores, mnist_test, seconds)


def drawn(
    sets: Sequence[Dataset], split: Split, fold: int, draw: Callable[[Sequence[Stroke]], Image]
) -> Rendered:
    """One split of the sets, with strokes drawn in some other way than play does.

    sets: to choose from. split, fold: which writers. draw: from strokes to a 28×28 image.
    """
    plain = render(sets, split, DIGITS, fold)
    strokes = held_out_drawings(sets, split, fold)
    if not strokes or draw is strokes_to_image:
        return plain
    images = plain.pictures.copy()
    names = [dataset.name for dataset in sets if dataset.images is None]
    images[np.isin(plain.sets, names)] = [draw(drawing.strokes) for drawing in strokes]
    return Rendered(images, plain.labels, plain.sets, plain.writers)
