"""The profiles on this computer, and the one chosen last, which the next start goes on with.

profile.txt      beside the folder of all profiles: the name of the one that was chosen last
"""

from __future__ import annotations

from pathlib import Path

from game.profiles.profile import USUAL, Profile, is_name
from models.adaptation.samples import profile_names
from models.util.atomic_files import write_whole
from models.util.errors import StorageError, explain_os_error
from models.util.locked_folder import LOCK, locked

LAST = "profile.txt"


def last_change(own: Path) -> float:
    """When a profile's folder was last written to, in seconds since 1970. Raises OSError."""
    files = [each.stat().st_mtime for each in own.iterdir() if each.name != LOCK]
    return max(files, default=own.stat().st_mtime)


def by_last_change(root: Path | None) -> tuple[str, ...]:
    """The names of all profiles, the one that was written to last before the others.

    root: the folder of all profiles. Raises InputError where it cannot be read.
    """
    if root is None:
        return ()
    names = [name for name in profile_names(root) if is_name(name)]
    return tuple(sorted(names, key=lambda name: -_change(root / name)))


def last_chosen(root: Path | None) -> str:
    """The profile that was chosen last, if it is still there; `USUAL` for anything else."""
    if root is None:
        return USUAL
    path = root.parent / LAST
    try:
        name = path.read_text(encoding="utf-8").strip() if path.is_file() else ""
        return name if is_name(name) and (root / name).is_dir() else USUAL
    except (OSError, ValueError):  # ValueError: no text
        return USUAL


def choose(profile: Profile) -> None:
    """Makes the profile's folder, and has the next start go on with it.

    Raises StorageError; the profile can be used as well as before.
    """
    with locked(profile.folder, "What is written now is not kept"):
        pass
    assert profile.root is not None
    path = profile.root.parent / LAST
    try:
        write_whole(path, f"{profile.name}\n".encode())
    except OSError as error:
        raise StorageError(
            f"The next start will not know of {profile.name}: {path}: {explain_os_error(error)}."
        ) from None


def _change(own: Path) -> float:
    try:
        return last_change(own)
    except OSError:
        return 0.0  # one that cannot be read comes last
