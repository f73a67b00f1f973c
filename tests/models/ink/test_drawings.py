from __future__ import annotations

import gzip
import json
import math
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.ink.jsonl import (
    count_drawings,
    drawing_from_json,
    drawing_to_json,
    read_drawings,
    write_drawings,
)
from models.ink.strokes import Drawing, Stroke
from models.util.errors import InputError

GOOD = '{"id": "a", "label": "1", "strokes": [[[5, 0], [5, 20]]]}'

numbers = st.floats(-1e7, 1e7)
times = st.floats(-1e15, 1e15)


@st.composite
def stroke_of(draw: st.DrawFn) -> Stroke:
    points = draw(st.lists(st.tuples(numbers, numbers), min_size=1, max_size=5))
    known = draw(st.booleans())
    noted = [draw(times) for _ in points] if known else None
    return Stroke(np.array(points), None if noted is None else np.array(noted))


texts = st.none() | st.text(min_size=1, max_size=8)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=3,
)
drawings = st.builds(
    Drawing,
    strokes=st.lists(stroke_of(), min_size=1, max_size=3).map(tuple),
    id=st.text(max_size=8),
    label=texts,
    writer=texts,
    width=st.none() | st.floats(1e-3, 1e7),
    height=st.none() | st.integers(1, 10_000).map(float),
    source=texts,
    extra=st.dictionaries(st.sampled_from(["quality", "site", "pen"]), json_values, max_size=2),
)


@given(drawings)
def test_a_drawing_written_and_read_is_the_same(drawing: Drawing) -> None:
    line = drawing_to_json(drawing)
    assert "\n" not in line
    assert drawing_from_json(line, "here") == drawing


@settings(max_examples=15)
@given(several=st.lists(drawings, min_size=1, max_size=3), ending=st.sampled_from(["", ".gz"]))
def test_a_file_written_and_read_is_the_same(
    tmp_path_factory: pytest.TempPathFactory, several: list[Drawing], ending: str
) -> None:
    path = tmp_path_factory.getbasetemp() / f"drawings.jsonl{ending}"
    write_drawings(path, several)
    assert list(read_drawings(path)) == several
    assert count_drawings(path) == len(several)


def test_negative_zero_and_whole_numbers_survive() -> None:
    drawing = Drawing((Stroke(np.array([[-0.0, 3.0]])), Stroke(np.array([[267.0, 164.0]]))))
    line = drawing_to_json(drawing)
    again = drawing_from_json(line, "here")
    assert math.copysign(1, again.strokes[0].points[0, 0]) == -1
    assert "[[267, 164]]" in line


def test_what_other_programs_write_is_read(tmp_path: Path) -> None:
    path = tmp_path / "ink.txt"
    record = '{"label": 8, "id": null, "colour": "red", "strokes": [[[1.5, 2, 7]]]}'
    path.write_bytes(b"\xef\xbb\xbf" + record.encode() + b"\r\n\r\n" + GOOD.encode())
    first, second = read_drawings(path)
    assert (first.label, first.id, first.extra) == ("8", "", {"colour": "red"})
    assert first.strokes == (Stroke(np.array([[1.5, 2.0]]), np.array([7.0])),)
    assert second.id == "a"


def test_gzip_and_inkml_are_known_by_their_content(tmp_path: Path) -> None:
    zipped, ink = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    zipped.write_bytes(gzip.compress(GOOD.encode()))
    ink.write_bytes(b"\n<ink><trace>5 0, 5 20</trace></ink>")
    both = [next(read_drawings(path)).strokes for path in (zipped, ink)]
    assert both[0] == both[1]
    assert count_drawings(ink) == 1


