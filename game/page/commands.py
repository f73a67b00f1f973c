"""All that a player can do on the canvas, in one table: keys, buttons and help are made from it.

Another command is another row of `page_commands`. Where there is little room its first have
buttons.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from game.inspector.state import Inspector
from game.page.board import Board
from game.page.files import PageFiles
from game.profiles.profile import USUAL

HELP_KEYS = ("h", "f1")
OTHER_KEY, PHONE_KEY = "o", "n"
_LONGEST_LABEL = 12  # characters on a button, of a name


@dataclass(frozen=True)
class Command:
    """One thing that can be done, as it stands now. Two are equal where they look the same.

    name: tells it from the others that can be done at the same time.
    label: what its button says.
    handler: does it.
    keys: as `keyboard.keys_of` names them; the first stands on its button.
    help: what the help says of it.
    also: how it is done without key and button.
    checked: whether it is on, or chosen, or the usual next step; its button stands out.
    enabled: whether it does anything now; otherwise its keys are free, and its button keeps its
        place.
    keeps_cards: whether the profile picker stays open, where it is.
    """

    name: str
    label: str
    handler: Callable[[], object] = field(compare=False)
    keys: tuple[str, ...] = ()
    help: str = ""
    also: str = ""
    checked: bool = False
    enabled: bool = True
    keeps_cards: bool = False

    @property
    def key(self) -> str:
        """The key that stands on its button, "" for none."""
        return self.keys[0] if self.keys else ""


@dataclass(frozen=True)
class CommandGroup:
    """Commands whose buttons stand in one row. title: of the row, "" for none."""

    title: str
    commands: tuple[Command, ...]


def command_for(keys: Iterable[str], commands: Sequence[Command]) -> Command | None:
    """What a key does now, by the first of its names that is any command's; None for nothing."""
    for key in keys:
        for command in commands:
            if key in command.keys and command.enabled:
                return command
    return None


class Card(Protocol):
    """What a command opens over the page, and closes again."""

    @property
    def shown(self) -> bool: ...
    def toggle(self) -> None: ...


class Link(Protocol):
    """What lets a phone write. address: that it opens. writer: who is connected, "" for nobody.
    revision: grows with every visible change.
    """

    address: str
    writer: str
    revision: int


class App(Protocol):
    """What commands and events ask of the program around the page; `game.app.Game` is one."""

    def quit(self) -> None: ...
    def redraw(self) -> None: ...
    def toggle_full_screen(self) -> None: ...
    def copy(self) -> None: ...
    def show_open_dialog(self) -> None: ...
    def practise(self) -> None: ...
    def collect(self) -> None: ...
    def leave_mode(self) -> None: ...
    def switch_profile(self, name: str) -> None: ...
    def start_phone(self) -> bool: ...
    def end_phone(self) -> None: ...
    @property
    def phone(self) -> Link | None: ...


# fmt: off
def window_commands(app: App) -> tuple[Command, ...]:
    """What can be done on the page and in every mode."""
    return (
        Command("full screen", "full screen", app.toggle_full_screen, ("f11",),
                "full screen, and back", keeps_cards=True),
        Command("quit", "quit", app.quit, ("command+q",),
                "quit: the ink is there again next time"),
    )


