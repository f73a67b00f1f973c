"""The strip of views in the running game: what it shows is about the ink, and it is usable."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pygame
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from game.app import Game
from game.batch.pilot import down, letter, move, press, stroke, up
from game.inspector.captions import NO_MAPS, TITLES, caption
from game.inspector.state import VIEWS, Inspector, View
from game.inspector.trace import trace_of
from game.ui.inspector.strip import Strip
from game.ui.layout import layout_of
from models.ink.strokes import Stroke
from models.preprocessing.baselines import stretched, whole_canvas
from models.preprocessing.directions import strokes_to_input
from models.preprocessing.mnist_form import strokes_to_image
from tests.helpers.dense_pages import house
from tests.helpers.game import draw, give, new_game
from tests.helpers.samples import samples

LINE = [(200, 150), (210, 200), (215, 260), (220, 330)]


def settle(game: Game) -> None:
    """Frames until there is no more to see."""
    for _ in range(2000):
        game.frame([])
        if not game.inspector.busy:
            return
    raise AssertionError("the views never come to an end")


def pixels(game: Game) -> bytes:
    return game.window.surface.get_view("2").raw


def through_all(game: Game) -> None:
    """Opens the strip and looks at every view."""
    give(game, letter("v"))
    settle(game)
    while game.inspector.place < game.inspector.last:
        give(game, letter("."))
        settle(game)


def test_every_view_is_about_the_ink(game: Game) -> None:
    draw(game, samples()[7])
    through_all(game)
    inspector, board = game.inspector, game.board
    (answer,) = board.reading.answers
    assert inspector.trace is not None and inspector.trace.count == sum(map(len, answer.ink))
    assert inspector.boxed is not None and inspector.boxed.box == answer.box
    np.testing.assert_array_equal(inspector.boxed.steps.image, answer.image)
    ours, canvas, box = inspector.feeds
    assert (ours.label, ours.kind) == (answer.text, answer.kind)
    assert ours.probability == pytest.approx(answer.confidence)
    np.testing.assert_array_equal(ours.image, strokes_to_image(answer.ink, smallest=6))
    np.testing.assert_array_equal(
        canvas.image, whole_canvas(answer.ink, board.document.pen, board.document.size)
    )
    np.testing.assert_array_equal(box.image, stretched(answer.ink))
    assert inspector.activations is not None
    assert (
        inspector.heat is not None
        and inspector.heat.image is answer.image
        and inspector.heat.share == 1
    )
    assert inspector.heat.label == answer.text
    assert inspector.seen is answer.image and not inspector.sees_directions
    assert caption("directions", inspector) == "This network sees the image alone."

    counts, probabilities = inspector.history.readings()
    assert counts[-1] == inspector.history.points == inspector.trace.count
    np.testing.assert_allclose(probabilities[-1], answer.probabilities)


def test_where_letters_are_read_the_directions_of_the_pen_are_shown(game: Game) -> None:
    draw(game, samples()[7])
    give(game, letter("v"), letter("."), letter("."))
    settle(game)
    alone = game.screen.strip._kept["directions"][1].copy()
    give(game, press(pygame.K_TAB))
    settle(game)
    (answer,) = game.board.reading.answers
    seen = game.inspector.seen
    assert seen is not None and game.inspector.sees_directions
    np.testing.assert_array_equal(seen, strokes_to_input(answer.ink, smallest=6))
    shown = game.screen.strip._kept["directions"][1]
    assert pygame.image.tobytes(shown, "RGB") != pygame.image.tobytes(alone, "RGB")
    # Against a letter counts what occlusion finds in all channels, over the image alone.
    give(game, *[letter(".")] * 4)
    settle(game)
    assert game.inspector.heat is not None
    np.testing.assert_array_equal(game.inspector.heat.image, answer.picture)


def test_in_slow_frames_each_view_has_its_turn(game: Game) -> None:
    board, inspector = game.board, game.inspector
    seen: set[View] = set()
    for number in range(len(VIEWS) + 1):
        board.document.put(samples()[number].strokes, board.document.pen)
        board.read_now()
        before = dict(inspector.versions)
        inspector.update(board, VIEWS, begun=-math.inf)  # there is no time left from the start
        changed = {view for view in VIEWS if inspector.versions[view] > before[view]}
        assert len(changed - {"history", "occlusion"}) <= 1
        seen |= changed
    assert seen >= set(VIEWS) - {"occlusion"}  # which shows nothing before a sweep is done


def until_read(game: Game) -> None:
    """What takes long to read, or to show, comes a few frames later."""
    while not game.board.is_read or game.inspector.busy:
        game.frame([])


def test_the_views_follow_the_pen_and_the_selection(game: Game) -> None:
    give(game, letter("v"), down(LINE[0]), *(move(point, 1) for point in LINE[1:]))
    until_read(game)
    assert game.inspector.trace is not None and game.inspector.trace.count == len(LINE)
    give(game, move((230, 360), 1))
    until_read(game)
    assert game.inspector.trace.count == len(LINE) + 1
    give(game, up((230, 360)), *stroke([(x + 300, y) for x, y in LINE]))
    assert len(game.board.reading.answers) == 2
    until_read(game)
    first = game.inspector.trace
    game.board.select(0)
    game.frame([])
    until_read(game)
    assert game.inspector.trace is not first and game.inspector.trace.count == len(LINE) + 1
    give(game, letter("c"))
    assert [game.inspector.trace, game.inspector.heat] == [
        None,
        None,
    ] and game.inspector.feeds == ()
    assert not game.inspector.busy


def test_the_key_shows_and_hides_the_strip_and_nothing_is_computed_unseen(game: Game) -> None:
    draw(game, samples()[3])
    before, canvas = pixels(game), game.screen.layout.canvas
    assert not game.inspector.busy and game.inspector.trace is None
    give(game, letter("v"))
    assert game.screen.layout.canvas.height < canvas.height and game.screen.strip.visible
    assert pixels(game) != before
    settle(game)
    give(game, letter("v"))
    assert game.screen.layout.canvas == canvas
    # The ink was drawn anew, all at once: its rim may differ by a shade.
    after = np.frombuffer(pixels(game), np.uint8).astype(int)
    assert np.abs(after - np.frombuffer(before, np.uint8)).mean() < 0.1
    draw(game, samples()[4], (300, 40))
    assert not game.inspector.busy


def test_keys_and_clicks_go_through_all_views_and_stop_at_both_ends(game: Game) -> None:
    give(game, letter("."))
    assert game.inspector.place == 0  # there is no strip yet
    give(game, letter("v"), letter(","))
    seen = set(game.screen.strip.visible)
    assert game.screen.strip.visible[0] == VIEWS[0] and len(seen) < len(VIEWS)
    window = game.screen.layout.inspector
    assert window is not None
    for _ in range(10):
        give(game, *stroke([(window.right - 5, window.centery)]))
        seen |= set(game.screen.strip.visible)
    assert seen == set(VIEWS) and game.screen.strip.visible[-1] == VIEWS[-1]
    end = game.inspector.place
    give(game, letter(","))
    assert game.inspector.place == end - 1
    give(game, *stroke([(window.left + 5, window.centery)]))
    assert game.inspector.place == end - 2
    give(game, *stroke([window.center, (window.centerx + 60, window.centery)]))
    assert game.inspector.place == end - 2 and not game.board.document.strokes


@given(
    st.tuples(st.integers(1, 4000), st.integers(1, 2400)),
    st.sampled_from([1.0, 1.5, 3.0]),
    st.booleans(),
)
@example((2885, 768), 1.5, False)  # wide and low
@example((4000, 480), 1.0, True)
def test_the_views_share_the_window_with_the_rest(
    size: tuple[int, int], scale: float, show_panel: bool
) -> None:
    layout = layout_of(size, scale, show_panel, show_views=True)
    parts = [
        p for p in (layout.canvas, layout.panel, layout.toolbar, layout.inspector) if p is not None
    ]
    assert all(layout.window.contains(part) for part in parts)
    assert sum(part.width * part.height for part in parts) == size[0] * size[1]
    assert not any(a.colliderect(b) for a in parts for b in parts if a is not b)
    if size[0] >= 480 * scale and size[1] >= 360 * scale:
        assert layout.inspector is not None
        assert layout.canvas.width >= 280 * scale and layout.canvas.height >= 270 * scale
    strip, inspector, seen = Strip(), Inspector(), set()
    for inspector.place in range(len(VIEWS)):
        strip.fit(layout, inspector)
        assert all(
            layout.inspector and layout.inspector.contains(place)
            for _, place in strip._places.tiles
        )
        seen |= set(strip.visible)
    assert seen == (set(VIEWS) if layout.inspector else set())


def test_a_network_without_maps_says_so(game: Game, monkeypatch: pytest.MonkeyPatch) -> None:
    """As one that was exported by an older version."""
    network = game.board.reader.network
    monkeypatch.setattr(network, "has_activations", False)
    draw(game, samples()[1])
    through_all(game)
    assert game.inspector.activations is None
    assert caption("first", game.inspector) == caption("last", game.inspector) == NO_MAPS


def test_the_method_is_named(game: Game) -> None:
    draw(game, samples()[1])
    through_all(game)
    assert "Occlusion (Zeiler & Fergus 2014)" in caption("occlusion", game.inspector)
    assert set(TITLES) == set(VIEWS)


def test_of_many_points_some_are_shown_and_every_end() -> None:
    long = Stroke(np.cumsum(np.ones((5000, 2)), axis=0))
    trace = trace_of([long, Stroke(np.zeros((1, 2)))])
    assert trace.count == 5001
    (points, numbers), (_, last) = trace.strokes
    assert len(points) == len(numbers) <= 402 and last.tolist() == [5001]
    assert numbers[[0, -1]].tolist() == [1, 5000]
    np.testing.assert_array_equal(points, long.points[numbers - 1])


@pytest.mark.slow
def test_the_views_go_by_the_network_that_read_until_the_other_has(tmp_path: Path) -> None:
    """A page that takes long to read anew shows the answers of the mode before meanwhile."""
    game = new_game(tmp_path)
    game.board.document.put(tuple(house(np.random.default_rng(3))), game.board.document.pen)
    give(game, letter("v"))
    game.inspector.move(len(VIEWS))
    give(game)
    assert len(game.inspector.labels) == 10
    frames = 0
    game.frame([press(pygame.K_TAB, "\t")])
    while not game.board.is_read:
        assert game.inspector.labels == game.board.read_by.labels
        game.frame([])
        frames += 1
    assert frames and game.board.read_by.labels == game.board.labels
    while game.inspector.busy:
        game.frame([])
    assert len(game.inspector.labels) > 10
