"""Batches, calibration and scores: what training is made of."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from models.ink.strokes import Drawing, Stroke
from models.preprocessing.mnist_form import strokes_to_image
from models.recognition.card import Card
from models.recognition.labels import CHARACTERS
from models.recognition.network import softmax
from tests.helpers.samples import samples
from training.data.augmentation import draw_varied, vary_strokes
from training.data.examples import Batches, Examples, random_nondigit
from training.data.outliers import SHAPES
from training.data.styles import restyled
from training.datasets.fragments import fragment
from training.evaluation.scores import Scores, refusal_auroc
from training.fitting.architectures import ARCHITECTURES, Recipe
from training.fitting.calibration import calibrate, expected_calibration_error, fit_temperature

Pair = tuple[NDArray[np.float32], NDArray[np.float32]]

RECIPE = Recipe(
    epochs=1,
    batch_size=16,
    optimizer="adam",
    learning_rate=1e-3,
    schedule="constant",
    label_smoothing=0.1,
    nondigits=0.25,
    drawings=2,
)


@pytest.fixture
def examples() -> Examples:
    drawings = samples()
    labels = np.array([int(drawing.label or "") for drawing in drawings])
    images = np.stack([strokes_to_image(d.strokes) for d in drawings])
    return Examples(
        (images * 255).astype(np.uint8),
        labels,
        tuple(d.strokes for d in drawings),
        labels,
        (),
    )


def all_of(batches: Batches) -> Pair:
    pairs = [batches[index] for index in range(len(batches))]
    return np.concatenate([a for a, _ in pairs]), np.concatenate([b for _, b in pairs])


def test_the_same_seed_and_epoch_give_the_same_batches(examples: Examples) -> None:
    first, again = (Batches(examples, 10, RECIPE, seed=3) for _ in range(2))
    np.testing.assert_array_equal(first[2][0], again[2][0])
    again.epoch = 1
    assert not np.array_equal(first[2][0], again[2][0])
    again.epoch = 0
    np.testing.assert_array_equal(first[2][0], again[2][0])
    assert not np.array_equal(first[2][0], Batches(examples, 10, RECIPE, seed=4)[2][0])


def test_an_epoch_shows_images_once_drawings_twice_and_nondigits_besides(
    examples: Examples,
) -> None:
    images, targets = all_of(Batches(examples, 10, RECIPE, seed=0))
    assert images.shape == (80, 28, 28, 1) and images.min() >= 0 and images.max() <= 1
    np.testing.assert_allclose(targets.sum(axis=1), 1, rtol=1e-5)
    digits = targets.max(axis=1) > 0.5
    assert digits.sum() == 60
    np.testing.assert_allclose(targets[digits].max(axis=1), 0.91, rtol=1e-5)
    np.testing.assert_allclose(targets[~digits], 0.1, rtol=1e-5)
    assert (np.bincount(targets[digits].argmax(axis=1)) == 6).all()


def test_without_augmentation_an_epoch_shows_the_examples_themselves(examples: Examples) -> None:
    plain = dataclasses.replace(RECIPE, augment=False, nondigits=0.0, drawings=1)
    images, _ = all_of(Batches(examples, 10, plain, seed=0))
    shown = np.sort(images.reshape(len(images), -1).sum(axis=1))
    given = np.array([strokes_to_image(strokes).sum() for strokes in examples.drawings])
    np.testing.assert_allclose(shown, np.sort(np.repeat(given, 2)), rtol=0.01)


def test_variations_vary_but_stay_the_same_digit() -> None:
    """A varied digit is nearer to itself than to the other samples, nearly always."""
    rng = np.random.default_rng(0)
    drawings = samples()
    originals = np.stack([strokes_to_image(d.strokes) for d in drawings])
    nearest = []
    for index, drawing in enumerate(drawings):
        varied = [draw_varied(drawing.strokes, rng) for _ in range(10)]
        assert np.abs(varied[0] - varied[1]).mean() > 0.01
        for image in varied:
            gaps = ((originals - image) ** 2).sum(axis=(1, 2))
            nearest.append(drawings[int(gaps.argmin())].label == drawings[index].label)
    assert np.mean(nearest) > 0.8


def test_variations_keep_strokes_finite_even_of_dots_and_lines() -> None:
    rng = np.random.default_rng(1)
    for shape in SHAPES:
        for _ in range(40):
            for stroke in vary_strokes(shape(rng), rng):
                assert np.isfinite(stroke.points).all()
                assert np.abs(stroke.points).max() < 3
            image = draw_varied(shape(rng), rng)
            assert image.shape == (28, 28) and image.max() > 0.2


def test_nondigits_need_no_letters(examples: Examples) -> None:
    rng = np.random.default_rng(2)
    for _ in range(50):
        assert len(random_nondigit((), examples.drawings, rng)) >= 1


def test_what_is_left_out_is_never_shown(examples: Examples) -> None:
    rng = np.random.default_rng(2)
    letter = (Stroke(np.zeros((1, 2))),)
    shown = [random_nondigit((letter,), examples.drawings, rng, ("letters",)) for _ in range(50)]
    assert all(each is not letter for each in shown)
    others = ("shapes", "overlaid", "side_by_side")
    assert random_nondigit((letter,), examples.drawings, rng, others) is letter
    often = [random_nondigit((letter,), examples.drawings, rng) is letter for _ in range(400)]
    assert 0.4 < np.mean(often) < 0.6
    # No letters at hand, and nothing else wanted: then an epoch has digits only.
    alone = Batches(examples, 10, dataclasses.replace(RECIPE, left_out=others), seed=0)
    assert (all_of(alone)[1].max(axis=1) > 0.5).all()


def test_temperature_mends_overconfidence() -> None:
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 2, (5000, 10))
    chances = softmax(logits)
    labels = np.array([rng.choice(10, p=row) for row in chances])
    weights = np.ones(5000)
    assert fit_temperature(logits * 3, labels, weights) == pytest.approx(3, rel=0.1)
    before = softmax(logits * 3)
    assert expected_calibration_error(before.max(axis=1), before.argmax(axis=1) == labels) > 0.1
    after = softmax(logits * 3 / fit_temperature(logits * 3, labels, weights))
    assert expected_calibration_error(after.max(axis=1), after.argmax(axis=1) == labels) < 0.03


def test_thresholds_cost_what_they_may() -> None:
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 10, 4000)
    logits = rng.normal(0, 1.5, (4000, 10)) + 8 * np.eye(10)[labels]
    found = calibrate(logits, labels, np.ones(4000))
    card = Card(
        "digits", tuple("0123456789"), 1, found.temperature, found.sure_at, found.digit_at, ""
    )
    scores = Scores(card, softmax(logits / found.temperature), labels, np.full(4000, ""))
    summary: dict[str, Any] = scores.summary()
    assert 0.004 < summary["right_but_unsure"] <= 0.008
    assert summary["mistakes_shown_unsure"] > 0.5


def test_scores_add_up() -> None:
    card = Card("digits", ("0", "1"), 1, 1.0, 0.8, 0.9, "")
    probabilities = np.array([[0.9, 0.1], [0.3, 0.7], [0.95, 0.05], [0.4, 0.6]])
    scores = Scores(card, probabilities, np.array([0, 1, 1, 0]), np.array(["a", "a", "b", ""]))
    summary = scores.summary()
    assert (summary["n"], summary["accuracy"], summary["mistakes"]) == (4, 0.5, 2)
    assert (summary["asserted"], summary["accuracy_of_asserted"]) == (0.5, 0.5)
    assert (summary["right_but_unsure"], summary["mistakes_shown_unsure"]) == (0.5, 0.5)
    assert scores.confusion().tolist() == [[1, 1], [1, 1]]
    assert scores.by_writer() == [("b", 1, 0.0), ("a", 2, 1.0)]
    assert scores.by_class()["0"]["recall"] == 0.5


def test_refusal_is_perfect_where_confidence_separates() -> None:
    digits, others = np.array([[0.9, 0.1]] * 5), np.array([[0.6, 0.4]] * 5)
    assert refusal_auroc(digits, others) == 1.0
    assert refusal_auroc(others, digits) == 0.0


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_architectures_map_images_to_logits_within_half_a_million_parameters(name: str) -> None:
    model = ARCHITECTURES[name].build(10)
    assert model.input_shape == (None, 28, 28, 1) and model.output_shape == (None, 10)
    assert model.count_params() <= 500_000


def test_the_baseline_is_the_older_projects_network() -> None:
    model = ARCHITECTURES["baseline"].build(10)
    kinds = [type(layer).__name__ for layer in model.layers]
    assert kinds == ["Conv2D", "MaxPooling2D", "Conv2D", "MaxPooling2D", "Flatten", "Dense",
                     "Dropout", "Dense"]  # fmt: skip
    assert [layer.count_params() for layer in model.layers if layer.count_params()] == [
        320,
        18_496,
        204_928,
        1_290,
    ]


def test_a_few_zeros_are_slashed_and_a_few_sevens_crossed() -> None:
    rng = np.random.default_rng(0)
    for drawing in samples():
        digit, (first, *more) = int(drawing.label or ""), drawing.strokes
        styles = [restyled(drawing.strokes, digit, rng) for _ in range(200)]
        changed = [each for each in styles if each is not drawing.strokes]
        if digit not in (0, 1, 7) or more:
            assert not changed
            continue
        if digit == 1:
            continue
        assert 4 <= len(changed) <= 50  # of 200
        low, high = first.points.min(axis=0), first.points.max(axis=0)
        for kept, line in changed:
            assert kept is first
            middle = line.points.mean(axis=0)
            assert (low < middle).all() and (middle < high).all()
            if digit == 7:  # the bar meets the stem
                distances = np.linalg.norm(line.points[:, np.newaxis] - first.points, axis=2)
                assert distances.min() < 0.1 * (high - low).max()


def test_an_a_gets_a_roof_and_a_z_its_bar_now_and_then() -> None:
    rng = np.random.default_rng(0)
    small_a, zed = map(CHARACTERS.index, "aZ")
    round_a = [Stroke(np.array([[0.0, 0], [10, 5], [20, 40], [30, 90], [60, 0]]))]
    styles = [restyled(round_a, small_a, rng) for _ in range(400)]
    roofs = [each for each in styles if each is not round_a]
    assert 20 <= len(roofs) <= 70
    for (stroke,) in roofs:
        assert len(stroke.points) == 40 and np.ptp(stroke.points[:, 1]) > 0.8
    plain = [Stroke(np.array([[0.0, 0], [50, 2], [100, 0], [50, 50], [0, 100], [100, 98]]))]
    crossed = [each for each in (restyled(plain, zed, rng) for _ in range(300)) if len(each) == 2]
    assert 10 <= len(crossed) <= 70


def test_one_straight_line_is_no_letter_but_i_and_l() -> None:
    line = (Stroke(np.array([[0.0, 0], [1, 30], [0, 60], [2, 100]])),)
    dot = (Stroke(np.array([[5.0, 5]])),)
    for label in "TKAx":
        assert fragment(Drawing(line, label=label)) and fragment(Drawing(dot, label=label))
    for label in ("i", "I", "l", "L", "1", "7"):
        assert not fragment(Drawing(line, label=label))
    two = (*line, Stroke(np.array([[-20.0, 50], [20, 50]])))
    corner = (Stroke(np.array([[0.0, 0], [5, 100], [60, 100]])),)
    assert not fragment(Drawing(two, label="t")) and not fragment(Drawing(corner, label="V"))


@pytest.mark.parametrize("downwards", [True, False])
def test_some_plain_ones_get_a_flag_that_rises_to_their_top(downwards: bool) -> None:
    rng = np.random.default_rng(1)
    ends = np.array([[12.0, 0.0], [0.0, 100.0]])
    first, last = ends if downwards else ends[::-1]
    plain = [Stroke(np.linspace(first, last, 20))]
    styles = [restyled(plain, 1, rng) for _ in range(300)]
    changed = [each for each in styles if each is not plain]
    assert 40 <= len(changed) <= 110 and {len(each) for each in changed} == {1, 2}
    for flagged, *foot in changed:
        start, line = flagged.points[0], flagged.points[7:]
        np.testing.assert_allclose(sorted(line.tolist()), sorted(plain[0].points.tolist()))
        left, down = ends[0][0] - start[0], start[1]
        assert left > 0 and np.degrees(np.arctan2(down, left)) > 26.9  # no 7's bar
        if foot:
            assert np.ptp(foot[0].points[:, 1]) == 0 and foot[0].points[0, 1] == 100
    bent = [Stroke(np.array([[0.0, 40], [30, 0], [20, 50], [15, 100]]))]
    lying = [Stroke(np.array([[0.0, 0], [50, 5], [100, 10], [150, 15]]))]
    for other in (bent, lying):
        assert all(restyled(other, 1, rng) is other for _ in range(50))
