"""A board as a browser sees it: what is said there is done on it, and what is to be seen there."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

import numpy as np

from game.document.document import PEN_WIDTHS
from game.page.board import Board
from game.page.toasts import Toast
from game.serve.messages import Change, Ink, Select, SetMode, SetPen, Step
from game.ui.canvas.answers import Placed
from game.ui.canvas.canvas import Canvas
from game.ui.panel import bars_of
from game.ui.theme import percent
from models.ink.strokes import Stroke
from models.recognition.answer import Answer
from models.util.errors import InputError

# On one page. A page of handwriting has some hundred strokes of thirty points each.
MOST_STROKES, MOST_POINTS = 1_000, 50_000
# Points, and as many more for each stroke, after which earlier steps cannot be undone any more.
_MOST_REMEMBERED, _OF_A_STROKE = 200_000, 50
_FULL = "The page is full: clear it to go on."

State = dict[str, Any]


class RemoteBoard:
    """What a browser says is done on the board; each numbered message once, and in order.

    board: that is written on. canvas: knows where the ink and its answers stand.
    seen: the number of the last message that was done.
    """

    def __init__(self, board: Board, canvas: Canvas) -> None:
        self.board = board
        self.canvas = canvas
        self.seen = 0
        self._writes = 0  # the number of the stroke under this browser's pen, 0 for none
        # By its identity, a stroke's number in the browser and the stroke, which stays alive so.
        # That of the message that began it, or one below 0 where it was written elsewhere.
        self._named: dict[int, tuple[int, Stroke]] = {}
        self._named_for = -1, 0  # the page's ink revision, and how many strokes it had then
        self._elsewhere = 0
        self._remembered = 0
        self._toast: Toast | None = None
        self._toasts = 0

    def do(self, change: Change) -> None:
        """Does what a message says, unless it was done before.

        Raises InputError where one before it is missing.
        """
        if not self.skip(change):
            return
        match change:
            case Ink():
                self._write(change)
            case Step(_, name):
                self._step(name)
            case SetPen(_, width):
                self.board.document.set_pen(min(PEN_WIDTHS, key=lambda each: abs(each - width)))
            case SetMode(_, letters):
                if letters != (self.board.mode == "characters"):
                    self.board.switch_mode()
            case _:
                raise InputError("There is no task here.")
        self._name()

    def skip(self, change: Change) -> bool:
        """Counts a message as done. Returns whether it was not before.

        Raises InputError where one before it is missing.
        """
        if change.number <= self.seen:
            return False
        if change.number != self.seen + 1:
            raise InputError(f"Message {change.number} came before message {self.seen + 1}.")
        self.seen = change.number
        return True

    def select(self, message: Select) -> None:
        self.board.select(message.answer)

    def lift(self) -> None:
        """The page that wrote the stroke under the pen is not there any more."""
        if self._writes:
            self.board.document.finish_stroke()
            self._name()

    # Inside

    def _write(self, ink: Ink) -> None:
        page = self.board.document
        if ink.first:
            page.finish_stroke()
            self._name()
            if self._is_full():
                self.board.say(_FULL, "error")
                return
            self._writes = ink.number
            page.pen_down(*ink.points[0])
        if not self._writes:
            return
        for point in ink.points:
            page.pen_move(*point)
        self._remembered += len(ink.points)
        if ink.last:
            page.pen_up(ink.points[-1][2] if ink.points else 0.0)
        elif self._is_full():
            page.finish_stroke()
            self.board.say(_FULL, "error")

    def _is_full(self) -> bool:
        page = self.board.document
        points = sum(map(len, page.strokes)) + (0 if page.live is None else len(page.live))
        return len(page.strokes) >= MOST_STROKES or points >= MOST_POINTS

    def _step(self, name: str) -> None:
        if name == "clear":
            self.board.document.clear()
        elif name == "redo":
            self.board.redo()
        elif name == "undo" or self._writes:
            self.board.undo()

    def _name(self) -> None:
        """Numbers the strokes that have come, and forgets the oldest steps where they are many."""
        page = self.board.document
        # While nothing was replaced, all that is new stands behind what is numbered.
        revision, count = self._named_for
        known = count if revision == page.ink_revision else 0
        new = [stroke for stroke in page.strokes[known:] if id(stroke) not in self._named]
        self._named_for = page.ink_revision, len(page.strokes)
        for stroke in new:
            if self._writes and stroke is page.strokes[-1] and page.live is None:
                number = self._writes
            else:
                self._elsewhere -= 1
                number = self._elsewhere
            self._named[id(stroke)] = number, stroke
            self._remembered += _OF_A_STROKE
        if page.live is None:
            self._writes = 0
        if self._remembered > _MOST_REMEMBERED and page.live is None:
            page.forget_steps()
            kept = {id(stroke) for stroke in page.strokes}
            self._named = {key: each for key, each in self._named.items() if key in kept}
            self._remembered = 0

    @property
    def is_writing(self) -> bool:
        """Whether this browser's pen is down."""
        return self._writes != 0

    # What is to be seen

    def state(self) -> State:
        """All that a browser shows, as JSON has it, but for the strokes' points: see `points`.

        Lengths are in pixels of the canvas, at its viewport; those of the strokes in page units.
        """
        view = self.canvas.viewport
        return self.ink_state() | {
            "view": [view.scale, view.x, view.y],
            "answers": self._answers(),
            "specks": [
                [rect.x, rect.y, rect.width, rect.height]
                for rect in view.boxes_to_window(self.board.reading.specks)
            ],
            "panel": self._panel(),
        }

    def ink_state(self) -> State:
        """The part of it that does not depend on where the browser shows the page."""
        board, page = self.board, self.board.document
        self._name()
        return {
            "seen": self.seen,
            "page": list(page.size),
            "pen": page.pen,
            "pens": list(PEN_WIDTHS),
            "letters": board.mode == "characters",
            "strokes": [self._named[id(stroke)][0] for stroke in page.strokes],
            "writes": self._writes,
            "read": board.is_read,
            "toast": self._toast_state(),
        }

    def texts(self) -> list[State]:
        """The answers without their places."""
        outdated = self.board.outdated
        return [
            _text(answer) | {"dim": index in outdated}
            for index, answer in enumerate(self.board.reading.answers)
        ]

    def points(self, numbers: Sequence[int]) -> list[list[Any]]:
        """[number, [[x, y], …]] for each stroke of the page that has one of these numbers."""
        wanted = set(numbers)
        named = (self._named[id(stroke)] for stroke in self.board.document.strokes)
        return [
            [number, np.round(stroke.points, 2).tolist()]
            for number, stroke in named
            if number in wanted
        ]

    def _answers(self) -> list[State]:
        """Those over the ink, with their places; none while they are hidden."""
        outdated, board = self.board.outdated, self.board
        answers: list[State] = []
        if not board.show_boxes:
            return answers
        for index, (answer, placed) in enumerate(
            zip(board.reading.answers, self.canvas.placed, strict=True)
        ):
            shown = _answer(answer, placed, index == placed.members[-1])
            shown["dim"] = not outdated.isdisjoint(placed.members)
            shown["chosen"] = index == board.selected
            answers.append(shown)
        return answers

    def _panel(self) -> State:
        """What the side panel shows of the selected, or else the newest character."""
        board, index = self.board, self.board.shown
        answer = None if index is None else board.reading.answers[index]
        bars = [
            [label, share, "" if share is None else percent(share)]
            for label, share in bars_of(board.read_by.labels, answer)
        ]
        panel: State = {"shown": index, "count": len(board.reading.answers), "bars": bars}
        if answer is not None:
            said = answer.corrected_label is not None
            panel |= {
                "caption": answer.caption(),
                "kind": answer.kind,
                "best": answer.alternatives[0][0],
                "likely": "as you said" if said else percent(answer.confidence),
                "image": image_of(answer),
                "dim": index in board.outdated,
            }
        return panel

    def _toast_state(self) -> list[Any] | None:
        """The toast with a number, so that the same words said twice are shown twice."""
        toast = self.board.toast
        if toast is None:
            return None
        if self._toast is None or toast.text is not self._toast.text:
            self._toasts += 1
        self._toast = toast
        return [self._toasts, toast.kind, toast.text]


