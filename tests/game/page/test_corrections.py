"""Teaching in the running game: by key, mouse and finger; kept, taken back, learned from."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pygame
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from game.app import Game
from game.batch.correction_experiment import CorrectionExperiment
from game.batch.pilot import down, letter, move, press, stroke, up
from game.batch.replay import replay
from game.document.autosave import Autosave
from game.page.board import Board
from game.page.corrections import Corrections
from game.profiles.profile import Profile
from game.window.window import Window
from models.adaptation.adapted_network import CORRECTED
from models.ink.jsonl import drawing_to_json
from models.ink.strokes import Drawing
from models.recognition.network import load_network
from models.recognition.reader import Reader
from tests.helpers.boards import text_of
from tests.helpers.game import draw, finger, give, key_of, reader
from tests.helpers.samples import placed, samples

SIZE = (740.0, 640.0)


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    return Profile(tmp_path / "profiles", "anna")


@pytest.fixture
def game(tmp_path: Path, profile: Profile) -> Iterator[Game]:
    game = Game(Window(1.0), reader(), tmp_path / "drawings", profile=profile)
    give(game)
    yield game
    game.close()


def labels(profile: Profile) -> list[str | None]:
    """What is in force in the profile's files."""
    kept, warning = profile.samples.read()
    assert warning is None
    return [each.label for each in kept]


def read(game: Game) -> str:
    return text_of(game.board)


def test_a_key_says_what_the_newest_character_really_is(game: Game, profile: Profile) -> None:
    draw(game, samples()[3])
    assert read(game) == "1"
    give(game, letter("t"))
    assert (game.controller.label_picker.shown, game.board.selected) == (True, 0)
    give(game, letter("7"))
    assert (read(game), game.controller.label_picker.shown) == ("7", False)
    assert labels(profile) == ["7"]
    assert game.board.toast is not None and "7" in game.board.toast.text
    (kept,) = profile.samples.read()[0]
    assert kept.strokes == game.board.document.strokes and kept.writer == "anna"


def test_a_digit_key_corrects_what_is_selected_and_nothing_else(game: Game) -> None:
    draw(game, samples()[3])
    give(game, letter("7"))
    assert read(game) == "1"
    give(game, key_of("right"), letter("7"))
    assert read(game) == "7"
    give(game, letter("x"))
    assert read(game) == "7"


def test_undo_and_redo_know_corrections(game: Game, profile: Profile) -> None:
    draw(game, samples()[3])
    plain = game.board.reading.answers[0].probabilities
    give(game, letter("t"), letter("7"))
    assert game.board.reading.answers[0].probabilities != plain
    give(game, key_of("command+z"))
    assert read(game) == "1" and labels(profile) == []
    assert game.board.reading.answers[0].probabilities == plain
    give(game, key_of("command+y"))
    assert read(game) == "7" and labels(profile) == ["7"]


def test_a_correction_after_undo_replaces_the_sample_that_counts(
    game: Game, profile: Profile
) -> None:
    draw(game, samples()[3])
    for label in "747":
        give(game, letter("t"), letter(label))
    give(game, key_of("command+z"), key_of("command+z"))
    assert read(game) == "7" and labels(profile) == ["7"]
    give(game, letter("t"), letter("5"))
    assert read(game) == "5" and labels(profile) == ["5"]
    give(game, key_of("command+z"))
    assert read(game) == "7" and labels(profile) == ["7"]


def test_what_was_learned_stays_when_its_ink_is_cleared(game: Game, profile: Profile) -> None:
    draw(game, samples()[3])
    give(game, letter("t"), letter("7"), letter("c"))
    assert labels(profile) == ["7"] and read(game) == ""
    give(game, key_of("command+z"))
    assert labels(profile) == ["7"] and read(game) == "7"


def test_another_edit_of_the_same_ink_takes_the_correction_back(
    game: Game, profile: Profile
) -> None:
    draw(game, samples()[3], (60, 60))
    draw(game, samples()[5], (360, 60))
    give(game, key_of("left"), key_of("left"), letter("8"))
    assert labels(profile) == ["8"] and "8" in read(game)
    give(game, letter("j"))  # both are one character now
    assert len(game.board.reading.answers) == 1 and labels(profile) == []
    give(game, key_of("command+z"))
    assert labels(profile) == ["8"]


