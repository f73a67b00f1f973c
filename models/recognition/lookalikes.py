"""How far a network is believed where it tells look-alikes apart: 0 and O, or 1, I and l.

Between such characters a network learns the habits of the people it was trained on, and is surer
of them than anybody can be of another hand. So the differences between the logits of a group of
look-alikes count by a factor that is fitted to people who were held out; what the group has as a
whole stays. And where a network reads letters, 0 and 1 start behind the letters that look like
them: whoever writes numbers alone has the network of digits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from models.recognition.labels import LOOKALIKES
from models.util.arrays import Floats

# How often, among letters, a circle is a 0 where it might be an O, and a line a 1 where it might be
# an I or an l. Text has far fewer; a third leaves both answers on the screen.
PRIOR = {"0": 1 / 3, "1": 1 / 3}


class Alike:
    """The groups of `labels.LOOKALIKES` among some labels; no group where they are digits.

    trust: by group, the factor of the differences between its members' logits, 0 for none to 1
    for all, where it isn't 1.
    """

    def __init__(self, labels: Sequence[str], trust: Mapping[str, float]) -> None:
        groups = [[each for each in group if each in labels] for group in LOOKALIKES]
        groups = [group for group in groups if len(group) > 1]
        members = [each for group in groups for each in group]
        sizes = [len(group) for group in groups]
        self._members = np.array([labels.index(each) for each in members], np.intp)
        self._starts = np.cumsum([0, *sizes])[:-1].astype(np.intp)
        self._group = np.repeat(np.arange(len(groups)), sizes)
        factor = {each: trust.get(name, 1.0) for name in LOOKALIKES for each in name}
        self._trust = np.array([factor[each] for each in members])
        self._prior = np.array([PRIOR.get(each, 1.0) for each in members])

    def weighed(self, logits: Floats) -> Floats:
        """Logits (n, classes), divided by the temperature, with as much trust and the prior.

        The softmax of a group as a whole, and of every other class, is as before.
        """
        result = logits.copy()
        if len(self._members):
            own = logits[:, self._members]
            weighed = self._trust * own + np.log(self._prior)
            change = self._logsumexp(own) - self._logsumexp(weighed)
            result[:, self._members] = weighed + change[:, self._group]
        return result

    def evened(self, probabilities: Floats) -> Floats:
        """Probabilities (n, classes) without the prior, for those that have neighbours."""
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
