"""The verdicts on a pupil's answers in a class, kept so that the class goes on after a restart.

profiles/NAME/verdicts.jsonl     a line for each, in the order in which they were given; a later
                                 one on the same task counts instead
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from game.modes.practice.round import Rules
from models.util.atomic_files import append_line
from models.util.errors import InputError, explain_os_error
from models.util.locked_folder import locked

_FILE = "verdicts.jsonl"


@dataclass(frozen=True)
class Verdict:
    """On one task of a class.

    kind, level: of the tasks. task: its number, from 0. question, answer: what it asks, and what is
    right. read: what was written as it was read; "" where the task was skipped. right: at the first
    or second try. seconds: from its question to the verdict.
    """

    kind: str
    level: int
    task: int
    question: str
    answer: str
    read: str
    right: bool
    first_try: bool
    seconds: float

    @property
    def words(self) -> str:
        """How a table has it."""
        if self.right:
            return "right" if self.first_try else "second try"
        return f"wrong: {self.read}" if self.read else "skipped"


def read_verdicts(folder: Path | None, rules: Rules) -> dict[int, Verdict]:
    """The verdicts on the tasks of these rules, by their numbers: from 0 on, without a gap.

    folder: of the profile. A line that is damaged does not count. Raises InputError where the file
    cannot be read.
    """
    if folder is None:
        return {}
    path = folder / _FILE
    try:
        lines = path.read_bytes().split(b"\n")[:-1]
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {explain_os_error(error)}.") from None
    found: dict[int, Verdict] = {}
    for line in lines:
        verdict = _verdict(line)
        if verdict is not None and (verdict.kind, verdict.level) == (rules.kind, rules.level):
            found[verdict.task] = verdict
    whole = next(number for number in range(len(found) + 1) if number not in found)
    return {number: found[number] for number in range(whole)}


def keep_verdict(folder: Path | None, verdict: Verdict) -> None:
    """Keeps a verdict, safely on the disk when this returns. Raises StorageError."""
    line = json.dumps(asdict(verdict), ensure_ascii=False).encode()
    with locked(folder, "The answer is not kept") as own:
        append_line(own / _FILE, line, lambda last: _verdict(last) is not None)


def _verdict(line: bytes) -> Verdict | None:
    """The verdict on a line; None where that is damaged."""
    try:
        verdict = Verdict(**json.loads(line))
    except (ValueError, TypeError, RecursionError):
        return None
    whole = all(type(each) is int and each >= 0 for each in (verdict.task, verdict.level))
    texts = (verdict.kind, verdict.question, verdict.answer, verdict.read)
    flags = (verdict.right, verdict.first_try)
    fits = all(isinstance(each, str) for each in texts) and all(type(f) is bool for f in flags)
    return verdict if whole and fits and type(verdict.seconds) in (int, float) else None
