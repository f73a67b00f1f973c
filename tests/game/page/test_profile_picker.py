"""The profile in use, chosen in the running game by key, mouse and finger."""

from __future__ import annotations

from pathlib import Path

import pygame
import pytest
from pygame.event import Event

from game.app import Game
from game.batch.pilot import down, letter, move, press, stroke, up
from game.page.profile_picker import LONGEST
from game.profiles.directory import last_chosen
from game.profiles.profile import Profile
from game.ui.dialogs.profile_picker import LEAVE
from game.window.window import Window
from models.recognition.network import load_network
from models.recognition.reader import Reader
from tests.helpers.game import draw, give, key_of
from tests.helpers.profiles import (
    BACKSPACE,
    ENTER,
    ESCAPE,
    SMALL,
    UP,
    USUAL,
    WIDE,
    choose,
    chosen_by_enter,
    labels,
    make_profiles,
    picker_is_open,
    pressable,
    profile_in_use,
    resize,
    rows,
    tap,
    toast,
    typed,
)
from tests.helpers.samples import samples


def test_a_name_that_is_typed_writes_from_then_on_and_the_ink_stays(
    game: Game, people: Path
) -> None:
    draw(game, samples()[3])
    ink = game.board.document.strokes
    assert pygame.display.get_caption()[0] == "1 - Inkling"
    choose(game, "anna")
    assert game.board.document.strokes == ink and "anna" in toast(game)[1]
    assert pygame.display.get_caption()[0] == "1 - anna - Inkling"
    assert "anna" in [each.command.label for each in game.screen.toolbar.buttons]
    give(game, letter("t"), letter("7"))
    assert labels(people, "anna") == ["7"] and labels(people, "me") == []
    assert last_chosen(people) == "anna"


def test_the_card_has_everybody_the_newest_first_and_the_present_one_is_marked(
    game: Game, people: Path
) -> None:
    make_profiles(people, "ben", "anna", "chloë")
    (people / ".hidden").mkdir()
    (people / "no profile.txt").write_text("")
    Profile(people, "ben").samples.add(samples()[0])
    give(game, letter("w"))
    assert rows(game)[:2] == ["player 2", "ben"] and rows(game)[-1] == "me"
    assert sorted(rows(game)) == ["anna", "ben", "chloë", "me", "player 2"]
    assert chosen_by_enter(game) == game.controller.profile_card.picker.present == "me"
    give(game, UP, UP, UP, ENTER)
    assert profile_in_use(game) == "ben"
    give(game, letter("w"))
    assert chosen_by_enter(game) == game.controller.profile_card.picker.present == "ben"


def test_typed_letters_seek_a_name_or_make_one(game: Game, people: Path) -> None:
    make_profiles(people, "Anna", "Joanna", "ben")
    give(game, letter("w"))
    give(game, *typed("an"))
    assert rows(game) == ["an", "Anna", "Joanna"] and chosen_by_enter(game) == "Anna"
    give(game, UP)
    assert chosen_by_enter(game) == "an"
    give(game, *typed("na"))
    assert rows(game) == ["Anna", "Joanna"] and chosen_by_enter(game) == "Anna"
    give(game, *typed(" b"))
    assert rows(game) == ["anna b"]
    give(game, *[BACKSPACE] * 6)
    assert chosen_by_enter(game) == "me" and len(rows(game)) == 5
    give(game, *typed("oan"))  # more likely a new name
    assert rows(game) == ["oan", "Joanna"] and chosen_by_enter(game) == "oan"
    give(game, *[BACKSPACE] * 3)
    give(game, *typed("éa 2 "), ENTER)
    assert profile_in_use(game) == "éa 2" and (people / "éa 2").is_dir()


def test_what_an_input_method_writes_counts_and_what_a_key_writes_counts_once(game: Game) -> None:
    def text_input(words: str) -> Event:
        return Event(pygame.TEXTINPUT, text=words)

    give(game, letter("w"), text_input("w"), letter("z"), text_input("z"))
    give(
        game,
        text_input("o"),
        text_input("éé"),
        BACKSPACE,
        press(ord(" "), " "),
        text_input(" "),
        text_input("山"),
        ENTER,
    )
    assert profile_in_use(game) == "zoé 山"
    give(game, text_input("x"), letter("w"))
    assert game.controller.profile_card.picker.typed == ""


@pytest.mark.parametrize("wrong", ["a!", "a/b", "..", "-", "a.", "a\\", "a:b"])
def test_a_wrong_name_is_told_on_the_card_and_changes_nothing(
    game: Game, people: Path, wrong: str
) -> None:
    give(game, letter("w"))
    give(game, *typed(wrong), ENTER)
    profile_picker = game.controller.profile_card.picker
    assert (
        picker_is_open(game)
        and profile_picker.error
        and profile_in_use(game) == "me"
        and not people.exists()
    )
    give(game, BACKSPACE)
    assert not profile_picker.error
    give(game, *[BACKSPACE] * 4, *typed("x" * LONGEST))
    assert not profile_picker.error
    give(game, letter("x"))
    assert str(LONGEST) in profile_picker.error
    give(game, ENTER)
    assert profile_in_use(game) == "x" * LONGEST


