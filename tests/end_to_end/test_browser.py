"""A person at a browser: the page in Chromium, written on by mouse, pen and finger."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from game.profiles.profile import Profile
from models.ink.inkml import read_inkml
from models.ink.strokes import Stroke, bounding_box
from models.recognition.network import load_network
from tests.helpers.data import data_dir
from tests.helpers.game import meanwhile, new_game
from tests.helpers.samples import number
from tests.helpers.serve import running, served

playwright = pytest.importorskip("playwright.sync_api", reason="needs tests/requirements.txt")

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_BROWSER = next(filter(None, map(shutil.which, _NAMES)), None)
pytestmark = pytest.mark.skipif(_BROWSER is None, reason=f"needs one of {', '.join(_NAMES)}")

PATIENCE = 60_000  # milliseconds, on a machine with much else to do
DESK = {"viewport": {"width": 960, "height": 640}}
PHONE = {
    "viewport": {"width": 360, "height": 640},
    "device_scale_factor": 3,
    "is_mobile": True,
    "has_touch": True,
}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served() as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as driver:
        # A container has no room for the sandbox's own processes.
        browser = driver.chromium.launch(executable_path=_BROWSER, args=["--no-sandbox"])
        yield browser
        browser.close()


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


class BrowserPage:
    """The page in one tab, and hands on it."""

    def __init__(self, context: Any, address: str, name: str = "") -> None:
        """name: that is given in a class."""
        self.context = context
        self.page = context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.wrong: list[str] = []
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on(
            "console", lambda line: self.wrong.append(line.text) if line.type == "error" else None
        )
        self.page.goto(address)
        self.devtools = context.new_cdp_session(self.page)
        if name:
            self.page.fill("#name", name)
            self.page.click("#join button[type=submit]")
        self.ready()

    def close(self) -> None:
        """Nothing went wrong meanwhile, not even as a warning."""
        self.context.close()
        assert self.wrong == []

    def ready(self) -> None:
        self.page.wait_for_function("() => document.getElementById('link').className === 'well'")

    def answer(self, wanted: str) -> None:
        """Waits until that is what is asserted, of all the ink."""
        self.page.wait_for_function(
            "wanted => { const answer = document.getElementById('answer');"
            " return answer.textContent === wanted"
            " && answer.getAttribute('aria-busy') === 'false'; }",
            arg=wanted,
        )

    def on_window(self, stroke: Stroke) -> list[tuple[float, float]]:
        box = self.page.locator("#ink").bounding_box()
        some = [*stroke.points[:-1:2].tolist(), stroke.points[-1].tolist()]
        return [(box["x"] + x, box["y"] + y) for x, y in some]

    def mouse(self, strokes: Sequence[Stroke]) -> None:
        self.page.bring_to_front()
        for stroke in strokes:
            first, *others = self.on_window(stroke)
            self.page.mouse.move(*first)
            self.page.mouse.down()
            for point in others:
                self.page.mouse.move(*point)
            self.page.mouse.up()

    def pen(self, kind: str, x: float, y: float, button: str = "left", **more: Any) -> None:
        self.devtools.send(
            "Input.dispatchMouseEvent",
            {
                "type": f"mouse{kind}",
                "x": x,
                "y": y,
                "button": button,
                "pointerType": "pen",
                **more,
            },
        )

    def touch(self, kind: str, *points: tuple[float, float]) -> None:
        touches = [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(points)]
        self.devtools.send(
            "Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": touches}
        )

    def finger(self, strokes: Sequence[Stroke]) -> None:
        for stroke in strokes:
            first, *others = self.on_window(stroke)
            self.touch("Start", first)
            for point in others:
                self.touch("Move", point)
            self.touch("End")

    @property
    def inked(self) -> int:
        """Pixels of the canvas that have ink."""
        count: int = self.page.evaluate(
            "() => { const ink = document.getElementById('ink');"
            " const data = ink.getContext('2d').getImageData(0, 0, ink.width, ink.height).data;"
            " let count = 0; for (let i = 3; i < data.length; i += 4) count += data[i] > 127;"
            " return count; }"
        )
        return count

    def saved(self, button: str, folder: Path) -> Path:
        with self.page.expect_download() as download:
            self.page.click(button)
        path = folder / str(download.value.suggested_filename)
        download.value.save_as(path)
        return path


def ink(digits: str, height: float = 90, corner: tuple[float, float] = (40, 150)) -> list[Stroke]:
    return [stroke for digit in number(digits, height, corner) for stroke in digit]


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
        page.tap("button[data-step=next]")
        page.wait_for_function("() => document.getElementById('count').textContent === '1 of 10'")
        page.wait_for_function("() => document.getElementById('remark').textContent === ''")
        wrong = "3" if _sum(page) != "3" else "5"
        ada.finger(ink(wrong, height=120, corner=(60, 60)))
        page.tap("button[data-step=done]")
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


def _sum(page: Any) -> str:
    """The answer to the task that is shown."""
    left, sign, right, _ = page.locator("#request").text_content().split()
    return str(int(left) + int(right) if sign == "+" else int(left) - int(right))


def test_a_phone_is_the_pen_of_the_window(tmp_path: Path) -> None:
    game = new_game(tmp_path)
    assert game.start_phone() and game.phone is not None
    address = game.phone.address

    def write() -> dict[str, float]:
        """Writes on the sheet, upright. Returns where on the screen that is."""
        with playwright.sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=_BROWSER, args=["--no-sandbox"])
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
