"""Playing: one frame after another, until the window is closed."""

from __future__ import annotations

import contextlib
import gc
import signal
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType

import pygame
from pygame.event import Event

from game.document.autosave import Autosave
from game.document.document import PEN_WIDTHS
from game.modes.mode import Mode, mode_board
from game.page.board import Board
from game.page.commands import Wish
from game.page.corrections import Corrections
from game.page.readers import ReadingMode
from game.profiles.directory import choose, last_chosen
from game.profiles.profile import USUAL, Profile
from game.ui.screen import Screen
from game.window.dialog import Dialog
from game.window.events import PageController, take
from game.window.window import Window
from models.adaptation.samples import profiles_folder, user_folder
from models.ink.strokes import InputError
from models.recognition.card import FOLDER
from models.recognition.network import load_network
from models.recognition.reader import Reader

_FRAMES_PER_SECOND = 120  # at most, and only while something changes
_IDLE = 0.25  # seconds that a frame waits for events at most: toasts go and dialogs answer then


class Game:
    """A window and its board. `frame` is all that happens; `replay` and tests call it as well.

    active_mode: the mode that goes on in the page's place, None while there is none; the board
    waits untouched meanwhile.
    running: False once the player has quit. shown_at: when the last frame was on the screen, on
    `time.perf_counter`'s clock.
    """

    def __init__(
        self,
        window: Window,
        reader: Reader,
        drawings: Path,
        autosave: Autosave | None = None,
        networks: Path | None = None,
        profile: Profile | None = None,
    ) -> None:
        """drawings: the folder for saved drawings. autosave: None keeps nothing. networks: the
        folder that they are loaded from, None for `models/`. profile: what practice keeps its
        results and teaching its samples in, None keeps none.
        """
        self.window = window
        self.screen = Screen(window.surface.get_size(), window.scale)
        self.inspector = self.screen.inspector
        corrections = Corrections(profile, networks)
        size = self.screen.layout.canvas.size
        self.board = Board(reader, size, drawings, autosave, networks, corrections)
        if not self.board.strokes and (autosave is None or autosave.pen is None):
            self.board.pen = float(min(PEN_WIDTHS, key=self._far_from_usual))
        self.controller = PageController(self.board, self.screen)
        self.active_mode: Mode | None = None
        self.running = True
        self.shown_at = 0.0
        self._dialog = Dialog()
        self._drawings = drawings
        self._digits = reader if reader.name == "digits" else None  # practice reads no letters
        self._networks = networks
        self._shown: tuple[object, ...] = ()
        self._unfinished = 0  # frames before the last one that did not show all ink

    def frame(self, events: Sequence[Event]) -> bool:
        """Acts on events, reads the ink, and shows what has changed. Returns whether it drew."""
        begun = time.perf_counter()
        self.board.open_waiting()
        for event in events:
            if self.active_mode is None:
                wish = self.controller.handle(event)
            else:
                wish = self.active_mode.handle(event, time.monotonic())
            if wish is not None:
                self._grant(wish)
        if self._dialog.is_open:
            self._ask_dialog()
        now = time.monotonic()
        self.board.tick(now)
        # A page that was kept is shown first, and read afterwards; beside a mode it waits.
        if self._shown and self.active_mode is None:
            self.board.read()
        size = self.window.surface.get_size()
        self.screen.fit(self.board, size)
        active_mode = self.active_mode
        if active_mode is None:
            self.inspector.update(self.board, self.screen.strip.visible, begun)
        shown = self if active_mode is None else active_mode
        self._unfinished = shown.screen.unfinished
        state: tuple[object, ...] = (self.board.revision, self.inspector.revision, size)
        state += (*self.screen.revision, self._unfinished)
        if active_mode is not None:
            state += active_mode.step(size, now)
        if state == self._shown:
            return False
        self._shown = state
        if active_mode is None:
            self.screen.draw(self.window.surface, self.board)
        else:
            active_mode.draw(self.window.surface)
        self.window.show()
        self.shown_at = time.perf_counter()
        writer = self.board.corrections.profile.name
        title = self.board.reading.caption() if active_mode is None else active_mode.title
        self.window.title(title, writer if writer != USUAL else "")
        self.window.pointer(shown.board.pen * shown.screen.viewport.scale, shown.board.erasing)
        return True

    @property
    def busy(self) -> bool:
        """Whether another frame would show more, though nothing happens."""
        return self.is_behind or (self.active_mode is None and self.inspector.busy)

    @property
    def is_behind(self) -> bool:
        """Whether there is ink that was not read yet, or was not drawn."""
        shown = self if self.active_mode is None else self.active_mode
        return not shown.board.is_read or shown.screen.unfinished != self._unfinished

    def close(self) -> None:
        """Ends the stroke under the pen, so that it is kept, and closes the window."""
        self.board.close()
        self._dialog.close()
        self.window.close()

    def _far_from_usual(self, width: float) -> float:
        return abs(width - self.board.pen * self.window.scale)

    def _grant(self, wish: Wish) -> None:
        if wish == "quit":
            self.running = False
        elif wish == "full screen":
            self.window.toggle_full_screen()
            self._shown = ()
        elif wish == "redraw":
            self._shown = ()
        elif wish == "open":
            self._dialog.open(self._drawings)
        elif wish == "copy":
            self._copy()
        elif wish == "practise":
            self._practise()
        elif wish == "collect":
            self.collect()
        elif wish == "leave":
            self.active_mode = None
            self.board.learn_anew()
        elif wish == "who":
            self._ask_who()
        elif wish == "switch":
            self._switch()

    def collect(self) -> None:
        """Begins to collect samples; the page waits until that is left."""
        # Imported where it is needed: the first frame comes sooner.
        from game.modes.collect.mode import CollectMode

        size, scale = self.window.surface.get_size(), self.window.scale
        board = mode_board(self.board, self.board.reader, size, scale)
        self.active_mode = CollectMode(board, self.board.corrections.profile, size, scale)

    def _practise(self) -> None:
        from game.modes.practice.mode import PracticeMode

        try:
            if self._digits is None:
                self._digits = Reader(load_network("digits", self._networks or FOLDER))
        except InputError as error:
            self.board.say(str(error), "error")
            return
        size, scale = self.window.surface.get_size(), self.window.scale
        board = mode_board(self.board, self._digits, size, scale)
        self.active_mode = PracticeMode(board, self.board.corrections.profile, size, scale)

    def _ask_who(self) -> None:
        """Shows the card of names, or takes it away."""
        board, profile_picker = self.board, self.screen.profile_picker
        if board.asking:
            board.ask()
        if profile_picker.shown:
            profile_picker.close()
        else:
            profile_picker.open(board.corrections.profile)

    def _switch(self) -> None:
        """Whoever was chosen on the card writes from now on, and at the next start; ink stays."""
        board = self.board
        profile = Profile(board.corrections.profile.people, self.screen.profile_picker.chosen)
        told = choose(profile)
        board.corrections.change(profile)
        board.learn_anew()
        board.say(told or f"{profile.name} is writing now.", "error" if told else "info")

    def _copy(self) -> None:
        if not self.board.catch_up():
            return
        answer = self.board.reading.text
        if not answer:
            self.board.say("Nothing to copy: there is no answer yet.")
        elif self.window.copy(answer):
            self.board.say(f"Copied: {answer}")
        else:
            self.board.say("Not copied: this desktop has no clipboard for it.", "error")

    def _ask_dialog(self) -> None:
        try:
            chosen = self._dialog.answer()
        except RuntimeError as error:
            self.board.say(f"{error} Drop a file on the window instead.", "error")
        else:
            if chosen is not None:
                self.controller.open(chosen)


