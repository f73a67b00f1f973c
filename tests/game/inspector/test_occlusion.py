"""Occlusion: the ink that decides stands out, and it is found a little at a time."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from game.inspector.occlusion import PATCH, HeatMap, Occlusion
from models.ink.strokes import Drawing, Stroke
from models.preprocessing.mnist_form import strokes_to_image
from models.recognition.network import Network, load_network
from tests.helpers.samples import samples


def clock() -> Callable[[], float]:
    """Each look at it is a second later."""
    ticks = iter(range(1_000_000))
    return lambda: float(next(ticks))


def _far_from_ink(image: np.ndarray) -> np.ndarray:
    near = cv2.dilate((image > 0).astype(np.uint8), np.ones((2 * PATCH, 2 * PATCH), np.uint8))
    return np.asarray(near == 0)


def finished(network: Network, image: np.ndarray, label: str) -> HeatMap:
    occlusion = Occlusion()
    occlusion.aim(network, image, label)
    occlusion.step(1e9)
    assert not occlusion.busy and occlusion.map is not None
    return occlusion.map


def test_the_bar_makes_the_seven() -> None:
    """Without its bar, this seven is a one."""
    leg = np.linspace((20.0, 0.0), (10.0, 60.0), 30)
    bar = np.linspace((-12.0, 2.0), (20.0, 0.0), 30)
    network = load_network()
    one, seven = (strokes_to_image([Stroke(points)]) for points in (leg, np.vstack([bar, leg])))
    best = [network.labels[row.argmax()] for row in network.probabilities(np.array([one, seven]))]
    assert best == ["1", "7"]
    heat = finished(network, seven, "7")
    row, column = np.unravel_index(heat.drops.argmax(), heat.drops.shape)
    assert row < 10 and heat.drops.max() > 1
    # Seen from the other side, the bar speaks against a one.
    against = finished(network, seven, "1")
    assert against.drops[row, column] < -1


@pytest.mark.parametrize("drawing", samples()[:6:2], ids=lambda drawing: drawing.id)
def test_each_value_is_what_one_patch_does(drawing: Drawing) -> None:
    network = load_network()
    image = strokes_to_image(drawing.strokes)
    label = network.labels[int(network.probabilities(image[np.newaxis])[0].argmax())]
    heat = finished(network, image, label)
    index = network.labels.index(label)
    rng = np.random.default_rng(0)
    for y, x in rng.integers(0, 28, (12, 2)):
        covered = image.copy()
        half = PATCH // 2
        covered[max(0, y - half) : y + half + 1, max(0, x - half) : x + half + 1] = 0
        before, after = np.log(network.probabilities(np.array([image, covered]))[:, index])
        assert heat.drops[y, x] == pytest.approx(before - after, abs=1e-6)


def test_it_takes_many_steps_and_ends_where_one_would() -> None:
    network = load_network()
    image = strokes_to_image(samples()[0].strokes)
    occlusion = Occlusion()
    occlusion.aim(network, image, "0")
    ticking, shares = clock(), []
    while occlusion.busy:
        if occlusion.step(5, ticking):
            assert occlusion.map is not None
            shares.append(occlusion.map.share)
    assert len(shares) > 10 and shares == sorted(shares) and shares[-1] == 1
    assert occlusion.map is not None
    np.testing.assert_array_equal(occlusion.map.drops, finished(network, image, "0").drops)
    occlusion.aim(network, image, "0")
    assert not occlusion.busy


def test_other_ink_begins_anew_and_a_map_shows_one_image_only() -> None:
    network = load_network()
    images = [strokes_to_image(drawing.strokes) for drawing in samples()[:12]]
    occlusion, ticking, seen = Occlusion(), clock(), set()
    for image in images:
        occlusion.aim(network, image, "3")
        for _ in range(12):
            occlusion.step(3, ticking)
        if occlusion.map is not None:
            seen.add(id(occlusion.map.image))
            assert any(occlusion.map.image is each for each in images)
            # A patch on paper changes nothing, so these drops are of this image.
            assert (occlusion.map.drops[_far_from_ink(occlusion.map.image)] == 0).all()
    # The pen moves on faster than a whole sweep takes, and there still are maps.
    assert len(seen) > 3
    while occlusion.busy:
        occlusion.step(3, ticking)
    assert occlusion.map is not None and occlusion.map.image is images[-1]
    np.testing.assert_array_equal(occlusion.map.drops, finished(network, images[-1], "3").drops)
