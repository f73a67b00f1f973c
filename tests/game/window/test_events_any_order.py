"""Events in any order through the real event loop: the promises hold after each."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pygame
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from pygame.event import Event

from game.app import Game
from game.batch.pilot import Pixel, down, letter, move, press, stroke, up
from models.ink.strokes import Stroke
from tests.helpers.game import both_networks, finger, give, new_game
from tests.helpers.samples import SAMPLES, samples

coordinates = st.tuples(st.integers(-60, 1000), st.integers(-60, 700))
paths = st.lists(coordinates, min_size=1, max_size=12)
buttons = st.sampled_from([1, 1, 1, 2, 3])
_COMMAND = pygame.KMOD_LCTRL
keys = st.sampled_from(
    [letter(name) for name in "csebphjjk"]
    + [press(key) for key in (pygame.K_LEFT, pygame.K_RIGHT, pygame.K_TAB)]
    + [letter(name, _COMMAND) for name in "zzzyyc"]
    + [letter("z", _COMMAND | pygame.KMOD_LSHIFT), press(pygame.K_DELETE), press(pygame.K_F1)]
    + [press(pygame.K_LEFTBRACKET, "["), press(pygame.K_RIGHTBRACKET, "]"), letter("x")]
)


# Buttons that leave the page or ask the desktop, and those that change its ink.
_LEAVING = {"quit", "open", "practise", "collect", "full screen", "profile"}
_CHANGING = {"clear", "undo", "redo"}


class AnyHands(RuleBasedStateMachine):
    """Strokes, keys, windows and files in any order; the promises hold after each."""

    @initialize()
    def open(self) -> None:
        self.kept = tempfile.TemporaryDirectory()
        self.folder = Path(self.kept.name)
        self.bad = self.folder / "bad.inkml"
        self.bad.write_text("<ink>")
        self.game = self._new_game()

    def _new_game(self) -> Game:
        return new_game(
            self.folder, keep_ink=True, networks=both_networks(self.folder / "networks")
        )

    @rule(path=paths, button=buttons)
    def stroke(self, path: list[Pixel], button: int) -> None:
        give(self.game, *stroke(path, button))

    @rule(at=coordinates, button=buttons)
    def press_button(self, at: Pixel, button: int) -> None:
        give(self.game, down(at, button))

    @rule(path=paths, held=st.sets(st.integers(1, 3)))
    def move(self, path: list[Pixel], held: set[int]) -> None:
        give(self.game, *(move(at, *held) for at in path))

    @rule(at=coordinates, button=buttons)
    def lift_button(self, at: Pixel, button: int) -> None:
        give(self.game, up(at, button))

    @rule(
        kind=st.sampled_from([pygame.FINGERDOWN, pygame.FINGERMOTION, pygame.FINGERUP]),
        x=st.floats(0, 1),
        y=st.floats(0, 1),
        number=st.integers(0, 1),
    )
    def touch(self, kind: int, x: float, y: float, number: int) -> None:
        give(self.game, finger(kind, x, y, number))

    @rule(index=st.integers(0, 40), taps=st.booleans(), slides=st.booleans())
    def press_a_button(self, index: int, taps: bool, slides: bool) -> None:
        """Of the toolbar, or of the help: no ink comes of it, and nothing where the hand slides."""
        self._lift()
        board, screen, help = self.game.board, self.game.screen, self.game.controller.help
        shown = help.buttons if help.shown else screen.toolbar.buttons
        buttons = [each for each in shown if each.command.name not in _LEAVING]
        if not buttons:
            return
        pressed = buttons[index % len(buttons)]
        x, y = pressed.place.center
        before, seen = board.document.strokes, self._chosen()
        width, height = screen.layout.window.size
        end = (x, -5) if slides else (x, y)
        if taps:
            places = [(pygame.FINGERDOWN, x, y), (pygame.FINGERUP, *end)]
            give(self.game, *(finger(kind, x / width, y / height) for kind, x, y in places))
        else:
            give(self.game, down((x, y)), up(end))
        assert self.game.controller.pressed is None and board.document.live is None
        if slides:
            assert self._chosen() == seen
        if slides or pressed.command.name not in _CHANGING:
            assert board.document.strokes == before

    @rule(key=keys)
    def key(self, key: Event) -> None:
        give(self.game, key)

    @rule(index=st.integers(0, 20), rests=st.booleans(), shift=st.booleans())
    def click_on_an_answer(self, index: int, rests: bool, shift: bool) -> None:
        self._lift()
        board, placed = self.game.board, self.game.screen.placed
        if not placed or self.game.controller.help.shown:  # its rows lie over the answers
            return
        at = placed[index % len(placed)].plate.center
        before = board.document.strokes
        self.game.controller.rest = 0.0 if rests else 60.0
        pygame.key.set_mods(pygame.KMOD_LSHIFT if shift else 0)
        give(self.game, down(at), up(at))
        pygame.key.set_mods(0)
        if rests and not board.erasing:
            assert board.document.strokes == before

    @rule()
    def drop_the_selection(self) -> None:
        board = self.game.board
        controller = self.game.controller
        if board.selected is not None and not controller.help.shown:
            for card in (controller.phone_card, controller.label_picker):
                if card.shown:
                    give(self.game, press(pygame.K_ESCAPE))  # only closes the card
                    assert board.selected is not None and not card.shown
            give(self.game, press(pygame.K_ESCAPE))
            assert self.game.board.selected is None

    @rule(width=st.integers(1, 1500), height=st.integers(1, 1000))
    def resize(self, width: int, height: int) -> None:
        self._lift()
        before = self.game.board.document.strokes
        pygame.display.set_mode((width, height), pygame.RESIZABLE)
        give(self.game)
        assert self.game.board.document.strokes == before

    @rule()
    def lose_focus(self) -> None:
        give(self.game, Event(pygame.WINDOWFOCUSLOST))
        assert self.game.board.document.live is None

    @rule()
    def drop_a_drawing(self) -> None:
        give(self.game, Event(pygame.DROPFILE, file=str(SAMPLES)))
        assert len(self.game.board.document.strokes) == len(samples()[0].strokes)

    @rule()
    def drop_no_drawing(self) -> None:
        self._lift()
        before = self.game.board.document.strokes
        give(self.game, Event(pygame.DROPFILE, file=str(self.bad)))
        assert self.game.board.document.strokes == before

    @rule()
    def undo_everything_and_redo_it(self) -> None:
        self._lift()
        before = self.game.board.document.strokes
        steps = 0
        while True:
            revision = self.game.board.document.ink_revision
            give(self.game, letter("z", _COMMAND))
            if self.game.board.document.ink_revision == revision:
                break
            steps += 1
        assert self.game.board.document.strokes == ()
        for _ in range(steps):
            give(self.game, letter("y", _COMMAND))
        assert self.game.board.document.strokes == before

    @precondition(lambda self: self.game.board.document.strokes)
    @rule()
    def save_and_open(self) -> None:
        self._lift()
        before = self.game.board.document.strokes
        known = set((self.folder / "drawings").glob("*.inkml"))
        give(self.game, letter("s"))
        (saved,) = set((self.folder / "drawings").glob("*.inkml")) - known
        give(self.game, Event(pygame.DROPFILE, file=str(saved)))
        assert _same(self.game.board.document.strokes, before)

    @rule()
    def close_and_start_again(self) -> None:
        self._lift()
        before, pen = self.game.board.document.strokes, self.game.board.document.pen
        self.game.close()
        self.game = self._new_game()
        assert self.game.board.document.strokes == before
        assert self.game.board.document.pen == pen or not before

    @invariant()
    def all_ink_is_in_sight_and_read(self) -> None:
        if not hasattr(self, "game"):
            return
        board, screen = self.game.board, self.game.screen
        ink = [*board.document.strokes, *([board.document.live] if board.document.live else [])]
        assert bool(ink) == bool(board.reading.answers)
        assert board.selected is None or board.selected < len(board.reading.answers)
        assert len(screen.placed) == (len(board.reading.answers) if board.show_boxes else 0)
        assert all(screen.layout.canvas.contains(each.frame) for each in screen.placed)
        assert self.game.running
        if board.document.live is None:
            in_sight = screen.layout.canvas.inflate(4, 4)
            for one in ink:
                for x, y in one.points:
                    assert in_sight.collidepoint(screen.viewport.to_window(x, y))

    def teardown(self) -> None:
        if hasattr(self, "game"):
            self.game.close()
            self.kept.cleanup()

    def _chosen(self) -> tuple[object, ...]:
        """All that a button may change, but for what is said and goes away by itself."""
        board, inspector = self.game.board, self.game.inspector
        shown = (
            board.show_boxes,
            board.show_panel,
            self.game.controller.help.shown,
            inspector.shown,
            inspector.place,
        )
        return (
            *shown,
            board.document.strokes,
            board.selected,
            board.erasing,
            self.game.controller.label_picker.shown,
            board.document.pen,
            board.mode,
        )

    def _lift(self) -> None:
        give(self.game, Event(pygame.WINDOWFOCUSLOST))


def _same(strokes: tuple[Stroke, ...], others: tuple[Stroke, ...]) -> bool:
    return len(strokes) == len(others) and all(
        np.array_equal(one.points, other.points) for one, other in zip(strokes, others, strict=True)
    )


TestAnyHands = pytest.mark.slow(AnyHands.TestCase)
TestAnyHands.settings = settings(
    max_examples=30,
    stateful_step_count=25,
    suppress_health_check=[HealthCheck.too_slow],
)
