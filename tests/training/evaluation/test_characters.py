"""The second network: what is measured of it, and `python -m training --model characters`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.ink.jsonl import write_drawings
from models.ink.strokes import Drawing
from models.preprocessing.mnist_form import strokes_to_image
from models.recognition.card import Card
from models.recognition.labels import CHARACTERS
from models.recognition.network import load_network
from models.util.errors import InputError
from tests.helpers.samples import samples
from tests.training.datasets.test_emnist import write
from training.__main__ import main
from training.data.examples import Examples, Rendered, render, select
from training.data.outliers import outlier_shapes
from training.datasets.load import Dataset
from training.evaluation.characters import as_text, best_letters, characters
from training.evaluation.records import Evaluation, KindAccuracy
from training.evaluation.scores import Scores
from training.fitting.architectures import ARCHITECTURES
from training.fitting.batches import Batches
from training.fitting.tasks import SURE_OF_CHARACTER, TASKS, task_called

CARD = Card("characters", CHARACTERS, 1, 1.0, 0.8, 0.9, "")
OPTIONS = ("--model", "characters", "--architecture", "baseline", "--batch-size", "16")


def read_as(truth: str, *answers: str) -> Scores:
    """Scores of characters, of which each is read as the labels of its answer, best first."""
    probabilities = np.full((len(truth), len(CHARACTERS)), 0.001)
    for row, answer in zip(probabilities, answers, strict=True):
        for share, label in zip((0.6, 0.3, 0.05), answer, strict=False):
            row[CHARACTERS.index(label)] = share
    numbers = np.array([CHARACTERS.index(label) for label in truth])
    return Scores(CARD, probabilities, numbers, np.full(len(truth), ""))


def rendered(labels: Sequence[str], drawings: Sequence[Drawing]) -> Rendered:
    images = np.stack([strokes_to_image(drawing.strokes) for drawing in drawings])
    numbers = np.array([CHARACTERS.index(label) for label in labels])
    return Rendered(images, numbers, np.full(len(labels), "made"), np.full(len(labels), ""))


def figures(scores: Scores, drawings: Sequence[Drawing]) -> dict[str, KindAccuracy]:
    truth = [CHARACTERS[number] for number in scores.truth]
    return characters(scores, rendered(truth, drawings))


def test_letters_digits_and_lookalikes_are_measured_apart() -> None:
    shown = [drawing for drawing in samples() if drawing.label in ("0", "1", "2", "8")][:8]
    labels = [str(drawing.label) for drawing in shown]
    truth = "OaAR" + "".join(labels)
    answers = ["0OQ", "A9a", "4aA", "K2R", *labels[:-1], "9"]
    found = figures(read_as(truth, *answers), [*shown[:4], *shown])
    # Right but for the R: O beside a nought, A and a for one another, 4 passed over.
    assert found["letters_case_insensitive"].n == 4
    assert found["letters_case_insensitive"].accuracy == 0.75
    assert found["letters"].n == 4 and found["letters"].accuracy == 0
    unlike = [label for label in labels if label not in "01"]
    digits = found["digits_2_to_9"]
    assert digits.n == len(unlike) and digits.digits_network == 1.0
    assert digits.accuracy == pytest.approx(1 - (labels[-1] in "28") / len(unlike), abs=1e-4)
    assert found["up_to_lookalikes"].n == len(truth)
    right = 1 + len(labels) - 1  # the O and all digits but the last
    assert found["up_to_lookalikes"].accuracy == pytest.approx(right / len(truth), abs=1e-4)
    assert "9gq" in (found["up_to_lookalikes"].one_class or ())
    low, high = found["letters_case_insensitive"].interval
    assert 0.2 < low < 0.75 < high < 1
    text = as_text(found)
    assert text.count("\n") == 3 and "75.00% of 4" in text and "network of digits: 100" in text


def test_the_best_letter_is_a_capital_and_no_digit() -> None:
    assert best_letters(read_as("gB", "9qg", "8Bb")).tolist() == ["Q", "B"]


def test_only_what_is_there_is_measured() -> None:
    drawing = samples()[0]
    assert list(figures(read_as("b", "b"), [drawing])) == [
        "letters_case_insensitive", "letters", "up_to_lookalikes",
    ]  # fmt: skip
    network = load_network()
    digits = Scores(network.card, np.eye(10), np.arange(10), np.full(10, ""))
    assert characters(digits, rendered(CHARACTERS[:10], samples()[:10])) == {}


def made(labels: Sequence[str], images: bool = False) -> Dataset:
    """A set whose characters all look like samples of digits."""
    drawings = tuple(Drawing(samples()[i % 20].strokes, label=x) for i, x in enumerate(labels))
    pixels = np.stack([strokes_to_image(each.strokes) for each in drawings]) * 255
    return Dataset(
        "images" if images else "drawings", "MIT", "Inkling",
        pixels.astype(np.uint8) if images else None, () if images else drawings,
        tuple(labels), None if images else tuple(f"writer {i}" for i in range(len(labels))),
    )  # fmt: skip


def test_small_letters_are_trained_on_as_their_class() -> None:
    sets = [made(["c", "C", "a", "A", "7"] * 12)]
    parts: tuple[Any, ...] = ("train", "validation", "report")
    found = [select(sets, (), part, CHARACTERS).drawing_labels for part in parts]
    counts = np.bincount(np.concatenate(found), minlength=47)
    assert {CHARACTERS[i]: n for i, n in enumerate(counts) if n} == {
        "7": 12, "A": 12, "C": 24, "a": 12,
    }  # fmt: skip


def test_letters_of_a_small_set_weigh_more_in_training() -> None:
    large, small = made(["a"] * 90 + ["3"] * 30), replace(made(["b"] * 30), name="another")
    examples = select([large, small], (), "train", CHARACTERS, balanced=True)
    weights = examples.drawing_weights
    assert weights is not None
    of = {label: weights[examples.drawing_labels == CHARACTERS.index(label)] for label in "ab3"}
    assert (of["3"] == 1).all()
    letters = np.concatenate([of["a"], of["b"]])
    assert letters.mean() == pytest.approx(1)
    ratio = np.sqrt(len(of["a"]) / len(of["b"]))
    np.testing.assert_allclose(of["b"], of["a"][0] * ratio, rtol=1e-5)

    plain = replace(TASKS["characters"].recipe(ARCHITECTURES["deeper"].recipe), augment=False)
    _, targets, shown = Batches(examples, 47, replace(plain, outliers=0.0), seed=0)[0]
    for label, own in of.items():
        np.testing.assert_allclose(shown[targets.argmax(axis=1) == CHARACTERS.index(label)], own[0])


def test_letters_count_as_much_as_digits_in_validation() -> None:
    sets = [made(["3"] * 90, images=True), made(["1"] * 6 + ["a"] * 30)]
    whole = render(sets, None, CHARACTERS)
    weights = whole.weights
    assert weights.mean() == pytest.approx(1)
    shares = {
        (str(name), letter): weights[(whole.sets == name) & ((whole.labels >= 10) == letter)].sum()
        for name in ("images", "drawings")
        for letter in (False, True)
    }
    total = weights.sum()
    assert shares["drawings", True] == pytest.approx(total / 2)
    assert shares["drawings", False] == pytest.approx(total / 4)
    assert shares["images", False] == pytest.approx(total / 4)


def test_an_epoch_shows_a_part_of_the_images_and_others_in_the_next() -> None:
    recipe = TASKS["characters"].recipe(ARCHITECTURES["deeper"].recipe)
    images = (np.arange(10)[:, None, None] * np.ones((28, 28))).astype(np.uint8)
    examples = Examples(images, np.arange(10), (), np.zeros(0, np.int64), ())
    plain = ARCHITECTURES["baseline"].recipe
    batches = Batches(examples, 47, TASKS["characters"].recipe(plain), seed=0)
    assert recipe.image_epochs == 4 and len(batches) == 1
    seen = []
    for epoch in range(4):
        batches.epoch = epoch
        shown, targets, _ = batches[0]
        assert 2 <= len(shown) <= 3 and targets.argmax(axis=1).tolist() == [
            round(image.mean() * 255) for image in shown[..., 0]
        ]
        assert not shown[..., 1:].any(), "a picture has no directions"
        seen.append({round(image.mean() * 255) for image in shown[..., 0]})
    assert set.union(*seen) == set(range(10)) and seen[0] != seen[1]


def test_an_epoch_shows_drawings_twice_with_directions_and_some_as_pictures() -> None:
    drawings = tuple(drawing.strokes for drawing in samples()[:6] * 50)
    labels = np.tile([0, 3, 9, 10, 33, 46], 50)
    nothing = np.zeros((0, 28, 28), np.uint8), np.zeros(0, np.int64)
    recipe = TASKS["characters"].recipe(ARCHITECTURES["deeper"].recipe)
    batches = Batches(Examples(*nothing, drawings, labels, ()), 47, recipe, seed=0)
    shown, targets, _ = map(
        np.concatenate, zip(*map(batches.__getitem__, range(len(batches))), strict=True)
    )
    known = targets.max(axis=1) > 0.5
    classes, images = targets.argmax(axis=1)[known], shown[known]
    assert sorted(classes.tolist()) == sorted([*labels, *labels])
    assert images[..., 0].any(axis=(1, 2)).all()
    directed = images[..., 1:].any(axis=(1, 2, 3))
    assert 0.8 < directed[classes < 10].mean() < 1 and 0.5 < directed[classes >= 10].mean() < 0.8


def test_what_may_be_a_letter_is_no_example_of_what_is_none() -> None:
    with_letters = {shape.__name__ for shape in outlier_shapes(letters=True)}
    alone = {shape.__name__ for shape in outlier_shapes(letters=False)}
    assert alone - with_letters == {"cross"}


def test_an_unknown_model_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(InputError, match="digits, characters"):
        task_called("letters")
    assert main(["--model", "letters"]) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == 1 and "'letters'" in err


def test_letters_need_a_set_that_has_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*OPTIONS, "--sets", "mnist,optdigits"]) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == 1 and "emnist, unipen" in err


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of one epoch on a few images of all 47 classes, in EMNIST's layout."""
    folder = tmp_path_factory.mktemp("few")
    few = np.stack([strokes_to_image(samples()[index % 20].strokes) for index in range(94)])
    numbers = (np.arange(94) % 47).astype(np.uint8)
    write(folder / "emnist", (few * 255).astype(np.uint8), numbers)
    run = folder / "run"
    options = (*OPTIONS, "--sets", "emnist", "--epochs", "1", "--install", "never")
    assert main([*options, "--data-dir", str(folder), "--output", str(run)]) == 0
    return run


