"""How well a network refuses outliers: families that training showed, and others."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from models.ink.strokes import Drawing
from models.recognition.card import Card
from models.recognition.labels import DIGITS
from models.recognition.network import Network
from training.data.augmentation import draw_varied
from training.data.examples import letter_outliers, subsample
from training.data.outliers import (
    FAMILY_SHARES,
    LETTER_LIKE_SHAPES,
    SHAPES,
    overlaid,
    side_by_side,
)
from training.data.unseen_outliers import UNSEEN_OUTLIERS, crossed_out
from training.evaluation.records import Refusal
from training.evaluation.scores import Scores

LETTERS = 4000  # at most so many are shown to a network that reads digits
EACH = 300  # synthetic outliers of each family


def refusal(digits: Scores, others: Scores, seen: bool) -> Refusal:
    """How well one family of outliers is refused.

    digits, others: scores of digits, and of the family. seen: whether training showed it.
    """
    return Refusal(
        n=len(others.truth),
        auroc=round(refusal_auroc(digits.probabilities, others.probabilities), 4),
        not_asserted=round(float((~others.sure).mean()), 4),
        seen_in_training=seen,
    )


def refusal_auroc(digits: NDArray[np.float64], others: NDArray[np.float64]) -> float:
    """Area under the ROC curve of digits against outliers by confidence, 0..1; 1 is perfect.

    digits: (n, classes) calibrated probabilities. others: (m, classes), of outliers.
    """
    confidence = np.concatenate([digits.max(axis=1), others.max(axis=1)])
    return float(roc_auc_score(np.repeat([1, 0], [len(digits), len(others)]), confidence))


def seen_in_training(card: Card) -> tuple[str, ...]:
    """The families of outliers, of `outliers.FAMILY_SHARES`, that training showed a network."""
    recipe, counts = card.training.get("recipe", {}), card.training.get("counts", {})
    if not recipe.get("nondigits") or not counts.get("drawings"):
        return ()
    known = [name for name in FAMILY_SHARES if name != "letters" or counts.get("letters")]
    return tuple(name for name in known if name not in recipe.get("left_out", ()))


def seen_families(card: Card) -> frozenset[str]:
    """The families that training showed a network, by their names in `outlier_scores`."""
    shown = seen_in_training(card)
    shapes = [shape.__name__ for shape in SHAPES] if "shapes" in shown else []
    return frozenset([*(_title(name) for name in shown), *shapes])


def outlier_scores(
    network: Network, drawings: Sequence[Drawing], letters: Sequence[Drawing], fold: int
) -> dict[str, Scores]:
    """The network's answers on outliers, by family.

    network: to measure. drawings: labelled, of which digits are put together; may be none. letters:
    of all writers; only those that the fold holds out are shown.
    """
    families = letter_images(network, letters, fold)
    rng = np.random.default_rng(2)
    digits = [drawing.strokes for drawing in drawings if drawing.label not in ("1", *"IilL")]
    if digits:
        for several in (overlaid, side_by_side):
            made = [network.drawn(several(digits, rng)) for _ in range(EACH)]
            families[_title(several.__name__)] = np.stack(made)
    for shape in SHAPES:
        families[shape.__name__] = np.stack(
            [draw_varied(shape(rng), rng, directions=network.channels > 1) for _ in range(EACH)]
        )
    rng = np.random.default_rng(3)
    for family in UNSEEN_OUTLIERS:
        made = [network.drawn(family(rng)) for _ in range(EACH)]
        families[_title(family.__name__)] = np.stack(made)
    if digits:
        made = [network.drawn(crossed_out(digits, rng)) for _ in range(EACH)]
        families["crossed out"] = np.stack(made)
    if len(network.labels) > len(DIGITS):
        families = {name: each for name, each in families.items() if name not in LETTER_LIKE_SHAPES}
    return {name: score_images(network, images) for name, images in families.items()}


def _title(name: str) -> str:
    return name.replace("_", " ")


def score_images(network: Network, images: NDArray[np.float32]) -> Scores:
    """The network's answers on n images without labels; the truth is set to 0."""
    return Scores(
        network.card,
        network.probabilities(images),
        np.zeros(len(images), np.int64),
        np.zeros(len(images), np.str_),
    )


def letter_images(
    network: Network, letters: Sequence[Drawing], fold: int = 0
) -> dict[str, NDArray[np.float32]]:
    """{"letters": images} of letters by held-out writers that look like no digit; {} for none."""
    held_out = subsample(letter_outliers(letters, "report", fold), LETTERS, seed=1)
    images = [network.drawn(strokes) for strokes in held_out]
    return {"letters": np.stack(images)} if images else {}
