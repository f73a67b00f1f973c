"""Practice through the real event loop: keys, pen and fingers, with ink that the network reads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pygame
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule
from pygame.event import Event

from game.app import Game
from game.batch.pilot import letter, press, stroke
from game.modes.practice import mode as module
from game.modes.practice.mode import PracticeMode
from game.modes.practice.round import WAIT
from game.modes.practice.session import Practice
from models.ink.jsonl import read_drawings
from tests.helpers.game import give
from tests.helpers.modes import SETTINGS, AnyOrder, mode, page_with_ink, tap, tap_in_toolbar
from tests.helpers.samples import placed, samples

_SIDE, _STEP = 90.0, 110.0  # pixels: of a digit, and from one digit to the next


def write(game: Game, digits: str) -> None:
    """Writes a number into the canvas by hand: the drawings that ship with the game, side by side.

    A frame for each stroke.
    """
    canvas = mode(game).screen.layout.canvas
    known = {drawing.label: drawing for drawing in samples() if drawing.id.endswith("-plain")}
    left = canvas.x + 30.0
    for digit in digits:
        drawing = known.get(digit) or next(one for one in samples() if one.label == digit)
        for ink in placed(drawing, _SIDE, (left, canvas.y + (canvas.height - _SIDE) / 2)):
            give(game, *stroke([(round(x), round(y)) for x, y in ink.points]))
        left += _STEP


@pytest.fixture
def game(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Game]:
    """A page with ink, and practice that always asks the same."""
    monkeypatch.setattr(module, "Random", lambda: Random(7))
    running = page_with_ink(tmp_path, "Ada")
    yield running
    running.close()


def _practice(game: Game) -> Practice:
    practising = mode(game)
    assert isinstance(practising, PracticeMode)
    return practising.practice


def _said(practice: Practice) -> str:
    """The kind of the remark, "" for none."""
    assert practice.round is not None
    return practice.round.remark.kind if practice.round.remark else ""


def _wrong(answer: str) -> str:
    return "".join("6" if digit == "7" else "7" for digit in answer)


def test_a_task_answered_right_and_another_wrong_then_contested(
    game: Game, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    give(game, letter("g"), letter("t"), press(pygame.K_RIGHT), press(pygame.K_RETURN))
    practice = _practice(game)
    assert practice.round is not None
    first, second = practice.round.task, None
    write(game, first.answer)
    assert _said(practice) == "right"
    give(game, press(pygame.K_RETURN))
    second = practice.round.task
    assert second != first and not practice.board.document.strokes
    now = [1e6]  # a clock of the test's own, from here on
    monkeypatch.setattr("game.app.time.monotonic", lambda: now[0])
    write(game, _wrong(second.answer))
    assert _said(practice) == ""  # it may not be finished
    now[0] += WAIT + 0.1
    give(game)
    assert _said(practice) == "missed"
    ink = practice.board.document.strokes
    give(game, letter("m"))
    assert (practice.round.score, practice.round.streak) == (2, 2)
    kept = list(read_drawings(tmp_path / "profiles" / "Ada" / "samples.jsonl"))
    assert [(each.label, each.writer) for each in kept] == [(d, "Ada") for d in second.answer]
    assert [stroke for each in kept for stroke in each.strokes] == list(ink)
    give(game, letter("s"))
    assert practice.is_best
    give(game, press(pygame.K_RETURN))
    assert practice.page == "round"
    assert practice.best is not None and practice.best.score == 2


def test_contested_ink_of_another_number_of_digits_is_kept_as_a_whole(
    game: Game, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    give(game, letter("g"), letter("t"), press(pygame.K_RETURN))
    practice = _practice(game)
    assert practice.round is not None
    answer = practice.round.task.answer
    write(game, f"{_wrong(answer)}7")
    give(game, press(pygame.K_RETURN), letter("m"))
    assert practice.round.score == 1
    folder = tmp_path / "profiles" / "Ada"
    (kept,) = read_drawings(folder / "contested.jsonl")
    assert (kept.label, kept.writer) == (answer, "Ada") and len(kept.strokes) > len(answer)
    assert not (folder / "samples.jsonl").exists()


def test_all_of_it_goes_with_one_finger(game: Game) -> None:
    tap_in_toolbar(game, "g")
    practice = _practice(game)
    for words in ("Sequences", "Harder", "Harder", "Easier", "10 tasks", "Start"):
        tap(game, words)
    rules = practice.rules
    assert (rules.kind, rules.level, rules.length, practice.page) == (
        "sequences",
        2,
        "tasks",
        "round",
    )
    assert practice.round is not None
    write(game, _wrong(practice.round.task.answer))
    strokes = len(practice.board.document.strokes)
    tap(game, "Undo")
    assert len(practice.board.document.strokes) == strokes - 1
    tap(game, "Clear")
    assert not practice.board.document.strokes
    write(game, _wrong(practice.round.task.answer))
    tap(game, "Done")
    tap(game, "I wrote it right")
    tap(game, "Next")
    tap(game, "Skip")
    assert (practice.round.score, practice.round.number) == (1, 3)
    tap(game, "Stop")
    tap(game, "Other tasks")
    assert practice.page == "start"
    tap(game, "Leave")
    assert game.active is game.controller


def test_writing_on_after_right_begins_the_next_answer_on_an_empty_page(
    game: Game, monkeypatch: pytest.MonkeyPatch
) -> None:
    give(game, letter("g"), letter("t"), press(pygame.K_RETURN))
    practice = _practice(game)
    now = [1e6]
    monkeypatch.setattr("game.app.time.monotonic", lambda: now[0])
    give(game, letter("n"))
    assert practice.round is not None
    task = practice.round.task
    write(game, task.answer)
    assert practice.round.phase == "right"
    now[0] += 0.7
    give(game, *stroke([(300, 300), (300, 400)]))
    assert practice.round.task != task
    assert [len(ink) for ink in practice.board.document.strokes] == [2]


def test_a_one_that_may_be_a_seven_is_asked_about_with_two_buttons(
    game: Game, monkeypatch: pytest.MonkeyPatch
) -> None:
    give(game, letter("g"), letter("t"), press(pygame.K_RETURN))
    practice = _practice(game)
    assert practice.round is not None
    for flag in range(10, 60):
        give(game, letter("c"), *stroke([(200 - flag, 212 + flag // 6), (200, 208), (180, 320)]))
        if [answer.caption() for answer in practice.board.reading.answers] == ["1 or 7?"]:
            break
    else:
        pytest.skip("this network is sure of every one of these")
    now = [1e6]
    monkeypatch.setattr("game.app.time.monotonic", lambda: now[0])
    give(game)
    now[0] += 2 * WAIT
    give(game)
    assert _said(practice) == "asked" and not practice.round.done
    tap(game, "7")
    assert _said(practice) == ("right" if practice.round.task.answer == "7" else "missed")


_keys = st.sampled_from(
    [letter(name) for name in "1234stncmesjkbxg"]
    + [press(key) for key in (pygame.K_LEFT, pygame.K_RIGHT, pygame.K_RETURN, pygame.K_TAB)]
    + [letter("z", pygame.KMOD_LCTRL), letter("c", pygame.KMOD_LCTRL), press(pygame.K_F1)]
    + [press(pygame.K_LEFTBRACKET, "["), press(pygame.K_RIGHTBRACKET, "]")]
)


class AnyPractice(AnyOrder):
    """Practice goes on, and ink stays in its round."""

    enters = "g"

    @rule(key=_keys)
    def key(self, key: Event) -> None:
        give(self.game, key)

    @rule()
    def answer_right(self) -> None:
        current = _practice(self.game).round
        give(self.game, Event(pygame.WINDOWFOCUSLOST))
        if _practice(self.game).page == "round" and current and current.phase == "writing":
            give(self.game, letter("c"))
            write(self.game, current.task.answer)

    @invariant()
    def practice_goes_on(self) -> None:
        self.come_back()
        practice = _practice(self.game)
        assert practice.page != "round" or practice.round is not None
        assert practice.page == "round" or not practice.board.document.strokes


TestAnyPractice = pytest.mark.slow(AnyPractice.TestCase)
TestAnyPractice.settings = SETTINGS
