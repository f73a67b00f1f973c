"""A whole training run: load, fit, calibrate, export, verify, report, install."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import keras
import numpy as np

from models.adaptation.rehearsal import rehearsal_bytes, rehearsal_file
from models.recognition.card import FOLDER, INPUT_CONTRACT, Card
from models.recognition.labels import DIGITS
from models.recognition.network import Network, load_network
from models.util.atomic_files import write_whole
from models.util.errors import InputError
from training.data.examples import Batches, Examples, Rendered, render, select
from training.datasets import (
    DigitSet,
    load_emnist_test,
    load_letters,
    load_mnist_test,
    load_sets,
)
from training.datasets.split import person, told_of_writers
from training.distributed.devices import Place
from training.evaluation.characters import as_text, characters
from training.evaluation.evaluation import held_out_drawings, score
from training.fitting.architectures import ARCHITECTURES
from training.fitting.calibration import calibrate
from training.fitting.export import (
    CHECKED_IMAGES,
    install,
    largest_difference,
    sealed,
    to_litert,
)
from training.fitting.fit import fit, prepare
from training.fitting.rehearsal import rehearsal
from training.fitting.settings import Settings
from training.fitting.tasks import TASKS, Task
from training.report import figures
from training.report.report import measure, write_report

# A finished network takes the shipped one's place unless its accuracy on the same validation
# writers is lower by more than this: a rebuild may vary, a trial run must not replace it.
WORSE = 0.005


@dataclass(frozen=True)
class Run:
    """Where a run lies, and what it is told. installing: "auto", "always" or "never"."""

    folder: Path
    settings: Settings
    data_dir: Path | None
    resume: bool
    installing: str
    place: Place = field(default_factory=Place)

    @property
    def task(self) -> Task:
        """What the network is to read."""
        return TASKS[self.settings.model]


def train(run: Run) -> None:
    """Trains, measures and installs a network, telling on the way; raises InputError."""
    settings, task = run.settings, run.task
    run.place.check(settings.recipe)
    if run.place.chief:
        prepare(run.folder, settings, run.resume)
    sets = load_sets(settings.sets, run.data_dir, letters=task.letters)
    for own in (each for each in sets if each.name == "mine"):
        print(told_of_writers(own.writers or (), settings.fold))
    shown = _letters_are_strangers(settings) and "letters" not in settings.recipe.left_out
    letters = load_letters(run.data_dir) if shown else ()
    validation = render(sets, "validation", task.labels, settings.fold)
    examples = select(sets, letters, "train", task.labels, settings.fold)
    epoch = Batches(examples, len(task.labels), settings.recipe, settings.seed).items
    strangers = f", {len(examples.nondigits)} letters as non-digits" * (not task.letters)
    print(
        f"{task.name}: {settings.architecture} on {', '.join(settings.sets)}: "
        f"{len(examples.images)} images, {len(examples.drawings)} drawings{strangers}; "
        f"{epoch} examples an epoch; {len(validation)} held out for validation. "
        + (f"Run folder: {run.folder}" if run.place.chief else "Worker 0 keeps the run folder.")
    )
    model = fit(
        ARCHITECTURES[settings.architecture],
        settings,
        examples,
        validation,
        len(task.labels),
        run.folder,
        run.resume,
        place=run.place,
    )
    if not run.place.chief:
        print("Worker 0 finishes the network.")
        return
    card = export(model, run, sets, validation, _counts(examples, task) | {"epoch": epoch})
    print(f"Exported to {run.folder / f'{task.name}.tflite'}; temperature {card.temperature}.")
    why = "--install never" if run.installing == "never" else None
    if run.installing == "auto":
        why = keeps_shipped(run.folder, validation, task.name)
    if why:
        print(f"The shipped network stays ({why}); this one is in {run.folder}.")
        return
    for path in install(run.folder, task.name):
        print(f"Installed {path}")


def _letters_are_strangers(settings: Settings) -> bool:
    """Whether refusal is about letters, too, be they trained on or only measured."""
    strangers = settings.recipe.nondigits > 0 and not TASKS[settings.model].letters
    return strangers and "unipen" in settings.sets


def _counts(examples: Examples, task: Task) -> dict[str, object]:
    """What was trained on; "letters" are those that were shown as what is no digit."""
    counts = {"images": len(examples.images), "drawings": len(examples.drawings)}
    if not task.letters:
        return {**counts, "letters": len(examples.nondigits)}
    every = np.concatenate([examples.image_labels, examples.drawing_labels])
    classes = np.bincount(every, minlength=len(task.labels)).tolist()
    return {**counts, "classes": dict(zip(task.labels, classes, strict=True))}


def export(
    model: keras.Model,
    run: Run,
    sets: Sequence[DigitSet],
    validation: Rendered,
    counts: dict[str, object],
) -> Card:
    """Writes network, export, card, figures and reports into the run's folder; the card."""
    settings, task = run.settings, run.task
    logits = np.asarray(model.predict(validation.images[..., np.newaxis], verbose=0), np.float64)
    weights = validation.weights.astype(np.float64)
    lettered = np.unique(validation.sets[validation.labels >= len(DIGITS)])
    both = np.isin(validation.sets, lettered)
    calibration = calibrate(logits, validation.labels, weights, task.sure_at, task.labels, both)
    content = to_litert(model)
    card = sealed(
        Card(
            name=task.name,
            labels=task.labels,
            input_contract=INPUT_CONTRACT,
            temperature=calibration.temperature,
            sure_at=calibration.sure_at,
            digit_at=calibration.digit_at,
            trust=calibration.trust,
            sha256="",
            architecture=settings.architecture,
            parameters=model.count_params(),
            training={
                "sets": {
                    digits.name: {
                        "items": len(digits),
                        "licence": digits.licence,
                        "publisher": digits.publisher,
                    }
                    for digits in sets
                },
                "counts": counts,
                "seed": settings.seed,
                "fold": settings.fold,
                "recipe": asdict(settings.recipe),
                "backend": keras.backend.backend(),
                "versions": {"keras": keras.__version__, "numpy": np.__version__},
            },
        ),
        content,
    )
    network = Network(card, content)
    difference = largest_difference(model, network, validation.images[:: _every(validation)])
    report = render(sets, "report", task.labels, settings.fold)
    measured = _measure(network, run, sets, validation, report)
    card = Card(
        **{
            **card.__dict__,
            "evaluation": {
                "export_differs_from_keras_by": float(f"{difference:.2g}"),
                "export_checked_on": min(CHECKED_IMAGES, len(validation)),
                **measured,
            },
        }
    )
    model.save(run.folder / f"{task.name}.keras")
    write_whole(run.folder / f"{task.name}.tflite", content)
    rehearsed = rehearsal(network, sets, settings.fold)
    write_whole(rehearsal_file(task.name, run.folder), rehearsal_bytes(rehearsed, card))
    write_whole(run.folder / f"{task.name}.json", card.to_json().encode())
    figures.samples(sets, run.folder / "samples.png")
    figures.curves(run.folder / "history.csv", run.folder / "curves.png")
    return card


