"""Profiles without a window: list them, delete one, export its samples.

python -m game profiles
python -m game forget NAME
python -m game export NAME --format idx
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

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
    """What a profile holds. characters: how many samples of each. changed: the last time."""

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


def run(options: argparse.Namespace) -> int:
    """Runs one of `options.NAMES`. Returns the exit status. Raises InputError."""
    folder = profiles_folder()
    if folder is None:
        raise InputError("There is no folder of your own for profiles; INKLING_DATA_DIR names one.")
    if options.command == "profiles":
        return _list(folder, options.json)
    own = _known(folder, options.name)
    if options.command == "forget":
        return _forget(own, options.samples_only, options.yes)
    written, left_out = export(own.name, _samples(own), options.format, options.output)
    for path in written:
        print(f"Wrote {path}")
    if left_out:
        print(f"Samples of no digit or letter are left out: {' '.join(left_out)}")
    return 0


def _names(folder: Path) -> list[str]:
    return [name for name in profile_names(folder) if is_name(name)]


def _known(folder: Path, name: str) -> Path:
    """The folder of one profile. Raises InputError, naming those that there are."""
    names = _names(folder)
    if name in names:
        return folder / name
    there = f"there are {', '.join(names)}" if names else "there is none yet"
    raise InputError(f"No profile is called {name!r}; {there}, in {folder}.")


def _samples(own: Path) -> tuple[Drawing, ...]:
    """The samples of a profile; a warning about a damaged one goes to the standard error stream."""
    samples, warning = Samples(own).read()
    if warning is not None:
        print(warning, file=sys.stderr)
    return samples


def _list(folder: Path, as_json: bool) -> int:
    summaries = [_summary(folder / name) for name in _names(folder)]
    if as_json:
        for summary in summaries:
            print(summary.to_json())
        return 0
    if not summaries:
        print(f"No profiles yet in {folder}; `python -m game --profile NAME` makes one.")
        return 0
    width = max(len("profile"), *(len(one.name) for one in summaries))
    print(f"{'profile':{width}}  samples  digits  letters  last change")
    for one in summaries:
        counts = f"{one.characters.total():7}  {one.digits:6}  {one.letters:7}"
        print(f"{one.name:{width}}  {counts}  {one.changed:%Y-%m-%d %H:%M}")
    print(f"In {folder}")
    return 0


def _summary(own: Path) -> Summary:
    characters = Counter(sample.label or "" for sample in _samples(own))
    try:
        changed = last_change(own)
    except OSError as error:
        raise InputError(f"{own}: cannot be read: {explain_os_error(error)}.") from None
    return Summary(own.name, own, characters, datetime.fromtimestamp(changed).astimezone())


def _forget(own: Path, samples_only: bool, sure: bool) -> int:
    count = len(_samples(own))
    ink = f"the ink of {own.name}, {count} sample{'s' * (count != 1)}"
    what = ink if samples_only else f"{ink}, and the results"
    if not sure and not _agreed(what):
        print("Nothing is deleted.")
        return 0

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
    return 0


def _agreed(what: str) -> bool:
    """Whether the person at the terminal says yes. Raises InputError where there is none."""
    if not sys.stdin or not sys.stdin.isatty():
        raise InputError(f"This deletes {what}; there is no terminal to ask on, so add --yes.")
    print(f"This deletes {what}, for good. Delete? [y/N] ", end="", flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")
