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

_EDITING_KEYS = {
    pygame.K_ESCAPE: "escape",
    pygame.K_RETURN: "enter",
    pygame.K_KP_ENTER: "enter",
    pygame.K_UP: "up",
    pygame.K_DOWN: "down",
    pygame.K_BACKSPACE: "backspace",
}

_COMMAND = pygame.KMOD_CTRL | (pygame.KMOD_META if sys.platform == "darwin" else 0)


def keys_of(event: Event) -> tuple[str, ...]:
    """What a pressed key goes by, the most particular first; nothing where it has no use.

    Plain keys by their name alone; with Ctrl, or Cmd on a Mac, as "command+shift+z", "command+z".
    """
    name = name_of(event)
    # AltGr, which writes brackets, arrives as Ctrl and Alt on Windows.
    command = event.mod & _COMMAND and not event.mod & pygame.KMOD_ALT
    if not name or not command:
        return (name,) if name else ()
    plain = f"command+{name}"
    return (f"command+shift+{name}", plain) if event.mod & pygame.KMOD_SHIFT else (plain,)


def typed_of(event: Event) -> str:
    """What a pressed key does where words are typed: "enter", "escape", "up", "down" or
    "backspace", or the one character that it writes; "" for nothing.
    """
    if event.key in _EDITING_KEYS:
        return _EDITING_KEYS[event.key]
    writes = len(event.unicode) == 1 and event.unicode.isprintable()
    return str(event.unicode) if writes else ""


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