def board_commands(board: Board) -> tuple[Command, ...]:
    """What a board can do by itself, in the table's order."""
    return (
        Command("clear", "clear", board.document.clear, ("c", "delete"), "clear the canvas"),
        Command("undo", "undo", board.undo, ("command+z",), "undo, clearing too"),
        Command("eraser", "eraser", board.toggle_eraser, ("e",),
                "eraser on or off: it takes whole strokes", checked=board.erasing),
        Command("letters", "letters", board.switch_mode, ("tab",),
                "read letters, too, or digits only", checked=board.mode == "characters"),
        Command("join", "join", board.join, ("j",),
                "join the selected with the next, with that one", "Shift+click"),
        Command("split", "split", board.split, ("k",),
                "split the selected character, or the newest"),
        Command("other", _other_label(board.other), board.take_other, (OTHER_KEY,),
                "take the other reading of what is in doubt"),
        Command("redo", "redo", board.redo, ("command+y", "command+shift+z"),
                "redo what was undone"),
        Command("thinner", "thinner", board.document.narrow_pen, ("[",), "thinner pen", "wheel"),
        Command("thicker", "thicker", board.document.widen_pen, ("]",), "thicker pen", "wheel"),
        Command("boxes", "boxes", board.toggle_boxes, ("b",),
                "boxes and answers over the ink, on or off", checked=board.show_boxes),
        Command("panel", "panel", board.toggle_panel, ("p",),
                "panel with bars and image, on or off", checked=board.show_panel),
        Command("before", "before", lambda: board.move_selection(-1), ("left",),
                "select the character before"),
        Command("after", "after", lambda: board.move_selection(1), ("right",),
                "select the character after"),
        Command("drop", "drop selection", lambda: board.select(None), ("escape",),
                "drop the selection", enabled=board.selected is not None),
    )


def page_commands(
    app: App,
    board: Board,
    files: PageFiles,
    inspector: Inspector,
    help: Card,
    label_picker: Card,
    profile_picker: Card,
    phone_card: Card,
    takes_phone: bool,
) -> tuple[Command, ...]:
    """All that can be done on the page, in the order of toolbar and help.

    takes_phone: whether a phone may write.
    """
    of_board = {each.name: each for each in board_commands(board)}
    first = [of_board.pop(name) for name in ("clear", "undo", "eraser")]
    about_selection = [of_board.pop(name) for name in ("before", "after", "drop")]
    full_screen, quit = window_commands(app)
    return (
        *first,
        Command("views", "views", inspector.toggle, ("v",),
                "show each step between pen and answer", checked=inspector.shown),
        Command("practise", "practise", app.practise, ("g",),
                "tasks, answered by hand; Esc comes back"),
        Command("correct", "teach", label_picker.toggle, ("t",),
                "say what a character really is", "0-9", checked=label_picker.shown),
        Command("collect", "collect", app.collect, ("l",),
                "samples of a person's ink; Esc comes back"),
        Command("profile", _profile_label(board.corrections.profile.name), profile_picker.toggle,
                ("w",), "who is writing: someone else, or someone new", keeps_cards=True),
        of_board.pop("letters"),
        Command("save", "save", files.save, ("s", "command+s"),
                "save a picture (PNG) and the strokes (InkML)"),
        Command("phone", "phone", phone_card.toggle, (PHONE_KEY,),
                "write with a phone: a code to scan",
                checked=takes_phone),
        *of_board.values(),
        full_screen,
        Command("open", "open", app.show_open_dialog, ("command+o",), "open a saved drawing",
                "drop a file"),
        Command("copy", "copy", app.copy, ("command+c",), "copy all that is read"),
        *about_selection, quit,
        Command("views before", "views before", lambda: inspector.move(-1), (",",),
                "the views before those that are shown", enabled=inspector.shown),
        Command("views after", "views after", lambda: inspector.move(1), (".",),
                "the views after those that are shown", enabled=inspector.shown),
        Command("help", "all keys", help.toggle, HELP_KEYS, "this help, and its next page"),
    )
# fmt: on


# What is done without a key, for the help: with what, and what.
NOTES: tuple[tuple[str, str], ...] = (
    ("Mouse, pen, finger", "draw digits, anywhere, at any size"),
    ("Click a box or answer", "select it; hold, or move, to draw there"),
    ("Right button", "erase, without switching"),
)


def _other_label(other: str | None) -> str:
    """The other reading of what is in doubt; its beginning where it is long."""
    return "other" if other is None else f"or {_shortened(other)}"


def _profile_label(name: str) -> str:
    """The profile's name, unless none was ever named; its beginning where it is long."""
    if name == USUAL:
        return "who"
    return _shortened(name)


def _shortened(words: str) -> str:
    if len(words) <= _LONGEST_LABEL:
        return words
    return f"{words[: _LONGEST_LABEL - 1].rstrip()}…"
