"""All tests but the end-to-end ones run without a screen, and away from the player's own ink."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from hypothesis import settings

from game.window.start import import_pygame

os.environ["SDL_VIDEODRIVER"] = "dummy"
import_pygame()

import pygame.font  # noqa: E402 (after what keeps it quiet)

pygame.font.init()

# How long an example takes says more of the machine's other work than of the code.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# A shell that starts the tests in the background makes them ignore Ctrl-C, and the programs that
# they start would inherit that; these are to be told to stop like any other.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def no_folder_of_the_player(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INKLING_DATA_DIR", str(tmp_path / "data"))
