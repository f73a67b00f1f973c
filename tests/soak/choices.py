"""What the random player chooses from: keys, text, names, and what happens to windows."""

from __future__ import annotations

import pygame

# These have weights of their own: a page that is always left or cleared never becomes full.
RARE = {"open", "quit", "drop", "clear", "eraser", "practise", "collect"}
EDITING = ["return", "up", "down", "backspace", "space", "f5", "left shift", "m", "n", "a"]
NAMES = ["Ann", "Bo", "Zoé", "player 2", "..", "李", "a/b", "x" * 60]
TEXTS = ["a", "ß", "7", "é", "\N{GRINNING FACE}", "e\u0301", "漢字", "\a", "\u202e", "[", "Ω", ""]
SIZES = [(960, 640), (480, 360), (1, 1), (3, 900), (1500, 8), (240, 200), (1600, 1000), (700, 640)]
WINDOW_EVENTS = [
    pygame.WINDOWFOCUSLOST,
    pygame.WINDOWMINIMIZED,
    pygame.WINDOWHIDDEN,
    pygame.WINDOWEXPOSED,
    pygame.WINDOWRESTORED,
    pygame.WINDOWSHOWN,
    pygame.VIDEOEXPOSE,
    pygame.WINDOWLEAVE,
]
_SHIFT, _CONTROL = pygame.KMOD_LSHIFT, pygame.KMOD_LCTRL
MODS = [0, 0, _SHIFT, _CONTROL, _CONTROL | _SHIFT, pygame.KMOD_LALT]
