"""A wheel, installed into an environment of its own: it needs neither the checkout nor TensorFlow.

The packages come from the package index, as they do for whoever installs Inkling.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.test_window import ROOT, Desk, until
from tests.end_to_end.test_window import pytestmark as needs_xvfb
from tests.helpers.installed import check_reading, run
from tests.helpers.samples import SAMPLES, samples

BIN = "Scripts" if os.name == "nt" else "bin"

pytestmark = pytest.mark.slow


def pip(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q", *arguments],
        capture_output=True,
        text=True,
        timeout=600,
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made of a copy, because making it leaves folders behind."""
    folder = tmp_path_factory.mktemp("wheel")
    asked = pip("--retries", "1", "download", "--no-deps", "-d", folder / "asked", "setuptools")
    if asked.returncode:
        pytest.skip("the package index cannot be reached")
    unneeded = shutil.ignore_patterns("__pycache__")
    for name in ("game", "models", "training", "tests"):
        shutil.copytree(ROOT / name, folder / "copy" / name, ignore=unneeded)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder / "copy")
    made = pip("wheel", "--no-deps", "-w", folder, folder / "copy")
    assert made.returncode == 0, made.stderr
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the commands, in an environment that holds the wheel and what it asks for."""
    folder = tmp_path_factory.mktemp("away") / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True, timeout=60)
    constraints = ROOT / ".ci" / "constraints.txt"
    done = pip("--python", folder, "install", "-c", constraints, wheel)
    assert done.returncode == 0, done.stderr
    return folder / BIN


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of nobody's, where the commands find no checkout either."""
    for name in ("PYTHONPATH", "XDG_CONFIG_HOME", "XDG_PICTURES_DIR", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def test_the_wheel_holds_what_playing_needs_and_no_tests(wheel: Path) -> None:
    assert wheel.stat().st_size < 10_000_000
    with zipfile.ZipFile(wheel) as file:
        names = set(file.namelist())
    folders = {name.partition("/")[0] for name in names if ".dist-info/" not in name}
    assert folders == {"game", "models", "training"}
    tracked = subprocess.run(
        ["git", "ls-files", *sorted(folders)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    left_out = {name for name in tracked.stdout.splitlines() if name not in names}
    assert {Path(name).suffix for name in left_out} <= {".md", ".txt", ".keras", ".jsonl", ".png"}
    assert "game/samples/digits.jsonl" in names and "game/ui/fonts/OFL.txt" in names


def test_an_installed_inkling_reads_digits_and_letters(environment: Path, home: Path) -> None:
    check_reading(environment / "inkling", home)
    there = run(home, environment / "python", "-c", "import game; print(game.__file__)").stdout
    assert Path(there.strip()).is_relative_to(environment.parent)


def test_training_is_an_extra_and_says_so_in_one_line(environment: Path, home: Path) -> None:
    for command in ((), ("evaluate", "mnist"), ("readme",)):
        ended = run(home, environment / "inkling-train", *command)
        assert (ended.returncode, ended.stdout) == (2, "")
        assert len(ended.stderr.splitlines()) == 1 and '".[train]"' in ended.stderr


def test_what_is_missing_is_to_be_installed_again(environment: Path, home: Path) -> None:
    (words,) = environment.parent.rglob("models/words.json")
    hidden = words.rename(words.with_suffix(".hidden"))
    ended = run(home, environment / "inkling", "read", SAMPLES, "--characters")
    hidden.rename(words)
    assert ended.returncode == 2 and str(words) in ended.stderr
    assert ended.stderr.endswith("installing Inkling again brings it back.\n")


@pytest.fixture
def desk(environment: Path, home: Path) -> Iterator[Desk]:
    desk = Desk(home, [environment / "inkling"])
    yield desk
    desk.close()


@needs_xvfb
def test_an_installed_inkling_saves_among_the_pictures(desk: Desk) -> None:
    desk.open()
    desk.draw(samples()[16])
    until(lambda: desk.title() == "8 - Inkling", "the answer in the title")
    desk.key("s")
    until(lambda: len(list(desk.folder.glob("Pictures/Inkling/2*.png"))) == 1, "the picture")
    desk.key("ctrl+q")
    assert desk.ended() == 0
