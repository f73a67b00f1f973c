"""Ink on the canvas becomes characters: real drawings, the shipped network, every segmentation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.ink.strokes import PAGE_PEN, Stroke
from models.recognition.answer import Reading
from models.recognition.network import load_network
from models.recognition.reader import Reader
from models.segmentation.edits import AS_READ, SegmentationEdits
from tests.helpers.counting import CountingNetwork
from tests.helpers.samples import number

NETWORK = load_network()
READER = Reader(NETWORK)
LETTERS = Reader(load_network("characters"))
DIGITS = "0123456789"


def flat(characters: Iterable[Sequence[Stroke]]) -> list[Stroke]:
    return list(chain.from_iterable(characters))


def read(strokes: Sequence[Stroke], edits: SegmentationEdits = AS_READ) -> Reading:
    return READER.read(strokes, PAGE_PEN, edits)


@pytest.mark.parametrize("style", [0, 1])
@pytest.mark.parametrize("gap", [0.6, 0.2, 0.05])
@pytest.mark.parametrize(
    "digits",
    ["7", "54", "208", "1969", "90210", "741852", "5550123", "31415926", "454747545", DIGITS],
)
def test_numbers_of_one_to_ten_digits(digits: str, gap: float, style: int) -> None:
    written = number(digits, 60, gap=gap, style=style)
    reading = read(flat(written))
    assert reading.text == digits
    # Every stroke went to the digit that it was written for.
    ends = np.cumsum([len(strokes) for strokes in written]).tolist()
    starts = [0, *ends[:-1]]
    assert [answer.strokes for answer in reading.answers] == [
        tuple(range(start, end)) for start, end in zip(starts, ends, strict=True)
    ]


def test_a_phone_number_over_the_whole_width() -> None:
    written = number("0123456789", 62, (20, 260), gap=0.52)
    ink = flat(written)
    assert max(stroke.points[:, 0].max() for stroke in ink) > 680
    assert read(ink).text == "0123456789"


@pytest.mark.parametrize("between", [20, 50])
def test_three_lines_of_writing(between: int) -> None:
    lines = [
        number(digits, 60, (x, 40 + k * (60 + between)))
        for k, (digits, x) in enumerate([("20759", 40), ("4711", 90), ("886", 20)])
    ]
    reading = read(flat(chain.from_iterable(lines)))
    assert reading.text == "20759\n4711\n886"
    assert [answer.line for answer in reading.answers] == [0] * 5 + [1] * 4 + [2] * 3
    # The last line first: the order of reading depends on where ink stands, not on when it came.
    assert read(flat(chain.from_iterable(reversed(lines)))).text == reading.text


def test_a_line_that_rises_and_one_below_it() -> None:
    turn = np.array([[1.0, -0.2], [0.0, 1.0]])
    lines = [number("314159", 60, (20, 150)), number("2718", 60, (20, 290))]
    ink = [Stroke(stroke.points @ turn) for stroke in flat(chain.from_iterable(lines))]
    assert read(ink).text == "314159\n2718"


@pytest.mark.parametrize("digit", ["0", "1", "4", "5", "7", "8"])
def test_one_digit_in_two_strokes(digit: str) -> None:
    (strokes,) = number(digit)
    assert len(strokes) == 2
    for ink in (strokes, strokes[::-1]):
        reading = read(ink)
        assert reading.text == digit
        assert reading.answers[0].strokes == (0, 1)


@pytest.mark.parametrize("digits", ["88", "886", "88888", "18880"])
def test_digits_whose_strokes_are_half_as_high(digits: str) -> None:
    for height in (40, 60, 150):
        assert read(flat(number(digits, height))).text == digits


@pytest.mark.parametrize("digits", ["54", "75", "47", "55", "45", "07"])
def test_a_digit_finished_after_the_next_one(digits: str) -> None:
    first, second = number(digits)
    ink = [*first[:-1], *second, first[-1]]
    reading = read(ink)
    assert reading.text == digits
    assert reading.answers[0].strokes == (0, len(ink) - 1)


@pytest.mark.parametrize("digits", ["20", "35", "508", "86", "9063"])
def test_touching_digits(digits: str) -> None:
    written = number(digits, gap=-0.04, style=0)
    rights = [max(stroke.points[:, 0].max() for stroke in strokes) for strokes in written]
    lefts = [min(stroke.points[:, 0].min() for stroke in strokes) for strokes in written]
    assert all(left < right for left, right in zip(lefts[1:], rights, strict=False))
    assert read(flat(written)).text == digits


def in_one_stroke(digits: str, gap: float = 0.35) -> Stroke:
    """Digits of one stroke each, the pen kept down between them."""
    points = [strokes[0].points for strokes in number(digits, gap=gap, style=0)]
    return Stroke(np.concatenate(points))


@pytest.mark.parametrize("digits", ["28", "82", "23", "21"])
def test_two_digits_in_one_stroke(digits: str) -> None:
    stroke = in_one_stroke(digits)
    reading = read([stroke])
    assert reading.text == digits
    assert [answer.strokes for answer in reading.answers] == [(0,), (0,)]
    # Two segments that share the point where the stroke is cut.
    first, second = (answer.ink[0].points for answer in reading.answers)
    np.testing.assert_array_equal(np.concatenate([first, second[1:]]), stroke.points)


@st.composite
def numbers(draw: st.DrawFn, most: int = 6) -> tuple[str, list[Stroke]]:
    """A number of shipped digits, each in one of two styles, in lines that are not too straight."""
    digits = draw(st.text(DIGITS, min_size=1, max_size=most))
    ink: list[Stroke] = []
    x = 0.0
    for digit in digits:
        height = draw(st.integers(85, 115))
        lift = draw(st.integers(-8, 8))
        style = draw(st.integers(0, 1))
        (strokes,) = number(digit, height, (x, 200 - height + lift), style=style)
        ink += strokes
        x = max(stroke.points[:, 0].max() for stroke in strokes) + draw(st.integers(15, 70))
    return digits, ink


@settings(max_examples=40)
@given(numbers(), st.floats(0.3, 5), st.floats(-500, 500), st.floats(-500, 500), st.randoms())
def test_order_place_and_scale_do_not_change_what_is_read(
    written: tuple[str, list[Stroke]], scale: float, x: float, y: float, rng: Random
) -> None:
    digits, ink = written
    assert read(ink).text == digits
    elsewhere = [stroke.moved(scale, (x, y)) for stroke in ink]
    rng.shuffle(elsewhere)
    assert read(elsewhere).text == digits


def same(one: Reading, other: Reading) -> bool:
    return [(a.strokes, a.line, a.box, a.probabilities) for a in one.answers] == [
        (a.strokes, a.line, a.box, a.probabilities) for a in other.answers
    ]


@settings(max_examples=25)
@given(numbers(4), st.data())
def test_what_a_reader_remembers_never_changes_what_it_reads(
    written: tuple[str, list[Stroke]], data: st.DataObject
) -> None:
    _, ink = written
    ink += [stroke.moved(1, (0, 190)) for stroke in ink[: len(ink) // 2]]
    reader = Reader(NETWORK)
    page: list[Stroke] = []
    gone = list(ink)
    edits = AS_READ
    reading = Reading()
    for _ in range(data.draw(st.integers(1, 12), "steps")):
        act = data.draw(st.sampled_from(["write", "write", "write", "take", "join", "split"]))
        if act == "write" and gone:
            page.append(gone.pop(data.draw(st.integers(0, len(gone) - 1))))
        elif act == "take" and page:
            gone.append(page.pop(data.draw(st.integers(0, len(page) - 1))))
        elif act == "join" and len(reading.answers) > 1:
            first = data.draw(st.integers(0, len(reading.answers) - 2))
            edits = edits.with_merged([answer.ink for answer in reading.answers[first : first + 2]])
        elif act == "split" and reading.answers:
            edits = edits.with_split(
                reading.answers[data.draw(st.integers(0, len(reading.answers) - 1))].ink
            )
        reading = reader.read(tuple(page), PAGE_PEN, edits)
        assert same(reading, Reader(NETWORK).read(tuple(page), PAGE_PEN, edits))
        assert {index for answer in reading.answers for index in answer.strokes} == set(
            range(len(page))
        )


def test_merged_ink_is_one_character_wherever_it_stands() -> None:
    ink = flat(number("1", style=0) + number("0", corner=(400, 60), style=0))
    apart = read(ink)
    assert apart.text == "10"
    edits = AS_READ.with_merged([answer.ink for answer in apart.answers])
    together = read(ink, edits)
    assert [answer.strokes for answer in together.answers] == [(0, 1)]
    assert read(ink, edits.with_split(together.answers[0].ink)).text == "10"


def test_split_ink_is_several_characters() -> None:
    for digit in "45780":
        (strokes,) = number(digit)
        reading = read(strokes, AS_READ.with_split(strokes))
        assert len(reading.answers) > 1
        assert {i for answer in reading.answers for i in answer.strokes} == {0, 1}


@pytest.mark.parametrize("digit", ["0", "3", "6", "8"])
def test_a_single_stroke_can_be_split(digit: str) -> None:
    ((stroke,),) = number(digit, style=0)
    reading = read([stroke], AS_READ.with_split([stroke]))
    assert [answer.strokes for answer in reading.answers] == [(0,), (0,)]
    pieces = [answer.ink[0] for answer in reading.answers]
    assert sum(len(piece) for piece in pieces) == len(stroke) + 1


def test_a_dot_stays_whole() -> None:
    dot = Stroke(np.array([[50.0, 50.0]]))
    assert len(read([dot], AS_READ.with_split([dot])).answers) == 1


def test_segments_of_a_stroke_are_merged_with_each_other_and_with_ink_far_away() -> None:
    ink = [in_one_stroke("28"), *number("1", corner=(500, 60), style=0)[0]]
    two, eight, one = read(ink).answers
    edits = AS_READ.with_merged([two.ink, eight.ink])
    assert [answer.strokes for answer in read(ink, edits).answers] == [(0,), (1,)]
    edits = AS_READ.with_merged([eight.ink, one.ink])
    first, second = read(ink, edits).answers
    assert (first.strokes, second.strokes) == ((0,), (0, 1))
    assert set(second.ink) == {*eight.ink, *one.ink}


def test_the_latest_edit_holds() -> None:
    ink = flat(number("111", gap=0.5, style=0))
    a, b, c = ([stroke] for stroke in ink)
    edits = AS_READ.with_merged([a, b]).with_merged([b, c])
    assert [answer.strokes for answer in read(ink, edits).answers] == [(0,), (1, 2)]
    edits = edits.with_split([*b, *c]).with_merged([b, c])
    assert [answer.strokes for answer in read(ink, edits).answers] == [(0,), (1, 2)]


def test_edits_of_ink_that_is_gone_do_nothing() -> None:
    ink = flat(number("4075"))
    elsewhere = flat(number("85", 70, (40, 400)))
    edits = (
        AS_READ.with_merged([elsewhere[:2], ink[:1]])
        .with_merged([elsewhere[2:]])
        .with_split(elsewhere)
    )
    assert same(read(ink, edits), read(ink))
    # A part of what was merged is there still, and is read as without edits.
    edits = AS_READ.with_merged([ink[:1], ink[-1:]])
    assert same(read(ink[:-1], edits), read(ink[:-1]))


def dotted_i(above: float, size: float = 8.0, aside: float = 0.0) -> list[Stroke]:
    """A stem 80 high and a dot so far above it, so large, and so far to the right."""
    stem = Stroke(np.column_stack([np.full(20, 300.0), np.linspace(200, 280, 20)]))
    ring = np.linspace(0, 6, 12)
    middle = (300 + aside, 200 - above - size / 2)
    return [stem, Stroke(np.column_stack([np.cos(ring), np.sin(ring)]) * size / 2 + middle)]


@pytest.mark.parametrize("above", [10.0, 30.0, 60.0, 90.0])
@pytest.mark.parametrize("aside", [-15.0, 0.0, 25.0])
def test_a_dot_goes_with_its_stem_where_letters_are_read(above: float, aside: float) -> None:
    for ink in (dotted_i(above, aside=aside), dotted_i(above, aside=aside)[::-1]):
        (answer,) = LETTERS.read(ink, PAGE_PEN).answers
        assert answer.alternatives[0][0] in ("I", "L")  # with its dot near the stem it may be an l


def test_what_is_no_dot_goes_with_nothing() -> None:
    """Too far above, beside, or as large as what it is above; another letter stands beside it."""
    other = [stroke.moved(1, (200, 0)) for stroke in dotted_i(30)]
    for ink in (dotted_i(240), dotted_i(40, aside=90), dotted_i(60, size=70)):
        assert len(LETTERS.read([*ink, *other], PAGE_PEN).answers) == 3


def test_a_dot_that_is_far_away_is_one_where_nothing_else_is_written() -> None:
    assert len(LETTERS.read(dotted_i(200), PAGE_PEN).answers) == 1
    other = [stroke.moved(1, (300, 0)) for stroke in dotted_i(30)]
    assert len(LETTERS.read([*dotted_i(200), *other], PAGE_PEN).answers) == 3


def test_a_digit_has_no_dot() -> None:
    """The point of the number above is none of the one below, nor a digit of its own."""
    reading = read(dotted_i(60))
    assert [answer.text for answer in reading.answers] == ["1"]
    assert len(reading.specks) == 1 and reading.specks[0].bottom < reading.answers[0].box.y


def test_two_lines_of_letters_are_two() -> None:
    ink = [stroke for _ in range(4) for stroke in dotted_i(15)]
    moved = [stroke.moved(1, (60 * (k // 2 % 2), 130 * (k // 4))) for k, stroke in enumerate(ink)]
    answers = LETTERS.read(moved, PAGE_PEN).answers
    assert [answer.line for answer in answers] == [0, 0, 1, 1]
    assert [len(answer.strokes) for answer in answers] == [2, 2, 2, 2]


def test_no_ink_no_characters() -> None:
    assert read(flat(number("2"))).answers
    assert read([]).answers == ()


def test_a_scribble_is_one_thing_and_takes_no_search() -> None:
    """A child fills the page, stroke over stroke: it is read all the while, and soon as nothing."""

    network = CountingNetwork()
    reader, rng = Reader(network), np.random.default_rng(0)
    page: list[Stroke] = []
    classifications = []
    for _ in range(120):
        page.append(Stroke(rng.integers(20, 600, (40, 2)).astype(float)))
        before = network.classifications
        (answer, *others) = reader.read(page, PAGE_PEN).answers
        classifications.append(network.classifications - before)
    assert not others and answer.kind != "sure" and answer.strokes == tuple(range(120))
    assert max(classifications) < 500 and max(classifications[13:]) == 1


def test_a_number_beside_a_scribble_is_read() -> None:
    rng = np.random.default_rng(1)
    scribble = [Stroke(rng.integers(20, 200, (30, 2)).astype(float)) for _ in range(40)]
    written = flat(number("2026", corner=(400, 60)))
    assert read([*scribble, *written]).text.endswith("2026")
