"""A file of results that a run which was broken off goes on with."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from models.util.atomic_files import write_whole
from models.util.errors import InputError, explain_os_error

_EVERY = 1.0  # seconds between notes of how far the run is


class ResumableLines:
    """Lines of results, file after file, in a file of their own.

    Beside it `NAME.progress` notes how many files are done, until all are. A run that is killed
    has done at most a second's work in vain.
    """

    def __init__(self, path: Path, files: Sequence[str], resume: bool) -> None:
        """path: of the lines; a new file unless the run resumes. files: the names of all of them.

        Raises InputError where the file is there already, cannot be written, or has nothing that
        can be resumed with these files.
        """
        self.done = 0
        self._path, self._note = path, path.with_name(path.name + ".progress")
        self._names = hashlib.sha256("\0".join(files).encode()).hexdigest()
        self._noted = time.monotonic()
        try:
            size = self._noted_size() if resume and path.exists() else None
            self._file: BinaryIO = path.open("xb" if size is None else "r+b")
            if size is not None:
                self._file.truncate(size)
                self._file.seek(size)
        except FileExistsError:
            raise InputError(
                f"{path}: is there already; name another file, or go on with it by --resume."
            ) from None
        except OSError as error:
            raise self._explain(error) from None

    def _noted_size(self) -> int:
        """The bytes of the files that are done, which `done` counts then."""
        try:
            note = json.loads(self._note.read_text())
            same, done, size = note["names"] == self._names, int(note["files"]), int(note["bytes"])
        except FileNotFoundError:
            raise InputError(
                f"{self._path}: nothing to resume, it is finished or was written otherwise; name "
                "another file."
            ) from None
        except (ValueError, KeyError, TypeError):
            raise InputError(f"{self._note}: damaged; delete both, and begin anew.") from None
        if not same:
            raise InputError(
                f"{self._path}: was begun with other files; resume it with the same ones."
            )
        self.done = done
        return size

    def write(self, line: str) -> None:
        """Adds a line to those of the present file."""
        try:
            self._file.write(line.encode() + b"\n")
        except OSError as error:
            raise self._explain(error) from None

    def end_file(self) -> None:
        """The present file has no more lines."""
        self.done += 1
        if time.monotonic() - self._noted > _EVERY:
            self._keep()

    def pause(self) -> None:
        """Keeps all that is finished, for a run that goes on later."""
        self._keep()
        self._file.close()

    def finish(self) -> None:
        """There are no more files."""
        try:
            self._file.close()
            self._note.unlink(missing_ok=True)
        except OSError as error:
            raise self._explain(error) from None

    def _keep(self) -> None:
        try:
            self._file.flush()
            note = {"names": self._names, "files": self.done, "bytes": self._file.tell()}
            write_whole(self._note, json.dumps(note).encode())
        except OSError as error:
            raise self._explain(error) from None
        self._noted = time.monotonic()

    def _explain(self, error: OSError) -> InputError:
        return InputError(f"{self._path}: cannot be written, {explain_os_error(error)}.")
