"""Playing: one frame after another, until the window is closed."""

from __future__ import annotations

import contextlib
import gc
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import pygame
from pygame.event import Event

from game.document.autosave import Autosave
from game.document.document import PEN_WIDTHS
from game.modes.mode import mode_board
from game.page.board import Board
from game.page.corrections import Corrections
from game.page.readers import ReadingMode
from game.profiles.directory import choose, last_chosen
from game.profiles.profile import USUAL, Profile
from game.ui.screen import Screen
from game.window.dialog import Dialog
from game.window.events import Controller, take, wake
from game.window.page_controller import PageController
from game.window.window import Window
from models.adaptation.samples import profiles_folder, user_folder
from models.recognition.card import FOLDER
from models.recognition.network import load_network
from models.recognition.reader import Reader
from models.util.errors import InklingError, InputError, StorageError

if TYPE_CHECKING:  # its packages need not be installed, and take a while to import
    from game.serve.phone import Phone

_FRAMES_PER_SECOND = 120  # at most, and only while something changes
_IDLE = 0.25  # seconds that a frame waits for events at most: toasts go and dialogs answer then


class Game:
    """A window and its board. `frame` is all that happens; `replay` and tests call it as well.

    controller: of the page.
    active: what is shown: `controller`, or a mode in its place; the page waits untouched meanwhile.
    running: False once the player has quit.
    shown_at: when the last frame was on the screen, on `time.perf_counter`'s clock.
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
        """Opens the page.

        drawings: the folder for saved drawings.
        autosave: None keeps nothing.
        networks: the folder that they are loaded from, None for `models/`.
        profile: what practice keeps its results and corrections their samples in, None keeps none.
        """
        self.window = window
        self.screen = Screen(window.surface.get_size(), window.scale)
        self.inspector = self.screen.inspector
        corrections = Corrections(profile, networks)
        size = self.screen.layout.canvas.size
        self.board = Board(
            reader, size, autosave=autosave, networks=networks, corrections=corrections
        )
        if not self.board.document.strokes and (autosave is None or autosave.pen is None):
            self.board.document.pen = float(min(PEN_WIDTHS, key=self._far_from_usual))
        self.controller = PageController(self.board, self.screen, self, drawings)
        self.active: Controller = self.controller
        self.running = True
        self.shown_at = 0.0
        self._dialog = Dialog()
        self._phone: Phone | None = None
        self._drawings = drawings
        self._digits = reader if reader.name == "digits" else None  # practice reads no letters
        self._networks = networks
        self._shown: tuple[object, ...] = ()
        self._unfinished = 0  # frames before the last one that did not show all ink

    def frame(self, events: Sequence[Event]) -> bool:
        """Acts on events, reads the ink, and shows what has changed. Returns whether it drew."""
        begun = time.perf_counter()
        self.controller.files.open_waiting()
        for event in events:
            self.active.handle(event)
        if self._phone is not None:
            self._update_phone(self._phone)
        if self._dialog.is_open:
            self._ask_dialog()
        now = time.monotonic()
        self.board.tick(now)
        size, active = self.window.surface.get_size(), self.active
        state = active.update(size, now, begun)
        self._unfinished = active.screen.unfinished
        state = (active, size, self._unfinished, *state)
        if state == self._shown:
            return False
        self._shown = state
        active.draw(self.window.surface)
        self.window.show()
        self.shown_at = time.perf_counter()
        profile = self.board.corrections.profile.name
        self.window.title(active.title, profile if profile != USUAL else "")
        self.window.pointer(
            active.board.document.pen * active.screen.viewport.scale, active.board.erasing
        )
        return True

    @property
    def busy(self) -> bool:
        """Whether another frame would show more, though nothing happens."""
        return self.is_behind or self.active.busy

    @property
    def is_behind(self) -> bool:
        """Whether there is ink that was not read yet, or was not drawn."""
        active = self.active
        return not active.board.is_read or active.screen.unfinished != self._unfinished

    def close(self) -> None:
        """Ends the stroke under the pen, so that it is kept, and closes the window."""
        if self._phone is not None:
            self._phone.close(wait=True)
        self.board.document.close()
        self._dialog.close()
        self.window.close()

    # What commands and the window ask for

    def quit(self) -> None:
        self.running = False

    def redraw(self) -> None:
        """The next frame is drawn, whether or not anything has changed."""
        self._shown = ()

    def toggle_full_screen(self) -> None:
        self.window.toggle_full_screen()
        self.redraw()

    def show_open_dialog(self) -> None:
        """Asks the desktop for a file; the page goes on meanwhile."""
        self._dialog.open(self._drawings)

    def copy(self) -> None:
        """Puts what is read on the clipboard, once all of it is read."""
        if not self.board.catch_up():
            return
        answer = self.board.reading.text
        if not answer:
            self.board.say("Nothing to copy: there is no answer yet.")
        elif self.window.copy(answer):
            self.board.say(f"Copied: {answer}")
        else:
            self.board.say("Not copied: this desktop has no clipboard for it.", "error")

    def collect(self) -> None:
        """Begins to collect samples; the page waits until that is left."""
        # Imported where it is needed: the first frame comes sooner.
        from game.modes.collect.mode import CollectMode

        size, scale = self.window.surface.get_size(), self.window.scale
        board = mode_board(self.board, self.board.reader, size, scale)
        self.active = CollectMode(self, board, self.board.corrections.profile, size, scale)

    def practise(self) -> None:
        """Begins practice; the page waits until that is left."""
        from game.modes.practice.mode import PracticeMode

        try:
            if self._digits is None:
                self._digits = Reader(load_network("digits", self._networks or FOLDER))
        except InputError as error:
            self.board.say(str(error), "error")
            return
        size, scale = self.window.surface.get_size(), self.window.scale
        board = mode_board(self.board, self._digits, size, scale)
        profile = self.board.corrections.profile
        self.active = PracticeMode(self, board, profile, size, scale, self._drawings)

    def leave_mode(self) -> None:
        """Back to the page, which learns what was collected meanwhile."""
        self.active = self.controller
        # The window may have another size by now, and the pen may come down before the next frame.
        self.screen.fit(self.board, self.window.surface.get_size(), self.controller.commands())
        self.board.reload_corrections()

    def switch_profile(self, name: str) -> None:
        """That profile is used from now on, and at the next start; the ink stays."""
        board = self.board
        profile = Profile(board.corrections.profile.root, name)
        board.corrections.change(profile)
        board.reload_corrections()
        try:
            choose(profile)
        except StorageError as error:
            board.say(str(error), "error")
        else:
            board.say(f"{name} is writing now.")

    @property
    def phone(self) -> Phone | None:
        """What lets a phone write on the page; None where nothing does."""
        return self._phone

    def start_phone(self) -> bool:
        """Lets phones of the local network write on the page. Returns whether they may now."""
        try:
            if self._phone is None:
                self._phone = open_phone(wake)
                if not self._phone.is_in_network:
                    self.board.say("There is no network: only this computer can open it.", "error")
        except InputError as error:
            self.board.say(str(error), "error")
        return self._phone is not None

    def end_phone(self) -> None:
        """No phone may write any more."""
        if self._phone is not None:
            self._phone.close()
            self._phone = None
            self.controller.take_back()
            self.controller.phone_card.close()
            self.board.say("No phone can write here any more.")

    # Inside

    def _update_phone(self, phone: Phone) -> None:
        before = phone.writer
        phone.update(self.controller, self.active is self.controller)
        if phone.writer and not before:
            self.controller.phone_card.close()
            self.board.say(f"{phone.writer} writes now; N shows it, and can end it.")
        elif before and not phone.writer:
            self.board.say(f"{before} is not connected any more.")

    def _far_from_usual(self, width: float) -> float:
        return abs(width - self.board.document.pen * self.window.scale)

    def _ask_dialog(self) -> None:
        try:
            chosen = self._dialog.answer()
        except InklingError as error:
            self.board.say(f"{error} Drop a file on the window instead.", "error")
        else:
            if chosen is not None:
                self.controller.open(chosen)


def play(
    drawings: Path,
    scale: float | None,
    mode: ReadingMode,
    language: str,
    profile: str | None,
    collecting: bool,
) -> int:
    """Opens the canvas, to read what `mode` says, and stays until it is closed.

    drawings: the folder for saved drawings.
    scale: of the interface, None for the desktop's own.
    language: whose words are known where letters are read.
    profile: the name of the one to use, None for the one that was used last.
    collecting: begins with collecting that person's samples.
    Returns the exit status.

    Raises NoDisplay where there is no screen, InputError where the network cannot be used.
    """
    window = Window(scale)
    reader = Reader(load_network(mode), language)
    root = profiles_folder()
    kept = Profile(root, last_chosen(root) if profile is None else profile)
    game = Game(window, reader, drawings, Autosave(user_folder()), profile=kept)
    if collecting:
        game.collect()
    return stay(game)


def stay(game: Game) -> int:
    """One frame after another, until the window is closed. Returns the exit status."""
    clock = pygame.time.Clock()
    freeze_garbage_collector()
    try:
        with stop_signals() as received:
            game.frame(take())
            while game.running and not received:
                if game.frame(take(0.0 if game.busy else _IDLE)):
                    clock.tick(_FRAMES_PER_SECOND)
    finally:
        game.close()
    return 130 if signal.SIGINT in received else 0


def open_phone(wake: Callable[[], None]) -> Phone:
    """What lets a phone write. Raises InputError where it cannot, or a package is missing."""
    from game.serve import missing_package

    try:
        import segno  # noqa: F401 (for its code)

        from game.serve.phone import Phone
    except ModuleNotFoundError as error:
        raise missing_package(error) from None
    return Phone(wake)


def freeze_garbage_collector() -> None:
    """Keeps what is loaded by now, so that no collection examines it while a stroke is read."""
    gc.freeze()


@contextlib.contextmanager
def stop_signals() -> Iterator[list[int]]:
    """Collects the signals that ask the program to stop: Ctrl-C, termination, the terminal's end.

    They raise no exception, which could come between two halves of a change; but the second Ctrl-C
    does. Yields the list of those that were received.
    """
    received: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        received.append(number)
        if number == signal.SIGINT:
            signal.signal(number, signal.default_int_handler)

    names = [name for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = [(getattr(signal, name), signal.signal(getattr(signal, name), note)) for name in names]
    try:
        yield received
    finally:
        for number, handler in before:
            signal.signal(number, handler)