def test_it_is_asked_by_mouse_and_finger_alone(game: Game, profile: Profile) -> None:
    draw(game, samples()[3])
    give(game, letter("t"))
    width, height = game.window.surface.get_size()
    (seven,) = [b.place for b in game.controller.label_picker.buttons if b.command.name == "7"]
    give(game, down(seven.center), up(seven.center))
    assert read(game) == "7"
    give(game, letter("t"))
    (two,) = [b.place for b in game.controller.label_picker.buttons if b.command.name == "2"]
    x, y = two.centerx / width, two.centery / height
    give(game, finger(pygame.FINGERDOWN, x, y), finger(pygame.FINGERUP, x, y))
    assert read(game) == "2" and len(game.board.document.strokes) == len(samples()[3].strokes)
    assert labels(profile) == ["7", "2"] or labels(profile) == ["2"]


def test_a_press_on_the_card_shows_and_acts_when_it_is_let_go(game: Game) -> None:
    draw(game, samples()[3])
    give(game, letter("t"))
    before, seen = read(game), pygame.image.tobytes(game.window.surface, "RGB")
    buttons = game.controller.label_picker.buttons
    (seven,) = [b.place.center for b in buttons if b.command.name == "7"]
    (leave,) = [b.place.center for b in buttons if b.command.name == "leave"]
    for elsewhere in (leave, (600, 60)):
        give(game, down(seven))
        assert pygame.image.tobytes(game.window.surface, "RGB") != seen
        give(game, move(elsewhere, 1), up(elsewhere))
        assert pygame.image.tobytes(game.window.surface, "RGB") == seen
    give(game, down(seven, 3), up(seven, 3))
    assert read(game) == before and game.controller.label_picker.shown
    give(game, down(seven))
    assert read(game) == before
    give(game, up(seven))
    assert read(game) == "7" and not game.controller.label_picker.shown


def test_a_click_beside_the_card_asks_no_more_and_draws_nothing(game: Game) -> None:
    draw(game, samples()[3])
    strokes = len(game.board.document.strokes)
    give(game, letter("t"))
    give(game, *stroke([(600, 60), (620, 90)]))
    assert not game.controller.label_picker.shown and len(game.board.document.strokes) == strokes
    give(game, letter("t"), press(pygame.K_ESCAPE))
    assert not game.controller.label_picker.shown and game.running
    give(game, letter("t"), letter("c"))  # any other key does what it does
    assert not game.controller.label_picker.shown and not game.board.document.strokes


def test_the_card_goes_with_the_ink_that_it_asks_about(game: Game) -> None:
    draw(game, samples()[3])
    give(game, letter("t"))
    give(game, *stroke([game.controller.place_of("clear")]))
    assert not game.controller.label_picker.shown and not game.board.document.strokes
    draw(game, samples()[3])  # the next press draws
    assert len(game.board.document.strokes) == len(samples()[3].strokes)


def test_there_is_nothing_to_correct_without_ink(game: Game, profile: Profile) -> None:
    give(game, letter("t"))
    assert not game.controller.label_picker.shown and game.board.toast is not None
    assert "no ink" in game.board.toast.text and labels(profile) == []


def test_letters_are_typed_where_letters_are_read(tmp_path: Path, profile: Profile) -> None:
    characters = Reader(load_network("characters"))
    game = Game(Window(1.0), characters, tmp_path, profile=profile)
    give(game)
    draw(game, samples()[3])
    give(game, letter("t"))
    shown = {button.command.name for button in game.controller.label_picker.buttons}
    assert {"0", "9", "A", "Z"} <= shown and "a" not in shown
    (case,) = [b.place for b in game.controller.label_picker.buttons if b.command.name == "case"]
    give(game, down(case.center), up(case.center))
    assert "a" in {button.command.name for button in game.controller.label_picker.buttons}
    give(game, letter("s"))  # no save: it is asked what the ink is
    assert read(game) == "s" and labels(profile) == ["s"] and not list(tmp_path.glob("*.png"))
    game.close()


