"""What each ingredient adds: recipes × seeds × folds, measured on the same held-out writers."""

from __future__ import annotations

import dataclasses
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from models.ink.strokes import Drawing, Stroke
from models.preprocessing.baselines import stretched, stretched_and_padded
from models.preprocessing.mnist_form import SIDE, strokes_to_image
from models.recognition.labels import DIGITS
from models.util.errors import InputError
from training.data.examples import Examples, Rendered, nondigits_of, render, select
from training.datasets import DigitSet
from training.datasets.split import FOLDS, Part
from training.evaluation.evaluation import held_out_drawings, some
from training.evaluation.held_out import held_out
from training.experiments.results import Row, append_row, find_row, read_rows
from training.fitting.architectures import ARCHITECTURES, Recipe
from training.fitting.fit import fit, told_the_same
from training.fitting.settings import Settings

LETTERS = 2000  # at most so many are shown to each network
Image = NDArray[np.float32]


@dataclass(frozen=True)
class Ingredients:
    """A recipe of the comparison: what it adds to the one before it, and what it is made of.

    draw: how strokes become images. drawings: whether they are trained on, beside images.
    left_out: families of non-digits that training doesn't show.
    """

    name: str
    adds: str
    draw: Callable[[Sequence[Stroke]], Image]
    architecture: str = "baseline"
    drawings: bool = False
    augment: bool = False
    nondigits: bool = False
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

    epochs: None for each network's own. limit: images, drawings and letters that are trained on,
    each; None for all. part: whose drawings are reported. runs: a folder whose finished runs of
    `python -m training` spare training the same again.
    """

    recipes: tuple[str, ...] = NAMES
    seeds: tuple[int, ...] = (0, 1, 2)
    folds: tuple[int, ...] = (0,)
    epochs: int | None = None
    limit: int | None = None
    part: Part = "validation"
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
    """Sets of digits, letters (or none), and MNIST's test images where they are asked for."""

    sets: Sequence[DigitSet]
    letters: Sequence[Drawing] = ()
    test: DigitSet | None = None


def compare(plan: Plan, data: Data, output: Path, tell: Callable[[str], None]) -> list[Row]:
    """Trains and measures all that `output` doesn't hold yet; the rows of the plan, in its order.

    output: JSON Lines, one finished combination a line, appended as soon as it is measured, so
    that a comparison that was killed goes on with what is missing. Raises InputError.
    """
    plan.check()
    if not _images(data.sets) and not all(each.drawings for each in _chosen(plan)):
        raise InputError("the first recipes train on images alone: --sets needs mnist.")
    rows = read_rows(output)
    wanted = list(_wanted(plan, data))
    # Recipes that differ only in how strokes are drawn for the test share one network.
    for _, group in groupby(wanted, key=_network):
        missing = [each for each in group if find_row(rows, each.identity()) is None]
        if not missing:
            continue
        first = missing[0]
        names = ", ".join(each.ingredients.name for each in missing)
        finished = _finished_run(first)
        tell(f"{names}: seed {first.seed}, fold {first.fold}" + (f", {finished}" * bool(finished)))
        begun = time.perf_counter()
        model = keras.models.load_model(finished) if finished else _trained(first, data)
        seconds = None if finished else round(time.perf_counter() - begun, 1)
        for each in missing:
            row = each.identity() | _measured(model, each, data) | {"seconds": seconds}
            append_row(output, row)
            rows.append(row)
            tell(f"  {each.ingredients.name}: {row['balanced']:.2%}")
    found = [find_row(rows, each.identity()) for each in wanted]
    return [row for row in found if row is not None]


def recipe_of(ingredients: Ingredients, epochs: int | None) -> Recipe:
    """The network's own recipe, without the ingredients that are not in yet."""
    recipe = ARCHITECTURES[ingredients.architecture].recipe
    return dataclasses.replace(
        recipe,
        epochs=epochs or recipe.epochs,
        augment=ingredients.augment,
        nondigits=recipe.nondigits if ingredients.nondigits else 0.0,
        left_out=ingredients.left_out,
    )


