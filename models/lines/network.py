"""The network for lines of digits, run by LiteRT: a strip in, what each column may show out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.lines.card import LineCard, read_line_network
from models.lines.strip import HEIGHT, WIDEST
from models.recognition.card import FOLDER
from models.recognition.labels import DIGITS
from models.util.arrays import Floats
from models.util.errors import InputError
from models.util.quiet import silent_stderr

NAME = "lines"
BLANK = 0  # the class that is no digit; digit d is class d + 1
CLASSES = len(DIGITS) + 1
STRIDE = 4  # pixels of the strip for a column of the network's last maps, …
COLUMNS = 2  # … each of which answers for so many columns
COLUMN_WIDTH = STRIDE / COLUMNS  # pixels of the strip
_WIDTH_STEP = 32  # pixels: strips are padded with paper to a multiple of it


class LineNetwork:
    """A network that is ready to run; made by `load_line_network`. Strips may have any width."""

    def __init__(self, card: LineCard, content: bytes) -> None:
        """Raises ValueError where the export is no network for lines."""
        self.card = card
        self._content = content
        self._interpreters: dict[int, tuple[object, int, int]] = {}
        self._at(_WIDTH_STEP)

    def logits(self, strip: NDArray[np.uint8]) -> Floats:
        """Raw outputs (columns, 11) for a strip (32, width), 0 for paper to 255 for ink.

        A column is 2 pixels wide; the first class is CTC's blank. Paper is added to the right, to
        full steps of the width.
        """
        width = -(-strip.shape[1] // _WIDTH_STEP) * _WIDTH_STEP
        if not 0 < width <= WIDEST:
            raise ValueError(f"A strip is 1 to {WIDEST} wide. Received: {strip.shape[1]}")
        padded = np.zeros((1, HEIGHT, width, 1), np.float32)
        padded[0, :, : strip.shape[1], 0] = strip
        padded /= 255
        interpreter, entry, result = self._at(width)
        interpreter.set_tensor(entry, padded)  # type: ignore[attr-defined]
        interpreter.invoke()  # type: ignore[attr-defined]
        return np.asarray(interpreter.get_tensor(result)[0], np.float64)  # type: ignore[attr-defined]

    def log_probabilities(self, strip: NDArray[np.uint8]) -> Floats:
        """Calibrated log probabilities (columns, 11) for a strip (32, width), see `logits`."""
        logits = self.logits(strip) / self.card.temperature
        logits -= logits.max(axis=1, keepdims=True)
        return np.asarray(logits - np.log(np.exp(logits).sum(axis=1, keepdims=True)))

    def _at(self, width: int) -> tuple[object, int, int]:
        """An interpreter for strips so wide, with the numbers of its input and output."""
        if width not in self._interpreters:
            from ai_edge_litert.interpreter import Interpreter

            with silent_stderr():
                interpreter = Interpreter(model_content=self._content, num_threads=1)
                (entry,) = interpreter.get_input_details()
                interpreter.resize_tensor_input(entry["index"], (1, HEIGHT, width, 1))
                interpreter.allocate_tensors()
                interpreter.set_tensor(entry["index"], np.zeros((1, HEIGHT, width, 1), np.float32))
                interpreter.invoke()  # only then is the output's shape known
            (result,) = interpreter.get_output_details()
            shape = tuple(result["shape"].tolist())
            if shape != (1, width // STRIDE * COLUMNS, CLASSES):
                raise ValueError(f"maps strips {width} wide to {shape}")
            self._interpreters[width] = interpreter, entry["index"], result["index"]
        return self._interpreters[width]


def load_line_network(folder: Path | None = None) -> LineNetwork:
    """Loads `lines.tflite` with its card `lines.json`, from `models/` unless a folder is given.

    Raises InputError, one line that says what to do, where file and card are missing, damaged or
    do not belong together.
    """
    folder = FOLDER if folder is None else folder
    card, content = read_line_network(folder)
    try:
        return LineNetwork(card, content)
    except (ValueError, RuntimeError) as error:
        reason = str(error).splitlines()[0]
        raise InputError(
            f"{folder / f'{NAME}.tflite'}: not a network for lines of digits ({reason}); run "
            "`python -m training lines`, or `git checkout models` for the shipped one."
        ) from None
