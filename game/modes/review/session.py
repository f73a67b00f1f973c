"""The review of a scan, field by field, and what can be done with each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from game.modes.session import Session
from game.page.board import Board
from game.page.commands import Command, CommandGroup
from game.sheets.records import FieldRecord, PageRecord
from models.ink.strokes import Box
from models.sheets.photograph import load_photograph
from models.sheets.sheet import TICKED
from models.sheets.straighten import straightened
from models.util.errors import InklingError

_RESOLUTION = 16.0  # pixels for a millimetre of the field that is shown
_AROUND = 3.0  # millimetres around the field
_CHOICES = 4  # texts that have a button


@dataclass(frozen=True, eq=False)
class Unsure:
    """A field to be settled. photo, number: of the photograph and of its page, from 0."""

    photo: int
    number: int
    page: PageRecord
    field: FieldRecord


class Review(Session):
    """A person settles unsure fields by a button, by typing or by writing.

    items: the fields. place: of the present one. typed: so far. settled: what each field was
    settled as, by its place.
    """

    source = "Inkling, review"
    page: Literal["writing", "end"]

    def __init__(
        self,
        board: Board,
        items: Sequence[Unsure],
        settle: Callable[[Unsure, str], None],
        leave: Callable[[], None],
    ) -> None:
        """settle: keeps what a field reads as, "" for an empty one; may raise StorageError."""
        super().__init__(board, board.corrections.profile, Random(), leave)
        self.items = tuple(items)
        self.place = 0
        self.typed = ""
        self.settled: dict[int, str] = {}
        self.page = "writing" if items else "end"
        self._settle = settle
        self._shown: tuple[int, NDArray[np.uint8] | None] = (-1, None)

    @property
    def is_writing(self) -> bool:
        return self.page == "writing"

    @property
    def item(self) -> Unsure:
        """The field that is asked about."""
        return self.items[self.place]

    @property
    def answer(self) -> str:
        """What is typed, else what is written; "" for nothing that can be taken yet."""
        written = " ".join(self.board.reading.text.split()) if self.board.is_read else ""
        return self.typed or ("" if "?" in written else written)

    @property
    def choices(self) -> tuple[str, ...]:
        """What the field may be: what is expected first, then what it was read as."""
        field = self.item.field
        if field.kind == "tick":
            return (TICKED, "")
        texts = [field.expected or "", field.best, *field.alternatives]
        return tuple(dict.fromkeys(text for text in texts if text))[:_CHOICES]

    def groups(self) -> tuple[CommandGroup, ...]:
        has_before = bool(self.items) and (self.page == "end" or self.place > 0)
        back = Command("back", "Back", self._back, ("left",), enabled=has_before)
        if self.page == "end":
            return (CommandGroup("", (back, self.leaving)),)
        choices = tuple(
            Command(f"choice {text}", self._label(text), partial(self.take, text), keys)
            for text, keys in zip(self.choices, [("tab",), (), (), ()], strict=False)
        )
        answer = self.answer
        accept = f"Take {answer}" if answer else "Take"
        clear = self.typed or self.board.document.strokes
        bar = (
            Command("take", accept, self._take_answer, ("enter",), enabled=bool(answer)),
            Command("clear", "Clear", self.clear, ("delete",), enabled=bool(clear)),
            Command("empty", "It is empty", partial(self.take, "")),
            back,
            Command("later", "Later", self._go_on, ("right",)),
            Command("stop", "Stop", self.leaving.handler, ("escape",)),
        )
        return (CommandGroup("", choices), CommandGroup("", bar))

    def state(self) -> tuple[object, ...]:
        return self.board.revision, self.page, self.place, self.typed, len(self.settled)

    def type(self, character: str) -> bool:
        """One more character of the answer. Returns whether the field takes it."""
        field = self.item.field
        allowed = character.isdigit()
        if field.kind in ("letters", "words"):
            allowed = character.isalnum() or (character in " -.'" and bool(self.typed))
        if allowed and character.isascii():
            self.typed += character
        return allowed

    def untype(self) -> None:
        self.typed = self.typed[:-1]

    def clear(self) -> None:
        """No answer, typed or written."""
        self.typed = ""
        self._empty_page()

    def take(self, text: str) -> None:
        """The field reads so; on to the next."""
        try:
            self._settle(self.item, text)
        except InklingError as error:
            self.board.say(str(error), "error")
            return
        self.settled[self.place] = text
        self._go_on()

    def picture(self) -> NDArray[np.uint8] | None:
        """The field, straightened, and a little around it: (height, width, 3) uint8, red, green,
        blue; None where its photograph is not there any more.
        """
        if self._shown[0] != self.place:
            self._shown = self.place, self._cut_out()
        return self._shown[1]

    def _cut_out(self) -> NDArray[np.uint8] | None:
        item = self.item
        try:
            photo = load_photograph(Path(item.page.path))
        except InklingError as error:
            self.board.say(str(error), "error")
            return None
        to_photo = np.array(item.page.to_photo).reshape(3, 3)
        box = item.field.box
        around = Box(
            box.x - _AROUND,
            box.y - _AROUND,
            box.width + 2 * _AROUND,
            box.height + 2 * _AROUND,
        )
        picture = straightened(photo, to_photo, around, _RESOLUTION)
        return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), np.uint8)

    def _label(self, text: str) -> str:
        field = self.item.field
        if field.kind == "tick":
            return "Ticked" if text else "Not ticked"
        return f"{text}, as expected" if text == field.expected else text

    def _take_answer(self) -> None:
        if self.answer:
            self.take(self.answer)

    def _go_on(self) -> None:
        if self.place + 1 < len(self.items):
            self.place += 1
        else:
            self.page = "end"
        self.clear()

    def _back(self) -> None:
        if self.page == "end":
            self.page = "writing"
        else:
            self.place = max(0, self.place - 1)
        self.clear()
