"""Augmentation and styles: drawings vary, and stay what they are."""

from __future__ import annotations

import numpy as np
import pytest

from models.ink.strokes import Stroke
from models.preprocessing.mnist_form import strokes_to_image
from models.recognition.labels import CHARACTERS
from models.recognition.network import load_network
from tests.helpers.samples import samples
from training.data.augmentation import draw_varied, vary_strokes
from training.data.outliers import SHAPES
from training.data.pictures import photographed_image
from training.data.styles import restyled


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


def test_photographs_of_digits_show_the_same_digits() -> None:
    """The network, which may know photographs, reads most of them; none is empty."""
    rng = np.random.default_rng(3)
    network, drawings = load_network("digits"), samples() * 4
    shown = [photographed_image(drawing.strokes, rng) for drawing in drawings]
    images = np.stack([image for image in shown if image is not None])
    assert len(images) >= 0.95 * len(drawings)
    assert images.shape[1:] == (28, 28) and images.max(axis=(1, 2)).min() > 0.5
    read = network.probabilities(images).argmax(axis=1)
    labels = [
        int(d.label or "") for d, image in zip(drawings, shown, strict=True) if image is not None
    ]
    assert np.mean(read == labels) >= 0.85
