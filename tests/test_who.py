"""Who is writing: chosen in the running game by key, mouse and finger; and what is whose then."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pygame
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from pygame.event import Event

from game.collecting import Collecting
from game.overlay.people import People
from game.play import Game
from game.practising import Practising
from game.profiles.people import LAST, by_last_change, last_chosen
from game.profiles.profile import Profile
from game.profiles.samples import Samples
from game.who import LEAVE, LONGEST, Who
from game.window import Window
from models.network import load_network
from models.reader import Reader
from tests.running import (
    Point,
    down,
    draw,
    finger,
    give,
    key_of,
    letter,
    move,
    press,
    reader,
    stroke,
    up,
)
from tests.samples import samples

USUAL, SMALL, WIDE = (960, 640), (480, 360), (1920, 1080)
ENTER, ESCAPE = press(pygame.K_RETURN, "\r"), press(pygame.K_ESCAPE, "\x1b")
UP, DOWN = press(pygame.K_UP), press(pygame.K_DOWN)
BACKSPACE = press(pygame.K_BACKSPACE, "\b")


@pytest.fixture
def people(tmp_path: Path) -> Path:
    return tmp_path / "profiles"


@pytest.fixture
def game(tmp_path: Path, people: Path) -> Iterator[Game]:
    running = new(tmp_path, people)
    yield running
    running.close()


def new(folder: Path, people: Path | None, name: str = "me") -> Game:
    game = Game(Window(1.0), reader(), folder / "drawings", profile=Profile(people, name))
    give(game)
    return game


def known(people: Path, *names: str) -> None:
    for name in names:
        assert Profile(people, name).write(lambda own: None, "") is None


def labels(people: Path, name: str) -> list[str | None]:
    """What is in force in somebody's files."""
    kept, told = Samples(Profile(people, name)).read()
    assert told is None
    return [each.label for each in kept]


def typed(words: str) -> list[Event]:
    return [press(ord(each) if each.isascii() else 0, each) for each in words]


def choose(game: Game, name: str) -> None:
    give(game, letter("w"))
    give(game, *typed(name), ENTER)
    assert not asks(game) and writes(game) == name


def writes(game: Game) -> str:
    return game.board.teacher.profile.name


def asks(game: Game) -> bool:
    """Whether the card is shown."""
    return game.screen.who.shown


def rows(game: Game) -> list[str]:
    return [row.name for row in game.screen.who.rows]


def taken(game: Game) -> str:
    """Whom Enter would take."""
    who = game.screen.who
    return who.rows[who.at].name


def toast(game: Game) -> tuple[str, str]:
    assert game.board.toast is not None
    return game.board.toast.kind, game.board.toast.text


def tap(game: Game, action: str, fingers: bool = False) -> None:
    """Presses a button, with the mouse or a finger."""
    x, y = game.screen.place_of(action)
    width, height = game.window.surface.get_size()
    if fingers:
        at = x / width, y / height
        give(game, finger(pygame.FINGERDOWN, *at), finger(pygame.FINGERUP, *at))
    else:
        give(game, down((x, y)), up((x, y)))


def resize(game: Game, size: tuple[int, int]) -> None:
    pygame.display.set_mode(size, pygame.RESIZABLE)
    give(game)


def test_a_name_that_is_typed_writes_from_then_on_and_the_ink_stays(
    game: Game, people: Path
) -> None:
    draw(game, samples()[3])
    ink = game.board.strokes
    assert pygame.display.get_caption()[0] == "1 - Inkling"
    choose(game, "anna")
    assert game.board.strokes == ink and "anna" in toast(game)[1]
    assert pygame.display.get_caption()[0] == "1 - anna - Inkling"
    assert "anna" in [each.offer.words for each in game.screen.toolbar.buttons]
    give(game, letter("t"), letter("7"))
    assert labels(people, "anna") == ["7"] and labels(people, "me") == []
    assert last_chosen(people) == "anna"


