"""The class on this computer: who belongs to it, and the tokens of its pages.

class.json      beside the folder of all profiles; it can be read by its owner alone
"""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from models.util.atomic_files import write_whole
from models.util.errors import InputError, explain_os_error

_FILE = "class.json"
_TOKEN_BYTES = 16  # 128 bits


@dataclass(frozen=True)
class ClassList:
    """pupils, teacher: the tokens of their addresses. names: of the pupils, as they came.

    removed: those of them that the teacher took out.
    """

    pupils: str
    teacher: str
    names: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    @property
    def present(self) -> tuple[str, ...]:
        """The names without those that were taken out."""
        return tuple(name for name in self.names if name not in self.removed)

    def with_name(self, name: str) -> ClassList:
        """The class with one pupil more."""
        return replace(self, names=(*self.names, name))

    def with_removed(self, name: str, removed: bool) -> ClassList:
        """The class with a pupil taken out, or back."""
        others = tuple(each for each in self.removed if each != name)
        return replace(self, removed=(*others, name) if removed else others)


def read_class(folder: Path) -> ClassList | None:
    """The class that is kept in the user's folder; None where there is none. Raises InputError."""
    path = folder / _FILE
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        tokens = kept["pupils"], kept["teacher"]
        names, removed = tuple(kept["names"]), tuple(kept.get("removed", ()))
        texts = (*tokens, *names, *removed)
        if not all(isinstance(each, str) for each in texts) or not all(tokens):
            raise ValueError
    except FileNotFoundError:
        return None
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {explain_os_error(error)}.") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise InputError(f"{path}: is damaged; without it a new class begins.") from None
    return ClassList(*tokens, names, removed)


def new_class() -> ClassList:
    """A class without pupils."""
    return ClassList(secrets.token_urlsafe(_TOKEN_BYTES), secrets.token_urlsafe(_TOKEN_BYTES))


def keep_class(folder: Path, kept: ClassList) -> None:
    """Keeps a class in the user's folder. Raises InputError where it cannot be written."""
    path = folder / _FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.touch(mode=0o600)  # it holds the tokens
        write_whole(path, json.dumps(asdict(kept), indent=2).encode() + b"\n")
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {explain_os_error(error)}.") from None
