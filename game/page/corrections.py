"""What one person has taught: samples kept in the profile, and networks that learned from them."""

from __future__ import annotations

from pathlib import Path

from game.profiles.profile import Profile
from models.adaptation.adapted_network import AdapterTrainer
from models.adaptation.samples import new_id
from models.ink.strokes import Drawing
from models.recognition.card import FOLDER
from models.recognition.network import Network
from models.recognition.reader import Answer, Reader
from models.segmentation.edits import Ink
from models.segmentation.search import InSteps
from models.util.errors import InputError, StorageError

# Ink, and what a player said that it is: `models.segmentation.segmenter.SegmentationEdits.labels`.
Named = frozenset[tuple[Ink, str]]


class Corrections:
    """Keeps corrections and has readers go by them. Nothing here raises.

    profile: whose corrections count. samples: those in force, in the order in which they were
    made. notice: a line for the player, or None; whoever shows it sets it to None.
    """

    def __init__(self, profile: Profile | None = None, networks: Path | None = None) -> None:
        """profile: where samples are kept; None keeps them only as long as this. networks: the
        folder of the networks, None for `models/`.
        """
        self.profile = Profile(None) if profile is None else profile
        self.samples: tuple[Drawing, ...] = ()
        self.notice: str | None = None
        self._kept = None if profile is None else profile.samples
        self._unkept: dict[str, Drawing] = {}  # by id those in no file, whoever made them
        self._folder = FOLDER if networks is None else networks
        self._trainers: dict[str, AdapterTrainer] = {}
        # By the reader's name, what the network that it should have learned from, and that network.
        self._taught: dict[str, tuple[list[str], Network]] = {}
        self._named: dict[tuple[Ink, str], Drawing] = {}  # the newest sample of each correction
        self._taken_back: dict[str, Drawing] = {}
        self.refresh()

    def refresh(self) -> None:
        """Looks again at what is kept: others add to it, too."""
        kept: tuple[Drawing, ...] = ()
        if self._kept is not None:
            try:
                kept, warning = self._kept.read()
                self.notice = warning or self.notice
            except InputError as error:
                self.notice = str(error)
        others = [each for each in self._unkept.values() if each.writer == self.profile.name]
        self.samples = tuple(s for s in (*kept, *others) if s.id not in self._taken_back)

    def change(self, profile: Profile) -> None:
        """From now on it is this person who corrects; what others did stays as it is.

        What this person did before counts from the next `refresh` on.
        """
        self.profile = profile
        self._kept = profile.samples
        self.samples = ()

    def expect(self, answer: Answer, label: str, pen: float) -> None:
        """The player is about to say that this ink, drawn with a pen so wide, is that character."""
        extra: dict[str, object] = {"pen": pen, "read": answer.caption()}
        sample = Drawing(answer.ink, new_id(), label, self.profile.name, extra=extra)
        self._named[frozenset(answer.ink), label] = sample

    def follow(self, before: Named, after: Named) -> str | None:
        """What a page's ink is said to be has changed: samples come, go, or come back.

        Only those of the present person do; a correction that someone else made keeps its sample,
        or stays taken back, as that person left it. Returns a line about those that went or came
        back.
        """
        told = None
        for one in before - after:
            sample = self._own(one)
            if sample is not None and self.take_back(sample.id):
                told = f"No longer learned: {one[1]}."
        for one in after - before:
            sample = self._own(one)
            if sample is None or sample.id in {each.id for each in self.samples}:
                continue
            if self.put_back(sample.id):
                told = f"Learned again: {one[1]}."
            else:
                self.add(sample)
        return told

    def add(self, sample: Drawing) -> None:
        """One more sample, with an id of its own; it counts even where it cannot be kept."""
        self.samples = (*self.samples, sample)
        try:
            if self._kept is None:
                self._unkept[sample.id] = sample
            else:
                self._kept.add(sample)
        except StorageError as error:
            self._unkept[sample.id] = sample
            self.notice = str(error)

    def take_back(self, id: str) -> bool:
        """That sample no longer counts. Returns whether it did until now."""
        found = next((each for each in self.samples if each.id == id), None)
        if found is None:
            return False
        self._taken_back[id] = found
        self.samples = tuple(each for each in self.samples if each.id != id)
        try:
            if self._kept is not None:
                self._kept.take_back(id)
        except StorageError as error:
            self.notice = str(error)
        return True

    def put_back(self, id: str) -> bool:
        """That sample, which was taken back, counts again. Returns whether there is such a one."""
        found = self._taken_back.pop(id, None)
        if found is None:
            return False
        self.samples = (*self.samples, found)
        try:
            if self._kept is not None:
                self._kept.put_back(id)
        except StorageError as error:
            self.notice = str(error)
        return True

    def _own(self, one: tuple[Ink, str]) -> Drawing | None:
        """The sample of a correction, where the present person made it here."""
        sample = self._named.get(one)
        return sample if sample is not None and sample.writer == self.profile.name else None

    def teach(self, reader: Reader) -> InSteps[None]:
        """Has a reader go by all samples."""
        ids = [sample.id for sample in self.samples]
        known, network = self._taught.get(reader.name, ([], reader.plain))
        if known != ids:
            try:
                if reader.name not in self._trainers:
                    self._trainers[reader.name] = AdapterTrainer(reader.plain, self._folder)
                network = yield from self._trainers[reader.name].in_steps(self.samples)
            except (InputError, ValueError) as error:
                self.notice = f"Not learned: {error}"
            self._taught[reader.name] = ids, network
        if reader.network is not network:
            reader.network = network
