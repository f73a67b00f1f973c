"""A class in Chromium: its pupils' pages, the teacher's, and a server that is killed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from game.profiles.profile import Profile
from tests.helpers.browser import BROWSER, DESK, NAMES, PHONE, BrowserPage, ink
from tests.helpers.serve import running

playwright = pytest.importorskip("playwright.sync_api", reason="needs tests/requirements.txt")
pytestmark = pytest.mark.skipif(BROWSER is None, reason=f"needs one of {', '.join(NAMES)}")


def test_a_class_writes_and_its_teacher_sees_it(browser: Any) -> None:
    with running("--class", "--port", "0") as server:
        assert server.stdout is not None
        pupils, teacher = (server.stdout.readline().split()[1] for _ in range(2))
        board = browser.new_page()
        board.goto(teacher)
        ada = BrowserPage(browser.new_context(**PHONE), pupils, "Ada")
        for done in range(2):
            asked = ada.page.locator("#request strong").text_content().strip()
            ada.finger(ink(asked, height=120, corner=(60, 60)))
            ada.page.tap("button[data-step=next]")
            ada.page.wait_for_function(
                "done => document.getElementById('progress').value === done", arg=done + 1
            )
            assert ada.inked == 0
        board.wait_for_function("() => document.querySelector('#pupils progress')?.value === 2")
        assert board.locator("#pupils h2").text_content() == "Ada"
        assert board.locator("#pupils strong").text_content() == asked
        with board.expect_download() as download:
            board.click("#results")
        assert download.value.path().read_text().startswith("name,samples,")
        ada.page.reload()
        ada.ready()
        assert ada.page.locator("#count").text_content() == "2 of 50"
        other = browser.new_context(**DESK).new_page()
        other.goto(pupils)
        other.fill("#name", "Ada")
        other.keyboard.press("Enter")
        other.wait_for_function(
            "() => document.getElementById('refused').textContent.includes('here already')"
        )
        other.fill("#name", "Bob")
        other.keyboard.press("Enter")
        other.wait_for_function("() => document.getElementById('link').className === 'well'")
        other.context.close()
        board.context.close()
        ada.close()


def test_a_class_practises_and_goes_on_in_the_middle_of_a_task(
    browser: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A verdict is shown and counted; ink outlives the server, and with it what was pressed."""
    monkeypatch.setenv("INKLING_DATA_DIR", str(tmp_path))
    tasks = ("--class", "--tasks", "sums", "--level", "1")
    with running(*tasks, "--port", "0") as server:
        assert server.stdout is not None
        address = server.stdout.readline().split()[1]
        ada = BrowserPage(browser.new_context(**PHONE), address, "Ada")
        page = ada.page
        assert page.locator("#invitation").text_content() == "Write the answer here"
        ada.finger(ink(_sum(page), height=120, corner=(60, 60)))
        page.wait_for_function("() => document.getElementById('remark').className === 'right'")
        _press(page, "next")
        page.wait_for_function("() => document.getElementById('count').textContent === '1 of 10'")
        page.wait_for_function("() => document.getElementById('remark').textContent === ''")
        wrong = "3" if _sum(page) != "3" else "5"
        ada.finger(ink(wrong, height=120, corner=(60, 60)))
        _press(page, "done")
        page.wait_for_function("() => document.getElementById('remark').className === 'missed'")
        server.kill()
        server.wait()
    page.wait_for_function("() => document.getElementById('link').className === 'lost'")
    asked = page.locator("#request").text_content()
    page.tap("button[data-step=skip]")
    with running(*tasks, "--port", address.split(":")[2].partition("/")[0]) as again:
        assert again.stdout is not None and again.stdout.readline().split()[1] == address
        again.stdout.readline()
        ada.ready()
        page.wait_for_function("() => document.getElementById('count').textContent === '2 of 10'")
        assert page.locator("#request").text_content() != asked and ada.inked == 0
        assert page.locator("#score").text_content() == "1 right, streak 0"
        ada.wrong = [line for line in ada.wrong if "ERR_CONNECTION_REFUSED" not in line]
        ada.close()


def _press(page: Any, step: str) -> None:
    """Presses a step's button, unless the step was taken by itself meanwhile: after a second."""
    page.evaluate(f"() => document.querySelector('button[data-step={step}]:enabled')?.click()")


def _sum(page: Any) -> str:
    """The answer to the task that is shown."""
    left, sign, right, _ = page.locator("#request").text_content().split()
    return str(int(left) + int(right) if sign == "+" else int(left) - int(right))


def test_ink_outlives_the_server_of_a_class(
    browser: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pupil writes while the server is killed and started again, and loses nothing."""
    monkeypatch.setenv("INKLING_DATA_DIR", str(tmp_path))
    with running("--class", "--port", "0") as server:
        assert server.stdout is not None
        address = server.stdout.readline().split()[1]
        ada = BrowserPage(browser.new_context(**PHONE), address, "Ada")
        ada.finger(ink("4", height=120, corner=(60, 60)))
        ada.page.wait_for_function(
            "() => document.getElementById('answer').getAttribute('aria-busy') === 'false'"
        )
        server.kill()
        server.wait()
    ada.page.wait_for_function("() => document.getElementById('link').className === 'lost'")
    written = ada.inked
    ada.finger(ink("1", height=120, corner=(220, 60)))
    with running("--class", "--port", address.split(":")[2].partition("/")[0]) as again:
        assert again.stdout is not None and again.stdout.readline().split()[1] == address
        again.stdout.readline()
        ada.ready()
        assert ada.inked > written
        ada.page.tap("button[data-step=next]")
        ada.page.wait_for_function("() => document.getElementById('progress').value === 1")
        assert ada.inked == 0
        kept, _ = Profile(tmp_path / "profiles", "Ada").samples.read()
        assert len(kept) == 1 and len(kept[0].strokes) == len(ink("41"))
        ada.wrong = [line for line in ada.wrong if "ERR_CONNECTION_REFUSED" not in line]
        ada.close()
