"""What hands do, through SDL's queue, to the running game; and its promises under anything."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pygame
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from pygame.event import Event

from game.play import Game
from models.drawings import write_drawings
from models.ink import Stroke
from tests.running import (
    Point,
    both_networks,
    down,
    draw,
    finger,
    give,
    letter,
    move,
    new_game,
    press,
    stroke,
    up,
)
from tests.samples import SAMPLES, samples

LINE: list[Point] = [(200, 150), (210, 200), (215, 260), (220, 330)]


@pytest.fixture
def game(tmp_path: Path) -> Iterator[Game]:
    running = new_game(tmp_path)
    yield running
    running.close()


def test_a_stroke_of_the_mouse_is_ink_where_it_went_and_is_read_in_its_frame(game: Game) -> None:
    give(game, *stroke(LINE))
    (ink,) = game.board.strokes
    assert ink.points.tolist() == [list(point) for point in LINE]
    assert game.board.reading.text == "1"
    assert pygame.display.get_caption()[0] == "1 - Inkling"
    assert game.shown_at >= game.hands.lifted_at > 0


def test_every_position_between_two_frames_is_taken(game: Game) -> None:
    path = [(100 + i, 100 + (i * 7) % 50) for i in range(400)]
    give(game, *stroke(path))
    assert len(game.board.strokes[0]) == 400


def test_the_live_answer_is_there_before_the_pen_is_lifted(game: Game) -> None:
    give(game, down(LINE[0]), *(move(point, 1) for point in LINE[1:]))
    assert game.board.live is not None
    assert game.board.reading.text == "1"
    assert not game.board.strokes


def test_a_click_is_a_dot(game: Game) -> None:
    give(game, down((300, 300)), up((300, 300)))
    assert [len(ink) for ink in game.board.strokes] == [1]


def test_a_second_button_ends_the_stroke_and_starts_nothing(game: Game) -> None:
    give(game, down((100, 100)), move((200, 200), 1), down((200, 200), 3))
    give(game, move((300, 300), 1, 3), up((300, 300), 3), move((400, 100), 1), up((400, 100)))
    (ink,) = game.board.strokes
    assert ink.points[-1].tolist() == [200, 200]


def test_turning_the_wheel_while_drawing_changes_nothing(game: Game) -> None:
    pen = game.board.pen
    give(game, down((100, 100)), move((150, 150), 1))
    give(game, down((150, 150), 4), up((150, 150), 4), Event(pygame.MOUSEWHEEL, x=0, y=1))
    give(game, move((200, 200), 1), up((200, 200)))
    assert len(game.board.strokes) == 1
    assert game.board.pen == pen


def test_a_stroke_that_leaves_the_window_goes_on_along_its_edge(game: Game) -> None:
    give(game, down((100, 100)), move((-400, 120), 1), move((-300, 5000), 1), move((50, 200), 1))
    give(game, up((50, 200)))
    (ink,) = game.board.strokes
    width, height = game.screen.layout.canvas.size
    assert ink.points.min() >= 0
    assert (ink.points <= (width, height)).all()
    assert ink.points[-1].tolist() == [50, 200]


def test_a_lifting_that_got_lost_is_noticed_when_the_mouse_comes_back(game: Game) -> None:
    give(game, down((100, 100)), move((200, 200), 1))
    give(game, move((500, 400)), move((600, 100)))
    assert game.board.live is None
    assert game.board.strokes[0].points[-1].tolist() == [200, 200]


@pytest.mark.parametrize("loss", [pygame.WINDOWFOCUSLOST, pygame.WINDOWMINIMIZED])
def test_losing_the_focus_ends_the_stroke(game: Game, loss: int) -> None:
    give(game, down((100, 100)), move((200, 200), 1), Event(loss), move((300, 300), 1))
    assert game.board.live is None
    assert game.board.strokes[0].points[-1].tolist() == [200, 200]


def test_nothing_is_drawn_from_the_panel_or_the_line_of_keys(game: Game) -> None:
    panel, hints = game.screen.layout.panel, game.screen.layout.toolbar
    assert panel is not None and hints is not None
    for part in (panel, hints):
        give(game, *stroke([part.center, (200, 200), (300, 300)]))
    assert not game.board.strokes


def test_a_finger_draws_once_although_sdl_tells_of_it_twice(game: Game) -> None:
    give(
        game,
        finger(pygame.FINGERDOWN, 0.1, 0.25),
        Event(pygame.MOUSEBUTTONDOWN, pos=(96, 160), button=1, touch=True),
        finger(pygame.FINGERMOTION, 0.2, 0.5),
        move((192, 320), 1, touch=True),
        finger(pygame.FINGERUP, 0.2, 0.5),
        Event(pygame.MOUSEBUTTONUP, pos=(192, 320), button=1, touch=True),
    )
    (ink,) = game.board.strokes
    assert ink.points.tolist() == [[96, 160], [192, 320]]


def test_only_the_first_finger_draws(game: Game) -> None:
    give(
        game,
        finger(pygame.FINGERDOWN, 0.1, 0.1, number=7),
        finger(pygame.FINGERDOWN, 0.5, 0.5, number=8),
        finger(pygame.FINGERMOTION, 0.6, 0.6, number=8),
        finger(pygame.FINGERUP, 0.6, 0.6, number=8),
        finger(pygame.FINGERMOTION, 0.2, 0.2, number=7),
        finger(pygame.FINGERUP, 0.2, 0.2, number=7),
    )
    (ink,) = game.board.strokes
    assert np.allclose(ink.points, [[96, 64], [192, 128]])


def test_the_right_button_and_the_eraser_take_whole_strokes(game: Game) -> None:
    give(game, *stroke(LINE), *stroke([(400, 150), (400, 330)]))
    give(game, *stroke([(380, 240), (420, 240)], button=3))
    left = [len(game.board.strokes)]
    give(game, letter("e"), *stroke([(180, 240), (240, 240)]))
    left.append(len(game.board.strokes))
    give(game, letter("z", pygame.KMOD_LCTRL), letter("z", pygame.KMOD_LCTRL))
    left.append(len(game.board.strokes))
    assert left == [1, 0, 2]


def test_clear_undo_and_redo_by_their_keys(game: Game) -> None:
    give(game, *stroke(LINE))
    before = game.board.strokes
    for clear in (letter("c"), press(pygame.K_DELETE)):
        give(game, clear)
        assert not game.board.strokes and game.board.reading.text == ""
        give(game, letter("z", pygame.KMOD_RCTRL))
        assert game.board.strokes == before
    give(game, letter("y", pygame.KMOD_LCTRL))
    assert not game.board.strokes
    give(game, letter("z", pygame.KMOD_LCTRL))
    give(game, letter("z", pygame.KMOD_LCTRL | pygame.KMOD_LSHIFT))
    assert not game.board.strokes


def test_ctrl_c_copies_and_clears_nothing(game: Game) -> None:
    give(game, *stroke(LINE))
    give(game, letter("c", pygame.KMOD_LCTRL))
    assert len(game.board.strokes) == 1
    assert game.board.toast is not None
    assert "1" in game.board.toast.text or "clipboard" in game.board.toast.text


@pytest.mark.parametrize(
    ("narrow", "widen"),
    [
        (press(pygame.K_LEFTBRACKET, "["), press(pygame.K_RIGHTBRACKET, "]")),
        # A German keyboard: AltGr and 8 or 9, which Windows tells as Ctrl and Alt.
        (
            press(pygame.K_8, "[", pygame.KMOD_LCTRL | pygame.KMOD_RALT),
            press(pygame.K_9, "]", pygame.KMOD_LCTRL | pygame.KMOD_RALT),
        ),
    ],
)
def test_brackets_change_the_pen_on_every_layout(game: Game, narrow: Event, widen: Event) -> None:
    pen = game.board.pen
    give(game, narrow)
    assert game.board.pen < pen
    give(game, widen, widen)
    assert game.board.pen > pen


def test_letters_work_where_the_layout_has_none(game: Game) -> None:
    give(game, *stroke(LINE))
    give(game, press(0x0441, "с", scancode=pygame.KSCAN_C))  # noqa: RUF001 (Cyrillic)
    assert not game.board.strokes


def test_boxes_and_panel_by_their_keys(game: Game) -> None:
    canvas = game.screen.layout.canvas.width
    give(game, letter("b"), letter("p"))
    assert not game.board.show_boxes
    assert game.screen.layout.panel is None
    assert game.screen.layout.canvas.width > canvas


def test_the_help_is_closed_by_its_key_by_a_click_and_by_escape_which_then_quits(
    game: Game,
) -> None:
    shown = []
    for closing in ([letter("h")], stroke(LINE), [press(pygame.K_ESCAPE)], [letter("b")]):
        give(game, press(pygame.K_F1))
        shown.append(game.board.show_help)
        give(game, *closing)
        shown.append(game.board.show_help)
    assert shown == [True, False] * 4
    assert game.running and not game.board.strokes
    give(game, press(pygame.K_ESCAPE))
    assert not game.board.show_help and not game.running


def test_a_key_while_the_pen_is_down_finishes_the_stroke_first(game: Game) -> None:
    give(game, down(LINE[0]), move(LINE[1], 1), letter("b"), move(LINE[2], 1), up(LINE[2]))
    (ink,) = game.board.strokes
    assert len(ink) == 2


def test_saving_writes_both_files_and_a_dropped_one_brings_the_ink_back(
    game: Game, tmp_path: Path
) -> None:
    draw(game, samples()[4])
    before, pen = game.board.strokes, game.board.pen
    give(game, letter("s"))
    (saved,) = (tmp_path / "drawings").glob("*.inkml")
    assert saved.with_suffix(".png").exists()
    assert game.board.toast is not None and saved.stem in game.board.toast.text
    give(game, letter("c"), letter("["))
    give(game, Event(pygame.DROPFILE, file=str(saved)))
    assert game.board.strokes == before
    assert game.board.pen == pen


def test_a_dropped_file_that_is_no_drawing_costs_no_ink(game: Game, tmp_path: Path) -> None:
    give(game, *stroke(LINE))
    before = game.board.strokes
    broken = tmp_path / "broken.jsonl"
    broken.write_text("no drawing\n")
    for path in (broken, tmp_path, tmp_path / "missing.inkml"):
        give(game, Event(pygame.DROPFILE, file=str(path)))
        assert game.board.strokes == before
        assert game.board.toast is not None and game.board.toast.kind == "error"


def test_a_large_file_is_announced_in_a_frame_before_it_is_opened(
    game: Game, tmp_path: Path
) -> None:
    give(game, *stroke(LINE))
    large = tmp_path / "large.jsonl"
    drawing = samples()[0]
    write_drawings(large, [drawing] * 500)
    give(game, Event(pygame.DROPFILE, file=str(large)))
    assert game.board.toast is not None and game.board.toast.text == "Opening large.jsonl …"
    assert len(game.board.strokes) == 1
    give(game)
    assert len(game.board.strokes) == len(drawing.strokes)
    assert game.board.toast is not None and "Opened large.jsonl" in game.board.toast.text
    assert not game.frame([])


def test_nothing_is_drawn_anew_while_nothing_changes(game: Game) -> None:
    draw(game, samples()[0])
    assert not game.frame([])
    assert not game.frame([move((300, 300)), move((310, 310))])
    assert game.frame([Event(pygame.VIDEOEXPOSE)])


def test_quitting_keeps_the_stroke_under_the_pen(tmp_path: Path) -> None:
    game = new_game(tmp_path, keep_ink=True)
    give(game, down((100, 100)), move((200, 200), 1))
    give(game, Event(pygame.QUIT))
    assert not game.running
    game.close()
    again = new_game(tmp_path, keep_ink=True)
    assert [ink.points.tolist() for ink in again.board.strokes] == [[[100, 100], [200, 200]]]
    again.close()


coordinates = st.tuples(st.integers(-60, 1000), st.integers(-60, 700))
paths = st.lists(coordinates, min_size=1, max_size=12)
buttons = st.sampled_from([1, 1, 1, 2, 3])
_COMMAND = pygame.KMOD_LCTRL
keys = st.sampled_from(
    [letter(name) for name in "csebphjjk"]
    + [press(key) for key in (pygame.K_LEFT, pygame.K_RIGHT, pygame.K_TAB)]
    + [letter(name, _COMMAND) for name in "zzzyyc"]
    + [letter("z", _COMMAND | pygame.KMOD_LSHIFT), press(pygame.K_DELETE), press(pygame.K_F1)]
    + [press(pygame.K_LEFTBRACKET, "["), press(pygame.K_RIGHTBRACKET, "]"), letter("x")]
)


# Buttons that leave the page or ask the desktop, and those that change its ink.
_LEAVING = {"quit", "open", "practise", "collect", "full screen", "who"}
_CHANGING = {"clear", "undo", "redo"}


class AnyHands(RuleBasedStateMachine):
    """Strokes, keys, windows and files in any order; the promises hold after each."""

    @initialize()
    def open(self) -> None:
        self.kept = tempfile.TemporaryDirectory()
        self.folder = Path(self.kept.name)
        self.bad = self.folder / "bad.inkml"
        self.bad.write_text("<ink>")
        self.game = self._new_game()

    def _new_game(self) -> Game:
        return new_game(
            self.folder, keep_ink=True, networks=both_networks(self.folder / "networks")
        )

    @rule(path=paths, button=buttons)
    def stroke(self, path: list[Point], button: int) -> None:
        give(self.game, *stroke(path, button))

    @rule(at=coordinates, button=buttons)
    def press_button(self, at: Point, button: int) -> None:
        give(self.game, down(at, button))

    @rule(path=paths, held=st.sets(st.integers(1, 3)))
    def move(self, path: list[Point], held: set[int]) -> None:
        give(self.game, *(move(at, *held) for at in path))

    @rule(at=coordinates, button=buttons)
    def lift_button(self, at: Point, button: int) -> None:
        give(self.game, up(at, button))

    @rule(
        kind=st.sampled_from([pygame.FINGERDOWN, pygame.FINGERMOTION, pygame.FINGERUP]),
        x=st.floats(0, 1),
        y=st.floats(0, 1),
        number=st.integers(0, 1),
    )
    def touch(self, kind: int, x: float, y: float, number: int) -> None:
        give(self.game, finger(kind, x, y, number))

    @rule(index=st.integers(0, 40), taps=st.booleans(), slides=st.booleans())
    def press_a_button(self, index: int, taps: bool, slides: bool) -> None:
        """Of the toolbar, or of the help: no ink comes of it, and nothing where the hand slides."""
        self._lift()
        board, screen = self.game.board, self.game.screen
        shown = screen.help.buttons if board.show_help else screen.toolbar.buttons
        buttons = [each for each in shown if each.offer.action not in _LEAVING]
        if not buttons:
            return
        pressed = buttons[index % len(buttons)]
        x, y = pressed.place.center
        before, revision = board.strokes, board.revision
        width, height = screen.layout.window.size
        end = (x, -5) if slides else (x, y)
        if taps:
            places = [(pygame.FINGERDOWN, x, y), (pygame.FINGERUP, *end)]
            give(self.game, *(finger(kind, x / width, y / height) for kind, x, y in places))
        else:
            give(self.game, down((x, y)), up(end))
        assert self.game.screen.pressed is None and board.live is None
        if slides:
            assert board.revision == revision
        if slides or pressed.offer.action not in _CHANGING:
            assert board.strokes == before

    @rule(key=keys)
    def key(self, key: Event) -> None:
        give(self.game, key)

    @rule(index=st.integers(0, 20), rests=st.booleans(), shift=st.booleans())
    def click_on_an_answer(self, index: int, rests: bool, shift: bool) -> None:
        self._lift()
        board, placed = self.game.board, self.game.screen.placed
        if not placed:
            return
        at = placed[index % len(placed)].plate.center
        before = board.strokes
        self.game.hands.rest = 0.0 if rests else 60.0
        pygame.key.set_mods(pygame.KMOD_LSHIFT if shift else 0)
        give(self.game, down(at), up(at))
        pygame.key.set_mods(0)
        if rests and not board.erasing:
            assert board.strokes == before

    @rule()
    def drop_the_selection(self) -> None:
        if self.game.board.selected is not None and not self.game.board.show_help:
            give(self.game, press(pygame.K_ESCAPE))
            assert self.game.board.selected is None

    @rule(width=st.integers(1, 1500), height=st.integers(1, 1000))
    def resize(self, width: int, height: int) -> None:
        self._lift()
        before = self.game.board.strokes
        pygame.display.set_mode((width, height), pygame.RESIZABLE)
        give(self.game)
        assert self.game.board.strokes == before

    @rule()
    def lose_focus(self) -> None:
        give(self.game, Event(pygame.WINDOWFOCUSLOST))
        assert self.game.board.live is None

    @rule()
    def drop_a_drawing(self) -> None:
        give(self.game, Event(pygame.DROPFILE, file=str(SAMPLES)))
        assert len(self.game.board.strokes) == len(samples()[0].strokes)

    @rule()
    def drop_no_drawing(self) -> None:
        self._lift()
        before = self.game.board.strokes
        give(self.game, Event(pygame.DROPFILE, file=str(self.bad)))
        assert self.game.board.strokes == before

    @rule()
    def undo_everything_and_redo_it(self) -> None:
        self._lift()
        before = self.game.board.strokes
        steps = 0
        while True:
            revision = self.game.board.ink_revision
            give(self.game, letter("z", _COMMAND))
            if self.game.board.ink_revision == revision:
                break
            steps += 1
        assert self.game.board.strokes == ()
        for _ in range(steps):
            give(self.game, letter("y", _COMMAND))
        assert self.game.board.strokes == before

    @precondition(lambda self: self.game.board.strokes)
    @rule()
    def save_and_open(self) -> None:
        self._lift()
        before = self.game.board.strokes
        known = set((self.folder / "drawings").glob("*.inkml"))
        give(self.game, letter("s"))
        (saved,) = set((self.folder / "drawings").glob("*.inkml")) - known
        give(self.game, Event(pygame.DROPFILE, file=str(saved)))
        assert _same(self.game.board.strokes, before)

    @rule()
    def close_and_start_again(self) -> None:
        self._lift()
        before, pen = self.game.board.strokes, self.game.board.pen
        self.game.close()
        self.game = self._new_game()
        assert self.game.board.strokes == before
        assert self.game.board.pen == pen or not before

    @invariant()
    def all_ink_is_in_sight_and_read(self) -> None:
        if not hasattr(self, "game"):
            return
        board, screen = self.game.board, self.game.screen
        ink = [*board.strokes, *([board.live] if board.live else [])]
        assert bool(ink) == bool(board.reading.answers)
        assert board.selected is None or board.selected < len(board.reading.answers)
        assert len(screen.placed) == (len(board.reading.answers) if board.show_boxes else 0)
        assert all(screen.layout.canvas.contains(each.frame) for each in screen.placed)
        assert self.game.running
        if board.live is None:
            in_sight = screen.layout.canvas.inflate(4, 4)
            for one in ink:
                for x, y in one.points:
                    assert in_sight.collidepoint(screen.view.to_window(x, y))

    def teardown(self) -> None:
        if hasattr(self, "game"):
            self.game.close()
            self.kept.cleanup()

    def _lift(self) -> None:
        give(self.game, Event(pygame.WINDOWFOCUSLOST))


def _same(strokes: tuple[Stroke, ...], others: tuple[Stroke, ...]) -> bool:
    return len(strokes) == len(others) and all(
        np.array_equal(one.points, other.points) for one, other in zip(strokes, others, strict=True)
    )


TestAnyHands = AnyHands.TestCase
TestAnyHands.settings = settings(
    max_examples=30,
    stateful_step_count=25,
    suppress_health_check=[HealthCheck.too_slow],
)