def test_the_card_has_everybody_the_newest_first_and_the_present_one_is_marked(
    game: Game, people: Path
) -> None:
    known(people, "ben", "anna", "chloë")
    (people / ".hidden").mkdir()
    (people / "no profile.txt").write_text("")
    assert Samples(Profile(people, "ben")).add(samples()[0]) is None
    give(game, letter("w"))
    assert rows(game)[:2] == ["player 2", "ben"] and rows(game)[-1] == "me"
    assert sorted(rows(game)) == ["anna", "ben", "chloë", "me", "player 2"]
    assert taken(game) == game.screen.who.present == "me"
    give(game, UP, UP, UP, ENTER)
    assert writes(game) == "ben"
    give(game, letter("w"))
    assert taken(game) == game.screen.who.present == "ben"


def test_typed_letters_seek_a_name_or_make_one(game: Game, people: Path) -> None:
    known(people, "Anna", "Joanna", "ben")
    give(game, letter("w"))
    give(game, *typed("an"))
    assert rows(game) == ["an", "Anna", "Joanna"] and taken(game) == "Anna"
    give(game, UP)
    assert taken(game) == "an"
    give(game, *typed("na"))
    assert rows(game) == ["Anna", "Joanna"] and taken(game) == "Anna"
    give(game, *typed(" b"))
    assert rows(game) == ["anna b"]
    give(game, *[BACKSPACE] * 6)
    assert taken(game) == "me" and len(rows(game)) == 5
    give(game, *typed("oan"))  # more likely somebody new
    assert rows(game) == ["oan", "Joanna"] and taken(game) == "oan"
    give(game, *[BACKSPACE] * 3)
    give(game, *typed("éa 2 "), ENTER)
    assert writes(game) == "éa 2" and (people / "éa 2").is_dir()


def test_what_an_input_method_writes_counts_and_what_a_key_writes_counts_once(game: Game) -> None:
    def told(words: str) -> Event:
        return Event(pygame.TEXTINPUT, text=words)

    give(game, letter("w"), told("w"), letter("z"), told("z"))
    give(game, told("o"), told("éé"), BACKSPACE, press(ord(" "), " "), told(" "), told("山"), ENTER)
    assert writes(game) == "zoé 山"
    give(game, told("x"), letter("w"))
    assert game.screen.who.typed == ""


@pytest.mark.parametrize("wrong", ["a!", "a/b", "..", "-", "a.", "a\\", "a:b"])
def test_a_wrong_name_is_told_on_the_card_and_changes_nothing(
    game: Game, people: Path, wrong: str
) -> None:
    give(game, letter("w"))
    give(game, *typed(wrong), ENTER)
    who = game.screen.who
    assert who.shown and who.told and writes(game) == "me" and not people.exists()
    give(game, BACKSPACE)
    assert not who.told
    give(game, *[BACKSPACE] * 4, *typed("x" * LONGEST))
    assert not who.told
    give(game, letter("x"))
    assert str(LONGEST) in who.told
    give(game, ENTER)
    assert writes(game) == "x" * LONGEST


def test_what_is_typed_does_nothing_else(game: Game) -> None:
    draw(game, samples()[3])
    board = game.board
    before = (board.strokes, board.pen, board.show_boxes, board.show_panel, board.mode)
    give(game, key_of("left"))
    give(game, letter("w"))
    give(game, *typed("csepbvh7kj[]"), press(pygame.K_DELETE), press(pygame.K_TAB, "\t"))
    give(game, key_of("left"), Event(pygame.MOUSEWHEEL, x=0, y=1))
    assert before == (board.strokes, board.pen, board.show_boxes, board.show_panel, board.mode)
    assert game.screen.who.typed == "csepbvh7kj[]" and board.reading.answers[0].said is None
    assert not game.views.shown and not board.show_help and not board.erasing
    give(game, letter("w", pygame.KMOD_LCTRL), letter("z", pygame.KMOD_LCTRL))
    assert not asks(game) and len(board.strokes) == len(before[0]) - 1
    give(game, letter("w"))
    give(game, press(pygame.K_F1))
    assert game.screen.help.buttons and not asks(game)
    give(game, ESCAPE, letter("w"), ESCAPE)
    assert game.running and not asks(game)
    give(game, letter("w"), letter("q", pygame.KMOD_LCTRL))
    assert not game.running


def test_full_screen_keeps_the_card(game: Game) -> None:
    give(game, letter("w"))
    give(game, *typed("an"), press(pygame.K_F11))
    assert asks(game) and game.screen.who.typed == "an"
    give(game, press(pygame.K_F11), *typed("na"), ENTER)
    assert writes(game) == "anna"