def test_the_next_window_of_that_profile_knows_what_was_learned(
    game: Game, profile: Profile, tmp_path: Path
) -> None:
    draw(game, samples()[3])
    for _ in range(3):
        give(game, letter("t"), letter("7"), letter("c"))
        draw(game, samples()[3])
    adapted = game.board.reading.answers[0].probabilities
    other = Game(Window(1.0), reader(), tmp_path, profile=Profile(tmp_path / "profiles", "ben"))
    give(other)
    draw(other, samples()[3])
    plain = other.board.reading.answers[0].probabilities
    again = Game(Window(1.0), reader(), tmp_path, profile=profile)
    give(again)
    draw(again, samples()[3])
    assert again.board.reading.answers[0].probabilities == adapted
    assert adapted[7] > plain[7]


def test_a_correction_outlives_a_restart(tmp_path: Path) -> None:
    def board() -> Board:
        return Board(reader(), SIZE, autosave=Autosave(tmp_path / "data"))

    first = board()
    for ink in placed(samples()[3], 200, (100, 100)):
        first.document.pen_down(float(ink.points[0, 0]), float(ink.points[0, 1]), 0)
        for x, y in ink.points[1:]:
            first.document.pen_move(x, y, 1)
        first.document.pen_up(2)
    first.correct("7")
    assert text_of(first) == "7"
    first.document.close()
    second = board()
    assert text_of(second) == "7"
    second.document.close()


def test_a_folder_that_cannot_be_written_costs_no_correction(tmp_path: Path) -> None:
    blocked = tmp_path / "profiles"
    blocked.write_text("a file where the folder should be")
    game = Game(Window(1.0), reader(), tmp_path, profile=Profile(blocked, "anna"))
    give(game)
    draw(game, samples()[3])
    give(game, letter("t"), letter("7"))
    assert read(game) == "7"
    assert game.board.corrections.error or (game.board.toast and game.board.toast.kind == "error")


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from([*"t1270jkce", "right", "command+z", "command+y", "ink", "click"]),
                max_size=14))  # fmt: skip
def test_samples_and_answers_never_disagree(
    tmp_path_factory: pytest.TempPathFactory, steps: list[str]
) -> None:
    """Whatever is done, what is kept is what the game goes by, and what was said is asserted."""
    profile = Profile(tmp_path_factory.mktemp("profiles"), "anna")
    game = Game(Window(1.0), reader(), profile.folder or Path(), profile=profile)
    give(game)
    draw(game, samples()[3])
    for step in steps:
        if step == "ink":
            draw(game, samples()[14], (360, 80))
        elif step == "click":
            give(game, *stroke([(300, 560)]))
        else:
            give(game, key_of(step))
    kept, warning = profile.samples.read()
    assert warning is None
    assert sorted(each.id for each in kept) == sorted(
        each.id for each in game.board.corrections.samples
    )
    for answer in game.board.reading.answers:
        if answer.corrected_label is not None:
            assert answer.text == answer.corrected_label and answer.kind == "sure"
    game.close()


def test_the_experiment_corrects_the_first_hundred_and_reads_the_later_ones(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A writer all of whose drawings are one 1, and who means 7 by it, is understood at last."""
    one = Drawing(samples()[3].strokes, label="7", writer="anna")
    path = tmp_path / "anna.jsonl"
    path.write_text((drawing_to_json(one) + "\n") * (CORRECTED + 10))
    experiment = CorrectionExperiment(Reader(load_network()))
    assert replay(path, Reader(load_network()), True, True, None, experiment) == 0
    out, err = capsys.readouterr()
    results = [json.loads(line) for line in out.splitlines()]
    assert len(results) == CORRECTED + 10 and results[0]["text"] == "1"
    assert results[-1]["text"] == "7"
    assert "10 of 10 later drawings misread without them, 0 with them" in err
    assert not list(Corrections().samples)
