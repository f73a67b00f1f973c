"""The random player: any events in the running game, and what must hold after each frame."""

from __future__ import annotations

import math
import os
import tempfile
import time
import traceback
from pathlib import Path

import numpy as np
from pygame.event import Event

from game.app import Game, freeze_garbage_collector
from game.batch.pilot import Pilot
from game.document.autosave import Autosave
from game.page.board import Board
from game.profiles.directory import last_chosen
from game.profiles.profile import Profile
from game.window.dialog import Dialog
from game.window.window import Window
from models.adaptation.samples import profiles_folder, user_folder
from models.recognition.network import load_network
from models.recognition.reader import Reader
from tests.soak.files import dropped_files
from tests.soak.hand import Hand
from tests.soak.ink import drawings
from tests.soak.watch import Endless, Watch

_PATIENCE = 30.0  # seconds, until all of a page is read


class NoDialog(Dialog):
    """Shows nothing, and answers with a file as if a person had chosen it."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._file, self._asked = file, False

    @property
    def is_open(self) -> bool:
        return self._asked

    def open(self, folder: Path) -> None:
        self._asked = True

    def answer(self) -> Path:
        self._asked = False
        return self._file


class Player:
    """Plays in a folder that nobody else uses. Any exception is a failure.

    events: how many were posted so far. restarts: how often it quit and came back.
    """

    def __init__(self, seed: int, most_strokes: int, folder: Path, watch: Watch) -> None:
        self.events = self.restarts = 0
        self._most_strokes = most_strokes
        self._drawings = folder / "drawings"
        self._files = dropped_files(folder / "dropped")
        self._watch = watch
        self.hand = Hand(np.random.default_rng(seed), drawings(), self._files)

    def play(self, events: float, seconds: float) -> None:
        """Until so many events were posted, or so much time has gone."""
        end = time.monotonic() + seconds
        self._open()
        freeze_garbage_collector()
        while self.events < events and time.monotonic() < end:
            for posted in self.hand.act():
                self._frame(posted)
            board = self.game.active.board
            if len(board.document.strokes) > self._most_strokes:
                self._wait_until_read(board)
                board.document.clear()
        self._restart()
        self._watch.check_memory()

    def _frame(self, events: list[Event]) -> None:
        self.events += len(events)
        with self._watch.frame():
            Pilot(self.game).frame(*events)
        self._check(self.game.board)
        if self.game.active is not self.game.controller:
            self._check(self.game.active.board)
        if not self.game.running:
            self._restart()

    def _wait_until_read(self, board: Board) -> None:
        end = time.monotonic() + _PATIENCE
        while not board.is_read:
            assert time.monotonic() < end, f"a page was not read within {_PATIENCE:.0f} s"
            self._frame([])

    def _check(self, board: Board) -> None:
        """What is read is of ink that is there."""
        page, answers = board.document, board.reading.answers
        count = len(page.strokes) + (page.live is not None)
        assert board.selected is None or 0 <= board.selected < len(answers), "no such selection"
        if board.is_read:
            read = {index for answer in answers for index in answer.strokes}
            assert read <= set(range(count)), f"strokes are read that are not there: {read}"

    def _open(self) -> None:
        """As `game.app.play` does."""
        window = Window(1.0)
        root = profiles_folder()
        profile = Profile(root, last_chosen(root))
        autosave = Autosave(user_folder())
        reader = Reader(load_network())
        self.game = Game(window, reader, self._drawings, autosave, profile=profile)
        self.game._dialog = NoDialog(self._files[0])
        self.hand.game = self.game
        self._frame([])

    def _restart(self) -> None:
        """Quits, and starts with the same folders: the ink is there again."""
        self.restarts += 1
        before = self.game.board.document
        self.game.close()
        self._open()
        again = self.game.board.document
        assert again.strokes == before.strokes, (
            f"after a restart {len(again.strokes)} strokes of {len(before.strokes)}"
        )
        assert not again.strokes or (again.pen, again.edits) == (before.pen, before.edits)


def play(seed: int, most_strokes: int, events: float = math.inf, seconds: float = math.inf) -> int:
    """Plays, and prints a table, or what failed. Returns the exit status."""
    with tempfile.TemporaryDirectory() as folder, Watch() as watch:
        os.environ["INKLING_DATA_DIR"] = str(Path(folder, "data"))
        player = Player(seed, most_strokes, Path(folder), watch)
        try:
            player.play(events, seconds)
        except (Exception, Endless) as error:
            print(watch.stack or traceback.format_exc())
            print(
                f"Failed: seed {seed}, event {player.events}: {error!r}; again: python -m "
                f"tests.soak --only play --seed {seed} --events {player.events} "
                f"--strokes {most_strokes}"
            )
            return 1
        finally:
            player.game.close()
        half, most, longest = watch.percentiles()
        first, last = watch.memory()
    print(
        f"seed      {seed}\n"
        f"events    {player.events:,}\n"
        f"frames    {len(watch.frames):,}; median {half:.1f} ms, 99 % within {most:.1f} ms, "
        f"longest {longest:.0f} ms\n"
        f"memory    {first:.0f} MB after warming up, {last:.0f} MB at the end\n"
        f"strokes   {player.hand.strokes:,} written\n"
        f"restarts  {player.restarts}"
    )
    return 0