def test_where_letters_are_read_a_w_is_one(tmp_path: Path, people: Path) -> None:
    characters = Reader(load_network("characters"))
    game = Game(Window(1.0), characters, tmp_path, profile=Profile(people))
    give(game)
    draw(game, samples()[3])
    give(game, letter("t"), letter("w"))
    assert not asks(game) and labels(people, "me") == ["w"]
    give(game, letter("t"))
    tap(game, "who")
    assert asks(game) and not game.board.asking
    game.close()


@pytest.mark.parametrize("fingers", [False, True])
def test_everybody_can_be_chosen_by_mouse_or_finger_alone_in_the_smallest_window(
    game: Game, people: Path, fingers: bool
) -> None:
    names = [f"pupil {n:02}" for n in range(1, 31)]
    known(people, *names)
    resize(game, SMALL)
    tap(game, "help", fingers)
    while "who" not in [each.offer.action for each in game.screen.help.buttons]:
        (more,) = [b.place for b in game.screen.help.buttons if b.offer.action == "page after"]
        give(game, *stroke([more.center]))
    (row,) = [each.place for each in game.screen.help.buttons if each.offer.action == "who"]
    give(game, *stroke([row.center]))
    assert asks(game)
    while "names before" in _pressable(game):
        tap(game, "names before", fingers)
    seen: list[str] = []
    while True:
        seen += [each.offer.words for each in game.screen.people.buttons]
        if "names after" not in _pressable(game):
            break
        tap(game, "names after", fingers)
    assert {*names, "me", "player 2"} <= set(seen) and seen.count("pupil 07") == 1
    while "name pupil 07" not in _pressable(game):
        tap(game, "names before", fingers)
    tap(game, "name pupil 07", fingers)
    assert writes(game) == "pupil 07" and not game.board.strokes


def _pressable(game: Game) -> list[str]:
    return [each.offer.action for each in game.screen.people.buttons if each.offer.enabled]


def test_touch_alone_makes_a_new_player(game: Game, people: Path) -> None:
    for expected in ("player 2", "player 3"):
        tap(game, "who", fingers=True)
        tap(game, f"name {expected}", fingers=True)
        assert writes(game) == expected and (people / expected).is_dir()
    tap(game, "who", fingers=True)
    tap(game, "name me", fingers=True)
    assert writes(game) == "me" and not game.board.strokes


def test_a_press_beside_the_card_leaves_it_and_a_hand_can_slide_off_a_row(game: Game) -> None:
    draw(game, samples()[3])
    strokes = game.board.strokes
    give(game, letter("w"))
    start = game.screen.place_of("name player 2")
    give(game, down(start), move((start[0], 20), 1), up((start[0], 20)))
    assert asks(game) and writes(game) == "me"
    give(game, *stroke([(20, 20), (90, 90)]))
    assert not asks(game)
    for leave in (LEAVE, "who"):
        give(game, letter("w"))
        tap(game, leave)
        assert not asks(game)
    give(game, letter("w"))
    tap(game, "eraser")
    assert game.board.erasing and not asks(game)
    assert game.board.strokes == strokes and writes(game) == "me"


def test_the_wheel_goes_through_the_names(game: Game, people: Path) -> None:
    known(people, "anna")
    give(game, letter("w"), Event(pygame.MOUSEWHEEL, x=0, y=9))
    assert taken(game) == "player 2"
    give(game, Event(pygame.MOUSEWHEEL, x=0, y=-1))
    assert taken(game) == "anna"


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("size", [SMALL, USUAL, WIDE])
@pytest.mark.parametrize("count", [0, 3, 40])
def test_the_card_lies_on_the_canvas_and_its_buttons_apart(
    game: Game, people: Path, size: tuple[int, int], scale: float, count: int
) -> None:
    known(people, *(f"{'a long name ' * 2}{n:02}" for n in range(count)))
    game.screen._scale = scale
    resize(game, (round(size[0] * scale), round(size[1] * scale)))
    give(game, letter("w"))
    canvas, card = game.screen.layout.canvas, game.screen.people
    while True:
        places = [each.place for each in card.buttons]
        assert all(canvas.contains(place) for place in places)
        assert not any(place.collidelist(places[i + 1 :]) >= 0 for i, place in enumerate(places))
        assert min(place.height for place in places) >= 24 * scale
        if "names after" not in _pressable(game):
            break
        tap(game, "names after")


