"""`make bench`: one table, Inkling beside the older way, both measured in the same run."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from game.document.open import fit
from models.ink.jsonl import read_drawings
from models.recognition.card import FOLDER

ROOT = FOLDER.parent
MODEL = FOLDER / "digits.keras"
OLDER = ("-m", "tests.benchmarks.older", str(MODEL))
INKLING = ("-m", "tests.benchmarks.inkling")
IDLE_SECONDS = 5.0


@dataclass(frozen=True)
class Row:
    """One line of the table. better: whether "less" or "more" of it is better."""

    name: str
    unit: str
    older: float
    ours: float
    target: str
    met: bool
    better: str = "less"

    def line(self) -> str:
        ratio = self.older / self.ours if self.better == "less" else self.ours / self.older
        return (
            f"{self.name:<44}{_number(self.older):>10}{_number(self.ours):>10} {self.unit:<6}"
            f"{_number(ratio):>9} ×   {self.target:<22}{'yes' if self.met else 'NO'}"
        )


def main() -> int:
    """Measures everything and prints the table; exit status 0."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        environment = {**os.environ, "INKLING_DATA_DIR": folder, "SDL_VIDEODRIVER": "dummy"}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # Python keeps what it compiled
        rows = [*_start(environment, "off-screen", repeats=5, limit=0.5)]
        with _screen() as display:
            if display:
                shown = {**environment, "SDL_VIDEODRIVER": "x11", "DISPLAY": display}
                rows += _start(shown, "X window", repeats=5, limit=0.8)
            else:
                print("Xvfb is not installed: the start in an X window was not measured.")
        older, older_memory = _figures((*OLDER, "one", _drawings(data)), environment)
        ours, our_memory = _figures((*INKLING, "one"), environment)
        rows += _inside(older, ours)
        rows += _pages(_figures((*INKLING, "pages"), environment)[0])
        inspector = _figures((*INKLING, "views"), environment)[0]["frames"]
        many = _figures((*INKLING, "many"), environment)[0]
        dense = {
            mode: _figures((*INKLING, f"dense-{mode}"), environment)[0]
            for mode in ("digits", "characters")
        }
        rows.append(
            Row("peak memory", "MB", older_memory, our_memory, "a quarter or less",
                our_memory <= older_memory / 4)
        )  # fmt: skip
        idle_older, idle = (
            _idle((*OLDER, "idle"), environment),
            _idle((*INKLING, "idle"), environment),
        )
        rows.append(
            Row("CPU while nothing happens", "%", idle_older, idle, "2 % at most", idle <= 2)
        )
    print(f"{'':<44}{'older':>10}{'Inkling':>10} {'':<6}{'ratio':>9}     {'target':<22}met")
    for row in rows:
        print(row.line())
    over = sum(took > 1000 / 60 for took in inspector) / len(inspector)
    print(
        f"A frame while a digit is drawn, all views open at 1600×1000: median "
        f"{statistics.median(inspector):.1f} ms, 99 % within {_percentile(inspector, 99):.1f} ms; "
        f"{over:.1%} take more than a sixtieth of a second."
    )
    rates = ", ".join(f"{each:.0f} by {way}" for way, each in many.items())
    print(f"Pictures of three digits read in a second: {rates}.")
    for mode, pages in dense.items():
        print(f"\n{f'Dense pages, {mode}':<24}{'strokes':>8}{'replay':>9}{'pen-up, p99':>13}"
              f"{'longest frame':>15}   met: 3 s, 250 ms, 33 ms")  # fmt: skip
        for name, page in pages.items():
            print(_dense(name, page))
    return 0


def _dense(name: str, page: Mapping[str, Any]) -> str:
    """A line of the table of dense pages; see `tests.benchmarks.dense`."""
    replay, answer, frame = (
        max(page["seconds"]), _percentile(page["answers"], 99), max(page["frames"])
    )  # fmt: skip
    met = ("yes" if fits else "NO" for fits in (replay <= 3, answer <= 250, frame <= 33))
    return (
        f"{name:<24}{page['strokes']:>8}{replay:>7.2f} s{answer:>10.0f} ms{frame:>12.0f} ms   "
        f"{', '.join(met)}"
    )


