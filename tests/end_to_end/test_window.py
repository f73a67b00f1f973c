"""A person at a desk: the real window under Xvfb, its mouse and keys moved by xdotool."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import pytest

from game.batch.pilot import letter
from game.batch.read import PAGE
from game.document.open import fit
from models.ink.jsonl import read_drawings
from models.ink.strokes import Drawing
from tests.helpers.game import give, new_game
from tests.helpers.samples import placed, samples

ROOT = Path(__file__).parents[2]
PATIENCE = 20.0  # seconds, on a machine with much else to do

pytestmark = pytest.mark.skipif(
    not (shutil.which("Xvfb") and shutil.which("xdotool")), reason="needs Xvfb and xdotool"
)


class Desk:
    """An X server of its own, and hands on its mouse and keys."""

    def __init__(self, folder: Path, program: Sequence[str | Path] = ()) -> None:
        """program: what opens the window, started in `folder`; none for this checkout's."""
        read, write = os.pipe()
        self._server = subprocess.Popen(
            [
                "Xvfb",
                "-displayfd",
                str(write),
                "-screen",
                "0",
                "1280x800x24",
                "-nolisten",
                "tcp",
                "-noreset",
            ],
            pass_fds=[write],
            stderr=subprocess.DEVNULL,
        )
        os.close(write)
        with os.fdopen(read) as pipe:
            number = pipe.readline().strip()
        assert number, "Xvfb did not start"
        self.folder = folder
        here = (sys.executable, "-m", "game", "--drawings", folder / "drawings")
        self._program: Sequence[str | Path] = program or here
        self._start_in = folder if program else ROOT
        self._environment = {
            name: value for name, value in os.environ.items() if not name.startswith("SDL_")
        } | {"DISPLAY": f":{number}", "INKLING_DATA_DIR": str(folder / "data")}
        self._environment.pop("WAYLAND_DISPLAY", None)
        self.canvas: subprocess.Popen[bytes] | None = None
        until(lambda: self.do("getdisplaygeometry") != "", "the X server")

    def open(self) -> None:
        self.canvas = subprocess.Popen(self._program, cwd=self._start_in, env=self._environment)
        until(lambda: self.window() != "", "the window")
        self.shown_at = time.monotonic()
        until(lambda: self.title() != "", "its title")
        self.do("windowmove", "--sync", self.window(), "100", "60")
        self.do("windowfocus", self.window())

    def do(self, *words: str) -> str:
        done = subprocess.run(
            ["xdotool", *words], env=self._environment, capture_output=True, text=True, timeout=30
        )
        return done.stdout.strip()

    def window(self) -> str:
        return self.do("search", "--onlyvisible", "--class", "inkling").rpartition("\n")[2]

    def title(self) -> str:
        return self.do("getwindowname", self.window())

    def is_sized(self, size: str) -> bool:
        return size in self.do("getwindowgeometry", self.window())

    def draw(self, drawing: Drawing) -> None:
        """With the mouse, stroke after stroke, where the file has it."""
        for stroke in fit(drawing, PAGE):
            places = [(str(100 + round(x)), str(60 + round(y))) for x, y in stroke.points[::3]]
            self.do("mousemove", *places[0], "mousedown", "1")
            self.do(*(word for place in places[1:] for word in ("mousemove", *place)))
            self.do("mouseup", "1")

    def press(self, place: tuple[int, int]) -> None:
        """The mouse's left button, at a pixel of the window."""
        x, y = place
        self.do("mousemove", str(100 + x), str(60 + y), "click", "1")

    def key(self, name: str) -> None:
        self.do("key", name)

    def ended(self) -> int:
        assert self.canvas is not None
        return self.canvas.wait(PATIENCE)

    def close(self) -> None:
        for process in (self.canvas, self._server):
            if process is not None and process.poll() is None:
                process.kill()
                process.wait()


