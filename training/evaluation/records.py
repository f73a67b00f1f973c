"""What was measured of a network, as typed records that the model card keeps. Shares are 0..1."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from models.recognition.card import Card
from models.util.statistics import wilson_interval

# The images that chose epoch and thresholds; writers held out of both; the publisher's test images.
MeasuredSplit = Literal["validation", "held-out writers", "test"]
Interval = tuple[float, float]  # 95 % (Wilson 1927), low and high


def rounded_interval(right: int, n: int) -> Interval:
    """The interval of a share, right of n, to four digits."""
    low, high = wilson_interval(right, n)
    return round(low, 4), round(high, 4)


@dataclass(frozen=True)
class Summary:
    """How images are read; None where there is nothing to take a share of.

    n: how many there are, at least one.
    accuracy, interval: share whose best class is right, asserted or not.
    asserted: share whose answer would be asserted on the screen.
    accuracy_of_asserted: share of those that is right.
    right_but_unsure: share of the right answers that is not asserted.
    mistakes: how many are wrong.
    mistakes_shown_unsure: share of those that is not asserted.
    calibration_error: expected calibration error of the confidences.
    """

    n: int
    accuracy: float
    interval: Interval
    asserted: float
    accuracy_of_asserted: float | None
    right_but_unsure: float | None
    mistakes: int
    mistakes_shown_unsure: float | None
    calibration_error: float


@dataclass(frozen=True)
class KindAccuracy:
    """Accuracy on one kind of character.

    n, accuracy, interval: as in `Summary`.
    digits_network: accuracy of the shipped network of digits on the same images, or None.
    one_class: the groups of labels that count as one class each, or None.
    """

    n: int
    accuracy: float
    interval: Interval
    digits_network: float | None = None
    one_class: tuple[str, ...] | None = None

    def to_json(self) -> dict[str, object]:
        """The figures by name, without those that there are none of."""
        return {name: value for name, value in asdict(self).items() if value is not None}


@dataclass(frozen=True)
class Refusal:
    """How one family of outliers is kept apart from digits.

    n: how many were shown. auroc: area under the ROC curve of confidence. not_asserted: share
    whose answer would not be asserted. seen_in_training: whether training showed the family.
    """

    n: int
    auroc: float
    not_asserted: float
    seen_in_training: bool


@dataclass(frozen=True)
class SetResult:
    """How one split of one set is read.

    name: of the set. split: of it. summary: all characters together. people: how many wrote it,
    None where they are not known. characters: accuracy by kind of character (`characters.py`).
    """

    name: str
    split: MeasuredSplit
    summary: Summary
    people: int | None = None
    characters: Mapping[str, KindAccuracy] = field(default_factory=dict)

    def figures(self) -> dict[str, object]:
        """All figures by name, without those that there are none of."""
        people = {} if self.people is None else {"people": self.people}
        kinds = {kind: each.to_json() for kind, each in self.characters.items()}
        return {**asdict(self.summary), **people, **({"characters": kinds} if kinds else {})}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> SetResult:
        """Reads what the card keeps of `figures`, beside set and part."""
        figures = dict(values)
        name, split = figures.pop("set"), figures.pop("part")
        people, kinds = figures.pop("people", None), figures.pop("characters", {})
        return cls(
            name,
            split,
            Summary(**figures),
            people,
            {kind: KindAccuracy(**each) for kind, each in kinds.items()},
        )


@dataclass(frozen=True)
class Evaluation:
    """All figures that a model card has of its network.

    export_differs_from_keras_by: largest difference of a logit.
    export_checked_on: so many images.
    results: of each set and split.
    refusal: of each family of outliers, by its name.
    """

    export_differs_from_keras_by: float
    export_checked_on: int
    results: tuple[SetResult, ...]
    refusal: Mapping[str, Refusal]

    def to_json(self) -> dict[str, object]:
        """The evaluation as `Card.evaluation` holds it."""
        return {
            "export_differs_from_keras_by": self.export_differs_from_keras_by,
            "export_checked_on": self.export_checked_on,
            "results": [
                {"set": each.name, "part": each.split, **each.figures()} for each in self.results
            ],
            "refusal": {family: asdict(each) for family, each in self.refusal.items()},
        }

    @classmethod
    def of(cls, card: Card) -> Evaluation:
        """The evaluation of a card; raises KeyError or TypeError where a figure is missing."""
        values = card.evaluation
        return cls(
            values["export_differs_from_keras_by"],
            values["export_checked_on"],
            tuple(map(SetResult.from_json, values["results"])),
            {family: Refusal(**each) for family, each in values["refusal"].items()},
        )

    def result(self, name: str, split: MeasuredSplit) -> SetResult | None:
        """The result of one set and split; None where it was not measured."""
        found = (each for each in self.results if (each.name, each.split) == (name, split))
        return next(found, None)
