"""What the player can do now, each with words for a button and a key; and what offers it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from game.page.board import Board


@dataclass(frozen=True)
class Offer:
    """One thing to do. key: as `keyboard.keys_of` calls it, "" for none.

    on: whether it is what is chosen now, or what is done most. enabled: whether it does anything
    now; one that does not keeps its place.
    """

    action: str
    words: str
    key: str = ""
    on: bool = False
    enabled: bool = True


@dataclass(frozen=True)
class Group:
    """Offers that stand in one row. title: of the row, "" for none."""

    title: str
    offers: tuple[Offer, ...]


def action_of(groups: Sequence[Group], key: str) -> str | None:
    """What a key does; None where it is nobody's."""
    for group in groups:
        for offer in group.offers:
            if key and offer.key == key and offer.enabled:
                return offer.action
    return None


def is_offered(groups: Sequence[Group], action: str) -> bool:
    """Whether an action can be done now."""
    offers = (offer for group in groups for offer in group.offers)
    return any(offer.action == action and offer.enabled for offer in offers)


class Session(Protocol):
    """What goes on in a mode beside the page, from its start page ("start") to its last.

    board: of its own. left: whether the player has had enough.
    """

    board: Board
    left: bool

    @property
    def page(self) -> str:
        """Which page is shown."""

    @property
    def is_writing(self) -> bool:
        """Whether the canvas is there to be written on."""

    def groups(self) -> tuple[Group, ...]:
        """All that can be done now: on the start page a row each, elsewhere the bar is the last."""

    def press(self, action: str, now: float) -> None:
        """Does one of the actions that `groups` offers. now: seconds."""

    def step(self, now: float) -> None:
        """Reads the board and lets the time go on; once each frame."""

    def state(self) -> tuple[object, ...]:
        """Differs whenever something else is to be seen than before."""
