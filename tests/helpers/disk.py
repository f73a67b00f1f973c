"""A disk without room."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest


@contextlib.contextmanager
def no_room(size: int = 4096) -> Iterator[None]:
    """The system refuses files of more than `size` bytes, as a full disk refuses their end."""
    resource = pytest.importorskip("resource", reason="Windows has no limit on file sizes")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
