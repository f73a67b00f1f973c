"""The page is saved in a file, and drawings from files come in its place."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from game.document.document import within_limits
from game.document.open import open_page
from game.document.save import save_drawing
from game.page.board import Board
from models.lines.line_reader import LineReader
from models.lines.network import load_line_network
from models.pictures.files import is_picture, read_picture
from models.recognition.answer import Reading
from models.util.errors import InputError, explain_os_error

_LARGE = 500_000  # bytes; a smaller file is opened within a frame or a few


class PageFiles:
    """Saves and opens. A toast says what was done, or why not."""

    def __init__(self, board: Board, folder: Path) -> None:
        """folder: that `save` writes into."""
        self._board = board
        self._folder = folder
        self._waiting: Path | None = None  # the file to open next
        self._lines: LineReader | None = None  # loaded with the first picture

    def save(self) -> None:
        """Writes the page as PNG and InkML."""
        board, page = self._board, self._board.document
        page.finish_stroke()
        if not page.strokes:
            board.say("Nothing to save: the page is empty.", "info")
            return
        board.read()
        reading = board.reading if board.is_read else Reading()
        now = datetime.now()
        try:
            picture, _ = save_drawing(page.strokes, page.pen, page.size, reading, self._folder, now)
        except OSError as error:
            board.say(f"Not saved in {self._folder}: {explain_os_error(error)}.", "error")
        else:
            board.say(f"Saved {picture}, and the strokes in .inkml beside it.", "info")

    def open(self, path: Path) -> None:
        """Puts a drawing from an InkML or drawings file in the place of the ink.

        Of several drawings the first. A picture is read as one number, which a toast says; it, and
        a file that cannot be used, leave the ink as it is.
        """
        board, page = self._board, self._board.document
        page.finish_stroke()
        try:
            if is_picture(path):
                board.say(self._number_in(path), "info")
                return
            opened = open_page(path, page.size)
        except InputError as error:
            board.say(str(error), "error")
            return
        page.put(opened.strokes, page.pen if opened.pen is None else within_limits(opened.pen))
        more = f", the first of {opened.count} drawings" if opened.count > 1 else ""
        board.say(f"Opened {path.name}{more}.", "info")

    def _number_in(self, path: Path) -> str:
        """What a picture says as a number, in words. Raises InputError."""
        picture = read_picture(path)
        if self._lines is None:
            self._lines = LineReader(load_line_network())
        reading = self._lines.read(picture)
        if not reading.answers:
            return f"{path.name}: no number found."
        if "?" not in reading.text:
            return f"{path.name} says {reading.text}."
        best = "".join(answer.label for answer in reading.answers)
        return f"{path.name} says {reading.text}, perhaps {best} ({reading.confidence:.0%})."

    def open_soon(self, path: Path) -> None:
        """Opens a file at once, or a large one in the next frame, by `open_waiting`.

        The window cannot answer while it is read, and says so before.
        """
        if _is_large(path):
            self._waiting = path
            self._board.say(f"Opening {path.name} …", "info")
        else:
            self.open(path)

    def open_waiting(self) -> None:
        """Opens the file that waits, if there is one."""
        path, self._waiting = self._waiting, None
        if path is not None:
            self.open(path)


def _is_large(path: Path) -> bool:
    try:
        return path.stat().st_size > _LARGE
    except OSError:  # opening it says what is wrong
        return False
