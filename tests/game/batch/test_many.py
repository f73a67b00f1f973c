"""Reading many files: with several processes, on a Dask cluster, and after a break."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import cv2
import numpy as np
import pytest

from game.__main__ import main
from game.batch.many import in_order
from tests.helpers.cluster import ROOT, cluster
from tests.helpers.samples import SAMPLES, samples

PICTURES = 24


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("pictures")
    paths = []
    for number in range(PICTURES):
        drawing = samples()[number % len(samples())]
        paper = np.full((300, 350), 235, np.uint8)
        for stroke in drawing.strokes:
            points = np.rint(stroke.points / 2).astype(np.int32)
            cv2.polylines(paper, [points], False, 40, 7, cv2.LINE_AA)
        paths.append(folder / f"{number:02}-{drawing.label}.png")
        assert cv2.imwrite(str(paths[-1]), paper)
    paths.insert(5, folder / "missing.png")
    return paths


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "game", "read", *map(str, arguments)]


def digits(lines: str) -> list[tuple[str, str]]:
    return [(each["id"], each["text"]) for each in map(json.loads, lines.splitlines())]


def expected(paths: list[Path]) -> list[tuple[str, str]]:
    return [(path.name, path.stem[-1]) for path in paths if path.stem != "missing"]


def test_processes_give_the_results_in_the_order_of_the_files(pictures: list[Path]) -> None:
    ran = subprocess.run(
        command(*pictures, SAMPLES, "--json", "--processes", 2),
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert ran.returncode == 2 and ran.stderr.count("\n") == 1 and "missing.png" in ran.stderr
    found = digits(ran.stdout)
    assert found[:PICTURES] == expected(pictures)
    assert [text for _, text in found[PICTURES:]] == [each.label for each in samples()]


def test_a_run_that_was_killed_goes_on(pictures: list[Path], tmp_path: Path) -> None:
    output = tmp_path / "results.jsonl"
    many = pictures * 40
    with subprocess.Popen(
        command(*many, "--output", output, "--processes", 1),
        cwd=ROOT,
        stderr=subprocess.DEVNULL,
    ) as running:
        note = output.with_name("results.jsonl.progress")
        deadline = time.monotonic() + 60
        while not note.exists() and time.monotonic() < deadline:
            assert running.poll() is None
            time.sleep(0.02)
        running.kill()
    done = json.loads(note.read_text())["files"]
    assert 0 < done < len(many)
    # What the killed run wrote after its last note is written again, not twice.
    with output.open("ab") as file:
        file.write(b'{"id": "half a li')
    arguments = ["read", *map(str, many), "--output", str(output), "--processes", "1"]
    assert main(arguments) == 2, "it is there already"
    assert main([*arguments[:-4], str(SAMPLES), *arguments[-4:], "--resume"]) == 2, "other files"
    assert main([*arguments, "--resume"]) == 2, "a file is missing"
    assert digits(output.read_text()) == expected(many)
    assert not note.exists()
    assert main([*arguments, "--resume"]) == 2, "it is finished"


def test_options_that_do_not_fit_have_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", str(SAMPLES), "--resume"]) == 2
    assert capsys.readouterr().err == "--resume needs --output FILE, with which it goes on.\n"
    with pytest.raises(SystemExit):
        main(["read", str(SAMPLES), "--processes", "none"])
    pytest.importorskip("distributed", reason="Dask is not installed")
    assert main(["read", str(SAMPLES), "--scheduler", "nowhere:at:all"]) == 2
    assert "no Dask scheduler answers there" in capsys.readouterr().err


def ended_by(item: int) -> int:
    """Work that a process does not survive for one of its items."""
    if item == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return item


def test_an_item_that_ends_its_process_costs_no_other_item_its_result() -> None:
    found = list(in_order(ended_by, range(12), lambda item: -item, processes=2))
    assert found == [0, 1, 2, -3, *range(4, 12)]


@pytest.mark.slow
def test_a_cluster_answers_each_picture_once_though_a_worker_is_killed(
    pictures: list[Path],
) -> None:
    pytest.importorskip("distributed", reason="Dask is not installed")
    many = pictures * 30
    with (
        cluster(workers=2) as (address, workers),
        subprocess.Popen(
            command(*many, "--json", "--scheduler", address),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        ) as running,
    ):
        assert running.stdout is not None
        first = running.stdout.readline()
        workers[0].send_signal(signal.SIGKILL)
        rest, errors = running.communicate(timeout=120)
    assert running.returncode == 2, errors
    assert digits(first + rest) == expected(many)
    assert errors.count("missing.png") == 30 and "Traceback" not in errors
