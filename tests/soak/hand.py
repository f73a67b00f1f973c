"""All that the random player does, as pygame events.

Every draw comes from one generator, and none of them depends on the game or on time: the same seed
does the same things in the same order. Only where a button stands is asked of the game.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pygame
from numpy.random import Generator
from pygame.event import Event

from game.app import Game
from game.batch.pilot import Pixel, down, move, press, stroke, up
from models.ink.strokes import Drawing
from tests.helpers.game import finger, key_of
from tests.soak import ink
from tests.soak.choices import EDITING, MODS, NAMES, RARE, SIZES, TEXTS, WINDOW_EVENTS

Frames = Iterator[list[Event]]  # the events of one frame after the other


class Hand:
    """What the player does next, in the game that is open.

    strokes: how many were written so far.
    """

    def __init__(self, rng: Generator, drawings: Sequence[Drawing], files: Sequence[Path]) -> None:
        self.game: Game
        self.strokes = 0
        self._rng = rng
        self._drawings = drawings
        self._files = files
        weights: dict[Callable[[], Frames], float] = {
            self._write: 40,
            self._scribble: 5,
            self._erase: 3,
            self._press_command: 11,
            partial(self._press, EDITING): 3,
            self._typing: 4,
            self._press_button: 8,
            self._select: 6,
            self._correct: 2,
            self._click: 3,
            self._odd_mouse: 3,
            self._odd_touch: 3,
            self._window: 3,
            self._resize: 1,
            self._drop: 1,
            self._choose_profile: 0.5,
            self._undo_and_redo: 1,
            partial(self._press, ["c", "delete"]): 0.1,
            partial(self._press, ["g", "l"]): 0.7,
            self._escape: 6,
            self._quit: 0.3,
        }
        self._actions = list(weights)
        self._shares = np.array(list(weights.values())) / sum(weights.values())

    def act(self) -> Frames:
        """The next thing that the player does."""
        return self._actions[self._rng.choice(len(self._actions), p=self._shares)]()

    # Ink

    def _write(self) -> Frames:
        drawing = self._one_of(self._drawings)
        return self._drawn(ink.real(self._rng, drawing, self._size))

    def _scribble(self) -> Frames:
        kind = self._rng.random()
        if kind < 0.4:
            return self._drawn(ink.scribble(self._rng, self._size, self._number(10, 60)))
        if kind < 0.7:
            return self._drawn(ink.hatching(self._rng, self._size))
        if kind < 0.97:
            return self._drawn(ink.dots(self._rng, self._size))
        return self._drawn(ink.scribble(self._rng, self._size, self._number(500, 1_500)))

    def _drawn(self, strokes: ink.Strokes) -> Frames:
        """With the mouse, or now and then with a finger; a few events in each frame."""
        touches, of_a_frame = self._rng.random() < 0.15, self._number(2, 20)
        for path in strokes:
            events = self._touched(path) if touches else stroke(path)
            self.strokes += 1
            for start in range(0, len(events), of_a_frame):
                yield events[start : start + of_a_frame]

    def _touched(self, path: Sequence[Pixel]) -> list[Event]:
        width, height = self._size
        kinds = [pygame.FINGERDOWN, *[pygame.FINGERMOTION] * (len(path) - 1), pygame.FINGERUP]
        pairs = zip(kinds, [*path, path[-1]], strict=True)
        return [finger(kind, x / width, y / height) for kind, (x, y) in pairs]

    def _erase(self) -> Frames:
        """With the right button, or the left one while the eraser is on."""
        switches = self._rng.random() < 0.2
        (path,) = ink.scribble(self._rng, self._size, self._number(1, 6))
        if switches:
            yield [key_of("e")]
        yield stroke(path, button=1 if switches else 3)
        if switches:
            yield [key_of("e")]

    def _undo_and_redo(self) -> Frames:
        """So many steps back and forth again: the ink is what it was."""
        times = self._number(1, 40)
        yield [Event(pygame.WINDOWFOCUSLOST)]
        if self.game.active is not self.game.controller:
            return
        board, steps = self.game.board, 0
        before = board.document.strokes
        for _ in range(times):
            revision = board.document.ink_revision
            yield [key_of("command+z")]
            steps += board.document.ink_revision != revision
        for _ in range(steps):
            yield [key_of("command+y")]
        assert board.document.strokes == before, f"after {steps} steps of undo and redo other ink"

    # Keys

    def _press(self, keys: Sequence[str]) -> Frames:
        yield [key_of(self._one_of(keys))]

    def _press_command(self) -> Frames:
        commands = self.game.controller.commands()
        yield [
            key_of(
                self._one_of(
                    [key for each in commands if each.name not in RARE for key in each.keys]
                )
            )
        ]

    def _typing(self) -> Frames:
        """Any key, with any other held down, pressed, let go, or both; and text without a key."""
        text = self._one_of(TEXTS) if self._rng.random() < 0.5 else chr(self._number(32, 0x2FF))
        mod = self._one_of(MODS)
        code = self._one_of([0, self._number(0, 127), self._number(128, 0x500), 1 << 30 | 58])
        released = Event(pygame.KEYUP, key=code, mod=mod, scancode=0)
        pressed = press(code, text, mod, self._number(0, 100))
        every = [pressed, released, Event(pygame.TEXTINPUT, text=text)]
        yield [self._one_of(every) for _ in range(self._number(1, 3))]

    def _escape(self) -> Frames:
        """Out of whatever is open; one in five quits where nothing is."""
        quits = self._rng.random() < 0.2
        game = self.game
        open_now = (
            game.active is not game.controller
            or game.controller.help.shown
            or game.controller.profile_card.shown
        )
        if quits or open_now or game.board.selected is not None:
            yield [key_of("escape")]

    def _quit(self) -> Frames:
        yield [self._one_of([Event(pygame.QUIT), key_of("command+q")])]

    def _choose_profile(self) -> Frames:
        yield [key_of("w")]
        yield [press(0, letter) for letter in self._one_of(NAMES)]
        yield [key_of("return")]

    # Mouse and fingers

    def _press_button(self) -> Frames:
        """One of those that are shown; now and then the hand slides away."""
        share, slides = self._rng.random(), self._rng.random() < 0.1
        controller = self.game.controller
        if self.game.active is not controller:
            buttons = self.game.active.screen.buttons
        elif controller.help.shown:
            buttons = controller.help.buttons
        else:
            every = (
                controller.profile_card.buttons,
                controller.label_picker.buttons,
                self.game.screen.toolbar.buttons,
            )
            buttons = [each for each in chain(*every) if each.command.name not in RARE]
        if buttons:
            at = buttons[int(share * len(buttons))].place.center
            yield [down(at)]
            yield [up((at[0], -5) if slides else at)]

    def _select(self) -> Frames:
        """A click on an answer, with Shift or without."""
        share, shift = self._rng.random(), self._rng.random() < 0.2
        placed = self.game.screen.placed
        if not placed:
            return
        at = placed[int(share * len(placed))].plate.center
        rest, self.game.controller.rest = self.game.controller.rest, 0.0
        pygame.key.set_mods(pygame.KMOD_LSHIFT if shift else 0)
        yield [down(at), up(at)]
        pygame.key.set_mods(0)
        self.game.controller.rest = rest

    def _correct(self) -> Frames:
        yield [key_of("t")]
        yield [key_of(self._one_of("0123456789abqz"))]

    def _click(self) -> Frames:
        at, button = self._place(), self._number(1, 3)
        yield [down(at, button), up(at, button)]

    def _odd_mouse(self) -> Frames:
        """Buttons, moves and the wheel in no order: what is pressed need not be let go."""
        kinds: list[Callable[[], Event]] = [
            lambda: down(self._place(), self._number(1, 7)),
            lambda: up(self._place(), self._number(1, 7)),
            lambda: move(self._place(), self._number(1, 3)),
            lambda: move(self._place(), touch=True),
            lambda: Event(pygame.MOUSEWHEEL, x=0, y=self._number(-3, 3), flipped=False),
        ]
        yield [self._one_of(kinds)() for _ in range(self._number(1, 6))]

    def _odd_touch(self) -> Frames:
        """Several fingers in no order."""
        kinds = [pygame.FINGERDOWN, pygame.FINGERMOTION, pygame.FINGERMOTION, pygame.FINGERUP]
        yield [
            finger(self._one_of(kinds), self._rng.random(), self._rng.random(), self._number(0, 2))
            for _ in range(self._number(1, 12))
        ]

    # Window and files

    def _window(self) -> Frames:
        yield [Event(self._one_of(WINDOW_EVENTS))]

    def _resize(self) -> Frames:
        """Most of the times to the usual size, so that there is room for ink."""
        usual, size = self._rng.random() < 0.7, self._one_of(SIZES)
        pygame.display.set_mode(SIZES[0] if usual else size, pygame.RESIZABLE)
        yield []

    def _drop(self) -> Frames:
        """Or the dialog is asked for one."""
        dropped = Event(pygame.DROPFILE, file=str(self._one_of(self._files)))
        yield [dropped if self._rng.random() < 0.9 else key_of("command+o")]
        yield []

    # Draws

    @property
    def _size(self) -> tuple[int, int]:
        return self.game.window.surface.get_size()

    def _place(self) -> Pixel:
        """In the window, or a little outside."""
        width, height = self._size
        across, down = self._rng.uniform(-0.05, 1.05, 2)
        return round(across * width), round(down * height)

    def _number(self, least: int, most: int) -> int:
        return int(self._rng.integers(least, most + 1))

    def _one_of(self, choices: Sequence[Any]) -> Any:
        return choices[int(self._rng.integers(len(choices)))]
