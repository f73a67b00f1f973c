from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.document.open import fit, open_page
from models.ink.jsonl import write_drawings
from models.ink.strokes import Box, Drawing, Stroke, bounding_box
from models.util.errors import InputError

PAGE = (740.0, 640.0)


def _drawing(*points: tuple[float, float], **known: object) -> Drawing:
    stroke = Stroke(np.array(points, dtype=float), np.arange(len(points), dtype=float))
    return Drawing((stroke,), **known)  # type: ignore[arg-type]


def _box(drawing: Drawing, page: tuple[float, float] = PAGE) -> Box:
    return bounding_box(fit(drawing, page))


def _centre(box: Box) -> tuple[float, float]:
    return box.x + box.width / 2, box.y + box.height / 2


def test_a_surface_is_fitted_into_the_page_and_ink_keeps_its_place_in_it() -> None:
    drawing = _drawing((0, 0), (500, 500), (250, 100), width=500, height=500)
    (stroke,) = fit(drawing, PAGE)
    assert stroke.points.tolist() == [[50, 0], [690, 640], [370, 128]]
    assert stroke.times is not None and stroke.times.tolist() == [0, 1, 2]


def test_ink_alone_gets_60_percent_of_the_shorter_side() -> None:
    for points in (((0, 0), (10, 30)), ((-5000, 7), (5000, 9000))):
        box = _box(_drawing(*points))
        assert max(box.width, box.height) == pytest.approx(0.6 * 640)
        assert _centre(box) == pytest.approx((370, 320))


def test_a_number_may_be_as_wide_as_90_percent_of_the_page() -> None:
    wide = _box(_drawing((0, 0), (400, 100), label="1234"))
    assert wide.width == pytest.approx(0.9 * 740)
    narrow = _box(_drawing((0, 0), (100, 100), label="12"))
    assert narrow.height == pytest.approx(0.6 * 640)
    one = _box(_drawing((0, 0), (400, 100), label="1"))
    assert one.width == pytest.approx(0.6 * 640)


def test_ink_that_is_much_wider_than_high_is_a_number_unless_its_label_says_no() -> None:
    assert _box(_drawing((0, 0), (400, 100))).width == pytest.approx(0.9 * 740)
    assert _box(_drawing((0, 0), (400, 300))).width == pytest.approx(0.6 * 640)
    assert _box(_drawing((0, 0), (4000, 10), label="")).width == pytest.approx(0.9 * 740)


def test_a_page_of_the_same_size_changes_not_a_bit() -> None:
    drawing = _drawing((0.1, 1 / 3), (2000, 5), width=740, height=640)
    assert fit(drawing, PAGE) is drawing.strokes


def test_ink_outside_its_surface_is_brought_into_sight() -> None:
    box = _box(_drawing((9000, 9000), (9100, 9100), width=500, height=500))
    assert _centre(box) == pytest.approx((370, 320))
    assert box.width == pytest.approx(384)


@given(
    st.lists(st.tuples(st.floats(-1e7, 1e7), st.floats(-1e7, 1e7)), min_size=1, max_size=4),
    st.none() | st.floats(1e-300, 1e7),
    st.none() | st.floats(1e-300, 1e7),
    st.sampled_from([None, "8", "88"]),
)
def test_any_ink_comes_to_lie_on_the_page(
    points: list[tuple[float, float]], width: float | None, height: float | None, label: str | None
) -> None:
    box = _box(_drawing(*points, width=width, height=height, label=label))
    slack = 1e-3  # what is left of 1e7 after its digits are used up
    assert box.x >= -slack and box.y >= -slack
    assert box.right <= PAGE[0] + slack and box.bottom <= PAGE[1] + slack


@pytest.mark.parametrize("points", [[(5, 5)], [(5, 5), (5, 5)], [(1e7, 1e7)], [(0, 0), (0, 1e-9)]])
def test_a_dot_stays_a_dot_in_the_middle(points: list[tuple[float, float]]) -> None:
    box = _box(_drawing(*points))
    assert _centre(box) == pytest.approx((370, 320))
    assert box.width + box.height < 1e-6


@pytest.mark.parametrize("label", ["1", "11"])
def test_a_straight_line_has_no_side_to_divide_by(label: str) -> None:
    upright = _box(_drawing((7, 0), (7, 30), label=label))
    assert upright.width == 0
    assert upright.height == pytest.approx(384)
    level = _box(_drawing((0, 7), (30, 7), label=label))
    assert level.height == 0
    assert level.width == pytest.approx(384 if label == "1" else 666)


def test_the_pen_grows_with_the_ink(tmp_path: Path) -> None:
    path = tmp_path / "ink.jsonl"
    known = {"width": 370.0, "height": 320.0}
    write_drawings(path, [_drawing((0, 0), (9, 9), **known, extra={"pen": 6})] * 2)
    page = open_page(path, PAGE)
    assert (page.pen, page.count) == (12, 2)
    assert page.strokes[0].points.tolist() == [[0, 0], [18, 18]]


@pytest.mark.parametrize("pen", [None, "12", True, 0, -3, [4], 10**400])
def test_a_senseless_pen_is_passed_over(tmp_path: Path, pen: object) -> None:
    path = tmp_path / "ink.jsonl"
    write_drawings(path, [_drawing((0, 0), (9, 9), extra={"pen": pen})])
    assert open_page(path, PAGE).pen is None


def test_a_bad_file_is_reported(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        open_page(tmp_path / "missing", PAGE)
