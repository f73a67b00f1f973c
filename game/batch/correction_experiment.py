"""`replay --teach`: each writer corrects the first hundred drawings; do the later ones read better?

The corrections are made in the running game as by hand: a character is selected, and its key
pressed. They count for the time of the replay, and for that writer alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from game.page.board import Board
from game.page.corrections import Corrections
from models.adaptation.adapted_network import CORRECTED
from models.ink.strokes import Drawing
from models.recognition.answer import Reading
from models.recognition.labels import merged
from models.recognition.reader import Reader


@dataclass
class _Writer:
    """One writer's figures.

    read: drawings so far. corrected: characters in the first `CORRECTED` of them. later: drawings
    after those. before, after: how many of the later ones are misread without and with corrections.
    """

    corrections: Corrections
    read: int = 0
    corrected: int = 0
    later: int = 0
    before: int = 0
    after: int = 0


@dataclass
class CorrectionExperiment:
    """Has each writer of a file correct, and counts what that changes.

    plain: a reader without corrections.
    """

    plain: Reader
    _writers: dict[str, _Writer] = field(default_factory=dict)

    def begin(self, board: Board, drawing: Drawing) -> None:
        """Has the board read by the corrections of this drawing's writer so far."""
        board.corrections = self._writer(drawing).corrections

    def mistakes(self, board: Board, drawing: Drawing) -> Iterator[tuple[int, str]]:
        """Counts a drawing that was read, and says which answers its writer corrects.

        Yields the index of each answer that is not asserted rightly, and its true label; nothing
        where there are not as many answers as the drawing's label has characters.
        """
        writer, reading, label = self._writer(drawing), board.reading, drawing.label
        if label is None:
            return
        truth = [each for each in label if not each.isspace()]
        writer.read += 1
        if writer.read > CORRECTED:
            writer.later += 1
            writer.after += not _is_right(reading, truth)
            writer.before += not _is_right(
                self.plain.read(board.document.strokes, board.document.pen), truth
            )
        elif len(truth) == len(reading.answers):
            for index, (answer, true) in enumerate(zip(reading.answers, truth, strict=True)):
                if merged(answer.text) != merged(true) and merged(true) in board.labels:
                    writer.corrected += 1
                    yield index, true

    def summary(self) -> str:
        """A line for each writer of enough drawings, and one for all of them."""
        long = {name: each for name, each in self._writers.items() if each.later}
        if not long:
            return f"No writer has more than {CORRECTED} drawings here, so nothing came after them."
        lines = [
            f"{name}: {each.corrected} corrections; {each.before} of {each.later} later drawings "
            f"misread without them, {each.after} with them"
            for name, each in long.items()
            if each.before or each.after
        ]
        before, after, later, corrected = (
            sum(getattr(each, part) for each in long.values())
            for part in ("before", "after", "later", "corrected")
        )
        lines.append(
            f"all {len(long)} writers: {corrected} corrections; {before} of {later} later "
            f"drawings misread without them, {after} with them"
        )
        return "\n".join(lines)

    def _writer(self, drawing: Drawing) -> _Writer:
        name = drawing.writer or "nobody named"
        if name not in self._writers:
            self._writers[name] = _Writer(Corrections())
        return self._writers[name]


def _is_right(reading: Reading, truth: list[str]) -> bool:
    """Whether the best labels are right, asserted or not."""
    best = [answer.alternatives[0][0] for answer in reading.answers]
    return best == [merged(each) for each in truth]
