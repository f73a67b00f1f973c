"""A folder that several windows write in, one at a time."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from models.util.errors import InputError, StorageError, explain_os_error

LOCK = "profile.lock"
_PATIENCE = 1.0  # seconds to wait for another window that writes


@contextlib.contextmanager
def locked(folder: Path | None, complaint: str) -> Iterator[Path]:
    """The folder, which is made where it is missing; no other window writes in it meanwhile.

    folder: None where there is no place for one. complaint: how an error begins, such as "Your ink
        is not kept".

    Raises StorageError, also in the place of an OSError or InputError of the block within.
    """
    if folder is None:
        raise StorageError(f"{complaint}: there is no folder of your own for it.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / LOCK, timeout=_PATIENCE):
            yield folder
    except InputError as error:
        raise StorageError(f"{complaint}: {error}") from None
    except Timeout:
        raise StorageError(f"{complaint}: another window is writing in {folder}.") from None
    except NotImplementedError:
        raise StorageError(f"{complaint}: {folder}: it has no locks.") from None
    except OSError as error:
        raise StorageError(f"{complaint}: {folder}: {explain_os_error(error)}.") from None
