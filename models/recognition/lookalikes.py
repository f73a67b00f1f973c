"""Look-alikes such as 0 and O: how far a network's opinion between them counts.

Between such characters a network learns the habits of its training writers, and is surer than it
should be about other writers. So the differences between the logits of a group of look-alikes
are scaled by a factor fitted to held-out writers; the probability of the group as a whole stays.
Where a network reads letters, 0 and 1 also get a prior below that of the letters that look like
them: the network of digits is there for numbers alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from models.recognition.labels import LOOKALIKES
from models.util.arrays import Floats

# How often, among letters, a circle is a 0 where it might be an O, and a line a 1 where it might be
# an I or an l. Text has far fewer; with a third both answers stay on the screen.
PRIOR = {"0": 1 / 3, "1": 1 / 3}


class Lookalikes:
    """The groups of `labels.LOOKALIKES` among some labels; none among digits alone."""

    def __init__(self, labels: Sequence[str], group_scale: Mapping[str, float]) -> None:
        """labels: of the network. group_scale: by group, the factor of the differences between its
        members' logits, above 0 to 1; 1 for a group that is missing.
        """
        groups = [[each for each in group if each in labels] for group in LOOKALIKES]
        groups = [group for group in groups if len(group) > 1]
        members = [each for group in groups for each in group]
        sizes = [len(group) for group in groups]
        self._members = np.array([labels.index(each) for each in members], np.intp)
        self._starts = np.cumsum([0, *sizes])[:-1].astype(np.intp)
        self._group = np.repeat(np.arange(len(groups)), sizes)
        scale = {each: group_scale.get(name, 1.0) for name in LOOKALIKES for each in name}
        self._scale = np.array([scale[each] for each in members])
        self._prior = np.array([PRIOR.get(each, 1.0) for each in members])

    def rescale(self, logits: Floats) -> Floats:
        """Logits (n, classes), divided by the temperature, with each group scaled and the prior.

        The softmax of a group as a whole, and of every other class, stays as it was.
        """
        result = logits.copy()
        if len(self._members):
            own = logits[:, self._members]
            scaled = self._scale * own + np.log(self._prior)
            change = self._logsumexp(own) - self._logsumexp(scaled)
            result[:, self._members] = scaled + change[:, self._group]
        return result

    def without_prior(self, probabilities: Floats) -> Floats:
        """Probabilities (n, classes) without the prior, for characters that have neighbours."""
        result = probabilities.copy()
        if len(self._members):
            own = probabilities[:, self._members]
            even = own / self._prior
            before, after = (np.add.reduceat(p, self._starts, axis=1) for p in (own, even))
            result[:, self._members] = even * (before / np.maximum(after, 1e-300))[:, self._group]
        return result

    def _logsumexp(self, own: Floats) -> Floats:
        """(n, groups) of (n, members)."""
        highest = np.maximum.reduceat(own, self._starts, axis=1)
        sums = np.add.reduceat(np.exp(own - highest[:, self._group]), self._starts, axis=1)
        return np.asarray(highest + np.log(sums))