def play(
    drawings: Path,
    scale: float | None,
    mode: ReadingMode = "digits",
    profile: str | None = None,
    collecting: bool = False,
) -> int:
    """Opens the canvas, to read what `mode` says, and stays until it is closed.

    profile: the name of whoever is writing; None for whoever was chosen last. collecting: begins
    with collecting that person's samples. Returns the exit status.

    Raises NoDisplay where there is no screen, InputError where the network cannot be used.
    """
    window = Window(scale)
    reader = Reader(load_network(mode))
    people = profiles_folder()
    kept = Profile(people, last_chosen(people) if profile is None else profile)
    game = Game(window, reader, drawings, Autosave(user_folder()), profile=kept)
    if collecting:
        game.collect()
    clock = pygame.time.Clock()
    spare_the_collector()
    try:
        with told_to_end() as told:
            game.frame(take())
            while game.running and not told:
                if game.frame(take(0.0 if game.busy else _IDLE)):
                    clock.tick(_FRAMES_PER_SECOND)
    finally:
        game.close()
    return 130 if signal.SIGINT in told else 0


def spare_the_collector() -> None:
    """What is loaded by now stays: Python need not look at it again while a stroke is read."""
    gc.freeze()


@contextlib.contextmanager
def told_to_end() -> Iterator[list[int]]:
    """Within it, Ctrl-C, an order to terminate and the terminal's end are noted in a list.

    No exception: that could come between two halves of a change. The second Ctrl-C is one.
    """
    told: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        told.append(number)
        if number == signal.SIGINT:
            signal.signal(number, signal.default_int_handler)

    names = [name for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = [(getattr(signal, name), signal.signal(getattr(signal, name), note)) for name in names]
    try:
        yield told
    finally:
        for number, handler in before:
            signal.signal(number, handler)
