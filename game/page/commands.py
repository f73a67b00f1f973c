"""All that a player can do on the canvas, in one table: keys, buttons and help are made from it.

Another action is another row of `ACTIONS`. Where there is little room its first have buttons.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from game.inspector.state import Inspector
from game.page.board import Board
from game.page.offers import Offer
from game.profiles.profile import USUAL

# What the board cannot do by itself, since it knows no window.
Wish = Literal[
    "quit", "full screen", "copy", "open", "redraw", "practise", "collect", "leave", "who", "switch"
]
_LONGEST_WORD = 12  # characters on a button, of a name
Deed = Callable[[Board, Inspector], object]
Test = Callable[[Board, Inspector], bool]


@dataclass(frozen=True)
class Action:
    """One thing that a player can do.

    keys: as `keyboard.keys_of` names them, the first for its button. word: on its button, or what
    makes it of the page. told: in the help. does: to the page and its views; or what only the
    window can do. on: whether it is on now; None for what cannot be. can: whether it does anything
    now; its keys are free otherwise. also: how it is done without key and button.
    """

    name: str
    keys: tuple[str, ...]
    word: str | Callable[[Board], str]
    told: str
    does: Deed | Wish
    on: Test | None = None
    can: Test = lambda board, inspector: True
    also: str = ""

    def offer(self, board: Board, inspector: Inspector) -> Offer:
        """As it stands now."""
        on = self.on is not None and self.on(board, inspector)
        word = self.word if isinstance(self.word, str) else self.word(board)
        return Offer(self.name, word, self.keys[0], on, self.can(board, inspector))


def _is_selected(board: Board, inspector: Inspector) -> bool:
    return board.selected is not None


def _who_writes(board: Board) -> str:
    """The person's name, unless nobody was ever named; its beginning where it is long."""
    name = board.corrections.profile.name
    if name == USUAL:
        return "who"
    return name if len(name) <= _LONGEST_WORD else f"{name[: _LONGEST_WORD - 1].rstrip()}…"


def _is_viewed(board: Board, inspector: Inspector) -> bool:
    return inspector.shown


HELP = Action(
    "help", ("h", "f1"), "all keys", "this help, and its next page", lambda b, v: b.toggle_help()
)
# fmt: off
ACTIONS: tuple[Action, ...] = (
    Action("clear", ("c", "delete"), "clear", "clear the canvas", lambda b, v: b.clear()),
    Action("undo", ("command+z",), "undo", "undo, clearing too", lambda b, v: b.undo()),
    Action("eraser", ("e",), "eraser", "eraser on or off: it takes whole strokes",
           lambda b, v: b.toggle_eraser(), on=lambda b, v: b.erasing),
    Action("views", ("v",), "views", "show each step between pen and answer",
           lambda b, v: v.toggle(), on=_is_viewed),
    Action("practise", ("g",), "practise", "tasks, answered by hand; Esc comes back", "practise"),
    Action("teach", ("t",), "teach", "say what a character really is",
           lambda b, v: b.ask(), on=lambda b, v: b.asking, also="0-9"),
    Action("collect", ("l",), "collect", "samples of a person's ink; Esc comes back", "collect"),
    Action("who", ("w",), _who_writes, "who is writing: someone else, or someone new", "who"),
    Action("letters", ("tab",), "letters", "read letters, too, or digits only",
           lambda b, v: b.switch_mode(), on=lambda b, v: b.mode == "characters"),
    Action("save", ("s", "command+s"), "save", "save a picture (PNG) and the strokes (InkML)",
           lambda b, v: b.save()),
    Action("join", ("j",), "join", "join the selected with the next, with that one",
           lambda b, v: b.join(), also="Shift+click"),
    Action("split", ("k",), "split", "split the selected character, or the newest",
           lambda b, v: b.split()),
    Action("redo", ("command+y", "command+shift+z"), "redo", "redo what was undone",
           lambda b, v: b.redo()),
    Action("thinner", ("[",), "thinner", "thinner pen", lambda b, v: b.narrow_pen(), also="wheel"),
    Action("thicker", ("]",), "thicker", "thicker pen", lambda b, v: b.widen_pen(), also="wheel"),
    Action("boxes", ("b",), "boxes", "boxes and answers over the ink, on or off",
           lambda b, v: b.toggle_boxes(), on=lambda b, v: b.show_boxes),
    Action("panel", ("p",), "panel", "panel with bars and image, on or off",
           lambda b, v: b.toggle_panel(), on=lambda b, v: b.show_panel),
    Action("full screen", ("f11",), "full screen", "full screen, and back", "full screen"),
    Action("open", ("command+o",), "open", "open a saved drawing", "open", also="drop a file"),
    Action("copy", ("command+c",), "copy", "copy all that is read", "copy"),
    Action("before", ("left",), "before", "select the character before",
           lambda b, v: b.move_selection(-1)),
    Action("after", ("right",), "after", "select the character after",
           lambda b, v: b.move_selection(1)),
    Action("drop", ("escape",), "drop selection", "drop the selection",
           lambda b, v: b.select(None), can=_is_selected),
    Action("quit", ("command+q",), "quit", "quit: the ink is there again next time",
           "quit"),
    Action("views before", (",",), "views before", "the views before those that are shown",
           lambda b, v: v.move(-1), can=_is_viewed),
    Action("views after", (".",), "views after", "the views after those that are shown",
           lambda b, v: v.move(1), can=_is_viewed),
    HELP,
)
# fmt: on
# What hands do that no key does, for the help: with what, and what.
NOTES: tuple[tuple[str, str], ...] = (
    ("Mouse, pen, finger", "draw digits, anywhere, at any size"),
    ("Click a box or answer", "select it; hold, or move, to draw there"),
    ("Right button", "erase, without switching"),
)
_BY_NAME = {action.name: action for action in ACTIONS}


def named(name: str) -> Action:
    """The action of that name. Raises KeyError."""
    return _BY_NAME[name]


def action_of_keys(keys: Iterable[str], board: Board, inspector: Inspector) -> Action | None:
    """What a key does now, by the first of its names that is anyone's; None where none is."""
    for key in keys:
        for action in ACTIONS:
            if key in action.keys and action.can(board, inspector):
                return action
    return None


def offers(board: Board, inspector: Inspector) -> tuple[Offer, ...]:
    """All actions as they stand now, in the table's order."""
    return tuple(action.offer(board, inspector) for action in ACTIONS)
