"""The errors that a person is shown, each one line of text, and plain words for the system's."""

from __future__ import annotations

import errno

_REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EROFS: "it can only be read, not written",
    errno.EACCES: "there is no permission for it",
    errno.EPERM: "there is no permission for it",
    errno.ENOTDIR: "a part of its path is a file, not a folder",
    errno.EEXIST: "a file of that name stands in the folder's place",
    errno.EISDIR: "it is a folder, not a file",
    errno.ENOENT: "it does not exist",
    errno.ENAMETOOLONG: "its name is too long",
    errno.EFBIG: "it would be too large for this disk",
    errno.EIO: "the disk has an error",
}


class InklingError(Exception):
    """The base of the program's own errors. The text is one line for the person at the screen."""


class InputError(InklingError, ValueError):
    """Input that cannot be used. The text says where, what is wrong, and what would be right."""


class StorageError(InklingError):
    """Something could not be written. The text says what is not kept, and why."""


def explain_os_error(error: OSError) -> str:
    """Why a file could not be read or written, as the end of a sentence about the file."""
    known = _REASONS.get(error.errno) if error.errno is not None else None
    return known or " ".join((error.strerror or str(error) or type(error).__name__).split())
