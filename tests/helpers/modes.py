"""A mode in the page's place, for tests: its buttons under a finger, and events in any order."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pygame
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from pygame.event import Event

from game.app import Game
from game.batch.pilot import Pixel, down, letter, move, press, stroke, up
from game.modes.mode import Mode
from game.profiles.profile import Profile
from game.ui.widgets.buttons import Button
from game.window.window import Window
from tests.helpers.game import draw, finger, give, reader
from tests.helpers.samples import samples

SETTINGS = settings(
    max_examples=15,
    stateful_step_count=25,
    suppress_health_check=[HealthCheck.too_slow],
)
_coordinates = st.tuples(st.integers(-20, 980), st.integers(-20, 660))


def page_with_ink(folder: Path, name: str = "me") -> Game:
    """A game with ink on its page, for somebody of that name."""
    profile = Profile(folder / "profiles", name)
    game = Game(Window(1.0), reader(), folder / "drawings", profile=profile)
    give(game)
    draw(game, samples()[4])
    return game


def mode(game: Game) -> Mode:
    """The mode that goes on."""
    assert isinstance(game.active, Mode)
    return game.active


def button(game: Game, words: str) -> Pixel:
    """The middle of a mode's button by its words."""
    (place,) = (each.place for each in mode(game).screen.buttons if each.command.label == words)
    return (place.centerx, place.centery)


def touch(game: Game, at: Pixel) -> list[Event]:
    """A finger comes down on a pixel; SDL tells of it a second time, as of a mouse."""
    return [
        finger(pygame.FINGERDOWN, *_share(game, at)),
        Event(pygame.MOUSEBUTTONDOWN, pos=at, button=1, touch=True),
    ]


def slide(game: Game, to: Pixel) -> list[Event]:
    """The finger moves on."""
    return [finger(pygame.FINGERMOTION, *_share(game, to)), move(to, 1, touch=True)]


def lift(game: Game, at: Pixel) -> list[Event]:
    """The finger is lifted."""
    return [
        finger(pygame.FINGERUP, *_share(game, at)),
        Event(pygame.MOUSEBUTTONUP, pos=at, button=1, touch=True),
    ]


def tap(game: Game, words: str) -> None:
    """One finger presses a mode's button."""
    at = button(game, words)
    give(game, *touch(game, at), *lift(game, at))
    give(game)


def tap_in_toolbar(game: Game, key: str) -> None:
    """One finger presses the page's button with a key."""
    (place,) = (each.place for each in game.screen.toolbar.buttons if each.command.key == key)
    at = (place.centerx, place.centery)
    give(game, *touch(game, at), *lift(game, at))
    give(game)


def _share(game: Game, at: Pixel) -> tuple[float, float]:
    """The middle of a pixel as SDL has it for a finger: 0..1 of the window."""
    width, height = game.window.surface.get_size()
    return (at[0] + 0.5) / width, (at[1] + 0.5) / height


class AnyOrder(RuleBasedStateMachine):
    """Strokes, buttons and time in any order, in a mode; each mode adds its keys and invariants.

    enters: the key that begins the mode.
    """

    enters: str

    @initialize()
    def begin(self) -> None:
        self.kept = tempfile.TemporaryDirectory()
        self.folder = Path(self.kept.name)
        self.game = page_with_ink(self.folder)
        self.before = self.game.board.document.strokes
        self.patch = pytest.MonkeyPatch()
        self.now = 1e6
        self.patch.setattr("game.app.time.monotonic", lambda: self.now)
        give(self.game, letter(self.enters))

    @rule(path=st.lists(_coordinates, min_size=1, max_size=6), button=st.sampled_from([1, 1, 3]))
    def write(self, path: list[Pixel], button: int) -> None:
        give(self.game, *stroke(path, button))

    @rule(at=_coordinates)
    def lower_the_pen(self, at: Pixel) -> None:
        give(self.game, down(at))

    @rule(index=st.integers(0, 20))
    def press_a_button(self, index: int) -> None:
        give(self.game, *stroke([self._button(index).place.center]))

    @rule(index=st.integers(0, 20), to=_coordinates, by_finger=st.booleans())
    def slide_off_a_button(self, index: int, to: Pixel, by_finger: bool) -> None:
        chosen = self._button(index)
        give(self.game)
        before, at = self._seen(), chosen.place.center
        # In tiny windows another button lies over it, or it lies outside of them.
        inside = self.game.window.surface.get_rect().collidepoint(at)
        there = mode(self.game).command_at(at) if inside else None
        give(self.game, *(touch(self.game, at) if by_finger else [down(at)]))
        if there is not None and there.name == chosen.command.name:
            assert mode(self.game).pressed == chosen.command.name
        give(self.game, *(slide(self.game, to) if by_finger else [move(to, 1)]))
        on_button = mode(self.game).command_at(to)
        if on_button is not None and on_button.name == chosen.command.name:
            give(self.game, Event(pygame.WINDOWFOCUSLOST))
        give(self.game, *(lift(self.game, to) if by_finger else [up(to)]))
        assert self._seen() == before and mode(self.game).pressed is None

    @rule(seconds=st.floats(0, 8))
    def wait(self, seconds: float) -> None:
        self.now += seconds
        give(self.game)

    @rule(width=st.integers(1, 1500), height=st.integers(1, 1000))
    def resize(self, width: int, height: int) -> None:
        pygame.display.set_mode((width, height), pygame.RESIZABLE)
        give(self.game)

    def come_back(self) -> None:
        """Begins anew where the pen met the button that leaves; the page has waited untouched."""
        assert self.game.running and self.game.board.document.strokes == self.before
        if self.game.active is self.game.controller:
            give(self.game, Event(pygame.WINDOWFOCUSLOST), letter(self.enters))
        assert mode(self.game).screen.buttons

    def _button(self, index: int) -> Button:
        """Any of the mode's buttons, after whatever was held is let go."""
        give(self.game, Event(pygame.WINDOWFOCUSLOST))
        buttons = mode(self.game).screen.buttons
        return buttons[index % len(buttons)]

    def _seen(self) -> tuple[object, ...]:
        """What a press would change: the mode, its commands, and its ink."""
        present = mode(self.game)
        commands = [each.command for each in present.screen.buttons]
        return (
            id(present),
            commands,
            present.board.document.strokes,
            present.board.document.live,
            present.board.document.pen,
        )

    def teardown(self) -> None:
        if hasattr(self, "game"):
            give(self.game, press(pygame.K_ESCAPE))
            assert (
                self.game.active is self.game.controller
                and self.game.board.document.strokes == self.before
            )
            self.game.close()
            self.patch.undo()
            self.kept.cleanup()
