"""The running game, of a person whose profile is kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from game.app import Game
from tests.helpers.profiles import open_game


@pytest.fixture
def people(tmp_path: Path) -> Path:
    """The folder of the profiles."""
    return tmp_path / "profiles"


@pytest.fixture
def game(tmp_path: Path, people: Path) -> Iterator[Game]:
    running = open_game(tmp_path, people)
    yield running
    running.close()
