"""A phone as the pen of the running window: scanned, written with, undone, and ended."""

from __future__ import annotations

import contextlib
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pygame
import pytest

from game.app import Game
from game.batch.pilot import down, letter, move, up
from game.window.events import take
from models.ink.strokes import Stroke
from tests.helpers.game import LINE, give, meanwhile, new_game
from tests.helpers.samples import number
from tests.helpers.serve import Client

pytest.importorskip("uvicorn", reason="needs game/requirements-serve.txt")
Join = Callable[..., Client]


@pytest.fixture
def game(tmp_path: Path) -> Iterator[Game]:
    running = new_game(tmp_path)
    yield running
    running.close()


@pytest.fixture
def join(game: Game) -> Iterator[Join]:
    """A phone that has scanned the code."""
    with contextlib.ExitStack() as stack:

        def new(session: str = "") -> Client:
            if game.phone is None:
                give(game, letter("n"))
            assert game.phone is not None
            address = game.phone.address
            phone = meanwhile(game, lambda: Client(address, session))
            stack.callback(phone.leave)
            return phone

        yield new


def until(game: Game, condition: Callable[[], bool]) -> None:
    """Frames go on until that is so."""
    for _ in range(1_000):
        if condition():
            return
        game.frame(take(0.01))
    raise AssertionError("it never was so")


def done(game: Game, phone: Client) -> None:
    """The window has done what the phone said, and the phone knows."""

    def caught_up() -> None:
        while phone.state["seen"] < phone.number:
            phone.wait()

    meanwhile(game, caught_up)
    give(game)


def ink(digits: str) -> list[Stroke]:
    return [stroke for digit in number(digits) for stroke in digit]


def toast(game: Game) -> str:
    return game.board.toast.text if game.board.toast else ""


@pytest.mark.parametrize("size", [(960, 640), (480, 360), (1920, 1080)])
def test_the_code_on_the_screen_is_the_address(game: Game, size: tuple[int, int]) -> None:
    pygame.display.set_mode(size, pygame.RESIZABLE)
    give(game, letter("n"))
    assert game.controller.phone_card.shown and game.phone is not None
    picture = pygame.surfarray.array3d(game.window.surface).swapaxes(0, 1)
    # OpenCV's detector misses some codes at some sizes; a phone comes nearer.
    sizes = (
        cv2.resize(np.ascontiguousarray(picture), None, fx=scale, fy=scale)
        for scale in (0.5, 0.75, 1, 1.5, 2)
    )
    found = (cv2.QRCodeDetector().detectAndDecode(each)[0] for each in sizes)
    assert next(filter(None, found), "") == game.phone.address
    give(game, letter("n"))
    assert not game.controller.phone_card.shown


def test_nothing_listens_until_it_is_asked_for(game: Game) -> None:
    assert address_of(game) == ""
    give(game, letter("n"), letter("n"))
    address = address_of(game)  # the card is closed, a phone may still come
    assert answers(address)
    give(game, letter("n"))
    give(game, *press_button(game, "end phone"))
    assert address_of(game) == "" and not game.controller.phone_card.shown
    until(game, lambda: not answers(address))


def address_of(game: Game) -> str:
    return game.phone.address if game.phone is not None else ""


def press_button(game: Game, name: str) -> list[pygame.event.Event]:
    at = game.controller.place_of(name)
    return [down(at), up(at)]


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5):
            return True
    except (urllib.error.URLError, ConnectionError):
        return False


def test_what_the_phone_writes_is_read_on_the_window(game: Game, join: Join) -> None:
    phone = join()
    assert not game.controller.phone_card.shown and "writes now" in toast(game)
    assert phone.state["sheet"] and phone.state["page"] == list(game.board.document.size)
    phone.write(ink("42"))
    done(game, phone)
    assert game.board.reading.text == "42"
    assert meanwhile(game, lambda: phone.text) == "42"
    written = [stroke.points[-1].tolist() for stroke in game.board.document.strokes]
    assert written == [stroke.points[-1].tolist() for stroke in ink("42")]


