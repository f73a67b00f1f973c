"""Which key was pressed, whatever the keyboard's layout."""

from __future__ import annotations

import sys

import pygame
from pygame.event import Event

_NAMED_KEYS = {
    pygame.K_ESCAPE: "escape",
    pygame.K_RETURN: "enter",
    pygame.K_KP_ENTER: "enter",
    pygame.K_DELETE: "delete",
    pygame.K_TAB: "tab",
    pygame.K_LEFT: "left",
    pygame.K_RIGHT: "right",
    pygame.K_F1: "f1",
    pygame.K_F11: "f11",
}
if sys.platform == "darwin":
    _NAMED_KEYS[pygame.K_BACKSPACE] = "delete"  # what a Mac's keyboard has for it


def name_of(event: Event) -> str:
    """The key by what it writes, "" where that has no use: layouts put letters in different places.

    Where a layout has no Latin letters (Greek, Cyrillic …) the key at the letter's place counts.
    """
    if event.unicode in ("[", "]"):
        return str(event.unicode)
    if event.key in _NAMED_KEYS:
        return _NAMED_KEYS[event.key]
    if ord("!") <= event.key <= ord("~"):
        return chr(event.key)
    first = pygame.KSCAN_A
    if 127 < event.key < 1 << 30 and first <= event.scancode < first + 26:
        return chr(ord("a") + event.scancode - first)
    return ""
