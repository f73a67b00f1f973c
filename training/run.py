"""A whole training run: load, fit, calibrate, export, check, measure, report, install."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import keras
import numpy as np

from models.adaptation.rehearsal import rehearsal_bytes, rehearsal_file
from models.preprocessing.directions import network_input
from models.recognition.card import DIRECTED, FOLDER, PICTURES, Card, sha256_of
from models.recognition.labels import DIGITS
from models.recognition.network import Network, load_network
from models.util.atomic_files import write_whole
from models.util.errors import InputError
from training.data.examples import Examples, Rendered, held_out_drawings, render, select
from training.datasets.load import (
    Dataset,
    load_emnist_test,
    load_letters,
    load_mnist_test,
    load_sets,
)
from training.datasets.split import describe_split, person
from training.evaluation.characters import as_text, characters
from training.evaluation.records import Evaluation, MeasuredSplit, SetResult
from training.evaluation.scores import score
from training.fitting.architectures import ARCHITECTURES
from training.fitting.batches import Batches
from training.fitting.calibration import Calibration, calibrate
from training.fitting.export import CHECKED_IMAGES, install, largest_difference, to_litert
from training.fitting.fit import HISTORY, fit, prepare
from training.fitting.rehearsal import rehearsal
from training.fitting.settings import Settings
from training.fitting.strategy import Strategy
from training.fitting.tasks import TASKS, Task
from training.report import figures
from training.report.report import Measured, measure, write_report

# A finished network takes the shipped one's place unless its accuracy on the same validation
# writers is lower by more than this: a rebuild may vary, a trial run must not replace it.
WORSE = 0.005
HeldOut = dict[tuple[str, MeasuredSplit], Rendered]  # by set and split


@dataclass(frozen=True)
class Run:
    """What a run is given.

    folder: that keeps it.
    settings: what decides its outcome.
    data_dir: where the sets are, see `load_sets`.
    resume: whether it goes on with what the folder has.
    installing: "auto", "always" or "never".
    strategy: the devices that share the work.
    """

    folder: Path
    settings: Settings
    data_dir: Path | None
    resume: bool
    installing: str
    strategy: Strategy = field(default_factory=Strategy)

    @property
    def task(self) -> Task:
        """What the network is to read."""
        return TASKS[self.settings.model]

    @property
    def refuses_letters(self) -> bool:
        """Whether refusal is about letters, too, be they trained on or only measured."""
        outliers = self.settings.recipe.outliers > 0 and not self.task.letters
        return outliers and "unipen" in self.settings.sets


def train(run: Run) -> None:
    """Trains, measures and installs a network, printing how far it is; raises InputError."""
    settings, task = run.settings, run.task
    run.strategy.check(settings.recipe)
    if run.strategy.chief:
        prepare(run.folder, settings, run.resume)
    sets = load_sets(settings.sets, run.data_dir, letters=task.letters)
    for own in (each for each in sets if each.name == "mine"):
        print(describe_split(own.writers or (), settings.fold))
    shows_letters = run.refuses_letters and "letters" not in settings.recipe.left_out
    letters = load_letters(run.data_dir) if shows_letters else ()
    recipe = settings.recipe
    validation = render(sets, "validation", task.labels, settings.fold, recipe.channels)
    examples = select(sets, letters, "train", task.labels, settings.fold, recipe.balanced)
    batches = Batches(examples, len(task.labels), recipe, settings.seed)
    outliers = f", {len(examples.outliers)} letters as non-digits" * (not task.letters)
    print(
        f"{task.name}: {settings.architecture} on {', '.join(settings.sets)}: "
        f"{len(examples.images)} images, {len(examples.drawings)} drawings{outliers}; "
        f"{batches.items} examples an epoch; {len(validation)} held out for validation. "
        + (f"Run folder: {run.folder}" if run.strategy.chief else "Process 0 keeps the run folder.")
    )
    model = fit(
        ARCHITECTURES[settings.architecture],
        settings,
        batches,
        validation,
        run.folder,
        run.resume,
        strategy=run.strategy,
    )
    if not run.strategy.chief:
        print("Process 0 finishes the network.")
        return
    card = finish(model, run, sets, validation, batches)
    print(f"Exported to {run.folder / f'{task.name}.tflite'}; temperature {card.temperature}.")
    why = "--install never" if run.installing == "never" else None
    if run.installing == "auto":
        why = reason_to_keep_shipped(run.folder, validation, task.name)
    if why:
        print(f"The shipped network stays ({why}); this one is in {run.folder}.")
        return
    for path in install(run.folder, task.name):
        print(f"Installed {path}")


def finish(
    model: keras.Model, run: Run, sets: Sequence[Dataset], validation: Rendered, batches: Batches
) -> Card:
    """Writes network, export, card, figures and reports into the run's folder; returns the card.

    model: with its best weights. run: that trained it. sets: that it was trained on. validation:
    chooses temperature and thresholds. batches: what it was trained on.
    """
    content = to_litert(model)
    calibration = _calibrate(model, validation, run.task)
    card = _card(model, calibration, content, run.settings, _facts(run, sets, batches))
    network = Network(card, content)
    checked = validation.images[:: max(1, len(validation) // CHECKED_IMAGES)][:CHECKED_IMAGES]
    difference = largest_difference(model, network, checked)
    held_out = _held_out(run, sets)
    results = _results(network, held_out, validation)
    report = _report(network, run, sets, held_out, validation)
    evaluation = Evaluation(float(f"{difference:.2g}"), len(checked), results, report.refusals())
    print(f"refusal: {evaluation.to_json()['refusal']}")
    card = replace(card, evaluation=evaluation.to_json())
    model.save(run.folder / f"{card.name}.keras")
    write_whole(run.folder / f"{card.name}.tflite", content)
    examples = rehearsal(network, sets, run.settings.fold)
    write_whole(rehearsal_file(card.name, run.folder), rehearsal_bytes(examples, card))
    write_whole(run.folder / f"{card.name}.json", card.to_json().encode())
    figures.samples(sets, run.folder / "samples.png")
    figures.curves(run.folder / HISTORY, run.folder / "curves.png")
    return card


def _calibrate(model: keras.Model, validation: Rendered, task: Task) -> Calibration:
    images = network_input(validation.images, model.input_shape[-1])
    logits = np.asarray(model.predict(images, verbose=0), np.float64)
    weights = validation.weights.astype(np.float64)
    lettered = np.unique(validation.sets[validation.labels >= len(DIGITS)])
    both = np.isin(validation.sets, lettered)
    return calibrate(logits, validation.labels, weights, task.sure_at, task.labels, both)


def _facts(run: Run, sets: Sequence[Dataset], batches: Batches) -> dict[str, object]:
    """The training, as the card describes it."""
    return {
        "sets": {
            each.name: {"items": len(each), "licence": each.licence, "publisher": each.publisher}
            for each in sets
        },
        "counts": {**_counts(batches.examples, run.task), "epoch": batches.items},
        "seed": run.settings.seed,
        "fold": run.settings.fold,
        "recipe": run.settings.recipe.to_json(),
        "backend": keras.backend.backend(),
        "versions": {"keras": keras.__version__, "numpy": np.__version__},
    }


def _counts(examples: Examples, task: Task) -> dict[str, object]:
    """How many examples there are; "letters" are those that serve as outliers."""
    counts = {"images": len(examples.images), "drawings": len(examples.drawings)}
    if not task.letters:
        return {**counts, "letters": len(examples.outliers)}
    every = np.concatenate([examples.image_labels, examples.drawing_labels])
    classes = np.bincount(every, minlength=len(task.labels)).tolist()
    return {**counts, "classes": dict(zip(task.labels, classes, strict=True))}


def _card(
    model: keras.Model,
    calibration: Calibration,
    content: bytes,
    settings: Settings,
    facts: dict[str, object],
) -> Card:
    """The card without its evaluation. content: the LiteRT export."""
    task = TASKS[settings.model]
    return Card(
        name=task.name,
        labels=task.labels,
        input_contract=DIRECTED if settings.recipe.directions else PICTURES,
        temperature=calibration.temperature,
        sure_at=calibration.sure_at,
        digit_at=calibration.digit_at,
        trust=calibration.trust,
        sha256=sha256_of(content),
        architecture=settings.architecture,
        parameters=model.count_params(),
        training=facts,
    )


def _results(network: Network, held_out: HeldOut, validation: Rendered) -> tuple[SetResult, ...]:
    """How each split that was not trained on is read; prints all but validation's."""
    chosen = [
        set_result(network, str(name), "validation", validation.of(name))
        for name in np.unique(validation.sets)
    ]
    measured = [
        set_result(network, name, split, rendered) for (name, split), rendered in held_out.items()
    ]
    for each in measured:
        print(f"{each.name} ({each.split}): {each.figures()}")
    return (*chosen, *measured)