def until(true: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, f"waited in vain for {what}"
        time.sleep(0.05)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    desk.close()


def test_whoever_was_chosen_is_writing_at_the_next_start(desk: Desk) -> None:
    desk.open()
    desk.draw(samples()[16])
    until(lambda: desk.title() == "8 - Inkling", "the answer in the title")
    desk.key("w")
    desk.do("type", "--delay", "50", "Zoé")
    desk.key("Return")
    until(lambda: desk.title() == "8 - Zoé - Inkling", "the name in the title")
    desk.key("ctrl+q")
    assert desk.ended() == 0
    desk.open()
    until(lambda: desk.title() == "8 - Zoé - Inkling", "the ink and the name of last time")


def test_all_of_it_goes_with_the_mouse_alone(desk: Desk) -> None:
    desk.open()
    desk.draw(next(drawing for drawing in samples() if drawing.id == "eight-one-stroke"))
    until(lambda: desk.title() == "8 - Inkling", "the answer in the title")
    game = new_game(desk.folder)  # the same window without a screen, to know what stands where
    toolbar = {each.command.name: each.place.center for each in game.screen.toolbar.buttons}
    give(game, letter("h"))
    rows = {each.command.name: each.place.center for each in game.controller.help.buttons}
    game.close()
    desk.press(toolbar["clear"])
    until(lambda: desk.title() == "Inkling", "an empty canvas")
    desk.press(toolbar["undo"])
    until(lambda: desk.title() == "8 - Inkling", "the ink after undo")
    desk.press(toolbar["help"])
    time.sleep(0.5)  # nothing outside the window tells that the help is there
    desk.press(rows["clear"])
    until(lambda: desk.title() == "Inkling", "an empty canvas, by the help")
    assert desk.canvas is not None and desk.canvas.poll() is None


def test_draw_see_the_answer_save_quit_and_find_the_ink_again(desk: Desk) -> None:
    desk.open()
    assert desk.title() == "Inkling"
    eight = next(drawing for drawing in samples() if drawing.id == "eight-one-stroke")
    desk.draw(eight)
    until(lambda: desk.title() == "8 - Inkling", "the answer in the title")

    desk.key("s")
    saved = desk.folder / "drawings"
    until(lambda: len(list(saved.glob("2*.png"))) == 1, "the picture")
    (inkml,) = saved.glob("*.inkml")
    (kept,) = read_drawings(inkml)
    assert len(kept.strokes) == len(eight.strokes)

    desk.key("ctrl+q")
    assert desk.ended() == 0

    desk.open()
    until(lambda: desk.title() == "8 - Inkling", "the ink of last time")
    desk.key("c")
    until(lambda: desk.title() == "Inkling", "an empty canvas")
    desk.key("ctrl+z")
    until(lambda: desk.title() == "8 - Inkling", "the ink after undo")
    desk.key("ctrl+q")
    assert desk.ended() == 0


def test_ink_outlives_a_window_that_is_killed(desk: Desk) -> None:
    desk.open()
    seven = next(drawing for drawing in samples() if drawing.id == "seven-crossed")
    desk.draw(seven)
    until(lambda: desk.title() == "7 - Inkling", "the answer in the title")
    assert desk.canvas is not None
    desk.canvas.kill()
    desk.ended()
    desk.open()
    until(lambda: desk.title() == "7 - Inkling", "the ink of the window that was killed")


def test_a_number_is_read_joined_and_undone_and_escape_does_not_quit(desk: Desk) -> None:
    desk.open()
    by_name = {drawing.id: drawing for drawing in samples()}
    for name, left in (("seven-crossed", 60.0), ("three-round", 300.0), ("one-plain", 540.0)):
        strokes = tuple(placed(by_name[name], 160, (left, 200)))
        desk.draw(Drawing(strokes, width=PAGE[0], height=PAGE[1]))
    until(lambda: desk.title() == "731 - Inkling", "the number in the title")
    desk.key("j")
    until(lambda: desk.title() != "731 - Inkling", "the last two as one")
    desk.key("ctrl+z")
    until(lambda: desk.title() == "731 - Inkling", "the number after undo")
    desk.key("Left")
    for _ in range(3):  # drops the selection, and does no more
        desk.key("Escape")
    time.sleep(0.5)
    assert desk.canvas is not None and desk.canvas.poll() is None
    desk.key("ctrl+q")
    assert desk.ended() == 0


def test_full_screen_and_back_keeps_ink_and_answer(desk: Desk) -> None:
    desk.open()
    three = next(drawing for drawing in samples() if drawing.id == "three-round")
    desk.draw(three)
    until(lambda: desk.title() == "3 - Inkling", "the answer in the title")
    for size in ("1280x800", "960x640"):
        time.sleep(0.5)  # an X server without a window manager gives the focus late
        desk.do("windowfocus", desk.window())
        desk.key("F11")
        until(partial(desk.is_sized, size), f"a window of {size}")
        until(lambda: desk.title() == "3 - Inkling", "the answer in the title")
    time.sleep(0.5)
    desk.do("windowfocus", desk.window())
    desk.key("ctrl+q")
    assert desk.ended() == 0
