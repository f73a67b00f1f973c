"""The card of the network for lines: its input, calibration, threshold, training, measurements."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from models.recognition.card import read_export, read_values
from models.recognition.labels import DIGITS
from models.util.errors import InputError
from models.util.installation import IN_CHECKOUT

# Raise it when `strip.py` changes what a network sees.
STRIP_CONTRACT = 1
FIX = (
    "run `python -m training lines`, or `git checkout models` for the shipped one"
    if IN_CHECKOUT
    else "install Inkling again for the shipped one"
)


@dataclass(frozen=True)
class LineCard:
    """The card, as it stands beside the network in `lines.json`.

    name: of the network's files, "lines".
    labels: the digits; the network's first output is CTC's blank, theirs follow.
    strip_contract: version of the strip that the network was trained with.
    temperature: logits are divided by it before the softmax, above 0.
    sure_at: a number is asserted when its probability reaches this, and so is a digit of one, 0..1.
    sha256: of the LiteRT export, in hexadecimal.
    architecture, parameters: of the network, in words; how many it has.
    training, evaluation: free-form facts: sets, counts, licences; figures with n and interval.
    """

    name: str
    labels: tuple[str, ...]
    strip_contract: int
    temperature: float
    sure_at: float
    sha256: str
    architecture: str = ""
    parameters: int = 0
    training: dict[str, Any] = field(default_factory=dict)
    evaluation: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> str:
        """The card as indented JSON, as it is written to a file."""
        return json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n"


def read_line_card(path: Path) -> LineCard:
    """Reads the card; raises InputError where it is missing, damaged or of another format."""
    values = read_values(path, FIX)
    try:
        card = LineCard(**values)
        card = LineCard(**{**values, "labels": tuple(card.labels)})
        numbers = (card.temperature, card.sure_at)
        sound = (
            card.labels == DIGITS
            and all(type(number) in (int, float) for number in numbers)
            and 0 < card.temperature < 1000
            and 0 <= card.sure_at <= 1
            and isinstance(card.sha256, str)
        )
    except (TypeError, AttributeError):
        sound = False
    if not sound:
        raise InputError(f"{path}: not a complete card of a network for lines; {FIX}.")
    if card.strip_contract != STRIP_CONTRACT:
        raise InputError(
            f"{path}: the network expects strips of version {card.strip_contract}, this program "
            f"makes {STRIP_CONTRACT}; {FIX}."
        )
    return card


def read_line_network(folder: Path) -> tuple[LineCard, bytes]:
    """The card and the LiteRT export, checked against each other.

    Raises InputError in one line where either is missing, damaged, or belongs to another one.
    """
    card = read_line_card(folder / "lines.json")
    return card, read_export(folder / "lines.tflite", card.sha256, FIX)
