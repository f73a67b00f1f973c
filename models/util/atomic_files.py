"""Writing files and lines whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import time
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from pathlib import Path

# What `os.link` answers where a file system has no hard links: FAT and exFAT, some network and
# phone storage, containers that forbid them.
_NO_LINKS = {errno.EPERM, errno.EACCES, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EMLINK}

_DRAFT = ".inkling-"
_FORGOTTEN = 3600.0  # seconds; no writing takes as long


def write_whole(path: Path, content: bytes) -> None:
    """Puts `content` in the place of a file, which is then the old one or the new, never less.

    Raises OSError, and then the file is as it was. A link is followed, and its target written; a
    device or a pipe is refused, since it would be replaced by a file.
    """
    path = Path(path).resolve()
    if path.exists() and not path.is_file() and not path.is_dir():
        raise OSError(errno.EINVAL, "it is a device or a pipe, not a file", str(path))
    with _written(path.parent, content) as draft:
        # A file keeps the permissions that somebody gave it.
        with contextlib.suppress(OSError):
            draft.chmod(path.stat().st_mode & 0o7777)
        draft.replace(path)
    _settle(path.parent)


def write_new_together(folder: Path, stem: str, contents: Mapping[str, bytes]) -> tuple[Path, ...]:
    """Writes new files of one stem, all or none; files that exist are never touched.

    contents: what to write, for each ending (".png"). The files take their names in this order.

    Where one of the names is taken, all get the same number: `stem-2`, then `stem-3`.

    Returns the paths written, in the order of `contents`. Raises OSError, and then none of them is
    left behind.
    """
    with contextlib.ExitStack() as drafts:
        written = [drafts.enter_context(_written(folder, data)) for data in contents.values()]
        for number in count(1):
            name = stem if number == 1 else f"{stem}-{number}"
            paths = tuple(folder / f"{name}{ending}" for ending in contents)
            if any(os.path.lexists(path) for path in paths):
                continue
            with contextlib.suppress(FileExistsError):
                _name_all(written, paths)
                _settle(folder)
                return paths
    raise AssertionError("count() has no end")


def append_line(path: Path, line: bytes, is_whole: Callable[[bytes], bool]) -> None:
    """Adds a line to a file, which is made where it is missing; it is then safely on the disk.

    line: without its end. is_whole: what to do about a last line that has no end, which a crash or
    an editor left: True gives it one, False cuts it off.

    Raises OSError, and then nothing of the line stays, as far as the disk allows.
    """
    new = not path.exists()
    with path.open("a+b", buffering=0) as file:
        end = file.seek(0, os.SEEK_END)
        file.seek(max(0, end - 1))
        if end and file.read(1) != b"\n":
            file.seek(0)
            last = file.read().rpartition(b"\n")[2]
            if is_whole(last):
                line = b"\n" + line
            else:
                end -= len(last)
                file.truncate(end)
        try:
            left = memoryview(line + b"\n")
            while left:
                left = left[file.write(left) :]
            os.fsync(file.fileno())
        except BaseException:
            with contextlib.suppress(OSError):
                file.truncate(end)
            raise
    if new:
        _settle(path.parent)


def sweep(folder: Path) -> None:
    """Removes drafts that a killed program left in the folder an hour ago or more."""
    for draft in folder.glob(f"{_DRAFT}*.tmp"):
        with contextlib.suppress(OSError):
            if time.time() - draft.stat().st_mtime > _FORGOTTEN:
                draft.unlink()


@contextlib.contextmanager
def _written(folder: Path, content: bytes) -> Iterator[Path]:
    """A draft that holds `content`, safely on the disk, gone when the context ends."""
    draft = folder / f"{_DRAFT}{os.urandom(8).hex()}.tmp"
    try:
        with draft.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        yield draft
    finally:
        with contextlib.suppress(OSError):
            draft.unlink()


def _name_all(drafts: list[Path], paths: tuple[Path, ...]) -> None:
    named: list[Path] = []
    try:
        for draft, path in zip(drafts, paths, strict=True):
            _name(draft, path)
            named.append(path)
    except BaseException:
        for path in named:
            with contextlib.suppress(OSError):
                path.unlink()
        raise


def _name(draft: Path, path: Path) -> None:
    """Gives a draft its name; raises FileExistsError where that is taken."""
    if os.name == "nt":
        draft.rename(path)  # refuses an existing name there
        return
    try:
        os.link(draft, path)
    except FileExistsError:
        raise
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        _name_without_links(draft, path)


def _name_without_links(draft: Path, path: Path) -> None:
    """Takes the name with an empty file, so that no other program can, and replaces that.

    Only a crash between these two calls leaves the empty file; nothing of another's is ever lost.
    """
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
    try:
        draft.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            path.unlink()
        raise


def _settle(folder: Path) -> None:
    """Makes the folder's new names survive a power cut, where the system has a way to."""
    if os.name == "nt":
        return
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
