"""Where frames and captions of many characters stand, and how what they say is fitted."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pygame import Rect

from game.ui.canvas.placing import Caption, Captions, Ground, Size, place_frames
from game.ui.widgets.words import Letter, fitted, in_one_row, type_sizes, width_of

CANVAS = Rect(0, 0, 728, 608)
# From telling to terse; the last two stand on the frame's line.
SIZES: list[Size] = [(120, 44), (60, 44), (30, 30), (20, 20), (12, 14), (12, 13), (9, 10)]
ON_LINE = 5

boxes = st.builds(
    Rect, st.integers(-40, 760), st.integers(-40, 640), st.integers(1, 300), st.integers(1, 300)
)


def placed(frames: list[Rect], below: bool = False) -> list[Caption]:
    ground = Ground(frames, CANVAS, 6, below, ON_LINE, [1] * len(frames))
    return Captions().place(ground, [SIZES] * len(frames))


def grid(columns: int, rows: int, width: int, height: int, across: int, down: int) -> list[Rect]:
    """Frames in rows, their distances `across` and `down`, in the canvas's middle."""
    left = CANVAS.centerx - (columns * (width + across) - across) // 2
    top = CANVAS.centery - (rows * (height + down) - down) // 2
    return [
        Rect(left + i * (width + across), top + j * (height + down), width, height)
        for j in range(rows)
        for i in range(columns)
    ]


@given(st.lists(boxes, max_size=60), st.booleans())
def test_every_character_has_its_caption_whole_on_the_canvas(some: list[Rect], below: bool) -> None:
    frames = place_frames(some, 5, CANVAS)
    captions = placed(frames, below)
    assert len(captions) == len(frames) == len(some)
    for frame, caption in zip(frames, captions, strict=True):
        assert caption.place.size == SIZES[caption.level]
        assert CANVAS.contains(caption.place) and CANVAS.contains(frame)


@given(
    st.lists(boxes, max_size=40),
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60), boxes), max_size=8),
)
def test_what_is_remembered_of_a_page_changes_no_place(
    some: list[Rect], changes: list[tuple[int, int, Rect]]
) -> None:
    captions, page = Captions(), place_frames(some, 5, CANVAS)
    for start, end, box in changes:
        page[start:end] = place_frames([box, box.move(30, 0)][: end % 3], 0, CANVAS)
        below = box.width > 280
        ground = Ground(list(page), CANVAS, 6, below, ON_LINE, [1] * len(page))
        sizes = [SIZES[frame.width % 2 :] + SIZES[-1:] * (frame.width % 2) for frame in page]
        assert captions.place(ground, sizes) == Captions().place(ground, sizes)


@given(st.lists(boxes, max_size=20))
def test_frames_hold_their_ink_and_meet_only_where_the_ink_does(some: list[Rect]) -> None:
    some = [box for box in some if CANVAS.contains(box)]
    frames = place_frames(some, 5, CANVAS)
    assert all(frame.contains(box) for frame, box in zip(frames, some, strict=True))
    for i, j in combinations(range(len(some)), 2):
        if not some[i].colliderect(some[j]):
            assert not frames[i].colliderect(frames[j])