def test_a_run_leaves_a_network_of_characters(finished: Path) -> None:
    network = load_network("characters", finished)
    assert network.labels == CHARACTERS and network.card.sure_at == SURE_OF_CHARACTER
    assert network.probabilities(np.zeros((1, 28, 28), np.float32)).shape == (1, 47)
    training, measured = network.card.training, Evaluation.of(network.card)
    assert training["sets"]["emnist"]["items"] == 94
    # Every tenth is for validation, and an epoch shows a quarter of the rest.
    assert training["counts"]["images"] == 84 and training["counts"]["epoch"] == 21
    assert sum(training["counts"]["classes"].values()) == 84
    test = measured.result("emnist", "test")
    assert test and test.summary.n == 94 and test.characters["letters"].n == 74
    assert "scribble" in measured.refusal and "cross" not in measured.refusal
    assert "tick" not in measured.refusal and "letters" not in measured.refusal
    assert "letters case insensitive" in (finished / "report.txt").read_text()
    assert json.loads((finished / "settings.json").read_text())["model"] == "characters"
    assert not list(finished.glob("digits.*"))
    for name in ("characters.keras", "confusion.png", "samples.png"):
        assert (finished / name).stat().st_size > 10_000, name


def test_it_is_evaluated_on_letters(
    finished: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("models.recognition.network.FOLDER", finished)
    drawings = [Drawing(samples()[i].strokes, label=x) for i, x in enumerate("cCxa7")]
    write_drawings(tmp_path / "mine.jsonl", drawings)
    options = ["evaluate", str(tmp_path / "mine.jsonl"), "--model", "characters"]
    report = ["--report", str(tmp_path / "report"), "--data-dir", str(tmp_path)]
    assert main([*options, "--json", *report]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    result = json.loads(line)
    assert result["n"] == 5 and result["classes"]["C"]["support"] == 2
    assert result["characters"]["letters"]["n"] == 4
    kept = json.loads((tmp_path / "report" / "report.json").read_text())
    assert kept["characters"] == result["characters"]
    assert "letters" not in kept["nondigits"] and "slant" in kept["robustness"]
    assert main(options) == 0
    assert "letters case insensitive: " in capsys.readouterr().out


def test_resuming_it_as_digits_is_refused(
    finished: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ("--architecture", "baseline", "--sets", "optdigits", "--resume", "--output")
    assert main([*options, str(finished)]) == 2
    assert "other settings" in capsys.readouterr().err
