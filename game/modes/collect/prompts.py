"""Which characters are asked for, in which order and in which words."""

from __future__ import annotations

from random import Random
from string import ascii_letters

from game.page.readers import ReadingMode
from models.recognition.labels import DIGITS

# Both forms of every letter, though networks read some as one: what is kept is what was asked for.
ASKED: dict[ReadingMode, tuple[str, ...]] = {
    "digits": DIGITS,
    "characters": (*DIGITS, *ascii_letters),
}
TIMES = (1, 5, 10)  # how often each may be asked for


def in_random_order(mode: ReadingMode, times: int, random: Random) -> tuple[str, ...]:
    """Each character so many times: all of them once, then all of them again, each time shuffled.

    So whoever stops early has written each about as often. None comes twice in a row.
    """
    order: list[str] = []
    for _ in range(times):
        every = list(ASKED[mode])
        random.shuffle(every)
        if order and every[0] == order[-1]:
            every.append(every.pop(0))
        order += every
    return tuple(order)


def request(character: str, mode: ReadingMode) -> str:
    """What stands before the character: "Write a" 7, "Write an" 8, "Write a small A" a.

    Letters are named, since a small l alone might be anything.
    """
    if character.isalpha():
        return f"Write a {'capital' if character.isupper() else 'small'} {character.upper()}"
    if mode == "characters":
        return "Write the digit"
    return "Write an" if character == "8" else "Write a"
