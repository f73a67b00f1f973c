"""Tries the folder that `make app` made, where it lies, and measures it: `python -m tests.app`.

Without Xvfb and xdotool only the commands are tried.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.request import urlopen

from game.window.start import import_pygame

import_pygame()

from tests.end_to_end.test_window import ROOT, Desk, until  # noqa: E402 (after what keeps it quiet)
from tests.helpers.installed import check_reading, run  # noqa: E402
from tests.helpers.samples import samples  # noqa: E402

FOLDER = ROOT / "dist" / "Inkling"
PROGRAM = FOLDER / ("Inkling.exe" if os.name == "nt" else "Inkling")
STARTS = 5


def main() -> int:
    """Returns the exit status: 2 where there is no folder yet; raises where anything fails."""
    if not PROGRAM.is_file():
        print(f"{PROGRAM}: not there; `make app` makes it.", file=sys.stderr)
        return 2
    size = sum(file.stat().st_size for file in FOLDER.rglob("*") if not file.is_symlink())
    print(f"{FOLDER}: {size / 1e6:.0f} MB", flush=True)
    with tempfile.TemporaryDirectory(prefix="inkling-") as name:
        home = Path(name)
        os.environ["HOME"], os.environ["INKLING_DATA_DIR"] = name, str(home / "data")
        for other in ("PYTHONPATH", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_PICTURES_DIR"):
            os.environ.pop(other, None)
        check_reading(PROGRAM, home)
        print("It reads digits and letters.")
        _try_page()
        if not (shutil.which("Xvfb") and shutil.which("xdotool")):
            print("Xvfb and xdotool are not installed: its window was not tried.")
            return 0
        _try_menu(home)
        _try_window(home)
    return 0


def _try_page() -> None:
    """The program serves its page in a browser."""
    with subprocess.Popen(
        [PROGRAM, "serve", "--port", "0"], stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        try:
            address = server.stdout.readline().split()[0]
            with urlopen(address, timeout=20) as page:
                assert '<canvas id="ink"' in page.read().decode()
        finally:
            server.terminate()
    print("It serves the page in a browser.")


def _try_menu(home: Path) -> None:
    """The entry of the menu starts the program, and its icon is there."""
    subprocess.run(["sh", FOLDER / "add-to-menu"], check=True)
    (entry,) = home.rglob("*.desktop")
    lines = dict(line.split("=", 1) for line in entry.read_text().splitlines() if "=" in line)
    assert run(home, lines["Exec"].strip('"'), "--version").returncode == 0
    assert Path(lines["Icon"]).read_bytes().startswith(b"\x89PNG")
    print("It is in the menu of the desktop.")


def _try_window(home: Path) -> None:
    """A digit is drawn, read and saved, the file dialog opens, and the start is measured."""
    seconds = []
    desk = Desk(home, [PROGRAM])
    try:
        for _ in range(STARTS):
            begun = time.monotonic()
            desk.open()
            seconds.append(desk.shown_at - begun)
            desk.key("ctrl+q")
            assert desk.ended() == 0
        desk.open()
        desk.draw(samples()[16])
        until(lambda: desk.title() == "8 - Inkling", "the answer in the title")
        desk.key("s")
        until(lambda: len(list(home.glob("Pictures/Inkling/2*.png"))) == 1, "the picture")
        desk.key("ctrl+o")
        until(lambda: desk.do("search", "--onlyvisible", "--name", "Open a drawing") != "", "Tk")
        desk.do("windowfocus", desk.window())
        desk.key("ctrl+q")
        assert desk.ended() == 0
    finally:
        desk.close()
    print("Its window reads, saves and opens.")
    print(
        f"Process start to the window on the screen: {statistics.median(seconds):.2f} s, median "
        f"of {STARTS}; the first {seconds[0]:.2f} s"
    )


if __name__ == "__main__":
    sys.exit(main())