def test_drawings_before_a_broken_line_can_be_used(tmp_path: Path) -> None:
    path = tmp_path / "ink.jsonl"
    path.write_text(f"{GOOD}\n{GOOD[:-5]}\n")
    reading = read_drawings(path)
    assert next(reading).label == "1"
    with pytest.raises(InputError, match=r"ink\.jsonl, line 2: is not JSON .* character 5"):
        next(reading)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("hello", "is not JSON"),
        ("[1, 2]", "is a list of 2, not an object"),
        ("null", "is null, not an object"),
        ("{}", '"strokes" is missing'),
        ('{"strokes": {}}', '"strokes" is an object'),
        ('{"strokes": []}', '"strokes" is an empty list'),
        ('{"strokes": [[]]}', "stroke 1: is an empty list"),
        ('{"strokes": [[[1, 2]], 5]}', "stroke 2: is 5"),
        ('{"strokes": [[[1, 2], [1]]]}', "point 2: is a list of 1"),
        ('{"strokes": [[[1, 2], [1, 2, 3, 4]]]}', "point 2: is a list of 4"),
        (
            '{"strokes": [[[1, 2], [1, 2, 3]]]}',
            "point 2: has 3 numbers where the first point has 2",
        ),
        ('{"strokes": [[1, 2]]}', "point 1: is 1"),
        ('{"strokes": [[[1, "2"]]]}', 'point 1: is [1, "2"]'),
        ('{"strokes": [[[1, true]]]}', "point 1: is [1, true]"),
        ('{"strokes": [[[1, null]]]}', "point 1: is [1, null]"),
        ('{"strokes": [[[1, [2]]]]}', "point 1: is [1, [2]]"),
        ('{"strokes": [[[1, NaN]]]}', "NaN is not finite"),
        ('{"strokes": [[[1, -Infinity]]]}', "-Infinity is not finite"),
        ('{"strokes": [[[1, 2], [1, 1e999]]]}', "point 2: [1.0, inf] is out of range"),
        ('{"strokes": [[[1, 20000000]]]}', "point 1: [1.0, 20000000.0] is out of range"),
        (f'{{"strokes": [[[1, {"9" * 400}]]]}}', "point 1: is out of range"),
        (f'{{"strokes": [[[1, {"9" * 5000}]]]}}', "has a number that cannot be used"),
        ('{"strokes": [[[1, 2, 1e300]]]}', "is out of range"),
        ('{"width": 0, "strokes": [[[1, 2]]]}', '"width" is 0'),
        ('{"height": -5, "strokes": [[[1, 2]]]}', '"height" is -5'),
        ('{"height": "5", "strokes": [[[1, 2]]]}', '"height" is "5"'),
        ('{"width": true, "strokes": [[[1, 2]]]}', '"width" is true'),
        ('{"label": ["8"], "strokes": [[[1, 2]]]}', '"label" is a list of 1'),
        ('{"label": "\\ud800", "strokes": [[[1, 2]]]}', "lone surrogate"),
        ("[" * 100_000, "is not a drawing (nested too deeply)"),
    ],
)
def test_a_broken_line_is_reported_in_one_line(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "ink.jsonl"
    path.write_text(f"{GOOD}\n\n{line}\n")
    with pytest.raises(InputError) as error:
        list(read_drawings(path))
    text = str(error.value)
    assert text.startswith(f"{path}, line 3")
    assert message in text
    assert "\n" not in text and len(text) < len(str(path)) + 250


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        (gzip.compress(b"", mtime=0), "is empty"),
        (gzip.compress(GOOD.encode() * 50, mtime=0)[:-12], "is damaged or cut short"),
        (b"\x1f\x8b\x08garbage", "is damaged or cut short"),
        (b'{"label": "\xff"}', "line 1: byte 12 is not UTF-8"),
        (b"\x89PNG\r\n\x1a\n123", "is a picture (PNG), not a drawing; use `python -m game read`"),
        (b"\xff\xd8\xff\xe0123", "is a picture (JPEG)"),
        (b"<svg/>", "not InkML"),
    ],
)
def test_a_file_of_another_kind_is_reported_in_one_line(
    tmp_path: Path, content: bytes, message: str
) -> None:
    path = tmp_path / "ink.jsonl"
    path.write_bytes(content)
    with pytest.raises(InputError) as error:
        list(read_drawings(path))
    assert str(error.value).startswith(str(path))
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_missing_files_and_folders_are_reported(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read: it does not exist"):
        next(read_drawings(tmp_path / "no"))
    if os.name != "nt":
        with pytest.raises(InputError, match="cannot be read: it is a folder"):
            next(read_drawings(tmp_path))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_reported_instead_of_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="pipe: is a pipe or a device, not a file"):
        next(read_drawings(tmp_path / "pipe"))


def test_files_without_permission_are_reported(tmp_path: Path) -> None:
    path = tmp_path / "ink.jsonl"
    path.write_text(GOOD)
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read everything")
    with pytest.raises(InputError, match="no permission"):
        next(read_drawings(path))


@pytest.mark.slow
def test_a_million_points_load(tmp_path: Path) -> None:
    path = tmp_path / "ink.jsonl"
    points = np.random.default_rng(0).uniform(0, 500, (1_000_000, 2)).round(2).tolist()
    path.write_text(json.dumps({"strokes": [points]}))
    (drawing,) = read_drawings(path)
    assert len(drawing.strokes[0]) == 1_000_000