def limited(examples: Examples, most: int | None) -> Examples:
    """At most so many images, drawings and letters, the same ones for every recipe and seed."""
    if most is None:
        return examples
    images = np.array(some(range(len(examples.images)), most, seed=0), dtype=np.int64)
    drawings = some(range(len(examples.drawings)), most, seed=0)
    return Examples(
        examples.images[images],
        examples.image_labels[images],
        tuple(examples.drawings[index] for index in drawings),
        examples.drawing_labels[np.array(drawings, dtype=np.int64)],
        some(examples.nondigits, most, seed=0),
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

    def identity(self) -> Row:
        """What tells it from all others, as its line begins."""
        training = {"architecture": self.ingredients.architecture, **asdict(self.recipe)}
        # As the file holds it, and no word where nothing is left out, like older files.
        if left_out := training.pop("left_out"):
            training["left_out"] = list(left_out)
        del training["letters"], training["image_epochs"]  # of the other network
        return {
            "recipe": self.ingredients.name,
            "seed": self.seed,
            "fold": self.fold,
            "part": self.plan.part,
            "sets": list(self.sets),
            "limit": self.plan.limit,
            "test": self.test,
            "training": training,
        }


def _chosen(plan: Plan) -> list[Ingredients]:
    return [recipe for recipe in RECIPES if recipe.name in plan.recipes]


def _images(sets: Sequence[DigitSet]) -> list[DigitSet]:
    return [digits for digits in sets if digits.images is not None]


def _wanted(plan: Plan, data: Data) -> Iterator[_Combination]:
    """Every combination, those that share a network one after the other."""
    sets = tuple(digits.name for digits in data.sets)
    for fold in plan.folds:
        for seed in plan.seeds:
            for ingredients in _chosen(plan):
                yield _Combination(ingredients, seed, fold, plan, sets, data.test is not None)


def _network(each: _Combination) -> tuple[object, ...]:
    """What decides the weights of a combination's network."""
    made_of = each.ingredients
    return each.seed, each.fold, made_of.architecture, made_of.drawings, each.recipe


def _finished_run(each: _Combination) -> Path | None:
    """The network of a finished run that was told the same as this combination; None for none."""
    if each.plan.runs is None or each.plan.limit is not None or not each.ingredients.drawings:
        return None
    told = Settings(each.ingredients.architecture, each.sets, each.seed, each.fold, each.recipe)
    for folder in sorted(each.plan.runs.glob("*")):
        network = folder / "digits.keras"
        if network.exists() and told_the_same(folder, told):
            return network
    return None


def _trained(each: _Combination, data: Data) -> keras.Model:
    ingredients = each.ingredients
    sets = data.sets if ingredients.drawings else _images(data.sets)
    with_letters = ingredients.nondigits and "letters" not in ingredients.left_out
    letters = data.letters if with_letters else ()
    examples = limited(select(sets, letters, "train", DIGITS, each.fold), each.plan.limit)
    validation = render(sets, "validation", DIGITS, each.fold)
    names = tuple(digits.name for digits in sets)
    with tempfile.TemporaryDirectory() as folder:
        return fit(
            ARCHITECTURES[ingredients.architecture],
            Settings(ingredients.architecture, names, each.seed, each.fold, each.recipe),
            examples,
            validation,
            len(DIGITS),
            Path(folder),
            verbose=0,
        )


def _measured(model: keras.Model, each: _Combination, data: Data) -> Row:
    """What the network makes of held-out people whose strokes are drawn the recipe's way."""
    draw, part, fold = each.ingredients.draw, each.plan.part, each.fold
    chosen_on = drawn(data.sets, "validation", fold, draw)
    reported = chosen_on
    if part != "validation":
        strokes = [digits for digits in data.sets if digits.images is None]
        parts = [
            drawn(strokes, part, fold, draw),
            drawn(_images(data.sets), "validation", fold, draw),
        ]
        reported = Rendered.joined(parts)
    letters = some(nondigits_of(data.letters, part, fold), LETTERS, seed=1)
    result = held_out(
        lambda images: np.asarray(
            model.predict(images[..., np.newaxis], batch_size=512, verbose=0), np.float64
        ),
        chosen_on,
        reported,
        np.array([draw(strokes) for strokes in letters], np.float32).reshape(-1, SIDE, SIDE),
    )
    if data.test is not None:
        test = render([data.test], None, DIGITS)
        logits = model.predict(test.images[..., np.newaxis], batch_size=512, verbose=0)
        result["mnist_test"] = round(float((logits.argmax(axis=1) == test.labels).mean()), 4)
    return result


def drawn(
    sets: Sequence[DigitSet], part: Part, fold: int, draw: Callable[[Sequence[Stroke]], Image]
) -> Rendered:
    """One part of the sets, the strokes among them drawn in some other way than play does."""
    plain = render(sets, part, DIGITS, fold)
    strokes = held_out_drawings(sets, part, fold)
    if not strokes or draw is strokes_to_image:
        return plain
    images = plain.images.copy()
    names = [digits.name for digits in sets if digits.images is None]
    images[np.isin(plain.sets, names)] = [draw(drawing.strokes) for drawing in strokes]
    return Rendered(images, plain.labels, plain.sets, plain.writers)
