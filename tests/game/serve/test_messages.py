"""What a page may say: anything is a message or is refused with one line, and then done."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from game.page.board import Board
from game.serve.messages import Hello, Ink, Resize, Save, Select, SetPen, Step, parse
from game.serve.remote_board import MOST_POINTS, MOST_STROKES, RemoteBoard
from game.ui.canvas.canvas import Canvas
from game.ui.layout import layout_of
from models.util.errors import InputError
from tests.helpers.boards import READER, SIZE

HELLO = {"do": "hello", "session": "", "fresh": True, "size": [390, 420], "scale": 1}
INK = {"do": "ink", "n": 1, "first": True, "last": False, "points": [[1, 2, 3]]}
RIGHT: list[dict[str, Any]] = [
    HELLO,
    {"do": "size", "size": [1, 8192], "scale": 1.5},
    INK,
    INK | {"first": False, "last": True, "points": []},
    {"do": "undo", "n": 2},
    {"do": "pen", "n": 3, "width": 12},
    {"do": "letters", "n": 4, "on": True},
    {"do": "select", "answer": None},
    {"do": "save", "as": "inkml"},
    HELLO | {"name": "Ada", "task": 12},
    {"do": "task", "n": 5, "name": "next", "task": 12},
    {"do": "task", "n": 6, "name": "4", "task": 0},
]
_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=12,
)


def new_remote_board() -> RemoteBoard:
    board = Board(READER.for_another_page(), SIZE)
    return RemoteBoard(board, Canvas(layout_of((740, 640), 1.0, show_panel=False)))


def see(remote: RemoteBoard) -> dict[str, Any]:
    """What the page shows, as it arrives there."""
    remote.board.read_now()
    remote.canvas.lay(remote.board, remote.canvas.layout)
    seen: dict[str, Any] = json.loads(json.dumps(remote.state(), allow_nan=False))
    return seen


@pytest.mark.parametrize("record", RIGHT, ids=lambda each: str(each["do"]))
def test_right_messages(record: dict[str, Any]) -> None:
    kinds = Hello, Resize, Ink, Step, SetPen, Select, Save
    message = parse(json.dumps(record))
    assert isinstance(message, kinds) or record["do"] in ("letters", "task")


@pytest.mark.parametrize(
    "record, line",
    [
        ([], "an empty list"),
        ({}, "has no do"),
        ({"do": "quit"}, "quit"),
        ({"do": "undo"}, "has no n"),
        ({"do": "undo", "n": 0}, "n is 0"),
        ({"do": "undo", "n": True}, "n is true"),
        ({"do": "undo", "n": 1.0}, "n is 1.0"),
        ({"do": "undo", "n": 1, "m": 1}, "more than it should: m"),
        (HELLO | {"size": [0, 5]}, "size"),
        (HELLO | {"size": [1e9, 5]}, "size"),
        (HELLO | {"scale": 99}, "scale"),
        (HELLO | {"session": "x" * 65}, "session"),
        (INK | {"points": []}, "points is empty"),
        (INK | {"points": [[1, 2, 3]] * 1001}, "at most 1000 points"),
        (INK | {"points": [[1, 2]]}, "a point"),
        (HELLO | {"task": -1}, "task"),
        ({"do": "task", "n": 1, "name": "leave", "task": 1}, "name"),
        ({"do": "task", "n": 1, "name": ["next"], "task": 1}, "name"),
        ({"do": "task", "n": 1, "name": "next"}, "has no task"),
        (INK | {"points": [[1, "2", 3]]}, "a point"),
        (INK | {"points": [[1, 1e300, 3]]}, "a point"),
        (INK | {"points": [[1, 2, -1]]}, "a point"),
        ({"do": "pen", "n": 1, "width": "wide"}, "width"),
        ({"do": "select", "answer": -1}, "answer"),
        ({"do": "save", "as": "../x"}, "png"),
    ],
)
def test_wrong_messages_are_named(record: object, line: str) -> None:
    with pytest.raises(InputError) as error:
        parse(json.dumps(record))
    assert line in str(error.value) and len(str(error.value).splitlines()) == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "NaN",
        "[" * 50_000,
        '{"do": NaN}',
        "9" * 5_000,
        json.dumps(INK).replace("3", "1e999"),
    ],
    ids=["empty", "open", "nan", "deep", "nan inside", "long number", "infinite"],
)
def test_what_is_no_message(text: str) -> None:
    with pytest.raises(InputError):
        parse(text)


@given(text=st.text() | _values.map(json.dumps))
def test_any_text_is_a_message_or_refused(text: str) -> None:
    with pytest.raises(InputError) as error:
        parse(text)
    assert len(str(error.value).splitlines()) == 1


@given(record=st.sampled_from(RIGHT), key=st.sampled_from(sorted({*HELLO, *INK})), value=_values)
def test_any_value_in_a_message(record: dict[str, Any], key: str, value: object) -> None:
    try:
        parse(json.dumps(record | {key: value}))
    except InputError as error:
        assert len(str(error).splitlines()) == 1


_points = st.lists(
    st.tuples(st.floats(-1e7, 1e7), st.floats(-1e7, 1e7), st.floats(0, 1e13)).map(list),
    min_size=1,
    max_size=4,
)
_changes = st.one_of(
    st.builds(
        lambda first, last, points: {"do": "ink", "first": first, "last": last, "points": points},
        st.booleans(),
        st.booleans(),
        _points,
    ),
    st.sampled_from(["cancel", "undo", "redo", "clear"]).map(lambda name: {"do": name}),
    st.floats(0, 1e7).map(lambda width: {"do": "pen", "width": width}),
)


@settings(max_examples=40)
@given(changes=st.lists(_changes, max_size=25))
def test_any_order_of_messages(changes: list[dict[str, Any]]) -> None:
    remote = new_remote_board()
    for number, change in enumerate(changes, start=1):
        message = parse(json.dumps(change | {"n": number}))
        remote.do(message)  # type: ignore[arg-type]
        remote.do(message)  # type: ignore[arg-type]
    shown = see(remote)
    assert shown["seen"] == len(changes)
    strokes = shown["strokes"]
    assert len(strokes) == len(set(strokes)) == len(remote.board.document.strokes)
    points = remote.points(strokes)
    for (number, there), stroke in zip(points, remote.board.document.strokes, strict=True):
        assert number in strokes and len(there) == len(stroke)
    assert (shown["writes"] != 0) == (remote.board.document.live is not None)


def test_a_message_is_done_once_and_none_is_left_out() -> None:
    remote = new_remote_board()
    for number in (1, 1, 2, 1):
        remote.do(Ink(number, ((10.0 * number, 5.0, 0.0),), True, True))
    assert see(remote)["strokes"] == [1, 2]
    with pytest.raises(InputError):
        remote.do(Step(4, "undo"))
    assert see(remote)["strokes"] == [1, 2] and remote.seen == 2


def test_a_full_page_takes_no_more_and_says_so() -> None:
    remote = new_remote_board()
    most = MOST_POINTS // 1000
    line = tuple((x % 700.0, x // 700.0, 0.0) for x in range(1000))
    for number in range(1, most + 3):
        remote.do(Ink(number, line, True, True))
    assert len(remote.board.document.strokes) == most
    assert remote.board.toast is not None and "full" in remote.board.toast.text
    remote.do(Step(most + 3, "clear"))
    remote.do(Ink(most + 4, ((5.0, 5.0, 0.0),), True, True))
    assert see(remote)["strokes"] == [most + 4]


def test_a_page_that_is_filled_again_and_again_stays_small() -> None:
    remote = new_remote_board()
    number = 0
    for _ in range(5):
        for _ in range(MOST_STROKES + 1):
            number += 1
            remote.do(Ink(number, ((5.0, 5.0, 0.0),), True, True))
        number += 1
        remote.do(Step(number, "clear"))
    assert len(remote._named) < 4 * MOST_STROKES + 2
