"""A phone as the pen of the window, in Chromium."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from models.ink.strokes import Stroke
from tests.helpers.browser import BROWSER, NAMES, PHONE, BrowserPage, ink
from tests.helpers.game import meanwhile, new_game

playwright = pytest.importorskip("playwright.sync_api", reason="needs tests/requirements.txt")
pytestmark = pytest.mark.skipif(BROWSER is None, reason=f"needs one of {', '.join(NAMES)}")


def test_a_phone_is_the_pen_of_the_window(tmp_path: Path) -> None:
    game = new_game(tmp_path)
    assert game.start_phone() and game.phone is not None
    address = game.phone.address

    def write() -> dict[str, float]:
        """Writes on the sheet, upright. Returns where on the screen that is."""
        with playwright.sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
            phone = BrowserPage(browser.new_context(**PHONE), address)
            paper: dict[str, float] = phone.page.locator("#paper").bounding_box()
            scale = paper["width"] / game.board.document.size[0]
            canvas = phone.page.locator("#ink").bounding_box()
            corner = np.array([paper["x"] - canvas["x"], paper["y"] - canvas["y"]])
            phone.finger([Stroke(each.points * scale + corner) for each in ink("42", 250)])
            phone.answer("42")
            assert not phone.page.locator("#bars").is_visible()
            phone.page.tap("#undo")
            phone.page.tap("#redo")
            phone.answer("42")
            phone.close()
            browser.close()
        return paper

    paper = meanwhile(game, write)
    page = game.board.document
    assert game.board.reading.text == "42"
    assert paper["width"] / paper["height"] == pytest.approx(page.size[0] / page.size[1], rel=0.01)
    for stroke, wanted in zip(page.strokes, ink("42", 250), strict=True):
        assert stroke.points[-1] == pytest.approx(wanted.points[-1], abs=2)
    game.close()