def _every(validation: Rendered) -> int:
    return max(1, len(validation) // CHECKED_IMAGES)


def _measure(
    network: Network,
    run: Run,
    sets: Sequence[DigitSet],
    validation: Rendered,
    report: Rendered,
) -> dict[str, object]:
    """Figures on what was never trained on, into the card, onto the terminal and as pictures."""
    measured: dict[str, object] = {
        f"{name} (validation)": summary_of(network, validation.of(name))
        for name in np.unique(validation.sets)
    }
    parts = {f"{name} (held-out writers)": report.of(name) for name in np.unique(report.sets)}
    if "mnist" in run.settings.sets:
        test = load_mnist_test(run.data_dir)
        parts["mnist (test)"] = render([test], None, network.labels)
    if "emnist" in run.settings.sets:
        parts["emnist (test)"] = render([load_emnist_test(run.data_dir)], None, network.labels)
    for name, part in parts.items():
        measured[name] = summary_of(network, part)
        print(f"{name}: {measured[name]}")
    # MNIST's test would swamp what people wrote of 47 classes.
    told = {
        name: part
        for name, part in parts.items()
        if not (run.task.letters and name == "mnist (test)" and len(parts) > 1)
    }
    shown = Rendered.joined(list(told.values())) if told else validation
    letters = load_letters(run.data_dir) if _letters_are_strangers(run.settings) else ()
    drawings = held_out_drawings(sets, "report", run.settings.fold)
    name = ", ".join(told) or "validation"
    everything = measure(network, name, shown, drawings, letters, run.settings.fold)
    text = everything.scores.by_class_text()
    if everything.characters:
        text += f"\n{as_text(everything.characters)}\n"
    print(text)
    write_whole(run.folder / "report.txt", text.encode())
    write_report(everything, run.folder)
    measured["refusal"] = everything.refusals()
    print(f"refusal: {measured['refusal']}")
    return measured


def summary_of(network: Network, part: Rendered) -> dict[str, object]:
    """The summary of a part, and of how many people it is where they are known."""
    people = {person(writer) for writer in part.writers if writer}
    scores = score(network, part)
    found = characters(scores, part)
    return (
        scores.summary()
        | ({"people": len(people)} if people else {})
        | ({"characters": found} if found else {})
    )


def keeps_shipped(
    folder: Path, validation: Rendered, name: str = "digits", shipped_in: Path = FOLDER
) -> str | None:
    """Why the shipped network stays where nobody said otherwise; None where it is replaced.

    folder: of the finished run. It stays where it was trained on sets that the run leaves out, so
    that a trial on one small set doesn't take its place, and where it reads the validation digits
    of the run clearly better.
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
