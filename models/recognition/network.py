"""A trained network, run by LiteRT: 28×28 images in, calibrated probabilities out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.ink.strokes import Stroke
from models.preprocessing.directions import CHANNELS, network_input, strokes_to_input
from models.preprocessing.mnist_form import PEN, SIDE, strokes_to_image
from models.recognition.card import DIRECTED, FOLDER, Card, read_network
from models.recognition.lookalikes import Lookalikes
from models.util.arrays import Floats
from models.util.errors import InputError
from models.util.quiet import silent_stderr

# An export's outputs, as they are named in it.
LOGITS, FIRST_MAPS, LAST_MAPS, FEATURES = "logits", "first_maps", "last_maps", "features"


@dataclass(frozen=True, eq=False)
class Activations:
    """A network's inner activations for one image, each float32, 0 or more.

    first, last: (height, width, channels), the feature maps of the first and of the last
        convolution, after normalisation, pooling and ReLU. features: (n,), what the last layer
        gets, such as the means of the last maps.
    """

    first: NDArray[np.float32]
    last: NDArray[np.float32]
    features: NDArray[np.float32]


class Network:
    """A network that is ready to run; made by `load_network`.

    channels: of its input, 1 for the image alone, 9 with the directions of the pen.
    has_activations: whether it was exported with its inner activations.

    An image is (28, 28), 0 for paper to 1 for ink, or (28, 28, 9) with the directions
    (`preprocessing.directions`). A network that knows directions takes both, another one passes
    them over.
    """

    def __init__(self, card: Card, content: bytes) -> None:
        from ai_edge_litert.interpreter import Interpreter

        self.card = card
        self._lookalikes = Lookalikes(card.labels, card.trust)
        with silent_stderr():
            # One thread: an image takes a fraction of a millisecond, waking others costs more.
            self._interpreter = Interpreter(model_content=content, num_threads=1)
            self._interpreter.allocate_tensors()
        (entry,) = self._interpreter.get_input_details()
        outputs = self._interpreter.get_signature_runner().get_output_details()
        # Exports of one output have another name for it.
        result = outputs[LOGITS] if len(outputs) > 1 else next(iter(outputs.values()))
        shapes = tuple(entry["shape"].tolist()), tuple(result["shape"].tolist())
        self.channels = CHANNELS if card.input_contract == DIRECTED else 1
        if shapes != ((1, SIDE, SIDE, self.channels), (1, len(card.labels))):
            raise ValueError(f"maps {shapes[0]} to {shapes[1]}")
        self._entry, self._result = entry["index"], result["index"]
        names = (FIRST_MAPS, LAST_MAPS, FEATURES)
        self._maps = [outputs[name]["index"] for name in names if name in outputs]
        self.has_activations = len(self._maps) == len(names)

    @property
    def labels(self) -> tuple[str, ...]:
        """The classes, in the order of the outputs."""
        return self.card.labels

    def drawn(
        self, strokes: Sequence[Stroke], pen: float = PEN, smallest: float = 0.0
    ) -> NDArray[np.float32]:
        """The image of strokes, with their directions if they count; see `strokes_to_image`."""
        draw = strokes_to_input if self.channels > 1 else strokes_to_image
        return draw(strokes, pen, smallest)

    def logits(self, images: NDArray[np.float32]) -> Floats:
        """Raw outputs, (n, classes), for n images."""
        rows = np.empty((len(images), len(self.labels)))
        for row, image in zip(rows, images, strict=True):
            self._run(image)
            row[:] = self._interpreter.get_tensor(self._result)[0]
        return rows

    def activations(self, image: NDArray[np.float32]) -> Activations | None:
        """What lies between an image and its logits.

        None where the network was exported without it (see `has_activations`).
        """
        if not self.has_activations:
            return None
        self._run(image)
        first, last, features = (self._interpreter.get_tensor(index)[0] for index in self._maps)
        return Activations(first, last, features)

    def seen(self, image: NDArray[np.float32]) -> tuple[Floats, Floats]:
        """The last layer's input for an image, and the raw logits that it gives.

        (d,) and (classes,), what `adapter` learns from. Raises ValueError where the network
        was exported without them (see `has_activations`).
        """
        if not self.has_activations:
            raise ValueError(f"{self.card.name} was exported without its features")
        self._run(image)
        features, logits = map(self._interpreter.get_tensor, (self._maps[-1], self._result))
        return features[0].astype(np.float64), logits[0].astype(np.float64)

    def _run(self, image: NDArray[np.float32]) -> None:
        self._interpreter.set_tensor(self._entry, network_input(image[np.newaxis], self.channels))
        self._interpreter.invoke()

    def calibrated(self, images: NDArray[np.float32]) -> Floats:
        """Logits (n, classes) whose softmax is calibrated, for n images."""
        return self.calibrate(self.logits(images))

    def calibrate(self, logits: Floats) -> Floats:
        """Raw logits (n, classes) as those whose softmax is calibrated."""
        return calibrated_logits(logits, self.card, self._lookalikes)

    def probabilities(self, images: NDArray[np.float32]) -> Floats:
        """Calibrated probabilities, (n, classes), each row summing to 1, for n images."""
        return softmax(self.calibrated(images))


def calibrated_logits(logits: Floats, card: Card, lookalikes: Lookalikes | None = None) -> Floats:
    """Raw outputs (n, classes) of a card's network as logits whose softmax is calibrated.

    lookalikes: of the card, if they are at hand.
    """
    lookalikes = lookalikes or Lookalikes(card.labels, card.trust)
    return lookalikes.rescale(logits / card.temperature)


def softmax(logits: Floats) -> Floats:
    """Softmax over the last axis; shifted by the maximum, so that nothing overflows."""
    raised = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True))


def load_network(name: str = "digits", folder: Path | None = None) -> Network:
    """Loads `NAME.tflite` with its card `NAME.json`, from `models/` unless a folder is given.

    Raises InputError, one line that says what to do, where file and card are missing, damaged or
    do not belong together.
    """
    folder = FOLDER if folder is None else folder
    card, content = read_network(name, folder)
    try:
        return Network(card, content)
    except (ValueError, RuntimeError) as error:
        reason = str(error).splitlines()[0]
        raise InputError(
            f"{folder / f'{name}.tflite'}: not a network from {SIDE}×{SIDE} images to "
            f"{len(card.labels)} labels ({reason}); run `make train`."
        ) from None
