"""Words on the page: one caption where they are sure, and the other reading with one key."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pygame
import pytest

from game.app import Game
from game.batch.pilot import letter, press
from game.profiles.profile import Profile
from game.window.window import Window
from models.ink.strokes import Drawing, Stroke, bounding_box
from models.recognition.language_model import load_language
from models.recognition.network import load_network
from models.recognition.reader import Reader
from tests.helpers.boards import text_of, toast
from tests.helpers.data import data_dir
from tests.helpers.game import draw, give
from training.data.synthetic_lines import LineLayout, set_line
from training.words.samples import People, letters_by_writer

_LINE = LineLayout(gap=(0.1, 0.2), size=(1, 1), slant=(0, 0), rise=(0, 0), lift=(0, 0),
                   typographic=True)  # fmt: skip


@pytest.fixture(scope="module")
def people() -> People:
    folder = data_dir("digilets")
    return letters_by_writer(load_network("characters"), folder, "report")


@pytest.fixture
def game(tmp_path: Path) -> Iterator[Game]:
    reader = Reader(load_network("characters"))
    profile = Profile(tmp_path / "profiles", "anna")
    game = Game(Window(1.0), reader, tmp_path / "drawings", profile=profile)
    give(game)
    yield game
    game.close()


def word(people: People, text: str, writer: int) -> list[Stroke]:
    """A word in the hand of one of the people who wrote all its letters."""
    able = [own for _, own in sorted(people.items()) if set(text) <= own.keys()]
    drawings = [able[writer % len(able)][each][0] for each in text]
    return list(set_line(drawings, _LINE, np.random.default_rng(0)).strokes)


def write(game: Game, strokes: list[Stroke]) -> None:
    """Writes them on the canvas by mouse, 400 pixels wide at most."""
    box = bounding_box(strokes)
    scale = min(400 / box.width, 120 / box.height)
    moved = [Stroke((each.points - (box.x, box.y)) * scale + (60, 200)) for each in strokes]
    draw(game, Drawing(tuple(moved)))
    game.board.read_now()
    give(game)


def test_words_of_people_are_read_with_their_case(game: Game, people: People) -> None:
    right = 0
    for writer in range(12):
        give(game, letter("c"))
        write(game, word(people, "garden", writer))
        right += game.board.reading.text == "garden"
    assert right >= 9


def test_a_sure_word_has_one_caption_and_each_letter_its_frame(game: Game, people: People) -> None:
    for writer in range(12):
        give(game, letter("c"))
        write(game, word(people, "garden", writer))
        if game.board.reading.text == "garden":
            break
    placed = game.screen.placed
    assert {each.wording.words for each in placed} == {"garden"}
    assert len({tuple(each.plate) for each in placed}) == 1
    assert len({tuple(each.frame) for each in placed}) == 6
    assert placed[0].plate.top >= max(each.frame.bottom for each in placed)


def test_the_other_reading_is_taken_by_a_key_learned_and_undone(game: Game, people: People) -> None:
    for writer, text in ((w, t) for w in range(30) for t in ("see", "sow", "zoo", "cow")):
        give(game, letter("c"))
        write(game, word(people, text, writer))
        if game.board.other and len(game.board.other) == 3:
            break
    before, other = text_of(game.board), game.board.other
    assert other is not None
    give(game, letter("o"))
    assert text_of(game.board) == other != before
    assert toast(game.board) == f"info: Learned: this is {other}."
    assert {sample.label for sample in game.board.corrections.samples} <= set(other)
    give(game, letter("z", pygame.KMOD_LCTRL))
    assert text_of(game.board) == before and not game.board.corrections.samples


def test_where_nothing_is_in_doubt_the_key_says_so(game: Game) -> None:
    give(game, letter("o"))
    assert "Nothing else is likely" in toast(game.board)


def test_a_corrected_letter_stays_in_its_word(game: Game, people: People) -> None:
    """And the others of the word follow it."""
    write(game, word(people, "garden", 0))
    game.board.select(2)
    game.board.correct("x")
    assert text_of(game.board)[2:3] in ("x", "?") or "x" in text_of(game.board)
    marked = [each.corrected_label for each in game.board.reading.answers]
    assert marked.count("x") == 1


def typed(text: str) -> list[pygame.event.Event]:
    return [press(ord(each.lower()), each) for each in text]


def test_a_word_is_corrected_letter_by_letter_where_it_aligns(game: Game, people: People) -> None:
    """The picker, Enter, the word, Enter: each letter that read otherwise is a sample."""
    write(game, word(people, "garden", 0))
    count = len(game.board.reading.answers)
    give(game, letter("t"), press(pygame.K_RETURN), *typed("gaRdemx"), press(pygame.K_BACKSPACE))
    assert game.controller.label_picker.word == "gaRdem"
    give(game, press(pygame.K_RETURN))
    assert text_of(game.board) == "gaRdem" and count == 6
    assert not game.controller.label_picker.shown
    assert {"R", "m"} <= {sample.label for sample in game.board.corrections.samples}
    give(game, letter("z", pygame.KMOD_LCTRL))
    assert text_of(game.board).lower() != "gardem" and not game.board.corrections.samples


def test_ink_without_room_for_a_word_stays_as_it_is(game: Game, people: People) -> None:
    write(game, word(people, "cow", 0))
    give(game, letter("t"), press(pygame.K_RETURN), *typed("supercalifragilistic"))
    give(game, press(pygame.K_RETURN))
    assert "cannot be divided into the 20 characters" in toast(game.board)
    assert not game.board.corrections.samples


def test_english_has_its_words() -> None:
    assert all(load_language().has(each) for each in ("GARDEN", "COW", "LADING"))