def image_of(answer: Answer) -> str:
    """What the network saw, 28×28 bytes in base64."""
    return base64.b64encode(np.round(answer.picture * 255).astype(np.uint8).tobytes()).decode()


def _answer(answer: Answer, placed: Placed, last: bool) -> State:
    """One answer and its frame, with the caption where it is the last of those that have one."""
    frame = placed.frame
    shown = _text(answer) | {"frame": [frame.x, frame.y, frame.width, frame.height]}
    if last:
        plate, wording = placed.plate, placed.wording
        shown["caption"] = {
            "plate": [plate.x, plate.y, plate.width, plate.height],
            "words": wording.words,
            "size": wording.size,
            "figures": wording.figures,
            "figuresSize": wording.figures_size,
            "ofOne": len(placed.members) == 1,
        }
    return shown


def _text(answer: Answer) -> State:
    return {
        "text": answer.text,
        "kind": answer.kind,
        "line": answer.line,
        "word": answer.word,
    }


class News:
    """What of a remote board's state a browser has not been sent yet."""

    def __init__(self) -> None:
        self._known: set[int] = set()  # the strokes whose points it has
        self._sent: State = {}

    def know(self, number: int) -> None:
        """The browser has the points of a stroke, which it wrote itself."""
        self._known.add(number)

    def of(self, remote: RemoteBoard, state: State) -> State:
        """The parts of a state that are new, with the points of the strokes that are."""
        new = {
            key: part
            for key, part in state.items()
            if key not in self._sent or part != self._sent[key]
        }
        unknown = [number for number in state["strokes"] if number not in self._known]
        if unknown:
            new["ink"] = remote.points(unknown)
            self._known.update(unknown)
        self._sent = state
        return new