def _start(environment: Mapping[str, str], where: str, repeats: int, limit: float) -> Sequence[Row]:
    """Process start to first frame, in seconds, but for the first, which compiles its modules."""
    older, ours = (
        statistics.median([_first_frame(command, environment) for _ in range(count + 1)][1:])
        for command, count in (
            ((*OLDER, "first-frame"), max(2, repeats // 2)),
            ((*INKLING, "first-frame"), repeats),
        )
    )
    met = ours <= limit and older / ours >= 10
    target = f"10 ×, {limit} s"
    return [Row(f"process start to first frame, {where}", "s", older, ours, target, met)]


def _inside(older: Mapping[str, Any], ours: Mapping[str, Any]) -> Sequence[Row]:
    """What both programs measured of themselves."""
    median = statistics.median
    load, inference, answer = (median(ours[name]) for name in ("load", "inference", "answers"))
    slow, slow_older = (_percentile(figures["answers"], 99) for figures in (ours, older))
    older_answer = median(older["answers"])
    rows = [
        Row("network load", "ms", older["load"], load, "", True),
        Row("one inference", "ms", median(older["inference"]), inference, "0.5 ms",
            inference <= 0.5),
        Row("pen-up to answer on the screen, median", "ms", older_answer, answer, "", True),
        Row("pen-up to answer on the screen, p99", "ms", slow_older, slow, "8 ms", slow <= 8),
        Row("headless replay", "/s", 1000 / older_answer, ours["replay"], "100 a second",
            ours["replay"] >= 100, "more"),
    ]  # fmt: skip
    frames_older, frames = older["frames"], ours["frames"]
    for count in ("1", "100", "1000"):
        mine = frames[count]
        rows.append(
            Row(f"one frame with {count} strokes", "ms", frames_older[count], mine,
                "flat", mine <= 2 * frames["1"])
        )  # fmt: skip
    return rows


def _pages(ours: Mapping[str, Any]) -> Sequence[Row]:
    """A stroke more on a page of characters, beside the same where all of them are read anew."""
    rows = []
    for count, took in ours["remembering"].items():
        anew = ours["forgetful"][count]
        middle, slow = statistics.median(took), _percentile(took, 99)
        name = f"pen-up with {count} on the page"
        rows += [
            Row(f"{name}, median", "ms", statistics.median(anew), middle, "older: all anew", True),
            Row(f"{name}, p99", "ms", _percentile(anew, 99), slow, "16 ms, a frame", slow <= 16),
        ]
    return rows


def _percentile(values: Sequence[float], percent: int) -> float:
    return sorted(values)[min(len(values) - 1, len(values) * percent // 100)]


def _first_frame(command: Sequence[str], environment: Mapping[str, str]) -> float:
    begun = time.time()
    result = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=dict(environment), capture_output=True, check=True
    )
    return float(json.loads(result.stdout.splitlines()[-1])["at"]) - begun


def _figures(
    command: Sequence[str], environment: Mapping[str, str]
) -> tuple[dict[str, Any], float]:
    """What a program measured of itself, and its peak memory in MB."""
    with subprocess.Popen(
        [sys.executable, *command], cwd=ROOT, env=dict(environment), stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        output = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    unit = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss, in bytes
    return json.loads(output.splitlines()[-1]), used.ru_maxrss * unit / 1e6


def _idle(command: Sequence[str], environment: Mapping[str, str]) -> float:
    """Percent of one core that a program takes while nobody touches it."""
    with subprocess.Popen(
        [sys.executable, *command], cwd=ROOT, env=dict(environment), stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(1.0)  # what starting left to do
        before = _cpu_seconds(process.pid)
        time.sleep(IDLE_SECONDS)
        used = _cpu_seconds(process.pid) - before
        process.kill()
    return 100 * used / IDLE_SECONDS


def _cpu_seconds(pid: int) -> float:
    """Processor time of a process so far, its threads included (Linux: proc(5), fields 14, 15)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _drawings(folder: Path) -> str:
    """The samples as plain lists of pixels, for the older program."""
    drawings = [
        [stroke.points.round().astype(int).tolist() for stroke in fit(drawing, (740, 600))]
        for drawing in read_drawings(ROOT / "game" / "samples" / "digits.jsonl")
    ]
    path = folder / "drawings.json"
    path.write_text(json.dumps(drawings))
    return str(path)


class _screen:
    """An X server without a screen, for as long as it is needed; None where there is none."""

    def __enter__(self) -> str | None:
        self._process: subprocess.Popen[bytes] | None = None
        if shutil.which("Xvfb") is None:
            return None
        read, write = os.pipe()
        self._process = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", "1400x900x24"],
            pass_fds=[write],
            stderr=subprocess.DEVNULL,
        )
        os.close(write)
        with os.fdopen(read) as pipe:
            return f":{pipe.readline().strip()}"

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait()


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


if __name__ == "__main__":
    sys.exit(main())