def test_what_is_typed_does_nothing_else(game: Game) -> None:
    draw(game, samples()[3])
    board = game.board
    before = (
        board.document.strokes,
        board.document.pen,
        board.show_boxes,
        board.show_panel,
        board.mode,
    )
    give(game, key_of("left"))
    give(game, letter("w"))
    give(game, *typed("csepbvh7kj[]"), press(pygame.K_DELETE), press(pygame.K_TAB, "\t"))
    give(game, key_of("left"), Event(pygame.MOUSEWHEEL, x=0, y=1))
    assert before == (
        board.document.strokes,
        board.document.pen,
        board.show_boxes,
        board.show_panel,
        board.mode,
    )
    assert (
        game.controller.profile_card.picker.typed == "csepbvh7kj[]"
        and board.reading.answers[0].corrected_label is None
    )
    assert not game.inspector.shown and not game.controller.help.shown and not board.erasing
    give(game, letter("w", pygame.KMOD_LCTRL), letter("z", pygame.KMOD_LCTRL))
    assert not picker_is_open(game) and len(board.document.strokes) == len(before[0]) - 1
    give(game, letter("w"))
    give(game, press(pygame.K_F1))
    assert game.controller.help.buttons and not picker_is_open(game)
    give(game, ESCAPE, letter("w"), ESCAPE)
    assert game.running and not picker_is_open(game)
    give(game, letter("w"), letter("q", pygame.KMOD_LCTRL))
    assert not game.running


def test_full_screen_keeps_the_card(game: Game) -> None:
    give(game, letter("w"))
    give(game, *typed("an"), press(pygame.K_F11))
    assert picker_is_open(game) and game.controller.profile_card.picker.typed == "an"
    give(game, press(pygame.K_F11), *typed("na"), ENTER)
    assert profile_in_use(game) == "anna"


def test_where_letters_are_read_a_w_is_one(tmp_path: Path, people: Path) -> None:
    characters = Reader(load_network("characters"))
    game = Game(Window(1.0), characters, tmp_path, profile=Profile(people))
    give(game)
    draw(game, samples()[3])
    give(game, letter("t"), letter("w"))
    assert not picker_is_open(game) and labels(people, "me") == ["w"]
    give(game, letter("t"))
    tap(game, "profile")
    assert picker_is_open(game) and not game.controller.label_picker.shown
    game.close()


@pytest.mark.parametrize("fingers", [False, True])
def test_everybody_can_be_chosen_by_mouse_or_finger_alone_in_the_smallest_window(
    game: Game, people: Path, fingers: bool
) -> None:
    names = [f"pupil {n:02}" for n in range(1, 31)]
    make_profiles(people, *names)
    resize(game, SMALL)
    tap(game, "help", fingers)
    while "profile" not in [each.command.name for each in game.controller.help.buttons]:
        (more,) = [b.place for b in game.controller.help.buttons if b.command.name == "page after"]
        give(game, *stroke([more.center]))
    (row,) = [each.place for each in game.controller.help.buttons if each.command.name == "profile"]
    give(game, *stroke([row.center]))
    assert picker_is_open(game)
    while "names before" in pressable(game):
        tap(game, "names before", fingers)
    seen: list[str] = []
    while True:
        seen += [each.command.label for each in game.controller.profile_card.buttons]
        if "names after" not in pressable(game):
            break
        tap(game, "names after", fingers)
    assert {*names, "me", "player 2"} <= set(seen) and seen.count("pupil 07") == 1
    while "name pupil 07" not in pressable(game):
        tap(game, "names before", fingers)
    tap(game, "name pupil 07", fingers)
    assert profile_in_use(game) == "pupil 07" and not game.board.document.strokes


def test_touch_alone_makes_a_new_player(game: Game, people: Path) -> None:
    for expected in ("player 2", "player 3"):
        tap(game, "profile", fingers=True)
        tap(game, f"name {expected}", fingers=True)
        assert profile_in_use(game) == expected and (people / expected).is_dir()
    tap(game, "profile", fingers=True)
    tap(game, "name me", fingers=True)
    assert profile_in_use(game) == "me" and not game.board.document.strokes


def test_a_press_beside_the_card_leaves_it_and_a_hand_can_slide_off_a_row(game: Game) -> None:
    draw(game, samples()[3])
    strokes = game.board.document.strokes
    give(game, letter("w"))
    start = game.controller.place_of("name player 2")
    give(game, down(start), move((start[0], 20), 1), up((start[0], 20)))
    assert picker_is_open(game) and profile_in_use(game) == "me"
    give(game, *stroke([(20, 20), (90, 90)]))
    assert not picker_is_open(game)
    for leave in (LEAVE, "profile"):
        give(game, letter("w"))
        tap(game, leave)
        assert not picker_is_open(game)
    give(game, letter("w"))
    tap(game, "eraser")
    assert game.board.erasing and not picker_is_open(game)
    assert game.board.document.strokes == strokes and profile_in_use(game) == "me"
    assert not game.controller.profile_card.covers(start)


def test_the_wheel_goes_through_the_names(game: Game, people: Path) -> None:
    make_profiles(people, "anna")
    give(game, letter("w"), Event(pygame.MOUSEWHEEL, x=0, y=9))
    assert chosen_by_enter(game) == "player 2"
    give(game, Event(pygame.MOUSEWHEEL, x=0, y=-1))
    assert chosen_by_enter(game) == "anna"


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("size", [SMALL, USUAL, WIDE])
@pytest.mark.parametrize("count", [0, 3, 40])
def test_the_card_lies_on_the_canvas_and_its_buttons_apart(
    game: Game, people: Path, size: tuple[int, int], scale: float, count: int
) -> None:
    make_profiles(people, *(f"{'a long name ' * 2}{n:02}" for n in range(count)))
    game.screen._scale = scale
    resize(game, (round(size[0] * scale), round(size[1] * scale)))
    give(game, letter("w"))
    canvas, card = game.screen.layout.canvas, game.controller.profile_card
    while True:
        places = [each.place for each in card.buttons]
        assert all(canvas.contains(place) for place in places)
        assert not any(place.collidelist(places[i + 1 :]) >= 0 for i, place in enumerate(places))
        assert min(place.height for place in places) >= 24 * scale
        if "names after" not in pressable(game):
            break
        tap(game, "names after")
