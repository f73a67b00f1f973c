"""The 28×28 recipe: the same ink gives the same image, whatever its size, place and brush."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from game.document.rasterize import draw_strokes
from models.ink.strokes import Drawing, Stroke
from models.pictures.ink import ink_of
from models.preprocessing.mnist_form import (
    INK_SIDE,
    PEN,
    PEN_RANGE,
    SIDE,
    pen_width,
    picture_to_image,
)
from models.preprocessing.mnist_form import strokes_to_image as image_of
from models.recognition.network import load_network
from models.recognition.reader import Reader
from tests.helpers.samples import placed, samples

SIZES = (24, 48, 100, 240, 560)


def longest_side(image: np.ndarray) -> int:
    _, _, width, height = cv2.boundingRect((image > 0.05).astype(np.uint8))
    return max(width, height)


@pytest.mark.parametrize("drawing", samples(), ids=lambda drawing: drawing.id)
def test_size_and_place_do_not_matter(drawing: Drawing) -> None:
    reader = Reader(load_network())
    expected = image_of(placed(drawing, 560, (0, 0)))
    for side in SIZES:
        for corner in ((0, 0), (2000, 0), (0, 2000), (937, 611)):
            strokes = placed(drawing, side, corner)
            # Whole pixels move a line by up to half of one: 0.4 of 28 at a size of 24.
            assert np.abs(image_of(strokes) - expected).mean() < 0.6 / side + 0.01
            for brush in (2, 12, 24):
                assert reader.read(strokes, brush).text == drawing.label, (side, corner, brush)


@pytest.mark.parametrize("drawing", samples(), ids=lambda drawing: drawing.id)
def test_pictures_of_any_size_pen_and_polarity_read_like_strokes(drawing: Drawing) -> None:
    reader = Reader(load_network())
    for side, brush in ((24, 2), (60, 3), (60, 10), (240, 8), (560, 60), (560, 8)):
        canvas = np.zeros((side + 120, side + 200), np.uint8)
        draw_strokes(canvas, placed(drawing, side, (90, 60)), brush)
        for picture in (canvas, 255 - canvas, 200 - canvas // 2):
            reading = reader.read_picture(ink_of(picture))
            best = reading.answers[0].alternatives[0][0]
            assert best == drawing.label, (side, brush, int(picture[0, 0]))


@pytest.mark.parametrize("drawing", samples(), ids=lambda drawing: drawing.id)
def test_ink_is_20_pixels_long_and_its_mass_is_in_the_middle(drawing: Drawing) -> None:
    image = image_of(drawing.strokes)
    assert image.shape == (SIDE, SIDE) and image.dtype == np.float32
    assert image.min() == 0 and 0.9 < image.max() <= 1
    assert INK_SIDE - 1 <= longest_side(image) <= INK_SIDE + 1
    mass = cv2.moments(image)
    assert mass["m10"] / mass["m00"] == pytest.approx(14, abs=0.1)
    assert mass["m01"] / mass["m00"] == pytest.approx(14, abs=0.1)


@pytest.mark.parametrize("pen", [1.65, PEN, 3.84])
def test_a_line_is_as_wide_as_its_pen(pen: float) -> None:
    image = image_of([Stroke(np.array([[5.0, 0.0], [5.0, 80.0]]))], pen)
    assert image[10:18].sum(axis=1) == pytest.approx(pen, abs=0.15)


@pytest.mark.parametrize("brush", [4, 20, 60])
def test_a_pictures_pen_comes_into_the_range_of_mnist(brush: int) -> None:
    for drawing in samples():
        canvas = np.zeros((420, 420), np.uint8)
        draw_strokes(canvas, placed(drawing, 300, (60, 60)), brush)
        image = picture_to_image(canvas)
        enlarged = cv2.resize(image, None, fx=8, fy=8, interpolation=cv2.INTER_CUBIC)
        width = pen_width(np.clip(enlarged * 255, 0, 255).astype(np.uint8)) / 8
        assert PEN_RANGE[0] * 0.85 < width < PEN_RANGE[1] * 1.15, (drawing.id, brush)


def test_a_dot_stays_a_dot() -> None:
    dot = image_of([Stroke(np.array([[40.0, 40.0]]))])
    assert longest_side(dot) <= 4
    assert dot[14, 14] > 0.9
    assert dot.sum() == pytest.approx(np.pi * PEN**2 / 4, rel=0.2)
    slip = image_of([Stroke(np.array([[40.0, 40.0], [41.0, 42.0]]))], smallest=6)
    assert longest_side(slip) < 10


def test_no_ink_is_refused() -> None:
    with pytest.raises(ValueError, match="No strokes"):
        image_of([])
    with pytest.raises(ValueError, match="No ink"):
        picture_to_image(np.zeros((20, 20), np.uint8))


def test_an_evenly_grey_sheet_holds_no_ink() -> None:
    assert not ink_of(np.full((50, 80), 190, np.uint8)).any()
    noise = np.random.default_rng(0).normal(200, 2, (90, 120)).astype(np.uint8)
    assert not ink_of(noise).any()


def test_uneven_light_does_not_become_ink() -> None:
    reader = Reader(load_network())
    for drawing in samples():
        canvas = np.zeros((300, 400), np.uint8)
        draw_strokes(canvas, placed(drawing, 180, (110, 60)), 9)
        light = np.linspace(120, 250, 400)[np.newaxis, :]
        photo = light * (1 - 0.75 * canvas / 255.0)
        photo = np.clip(photo + np.random.default_rng(1).normal(0, 3, photo.shape), 0, 255)
        answer = reader.read_picture(ink_of(photo.astype(np.uint8))).answers[0]
        assert answer.alternatives[0][0] == drawing.label, drawing.id
