"""Which views are shown, and what they show of the selected or newest character."""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from game.inspector.occlusion import HeatMap, Occlusion
from game.inspector.prediction_history import PredictionHistory
from game.inspector.trace import Trace, trace_of
from game.page.board import Board
from models.ink.strokes import Box, Stroke
from models.preprocessing.baselines import stretched, whole_canvas
from models.preprocessing.directions import without_directions
from models.preprocessing.mnist_form import Steps
from models.recognition.answer import Answer, Kind, decide
from models.recognition.network import Activations

View = Literal["strokes", "box", "directions", "older", "first", "last", "occlusion", "history"]
# Along the way of the ink.
VIEWS: tuple[View, ...] = (
    "strokes",
    "box",
    "directions",
    "older",
    "first",
    "last",
    "occlusion",
    "history",
)
# Seconds for the views, and for all of a frame but the drawing: what takes longer goes on in the
# next one, so that there are 60 in a second.
BUDGET, _FRAME = 0.003, 0.008


@dataclass(frozen=True, eq=False)
class Feed:
    """An image that some recipe feeds the network, and the network's answer.

    recipe: its name. image: (28, 28) float32. label: the best, with its probability, 0..1.
    kind: whether that would be asserted.
    """

    recipe: str
    image: NDArray[np.float32]
    label: str
    probability: float
    kind: Kind


@dataclass(frozen=True, eq=False)
class Boxed:
    """Ink with its box, brush included, and the width of the brush, all in the page's units."""

    ink: tuple[Stroke, ...]
    box: Box
    pen: float
    steps: Steps


class Inspector:
    """What the strip of views shows; `update` brings it up to date in each frame.

    shown: whether there is a strip.
    place: of the first view that it shows, in `VIEWS`.
    last: the farthest place that shows anything more; the strip sets it.
    revision: grows with every visible change. versions: with every change of one view.
    The rest is about one character, None without ink or while no view of it is visible.
    seen: the image that the network is given, with the directions of the pen where it
        sees_directions.
    activations: None also where the network was exported without; see has_activations.
    """

    def __init__(self) -> None:
        self.shown = False
        self.place = 0
        self.last = len(VIEWS) - 1
        self.revision = 0
        self.versions: dict[View, int] = dict.fromkeys(VIEWS, 0)
        self.labels: tuple[str, ...] = ()
        self.has_activations = True
        self.trace: Trace | None = None
        self.boxed: Boxed | None = None
        self.sees_directions = True
        self.seen: NDArray[np.float32] | None = None
        self.feeds: tuple[Feed, ...] = ()
        self.activations: Activations | None = None
        self.heat: HeatMap | None = None
        self.history = PredictionHistory()
        self._occlusion = Occlusion()
        self._waiting: list[View] = []
        self._made_for: dict[View, tuple[object, ...]] = {}
        self._activated_by: tuple[object, ...] = ()  # the image and network of `activations`

    def toggle(self) -> None:
        self.shown = not self.shown
        self.revision += 1

    def move(self, step: int) -> None:
        """Goes on by `step` views, as far as there are more."""
        place = min(max(min(self.place, self.last) + step, 0), self.last)
        if place != self.place:
            self.place = place
            self.revision += 1

    @property
    def busy(self) -> bool:
        """Whether another `update` would show more of the same ink."""
        return bool(self._waiting)

    def update(self, board: Board, visible: Collection[View], begun: float) -> None:
        """Computes what the visible views show: views that a slow frame has no time for, and
        patches and readings beyond `BUDGET`, come in the next frames.

        begun: when the frame began, on `time.perf_counter`'s clock; a slow one gets less.
        """
        waited, self._waiting = self._waiting, []
        if not visible:
            return
        answer = None if board.shown is None else board.reading.answers[board.shown]
        if answer is None or not answer.ink:
            self._empty()
            return
        end = min(time.perf_counter() + BUDGET, begun + _FRAME)
        made = False
        for view in dict.fromkeys([*(view for view in waited if view in visible), *visible]):
            made_for = _made_for(view, board, answer)
            if _same(self._made_for.get(view, ()), made_for):
                continue
            if made and time.perf_counter() > begun + _FRAME:
                self._waiting.append(view)
                continue
            self._made_for[view] = made_for
            self._make(view, board, answer)
            made = True
        # The readings of a stroke that grows are few; the patches take what is left.
        if "history" in visible and self.history.busy:
            if self.history.step(max(0.0, end - time.perf_counter())):
                self._changed("history")
            if self.history.busy:
                self._waiting.append("history")
        if "occlusion" in visible and self._occlusion.busy:
            if self._occlusion.step(max(0.0, end - time.perf_counter())):
                self.heat = self._occlusion.map
                self._changed("occlusion")
            if self._occlusion.busy:
                self._waiting.append("occlusion")

    def _make(self, view: View, board: Board, answer: Answer) -> None:
        reader, pen = board.read_by, board.document.pen
        if view == "strokes":
            self.trace = trace_of(answer.ink)
        elif view == "box":
            self.boxed = Boxed(answer.ink, answer.box, pen, reader.steps(answer.ink, pen))
        elif view == "directions":
            self.seen, self.sees_directions = answer.image, reader.network.channels > 1
        elif view == "older":
            self.feeds = _feeds(board, answer)
        elif view == "occlusion":
            self._occlusion.aim(reader.network, answer.image, answer.alternatives[0][0])
            return  # it changes when there is something to see
        elif view == "history":
            self.labels = board.read_by.labels
            self.history.aim(reader, answer.ink, pen, answer.probabilities)
        elif not _same(self._activated_by, (answer.image, reader.network)):
            self._activated_by = answer.image, reader.network
            self.has_activations = reader.network.has_activations
            self.activations = reader.network.activations(answer.image)
        self._changed(view)

    def _empty(self) -> None:
        """There is no character."""
        if not self._made_for:
            return
        self._made_for, self._activated_by = {}, ()
        self.trace = self.boxed = self.seen = self.activations = self.heat = None
        self.feeds = ()
        self.history, self._occlusion = PredictionHistory(), Occlusion()
        for view in VIEWS:
            self._changed(view)

    def _changed(self, view: View) -> None:
        self.versions[view] += 1
        self.revision += 1


def _made_for(view: View, board: Board, answer: Answer) -> tuple[object, ...]:
    """What a view of an answer depends on."""
    made_for = (answer.image, board.read_by, board.document.pen)
    if view == "older":
        return (*made_for, board.document.size)
    if view == "occlusion":
        return (*made_for, answer.alternatives[0][0])
    return made_for


def _same(before: tuple[object, ...], now: tuple[object, ...]) -> bool:
    """Arrays are the same when they are one; all else when it is equal."""
    return len(before) == len(now) and all(
        a is b or (not isinstance(a, np.ndarray) and a == b)
        for a, b in zip(before, now, strict=True)
    )


def _feeds(board: Board, answer: Answer) -> tuple[Feed, ...]:
    """What the network gets by our recipe, and by two older ones instead."""
    network = board.read_by.network
    images = {
        "this recipe": answer.image,  # with the directions, which older recipes don't have
        "canvas shrunk": whole_canvas(answer.ink, board.document.pen, board.document.size),
        "box stretched": stretched(answer.ink),
    }
    feeds = []
    for recipe, image in images.items():
        probabilities = network.probabilities(image[np.newaxis])[0]
        best = int(probabilities.argmax())
        kind = decide(probabilities, network.card)
        label, probability = network.labels[best], float(probabilities[best])
        feeds.append(Feed(recipe, without_directions(image), label, probability, kind))
    return tuple(feeds)
