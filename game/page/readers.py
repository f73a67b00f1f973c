"""The readers of the canvas: of digits, and of digits with letters."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from models.recognition.card import FOLDER
from models.recognition.network import load_network
from models.recognition.reader import Reader

ReadingMode = Literal["digits", "characters"]
# What the screen calls them.
WORDS: dict[ReadingMode, str] = {"digits": "digits", "characters": "digits and letters"}


class Readers:
    """A reader for each mode, loaded when it is first wanted.

    reader: the present one. mode: which that is.
    """

    def __init__(
        self, reader: Reader, folder: Path | None = None, other: Reader | None = None
    ) -> None:
        """folder: of the networks; None for `models/`. other: the other mode's, where it is loaded
        already.
        """
        self.mode = _mode_of(reader)
        self._folder = FOLDER if folder is None else folder
        self._loaded = {_mode_of(each): each for each in (reader, other) if each is not None}

    @property
    def reader(self) -> Reader:
        return self._loaded[self.mode]

    def switch(self) -> None:
        """Goes over to the other mode. Raises InputError where its network cannot be used."""
        other: ReadingMode = "digits" if self.mode == "characters" else "characters"
        if other not in self._loaded:
            self._loaded[other] = Reader(load_network(other, self._folder), self.reader.language)
        self.mode = other


def _mode_of(reader: Reader) -> ReadingMode:
    return "characters" if reader.name == "characters" else "digits"
