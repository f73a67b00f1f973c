"""Where the tests find other people's data, which is not in the repository."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def data_dir(*files: str) -> Path:
    """The folder that DATA_DIR names; skips the test where it, or one of `files` in it, is not."""
    named = os.environ.get("DATA_DIR")
    if not named:
        pytest.skip("needs the data sets: set DATA_DIR to their folder")
    folder = Path(named)
    for file in files:
        if not (folder / file).exists():
            pytest.skip(f"needs {folder / file}")
    return folder
