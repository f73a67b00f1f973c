"""What a mode lets the player do now, each with words for a button and a key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


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