def _held_out(run: Run, sets: Sequence[Dataset]) -> HeldOut:
    """The images that neither trained nor chose anything."""
    labels, channels = run.task.labels, run.settings.recipe.channels
    report = render(sets, "report", labels, run.settings.fold, channels)
    found: HeldOut = {
        (str(name), "held-out writers"): report.of(name) for name in np.unique(report.sets)
    }
    if "mnist" in run.settings.sets:
        found["mnist", "test"] = render(
            [load_mnist_test(run.data_dir)], None, labels, channels=channels
        )
    if "emnist" in run.settings.sets:
        found["emnist", "test"] = render(
            [load_emnist_test(run.data_dir)], None, labels, channels=channels
        )
    return found


def _report(
    network: Network, run: Run, sets: Sequence[Dataset], held_out: HeldOut, validation: Rendered
) -> Measured:
    """Measures all that was held out together; prints it, and keeps it as text and pictures."""
    # MNIST's test would swamp what people wrote of 47 classes.
    swamping = ("mnist", "test") if run.task.letters and len(held_out) > 1 else None
    parts = {key: part for key, part in held_out.items() if key != swamping}
    shown = Rendered.joined(list(parts.values())) if parts else validation
    title = ", ".join(f"{name} ({split})" for name, split in parts) or "validation"
    letters = load_letters(run.data_dir) if run.refuses_letters else ()
    fold = run.settings.fold
    drawings = held_out_drawings(sets, "report", fold)
    measured = measure(network, title, shown, drawings, letters, fold)
    text = measured.scores.by_class_text()
    if measured.characters:
        text += f"\n{as_text(measured.characters)}\n"
    print(text)
    write_whole(run.folder / "report.txt", text.encode())
    write_report(measured, run.folder)
    return measured


