"""What a scan comes to, for people: a line for each page, and the class below."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from game.batch.report import one_line
from game.sheets.records import FieldRecord, PageRecord, PhotoRecord
from game.sheets.table import copies

_MOST_TASKS, _MOST_LOOKS = 5, 8  # that are named


def page_line(page: PageRecord) -> str:
    """One line about a page."""
    head = f"{one_line(page.file)}: {page.sheet}, page {page.page}"
    if page.writer:
        head += f", {page.writer}"
    if page.duplicate_of is not None:
        return f"{head}: the same page as in {one_line(page.duplicate_of)}, not counted again"
    expected = [each for each in page.fields if each.expected is not None]
    looks = [each for each in page.fields if each.is_unsure]
    if not expected:
        texts = ", ".join(f"{each.name} {each.text or '(empty)'}" for each in page.fields)
        return f"{head}: {texts}"
    counts = Counter(each.verdict for each in expected)
    words = [f"{counts['right']} of {len(expected)} right", f"{counts['wrong']} wrong"]
    words += [f"{counts[key]} {key}" for key in ("unsure", "empty") if counts[key]]
    line = f"{head}: {', '.join(words)}"
    if looks:
        named = [f"{each.name} ({each.best}?)" for each in looks[:_MOST_LOOKS]]
        more = f" and {len(looks) - _MOST_LOOKS} more" if len(looks) > _MOST_LOOKS else ""
        line += f"; please look at {', '.join(named)}{more}"
    return line


def class_lines(photos: Sequence[PhotoRecord]) -> list[str]:
    """How all did together: counts, and for each sheet which tasks most got wrong."""
    sheets = copies(photos)
    fields = [field for own in sheets for field in own.fields if field.expected is not None]
    if not fields:
        return [f"{len(sheets)} sheets read"] if sheets else []
    counts = Counter(field.verdict for field in fields)
    lines = [
        f"{len(sheets)} {'sheet' if len(sheets) == 1 else 'sheets'}, {len(fields)} answers: "
        f"{counts['right']} right, {counts['wrong']} wrong, {counts['unsure']} unsure, "
        f"{counts['empty']} empty"
    ]
    tasks: dict[tuple[str, str], list[FieldRecord]] = defaultdict(list)
    for own in sheets:
        for field in own.fields:
            if field.expected is not None:
                tasks[own.sheet, field.name].append(field)
    wrong = {key: sum(f.verdict == "wrong" for f in own) for key, own in tasks.items()}
    asked = [key for key, own in tasks.items() if wrong[key] and len(own) > 1]
    most = sorted(asked, key=lambda key: -wrong[key])[:_MOST_TASKS]
    if most:
        lines.append("most often wrong:")
        for key in most:
            field = tasks[key][0]
            texts = Counter(f.best for f in tasks[key] if f.verdict == "wrong").most_common(3)
            said = ", ".join(f"{text} ({n})" if n > 1 else text for text, n in texts)
            lines.append(
                f"  {field.name}. {field.prompt} {field.expected}: wrong {wrong[key]} of "
                f"{len(tasks[key])} times: {said}"
            )
    return lines
