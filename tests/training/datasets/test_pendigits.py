"""Pendigits: as drawings and as UCI's packed UNIPEN text it is the same set."""

from __future__ import annotations

import zipfile
from collections import Counter
from pathlib import Path

import pytest

from models.ink.strokes import Drawing
from models.util.errors import InputError
from tests.helpers.data import data_dir
from training.datasets import pendigits
from training.datasets.pendigits import (
    DRAWINGS,
    MEMBER,
    drawings_of,
    find_pendigits,
    read_pendigits,
)

TEXT = """\
.INCLUDE        dene.doc

.LEXICON "0" "1" "2" "3" "4" "5" "6" "7" "8" "9"
.HIERARCHY      DIGIT

.SEGMENT DIGIT 0 ? "8"
.COMMENT 8  12  1
.PEN_DOWN
 267  333
 267  336
.PEN_UP
.DT 100
.SEGMENT DIGIT 1-2 ? "4"
.COMMENT 4  3  117
.PEN_DOWN
 100  500
  20    0
.PEN_UP
.DT 100
.PEN_DOWN
 150  250
.PEN_UP
.DT 100
"""


def compressed(text: str) -> bytes:
    """What UNIX compress makes of `text`: LZW in codes of 9 bits, least significant bit first.

    The table is cleared (code 256) before it would need codes of 10 bits, and codes are packed
    in groups of 8, so a group is filled up after each clearing.
    """
    bits: list[int] = []
    table = {bytes([byte]): byte for byte in range(256)}
    group = 0

    def put(code: int) -> None:
        nonlocal group
        bits.extend(code >> bit & 1 for bit in range(9))
        group = (group + 1) % 8

    known = b""
    for byte in text.encode():
        longer = known + bytes([byte])
        if longer in table:
            known = longer
            continue
        put(table[known])
        known = bytes([byte])
        if len(table) < 500:
            table[longer] = len(table) + 1  # 256 is the code to clear
            continue
        put(256)
        while group:
            put(0)
        table = {bytes([byte]): byte for byte in range(256)}
    put(table[known])
    bits.extend([0] * (-len(bits) % 8))
    packed = (
        sum(bit << n for n, bit in enumerate(bits[i : i + 8])) for i in range(0, len(bits), 8)
    )
    return b"\x1f\x9d\x90" + bytes(packed)


def unipen_text(drawings: tuple[Drawing, ...]) -> str:
    """The drawings as UCI's text has them."""
    lines = [".INCLUDE dene.doc", ".HIERARCHY DIGIT"]
    for number, drawing in enumerate(drawings):
        writer = (drawing.writer or "").removeprefix("pendigits/tra")
        lines += [f'.SEGMENT DIGIT {number} ? "{drawing.label}"']
        lines += [f".COMMENT {drawing.label}  {writer}  {number}"]
        for stroke in drawing.strokes:
            lines += [".PEN_DOWN", *(f" {x:.0f}  {500 - y:.0f}" for x, y in stroke.points)]
            lines += [".PEN_UP", ".DT 100"]
    return "\n".join(lines) + "\n"


def test_ucis_text_becomes_drawings_with_y_downwards() -> None:
    eight, four = drawings_of(TEXT, "pendigits-orig.tra")
    assert (eight.id, eight.label, eight.writer) == ("tra#0", "8", "pendigits/tra12")
    assert (eight.width, eight.height, eight.source) == (500, 500, "pendigits")
    assert [stroke.points.tolist() for stroke in eight.strokes] == [[[267, 167], [267, 164]]]
    assert (four.id, four.label, four.writer) == ("tra#1", "4", "pendigits/tra3")
    assert [s.points.tolist() for s in four.strokes] == [[[100, 0], [20, 500]], [[150, 250]]]


def test_the_drawings_and_ucis_text_are_the_same_set() -> None:
    drawings = read_pendigits(data_dir(DRAWINGS) / DRAWINGS)
    assert len(drawings) == 7_494
    assert len(Counter(drawing.writer for drawing in drawings)) == 30
    assert drawings_of(unipen_text(drawings), "written again") == drawings


@pytest.mark.parametrize("packing", ["zip", "Z", "plain"])
def test_every_packing_of_ucis_file_reads_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, packing: str
) -> None:
    text = TEXT + "".join(
        f'.SEGMENT DIGIT 9 ? "1"\n.COMMENT 1 9 {n}\n.PEN_DOWN\n {n} {2 * n}\n 9 {n}\n.PEN_UP\n'
        for n in range(98)
    )
    monkeypatch.setattr(pendigits, "COUNT", 100)
    monkeypatch.setattr(pendigits, "STROKES", 101)
    inside = tmp_path / "pendigits"
    inside.mkdir()
    if packing == "zip":
        with zipfile.ZipFile(inside / pendigits.ARCHIVE, "w") as archive:
            archive.writestr(MEMBER, compressed(text))
            archive.writestr("pendigits-orig.tes.Z", b"never read")
    elif packing == "Z":
        (inside / MEMBER).write_bytes(compressed(text))
    else:
        (inside / "pendigits-orig.tra").write_text(text)
    path = find_pendigits(tmp_path)
    assert path is not None
    assert read_pendigits(path) == drawings_of(text, "text")


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (".COMMENT 8  12  1", "", ":6: the segment of '8' should be followed by .COMMENT 8"),
        (".COMMENT 8  12", ".COMMENT 9  12", ":6: the segment of '8' should be followed by"),
        (" 267  333\n 267  336\n", "", ":6: the segment of '8' has no ink"),
        ("  20    0", "  20    o", ":15: points should be lines of 2 numbers"),
        ('1-2 ? "4"', "1-2", ":13: expected .SEGMENT LEVEL COMPONENTS"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(old: str, new: str, reason: str) -> None:
    assert old in TEXT
    with pytest.raises(InputError) as error:
        drawings_of(TEXT.replace(old, new), "pendigits-orig.tra")
    assert str(error.value).startswith(f"pendigits-orig.tra{reason}")


def test_a_set_that_is_cut_is_never_half_used(tmp_path: Path) -> None:
    path = tmp_path / "pendigits-orig.tra"
    path.write_text(TEXT)
    with pytest.raises(InputError, match="2 drawings of 3 strokes, expected 7494 of 9433"):
        read_pendigits(path)
    path = tmp_path / MEMBER
    path.write_bytes(compressed(TEXT)[:-40])
    with pytest.raises(InputError, match=MEMBER):
        read_pendigits(path)
    path.write_bytes(b"\x1f\x9d")
    with pytest.raises(InputError, match=r"damaged or cut \.Z file"):
        read_pendigits(path)
    path = tmp_path / pendigits.ARCHIVE
    path.write_bytes(b"PK\x03\x04 cut")
    with pytest.raises(InputError, match="damaged or cut archive"):
        read_pendigits(path)
