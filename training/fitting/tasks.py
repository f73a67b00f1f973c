"""The two networks: what each reads, and what that changes in training."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from models.recognition.labels import CHARACTERS, DIGITS
from models.util.errors import InputError
from training.fitting.settings import Recipe


@dataclass(frozen=True)
class Task:
    """What a network is to read.

    name: of the network's files.
    labels: its classes, ten digits first.
    architecture: the one that reads them best. sets: that it is trained on as a rule.
    sure_at: the confidence from which an answer is asserted, 0..1; None: calibration chooses it, so
        that few right answers are shown as uncertain (`calibration.RIGHT_BUT_UNSURE`).
    """

    name: str
    labels: tuple[str, ...]
    architecture: str
    sets: tuple[str, ...]
    sure_at: float | None = None

    @property
    def letters(self) -> bool:
        """Whether letters are read; where they are not, they are outliers."""
        return self.labels != DIGITS

    def recipe(self, recipe: Recipe) -> Recipe:
        """An architecture's recipe as it suits this task.

        UNIPEN and DigiLeTs have about 2,300 drawings of a letter's class to train on, all sets as
        many of a digit, and MNIST 5,400 images of it. For digits alone there is the other network,
        so here an epoch shows each drawing twice, and a quarter of the images: 4,570 of a class of
        letters, 5,600 of a digit. Letters stay as frequent among themselves as people wrote them,
        from 1,276 drawings of UNIPEN's Q to 9,154 of its e. Where two look alike, O is then
        likelier than 0, I and L than 1, and 9 than g.

        UNIPEN has three times as many letters as DigiLeTs: without weights people who write like
        DigiLeTs' are read a point worse (MEASURED.md, "Recipes compared").

        Outliers are halved, since half of those for digits are letters.
        """
        if not self.letters:
            return recipe
        return dataclasses.replace(
            recipe,
            image_epochs=4,
            outliers=recipe.outliers / 2,
            directions=True,
            balanced=True,
        )


# With 47 classes, right answers are often uncertain by nature ("0 or O?"): to assert nearly all of
# them, as with digits, would be to guess. From this confidence on, of UNIPEN's and DigiLeTs'
# validation writers, each set counting the same, 98 of 100 asserted letters are right, and at most
# 1.5 of all 100 are asserted though they are wrong.
SURE_OF_CHARACTER = 0.88

_SETS = ("mnist", "unipen", "pendigits", "digilets", "swiss")
TASKS = {
    task.name: task
    for task in (
        Task("digits", DIGITS, "residual", _SETS),
        Task(
            "characters",
            CHARACTERS,
            "deeper",
            _SETS,
            SURE_OF_CHARACTER,
        ),
    )
}


def task_called(name: str) -> Task:
    """The task of that name; raises InputError for an unknown one."""
    if name not in TASKS:
        raise InputError(f"--model: no network is called {name!r}; there are {', '.join(TASKS)}.")
    return TASKS[name]