def test_ink_is_there_while_it_is_written(game: Game, join: Join) -> None:
    phone = join()
    phone.change(do="ink", first=True, last=False, points=[[100, 100, 1], [100, 200, 2]])
    done(game, phone)
    assert game.board.document.live is not None and len(game.board.document.live) == 2
    phone.change(do="ink", first=False, last=True, points=[[100, 300, 3]])
    done(game, phone)
    assert game.board.reading.text == "1"


def test_both_sides_undo_and_clear(game: Game, join: Join) -> None:
    phone = join()
    give(game, down(LINE[0]), *(move(at, 1) for at in LINE[1:]), up(LINE[-1]))
    phone.write(ink("7"))
    done(game, phone)
    assert len(game.board.document.strokes) == 1 + len(ink("7"))
    (by_mouse,) = [number for number in phone.state["strokes"] if number < 0]
    assert by_mouse in {number for number, _ in phone.state["ink"]}
    give(game, letter("c"))
    assert meanwhile(game, lambda: wait_for(phone, "strokes", [])) == []
    phone.change(do="undo")
    done(game, phone)
    assert len(game.board.document.strokes) == 1 + len(ink("7"))
    phone.change(do="clear")
    done(game, phone)
    assert game.board.document.strokes == ()
    give(game, letter("z", pygame.KMOD_LCTRL))
    assert len(game.board.document.strokes) == 1 + len(ink("7"))


def wait_for(phone: Client, part: str, value: object) -> Any:
    while phone.state[part] != value:
        phone.wait()
    return phone.state[part]


def test_the_mouse_waits_while_the_phone_writes_and_not_longer(game: Game, join: Join) -> None:
    phone = join()
    give(game, down(LINE[0]), move(LINE[1], 1))
    phone.change(do="ink", first=True, last=False, points=[[400, 100, 1], [400, 200, 2]])
    done(game, phone)
    give(game, move(LINE[2], 1), up(LINE[2]), down(LINE[0]), move(LINE[1], 1), up(LINE[1]))
    assert len(game.board.document.strokes) == 1 and game.board.document.live is not None
    assert game.board.document.live.points[:, 0].tolist() == [400, 400]
    phone.leave()
    until(game, lambda: game.board.document.live is None)
    assert "not connected any more" in toast(game)
    give(game, down(LINE[0]), move(LINE[1], 1), up(LINE[1]))
    assert len(game.board.document.strokes) == 3


def test_one_phone_at_a_time_and_the_same_one_again(game: Game, join: Join) -> None:
    one = join()
    one.write(ink("4"))
    done(game, one)
    other = join()
    assert meanwhile(game, one.end) == (4001, "Another phone has the pen now.")
    assert len(other.state["ink"]) == len(ink("4")) and other.number == 0
    other.write(ink("4"))
    done(game, other)
    session, last = other.state["session"], other.number
    other.leave()
    again = join(session)
    assert again.number == last and again.state["session"] == session


def test_the_phone_is_told_of_the_end(game: Game, join: Join) -> None:
    phone = join()
    game.end_phone()
    assert meanwhile(game, phone.end)[0] == 4001
    assert "No phone" in toast(game)


def test_the_page_waits_while_a_mode_is_shown(game: Game, join: Join) -> None:
    phone = join()
    give(game, letter("g"))
    phone.write(ink("42"))
    done(game, phone)
    assert game.board.document.strokes == () and "waits" in toast(game)
    give(game, pygame.event.Event(pygame.KEYDOWN, key=pygame.K_ESCAPE, unicode="\x1b", mod=0))
    phone.write(ink("42"))
    done(game, phone)
    assert game.board.reading.text == "42"


def test_rubbish_from_a_phone_ends_it_and_not_the_window(game: Game, join: Join) -> None:
    for rubbish in ("rubbish", '{"do": "undo", "n": 9}', '{"do": "save", "as": "png"}'):
        phone = join()
        phone.socket.send(rubbish)
        if "save" in rubbish:
            phone.write(ink("1"))
            done(game, phone)
            continue
        code, reason = meanwhile(game, phone.end)
        assert code in (1008, 4001) and len(reason.splitlines()) == 1
    assert game.board.reading.text == "1"
