"""The figures of the network that reads letters, too, as Markdown, from its card."""

from __future__ import annotations

from models.recognition.card import Card
from training.evaluation.records import Evaluation, KindAccuracy
from training.report.readme_tables import family_sentence, measured_on, percent, set_title, table

_WHAT = {
    "letters_case_insensitive": "letters; capitals and small ones alike, digits passed over",
    "letters": "letters, among all 47 classes",
    "digits_2_to_9": "digits 2 to 9, among all 47 classes",
    "up_to_lookalikes": "letters and digits, look-alikes as one class",
}


def characters(card: Card) -> str | None:
    """The table of accuracy by set and kind, and sentences on refusal; None without a figure."""
    evaluation = Evaluation.of(card)
    lines = [
        [set_title(result), *_line(what, found)]
        for split in ("held-out writers", "test", "validation")
        for result in measured_on(evaluation, split)
        if split != "validation" or "letters" in result.characters
        for what, found in result.characters.items()
        # Where there are digits alone, how many count as letters is no news.
        if what != "up_to_lookalikes" or "letters" in result.characters
    ]
    if not lines:
        return None
    text = table(["set", "what", "n", "accuracy", "the network of digits"], lines)
    families = evaluation.refusal
    sentences = [
        family_sentence(group, "non-characters", seen)
        for seen in (True, False)
        for group in [
            {name: each for name, each in families.items() if each.seen_in_training == seen}
        ]
        if group
    ]
    return "\n".join([text, "", *sentences]) if sentences else text


def _line(what: str, found: KindAccuracy) -> list[str]:
    low, high = found.interval
    title = _WHAT[what]
    if found.one_class:
        title += f" ({', '.join(' '.join(group) for group in found.one_class)})"
    return [
        title,
        f"{found.n:,}",
        f"{percent(found.accuracy)} ({100 * low:.2f} to {100 * high:.2f})",
        "" if found.digits_network is None else percent(found.digits_network),
    ]
