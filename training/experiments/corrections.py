"""The correction experiment: how much corrections help their writer, and what they cost others.

Each writer, in turn, corrects the first hundred drawings where the answer is wrong or not asserted;
the later drawings are then read with and without what was learned, and MNIST's test images as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.adaptation.adapted_network import CORRECTED
from models.adaptation.adapter import Adapter, LabelledFeatures
from models.ink.jsonl import drawing_to_json
from models.recognition.labels import DIGITS, merged
from models.recognition.network import Network, softmax
from models.util.atomic_files import write_whole
from models.util.errors import InputError, explain_os_error
from training.data.examples import indices_in
from training.datasets.load import Dataset
from training.datasets.split import Split

_LATER = 20  # drawings at least that are read afterwards


@dataclass(frozen=True)
class CorrectionResult:
    """What one writer's corrections change.

    writer: by name.
    corrections: how many of the first `CORRECTED` drawings were corrected.
    later: how many drawings followed.
    before, after: how many of those are misread without and with what was learned.
    fall: by how much the accuracy on MNIST's test images is lower with it, 0..1.
    """

    writer: str
    corrections: int
    later: int
    before: int
    after: int
    fall: float


def measure_corrections(
    network: Network,
    sets: Sequence[Dataset],
    mnist: Dataset,
    rehearsal: LabelledFeatures,
    split: Split,
) -> list[CorrectionResult]:
    """Runs the experiment for each writer of a split with enough drawings.

    network: to adapt. sets: of drawings. mnist: its test images. rehearsal: the network's examples
    to rehearse. split: which writers.
    """
    fold = int(network.card.training.get("fold", 0))
    assert mnist.images is not None
    test = _seen(network, (mnist.images / 255).astype(np.float32), mnist.labels)
    found = []
    for writer, drawn in sorted(_by_writer(sets, split, fold, network).items()):
        if len(drawn) < CORRECTED + _LATER:
            continue
        first = drawn.only(np.arange(CORRECTED))
        later = drawn.only(np.arange(CORRECTED, len(drawn)))
        sure = softmax(first.logits).max(axis=1) >= network.card.sure_at
        corrected = first.only(~(sure & _right(first)))
        adapter = Adapter(corrected, rehearsal)
        found.append(
            CorrectionResult(
                writer,
                len(corrected),
                len(later),
                int((~_right(later)).sum()),
                int((~_right(later, adapter)).sum()),
                float(_right(test).mean() - _right(test, adapter).mean()),
            )
        )
    return found


def as_text(found: Sequence[CorrectionResult]) -> str:
    """The results for people: those that changed something, then all together."""
    lines = [
        f"{each.writer}: {each.corrections} corrections; {each.before} of {each.later} later ones "
        f"misread, then {each.after}; MNIST falls by {each.fall:.2%}"
        for each in found
        if each.before or each.after
    ]
    for name, group in (
        (f"all {len(found)} writers", found),
        ("those with 3 or more corrections", [each for each in found if each.corrections >= 3]),
    ):
        if group:
            corrections, later, before, after = (
                sum(getattr(each, figure) for each in group)
                for figure in ("corrections", "later", "before", "after")
            )
            lines.append(
                f"{name}: {corrections} corrections; {before} of {later} later ones misread, then "
                f"{after}; MNIST falls by {max(each.fall for each in group):.2%} at most"
            )
    return "\n".join(lines) or "No writer drew enough."


def as_json(found: Sequence[CorrectionResult]) -> list[dict[str, object]]:
    """The results for programs."""
    return [asdict(each) for each in found]


def write_drawings(path: Path, network: Network, sets: Sequence[Dataset], split: Split) -> int:
    """Writes the drawings of all writers of a split into a drawings file; returns how many.

    path: of the file. network: whose fold decides which writers. sets: of drawings. split: which
    writers. Raises InputError where the file is there already, or cannot be written.
    """
    fold = int(network.card.training.get("fold", 0))
    drawings = [each.drawings[k] for each in sets for k in indices_in(each, split, fold)]
    drawings.sort(key=lambda drawing: drawing.writer or "")
    lines = "".join(drawing_to_json(drawing) + "\n" for drawing in drawings)
    if path.exists():
        raise InputError(f"{path}: is there already; name another file.")
    try:
        write_whole(path, lines.encode())
    except OSError as error:
        raise InputError(f"{path}: cannot be written, {explain_os_error(error)}.") from None
    return len(drawings)


def _by_writer(
    sets: Sequence[Dataset], split: Split, fold: int, network: Network
) -> dict[str, LabelledFeatures]:
    """The drawings of each writer of a split, as the network sees them.

    Digits are in the order of the files. Letters stand apart from digits there, so with letters
    the order is random, and always the same.
    """
    images: dict[str, list[NDArray[np.float32]]] = {}
    labels: dict[str, list[str]] = {}
    for dataset in sets:
        if dataset.writers is None:
            continue
        for k in indices_in(dataset, split, fold):
            writer = dataset.writers[k]
            images.setdefault(writer, []).append(network.drawn(dataset.drawings[k].strokes))
            labels.setdefault(writer, []).append(dataset.labels[k])
    drawn = {each: _seen(network, images[each], labels[each]) for each in images}
    if network.labels == DIGITS:
        return drawn
    rng = np.random.default_rng(0)
    return {each: seen.only(rng.permutation(len(seen))) for each, seen in drawn.items()}


def _seen(
    network: Network, images: Iterable[NDArray[np.float32]], labels: Sequence[str]
) -> LabelledFeatures:
    features, logits = zip(*(network.seen(image) for image in images), strict=True)
    numbers = {label: number for number, label in enumerate(network.labels)}
    return LabelledFeatures(
        np.array(features),
        network.calibrate(np.array(logits)),
        np.array([numbers[merged(label)] for label in labels]),
    )


def _right(seen: LabelledFeatures, adapter: Adapter | None = None) -> NDArray[np.bool_]:
    logits = seen.logits if adapter is None else adapter.logits(seen.features, seen.logits)
    return np.asarray(logits.argmax(axis=1) == seen.labels)
