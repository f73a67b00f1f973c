"""Collecting through the real event loop: keys, pen and fingers, and what is kept on the disk."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pygame
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule
from pygame.event import Event

from game.app import Game
from game.batch.pilot import down, letter, move, press, stroke, up
from game.modes.collect import mode as module
from game.modes.collect.mode import CollectMode
from game.modes.collect.prompts import ASKED, TIMES, in_random_order, request
from game.modes.collect.session import PAUSE, Collect
from game.page.readers import ReadingMode
from game.profiles.profile import Profile
from game.window.window import Window
from models.ink.strokes import Drawing
from tests.helpers.game import finger, give, reader
from tests.helpers.modes import SETTINGS, AnyOrder, mode, page_with_ink, tap, tap_in_toolbar
from tests.helpers.samples import placed, samples

_SEVEN = next(one for one in samples() if one.label == "7" and len(one.strokes) > 1)


@pytest.fixture
def game(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Game]:
    """A page with ink, and collecting that always asks the same."""
    monkeypatch.setattr(module, "Random", lambda: Random(7))
    running = page_with_ink(tmp_path, "Ada")
    yield running
    running.close()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Seconds, as the game sees them; they pass when the test says so."""
    now = [1e6]
    monkeypatch.setattr("game.app.time.monotonic", lambda: now[0])
    return now


def _collect(game: Game) -> Collect:
    collecting = mode(game)
    assert isinstance(collecting, CollectMode)
    return collecting.collect


def _kept(tmp_path: Path) -> list[Drawing]:
    drawings, warning = Profile(tmp_path / "profiles", "Ada").samples.read()
    assert warning is None
    return list(drawings)


def _write(game: Game, drawing: Drawing = _SEVEN, side: float = 120) -> None:
    """By hand, a frame for each stroke."""
    canvas = mode(game).screen.layout.canvas
    for ink in placed(drawing, side, (canvas.centerx - side / 2, canvas.centery - side / 2)):
        give(game, *stroke([(round(x), round(y)) for x, y in ink.points]))


def test_what_is_written_is_kept_as_what_was_asked_for(game: Game, tmp_path: Path) -> None:
    give(game, letter("l"), letter("1"), press(pygame.K_RETURN))
    collect = _collect(game)
    asked = []
    while collect.page == "writing":
        asked.append(collect.character)
        _write(game)
        give(game, press(pygame.K_RETURN))
        assert len(_kept(tmp_path)) == len(asked) and not collect.board.document.strokes
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
    tap(game, "By itself")
    clock[0] += 5
    give(game)
    assert len(collect.written) == 1


def test_a_slip_of_the_pen_is_no_sample(game: Game, tmp_path: Path, clock: list[float]) -> None:
    give(game, letter("l"), letter("i"), press(pygame.K_RETURN))
    give(game, *stroke([(300, 300)]), *stroke([(303, 302), (304, 300)]))
    clock[0] += 5
    give(game, press(pygame.K_RETURN))
    assert not _kept(tmp_path) and len(_collect(game).board.document.strokes) == 2
    give(game, letter("z", pygame.KMOD_LCTRL))
    assert len(_collect(game).board.document.strokes) == 1
    give(game, letter("c"))
    assert not _collect(game).board.document.strokes


def test_all_of_it_goes_with_one_finger(game: Game, tmp_path: Path) -> None:
    tap_in_toolbar(game, "l")
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
        tap(game, words)
    collect = _collect(game)
    assert (collect.mode, collect.times, collect.by_itself) == ("digits", 1, False)
    for x, y in ((0.3, 0.3), (0.4, 0.5), (0.3, 0.7)):
        kind = pygame.FINGERDOWN if y == 0.3 else pygame.FINGERMOTION
        give(game, finger(kind, x, y))
    give(game, finger(pygame.FINGERUP, 0.3, 0.7))
    tap(game, "Again")
    assert not collect.board.document.strokes
    _write(game)
    tap(game, "Next")
    tap(game, "Skip")
    tap(game, "Back")
    tap(game, "Stop")
    assert (collect.page, collect.collected, len(_kept(tmp_path))) == ("end", 1, 1)
    tap(game, "Collect more")
    assert collect.page == "start"
    tap(game, "Leave")
    assert game.active is game.controller and game.running


def test_what_was_collected_is_learned_from_on_the_page(game: Game) -> None:
    assert not game.board.corrections.samples
    give(game, letter("l"), press(pygame.K_RETURN))
    asked = _collect(game).character
    _write(game)
    give(game, press(pygame.K_RETURN), press(pygame.K_ESCAPE))
    assert [each.label for each in game.board.corrections.samples] == [asked]


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
        assert (collect.character, len(collect.board.document.strokes)) == (
            asked,
            len(_SEVEN.strokes),
        )
        game.close()


@pytest.mark.parametrize("mode", ["digits", "characters"])
@settings(max_examples=20)
@given(times=st.sampled_from(TIMES), seed=st.integers(0, 1000))
def test_each_is_asked_for_as_often_and_never_twice_in_a_row(
    mode: ReadingMode, times: int, seed: int
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


_keys = st.sampled_from(
    [letter(name) for name in "150dlwincbsegjk"]
    + [press(key) for key in (pygame.K_RETURN, pygame.K_RETURN, pygame.K_TAB, pygame.K_F1)]
    + [letter("z", pygame.KMOD_LCTRL), letter("c", pygame.KMOD_LCTRL)]
    + [press(pygame.K_LEFTBRACKET, "["), press(pygame.K_RIGHTBRACKET, "]")]
)


class AnyCollecting(AnyOrder):
    """What is kept is what the session says."""

    enters = "l"

    @initialize()
    def begin_to_count(self) -> None:
        self.earlier: list[str] = []  # ids of the runs before
        self.run: list[str] = []
        self.order: tuple[str, ...] = ()

    @rule(key=_keys)
    def key(self, key: Event) -> None:
        give(self.game, key)

    @rule()
    def write_and_go_on(self) -> None:
        give(self.game, Event(pygame.WINDOWFOCUSLOST))
        _write(self.game)
        give(self.game, press(pygame.K_RETURN))

    @invariant()
    def what_is_kept_is_what_the_session_says(self) -> None:
        if self.game.active is self.game.controller:
            self.earlier, self.run, self.order = [*self.earlier, *self.run], [], ()
        self.come_back()
        collect = _collect(self.game)
        if collect.order is not self.order:
            self.earlier, self.order = [*self.earlier, *self.run], collect.order
        self.run = [each for each in collect.written if each is not None]
        kept, warning = Profile(self.folder / "profiles").samples.read()
        assert warning is None and [each.id for each in kept] == [*self.earlier, *self.run]
        assert collect.kept == len(kept)
        labels = {each.id: each.label for each in kept}
        for id, asked in zip(collect.written, collect.order, strict=False):
            assert id is None or labels[id] == asked
        assert collect.page == "writing" or not collect.board.document.strokes


TestAnyCollecting = pytest.mark.slow(AnyCollecting.TestCase)
TestAnyCollecting.settings = SETTINGS
