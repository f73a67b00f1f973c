"""The review window of a scan."""

from __future__ import annotations

from pathlib import Path

from game.sheets.journal import Journal
from game.window.start import import_pygame
from models.util.errors import InputError


def review(journal: Journal) -> None:
    """Shows each unsure field until it is settled or the window is closed.

    What is settled is in the journal at once. Raises InputError where there is no screen.
    """
    import_pygame()
    from game.app import Game, stay
    from game.modes.mode import mode_board
    from game.modes.review.mode import ReviewMode
    from game.modes.review.session import Review, Unsure
    from game.window.window import NoDisplay, Window
    from models.recognition.network import load_network
    from models.recognition.reader import Reader

    items = [
        Unsure(number, place, page, field)
        for number, photo in enumerate(journal.photos)
        for place, page in enumerate(photo.pages)
        if page.duplicate_of is None
        for field in page.fields
        if field.is_unsure
    ]
    if not items:
        return

    def settle(item: Unsure, text: str) -> None:
        journal.settle(item.photo, item.number, item.field.settled(text))

    try:
        window = Window(None)
    except NoDisplay as error:
        raise InputError(f"{error} A review needs one.") from None
    letters = any(item.field.kind in ("letters", "words") for item in items)
    reader = Reader(load_network("characters" if letters else "digits"))
    game = Game(window, reader, Path("drawings"))
    size, scale = window.surface.get_size(), window.scale
    board = mode_board(game.board, reader, size, scale)
    game.active = ReviewMode(game, Review(board, items, settle, game.quit), size, scale)
    stay(game)
