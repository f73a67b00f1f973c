from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np
import pytest

from game.document.rasterize import INK, PAPER, coloured, draw_strokes
from models.ink.strokes import Stroke


def _stroke(*points: tuple[float, float]) -> Stroke:
    return Stroke(np.array(points, dtype=float))


def _canvas(height: int = 200, width: int = 200) -> np.ndarray:
    return np.zeros((height, width), dtype=np.uint8)


@pytest.mark.parametrize("pen", [1, 2, 3, 6, 12, 13, 27, 60])
def test_a_dot_is_a_disc_as_wide_as_the_pen(pen: float) -> None:
    canvas = _canvas()
    draw_strokes(canvas, [_stroke((100.3, 90.6))], pen)
    moments = cv2.moments(canvas)
    centre = moments["m10"] / moments["m00"] + 0.5, moments["m01"] / moments["m00"] + 0.5
    assert centre == pytest.approx((100.3, 90.6), abs=0.15)
    assert 2 * np.sqrt(canvas.sum() / 255 / np.pi) == pytest.approx(pen, abs=0.3)


@pytest.mark.parametrize("pen", [1, 2, 3, 6, 12, 13, 27, 60])
@pytest.mark.parametrize("rise", [0, 40, 200])
def test_a_line_is_as_wide_as_the_pen_at_every_slope(pen: float, rise: int) -> None:
    canvas = _canvas()
    draw_strokes(canvas, [_stroke((-100, 100 - rise), (300, 100 + rise))], pen)
    across = canvas[:, 90:110].sum(axis=0).mean() / 255
    assert across * np.cos(np.arctan2(2 * rise, 400)) == pytest.approx(pen, abs=0.45)


def test_fast_strokes_have_no_gaps_and_round_corners() -> None:
    canvas = _canvas()
    draw_strokes(canvas, [_stroke((20, 20), (180, 30), (20, 180), (20.2, 180))], 9)
    assert cv2.connectedComponents((canvas > 127).astype(np.uint8))[0] == 2  # paper and ink
    # A mitred corner would reach far beyond the pen's half width.
    assert not canvas[:, 186:].any()


def test_scale_and_offset_place_the_ink() -> None:
    strokes = [_stroke((10, 10), (30, 20)), _stroke((15, 30))]
    moved = [stroke.moved(2.5, (20, 40)) for stroke in strokes]
    first, second = _canvas(), _canvas()
    draw_strokes(first, strokes, 4, 2.5, (20, 40))
    draw_strokes(second, moved, 10)
    assert np.array_equal(first, second)


def test_the_changed_part_is_returned_and_nothing_else_changes() -> None:
    canvas = _canvas()
    draw_strokes(canvas, [_stroke((5, 5))], 8)
    before = canvas.copy()
    x, y, width, height = draw_strokes(canvas, [_stroke((100, 120), (110, 125))], 8)
    changed = np.argwhere(canvas != before)
    assert len(changed)
    assert (changed >= (y, x)).all() and (changed < (y + height, x + width)).all()
    assert width < 25 and height < 20


def test_a_live_stroke_looks_as_it_will_when_it_is_drawn_anew() -> None:
    points = [(20.0 + 3 * i, 100 + 40 * np.sin(i / 5)) for i in range(50)]
    live, anew = _canvas(), _canvas()
    for start, end in pairwise(points):
        draw_strokes(live, [_stroke(start, end)], 9)
    draw_strokes(anew, [_stroke(*points)], 9)
    assert np.abs(live.astype(int) - anew).mean() < 0.5
    assert np.abs(live.astype(int) - anew).max() < 90


@pytest.mark.parametrize("pen", [1, 6, 12])
def test_a_million_points_look_like_the_line_that_they_are(pen: float) -> None:
    def spiral(count: int) -> Stroke:
        angle = np.linspace(0, 30, count)
        around = np.column_stack([np.cos(angle), np.sin(angle)])
        return Stroke(100 + around * angle[:, np.newaxis] * 2.5)

    usual, many = _canvas(), _canvas()
    draw_strokes(usual, [spiral(1000)], pen)
    draw_strokes(many, [spiral(1_000_000)], pen)
    difference = np.abs(usual.astype(int) - many)
    assert difference.mean() < 1.5 and difference.max() < 110


@pytest.mark.parametrize("far", [1e4, 1e7, -1e7])
def test_ink_far_outside_is_no_trouble(far: float) -> None:
    canvas = _canvas()
    draw_strokes(canvas, [_stroke((far, far)), _stroke((100, 100), (far, 100))], 10, 3.0)
    assert draw_strokes(canvas, [_stroke((far, far))], 10)[2:] == (0, 0)
    assert draw_strokes(canvas, [], 10) == (0, 0, 0, 0)


def test_a_large_canvas_is_drawn_too() -> None:
    canvas = _canvas(2400, 3200)
    draw_strokes(canvas, [_stroke((100, 100), (3100, 2300))], 30)
    assert canvas[1200, 1600] == 255


def test_the_page_is_white_on_near_black() -> None:
    page = coloured(np.array([[0, 255, 128]], dtype=np.uint8))
    assert page[0, 0].tolist() == list(PAPER) and max(PAPER) < 40
    assert page[0, 1].tolist() == list(INK) == [255, 255, 255]
