"""What `replay` and `read` print: a JSON line for each drawing, or a table for people."""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from dataclasses import astuple, dataclass

import numpy as np

from game.batch.resumable import ResumableLines
from models.recognition.answer import Reading
from models.util.statistics import wilson_interval

# The letters of which EMNIST makes one class for both cases (Cohen et al. 2017, arXiv 1702.05373).
_ALIKE = str.maketrans("cijklmopsuvwxyz", "CIJKLMOPSUVWXYZ")
_KIND_WORDS = {"sure": "sure", "unsure": 'unsure ("4 or 9?")', "refused": 'refused ("not a digit")'}


@dataclass(frozen=True)
class Result:
    """One drawing or picture and what was read. milliseconds: from pen-up to the answer's frame."""

    id: str
    reading: Reading
    label: str | None = None
    milliseconds: float | None = None

    @property
    def is_right(self) -> bool:
        """Whether all that is asserted is what the label says; False without a label.

        Spaces in the label count for nothing, since none are read; nor does the case of letters
        whose two cases look alike but for their size.
        """
        if self.label is None:
            return False
        asserted, label = (text.translate(_ALIKE) for text in (self.reading.text, self.label))
        return asserted == label.replace(" ", "")

    def to_json(self) -> str:
        """One line, a stable interface: game/README.md."""
        record: dict[str, object] = {"id": self.id}
        if self.label is not None:
            record["label"] = self.label
        record["text"] = self.reading.text
        record["confidence"] = round(self.reading.confidence, 6)
        if self.milliseconds is not None:
            record["pen_up_to_answer_ms"] = round(self.milliseconds, 2)
        record["answers"] = [
            {
                "text": answer.text,
                "box": [round(float(each), 1) for each in astuple(answer.box)],
                "confidence": round(answer.confidence, 6),
                "alternatives": [[text, round(p, 6)] for text, p in answer.alternatives],
            }
            for answer in self.reading.answers
        ]
        return json.dumps(record)

    def to_row(self) -> str:
        """One line of the table; a wrong answer has a mark."""
        caption = self.reading.caption() or "(no ink)"
        wrong = self.label is not None and not self.is_right
        took = "" if self.milliseconds is None else f"{self.milliseconds:8.1f}"
        name, label = one_line(self.id), one_line((self.label or "").replace("\n", " / "))
        sure = f"{min(100 * self.reading.confidence, 99.9):6.1f} %"  # no reading is certain
        return f"{name:<24} {label:<8} {caption:<14} {sure}{took}{'   wrong' if wrong else ''}"


class Report:
    """Prints results as they come, and at the end what they come to.

    as_json: one line for each result and nothing else on standard output. Progress goes to the
    standard error stream, only where that is a terminal and the results are not seen there.
    lines: take the place of standard output. files: how many there are; None where that does not
    tell how much is left.
    """

    def __init__(
        self,
        as_json: bool,
        timed: bool,
        lines: ResumableLines | None = None,
        files: int | None = None,
    ) -> None:
        self._as_json = as_json
        self._lines = lines
        self._files = files
        self._passed_over = self._done = 0 if lines is None else lines.done
        self._timed = timed
        self._count = 0
        self._labelled = 0
        self._right = 0
        self._kinds: Counter[str] = Counter()
        self._milliseconds: list[float] = []
        seen = sys.stdout.isatty() and lines is None
        self._shows_progress = sys.stderr.isatty() and not seen
        self._start = self._progress_at = time.monotonic()

    def add(self, result: Result) -> None:
        if not self._as_json and self._count == 0:
            took = " pen-up to answer, ms" if self._timed else ""
            print(f"{'drawing':<24} {'label':<8} {'read':<14} {'sure':>8}{took}")
        if self._lines is not None:
            self._lines.write(result.to_json())
        else:
            print(result.to_json() if self._as_json else result.to_row())
        self._count += 1
        self._kinds.update(answer.kind for answer in result.reading.answers)
        if result.label is not None:
            self._labelled += 1
            self._right += result.is_right
        if result.milliseconds is not None:
            self._milliseconds.append(result.milliseconds)
        self._show_progress()

    def error(self, line: str) -> None:
        """A file could not be read, or not to its end."""
        sys.stdout.flush()
        if self._shows_progress:
            print("\r", end="", file=sys.stderr)
        print(line, file=sys.stderr)

    def end_file(self) -> None:
        """All results of a file are there."""
        self._done += 1
        if self._lines is not None:
            self._lines.end_file()
        self._show_progress()

    def finish(self) -> None:
        """Ends the progress line, and prints the sums below a table."""
        if self._shows_progress and self._count:
            print(f"\r{self._progress()}", file=sys.stderr)
        if self._as_json or not self._count:
            return
        kinds = ", ".join(f"{self._kinds[kind]} {words}" for kind, words in _KIND_WORDS.items())
        print(f"\n{self._count} read; answers: {kinds}")
        if self._milliseconds:
            half, most = np.percentile(self._milliseconds, [50, 99])
            print(f"pen-up to answer: median {half:.1f} ms, 99 % within {most:.1f} ms")
        if self._labelled:
            low, high = wilson_interval(self._right, self._labelled)
            print(
                f"accuracy {100 * self._right / self._labelled:.2f} % "
                f"(95 % interval {100 * low:.2f} to {100 * high:.2f} %), "
                f"{self._right} of {self._labelled} right; unsure and refused count as wrong"
            )

    def _show_progress(self) -> None:
        now = time.monotonic()
        if self._shows_progress and now - self._progress_at > 0.2:
            self._progress_at = now
            print(f"\r{self._progress()}", end="", file=sys.stderr, flush=True)

    def _progress(self) -> str:
        took = max(time.monotonic() - self._start, 1e-9)
        words = f"{self._count} read, {self._count / took:.0f} a second"
        new = self._done - self._passed_over
        if self._files is None or not new:
            return words
        left = took / new * (self._files - self._done)
        return f"{words}; {self._done} of {self._files} files, {duration(left)} left   "


def duration(seconds: float) -> str:
    """About how long that is: "40 s", "12 min", "3 h 5 min"."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def one_line(words: str) -> str:
    """Words from a file, or a file's name, that cannot break the line or command the terminal."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in words)
