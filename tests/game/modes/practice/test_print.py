"""Practice prints the tasks that were just asked."""

from __future__ import annotations

from pathlib import Path

import pygame

from game.batch.pilot import letter, press
from game.modes.practice.mode import PracticeMode
from game.modes.practice.round import TASKS
from game.sheets.worksheet import worksheet_named
from tests.helpers.game import give
from tests.helpers.modes import mode, page_with_ink


def test_the_tasks_of_a_round_become_a_worksheet(tmp_path: Path) -> None:
    game = page_with_ink(tmp_path, "Ada")
    give(game, letter("g"), letter("t"), press(pygame.K_RIGHT), press(pygame.K_RETURN))
    practising = mode(game)
    assert isinstance(practising, PracticeMode)
    practice = practising.practice
    asked = []
    for _ in range(TASKS):
        assert practice.round is not None
        asked.append(practice.round.task.question)
        give(game, letter("n"))
    assert practice.page == "results"
    give(game, letter("p"))
    (path,) = (tmp_path / "drawings").glob("worksheet-*.pdf")
    assert path.read_bytes().startswith(b"%PDF")
    sheet = worksheet_named(path.stem.removeprefix("worksheet-"))
    assert sheet is not None
    assert [field.prompt for page in sheet.pages for field in page.fields] == asked
    game.close()