def test_what_each_has_taught_counts_at_once(game: Game, people: Path) -> None:
    draw(game, samples()[3])
    plain = game.board.reading.answers[0].probabilities
    choose(game, "anna")
    for _ in range(3):
        give(game, letter("t"), letter("7"), letter("c"))
        draw(game, samples()[3])
    taught = game.board.reading.answers[0].probabilities
    assert taught[7] > plain[7]
    choose(game, "ben")
    assert game.board.reading.answers[0].probabilities == plain
    choose(game, "anna")
    assert game.board.reading.answers[0].probabilities == taught


def test_undo_takes_back_what_the_present_person_taught_and_nobody_elses(
    game: Game, people: Path
) -> None:
    choose(game, "anna")
    draw(game, samples()[3])
    give(game, letter("t"), letter("7"))
    choose(game, "ben")
    assert game.board.answer_text() == "7"  # what was said of this ink was said
    give(game, letter("t"), letter("4"))
    assert (labels(people, "anna"), labels(people, "ben")) == (["7"], ["4"])
    undo, redo = key_of("command+z"), key_of("command+y")
    give(game, undo)
    assert game.board.answer_text() == "7"
    assert (labels(people, "anna"), labels(people, "ben")) == (["7"], [])
    give(game, undo)
    assert game.board.answer_text() == "1" and labels(people, "anna") == ["7"]
    assert "longer" in toast(game)[1] and "4" in toast(game)[1]  # nothing is told of the 7
    give(game, redo, redo)
    assert game.board.answer_text() == "4"
    assert (labels(people, "anna"), labels(people, "ben")) == (["7"], ["4"])
    give(game, undo, undo)
    choose(game, "anna")
    give(game, redo)  # hers, which counted all the time: no second sample
    assert labels(people, "anna") == ["7"]
    give(game, undo)
    assert labels(people, "anna") == [] and game.board.answer_text() == "1"
    choose(game, "ben")
    give(game, redo)
    assert labels(people, "anna") == labels(people, "ben") == []


def test_practice_and_collecting_are_of_the_person_chosen(game: Game, people: Path) -> None:
    choose(game, "anna")
    give(game, letter("g"))
    assert isinstance(game.away, Practising) and game.away.practice.profile.name == "anna"
    assert pygame.display.get_caption()[0] == "Practice - anna - Inkling"
    give(game, ESCAPE, letter("l"))
    give(game, ENTER)
    assert isinstance(game.away, Collecting)
    asked = game.away.collect.character
    give(game, *stroke([(300, 300), (310, 350), (320, 420)]))
    give(game, ENTER)
    give(game, ESCAPE)
    assert labels(people, "anna") == [asked] and labels(people, "me") == []
    choose(game, "ben")
    give(game, letter("l"))
    assert isinstance(game.away, Collecting) and game.away.collect.kept == 0


def test_the_next_start_goes_on_with_whoever_was_chosen_last(people: Path) -> None:
    assert last_chosen(None) == last_chosen(people) == "me"
    known(people, "anna")
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
    game = new(tmp_path, place(people))
    draw(game, samples()[3])
    ink = game.board.strokes
    choose(game, "anna")
    kind, told = toast(game)
    assert kind == "error" and "not kept" in told
    give(game, letter("t"), letter("7"))
    taught = [each.label for each in game.board.teacher.samples]
    choose(game, "ben")
    assert taught == ["7"] and not game.board.teacher.samples and game.board.strokes == ink
    give(game, letter("w"))
    assert {"anna", "ben", "me"} <= set(rows(game))
    give(game, *typed("anna"), ENTER)
    assert [each.label for each in game.board.teacher.samples] == ["7"]
    game.close()


def test_a_choice_that_cannot_be_kept_is_told_and_counts(game: Game, people: Path) -> None:
    (people.parent / LAST).mkdir()
    choose(game, "anna")
    kind, told = toast(game)
    assert kind == "error" and LAST in told and "anna" in told
    give(game, *stroke([(300, 300), (310, 350), (320, 420)]), letter("t"), letter("7"))
    assert labels(people, "anna") == ["7"]


