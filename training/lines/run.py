"""A whole training run of the network for lines: fit, calibrate, export, measure, install."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import keras
import numpy as np
from numpy.typing import NDArray

from models.lines.beam_search import Labels
from models.lines.card import STRIP_CONTRACT, LineCard
from models.lines.line_reader import LineReader
from models.lines.network import NAME, LineNetwork
from models.lines.strip import strip_of
from models.recognition.card import sha256_of
from models.recognition.labels import DIGITS
from models.util.arrays import Floats
from models.util.atomic_files import write_whole
from models.util.errors import InputError
from training.cli.options import log
from training.data.paper import Papers
from training.fitting.export import TOLERANCE, install
from training.fitting.fit import prepare
from training.fitting.settings import Settings
from training.lines.batches import Held, LineBatches, batched, readable, varied_strip
from training.lines.calibration import choose_threshold, fit_temperature
from training.lines.evaluation import (
    SYNTHETIC,
    Items,
    Measured,
    cheques_folder,
    drawn_numbers,
    folder_items,
    measure,
    paper_digits,
    readers,
    synthetic_items,
)
from training.lines.fit import fit_lines
from training.lines.network import LINES
from training.lines.synthesis import random_line
from training.lines.writers import Writers, load_writers

_ENDINGS = (".keras", ".tflite", ".json")
_VALIDATION = 1024  # synthetic lines that choose the best epoch
_CALIBRATION = 400  # at most, of a set, for the temperature
_CHECKED = 40  # strips on which the export must agree with the model


@dataclass(frozen=True)
class LineRun:
    """What a run is given. folder: that keeps it. settings: what decides its outcome. data_dir:
    where the sets are. resume: whether it goes on. installs: whether its network is installed.
    """

    folder: Path
    settings: Settings
    data_dir: Path | None
    resume: bool
    installs: bool


def train_lines(run: LineRun) -> None:
    """Trains, measures and installs the network, saying how far it is; raises InputError."""
    settings = run.settings
    prepare(run.folder, settings, run.resume)
    cv2.setNumThreads(1)  # lines are made while the network trains
    writers, held_out = load_writers(run.data_dir, ("train", "validation"), settings.fold)
    batches = LineBatches(
        writers, Papers(settings.seed), LINES, settings.recipe.batch_size, settings.seed
    )
    validation = _validation(held_out, settings.seed)
    log(f"{LINES} lines an epoch, {_VALIDATION} held out. Run folder: {run.folder}")
    model = fit_lines(settings, batches, validation, run.folder, run.resume)
    finish(model, run, writers, held_out)
    if run.installs:
        for path in install(run.folder, NAME, endings=_ENDINGS):
            log(f"Installed {path}")


def _validation(writers: Writers, seed: int) -> Held:
    rng = np.random.default_rng([seed, 1])
    papers = Papers(seed + 1)
    items: list[tuple[NDArray[np.uint8], str]] = []
    while len(items) < _VALIDATION:
        line = random_line(writers, papers, rng)
        strip = varied_strip(line, rng)
        if strip is not None and readable(strip, line.label):
            items.append((strip, line.label))
    return Held(batched(items, 64))


def finish(model: keras.Model, run: LineRun, writers: Writers, held_out: Writers) -> LineCard:
    """Writes network, export and card into the run's folder; returns the card.

    model: with its best weights. writers: it was trained on. held_out: choose temperature and
    threshold.
    """
    content = to_litert(model)
    card = LineCard(
        name=NAME,
        labels=DIGITS,
        strip_contract=STRIP_CONTRACT,
        temperature=1.0,
        sure_at=1.0,
        sha256=sha256_of(content),
        architecture="convolutions over a strip, connectionist temporal classification",
        parameters=model.count_params(),
        training={
            "sets": writers.sets,
            "lines": LINES * run.settings.recipe.epochs,
            "seed": run.settings.seed,
            "fold": run.settings.fold,
            "recipe": run.settings.recipe.to_json(),
            "backend": keras.backend.backend(),
            "versions": {"keras": keras.__version__, "numpy": np.__version__},
        },
    )
    lines = synthetic_items(held_out, _CALIBRATION, seed=5)
    _check(model, LineNetwork(card, content), lines)
    card = calibrated(card, content, _choosing(run, lines))
    log(f"Temperature {card.temperature}; asserted from {card.sure_at} on.")
    measured = measure_lines(LineReader(LineNetwork(card, content)), run.data_dir)
    card = replace(card, evaluation={what: each.to_json() for what, each in measured.items()})
    model.save(run.folder / f"{NAME}.keras")
    write_whole(run.folder / f"{NAME}.tflite", content)
    write_whole(run.folder / f"{NAME}.json", card.to_json().encode())
    return card


def to_litert(model: keras.Model) -> bytes:
    """The LiteRT export, one strip of any width at a time. Needs TensorFlow."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.tflite"
        entry = keras.Input(batch_shape=(1, *model.input_shape[1:]))
        keras.Model(entry, model(entry)).export(str(path), format="litert", verbose=False)
        return path.read_bytes()


