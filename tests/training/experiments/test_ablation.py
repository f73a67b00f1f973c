"""`python -m training compare`: tiny trainings on the shipped samples, of many made-up writers."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from models.ink.strokes import Drawing, Stroke
from models.preprocessing.baselines import stretched, stretched_and_padded
from models.preprocessing.mnist_form import strokes_to_image
from models.recognition.labels import DIGITS
from models.recognition.network import load_network
from models.util.errors import InputError
from tests.helpers.samples import samples
from training.__main__ import main
from training.data.augmentation import vary_strokes
from training.data.examples import Rendered, select
from training.datasets.load import Dataset, load_sets
from training.evaluation.held_out import HeldOutScores, halves, held_out
from training.evaluation.records import Evaluation
from training.experiments.ablation import (
    NAMES,
    RECIPES,
    Data,
    Plan,
    compare,
    drawn,
    limited,
    recipe_of,
)
from training.experiments.results import (
    ResultRecord,
    Run,
    Spread,
    as_text,
    read_results,
    summary_table,
)
from training.fitting.architectures import ARCHITECTURES
from training.fitting.fit import prepare, settings_match
from training.fitting.settings import Settings

PLAN = Plan(
    ("older", "recipe", "strokes", "nondigits", "strangers"), seeds=(0,), epochs=1, limit=60
)
QUICK = ("--sets", "optdigits", "--limit", "400", "--seeds", "0")


def quiet(_: str) -> None:
    """Logs nothing."""


def many_writers(count: int) -> Dataset:
    """The samples, varied for so many made-up writers with names of their own."""
    rng = np.random.default_rng(0)
    drawings = [
        Drawing(
            tuple(vary_strokes(drawing.strokes, rng)), label=drawing.label, writer=f"hand/{hand}"
        )
        for hand in range(count)
        for drawing in samples()
    ]
    writers = tuple(drawing.writer or "" for drawing in drawings)
    labels = tuple(drawing.label or "" for drawing in drawings)
    return Dataset("hands", "MIT", "Inkling", None, tuple(drawings), labels, writers)


@pytest.fixture(scope="module")
def data() -> Data:
    letters = [
        Drawing((Stroke(np.random.default_rng(i).random((5, 2))),), label="k", writer=f"hand/{i}")
        for i in range(60)
    ]
    return Data([*load_sets(("optdigits",)), many_writers(30)], letters)


@pytest.fixture(scope="module")
def logged() -> list[str]:
    """The lines that the finished comparison logged."""
    return []


@pytest.fixture(scope="module")
def finished(
    data: Data, logged: list[str], tmp_path_factory: pytest.TempPathFactory
) -> tuple[list[ResultRecord], Path]:
    output = tmp_path_factory.mktemp("compare") / "new" / "results.jsonl"
    return compare(PLAN, data, output, logged.append), output


def test_each_recipe_is_measured_on_the_same_held_out_people(
    finished: tuple[list[ResultRecord], Path], logged: list[str]
) -> None:
    rows, _ = finished
    assert [row.run.recipe for row in rows] == list(PLAN.recipes)
    for row in rows:
        scores = row.scores
        assert scores.n == rows[0].scores.n and scores.n["optdigits"] == 180
        assert scores.n["hands"] > 40 and scores.balanced == scores.accuracy["hands"]
        assert scores.auroc_letters is not None and 0 <= scores.auroc_letters <= 1
        assert 0 <= scores.calibration_error < 1 and row.seconds and row.seconds > 0
    older, recipe, strokes, outliers, strangers = rows
    # One network, and images that need no drawing: only the strokes are shown otherwise.
    assert older.scores.accuracy["optdigits"] == recipe.scores.accuracy["optdigits"]
    assert older.seconds == recipe.seconds
    trained = [line for line in logged if line.endswith("seed 0, fold 0")]
    assert [line.partition(":")[0] for line in trained] == [
        "older, recipe", "strokes", "nondigits", "strangers",
    ]  # fmt: skip
    assert outliers.run.training["architecture"] == "residual"
    assert outliers.run.training["nondigits"] > 0 == strokes.run.training["nondigits"]
    assert strangers.run.training == outliers.run.training | {"left_out": ["letters"]}


def test_a_comparison_that_was_killed_goes_on_with_what_is_missing(
    finished: tuple[list[ResultRecord], Path], data: Data, tmp_path: Path
) -> None:
    rows, output = finished
    lines = output.read_text().splitlines()
    torn = tmp_path / "torn.jsonl"
    # "recipe" is missing, and the last line was torn in the middle.
    torn.write_text("\n".join([lines[0], *lines[2:], lines[1][:60]]))
    logged: list[str] = []
    again = compare(PLAN, data, torn, logged.append)
    assert len([line for line in logged if "seed" in line]) == 1 and "recipe" in logged[0]
    assert [row.run.recipe for row in again] == [row.run.recipe for row in rows]
    assert again[1].scores.n == rows[1].scores.n
    assert len(read_results(torn)) == len(lines)
    logged.clear()
    assert compare(PLAN, data, torn, logged.append) == again and logged == []


def test_the_ingredients_come_one_after_the_other() -> None:
    assert NAMES == (
        "older", "padded", "recipe", "strokes", "hands", "residual", "nondigits", "strangers",
    )  # fmt: skip
    made_of = [
        (
            r.draw is strokes_to_image,
            r.drawings,
            r.augment,
            r.architecture == "residual",
            r.outliers,
        )
        for r in RECIPES
    ]
    assert made_of[0] == made_of[1] == (False,) * 5 and all(made_of[-2]) and all(made_of[-1])
    for before, after in pairwise(made_of[1:-1]):
        assert sum(after) - sum(before) == 1
    residual, outliers, strangers = (recipe_of(recipe, None) for recipe in RECIPES[-3:])
    assert residual.outliers == 0 < outliers.outliers and outliers.left_out == ()
    assert strangers == dataclasses.replace(outliers, left_out=("letters",))
    assert recipe_of(RECIPES[0], None).epochs == 10 and recipe_of(RECIPES[0], 3).epochs == 3


def test_the_older_ways_lose_the_shape() -> None:
    """A one that leans a little fills the whole square, and so does it in half the size."""
    one = [Stroke(np.array([[40.0, 0.0], [0.0, 300.0]]))]
    flat, padded = stretched(one), stretched_and_padded(one)
    assert flat.shape == padded.shape == (28, 28) and flat.max() == pytest.approx(1)
    columns = np.flatnonzero(flat.max(axis=0) > 0.5)
    assert columns[0] <= 1 and columns[-1] >= 26
    assert np.ptp(np.flatnonzero(strokes_to_image(one).max(axis=0) > 0.5)) < 8
    assert padded[:5].max() == padded[-5:].max() == 0 < padded[14].max()
    np.testing.assert_array_equal(flat, stretched([one[0].moved(0.5, (7, 7))]))
    assert stretched([Stroke(np.zeros((1, 2)))]).min() >= 0


@pytest.mark.parametrize("draw", [stretched, strokes_to_image])
def test_only_strokes_are_drawn_another_way(
    data: Data, draw: Callable[..., np.typing.NDArray[np.float32]]
) -> None:
    rendered = drawn(data.sets, "validation", 1, draw)
    parts = rendered.of("hands"), rendered.of("optdigits")
    usual = drawn(data.sets, "validation", 1, strokes_to_image)
    np.testing.assert_array_equal(parts[1].images, usual.of("optdigits").images)
    assert np.array_equal(parts[0].images, usual.of("hands").images) == (draw is strokes_to_image)
    assert set(parts[0].writers) == set(usual.of("hands").writers)


def test_a_limit_takes_the_same_examples_each_time(data: Data) -> None:
    examples = select(data.sets, data.letters, "train", DIGITS)
    few = limited(examples, 40)
    assert (len(few.images), len(few.drawings), len(few.outliers)) == (40, 40, 40)
    np.testing.assert_array_equal(few.images, limited(examples, 40).images)
    index = next(i for i, each in enumerate(examples.drawings) if each is few.drawings[7])
    assert examples.drawing_labels[index] == few.drawing_labels[7]
    assert limited(examples, None) is examples


def test_writers_are_read_with_a_temperature_that_others_chose() -> None:
    rng = np.random.default_rng(0)
    writers = np.repeat([f"hand/{i}" for i in range(40)], 50)
    labels = rng.integers(0, 10, 2000)
    logits = 12 * np.eye(10)[np.where(rng.random(2000) < 0.9, labels, (labels + 1) % 10)]
    logits += rng.normal(0, 1, logits.shape)
    images = np.zeros((2000, 28, 28), np.float32)
    people = Rendered(images, labels, np.full(2000, "hands"), writers)
    half = halves(people)
    assert 0.3 < half.mean() < 0.7
    assert all(len(set(half[writers == writer])) == 1 for writer in set(writers))
    result = held_out(lambda _: logits, people, people, np.zeros((0, 28, 28), np.float32))
    assert result.balanced == pytest.approx(0.9, abs=0.02)
    # Raw, a confidence of nearly 1 would be a tenth too high.
    assert result.calibration_error < 0.04
    assert result.auroc_letters is None


def test_the_table_gives_mean_and_deviation_of_the_runs() -> None:
    run = Run("older", 0, 0, "report", ("mnist",), None, False, {})
    rows = [
        ResultRecord(
            run, HeldOutScores({}, share, {"mnist": 0.99}, 0.01, None, 0.0, None), None, 10.0
        )
        for share in (0.8, 0.9)
    ]
    (row,) = summary_table(rows, {"older": "nothing yet"})
    assert row.runs == 2 and row.measures["balanced"] == Spread(0.85, 0.07071)
    text = as_text([row])
    assert "85.00 ±7.07" in text and "99.00 ±0.00" in text and "–" in text and "10 ±0" in text
    (single,) = summary_table(rows[:1], {})
    assert single.measures["balanced"] == Spread(0.8, None) and "±" not in as_text([single])


def test_a_file_that_is_no_comparison_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("my notes\n")
    with pytest.raises(InputError, match="line 1"):
        read_results(path)
    assert path.read_text() == "my notes\n"


def test_the_command_prints_a_table_or_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = [*QUICK, "--recipes", "older,padded", "--epochs", "1", "--output"]
    assert main(["compare", *options, str(tmp_path / "results.jsonl")]) == 0
    assert "balanced" in capsys.readouterr().out
    assert main(["compare", *options, str(tmp_path / "results.jsonl"), "--json"]) == 0
    out, err = capsys.readouterr()
    result = json.loads(out)
    assert [row["recipe"] for row in result["table"]] == ["older", "padded"]
    assert len(result["runs"]) == 2 and err == ""


def test_time_to_accuracy_is_reported_where_it_is_reached(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["compare", *QUICK, "--epochs", "3", "--time-to", "0.2", "--json"]) == 0
    runs = {run["architecture"]: run for run in json.loads(capsys.readouterr().out)["runs"]}
    assert set(runs) == {"residual", "baseline"}
    reached = runs["baseline"]
    assert reached["seconds"] > 0 and reached["best"] >= 0.2 and reached["epochs"][0] <= 3
    for run in runs.values():
        assert (run["seconds"] is None) == (run["best"] < 0.2)
        assert run["epochs"][1] == 3


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("--recipes", "newest"), "older"),
        (("--recipes", ""), "older"),
        (("--folds", "7"), "0 to 4"),
        (("--sets", ""), "--sets"),
        (("--sets", "pendigits", "--time-to", "0.9"), "mnist"),
    ],
)
def test_wrong_use_is_one_clear_line(
    options: tuple[str, ...], expected: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["compare", *options, "--output", str(tmp_path / "results.jsonl")]) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == 1 and expected in err
    assert not (tmp_path / "results.jsonl").exists()


def test_a_finished_run_is_not_trained_again(tmp_path: Path) -> None:
    run = tmp_path / "runs" / "one"
    options = ("--sets", "optdigits", "--epochs", "1", "--install", "never")
    assert main([*options, "--precision", "mixed_bfloat16", "--output", str(run)]) == 0
    logged: list[str] = []
    data = Data(load_sets(("optdigits",)))
    plan = Plan(("nondigits",), seeds=(0,), epochs=1, runs=tmp_path / "runs")
    (row,) = compare(plan, data, tmp_path / "results.jsonl", logged.append)
    assert str(run) in logged[0] and row.seconds is None
    result = Evaluation.of(load_network("digits", run).card).result("optdigits", "validation")
    assert result and round(row.scores.accuracy["optdigits"], 4) == result.summary.accuracy
    # Another seed is another network.
    other = dataclasses.replace(plan, seeds=(1,))
    (row,) = compare(other, data, tmp_path / "results.jsonl", logged.append)
    assert str(run) not in logged[-2] and row.seconds and row.seconds > 0


def test_a_run_is_known_though_it_noted_fewer_settings(tmp_path: Path) -> None:
    recipe = dataclasses.replace(ARCHITECTURES["residual"].recipe, averaged=0.0)
    settings = Settings("residual", ("mnist",), 0, 0, recipe)
    prepare(tmp_path, settings, resume=False)
    noted = json.loads((tmp_path / "settings.json").read_text())
    del noted["model"]
    for new in ("image_epochs", "averaged", "directions"):
        del noted["recipe"][new]
    (tmp_path / "settings.json").write_text(json.dumps(noted))
    assert settings_match(tmp_path, dataclasses.replace(settings, precision="mixed_bfloat16"))
    averaged = dataclasses.replace(recipe, averaged=1.0)
    for other in ({"model": "characters"}, {"recipe": averaged}, {"seed": 1}):
        assert not settings_match(tmp_path, dataclasses.replace(settings, **other))
    (tmp_path / "settings.json").write_text("[]")
    assert not settings_match(tmp_path, settings)
