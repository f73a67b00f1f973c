"""`python -m training` as a user runs it, on the set that needs no download."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from models.pictures.files import read_picture
from models.recognition.card import FOLDER
from models.recognition.network import load_network
from models.util.errors import InputError
from training.__main__ import main
from training.data.examples import Rendered, render
from training.datasets.load import load_sets
from training.evaluation.records import Evaluation
from training.fitting.export import install, largest_difference
from training.run import reason_to_keep_shipped, set_result

OPTIONS = (
    "--sets", "optdigits", "--architecture", "baseline", "--install", "never",
    "--leave-out", "overlaid,letters",
)  # fmt: skip
FILES = ("digits.keras", "digits.tflite", "digits.json", "digits.rehearsal.npz")
FIGURES = ("samples", "curves", "confusion", "mistakes", "reliability")


Finished = tuple[Path, list[str], str]  # the run, its history when killed, its output


def start(*options: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "training", *map(str, options)],
        cwd=FOLDER.parent,
        env={**os.environ, "DATA_DIR": "", "TF_CPP_MIN_LOG_LEVEL": "3"},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def finish(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=240)
    return process.returncode, out, err


def wait_for_epochs(process: subprocess.Popen[str], run: Path, epochs: int) -> None:
    deadline = time.monotonic() + 120
    history = run / "history.csv"
    while process.poll() is None and time.monotonic() < deadline:
        if history.exists() and len(history.read_text().splitlines()) > epochs:
            return
        time.sleep(0.05)
    pytest.fail(f"epoch {epochs} never ended: {finish(process)}")


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """A run that was killed after its first epochs, and then resumed to its end."""
    run = tmp_path_factory.mktemp("runs") / "plane"
    options = (*OPTIONS, "--epochs", 12, "--output", run)
    killed = start(*options)
    wait_for_epochs(killed, run, 2)
    killed.kill()
    finish(killed)
    before = (run / "history.csv").read_text().splitlines()
    status, out, err = finish(start(*options, "--resume"))
    assert status == 0, err
    return run, before, out


def test_a_killed_run_goes_on_where_it_was(finished: Finished) -> None:
    run, before, _ = finished
    history = (run / "history.csv").read_text().splitlines()
    assert history[: len(before) - 1] == before[:-1]
    epochs = [int(line.split(",")[0]) for line in history[1:]]
    # The kill may fall between an epoch's line and its backup: then that epoch is run again.
    assert sorted(set(epochs)) == list(range(12)) and len(epochs) <= 13


def test_a_run_leaves_a_network_that_reads(finished: Finished) -> None:
    run, _, out = finished
    network = load_network("digits", run)
    card = network.card
    assert card.architecture == "baseline"
    assert card.training["sets"]["optdigits"]["items"] == 1797
    assert card.training["recipe"]["left_out"] == ["letters", "overlaid"]
    measured = Evaluation.of(card).result("optdigits", "validation")
    assert measured and measured.summary.n == 180 and measured.summary.accuracy > 0.9
    assert "precision" in out and (run / "report.txt").read_text() in out


def test_keras_model_and_export_agree(finished: Finished) -> None:
    import keras

    run, _, _ = finished
    model = keras.models.load_model(run / "digits.keras", compile=False)
    images = np.random.default_rng(0).random((50, 28, 28), np.float32)
    assert largest_difference(model, load_network("digits", run), images) < 1e-3
    model.layers[-1].bias.assign_add(np.eye(10, dtype=np.float32)[3])
    with pytest.raises(InputError, match="differs"):
        largest_difference(model, load_network("digits", run), images)


def test_a_run_draws_its_figures(finished: Finished) -> None:
    for name in FIGURES:
        picture = read_picture(finished[0] / f"{name}.png")
        assert min(picture.shape) > 200 and picture.std() > 5, name


def test_installing_replaces_all_files(finished: Finished, tmp_path: Path) -> None:
    for name in FILES:
        (tmp_path / name).write_text("old")
    install(finished[0], "digits", tmp_path)
    for name in FILES:
        assert (tmp_path / name).read_bytes() == (finished[0] / name).read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(FILES)


def test_an_unfinished_run_replaces_nothing(tmp_path: Path) -> None:
    run, shipped = tmp_path / "run", tmp_path / "models"
    run.mkdir()
    shipped.mkdir()
    (run / "digits.keras").write_text("new")
    for name in FILES:
        (shipped / name).write_text("old")
    with pytest.raises(InputError, match="not installed"):
        install(run, "digits", shipped)
    assert {path.name: path.read_text() for path in shipped.iterdir()} == dict.fromkeys(
        FILES, "old"
    )


def test_a_trial_does_not_take_the_shipped_networks_place(finished: Finished) -> None:
    run, _, _ = finished
    validation = render(load_sets(("optdigits",)), "validation", tuple("0123456789"))
    assert "mnist" in str(reason_to_keep_shipped(run, validation))
    assert reason_to_keep_shipped(run, validation, shipped_in=run) is None
    assert reason_to_keep_shipped(run, validation, shipped_in=run / "nowhere") is None


def test_the_card_counts_people_not_their_sessions() -> None:
    digits = render(load_sets(("optdigits",)), "validation", tuple("0123456789"))
    writers = np.array(["ibm/r00-07", "ibm/r04-07", "ced/ANNA", "tos/ANNA", "x/other"])
    five = Rendered(digits.images[:5], digits.labels[:5], digits.sets[:5], writers)
    assert set_result(load_network(), "optdigits", "validation", five).people == 3
    assert set_result(load_network(), "optdigits", "validation", digits).people is None


def test_ctrl_c_keeps_the_best_weights(tmp_path: Path) -> None:
    run = tmp_path / "run"
    process = start(*OPTIONS, "--epochs", 1000, "--output", run)
    wait_for_epochs(process, run, 1)
    process.send_signal(signal.SIGINT)
    status, _, err = finish(process)
    assert status == 130
    assert (run / "best.weights.h5").stat().st_size > 100_000
    assert "best.weights.h5" in err and "--resume" in err and "Traceback" not in err
    assert not (run / "digits.tflite").exists()


def test_resuming_under_other_settings_is_refused(
    finished: Finished, capsys: pytest.CaptureFixture[str]
) -> None:
    options = (*OPTIONS, "--epochs", "12", "--seed", "5", "--resume", "--output")
    assert main([*options, str(finished[0])]) == 2
    assert "other settings" in capsys.readouterr().err


@pytest.mark.parametrize("options", [["--epochs", "0"], ["--epochs", "many"], ["--fast"], ["play"]])
def test_wrong_options_are_one_line(options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit:
        main(options)
    err = capsys.readouterr().err
    assert exit.value.code == 2 and err.count("\n") == 1 and "--help" in err


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("--sets", "mnits"), "mnist"),
        (("--sets", ""), "--sets"),
        (("--architecture", "resnet"), "baseline"),
        (("--fold", "9"), "0 to 4"),
        (("--leave-out", "letters,faces"), "'faces'"),
        (("--sets", "optdigits", "--resume", "--output", "nowhere"), "nothing to resume"),
        (("evaluate", "nowhere.jsonl"), "nowhere.jsonl"),
        (("evaluate", "mnist", "--model", "letters"), "letters"),
    ],
)
def test_wrong_use_is_one_clear_message(
    options: tuple[str, ...],
    expected: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(list(options)) == 2
    out, err = capsys.readouterr()
    assert out == "" and expected in err
    assert not (tmp_path / "nowhere").exists()


def test_wrong_use_is_one_line_on_the_terminal() -> None:
    status, out, err = finish(start("--sets", "mnits"))
    assert status == 2 and out == ""
    assert len(err.splitlines()) == 1 and "mnits" in err
