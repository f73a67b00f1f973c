"""Pictures of several characters: components are grouped and cut as strokes are."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from game.batch.read import FileReader, read_files
from game.document.rasterize import draw_strokes
from models.ink.strokes import Stroke
from models.pictures.ink import ink_of
from models.preprocessing.mnist_form import picture_to_image
from models.recognition.answer import Reading
from tests.helpers.game import reader
from tests.helpers.samples import placed, samples

Picture = NDArray[np.uint8]


def row(
    digits: str, side: float = 120, gap: float = 0.4, corner: tuple[float, float] = (0, 0)
) -> list[Stroke]:
    """The project's own samples side by side; gap: in sides, below 0 they overlap."""
    own = {drawing.label: drawing for drawing in reversed(samples())}
    strokes: list[Stroke] = []
    x, y = corner
    for digit in digits:
        ink = placed(own[digit], side, (x, y))
        strokes += ink
        x = max(stroke.points[:, 0].max() for stroke in ink) + gap * side
    return strokes


def picture(strokes: list[Stroke], pen: float = 10, margin: int = 30) -> Picture:
    """Dark ink on light paper."""
    every = np.concatenate([stroke.points for stroke in strokes])
    width, height = (every.max(axis=0) + 2 * margin + 1).astype(int).tolist()
    canvas = np.zeros((height, width), np.uint8)
    draw_strokes(canvas, strokes, pen, 1.0, (margin, margin))
    return np.asarray(235 - canvas * 0.75).astype(np.uint8)


def best(reading: Reading) -> str:
    return "".join(answer.alternatives[0][0] for answer in reading.answers)


def read(paper: Picture) -> Reading:
    return reader().read_picture(ink_of(paper))


@pytest.mark.parametrize("digits", ["0123456789", "9876543210", "42", "1111", "5550"])
def test_a_row_is_read_in_order(digits: str) -> None:
    reading = read(picture(row(digits)))
    assert best(reading) == digits
    lefts = [answer.box.x for answer in reading.answers]
    assert lefts == sorted(lefts)


def test_lines_are_read_from_the_top() -> None:
    strokes = row("3825", corner=(0, 0)) + row("7046", corner=(40, 220))
    reading = read(picture(strokes))
    assert reading.text == "3825\n7046"
    assert [answer.line for answer in reading.answers] == [0] * 4 + [1] * 4


def test_digits_that_touch_are_cut() -> None:
    touching = [("35", 0.0), ("36", 0.0), ("64", -0.04), ("93", 0.0), ("93", -0.04), ("35", -0.04)]
    for pair, gap in touching:
        paper = picture(row(pair, gap=gap))
        count, _ = cv2.connectedComponents((paper < 128).astype(np.uint8))
        assert count == 2, f"{pair} at {gap}: paper and one component"
        assert best(read(paper)) == pair


def test_boxes_lie_around_the_ink_of_each() -> None:
    strokes = row("308")
    answers = read(picture(strokes, pen=10, margin=30)).answers
    x = max(stroke.points[:, 0].max() for stroke in row("3")) + 30 + 5
    assert answers[0].box.x == pytest.approx(25, abs=2)
    assert answers[0].box.right == pytest.approx(x, abs=2)
    assert answers[1].box.x > answers[0].box.right


def test_broken_ink_is_one_digit() -> None:
    for digit in ("5", "8", "3"):
        paper = picture(row(digit + "2" + digit), pen=12)
        # A white scratch through all of them.
        paper[78:83] = 235
        assert best(read(paper)) == digit + "2" + digit


def test_the_halves_of_a_digit_that_a_fold_divides_are_one() -> None:
    for digit in "046789":
        paper = picture(row(digit))
        middle = len(paper) // 2
        paper[middle - 8 : middle + 8] = 235
        assert best(read(paper)) == digit


def test_the_loose_bar_of_a_five_is_part_of_it() -> None:
    body = np.array([(12, 8), (8, 38), (30, 34), (46, 46), (48, 66), (36, 84), (8, 88)], float)
    bar = np.array([(20, -8), (58, -12)], float)
    for size, pen in ((0.5, 4), (1.0, 7), (2.5, 14)):
        five = [Stroke(body * size + (0, 20 * size)), Stroke(bar * size + (0, 20 * size))]
        paper = picture(five, pen)
        count, _ = cv2.connectedComponents((paper < 128).astype(np.uint8))
        assert count == 3, "paper, the body and the bar"
        assert best(read(paper)) == "5"


