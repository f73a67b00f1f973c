"""Where things stand on the window, at any size; and that the ink on it is the ink."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pygame
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pygame import Rect

from game.page.board import Board
from game.page.commands import NOTES, Command
from game.ui import theme
from game.ui.canvas.answers import draw_answers, likely, place_answers
from game.ui.canvas.ink import InkLayer
from game.ui.canvas.placing import Captions
from game.ui.canvas.viewport import viewport_of
from game.ui.dialogs.help import PAGE_AFTER, PAGE_BEFORE, Help
from game.ui.layout import SMALLEST, layout_of, panel_layout
from game.ui.panel import bars_of, draw_panel
from game.ui.screen import Screen
from game.ui.theme import (
    ANSWER_COLOURS,
    Colour,
    font,
    percent,
    shortened,
    wrapped,
)
from game.ui.toolbar import Toolbar
from models.ink.strokes import Box, Stroke
from models.recognition.answer import Answer, Reading
from tests.helpers.game import new_game, reader
from tests.helpers.samples import samples

sizes = st.tuples(st.integers(1, 4000), st.integers(1, 2400))
scales = st.sampled_from([1.0, 1.25, 1.5, 2.0, 3.0])


@given(sizes, scales, st.booleans())
def test_the_parts_share_the_window_without_overlap(
    size: tuple[int, int], scale: float, show_panel: bool
) -> None:
    layout = layout_of(size, scale, show_panel)
    parts = [part for part in (layout.canvas, layout.panel, layout.toolbar) if part is not None]
    assert all(layout.window.contains(part) for part in parts)
    assert sum(part.width * part.height for part in parts) == size[0] * size[1]
    assert not any(a.colliderect(b) for a in parts for b in parts if a is not b)


@given(
    st.integers(SMALLEST[0], 4000),
    st.integers(SMALLEST[1], 2400),
    st.sampled_from([1.0, 1.5, 2.0]),
    st.integers(0, 9),
)
def test_from_the_smallest_size_on_the_panel_shows_all_it_has(
    width: int, height: int, scale: float, lines: int
) -> None:
    size = (round(width * scale), round(height * scale))
    layout = layout_of(size, scale, show_panel=True)
    assert layout.panel is not None and layout.toolbar is not None
    assert layout.canvas.width >= 280 * scale
    panel = panel_layout(layout.panel, scale, 10, lines)
    assert panel.image is not None and panel.caption is not None
    parts = [panel.answer, *panel.rows, panel.image, panel.caption]
    assert (panel.heading is None) == (lines == 0)
    if panel.heading is not None:
        parts.append(panel.heading)
    assert all(layout.panel.contains(part) for part in parts)
    assert not any(a.colliderect(b) for a in parts for b in parts if a is not b)
    assert panel.image.width % 28 == 0, "its pixels would not be squares"
    assert min(row.height for row in panel.rows) >= 15 * scale - 1


def test_the_panel_gives_way_in_a_window_that_is_too_small() -> None:
    assert layout_of((400, 640), 1.0, show_panel=True).panel is None
    assert layout_of((960, 300), 1.0, show_panel=True).panel is None


@pytest.fixture
def commands(tmp_path: Path) -> Iterator[tuple[Command, ...]]:
    """All that can be done on an empty page."""
    game = new_game(tmp_path)
    yield game.controller.commands()
    game.close()


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0, 3.0])
@pytest.mark.parametrize("size", [(480, 360), (960, 640), (1920, 1080)])
def test_all_of_the_help_can_be_read_and_pressed(
    size: tuple[int, int],
    scale: float,
    commands: tuple[Command, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    layout = layout_of((round(size[0] * scale), round(size[1] * scale)), scale, show_panel=True)
    said: list[tuple[str, int]] = []

    def text(words: str, type_size: int, colour: Colour, bold: bool = False) -> pygame.Surface:
        said.append((words, type_size))
        return theme.text(words, type_size, colour, bold)

    monkeypatch.setattr("game.ui.dialogs.help.text", text)
    surface, card, pressed = pygame.Surface(layout.window.size), Help([]), []
    while True:
        card.fit(layout, commands)
        card.draw(surface, layout, None)
        places = [button.place for button in card.buttons]
        assert all(layout.window.contains(place) for place in places)
        assert not any(place.collidelist(places[i + 1 :]) >= 0 for i, place in enumerate(places))
        assert min(place.height for place in places) >= 24 * scale
        pressed += [button.command.name for button in card.buttons]
        if not card.turn(1):
            break
    turns = {PAGE_BEFORE, PAGE_AFTER}
    assert [name for name in pressed if name not in turns] == [each.name for each in commands]
    assert min(type_size for _, type_size in said) >= round(11 * scale)
    words = {word for word, _ in said}
    assert {command.help for command in commands} <= words, "some are shortened"
    assert {word for note in NOTES for word in note} <= words
    assert turns.isdisjoint(pressed) == (size != (480, 360))


@pytest.mark.parametrize("width", range(120, 2000, 40))
def test_buttons_give_way_to_the_one_for_all_keys(
    width: int, commands: tuple[Command, ...]
) -> None:
    layout = layout_of((width, 360), 1.0, show_panel=False)
    assert layout.toolbar is not None
    toolbar = Toolbar()
    toolbar.fit(layout, commands)
    *others, last = toolbar.buttons
    assert last.command.name == "help" and last.place.right <= layout.toolbar.right
    places = [button.place for button in toolbar.buttons]
    assert all(place.height == 32 for place in places)
    assert all(one.right < other.left for one, other in pairwise(places))
    assert [each.command for each in others] == list(commands[: len(others)])
    assert len(others) >= {480: 4, 960: 9, 1920: 18}.get(width, 0)


inks = st.builds(
    Box,
    st.floats(-500, 3000),
    st.floats(-500, 3000),
    st.floats(0, 3000),
    st.floats(0, 3000),
)


@given(inks, sizes)
def test_all_ink_is_in_sight_and_at_its_own_size_where_that_fits(
    ink: Box, size: tuple[int, int]
) -> None:
    canvas = Rect(0, 0, *size)
    viewport = viewport_of(ink, canvas)
    left, top = viewport.to_window(ink.x, ink.y)
    right, bottom = viewport.to_window(ink.right, ink.bottom)
    assert left >= -1e-6 and top >= -1e-6
    assert right <= max(size[0] - 1, 1) + 1e-6 and bottom <= max(size[1] - 1, 1) + 1e-6
    if ink.x >= 0 and ink.y >= 0 and ink.right <= size[0] - 1 and ink.bottom <= size[1] - 1:
        assert (viewport.scale, viewport.x, viewport.y) == (1.0, 0.0, 0.0)
    x, y = viewport.to_page(*viewport.to_window(ink.x, ink.bottom))
    assert x == pytest.approx(ink.x, abs=1e-6) and y == pytest.approx(ink.bottom, abs=1e-6)


def test_shrinking_and_growing_the_window_brings_the_page_back() -> None:
    board = Board(reader(), (728, 608))
    screen = Screen((960, 640), 1.0)
    board.document.pen_down(20, 30, 0)
    board.document.pen_move(700, 600, 9)
    board.document.pen_up(9)
    screen.fit(board, (960, 640))
    usual = screen.viewport, board.document.size
    screen.fit(board, (480, 360))
    assert screen.viewport.scale < 0.6
    screen.fit(board, (960, 640))
    assert (screen.viewport, board.document.size) == usual


def test_the_page_keeps_still_while_the_pen_is_down() -> None:
    board = Board(reader(), (728, 608))
    screen = Screen((960, 640), 1.0)
    screen.fit(board, (960, 640))
    board.document.pen_down(700, 600, 0)
    screen.fit(board, (480, 360))
    assert screen.viewport.scale == 1.0
    board.document.pen_up(1)
    screen.fit(board, (480, 360))
    assert screen.viewport.scale < 1.0


def test_ink_drawn_frame_by_frame_is_the_ink_drawn_at_once() -> None:
    board = Board(reader(), (728, 608))
    canvas = Rect(0, 0, 728, 608)
    grown = InkLayer()
    for sample in samples()[3:5]:
        for stroke in sample.strokes:
            path = stroke.points.tolist()
            board.document.pen_down(path[0][0], path[0][1], 0)
            for x, y in path[1:]:
                board.document.pen_move(x, y, 0)
                grown.update(board, canvas, viewport_of(None, canvas))
            board.document.pen_up(0)
    stepwise = grown.update(board, canvas, viewport_of(None, canvas))
    at_once = InkLayer().update(board, canvas, viewport_of(None, canvas))
    first, second = (pygame.surfarray.array2d(one).astype(int) for one in (stepwise, at_once))
    assert first.max() == 255
    # Where two pieces of a stroke meet, their soft edges may differ a little from one drawn whole.
    assert np.abs(first - second).max() <= 64
    assert np.abs(first - second).mean() < 0.02
    board.document.pen_down(5, 5, 0)
    board.document.pen_up(0)
    grown.update(board, canvas, viewport_of(None, canvas))
    board.undo()
    undone = grown.update(board, canvas, viewport_of(None, canvas))
    assert np.array_equal(pygame.surfarray.array2d(undone), second)


def test_very_much_ink_is_drawn_in_parts_and_the_pen_is_seen_meanwhile() -> None:
    board, canvas = Board(reader(), (728, 608)), Rect(0, 0, 728, 608)
    line = np.column_stack([np.linspace(10, 700, 600), np.zeros(600)])
    board.document.put(tuple(Stroke(line + np.array([0, 20 + 10 * row])) for row in range(40)), 4)
    layer, viewport = InkLayer(), viewport_of(None, canvas)

    def column(x: int) -> list[int]:
        surface = layer.update(board, canvas, viewport)
        return [int(level) for level in pygame.surfarray.array2d(surface)[x]]

    lines = [sum(level > 0 for level in column(300))]
    while layer.unfinished == len(lines):
        lines.append(sum(level > 0 for level in column(300)))
    assert 3 <= len(lines) <= 40
    assert np.diff(lines).min() > 0
    whole = column(300)
    board.undo()
    board.redo()
    board.document.pen_down(300, 520, 0)
    board.document.pen_move(301, 560, 0)
    before = layer.unfinished
    first = column(300)  # what was there stays until it is all drawn anew
    assert layer.unfinished > before
    assert first[:500] == whole[:500]
    assert first[540] == 255
    while layer.unfinished > before:
        before = layer.unfinished
        column(300)
    assert column(300) == first


def test_the_canvas_shows_the_answer_over_the_ink_and_none_when_empty(tmp_path: Path) -> None:
    game = new_game(tmp_path)
    canvas = game.screen.layout.canvas
    empty = pygame.surfarray.array3d(game.window.surface)[: canvas.right, : canvas.bottom]
    game.controller.open(_file(tmp_path))
    game.frame([])
    answer = game.board.reading.answers[0]
    (box,) = game.screen.viewport.boxes_to_window([answer.box])
    shown = pygame.surfarray.array3d(game.window.surface)
    sky = (shown == ANSWER_COLOURS["sure"]).all(axis=2)
    assert sky[box.left : box.right, : box.top].sum() > 200, "no caption above the box"
    assert not (empty == ANSWER_COLOURS["sure"]).all(axis=2).any()
    game.board.tick(1e12)  # the toast has gone
    game.board.toggle_boxes()
    game.frame([])
    plain = pygame.surfarray.array3d(game.window.surface)
    canvas = game.screen.layout.canvas
    assert not (plain == ANSWER_COLOURS["sure"]).all(axis=2)[: canvas.width, : canvas.height].any()
    game.close()


def _file(folder: Path) -> Path:
    from models.ink.jsonl import drawing_to_json

    path = folder / "five.jsonl"
    path.write_text(drawing_to_json(samples()[10]))
    return path


def _reading(count: int, canvas: Rect) -> Reading:
    """As many ones on the canvas, up to ten in a line, as far apart as they are wide."""
    ink = Stroke(np.array([[300.0, 100.0], [305.0, 200.0], [310.0, 300.0]]))
    (one,) = reader().read([ink], 12.0).answers
    across, down = min(count, 10), (count + 9) // 10
    width, height = canvas.width / (2 * across + 1), canvas.height / (2 * down + 1)
    places = [divmod(i, 10) for i in range(count)]
    return Reading(
        tuple(
            replace(
                one,
                box=Box((2 * x + 1) * width, (2 * y + 1) * height, width, height),
                strokes=(i,),
                line=y,
            )
            for i, (y, x) in enumerate(places)
        )
    )


@pytest.mark.parametrize("count", [1, 4, 12, 50])
@pytest.mark.parametrize("size", [(480, 360), (960, 640), (1600, 1000)])
@pytest.mark.parametrize("below", [False, True])
def test_every_character_has_its_own_frame_and_caption(
    size: tuple[int, int], count: int, below: bool
) -> None:
    layout = layout_of(size, 1.0, show_panel=True)
    reading = _reading(count, layout.canvas)
    placed = place_answers(reading, layout, viewport_of(None, layout.canvas), below, Captions())
    assert [each.answer for each in placed] == list(reading.answers)
    parts = [part for each in placed for part in (each.frame, each.plate)]
    assert all(layout.canvas.contains(part) for part in parts)
    assert not any(part.collidelist(parts[i + 1 :]) >= 0 for i, part in enumerate(parts))
    assert {each.wording.words for each in placed} == {"1"}
    assert min(each.wording.size for each in placed) >= (12 if size[0] > 480 else 9)
    figures = {bool(each.wording.figures) for each in placed}
    assert figures == {True} if count == 1 else len(figures) == 1


@given(st.lists(inks, max_size=50), sizes, scales)
@settings(max_examples=50)
def test_answers_have_their_places_wherever_the_ink_is(
    some: list[Box], size: tuple[int, int], scale: float
) -> None:
    layout = layout_of(size, scale, show_panel=True)
    one = _reading(1, layout.canvas).answers[0]
    reading = Reading(tuple(replace(one, box=box) for box in some))
    placed = place_answers(reading, layout, viewport_of(None, layout.canvas), False, Captions())
    assert all(layout.canvas.contains(each.frame) for each in placed)
    surface = pygame.Surface(size)
    draw_answers(surface, placed, layout, selected=0, outdated=frozenset())


def test_the_words_stand_in_the_panel_and_without_it_in_the_toolbar(
    commands: tuple[Command, ...],
) -> None:
    for show_panel in (True, False):
        layout = layout_of((960, 640), 1.0, show_panel)
        assert layout.toolbar is not None
        shown = []
        for count in (1, 6):
            surface = pygame.Surface(layout.window.size)
            reading = _reading(count, layout.canvas)
            draw_panel(surface, layout, reader().labels, reading, count - 1, dimmed=False)
            words = reading if layout.panel is None and count > 1 else None
            toolbar = Toolbar()
            toolbar.fit(layout, commands, words, shown=count - 1)
            toolbar.draw(surface, layout)
            assert [each.command.name for each in toolbar.buttons[:3]] == [
                "clear",
                "undo",
                "eraser",
            ]
            shown.append(pygame.surfarray.array3d(surface))
        place = layout.panel or layout.toolbar
        parts = [picture[place.left : place.right, place.top : place.top + 60] for picture in shown]
        assert (parts[0] != parts[1]).any(axis=2).sum() > 200


def test_of_many_labels_the_ten_most_probable_have_bars() -> None:
    labels = [chr(ord("0") + i) for i in range(47)]
    probabilities = np.random.default_rng(0).dirichlet(np.ones(47))
    best = sorted(zip(probabilities, labels, strict=True), reverse=True)
    answer = Answer(
        kind="sure",
        box=Box(0, 0, 10, 10),
        confidence=0.5,
        alternatives=tuple((label, float(p)) for p, label in best[:3]),
        probabilities=tuple(map(float, probabilities)),
        image=np.zeros((28, 28), np.float32),
    )
    assert bars_of(labels, answer) == [(label, p) for p, label in best[:10]]
    assert bars_of(labels, None) == [("", None)] * 10
    assert [label for label, _ in bars_of(labels[:10], answer)] == labels[:10]


@given(st.text(max_size=80), st.integers(20, 400))
def test_long_words_are_shortened_to_the_room_there_is(words: str, width: int) -> None:
    lines = wrapped(words, 14, width, 3)
    assert len(lines) <= 3
    assert all(font(14).width(line) <= max(width, font(14).width("…")) for line in lines)


def test_a_path_keeps_both_ends_when_it_is_shortened() -> None:
    short = shortened("/home/somebody/drawings/2026-11-21.png", 14, 160)
    assert short.startswith("/h") and short.endswith(".png") and "…" in short


def test_no_reading_is_called_certain() -> None:
    assert percent(1.0) == "99.9 %"
    assert percent(0.9731) == "97.3 %"
    assert percent(0.0) == "0.0 %"


def test_an_unsure_answer_gives_both_figures(tmp_path: Path) -> None:
    answer = Answer(
        kind="unsure",
        box=Box(0, 0, 10, 10),
        confidence=0.51,
        alternatives=(("4", 0.51), ("9", 0.42), ("7", 0.02)),
        probabilities=(0.01,) * 10,
        image=np.zeros((28, 28), np.float32),
    )
    assert answer.caption() == "4 or 9?"
    assert likely(answer) == "4 51.0 %  9 42.0 %"
