"""A person's profile: its name, and the folder of what that person wrote."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from models.adaptation.samples import Samples
from models.util.errors import InputError

USUAL = "me"  # the name of the profile where none was chosen
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


@dataclass(frozen=True)
class Profile:
    """The person whose results and samples are kept.

    root: the folder of all profiles, made when it is first written to; None keeps nothing.
    """

    root: Path | None
    name: str = USUAL

    @property
    def folder(self) -> Path | None:
        return None if self.root is None else self.root / self.name

    @property
    def samples(self) -> Samples:
        return Samples(self.folder)
