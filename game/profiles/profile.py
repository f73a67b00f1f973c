"""One person's folder: its name, and writing in it while no other window does."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock, Timeout

from models.util.errors import InputError, explain_os_error

LOCK = "profile.lock"
USUAL = "me"  # who writes where nobody was named
_LOCKED = 1.0  # seconds to wait for another window that writes
_NAME = re.compile(r"\w([\w .-]{0,38}\w)?")


def is_name(name: str) -> bool:
    """Whether a profile, which is a folder as well, can have this name."""
    return _NAME.fullmatch(name) is not None


def checked_name(name: str) -> str:
    """The name of a profile. Raises InputError for any other."""
    if is_name(name):
        return name
    raise InputError(
        f"--profile {name!r}: is no name for a profile; it needs 1 to 40 letters, digits, spaces, "
        'dots, "-" or "_", none of spaces, dots and "-" at its ends, such as me.'
    )


class Profile:
    """Whose results and samples these are.

    people: the folder of all profiles. folder: that person's own in it. Both None keep nothing.
    """

    def __init__(self, folder: Path | None, name: str = USUAL) -> None:
        """folder: of all profiles, made when it is first written to; None keeps nothing."""
        self.name = name
        self.people = folder
        self.folder = None if folder is None else folder / name

    def write(self, written: Callable[[Path], None], complaint: str) -> str | None:
        """Has `written` write in the folder, which is there and nobody else's meanwhile.

        written: is handed the folder; may raise OSError and InputError. complaint: what an answer
        begins with, such as "Your ink is not kept". Returns what hindered it, as one line.
        """
        if self.folder is None:
            return f"{complaint}: there is no folder of your own for it."
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with FileLock(self.folder / LOCK, timeout=_LOCKED):
                written(self.folder)
        except InputError as error:
            return f"{complaint}: {error}"
        except Timeout:
            return f"{complaint}: another window is writing in {self.folder}."
        except NotImplementedError:
            return f"{complaint}: {self.folder}: it has no locks."
        except OSError as error:
            return f"{complaint}: {self.folder}: {explain_os_error(error)}."
        return None
