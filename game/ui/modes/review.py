"""Review on the window: the field large, what it may be, and a canvas to write it anew."""

from __future__ import annotations

from dataclasses import replace

import pygame
from pygame import Rect, Surface

from game.modes.review.session import Review
from game.ui.modes.mode import ModeScreen, mode_layout
from game.ui.theme import (
    BODY,
    GAP,
    HEADING,
    LEAD,
    LINE,
    ORANGE,
    QUIET,
    SCORE,
    SKY,
    TARGET,
    TEXT,
)
from game.ui.widgets.buttons import row_of
from game.ui.widgets.lines import StyledLine, draw_ends, draw_fitted

_PICTURE = 0.5  # of the room between question and buttons, the photographed field


class ReviewScreen(ModeScreen):
    """The fields of a review, one at a time."""

    def __init__(self, review: Review, size: tuple[int, int], scale: float) -> None:
        self._review = review
        self._picture = Rect(0, 0, 1, 1)
        self._choices = Rect(0, 0, 1, 1)
        self._drawn: tuple[object, Surface | None] = (None, None)
        super().__init__(review, size, scale)

    def places(self) -> list[Rect]:
        return [self._choices, self.bar] if self._review.is_writing else [self.bar]

    def fit(self, size: tuple[int, int]) -> None:
        parts = mode_layout(size, self._scale)
        whole, layout = parts.layout.canvas, parts.layout
        gap, high = layout.pixels(GAP), layout.pixels(TARGET + GAP)
        self.above, self.bar = parts.above, parts.bar
        picture = round((whole.height - high) * _PICTURE)
        self._picture = Rect(whole.x, whole.y, whole.width, picture).inflate(-2 * gap, 0)
        self._choices = Rect(whole.x, whole.y + picture, whole.width, high).inflate(
            -2 * gap, -2 * (gap // 2)
        )
        top = whole.y + picture + high
        canvas = Rect(whole.x, top, whole.width, max(1, whole.bottom - top))
        self.lay(self._review.board, replace(layout, canvas=canvas))
        self.buttons = [
            button
            for group, place in zip(self._review.groups(), self.places(), strict=True)
            for button in row_of(group.commands, place, self.layout)
        ]

    def draw_page(self, surface: Surface) -> None:
        review = self._review
        if review.page == "end":
            self.draw_end(surface, _end(review))
            return
        self.draw_writing(surface, "Or write here what it says, or type it")
        self._draw_question(surface)
        self._draw_picture(surface)

    def _draw_question(self, surface: Surface) -> None:
        """How far it has come, whose it is, what was asked, and what was read."""
        review, layout = self._review, self.layout
        item = review.item
        done = f"{review.place + 1} of {len(review.items)}"
        about = f"{item.page.file}, page {item.page.page}"
        rest = draw_ends(surface, layout, self.above, done, item.page.writer, about)
        field = item.field
        asked = field.prompt or field.name
        if field.expected is not None and field.kind != "tick":
            asked = f"{asked} (expected: {field.expected})"
        question = Rect(rest.x, rest.y, rest.width, rest.height * 3 // 5)
        draw_fitted(surface, layout, question, asked, TEXT, layout.pixels(SCORE))
        below = Rect(rest.x, question.bottom, rest.width, rest.bottom - question.bottom)
        settled = review.settled.get(review.place)
        words, colour = f"read as {field.best or 'nothing'}, but unsure. What does it say?", ORANGE
        if review.typed:
            words, colour = f"{review.typed}_", SKY
        elif settled is not None:
            words, colour = f"settled as {settled or 'empty'}", SKY
        draw_fitted(surface, layout, below, words, colour, layout.pixels(HEADING))

    def _draw_picture(self, surface: Surface) -> None:
        place = self._picture
        key = (self._review.place, place.size)
        if self._drawn[0] != key:
            pixels = self._review.picture()
            scaled = None
            if pixels is not None:
                high, wide = pixels.shape[:2]
                own = pygame.image.frombuffer(pixels.tobytes(), (wide, high), "RGB")
                scale = min(place.width / wide, place.height / high)
                size = max(1, round(wide * scale)), max(1, round(high * scale))
                scaled = pygame.transform.smoothscale(own, size)
            self._drawn = key, scaled
        picture = self._drawn[1]
        if picture is None:
            words = "The photograph is not there any more."
            draw_fitted(surface, self.layout, place, words, QUIET, self.layout.pixels(LEAD))
            return
        where = picture.get_rect(center=place.center)
        surface.blit(picture, where)
        pygame.draw.rect(surface, LINE, where, 1)


def _end(review: Review) -> list[StyledLine]:
    done, count = len(review.settled), len(review.items)
    rows: list[StyledLine] = [(f"{done} of {count} settled", SCORE, TEXT)]
    if done < count:
        rows.append(
            ("The others stay unsure: --resume --review asks about them again.", BODY, QUIET)
        )
    else:
        rows.append(("Nothing is unsure any more." if count else "Nothing is unsure.", LEAD, QUIET))
    return rows
