"""Who there is, and who wrote last: the next start goes on with that person.

profile.txt      beside the folder of all profiles: the name of the one that was chosen last
"""

from __future__ import annotations

from pathlib import Path

from game.profiles.profile import LOCK, USUAL, Profile, is_name
from models.adaptation.samples import profile_names
from models.util.atomic_files import write_whole
from models.util.errors import InputError, explain_os_error

LAST = "profile.txt"


def last_change(own: Path) -> float:
    """When a profile's folder was last written to, in seconds since 1970. Raises OSError."""
    files = [each.stat().st_mtime for each in own.iterdir() if each.name != LOCK]
    return max(files, default=own.stat().st_mtime)


def by_last_change(people: Path | None) -> tuple[tuple[str, ...], str | None]:
    """The names of all profiles, the one that was written to last before the others.

    people: the folder of all profiles. Returns them, and why there are none to be had, as a line.
    """
    if people is None:
        return (), None
    try:
        names = [name for name in profile_names(people) if is_name(name)]
    except InputError as error:
        return (), str(error)
    return tuple(sorted(names, key=lambda name: -_change(people / name))), None


def last_chosen(people: Path | None) -> str:
    """Who was chosen last, if there is such a profile still; `USUAL` for anything else."""
    if people is None:
        return USUAL
    path = people.parent / LAST
    try:
        name = path.read_text(encoding="utf-8").strip() if path.is_file() else ""
        return name if is_name(name) and (people / name).is_dir() else USUAL
    except (OSError, ValueError):  # ValueError: no text
        return USUAL


def choose(profile: Profile) -> str | None:
    """Makes the profile's folder, and has the next start go on with it.

    Returns what hindered it, as one line; the profile can be used as well as before.
    """
    told = profile.write(lambda own: None, "What is written now is not kept")
    if told is not None or profile.people is None:
        return told
    path = profile.people.parent / LAST
    try:
        write_whole(path, f"{profile.name}\n".encode())
    except OSError as error:
        return f"The next start will not know of {profile.name}: {path}: {explain_os_error(error)}."
    return None


def _change(own: Path) -> float:
    try:
        return last_change(own)
    except OSError:
        return 0.0  # one that cannot be read comes last
