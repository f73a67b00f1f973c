"""Who is writing decides whose corrections count, and where samples and results are kept."""

from __future__ import annotations

from pathlib import Path

import pygame
import pytest

from game.app import Game
from game.batch.pilot import letter, stroke
from game.modes.collect.mode import CollectMode
from game.modes.practice.mode import PracticeMode
from game.page.profile_picker import ProfilePicker
from game.profiles.directory import LAST, by_last_change, last_chosen
from game.profiles.profile import Profile
from models.util.errors import InputError
from tests.helpers.boards import text_of
from tests.helpers.game import draw, give, key_of
from tests.helpers.profiles import (
    ENTER,
    ESCAPE,
    choose,
    labels,
    make_profiles,
    open_game,
    rows,
    toast,
    typed,
)
from tests.helpers.samples import samples


def test_what_each_has_corrected_counts_at_once(game: Game, people: Path) -> None:
    draw(game, samples()[3])
    plain = game.board.reading.answers[0].probabilities
    choose(game, "anna")
    for _ in range(3):
        give(game, letter("t"), letter("7"), letter("c"))
        draw(game, samples()[3])
    adapted = game.board.reading.answers[0].probabilities
    assert adapted[7] > plain[7]
    choose(game, "ben")
    assert game.board.reading.answers[0].probabilities == plain
    choose(game, "anna")
    assert game.board.reading.answers[0].probabilities == adapted


def test_undo_takes_back_what_the_present_person_corrected_alone(game: Game, people: Path) -> None:
    choose(game, "anna")
    draw(game, samples()[3])
    give(game, letter("t"), letter("7"))
    choose(game, "ben")
    assert text_of(game.board) == "7"  # what was said of this ink was said
    give(game, letter("t"), letter("4"))
    assert (labels(people, "anna"), labels(people, "ben")) == (["7"], ["4"])
    undo, redo = key_of("command+z"), key_of("command+y")
    give(game, undo)
    assert text_of(game.board) == "7"
    assert (labels(people, "anna"), labels(people, "ben")) == (["7"], [])
    give(game, undo)
    assert text_of(game.board) == "1" and labels(people, "anna") == ["7"]
    assert "longer" in toast(game)[1] and "4" in toast(game)[1]  # not of the 7
    give(game, redo, redo)
    assert text_of(game.board) == "4"
    assert (labels(people, "anna"), labels(people, "ben")) == (["7"], ["4"])
    give(game, undo, undo)
    choose(game, "anna")
    give(game, redo)  # hers, which counted all the time: no second sample
    assert labels(people, "anna") == ["7"]
    give(game, undo)
    assert labels(people, "anna") == [] and text_of(game.board) == "1"
    choose(game, "ben")
    give(game, redo)
    assert labels(people, "anna") == labels(people, "ben") == []


def test_practice_and_collecting_are_of_the_person_chosen(game: Game, people: Path) -> None:
    choose(game, "anna")
    give(game, letter("g"))
    assert isinstance(game.active, PracticeMode) and game.active.practice.profile.name == "anna"
    assert pygame.display.get_caption()[0] == "Practice - anna - Inkling"
    give(game, ESCAPE, letter("l"))
    give(game, ENTER)
    assert isinstance(game.active, CollectMode)
    asked = game.active.collect.character
    give(game, *stroke([(300, 300), (310, 350), (320, 420)]))
    give(game, ENTER)
    give(game, ESCAPE)
    assert labels(people, "anna") == [asked] and labels(people, "me") == []
    choose(game, "ben")
    give(game, letter("l"))
    assert isinstance(game.active, CollectMode) and game.active.collect.kept == 0


def test_the_next_start_goes_on_with_whoever_was_chosen_last(people: Path) -> None:
    assert last_chosen(None) == last_chosen(people) == "me"
    make_profiles(people, "anna")
    path = people.parent / LAST
    for content, expected in (
        (b"anna\n", "anna"),
        (b"anna", "anna"),
        (b"ben\n", "me"),  # forgotten since
        (b"../x\n", "me"),
        (b"\xff\xfe", "me"),
        (b"", "me"),
    ):
        path.write_bytes(content)
        assert last_chosen(people) == expected
    path.unlink()
    path.mkdir()
    assert last_chosen(people) == "me"


def _blocked(folder: Path) -> Path | None:
    folder.write_text("a file where the folder should be")
    return folder


def _none(folder: Path) -> Path | None:
    return None


@pytest.mark.parametrize("place", [_blocked, _none])
def test_where_nothing_can_be_kept_people_take_turns_all_the_same(
    tmp_path: Path, people: Path, place: type[Path]
) -> None:
    game = open_game(tmp_path, place(people))
    draw(game, samples()[3])
    ink = game.board.document.strokes
    choose(game, "anna")
    kind, message = toast(game)
    assert kind == "error" and "not kept" in message
    give(game, letter("t"), letter("7"))
    learned = [each.label for each in game.board.corrections.samples]
    choose(game, "ben")
    assert (
        learned == ["7"]
        and not game.board.corrections.samples
        and game.board.document.strokes == ink
    )
    give(game, letter("w"))
    assert {"anna", "ben", "me"} <= set(rows(game))
    give(game, *typed("anna"), ENTER)
    assert [each.label for each in game.board.corrections.samples] == ["7"]
    game.close()


def test_a_choice_that_cannot_be_kept_is_reported_and_counts(game: Game, people: Path) -> None:
    (people.parent / LAST).mkdir()
    choose(game, "anna")
    kind, message = toast(game)
    assert kind == "error" and LAST in message and "anna" in message
    give(game, *stroke([(300, 300), (310, 350), (320, 420)]), letter("t"), letter("7"))
    assert labels(people, "anna") == ["7"]


def test_a_folder_that_cannot_be_read_is_reported_on_the_card(tmp_path: Path) -> None:
    blocked = tmp_path / "profiles"
    blocked.write_text("a file where the folder should be")
    with pytest.raises(InputError):
        by_last_change(blocked)
    profile_picker = ProfilePicker()
    profile_picker.open(Profile(blocked, "anna"))
    assert str(blocked) in profile_picker.error and [row.name for row in profile_picker.rows] == [
        "player 2",
        "anna",
        "me",
    ]