@given(
    st.tuples(st.integers(1, 10), st.integers(1, 5)),
    st.tuples(st.integers(24, 60), st.integers(30, 80)),
    st.tuples(st.integers(2, 30), st.integers(16, 60)),
    st.booleans(),
)
def test_where_there_is_room_nothing_is_hidden(
    count: tuple[int, int], size: tuple[int, int], distance: tuple[int, int], below: bool
) -> None:
    width = min(size[0], (CANVAS.width - 20) // count[0] - distance[0])
    height = min(size[1], (CANVAS.height - 40) // count[1] - distance[1])
    frames = grid(*count, max(width, 24), height, *distance)
    captions = placed(frames, below)
    for index, caption in enumerate(captions):
        others = frames[:index] + frames[index + 1 :]
        assert caption.place.collidelist(others) < 0
        assert caption.place.collidelist([c.place for c in captions[:index]]) < 0


@pytest.mark.parametrize("below", [False, True])
def test_a_row_of_characters_looks_like_one(below: bool) -> None:
    frames = grid(8, 3, 50, 60, 12, 40)
    captions = placed(frames, below)
    assert len({caption.level for caption in captions}) == 1
    for frame, caption in zip(frames, captions, strict=True):
        if below:
            assert 0 < caption.place.top - frame.bottom <= 6
        else:
            assert 0 < frame.top - caption.place.bottom <= 6
        assert caption.place.centerx == frame.centerx


def test_captions_tell_less_the_closer_the_characters_stand() -> None:
    alone = placed(grid(1, 1, 100, 150, 0, 0))[0].level
    apart = placed(grid(4, 1, 100, 150, 60, 0))[0].level
    row = placed(grid(12, 1, 40, 60, 8, 0))[0].level
    crowd = placed(grid(12, 8, 40, 50, 4, 3))[0].level
    assert alone == apart == 0 < row < crowd >= ON_LINE


def test_a_character_that_fills_the_canvas_still_has_its_caption() -> None:
    (caption,) = placed([CANVAS])
    assert caption.level == 0 and CANVAS.contains(caption.place)


def test_at_the_canvass_edge_the_caption_goes_to_the_other_side() -> None:
    top, bottom = placed([Rect(100, 0, 80, 90)]), placed([Rect(100, 518, 80, 90)], below=True)
    assert top[0].place.top > 90 and bottom[0].place.bottom < 518


def test_one_that_is_in_the_way_makes_only_its_neighbour_smaller() -> None:
    frames = grid(9, 1, 60, 80, 10, 0)
    frames.append(Rect(frames[4].left, frames[4].top - 40, 60, 20))
    levels = [caption.level for caption in placed(frames)]
    assert levels[4] > levels[0]
    assert [level for i, level in enumerate(levels) if i != 4] == [levels[0]] * 9


# What the page says


def row(words: str, first: int = 0) -> tuple[Letter, ...]:
    return tuple(Letter(letter, first + i) for i, letter in enumerate(words))


def written(rows: tuple[tuple[Letter, ...], ...]) -> list[str]:
    return ["".join(letter.words for letter in each) for each in rows]


def test_words_stay_in_one_row_as_long_as_that_is_readable() -> None:
    sizes = type_sizes(52, 9)
    size, rows = fitted([row("1234")], (204, 52), sizes, 16)
    assert (size, written(rows)) == (52, ["1234"])
    size, rows = fitted([row("31415926535897")], (204, 52), sizes, 16)
    assert 16 <= size < 52 and written(rows) == ["31415926535897"]
    size, rows = fitted([row("1" * 60)], (204, 52), sizes, 16)
    assert len(rows) > 1 and "".join(written(rows)) == "1" * 60


def test_what_has_no_room_is_left_out_at_the_front() -> None:
    words = "".join(str(i % 10) for i in range(400))
    size, rows = fitted([row(words)], (150, 34), type_sizes(34, 9), 16)
    shown = "".join(written(rows))
    assert size == 9 and shown[0] == "…" and words.endswith(shown[1:]) and len(shown) > 40


@given(
    st.lists(st.text("0123456789?Wil", min_size=1, max_size=80), min_size=1, max_size=6),
    st.tuples(st.integers(40, 300), st.integers(12, 110)),
)
def test_words_fit_and_their_end_is_always_there(lines: list[str], room: tuple[int, int]) -> None:
    letters, first = [], 0
    for line in lines:
        letters.append(row(line, first))
        first += len(line)
    size, rows = fitted(letters, room, type_sizes(52, 9), 16)
    assert all(width_of(each, size) <= room[0] for each in rows)
    assert rows[-1][-1].answer == first - 1
    kept = [letter.answer for each in rows for letter in each if letter.answer is not None]
    assert kept == list(range(first - len(kept), first))
    if len(kept) == first:
        assert "…" not in "".join(written(rows))


def test_lines_behind_one_another_are_told_apart() -> None:
    assert written((in_one_row([row("12"), row("34", 2)]),)) == ["12 / 34"]
    assert in_one_row([]) == ()