def set_result(network: Network, name: str, split: MeasuredSplit, rendered: Rendered) -> SetResult:
    """How a network reads one split of one set.

    name, split: what it is. rendered: its images.
    """
    people = {person(writer) for writer in rendered.writers if writer}
    scores = score(network, rendered)
    return SetResult(
        name, split, scores.summary(), len(people) or None, characters(scores, rendered)
    )


def reason_to_keep_shipped(
    folder: Path, validation: Rendered, name: str = "digits", shipped_in: Path = FOLDER
) -> str | None:
    """Why the shipped network is not replaced where the user leaves that open; None where it is.

    It stays where it was trained on sets that the run leaves out, so that a trial on one small set
    doesn't take its place, and where it reads the run's validation images clearly better.

    folder: of the finished run. validation: its images. name: of the network. shipped_in: the
    folder of the shipped one.
    """
    finished = load_network(name, folder)
    try:
        shipped = load_network(name, shipped_in)
    except InputError:
        return None
    missing = set(shipped.card.training.get("sets", ())) - set(finished.card.training["sets"])
    if missing:
        return f"it was trained on {', '.join(sorted(missing))}, too"
    if shipped.labels != finished.labels:
        return "it has other classes"
    now, before = (
        float(np.average(score(network, validation).right, weights=validation.weights))
        for network in (finished, shipped)
    )
    print(f"Validation, every set counting the same: {now:.2%}; the shipped network: {before:.2%}.")
    return f"it reads the validation {name} clearly better" if now < before - WORSE else None
