"""All tests but the end-to-end ones run without a screen, and away from the player's own ink."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from game.start import import_pygame

os.environ["SDL_VIDEODRIVER"] = "dummy"
import_pygame()

import pygame.font  # noqa: E402 (after what keeps it quiet)

pygame.font.init()


@pytest.fixture(autouse=True)
def no_folder_of_the_player(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INKLING_DATA_DIR", str(tmp_path / "data"))
