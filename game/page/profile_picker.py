"""Who is writing: the card on which a profile is chosen, or a new one named. Knows no window."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count

from game.profiles.directory import by_last_change
from game.profiles.profile import USUAL, Profile, is_name

LONGEST = 40  # characters of a name
LEAVE = "leave names"
_WITHIN = 2  # letters within a word: more likely a new name than that one
_ROW = "name "  # what a row does: this, and its name


@dataclass(frozen=True)
class Row:
    """Somebody to choose. new: whether there is no such profile yet."""

    name: str
    new: bool

    @property
    def action(self) -> str:
        """What pressing it does."""
        return _ROW + self.name


class ProfilePicker:
    """What is on the card, while it is shown.

    present: the name of whoever writes now. typed: what was typed: it seeks a name, or is a new
    one. rows: to choose from; at: the one that Enter takes. told: what is wrong with a name, ""
    for nothing. chosen: the last choice. most: how many rows there are while nothing is typed.
    revision: grows with every visible change.
    """

    def __init__(self) -> None:
        self.shown = False
        self.present = self.chosen = USUAL
        self.typed = ""
        self.rows: tuple[Row, ...] = ()
        self.at = 0
        self.told = ""
        self.most = 0
        self.revision = 0
        self._names: tuple[str, ...] = ()
        self._met: list[str] = [USUAL]  # whoever wrote in this window, also where nothing is kept

    def open(self, profile: Profile) -> None:
        """Shows all there are. profile: whose samples and results are kept now."""
        names, told = by_last_change(profile.people)
        self.present = profile.name
        self._met = list(dict.fromkeys([profile.name, *self._met]))
        self._names = (*names, *(name for name in self._met if name not in names))
        self.shown = True
        self._seek("")
        self.most = len(self.rows)
        self.told = told or ""

    def close(self) -> None:
        """Shows it no more."""
        self.revision += self.shown
        self.shown = False

    def key(self, key: str) -> bool:
        """One of the keys of `keyboard.typed_of`. Returns whether somebody is chosen by it."""
        if key == "enter":
            return self._choose(self.rows[self.at])
        if key == "escape":
            self.close()
        elif key in ("up", "down"):
            self.move(1 if key == "down" else -1)
        elif key == "backspace":
            self._seek(self.typed[:-1])
        elif len(key) == 1 and len(self.typed) == LONGEST:
            self._tell(f"A name has at most {LONGEST} characters.")
        elif len(key) == 1:
            self._seek(self.typed + key)
        return False

    def press(self, action: str) -> bool:
        """What a row does, or the button that leaves. Returns whether somebody is chosen."""
        if action == LEAVE:
            self.close()
        return any(self._choose(row) for row in self.rows if row.action == action)

    def move(self, step: int) -> None:
        """To a row so many further down; no further than the last."""
        self.at = min(max(self.at + step, 0), len(self.rows) - 1)
        self.revision += 1

    def _seek(self, typed: str) -> None:
        """Shows whom the typed letters may mean: first as new, then those whose names have them."""
        self.typed, self.told = typed.lstrip(), ""
        name = self.typed.strip()
        sought = name.casefold()
        found = [each for each in self._names if sought in each.casefold()]
        if name:
            found.sort(key=lambda each: _distance(each.casefold(), sought))
        known = {each.casefold() for each in self._names}
        new = name or next(f"player {n}" for n in count(2) if f"player {n}".casefold() not in known)
        first = [Row(new, True)] if new.casefold() not in known else []
        self.rows = (*first, *(Row(each, False) for each in found))
        if not name:
            self.at = self.rows.index(Row(self.present, False))
        else:
            begins = bool(found) and _distance(found[0].casefold(), sought) < _WITHIN
            self.at = len(first) if begins else 0
        self.revision += 1

    def _choose(self, row: Row) -> bool:
        if row.new and not is_name(row.name):
            self._tell("Letters and digits make a name; within it spaces, . - _ too.")
            return False
        self.chosen = row.name
        self.close()
        return True

    def _tell(self, told: str) -> None:
        self.told = told
        self.revision += 1


def _distance(name: str, sought: str) -> int:
    """0 for the name itself, 1 for one of which a word begins so, else `_WITHIN`."""
    return 0 if name == sought else 1 if f" {sought}" in f" {name}" else _WITHIN
