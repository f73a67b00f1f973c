"""Collecting on the window: the start page, what is asked for above the canvas, the last page."""

from __future__ import annotations

import shlex

from pygame import Surface

from game.modes.collect.prompts import request
from game.modes.collect.session import Collect
from game.ui.modes.mode import ModeScreen
from game.ui.theme import (
    BODY,
    HEADING,
    LEAD,
    LEAST,
    MARGIN,
    QUIET,
    SCORE,
    SKY,
    TEXT,
    TITLE,
    text,
    tight_height,
)
from game.ui.widgets.lines import StyledLine, draw_ends, line
from models.adaptation.samples import SAMPLES

_CHARACTER = 84  # pixels at scale 1, the asked character's type at most


class CollectScreen(ModeScreen):
    """The pages of collecting."""

    def __init__(self, collect: Collect, size: tuple[int, int], scale: float) -> None:
        self._collect = collect
        super().__init__(collect, size, scale)

    def draw_page(self, surface: Surface) -> None:
        collect = self._collect
        if collect.page == "start":
            invitation = "Write each character that is asked for. It is kept as that one."
            count = f"Samples of {collect.profile.name}: {collect.kept} so far"
            head = [("Collect", TITLE, TEXT), (invitation, BODY, QUIET), (count, BODY, TEXT)]
            self.draw_start(surface, head)
        elif collect.page == "end":
            self.draw_end(surface, _end(collect))
        else:
            self.draw_writing(surface, "Write it here")
            self._draw_asked(surface)

    def _draw_asked(self, surface: Surface) -> None:
        """How far it has come, what to write, and, small, what the network reads."""
        collect, layout = self._collect, self.layout
        done = f"{len(collect.written) + 1} of {len(collect.order)}"
        reads = f"reads: {collect.reads}" if collect.reads else ""
        rest = draw_ends(surface, layout, self.above, done, collect.profile.name, reads)
        size = layout.pixels(_CHARACTER)
        while tight_height(size) > rest.height and size > layout.pixels(LEAST):
            size -= 1
        character = text(collect.character, size, SKY, bold=True)
        gap = layout.pixels(MARGIN)
        room = rest.width - character.get_width() - gap
        asked = request(collect.character, collect.mode)
        words = line(asked, layout.pixels(HEADING), TEXT, room, layout)
        start = rest.centerx - (words.get_width() + gap + character.get_width()) // 2
        surface.blit(words, words.get_rect(midleft=(start, rest.centery)))
        beside = start + words.get_width() + gap
        surface.blit(character, character.get_rect(midleft=(beside, rest.centery)))


def _end(collect: Collect) -> list[StyledLine]:
    """How many, where they are, and what can be made of them."""
    name, count = collect.profile.name, collect.collected
    skipped = len(collect.written) - count
    rows: list[StyledLine] = [(f"{count} collected", SCORE, TEXT)]
    if skipped:
        rows.append((f"{skipped} skipped", LEAD, QUIET))
    rows.append((f"Samples of {name}: {collect.kept}", LEAD, TEXT))
    if collect.profile.folder is not None and collect.kept:
        export = f"python -m game export {shlex.quote(name)} --format idx"
        rows += [
            (f"They are in {collect.profile.folder / SAMPLES}", BODY, QUIET),
            (export, BODY, SKY),
            ("makes images and labels of them, as MNIST has them; or: png, drawings", BODY, QUIET),
        ]
    return rows