def test_a_folder_that_cannot_be_read_is_told_on_the_card(tmp_path: Path) -> None:
    blocked = tmp_path / "profiles"
    blocked.write_text("a file where the folder should be")
    assert by_last_change(blocked)[0] == ()
    who = Who()
    who.open(Profile(blocked, "anna"))
    assert str(blocked) in who.told and [row.name for row in who.rows] == ["player 2", "anna", "me"]
    assert not People().covers(1, 1)


coordinates = st.tuples(st.integers(-40, 1000), st.integers(-40, 700))
_KEYS = [*typed("aben2! "), ENTER, ENTER, BACKSPACE, UP, DOWN, ESCAPE, press(pygame.K_F11)]
_PAGE = [*typed("t77ckj"), *(key_of(f"command+{key}") for key in "zzzyy")]


class TakingTurns(RuleBasedStateMachine):
    """Whatever is done, nobody's samples change while somebody else is writing."""

    @initialize()
    def open(self) -> None:
        self.kept = tempfile.TemporaryDirectory()
        self.people = Path(self.kept.name) / "profiles"
        known(self.people, "anna", "ben")
        self.game = new(self.people.parent, self.people, "anna")
        self.before = self._files()

    def _files(self) -> dict[str, list[tuple[str, str | None]]]:
        names = [each.name for each in self.people.iterdir()]
        read = {name: Samples(Profile(self.people, name)).read() for name in names}
        assert all(told is None for _, told in read.values())
        return {name: [(each.id, each.label) for each in kept] for name, (kept, _) in read.items()}

    @rule(event=st.sampled_from(_KEYS))
    def on_the_card(self, event: Event) -> None:
        if not asks(self.game):
            give(self.game, letter("w"))
        ink = self.game.board.strokes
        give(self.game, event)
        assert self.game.board.strokes == ink

    @rule(name=st.sampled_from(["anna", "ben", "me", "zoë"]))
    def choose(self, name: str) -> None:
        give(self.game, ESCAPE if asks(self.game) else letter("x"))
        choose(self.game, name)

    @rule(index=st.integers(0, 20), taps=st.booleans())
    def press_a_row(self, index: int, taps: bool) -> None:
        if not asks(self.game):
            give(self.game, letter("w"))
        able = _pressable(self.game)
        ink = self.game.board.strokes
        if able:
            tap(self.game, able[index % len(able)], taps)
        assert self.game.board.strokes == ink

    @rule(event=st.sampled_from(_PAGE))
    def on_the_page(self, event: Event) -> None:
        if not asks(self.game):
            give(self.game, event)

    @rule(number=st.integers(0, 3))
    def write(self, number: int) -> None:
        if not asks(self.game) and not self.game.board.asking:
            draw(self.game, samples()[3], (60 + 160 * number, 60))

    @rule(at=coordinates, to=coordinates)
    def stroke(self, at: Point, to: Point) -> None:
        screen, ink = self.game.screen, self.game.board.strokes
        was_shown = screen.who.shown
        canvas = screen.layout.canvas
        if canvas.collidepoint(at):  # elsewhere there are buttons of all kinds
            give(self.game, *stroke([at, to]))
            assert not was_shown or self.game.board.strokes == ink

    @rule(width=st.integers(1, 1500), height=st.integers(1, 1000))
    def resize(self, width: int, height: int) -> None:
        resize(self.game, (width, height))

    @invariant()
    def only_the_present_persons_samples_change(self) -> None:
        if not hasattr(self, "game"):
            return
        now, name = self._files(), writes(self.game)
        kept = [(each.id, each.label) for each in self.game.board.teacher.samples]
        assert sorted(now.get(name, []), key=str) == sorted(kept, key=str)
        turn = {name, getattr(self, "last", name)}
        for other in self.before.keys() - turn:
            assert now[other] == self.before[other]
        self.before, self.last = now, name
        assert self.game.running

    def teardown(self) -> None:
        if hasattr(self, "game"):
            self.game.close()
            self.kept.cleanup()


TestTakingTurns = TakingTurns.TestCase
TestTakingTurns.settings = settings(
    max_examples=20, stateful_step_count=25, suppress_health_check=[HealthCheck.too_slow]
)
