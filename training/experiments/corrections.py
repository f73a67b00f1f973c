"""How much corrections help the one who made them, and what they cost everybody else.

Each writer, in turn, corrects what is not rightly asserted of the first hundred drawings; the
later ones are then read with and without what was learned, and MNIST's test images as well.
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
from models.preprocessing.mnist_form import strokes_to_image
from models.recognition.labels import DIGITS, merged
from models.recognition.network import Network, softmax
from models.util.atomic_files import write_whole
from models.util.errors import InputError, explain_os_error
from training.data.examples import members
from training.datasets import DigitSet
from training.datasets.split import Part

_LATER = 20  # drawings at least that are read afterwards


@dataclass(frozen=True)
class Lesson:
    """One writer. corrections: of the first `CORRECTED` drawings. later: how many came after them.

    before, after: how many of those were misread without and with what was learned. fall: how much
    lower the share of MNIST's test images that are read right is with it, 0..1.
    """

    writer: str
    corrections: int
    later: int
    before: int
    after: int
    fall: float


def lessons(
    network: Network,
    sets: Sequence[DigitSet],
    mnist: DigitSet,
    rehearsal: LabelledFeatures,
    part: Part,
) -> list[Lesson]:
    """A lesson for each writer of a part who drew enough. mnist: its test images."""
    fold = int(network.card.training.get("fold", 0))
    assert mnist.images is not None
    test = _seen(network, (mnist.images / 255).astype(np.float32), mnist.labels)
    found = []
    for writer, drawn in sorted(_by_writer(sets, part, fold, network).items()):
        if len(drawn) < CORRECTED + _LATER:
            continue
        first = drawn.only(np.arange(CORRECTED))
        later = drawn.only(np.arange(CORRECTED, len(drawn)))
        sure = softmax(first.logits).max(axis=1) >= network.card.sure_at
        corrected = first.only(~(sure & _right(first)))
        adapter = Adapter(corrected, rehearsal)
        found.append(
            Lesson(
                writer,
                len(corrected),
                len(later),
                int((~_right(later)).sum()),
                int((~_right(later, adapter)).sum()),
                float(_right(test).mean() - _right(test, adapter).mean()),
            )
        )
    return found


def as_text(found: Sequence[Lesson]) -> str:
    """The lessons for people: those that changed something, then all together."""
    lines = [
        f"{each.writer}: {each.corrections} corrections; {each.before} of {each.later} later ones "
        f"misread, then {each.after}; MNIST falls by {each.fall:.2%}"
        for each in found
        if each.before or each.after
    ]
    for name, some in (
        (f"all {len(found)} writers", found),
        ("those with 3 or more corrections", [each for each in found if each.corrections >= 3]),
    ):
        if some:
            before, after = (sum(each.before for each in some), sum(each.after for each in some))
            lines.append(
                f"{name}: {sum(each.corrections for each in some)} corrections; {before} of "
                f"{sum(each.later for each in some)} later ones misread, then {after}; MNIST falls "
                f"by {max(each.fall for each in some):.2%} at most"
            )
    return "\n".join(lines) or "No writer drew enough."


def as_json(found: Sequence[Lesson]) -> list[dict[str, object]]:
    """The lessons for programs."""
    return [asdict(each) for each in found]


def write_drawings(path: Path, network: Network, sets: Sequence[DigitSet], part: Part) -> int:
    """Writes the drawings of all writers of a part into a drawings file; returns how many.

    Raises InputError where the file is there already, or cannot be written.
    """
    fold = int(network.card.training.get("fold", 0))
    drawings = [each.drawings[k] for each in sets for k in members(each, part, fold)]
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
    sets: Sequence[DigitSet], part: Part, fold: int, network: Network
) -> dict[str, LabelledFeatures]:
    """What each writer of a part drew: digits in the order of the files, where letters stand
    apart from digits; with letters in random order, always the same.
    """
    images: dict[str, list[NDArray[np.float32]]] = {}
    labels: dict[str, list[str]] = {}
    for digits in sets:
        if digits.writers is None:
            continue
        for k in members(digits, part, fold):
            writer = digits.writers[k]
            images.setdefault(writer, []).append(strokes_to_image(digits.drawings[k].strokes))
            labels.setdefault(writer, []).append(digits.labels[k])
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
