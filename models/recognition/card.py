"""The model card: a network's labels, training, measurements, calibration and thresholds."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from models.recognition.labels import LOOKALIKES
from models.util.errors import InputError
from models.util.installation import IN_CHECKOUT

FOLDER = Path(__file__).resolve().parents[1]
# What a network sees: the image of models/preprocessing/mnist_form.py alone, or with the maps of
# directions.py. Another one when either recipe changes.
PICTURES, DIRECTED = INPUT_CONTRACTS = (1, 2)
_FIX = (
    "run `make train`, or `git checkout models` for the shipped one"
    if IN_CHECKOUT
    else "install Inkling again for the shipped one"
)


@dataclass(frozen=True)
class Card:
    """A model card, as it stands beside the network in `NAME.json`.

    labels: the classes in the order of the network's outputs.
    input_contract: what the network was trained to see, one of INPUT_CONTRACTS.
    temperature: logits are divided by it before the softmax (Guo et al. 2017, "On calibration of
        modern neural networks", arXiv 1706.04599), above 0.
    sure_at: an answer is asserted when its calibrated probability reaches this, 0..1.
    trust: by group of `labels.LOOKALIKES`, the scale of the differences between its members'
        logits (`lookalikes.Lookalikes`), above 0 to 1; 1 for a group that is missing.
    digit_at: below sure_at, two answers are offered when their probabilities together reach this;
        otherwise the ink is refused, 0..1.
    sha256: of the LiteRT export, in hexadecimal.
    training, evaluation: free-form facts: sets, counts, licences; figures with n and interval.
    """

    name: str
    labels: tuple[str, ...]
    input_contract: int
    temperature: float
    sure_at: float
    digit_at: float
    sha256: str
    architecture: str = ""
    parameters: int = 0
    trust: dict[str, float] = field(default_factory=dict)
    training: dict[str, Any] = field(default_factory=dict)
    evaluation: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> str:
        """The card as indented JSON, as it is written to a file."""
        return json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n"


def sha256_of(content: bytes) -> str:
    """SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def read_values(path: Path, fix: str = _FIX) -> Any:
    """What a card's file holds as JSON; raises InputError where it is missing or damaged.

    fix: what to do then, for the error.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(f"{path}: the network's card is missing; {fix}.") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: the network's card cannot be read ({error}); {fix}.") from None


def read_card(path: Path) -> Card:
    """Reads a model card; raises InputError where it is missing, damaged or of another format."""
    values = read_values(path)
    try:
        # Older cards have what was added to the digits' logits in pictures.
        known = {key: value for key, value in values.items() if key != "digits_in_pictures"}
        card = Card(**known)
        card = replace(card, labels=tuple(str(label) for label in card.labels))
        numbers = (card.temperature, card.sure_at, card.digit_at)
        sound = (
            len(set(card.labels)) == len(card.labels) > 1
            and all(type(number) in (int, float) for number in numbers)
            and 0 < card.temperature < 1000
            and 0 <= card.sure_at <= 1
            and 0 <= card.digit_at <= 1
            and set(card.trust) <= set(LOOKALIKES)
            and all(type(each) in (int, float) and 0 < each <= 1 for each in card.trust.values())
        )
    except (TypeError, AttributeError):
        sound = False
    if not sound:
        raise InputError(f"{path}: not a complete model card; {_FIX}.")
    if card.input_contract not in INPUT_CONTRACTS:
        raise InputError(
            f"{path}: the network expects input contract {card.input_contract}, this program makes "
            f"{' and '.join(map(str, INPUT_CONTRACTS))}; {_FIX}."
        )
    return card


def read_network(name: str, folder: Path) -> tuple[Card, bytes]:
    """The card and the LiteRT export of a network, checked against each other.

    Raises InputError in one line where either is missing, damaged, or belongs to another one.
    """
    card = read_card(folder / f"{name}.json")
    return card, read_export(folder / f"{name}.tflite", card.sha256)


def read_export(path: Path, sha256: str, fix: str = _FIX) -> bytes:
    """A network's LiteRT export; raises InputError where it is missing or not the card's.

    sha256: that the card states. fix: what to do then, for the error.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"{path}: the network is missing; {fix}.") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); {fix}.") from None
    if sha256_of(content) != sha256:
        raise InputError(
            f"{path}: not the network that its card describes (damaged, or swapped with another); "
            f"{fix}."
        )
    return content
