"""What one person has corrected: samples kept in the profile, and networks adapted to them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from game.profiles.profile import Profile
from models.adaptation.adapted_network import AdapterTrainer
from models.adaptation.samples import Samples, new_id
from models.ink.strokes import Drawing, Stroke
from models.recognition.card import FOLDER
from models.recognition.network import Network
from models.recognition.reader import Reader
from models.segmentation.edits import Ink
from models.segmentation.search import InSteps
from models.util.errors import InputError, StorageError


class Corrections:
    """Keeps corrections and adapts readers to them. What cannot be kept counts all the same.

    profile: whose corrections count.
    samples: those in force, in the order in which they were made.
    error: a line for the player about what cannot be kept or learned, or None; it is set to None
        by the one who shows it.
    """

    def __init__(self, profile: Profile | None = None, networks: Path | None = None) -> None:
        """profile: where samples are kept; None keeps them only as long as this object.

        networks: the folder of the networks, None for `models/`.
        """
        self.profile = Profile(None) if profile is None else profile
        self.samples: tuple[Drawing, ...] = ()
        self.error: str | None = None
        self._kept = None if profile is None else profile.samples
        self._unkept: dict[str, Drawing] = {}  # those in no file, of all people, by id
        self._folder = FOLDER if networks is None else networks
        self._trainers: dict[str, AdapterTrainer] = {}
        # By the reader's name, the ids that its network was adapted to, and that network.
        self._adapted: dict[str, tuple[list[str], Network]] = {}
        self._of_label: dict[tuple[Ink, str], Drawing] = {}
        self._unlearned: set[str] = set()  # ids
        self.refresh()

    def refresh(self) -> None:
        """Reads again what is kept: modes and other windows add to it, too."""
        kept: tuple[Drawing, ...] = ()
        if self._kept is not None:
            try:
                kept, warning = self._kept.read()
                self.error = warning or self.error
            except InputError as error:
                self.error = str(error)
        others = [each for each in self._unkept.values() if each.writer == self.profile.name]
        self.samples = tuple(s for s in (*kept, *others) if s.id not in self._unlearned)

    def change(self, profile: Profile) -> None:
        """From now on this person corrects; what others corrected stays as it is.

        What this person corrected before counts from the next `refresh` on.
        """
        self.profile = profile
        self._kept = profile.samples
        self.samples = ()

    def new_sample(self, ink: Iterable[Stroke], read: str, label: str, pen: float) -> Drawing:
        """The sample of a correction that is about to be made.

        ink: of one character. read: what it read as. label: what it is. pen: the pen's width in
        page units.
        """
        extra: dict[str, object] = {"pen": pen, "read": read}
        return Drawing(tuple(ink), new_id(), label, self.profile.name, extra=extra)

    def samples_of(self, labels: Iterable[tuple[Ink, str]]) -> tuple[Drawing, ...]:
        """The samples that characters of the page got their labels with, as far as made here."""
        return tuple(self._of_label[each] for each in labels if each in self._of_label)

    def learn(self, sample: Drawing) -> bool:
        """A sample counts from now on, unless it is another person's.

        Returns whether it had been unlearned before.
        """
        self._of_label[frozenset(sample.strokes), sample.label or ""] = sample
        if sample.writer != self.profile.name or self._is_in_force(sample):
            return False
        self.samples = (*self.samples, sample)
        if sample.id in self._unlearned:
            self._unlearned.remove(sample.id)
            self._keep(lambda kept: kept.put_back(sample.id))
            return True
        if self._kept is None or not self._keep(lambda kept: kept.add(sample)):
            self._unkept[sample.id] = sample
        return False

    def unlearn(self, sample: Drawing) -> bool:
        """A sample counts no more, unless it is another person's. Returns whether it did before."""
        if sample.writer != self.profile.name or not self._is_in_force(sample):
            return False
        self._unlearned.add(sample.id)
        self.samples = tuple(each for each in self.samples if each.id != sample.id)
        self._keep(lambda kept: kept.take_back(sample.id))
        return True

    def _is_in_force(self, sample: Drawing) -> bool:
        return any(each.id == sample.id for each in self.samples)

    def _keep(self, change: Callable[[Samples], None]) -> bool:
        """Makes a change in the files, where there are any. Returns whether that worked."""
        try:
            if self._kept is not None:
                change(self._kept)
        except StorageError as error:
            self.error = str(error)
            return False
        return True

    def adapt(self, reader: Reader) -> InSteps[None]:
        ids = [sample.id for sample in self.samples]
        known, network = self._adapted.get(reader.name, ([], reader.plain))
        if known != ids:
            try:
                if reader.name not in self._trainers:
                    self._trainers[reader.name] = AdapterTrainer(reader.plain, self._folder)
                network = yield from self._trainers[reader.name].adapt(self.samples)
            except (InputError, ValueError) as error:
                self.error = f"Not learned: {error}"
            self._adapted[reader.name] = ids, network
        if reader.network is not network:
            reader.network = network