def test_a_broken_five_may_be_broader_than_high() -> None:
    body = np.array([(32, 38), (28, 60), (50, 56), (66, 66), (68, 82), (56, 98), (28, 102)], float)
    for end in (110, 120, 130, 140):
        bar = np.array([(72, 32), (end, 24)], float)
        paper = picture([Stroke(body), Stroke(bar)], pen=7)
        assert best(read(paper)) == "5"


def test_a_digit_below_another_is_of_another_line() -> None:
    for above, below in ("35", "18", "40", "77"):
        paper = picture(row(above) + row(below, corner=(10, 170)))
        assert read(paper).text.split() == [above, below]


def test_specks_and_a_ruled_line_are_no_characters() -> None:
    paper = picture(row("4703"), margin=60)
    for x, y in ((20, 20), (300, 40), (90, 200)):
        cv2.circle(paper, (x, y), 4, 50, -1)
    paper[-25:-21] = 60
    assert best(read(paper)) == "4703"


def test_paper_without_ink_has_no_characters() -> None:
    assert read(np.full((80, 300), 240, np.uint8)).answers == ()
    assert reader().read_picture(np.zeros((1, 1), np.uint8)).answers == ()


@pytest.mark.parametrize("pen", [3, 9, 20])
def test_a_single_digit_is_read_from_all_its_ink(pen: float) -> None:
    for drawing in samples():
        ink = ink_of(picture(placed(drawing, 150, (0, 0)), pen))
        (answer,) = reader().read_picture(ink).answers
        assert np.array_equal(answer.image, picture_to_image(ink))
        assert answer.alternatives[0][0] == drawing.label


@pytest.mark.parametrize("longest", [28, 32])
def test_a_picture_of_a_data_set_is_one_character(longest: int) -> None:
    # Two digits, far apart: in a larger picture nobody would take them for one.
    large = picture(row("38"))
    shrink = longest / max(large.shape)
    size = round(large.shape[1] * shrink), round(large.shape[0] * shrink)
    ink = ink_of(np.asarray(cv2.resize(large, size, interpolation=cv2.INTER_AREA), np.uint8))
    assert max(ink.shape) == longest
    (answer,) = reader().read_picture(ink).answers
    assert np.array_equal(answer.image, picture_to_image(ink))
    assert len(reader().read_picture(np.pad(ink, 8)).answers) == 2


@settings(max_examples=12)
@given(
    scale=st.floats(0.35, 3.0),
    left=st.integers(10, 300),
    top=st.integers(10, 300),
    digits=st.sampled_from(["3825", "7046", "9120"]),
)
def test_place_and_scale_do_not_matter(scale: float, left: int, top: int, digits: str) -> None:
    strokes = row(digits, 120 * scale)
    every = np.concatenate([stroke.points for stroke in strokes])
    width, height = (every.max(axis=0) + 40).astype(int).tolist()
    canvas = np.zeros((height + top, width + left), np.uint8)
    draw_strokes(canvas, strokes, max(2.0, 9 * scale), 1.0, (left, top))
    assert best(reader().read_picture(ink_of(255 - canvas))) == digits


def test_noise_is_read_somehow() -> None:
    rng = np.random.default_rng(4)
    for share in (0.02, 0.3):
        paper = np.where(rng.random((120, 160)) < share, 30, 230).astype(np.uint8)
        for answer in read(paper).answers:
            assert answer.box.width > 0 and answer.box.height > 0


def test_boxes_of_a_large_picture_are_in_its_own_pixels(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paper = picture(row("352", side=900, corner=(400, 200)), pen=80, margin=100)
    assert max(paper.shape) > 2000
    assert cv2.imwrite(str(tmp_path / "large.png"), paper)
    assert read_files([tmp_path / "large.png"], FileReader("digits"), as_json=True) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["text"] == "352"
    columns = np.flatnonzero((paper < 128).any(axis=0))
    rows = np.flatnonzero((paper < 128).any(axis=1))
    first, last = record["answers"][0]["box"], record["answers"][-1]["box"]
    assert first[0] == pytest.approx(columns[0], abs=6)
    assert last[0] + last[2] == pytest.approx(columns[-1] + 1, abs=6)
    assert min(first[1], last[1]) == pytest.approx(rows[0], abs=25)
