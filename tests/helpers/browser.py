"""The page in Chromium, and hands on it: mouse, pen and finger."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from models.ink.strokes import Stroke
from tests.helpers.samples import number

NAMES = ("chromium", "chromium-browser", "google-chrome")
BROWSER = next(filter(None, map(shutil.which, NAMES)), None)
PATIENCE = 60_000  # milliseconds, on a machine with much else to do
DESK = {"viewport": {"width": 960, "height": 640}}
PHONE = {
    "viewport": {"width": 360, "height": 640},
    "device_scale_factor": 3,
    "is_mobile": True,
    "has_touch": True,
}


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
