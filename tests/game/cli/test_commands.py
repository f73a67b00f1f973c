"""The commands as a shell sees them: status, the one line, and streams that close early."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.helpers.samples import SAMPLES

ROOT = Path(__file__).parents[3]


def game(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "game", *map(str, arguments)],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["paint"], "invalid choice: 'paint'"),
        (["replay"], "FILE"),
        (["replay", "nowhere.jsonl", "--headless"], "nowhere.jsonl"),
        (["replay", str(SAMPLES), "--limit", "0"], "'0' is no number of drawings"),
        (["replay", str(SAMPLES), "--limit", "many"], "'many' is no number of drawings"),
        (["replay", str(ROOT / "LICENSE"), "--headless"], "LICENSE, line 1"),
        (["read", "nowhere.png"], "nowhere.png"),
        (["--scale", "0"], "--scale: '0' is no scale"),
        (["--profile", "../me"], "is no name for a profile"),
        (["collect", "--profile", "../me"], "is no name for a profile"),
        (["demo", "--picture", "/dev/null/window.png"], "/dev/null/window.png"),
        (["serve", "--port", "70000"], "'70000' is no port"),
        (["serve", "--host", "no.such.address.invalid"], "there is no such address"),
        (["serve", "--host", "203.0.113.7", "--port", "0"], "cannot listen there"),
    ],
)
def test_wrong_use_has_one_line_and_status_2(arguments: list[str], message: str) -> None:
    ended = game(*arguments)
    assert ended.returncode == 2
    assert message in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_the_version_is_the_newest_of_the_changelog() -> None:
    versions = re.findall(r"^## \[(\d.*)\]", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert game("--version").stdout == f"Inkling {versions[0]}\n"


def test_json_is_all_there_is_on_standard_output(tmp_path: Path) -> None:
    ended = game("replay", SAMPLES, "--headless", "--json")
    assert ended.returncode == 0
    assert ended.stderr == ""
    assert [json.loads(line)["text"] for line in ended.stdout.splitlines()] == list(
        "00112233445566778899"
    )


def test_without_a_display_the_shipped_drawings_are_replayed(tmp_path: Path) -> None:
    blind = dict.fromkeys(("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER"), "")
    ended = subprocess.run(
        [sys.executable, "-m", "game"],
        cwd=tmp_path,
        env=os.environ | blind | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 0
    assert len(ended.stderr.splitlines()) == 1 and ended.stderr.startswith("No display")
    assert "accuracy" in ended.stdout
    picture = tmp_path / ended.stdout.splitlines()[-1].rpartition(": ")[2]
    assert picture.read_bytes().startswith(b"\x89PNG")
    ended = game("replay", SAMPLES, **blind)
    assert ended.returncode == 2 and "--headless" in ended.stderr
    ended = game("--profile", "Ada", "collect", **blind)
    assert ended.returncode == 2 and "Collecting needs one" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


@pytest.mark.skipif(os.name != "posix", reason="needs a shell's pipe")
def test_a_reader_that_has_enough_costs_no_traceback() -> None:
    ended = subprocess.run(
        f'"{sys.executable}" -m game replay "{SAMPLES}" --headless --json | head -n 1',
        shell=True,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.stderr == ""
    assert len(ended.stdout.splitlines()) == 1


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX signals")
def test_ctrl_c_ends_a_replay_cleanly(tmp_path: Path) -> None:
    path = tmp_path / "long.jsonl"
    path.write_text(SAMPLES.read_text() * 500)
    replay = subprocess.Popen(
        [sys.executable, "-m", "game", "replay", str(path), "--headless", "--json"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert replay.stdout is not None
    replay.stdout.readline()
    replay.send_signal(signal.SIGINT)
    _, errors = replay.communicate(timeout=30)
    assert replay.returncode == 130
    assert errors == ""


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX signals")
@pytest.mark.parametrize(("name", "status"), [("SIGTERM", 0), ("SIGINT", 130), ("SIGHUP", 0)])
def test_the_canvas_ends_cleanly_at_a_signal(name: str, status: int) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _ANNOUNCED], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as canvas:
        assert canvas.stdout is not None
        assert canvas.stdout.readline() == "shown\n"
        time.sleep(0.2)
        canvas.send_signal(getattr(signal, name))
        assert canvas.wait(timeout=10) == status


# The real command, which says when its first frame is on the screen.
_ANNOUNCED = """
from game.window.start import import_pygame
import_pygame()
import sys
import game.window.window
show = game.window.window.Window.show
def announced(window):
    show(window)
    print("shown", flush=True)
game.window.window.Window.show = announced
from game.__main__ import main
sys.exit(main([]))
"""


def test_a_library_that_is_missing_is_named(tmp_path: Path) -> None:
    (tmp_path / "pygame.py").write_text("raise ModuleNotFoundError('', name='pygame')\n")
    ended = game("replay", SAMPLES, "--headless", PYTHONPATH=str(tmp_path))
    assert ended.returncode == 2
    assert ended.stderr == (
        "pygame is not installed; `make play` installs all that playing needs.\n"
    )


def test_playing_needs_no_library_of_training() -> None:
    code = (
        "import sys; from game.window.start import import_pygame; import_pygame();"
        "import game.app, game.batch.replay, game.batch.read, game.demo.demo;"
        "print([name for name in ('tensorflow', 'keras', 'training', 'sklearn', 'matplotlib')"
        " if name in sys.modules])"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert ended.stdout == "[]\n"


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="this system has no /dev/full")
@pytest.mark.parametrize("command", [["replay", "--headless", "--json"], ["read"], ["demo"]])
def test_output_that_cannot_be_written_is_reported_in_one_line(
    command: list[str], tmp_path: Path
) -> None:
    what = ["--picture", str(tmp_path / "demo.png")] if command == ["demo"] else [str(SAMPLES)]
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "game", *command, *what],
            cwd=ROOT,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
        )
    assert ended.returncode == 2
    assert ended.stderr == "The output cannot be written: No space left on device.\n"


@pytest.mark.skipif(os.name == "nt", reason="needs a shell that closes streams")
@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-"])
def test_a_closed_stream_is_no_trouble(closed: str) -> None:
    ended = subprocess.run(
        ["sh", "-c", f'"$0" -m game read --json "$1" {closed}', sys.executable, str(SAMPLES)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert len(ended.stdout.splitlines()) == (0 if closed == ">&-" else 20)


def test_names_that_the_terminal_cannot_show_are_still_reported(tmp_path: Path) -> None:
    drawing = tmp_path / "zwölf 文.jsonl"
    drawing.write_text(
        '{"id": "zw\u00f6lf\\n\\u001b[2J", "strokes": [[[5, 0], [5, 20]]]}', encoding="utf-8"
    )
    ended = game("read", drawing, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.splitlines()[1].startswith(r"zw\xf6lf\ufffd\ufffd[2J")
    ended = game("read", tmp_path / "two\nlines", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert ended.returncode == 2
    assert len(ended.stderr.splitlines()) == 1


def test_letters_are_read_where_they_are_asked_for() -> None:
    ended = game("replay", SAMPLES, "--headless", "--characters", "--json", "--limit", "3")
    assert ended.returncode == 0, ended.stderr
    lines = [json.loads(line) for line in ended.stdout.splitlines()]
    assert len(lines) == 3
    alternatives = {label for line in lines for label, _ in line["answers"][0]["alternatives"]}
    assert any(label.isalpha() for label in alternatives)


def test_a_port_that_is_taken_is_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ended = game("serve", "--port", port)
    assert ended.returncode == 2 and ended.stdout == ""
    assert port in ended.stderr and "--port 0" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
