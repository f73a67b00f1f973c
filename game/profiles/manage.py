"""Profiles without a window: list them, delete one, export its samples."""

from __future__ import annotations

import json
import shutil
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from game.profiles.class_list import read_class
from game.profiles.directory import last_change
from game.profiles.export import export
from game.profiles.profile import is_name
from models.adaptation.samples import SAMPLES, TAKEN_BACK, Samples, profile_names, profiles_folder
from models.ink.strokes import Drawing
from models.recognition.labels import DIGITS
from models.util.errors import InputError, explain_os_error
from models.util.locked_folder import LOCK, locked

_INK = (SAMPLES, TAKEN_BACK, "contested.jsonl")


@dataclass(frozen=True)
class Summary:
    """What a profile holds. characters: how many samples of each. changed: its last change."""

    name: str
    folder: Path
    characters: Counter[str]
    changed: datetime

    @property
    def digits(self) -> int:
        return sum(self.characters[digit] for digit in DIGITS)

    @property
    def letters(self) -> int:
        return sum(count for one, count in self.characters.items() if one.isalpha())

    def to_json(self) -> str:
        """One line."""
        record = {
            "name": self.name,
            "samples": self.characters.total(),
            "digits": self.digits,
            "letters": self.letters,
            "characters": dict(sorted(self.characters.items())),
            "changed": self.changed.isoformat(timespec="seconds"),
            "folder": str(self.folder),
        }
        return json.dumps(record)


def list_profiles(as_json: bool) -> None:
    """Prints a table of all profiles, or a JSON line for each. Raises InputError."""
    root = _root()
    summaries = [_summary(root / name) for name in _names(root)]
    if as_json:
        for summary in summaries:
            print(summary.to_json())
        return
    if not summaries:
        print(f"No profiles yet in {root}; `python -m game --profile NAME` makes one.")
        return
    width = max(len("profile"), *(len(one.name) for one in summaries))
    print(f"{'profile':{width}}  samples  digits  letters  last change")
    for one in summaries:
        counts = f"{one.characters.total():7}  {one.digits:6}  {one.letters:7}"
        print(f"{one.name:{width}}  {counts}  {one.changed:%Y-%m-%d %H:%M}")
    print(f"In {root}")


def forget(name: str, samples_only: bool, sure: bool) -> None:
    """Deletes a profile. Raises InputError and StorageError.

    samples_only: deletes its ink alone. sure: without asking at the terminal.
    """
    own = _folder_of(name)
    count = len(_samples(own))
    ink = f"the ink of {own.name}, {count} sample{'s' * (count != 1)}"
    what = ink if samples_only else f"{ink}, and the results"
    if not sure and not _agreed(what):
        print("Nothing is deleted.")
        return
    with locked(own, f"Not all of {own.name} is deleted"):
        everything = [path for path in own.iterdir() if path.name != LOCK]
        for path in map(own.joinpath, _INK) if samples_only else everything:
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
    if not samples_only:
        try:
            shutil.rmtree(own)
        except OSError as error:
            raise InputError(f"{own}: cannot be deleted: {explain_os_error(error)}.") from None
    print(f"Deleted {what}.")


def export_samples(name: str, kind: str, output: Path) -> None:
    """Writes the samples of a profile as a data set, see `export`. Raises InputError."""
    own = _folder_of(name)
    _export(own.name, _samples(own), kind, output)


def export_class(kind: str, output: Path) -> None:
    """Writes the samples of the whole class as one data set, see `export`. Raises InputError."""
    root = _root()
    kept = read_class(root.parent)
    if kept is None or not kept.names:
        raise InputError("There is no class yet; `python -m game serve --class` begins one.")
    samples = [s for name in kept.present if (root / name).is_dir() for s in _samples(root / name)]
    _export("class", samples, kind, output)


def _export(name: str, samples: Sequence[Drawing], kind: str, output: Path) -> None:
    written, left_out = export(name, samples, kind, output)
    for path in written:
        print(f"Wrote {path}")
    if left_out:
        print(f"Samples of no digit or letter are left out: {' '.join(left_out)}")


def _root() -> Path:
    """The folder of all profiles. Raises InputError where there is no place for one."""
    root = profiles_folder()
    if root is None:
        raise InputError("There is no folder of your own for profiles; INKLING_DATA_DIR names one.")
    return root


def _names(root: Path) -> list[str]:
    return [name for name in profile_names(root) if is_name(name)]


def _folder_of(name: str) -> Path:
    """The folder of one profile. Raises InputError, naming those that there are."""
    root = _root()
    names = _names(root)
    if name in names:
        return root / name
    there = f"there are {', '.join(names)}" if names else "there is none yet"
    raise InputError(f"No profile is called {name!r}; {there}, in {root}.")


def _samples(own: Path) -> tuple[Drawing, ...]:
    """The samples of a profile; a warning about a damaged one goes to the standard error stream."""
    samples, warning = Samples(own).read()
    if warning is not None:
        print(warning, file=sys.stderr)
    return samples


def _summary(own: Path) -> Summary:
    characters = Counter(sample.label or "" for sample in _samples(own))
    try:
        changed = last_change(own)
    except OSError as error:
        raise InputError(f"{own}: cannot be read: {explain_os_error(error)}.") from None
    return Summary(own.name, own, characters, datetime.fromtimestamp(changed).astimezone())


def _agreed(what: str) -> bool:
    """Whether the person at the terminal says yes. Raises InputError where there is none."""
    if not sys.stdin or not sys.stdin.isatty():
        raise InputError(f"This deletes {what}; there is no terminal to ask on, so add --yes.")
    print(f"This deletes {what}, for good. Delete? [y/N] ", end="", flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")
