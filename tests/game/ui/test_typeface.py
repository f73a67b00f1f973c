"""The typeface: characters that differ, words in any script, and none that it lacks."""

from __future__ import annotations

import ast
from itertools import combinations
from pathlib import Path

import pygame
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import game
from game.ui import typeface
from game.ui.theme import TEXT, font, text, wrapped
from game.ui.toast import _even_lines
from game.ui.typeface import Typeface, has
from models.util.errors import InputError

MISSING = "\uffff"  # a character that no font has
weights = pytest.mark.parametrize("bold", [False, True])


def pixels(words: str, size: int, bold: bool = False) -> bytes:
    return pygame.image.tobytes(text(words, size, TEXT, bold), "RGBA")


@weights
@pytest.mark.parametrize("size", [9, 12, 16, 41])
def test_characters_that_look_alike_elsewhere_differ(size: int, bold: bool) -> None:
    for one, other in (*combinations("Il1|", 2), ("0", "O"), ("0", "o"), ("5", "S")):
        assert pixels(one, size, bold) != pixels(other, size, bold)


def test_the_program_writes_no_character_that_the_typeface_lacks() -> None:
    folder = Path(game.__file__).parent
    files = [
        file
        for room in ("modes", "inspector", "page", "ui")
        for file in folder.rglob(f"{room}/**/*.py")
    ]
    assert len(files) > 40
    for file in files:
        if file.name == "typeface.py":
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                lacking = {letter for letter in node.value if letter != "\n" and not has(letter)}
                assert not lacking, f"{file}:{node.lineno}"


@weights
def test_other_scripts_stand_on_the_same_base_line(bold: bool) -> None:
    for letter in "ЖΩЙÅ":
        assert pixels(letter, 30, bold) != pixels(MISSING, 30, bold)
        box = text(letter, 30, TEXT, bold).get_bounding_rect()
        assert abs(box.bottom - text("H", 30, TEXT, bold).get_bounding_rect().bottom) <= 1


@given(st.text(max_size=30), st.integers(9, 60), st.booleans())
@example("\ud800 a\0b\n\u0301", 12, False)
@example("\u0301", 12, False)
@example("漢字 → 😀", 16, True)
@example("", 9, False)
def test_any_words_can_be_drawn(words: str, size: int, bold: bool) -> None:
    typeface = font(size, bold)
    drawn = typeface.render(words, TEXT)
    assert drawn.get_size() == (typeface.width(words), typeface.height)


@given(st.lists(st.text("abcil", min_size=1, max_size=12), min_size=1), st.integers(60, 600))
def test_lines_of_a_message_are_about_equally_long(parts: list[str], most: int) -> None:
    words, typeface = " ".join(parts), font(16)
    lines, greedy = _even_lines(words, 16, most), wrapped(words, 16, most, 4)
    assert len(lines) == len(greedy) and " ".join(lines) == " ".join(greedy)
    assert max(map(typeface.width, lines)) <= max(map(typeface.width, greedy))


def test_no_word_of_a_message_is_left_over_for_the_last_line() -> None:
    words = "Saved drawings/2026-11-26_01-44-08.png, and the strokes in .inkml beside it."
    for width in range(300, 600):
        lines = _even_lines(words, 16, width)
        assert len(lines) == 1 or font(16).width(lines[-1]) > font(16).width(lines[0]) / 3


@pytest.mark.parametrize("kept", [0, 3, 20, 500, 40_000])
def test_a_truncated_typeface_has_a_line(
    kept: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Path(typeface._REGULAR).read_bytes()
    broken = tmp_path / "broken.ttf"
    broken.write_bytes(whole[:kept])
    monkeypatch.setattr(typeface, "_REGULAR", str(broken))
    with pytest.raises(InputError, match="typeface cannot be opened"):
        Typeface(20, bold=False)
