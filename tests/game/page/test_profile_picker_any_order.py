"""People take turns in any order: nobody's samples change while somebody else writes."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pygame
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from pygame.event import Event

from game.batch.pilot import Pixel, letter, press, stroke
from game.profiles.profile import Profile
from tests.helpers.game import draw, give, key_of
from tests.helpers.profiles import (
    BACKSPACE,
    DOWN,
    ENTER,
    ESCAPE,
    UP,
    choose,
    make_profiles,
    open_game,
    picker_is_open,
    pressable,
    profile_in_use,
    resize,
    tap,
    typed,
)
from tests.helpers.samples import samples

coordinates = st.tuples(st.integers(-40, 1000), st.integers(-40, 700))
_KEYS = [*typed("aben2! "), ENTER, ENTER, BACKSPACE, UP, DOWN, ESCAPE, press(pygame.K_F11)]
_PAGE = [*typed("t77ckj"), *(key_of(f"command+{key}") for key in "zzzyy")]


class TakingTurns(RuleBasedStateMachine):
    """Whatever is done, nobody's samples change while somebody else is writing."""

    @initialize()
    def open(self) -> None:
        self.kept = tempfile.TemporaryDirectory()
        self.people = Path(self.kept.name) / "profiles"
        make_profiles(self.people, "anna", "ben")
        self.game = open_game(self.people.parent, self.people, "anna")
        self.before = self._files()

    def _files(self) -> dict[str, list[tuple[str, str | None]]]:
        names = [each.name for each in self.people.iterdir()]
        read = {name: Profile(self.people, name).samples.read() for name in names}
        assert all(told is None for _, told in read.values())
        return {name: [(each.id, each.label) for each in kept] for name, (kept, _) in read.items()}

    @rule(event=st.sampled_from(_KEYS))
    def on_the_card(self, event: Event) -> None:
        if not picker_is_open(self.game):
            give(self.game, letter("w"))
        ink = self.game.board.document.strokes
        give(self.game, event)
        assert self.game.board.document.strokes == ink

    @rule(name=st.sampled_from(["anna", "ben", "me", "zoë"]))
    def choose(self, name: str) -> None:
        give(self.game, ESCAPE if picker_is_open(self.game) else letter("x"))
        choose(self.game, name)

    @rule(index=st.integers(0, 20), taps=st.booleans())
    def press_a_row(self, index: int, taps: bool) -> None:
        if not picker_is_open(self.game):
            give(self.game, letter("w"))
        able = pressable(self.game)
        ink = self.game.board.document.strokes
        if able:
            tap(self.game, able[index % len(able)], taps)
        assert self.game.board.document.strokes == ink

    @rule(event=st.sampled_from(_PAGE))
    def on_the_page(self, event: Event) -> None:
        if not picker_is_open(self.game):
            give(self.game, event)

    @rule(number=st.integers(0, 3))
    def write(self, number: int) -> None:
        if not picker_is_open(self.game) and not self.game.controller.label_picker.shown:
            draw(self.game, samples()[3], (60 + 160 * number, 60))

    @rule(at=coordinates, to=coordinates)
    def stroke(self, at: Pixel, to: Pixel) -> None:
        screen, ink = self.game.screen, self.game.board.document.strokes
        was_shown = self.game.controller.profile_card.shown
        canvas = screen.layout.canvas
        if canvas.collidepoint(at):  # elsewhere there are buttons of all kinds
            give(self.game, *stroke([at, to]))
            assert not was_shown or self.game.board.document.strokes == ink

    @rule(width=st.integers(1, 1500), height=st.integers(1, 1000))
    def resize(self, width: int, height: int) -> None:
        resize(self.game, (width, height))

    @invariant()
    def only_the_present_persons_samples_change(self) -> None:
        if not hasattr(self, "game"):
            return
        now, name = self._files(), profile_in_use(self.game)
        kept = [(each.id, each.label) for each in self.game.board.corrections.samples]
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
