"""A person at a browser: the page in Chromium, written on by mouse, pen and finger."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.ink.inkml import read_inkml
from models.ink.strokes import Stroke, bounding_box
from models.recognition.network import load_network
from tests.helpers.browser import BROWSER, DESK, NAMES, PHONE, BrowserPage, ink
from tests.helpers.data import data_dir
from tests.helpers.serve import served

playwright = pytest.importorskip("playwright.sync_api", reason="needs tests/requirements.txt")
pytestmark = pytest.mark.skipif(BROWSER is None, reason=f"needs one of {', '.join(NAMES)}")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served() as address:
        yield address


@pytest.fixture
def desk(browser: Any, address: str) -> Iterator[BrowserPage]:
    sheet = BrowserPage(browser.new_context(**DESK), address)
    yield sheet
    sheet.close()


@pytest.fixture
def phone(browser: Any, address: str) -> Iterator[BrowserPage]:
    sheet = BrowserPage(browser.new_context(**PHONE), address)
    yield sheet
    sheet.close()


def test_digits_are_read_undone_cleared_and_saved(desk: BrowserPage, tmp_path: Path) -> None:
    assert desk.page.locator("#invitation").text_content() == "Draw digits"
    desk.mouse(ink("407"))
    desk.answer("407")
    assert not desk.page.locator("#invitation").is_visible()
    assert desk.page.locator("#bars li").count() == 10
    assert desk.page.locator("#bars .best .name").text_content() == "7"
    desk.page.keyboard.press("ArrowLeft")
    desk.page.wait_for_function(
        "() => document.querySelector('#bars .best .name').textContent === '0'"
    )
    assert desk.page.locator("#place").text_content() == "2 of 3"
    picture, strokes = desk.saved("#png", tmp_path), desk.saved("#inkml", tmp_path)
    assert picture.suffix == ".png" and picture.read_bytes().startswith(b"\x89PNG")
    assert len(read_inkml(strokes).strokes) == len(ink("407"))
    for key in ("Control+z", "Control+z", "Control+z", "Control+y", "Control+y", "Control+y"):
        desk.page.keyboard.press(key)
    desk.answer("407")
    desk.page.keyboard.press("c")
    desk.answer("")
    assert desk.inked == 0 and desk.page.locator("#invitation").is_visible()
    desk.page.click("#undo")
    desk.answer("407")
    assert desk.inked > 1_000


def test_words_are_read_where_letters_are_wanted(desk: BrowserPage) -> None:
    training = pytest.importorskip("training.words.samples", reason="needs training's packages")
    from training.data.synthetic_lines import LineLayout, set_line

    people = training.letters_by_writer(load_network("characters"), data_dir("digilets"), "report")
    text = "hand"
    hand = next(own for _, own in sorted(people.items()) if set(text) <= own.keys())
    layout = LineLayout(gap=(0.1, 0.2), size=(1, 1), slant=(0, 0), rise=(0, 0), lift=(0, 0),
                        typographic=True)  # fmt: skip
    word = set_line([hand[each][0] for each in text], layout, np.random.default_rng(0)).strokes
    box = bounding_box(word)
    scale = min(400 / box.width, 120 / box.height)
    desk.page.keyboard.press("l")
    desk.page.wait_for_function(
        "() => document.getElementById('invitation').textContent.endsWith('letters')"
    )
    desk.mouse([Stroke((each.points - (box.x, box.y)) * scale + (60, 200)) for each in word])
    desk.answer(text)
    assert desk.page.get_attribute("#letters", "aria-pressed") == "true"


def test_ink_is_there_at_once_and_again_after_a_reload(desk: BrowserPage) -> None:
    first, *others = desk.on_window(ink("1")[0])
    desk.page.mouse.move(*first)
    desk.page.mouse.down()
    for point in others:
        desk.page.mouse.move(*point)
    assert desk.inked > 300
    desk.page.mouse.up()
    desk.answer("1")
    before = desk.inked
    desk.page.reload()
    desk.ready()
    desk.answer("1")
    assert desk.inked == pytest.approx(before, rel=0.03)
    desk.mouse(ink("5", corner=(400, 150)))
    desk.answer("15")
    desk.page.click("#undo")
    desk.page.click("#clear")
    desk.answer("")


def test_two_pages_are_independent(browser: Any, address: str) -> None:
    context = browser.new_context(**DESK)
    one, other = BrowserPage(context, address), BrowserPage(context, address)
    one.mouse(ink("3"))
    other.mouse(ink("58"))
    one.answer("3")
    other.answer("58")
    other.page.keyboard.press("c")
    other.answer("")
    one.answer("3")
    one.page.close()
    other.close()
    assert one.wrong == []


def test_what_is_written_without_a_connection_is_read_when_it_is_back(
    browser: Any, address: str
) -> None:
    is_cut, sockets = False, []

    def pass_on(socket: Any) -> None:
        if is_cut:
            socket.close()
        else:
            socket.connect_to_server()
            sockets.append(socket)

    context = browser.new_context(**DESK)
    context.route_web_socket("**/ink", pass_on)
    desk = BrowserPage(context, address)
    desk.mouse(ink("4"))
    desk.answer("4")
    is_cut = True
    sockets[-1].close()
    desk.page.wait_for_function("() => document.getElementById('link').className === 'lost'")
    desk.mouse(ink("2", corner=(300, 150)))
    assert desk.page.locator("#answer").text_content() == "4" and desk.inked > 3_000
    is_cut = False
    desk.answer("42")
    desk.close()


def test_a_phone_is_written_on_by_finger(phone: BrowserPage) -> None:
    page = phone.page
    phone.finger(ink("20", height=80, corner=(30, 90)))
    phone.answer("20")
    width, height = PHONE["viewport"].values()  # type: ignore[attr-defined]
    size = page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
    )
    assert size == [width, height]
    assert page.evaluate("[scrollX, scrollY, visualViewport.scale]") == [0, 0, 1]
    for each in page.locator("button, input, #seen, #answer").all():
        box = each.bounding_box()
        if box is None:
            continue  # not shown now
        assert box["x"] >= 0 and box["x"] + box["width"] <= width
        assert box["y"] >= 0 and box["y"] + box["height"] <= height
    page.tap("#undo")
    page.tap("#undo")
    page.tap("#undo")
    page.tap("#redo")
    page.tap("#clear")
    phone.answer("")
    # Turned round, the ink keeps its place, and all of it is in sight.
    phone.finger(ink("7", height=80, corner=(60, 250)))
    phone.answer("7")
    page.set_viewport_size({"width": 640, "height": 360})
    phone.answer("7")
    bottom = page.locator("#ink").bounding_box()["height"]
    page.wait_for_function(
        "() => { const ink = document.getElementById('ink');"
        " const all = ink.getContext('2d').getImageData(0, 0, ink.width, ink.height).data;"
        " return all.some(each => each); }"
    )
    assert bottom < 330


def test_a_second_finger_and_a_palm_write_nothing(phone: BrowserPage) -> None:
    stroke = phone.on_window(ink("1", height=120, corner=(60, 90))[0])
    phone.touch("Start", stroke[0])
    for point in stroke[1:]:
        phone.touch("Move", point, (300, 300))
    phone.touch("End")
    phone.answer("1")
    phone.page.tap("#clear")
    phone.answer("")
    # The palm lies on the glass before the pen does, and stays there while it writes.
    phone.touch("Start", (250, 330))
    phone.touch("Move", (255, 335))
    phone.pen("Moved", *stroke[0], button="none")
    phone.pen("Pressed", *stroke[0], clickCount=1)
    for point in stroke[1:]:
        phone.pen("Moved", *point)
        phone.touch("Move", (256, 336))
    phone.pen("Released", *stroke[-1], clickCount=1)
    phone.touch("End")
    phone.touch("Start", (200, 300))
    phone.touch("End")
    phone.answer("1")


def test_it_can_be_used_without_a_mouse_and_by_ear(desk: BrowserPage) -> None:
    page = desk.page
    assert page.locator("#answer").evaluate("each => each.tagName") == "OUTPUT"
    for each in page.locator("button, input, canvas[role]").all():
        name = each.evaluate(
            "each => each.ariaLabel || each.labels?.[0]?.textContent || each.textContent"
        )
        assert name and name.strip()
    reached = set()
    desk.mouse(ink("6"))
    desk.answer("6")
    for _ in range(12):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.id"))
    assert {"ink", "clear", "undo", "redo", "letters", "width", "png", "inkml"} <= reached
    page.focus("#clear")
    page.keyboard.press("Enter")
    desk.answer("")
    page.keyboard.press("]")
    page.wait_for_function("() => document.getElementById('width').value === '8'")


def test_names_are_shown_as_text_only(desk: BrowserPage) -> None:
    """No part of the page makes markup of what it is told."""
    for script in ("answers", "connection", "ink", "main", "panel", "pen", "task"):
        source = desk.page.evaluate("async name => (await fetch(name)).text()", f"{script}.js")
        assert len(source) > 500
        for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
            assert word not in source
    assert desk.page.evaluate("() => performance.getEntriesByType('resource')"
                              ".every(each => each.name.startsWith(location.origin))")  # fmt: skip
