"""Choosing the profile that writes from now on, or naming a new one. Knows no window."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count

from game.profiles.directory import by_last_change
from game.profiles.profile import USUAL, Profile, is_name
from models.util.errors import InputError

LONGEST = 40  # characters of a name
_WITHIN = 2  # letters within a word: more likely a new name than that one


@dataclass(frozen=True)
class ProfileRow:
    """A profile to choose. is_new: whether there is no such profile yet."""

    name: str
    is_new: bool

    @property
    def is_valid(self) -> bool:
        """Whether it can be chosen: a new one needs a name that a profile can have."""
        return not self.is_new or is_name(self.name)


class ProfilePicker:
    """The profiles to choose from, and what was typed.

    present: the name of the profile that is in use.
    typed: what was typed, to search for a name or as a new one.
    rows: to choose from. at: the index of the one that Enter takes.
    error: what is wrong with a name, "" for nothing.
    most: how many rows there are while nothing is typed.
    revision: grows with every visible change.
    """

    def __init__(self) -> None:
        self.present = USUAL
        self.typed = ""
        self.rows: tuple[ProfileRow, ...] = ()
        self.at = 0
        self.error = ""
        self.most = 0
        self.revision = 0
        self._names: tuple[str, ...] = ()
        self._used: list[str] = [USUAL]  # in this window, also where nothing is kept

    def open(self, profile: Profile) -> None:
        """Begins with all profiles there are. profile: the one that is in use."""
        names: tuple[str, ...] = ()
        message = ""
        try:
            names = by_last_change(profile.root)
        except InputError as error:
            message = str(error)
        self.present = profile.name
        self._used = list(dict.fromkeys([profile.name, *self._used]))
        self._names = (*names, *(name for name in self._used if name not in names))
        self._search("")
        self.most = len(self.rows)
        self.error = message

    def key(self, key: str) -> None:
        """One of the keys of `keyboard.typed_of`, but for "enter" and "escape"."""
        if key in ("up", "down"):
            self.move(1 if key == "down" else -1)
        elif key == "backspace":
            self._search(self.typed[:-1])
        elif len(key) == 1 and len(self.typed) == LONGEST:
            self.fail(f"A name has at most {LONGEST} characters.")
        elif len(key) == 1:
            self._search(self.typed + key)

    def move(self, step: int) -> None:
        """To a row so many further down; no further than the last."""
        self.at = min(max(self.at + step, 0), len(self.rows) - 1)
        self.revision += 1

    def fail(self, error: str) -> None:
        """Shows what is wrong."""
        self.error = error
        self.revision += 1

    def _search(self, typed: str) -> None:
        """Shows which profiles may be meant: first a new one, then those with the typed letters."""
        self.typed, self.error = typed.lstrip(), ""
        name = self.typed.strip()
        sought = name.casefold()
        found = [each for each in self._names if sought in each.casefold()]
        if name:
            found.sort(key=lambda each: _distance(each.casefold(), sought))
        known = {each.casefold() for each in self._names}
        new = name or next(f"player {n}" for n in count(2) if f"player {n}".casefold() not in known)
        first = [ProfileRow(new, True)] if new.casefold() not in known else []
        self.rows = (*first, *(ProfileRow(each, False) for each in found))
        if not name:
            self.at = self.rows.index(ProfileRow(self.present, False))
        else:
            begins = bool(found) and _distance(found[0].casefold(), sought) < _WITHIN
            self.at = len(first) if begins else 0
        self.revision += 1


def _distance(name: str, sought: str) -> int:
    """0 for the name itself, 1 where one of its words begins so, else `_WITHIN`."""
    return 0 if name == sought else 1 if f" {sought}" in f" {name}" else _WITHIN
