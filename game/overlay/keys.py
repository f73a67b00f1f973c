"""The keys, as the line below the canvas and the help screen name them."""

from __future__ import annotations

import sys

COMMAND = "Cmd" if sys.platform == "darwin" else "Ctrl"

# Their places in the line below the canvas are buttons as well.
PRACTICE_KEY = "G"
COLLECT_KEY = "L"

# For the line below the canvas, the most useful first: where there is little room, the last go.
MAIN_KEYS: tuple[tuple[str, str], ...] = (
    ("C", "clear"),
    (f"{COMMAND}+Z", "undo"),
    ("V", "views"),
    (PRACTICE_KEY, "practise"),
    ("J", "join"),
    ("K", "split"),
    (COLLECT_KEY, "collect"),
    ("S", "save"),
    ("E", "eraser"),
    ("[ ]", "pen"),
    (f"{COMMAND}+O", "open"),
    ("B", "boxes"),
    ("P", "panel"),
    ("F11", "full screen"),
)
HELP_KEY = ("H", "all keys")

ALL_KEYS: tuple[tuple[str, str], ...] = (
    ("Mouse, pen, finger", "draw digits, anywhere, at any size"),
    ("Click a frame or caption", "select its character; hold, or move, to draw there"),
    ("Left, Right", "select the character before, after"),
    ("J, Shift+click", "join the selected with the next, with that one"),
    ("K", "split the selected character, or the newest"),
    ("Tab", "read letters, too, or digits only"),
    (f"{PRACTICE_KEY}, {COLLECT_KEY}", "practise; collect samples of ink; Esc comes back"),
    ("C, Delete", "clear the canvas"),
    (f"{COMMAND}+Z", "undo, clearing too"),
    (f"{COMMAND}+Y", "redo"),
    ("E", "eraser on or off: it takes whole strokes"),
    ("Right button", "erase, without switching"),
    ("[  ]  or wheel", "thinner pen, thicker pen"),
    ("S", "save a picture (PNG) and the strokes (InkML)"),
    (f"{COMMAND}+O, drop a file", "open a saved drawing"),
    (f"{COMMAND}+C", "copy all that is read"),
    ("B, P, F11", "boxes, panel, full screen on or off"),
    ("V  ,  .", "views of each step between pen and answer; more"),
    ("H, F1", "this help"),
    ("Esc", "drop the selection; quit: the ink is there again next time"),
)