def _check(model: keras.Model, network: LineNetwork, items: Items) -> None:
    """Raises InputError where the export's logits are not the model's."""
    for picture, _ in list(items)[:_CHECKED]:
        strip = strip_of(picture)
        if strip is None:
            continue
        image = np.pad(strip.image, ((0, 0), (0, -strip.image.shape[1] % 32)))
        expected = np.asarray(model(image[None, ..., None].astype(np.float32) / 255))[0]
        difference = float(np.abs(expected - network.logits(strip.image)).max())
        if not difference <= TOLERANCE:
            raise InputError(
                f"The LiteRT export differs from the Keras model by up to {difference:.2g} (at "
                f"most {TOLERANCE} would be rounding); nothing was installed."
            )


def _choosing(run: LineRun, lines: Items) -> dict[str, Items]:
    """What chooses temperature and threshold, by set."""
    chosen: dict[str, Items] = {"synthetic": lines}
    if numbers := drawn_numbers(run.data_dir, "validation"):
        chosen["numbers"] = numbers
    folder = cheques_folder(run.data_dir)
    if folder is not None:
        chosen["cheques"] = folder_items(folder)
    return chosen


def calibrated(card: LineCard, content: bytes, sets: dict[str, Items]) -> LineCard:
    """The card with temperature and threshold. content: the export. sets: of pictures, by name.

    The threshold is chosen on photographed amounts, where there are any, else on all.
    """
    raw = LineNetwork(replace(card, temperature=1.0), content)
    card = replace(
        card, temperature=fit_temperature([_logits(raw, items) for items in sets.values()])
    )
    reader = LineReader(LineNetwork(card, content))
    hard = [sets["cheques"]] if "cheques" in sets else list(sets.values())
    probabilities, right = [], []
    for items in hard:
        for picture, label in items:
            numbers = reader.numbers(picture)
            if numbers:
                probabilities.append(numbers[0].probability)
                right.append(numbers[0].text == label)
    return replace(card, sure_at=choose_threshold(probabilities, right))


def _logits(network: LineNetwork, items: Items) -> list[tuple[Floats, Labels]]:
    found = []
    for picture, label in list(items)[:_CALIBRATION]:
        strip = strip_of(picture)
        if strip is not None:
            labels = tuple(DIGITS.index(digit) + 1 for digit in label)
            found.append((network.logits(strip.image), labels))
    return found


def measure_lines(reader: LineReader, data_dir: Path | None) -> dict[str, Measured]:
    """How the network reads what it was not trained on: synthetic lines of held-out people,
    UNIPEN's real numbers, scanned digits, photographed amounts.
    """
    return {what: measure(reader.read, items) for what, items in _measured(reader, data_dir)}


def measure_readers(reader: LineReader, data_dir: Path | None) -> list[tuple[str, str, Measured]]:
    """What `measure_lines` reads, in each of the ways that `readers` has."""
    ways = readers(reader)
    return [
        (what, name, measure(read, items))
        for what, items in _measured(reader, data_dir)
        for name, read in ways.items()
    ]


def _measured(reader: LineReader, data_dir: Path | None) -> list[tuple[str, Items]]:
    fold = int(reader.network.card.training.get("fold", 0))
    (writers,) = load_writers(data_dir, ("report",), fold)
    sets: list[tuple[str, Items]] = [
        ("synthetic lines", synthetic_items(writers, SYNTHETIC, 11)),
        ("UNIPEN's numbers, drawn", drawn_numbers(data_dir, "report")),
        ("scanned single digits", paper_digits(data_dir, "report", fold)),
    ]
    folder = cheques_folder(data_dir)
    if folder is not None:
        sets.append(("photographed amounts (chose the threshold)", folder_items(folder)))
    return [(what, items) for what, items in sets if items]
