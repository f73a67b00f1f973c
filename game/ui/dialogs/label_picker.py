"""What a character really is: a card with a button for each that it can be."""

from __future__ import annotations

import string
from functools import partial

import pygame
from pygame import Rect, Surface

from game.page.board import Board
from game.page.commands import Command
from game.ui.canvas.canvas import Canvas
from game.ui.dialogs.layer import Layer
from game.ui.layout import Layout, Point
from game.ui.theme import (
    BODY,
    HAIR,
    LABEL,
    LEAST,
    LEAST_TARGET,
    LINE,
    MARGIN,
    NEAR,
    QUIET,
    RADIUS,
    SURFACE,
    TARGET,
    TEXT,
    fitting,
    shortened,
    text,
)
from game.ui.widgets.buttons import Button, draw_ground
from models.recognition.labels import DIGITS

_ROW = TARGET + NEAR  # pixels at scale 1
_LONGEST_WORD = 30  # characters
_WIDEST = 640  # pixels at scale 1


class LabelPicker(Layer):
    """The card, while it is asked what a character is.

    small: whether it offers small letters. word: what was typed of a whole word; None while it is
    asked about a character.
    """

    def __init__(self, stack: list[Layer], board: Board, canvas: Canvas) -> None:
        """canvas: where the answers are on which the pen chooses another character."""
        super().__init__(stack)
        self.small = False
        self.word: str | None = None
        self._board = board
        self._canvas = canvas
        self._title = Rect(0, 0, 0, 0)

    def open(self) -> None:
        """Asks about the selected or newest character, once the page is read."""
        board = self._board
        if not board.catch_up():
            return
        if board.shown is None:
            board.say("Nothing to correct: there is no ink yet.")
            return
        board.select(board.shown)
        self.word = None
        super().open()

    def key(self, keys: tuple[str, ...], typed: str) -> bool:
        """A digit, or a letter where letters are read, is the answer, or one more of a word; Enter
        begins a word and ends it. Any other key closes it.
        """
        is_letter = len(typed) == 1 and typed.isascii() and typed.isalpha()
        if typed in DIGITS or (self._reads_letters and is_letter):
            self._answer(typed)
            return True
        if typed == "enter" and self._reads_letters:
            self._switch_word()
            return True
        if typed == "backspace" and self.word is not None:
            self.word = self.word[:-1]
            self.revision += 1
            return True
        if keys:
            self.close()
        return keys in (("escape",), ("t",))

    def press(self, point: Point) -> None:
        """Asks about the answer at a point of the canvas instead; closes it where there is none."""
        if self.covers(point) or not self._canvas.layout.canvas.collidepoint(point):
            return
        answer = self._canvas.answer_at(*point)
        if answer is None:
            self.close()
        else:
            self._board.select(answer)

    def fit(self) -> None:
        """Lays the card out, where it covers least of the character that is asked about."""
        self.buttons = []
        board, layout = self._board, self._canvas.layout
        if board.shown is None:
            return
        placed = self._canvas.placed
        avoided = placed[board.shown].frame if board.shown < len(placed) else None
        pad, gap, row = (layout.pixels(length) for length in (MARGIN, NEAR, _ROW))
        rows = self._rows()
        canvas = layout.canvas
        width = min(canvas.width - 2 * pad, layout.pixels(_WIDEST))
        least = layout.pixels(LEAST_TARGET)
        row = min(row, max(least, canvas.height // 3 // (len(rows) + 1)))
        height = len(rows) * (row + gap) + row + pad
        self._card = Rect(0, 0, width, height)
        self._card.midbottom = (canvas.centerx, canvas.bottom - pad)
        if avoided is not None and self._card.colliderect(avoided):
            above = self._card.copy()
            above.top = canvas.top + pad
            if _shared(above, avoided) < _shared(self._card, avoided):
                self._card = above
        inner = self._card.inflate(-2 * pad, 0)
        self._title = Rect(inner.x, self._card.y, inner.width, row)
        for number, commands in enumerate(rows):
            top = self._title.bottom + number * (row + gap)
            each = (inner.width + gap) / len(commands)
            for place, command in enumerate(commands):
                left, right = inner.x + place * each, inner.x + (place + 1) * each - gap
                where = Rect(round(left), top, round(right) - round(left), row)
                self.buttons.append(Button(where, command))

    def draw(self, surface: Surface, layout: Layout, pressed: str | None) -> None:
        board = self._board
        if not self.buttons or board.shown is None:
            return
        radius = layout.pixels(RADIUS)
        pygame.draw.rect(surface, SURFACE, self._card, border_radius=radius)
        pygame.draw.rect(surface, LINE, self._card, layout.pixels(HAIR), border_radius=radius)
        size = layout.pixels(BODY)
        hint = "press its key, or Esc" if self.word is None else "type it, then Enter"
        keys = text(hint, layout.pixels(LABEL), QUIET)
        room = self._title.width
        if room > layout.pixels(400):
            surface.blit(keys, keys.get_rect(midright=self._title.midright))
            room -= keys.get_width()
        question = f'Read as "{board.reading.answers[board.shown].caption()}". What is it really?'
        if self.word is not None:
            question = f"What word is it really? {self.word}_"
        words = text(shortened(question, size, room), size, TEXT)
        surface.blit(words, words.get_rect(midleft=self._title.midleft))
        for button in self.buttons:
            place, command = button.place, button.command
            draw_ground(surface, layout, place, command, command.name == pressed)
            room = place.width - 2 * layout.pixels(HAIR)
            size = fitting(command.label, layout.pixels(BODY), layout.pixels(LEAST), room)
            label = text(command.label, size, TEXT)
            surface.blit(label, label.get_rect(center=place.center))

    def _rows(self) -> list[list[Command]]:
        """All labels, in rows: digits, then letters; at the end of the first, case and leaving."""
        digits = [self._label(digit) for digit in DIGITS]
        leave = Command("leave", "Esc", self.close)
        if not self._reads_letters:
            return [[*digits, leave]]
        case = Command("case", "A" if self.small else "a", self._switch_case, checked=True)
        letters = string.ascii_lowercase if self.small else string.ascii_uppercase
        labels = [self._label(letter) for letter in letters]
        word = Command("word", "abc", self._switch_word, checked=self.word is not None)
        return [[*digits, case, word, leave], labels[:13], labels[13:]]

    def _label(self, label: str) -> Command:
        return Command(label, label, partial(self._answer, label))

    @property
    def _reads_letters(self) -> bool:
        return len(self._board.labels) > len(DIGITS)

    def _switch_word(self) -> None:
        """Asks about the whole word; once something is typed, that is the answer."""
        if self.word is None:
            self.word = ""
            self.revision += 1
        elif self.word and self._board.catch_up():
            self.close()
            self._board.correct_word(self.word)

    def _switch_case(self) -> None:
        self.small = not self.small
        self.revision += 1

    def _answer(self, label: str) -> None:
        """The character is this one, or the word goes on with it; the card stays while the page is
        still being read.
        """
        if self.word is not None:
            self.word = (self.word + label)[:_LONGEST_WORD]
            self.revision += 1
        elif self._board.catch_up():
            self.close()
            self._board.correct(label)


def _shared(one: Rect, other: Rect) -> int:
    common = one.clip(other)
    return common.width * common.height
