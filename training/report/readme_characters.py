"""The figures of the network that reads letters, too, as Markdown, from its card."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models.recognition.card import Card
from training.report.readme_tables import family_sentence, percent, set_title, sets_measured, table

_WHAT = {
    "letters_case_insensitive": "letters; capitals and small ones alike, digits passed over",
    "letters": "letters, among all 47 classes",
    "digits_2_to_9": "digits 2 to 9, among all 47 classes",
    "up_to_lookalikes": "letters and digits, look-alikes as one class",
}


def characters(card: Card) -> str | None:
    """The table of accuracy by set and kind, and sentences on refusal; None without a figure."""
    measured = card.evaluation
    lines = [
        [set_title(name, kind, measured[key]), *_line(what, found)]
        for kind in ("held-out writers", "test", "validation")
        for name in sets_measured(measured, kind)
        for key in [f"{name} ({kind})"]
        if kind != "validation" or "letters" in measured[key].get("characters", {})
        for what, found in measured[key].get("characters", {}).items()
        # Where there are digits alone, how many count as letters is no news.
        if what != "up_to_lookalikes" or "letters" in measured[key]["characters"]
    ]
    if not lines:
        return None
    text = table(["set", "what", "n", "accuracy", "the network of digits"], lines)
    refused = measured.get("refusal", {})
    sentences = [
        family_sentence(group, "non-characters", seen)
        for seen in (True, False)
        for group in [
            {name: each for name, each in refused.items() if each["seen_in_training"] == seen}
        ]
        if group
    ]
    return "\n".join([text, "", *sentences]) if sentences else text


def _line(what: str, found: Mapping[str, Any]) -> list[str]:
    low, high = found["interval"]
    title = _WHAT[what]
    if "one_class" in found:
        title += f" ({', '.join(' '.join(group) for group in found['one_class'])})"
    digits = found.get("digits_network")
    return [
        title,
        f"{found['n']:,}",
        f"{percent(found['accuracy'])} ({100 * low:.2f} to {100 * high:.2f})",
        "" if digits is None else percent(digits),
    ]
