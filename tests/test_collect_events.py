"""Collecting through the real event loop: keys, pen and fingers, and what is kept on the disk."""

from __future__ import annotations

import itertools
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pygame
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from pygame.event import Event

from game import collecting as module
from game.collect.asked import ASKED, TIMES, in_random_order, request
from game.collect.session import PAUSE, Collect
from game.modes import Mode
from game.play import Game
from game.profiles.profile import Profile
from game.profiles.samples import Samples
from game.window import Window
from models.ink import Drawing
from tests.running import Point, down, draw, finger, give, letter, move, press, reader, stroke, up
from tests.samples import placed, samples

_SEVEN = next(one for one in samples() if one.label == "7" and len(one.strokes) > 1)


@pytest.fixture
def game(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Game]:
    """A page with ink, and collecting that always asks the same."""
    monkeypatch.setattr(module, "Random", lambda: Random(7))
    running = Game(
        Window(1.0), reader(), tmp_path / "drawings", profile=Profile(tmp_path / "profiles", "Ada")
    )
    give(running)
    draw(running, samples()[4])
    yield running
    running.close()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Seconds, as the game sees them; they pass when the test says so."""
    now = [1e6]
    monkeypatch.setattr("game.play.time.monotonic", lambda: now[0])
    return now


def _collect(game: Game) -> Collect:
    assert game.collecting is not None
    return game.collecting.collect


def _kept(tmp_path: Path) -> list[Drawing]:
    drawings, told = Samples(Profile(tmp_path / "profiles", "Ada")).read()
    assert told is None
    return list(drawings)


def _write(game: Game, drawing: Drawing = _SEVEN, side: float = 120) -> None:
    """By hand, a frame for each stroke."""
    assert game.collecting is not None
    canvas = game.collecting.screen.page.layout.canvas
    for ink in placed(drawing, side, (canvas.centerx - side / 2, canvas.centery - side / 2)):
        give(game, *stroke([(round(x), round(y)) for x, y in ink.points]))


def _tap(game: Game, words: str) -> None:
    """One finger, which SDL tells of a second time as a mouse."""
    assert game.collecting is not None
    (place,) = (e.place for e in game.collecting.screen.buttons if e.offer.words == words)
    width, height = game.window.surface.get_size()
    at = (place.centerx / width, place.centery / height)
    again = {"pos": place.center, "button": 1, "touch": True}
    give(
        game,
        finger(pygame.FINGERDOWN, *at),
        Event(pygame.MOUSEBUTTONDOWN, again),
        finger(pygame.FINGERUP, *at),
        Event(pygame.MOUSEBUTTONUP, again),
    )
    give(game)


def test_what_is_written_is_kept_as_what_was_asked_for(game: Game, tmp_path: Path) -> None:
    give(game, letter("l"), letter("1"), press(pygame.K_RETURN))
    collect = _collect(game)
    asked = []
    while collect.page == "writing":
        asked.append(collect.character)
        _write(game)
        give(game, press(pygame.K_RETURN))
        assert len(_kept(tmp_path)) == len(asked) and not collect.board.strokes
    assert sorted(asked) == list("0123456789") and asked == list(collect.order)
    kept = _kept(tmp_path)
    assert [each.label for each in kept] == asked and {each.writer for each in kept} == {"Ada"}
    assert {len(each.strokes) for each in kept} == {len(_SEVEN.strokes)}
    assert all(each.extra["read"] == "7" and each.strokes[0].times is not None for each in kept)
    assert (collect.page, collect.collected, collect.kept) == ("end", 10, 10)


def test_back_takes_the_last_one_back_to_be_written_anew(game: Game, tmp_path: Path) -> None:
    give(game, letter("l"), letter("1"), press(pygame.K_RETURN), letter("b"))
    collect = _collect(game)
    _write(game)
    give(game, press(pygame.K_RETURN), letter("n"))
    first, skipped, third = collect.order[:3]
    assert collect.character == third
    give(game, letter("b"))
    assert collect.character == skipped and len(_kept(tmp_path)) == 1
    give(game, letter("b"))
    assert collect.character == first and not _kept(tmp_path)
    _write(game, samples()[0])
    give(game, press(pygame.K_RETURN))
    (kept,) = _kept(tmp_path)
    assert kept.label == first and len(kept.strokes) == len(samples()[0].strokes)
    give(game, letter("s"), letter("b"))  # from the last page, too
    assert (collect.page, collect.character, _kept(tmp_path)) == ("writing", first, [])


def test_it_goes_on_by_itself_when_the_pen_rests(
    game: Game, tmp_path: Path, clock: list[float]
) -> None:
    give(game, letter("l"), letter("i"), press(pygame.K_RETURN))
    collect = _collect(game)
    clock[0] += 5
    give(game)
    assert not collect.written  # nothing is written yet
    canvas = game.collecting.screen.page.layout.canvas if game.collecting else None
    assert canvas is not None
    give(game, *stroke([(300, 250), (300, 400)]))
    clock[0] += 0.9 * PAUSE
    give(game, down((260, 300)), move((340, 300), 1))
    clock[0] += 2 * PAUSE
    give(game)
    assert not collect.written  # the pen is down
    give(game, up((340, 300)))
    clock[0] += 0.9 * PAUSE
    give(game)
    assert not collect.written
    clock[0] += 0.2 * PAUSE
    give(game)
    (kept,) = _kept(tmp_path)
    assert (kept.label, len(kept.strokes)) == (collect.order[0], 2)
    _write(game)
    _tap(game, "By itself")
    clock[0] += 5
    give(game)
    assert len(collect.written) == 1


def test_a_slip_of_the_pen_is_no_sample(game: Game, tmp_path: Path, clock: list[float]) -> None:
    give(game, letter("l"), letter("i"), press(pygame.K_RETURN))
    give(game, *stroke([(300, 300)]), *stroke([(303, 302), (304, 300)]))
    clock[0] += 5
    give(game, press(pygame.K_RETURN))
    assert not _kept(tmp_path) and len(_collect(game).board.strokes) == 2
    give(game, letter("z", pygame.KMOD_LCTRL))
    assert len(_collect(game).board.strokes) == 1
    give(game, letter("c"))
    assert not _collect(game).board.strokes


def test_all_of_it_goes_with_one_finger(game: Game, tmp_path: Path) -> None:
    (place,) = (each.place for each in game.screen.toolbar.buttons if each.offer.key == "l")
    width, height = game.window.surface.get_size()
    at = (place.centerx / width, place.centery / height)
    give(game, finger(pygame.FINGERDOWN, *at), finger(pygame.FINGERUP, *at))
    give(game)
    for words in (
        "Digits and letters",
        "10",
        "5",
        "1",
        "By itself",
        "With Next",
        "Digits",
        "Start",
    ):
        _tap(game, words)
    collect = _collect(game)
    assert (collect.mode, collect.times, collect.by_itself) == ("digits", 1, False)
    for x, y in ((0.3, 0.3), (0.4, 0.5), (0.3, 0.7)):
        kind = pygame.FINGERDOWN if y == 0.3 else pygame.FINGERMOTION
        give(game, finger(kind, x, y))
    give(game, finger(pygame.FINGERUP, 0.3, 0.7))
    _tap(game, "Again")
    assert not collect.board.strokes
    _write(game)
    _tap(game, "Next")
    _tap(game, "Skip")
    _tap(game, "Back")
    _tap(game, "Stop")
    assert (collect.page, collect.collected, len(_kept(tmp_path))) == ("end", 1, 1)
    _tap(game, "Collect more")
    assert collect.page == "start"
    _tap(game, "Leave")
    assert game.collecting is None and game.running


def test_the_page_before_is_back_untouched(game: Game, tmp_path: Path) -> None:
    before, pen = game.board.strokes, game.board.pen
    give(game, letter("l"), *stroke([(20, 600), (300, 620)]))
    give(game, Event(pygame.DROPFILE, file=str(tmp_path / "any.inkml")))
    toast = _collect(game).board.toast
    assert toast is not None and "after collecting" in toast.text
    give(game, press(pygame.K_RETURN))
    _write(game)
    give(game, letter("]"), letter("g"), letter("l"), press(pygame.K_ESCAPE))
    assert game.collecting is None and game.practising is None and game.running
    assert (game.board.strokes, game.board.pen) == (before, pen)


def test_what_was_collected_is_learned_from_on_the_page(game: Game) -> None:
    assert not game.board.teacher.samples
    give(game, letter("l"), press(pygame.K_RETURN))
    asked = _collect(game).character
    _write(game)
    give(game, press(pygame.K_RETURN), press(pygame.K_ESCAPE))
    assert [each.label for each in game.board.teacher.samples] == [asked]


def test_ink_that_cannot_be_kept_stays_with_what_was_asked_for(tmp_path: Path) -> None:
    (tmp_path / "Ada").write_text("a file in the folder's place")
    for profile in (Profile(None), Profile(tmp_path, "Ada")):
        game = Game(Window(1.0), reader(), tmp_path, profile=profile)
        give(game, letter("l"), press(pygame.K_RETURN))
        _write(game)
        collect = _collect(game)
        asked = collect.character
        give(game, press(pygame.K_RETURN))
        toast = collect.board.toast
        assert toast is not None and "Your ink is not kept" in toast.text
        assert (collect.character, len(collect.board.strokes)) == (asked, len(_SEVEN.strokes))
        game.close()


@pytest.mark.parametrize("mode", ["digits", "characters"])
@settings(max_examples=20)
@given(times=st.sampled_from(TIMES), seed=st.integers(0, 1000))
def test_each_is_asked_for_as_often_and_never_twice_in_a_row(
    mode: Mode, times: int, seed: int
) -> None:
    order = in_random_order(mode, times, Random(seed))
    every = ASKED[mode]
    assert Counter(order) == dict.fromkeys(every, times)
    for start in range(0, len(order), len(every)):
        assert set(order[start : start + len(every)]) == set(every)
    assert all(one != other for one, other in itertools.pairwise(order))


def test_letters_are_asked_for_in_both_cases() -> None:
    requests = {request(one, "characters") for one in ASKED["characters"] if one.isalpha()}
    assert len(requests) == 52 and "Write a small L" in requests
    assert len(ASKED["characters"]) == 62 and {"a", "A", "c", "C"} <= set(ASKED["characters"])


@pytest.mark.parametrize("size", [(480, 360), (960, 640), (1920, 1080), (300, 200), (1, 1)])
def test_buttons_stand_in_the_window_and_apart_at_every_size(
    game: Game, size: tuple[int, int]
) -> None:
    pygame.display.set_mode(size, pygame.RESIZABLE)
    give(game, letter("l"))
    for key in (press(pygame.K_RETURN), letter("n"), letter("s")):
        give(game)
        assert game.collecting is not None
        places = [each.place for each in game.collecting.screen.buttons]
        window = game.window.surface.get_rect()
        if size >= (300, 200):
            assert places and all(window.contains(place) for place in places)
            assert all(not a.colliderect(b) for i, a in enumerate(places) for b in places[i + 1 :])
        if size >= (480, 360):
            assert all(place.width >= 40 and place.height >= 40 for place in places)
        give(game, key)


_coordinates = st.tuples(st.integers(-20, 980), st.integers(-20, 660))
_keys = st.sampled_from(
    [letter(name) for name in "150dlwincbsegjk"]
    + [press(key) for key in (pygame.K_RETURN, pygame.K_RETURN, pygame.K_TAB, pygame.K_F1)]
    + [letter("z", pygame.KMOD_LCTRL), letter("c", pygame.KMOD_LCTRL)]
    + [press(pygame.K_LEFTBRACKET, "["), press(pygame.K_RIGHTBRACKET, "]")]
)


class AnyCollecting(RuleBasedStateMachine):
    """Strokes, keys, buttons and time in any order: what is kept is what the session says."""

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        folder = Path(self.folder.name)
        self.samples = Samples(Profile(folder / "profiles"))
        self.game = Game(Window(1.0), reader(), folder, profile=Profile(folder / "profiles"))
        give(self.game)
        draw(self.game, samples()[4])
        self.before = self.game.board.strokes
        self.patch = pytest.MonkeyPatch()
        self.now = 1e6
        self.patch.setattr("game.play.time.monotonic", lambda: self.now)
        self.earlier: list[str] = []  # ids and labels of the runs before
        self.run: list[str] = []
        self.order: tuple[str, ...] = ()
        give(self.game, letter("l"))

    @rule(path=st.lists(_coordinates, min_size=1, max_size=6), button=st.sampled_from([1, 1, 3]))
    def write(self, path: list[Point], button: int) -> None:
        give(self.game, *stroke(path, button))

    @rule(at=_coordinates)
    def lower_the_pen(self, at: Point) -> None:
        give(self.game, down(at))

    @rule(key=_keys)
    def key(self, key: Event) -> None:
        give(self.game, key)

    @rule()
    def write_and_go_on(self) -> None:
        give(self.game, Event(pygame.WINDOWFOCUSLOST))
        _write(self.game)
        give(self.game, press(pygame.K_RETURN))

    @rule(index=st.integers(0, 20))
    def press_a_button(self, index: int) -> None:
        assert self.game.collecting is not None
        buttons = self.game.collecting.screen.buttons
        give(self.game, Event(pygame.WINDOWFOCUSLOST))
        give(self.game, *stroke([buttons[index % len(buttons)].place.center]))

    @rule(seconds=st.floats(0, 8))
    def wait(self, seconds: float) -> None:
        self.now += seconds
        give(self.game)

    @rule(width=st.integers(1, 1500), height=st.integers(1, 1000))
    def resize(self, width: int, height: int) -> None:
        pygame.display.set_mode((width, height), pygame.RESIZABLE)
        give(self.game)

    @invariant()
    def what_is_kept_is_what_the_session_says(self) -> None:
        if not hasattr(self, "game"):
            return
        assert self.game.running and self.game.board.strokes == self.before
        if self.game.collecting is None:  # the pen met the button that leaves
            self.earlier, self.run, self.order = [*self.earlier, *self.run], [], ()
            give(self.game, Event(pygame.WINDOWFOCUSLOST), letter("l"))
        collect = _collect(self.game)
        if collect.order is not self.order:
            self.earlier, self.order = [*self.earlier, *self.run], collect.order
        self.run = [each for each in collect.written if each is not None]
        kept, told = self.samples.read()
        assert told is None and [each.id for each in kept] == [*self.earlier, *self.run]
        assert collect.kept == len(kept)
        labels = {each.id: each.label for each in kept}
        for id, asked in zip(collect.written, collect.order, strict=False):
            assert id is None or labels[id] == asked
        assert collect.page == "writing" or not collect.board.strokes
        assert self.game.collecting is not None and self.game.collecting.screen.buttons

    def teardown(self) -> None:
        if hasattr(self, "game"):
            give(self.game, press(pygame.K_ESCAPE))
            assert self.game.collecting is None and self.game.board.strokes == self.before
            self.game.close()
            self.patch.undo()
            self.folder.cleanup()


TestAnyCollecting = AnyCollecting.TestCase
TestAnyCollecting.settings = settings(
    max_examples=15,
    stateful_step_count=25,
    suppress_health_check=[HealthCheck.too_slow],
)
