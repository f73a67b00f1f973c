"""From what each column may show to numbers: prefix beam search, and where each digit stands.

Connectionist temporal classification (Graves et al. 2006, "Connectionist temporal classification:
labelling unsegmented sequence data with recurrent neural networks", ICML): a path has a digit or
the blank in each column; a number's probability is the sum over all paths that give it when
repeated digits become one and blanks are taken out.
"""

from __future__ import annotations

import numpy as np

from models.util.arrays import Floats

Labels = tuple[int, ...]

BLANK = 0  # the class that is no digit
WIDTH = 12  # beginnings of numbers that are followed at a time
_LEAST = 1e-6  # a class that is less likely in a column is not followed there


def beam_search(log_probabilities: Floats, width: int = WIDTH) -> list[tuple[Labels, float]]:
    """The likeliest sequences of labels, best first, each with its log probability.

    log_probabilities: (columns, classes), each row's exponentials sum to 1; class 0 is the blank.
    width: how many beginnings are followed, at least 1; at most so many sequences are found.

    Graves 2012, "Supervised sequence labelling with recurrent neural networks", section 7.5.3:
    beginnings that are the same are one, whatever paths lead to them.
    """
    # For each beginning: the probability of its paths that end with a blank, and of the others.
    beams: dict[Labels, tuple[float, float]] = {(): (1.0, 0.0)}
    logarithm = 0.0  # of what the beams were divided by
    for column in np.exp(log_probabilities):
        blank = float(column[BLANK])
        likely = [
            (label, float(column[label]))
            for label in np.flatnonzero(column >= _LEAST).tolist()
            if label != BLANK
        ]
        after: dict[Labels, list[float]] = {}
        for labels, (with_blank, without) in beams.items():
            both = with_blank + without
            same = after.setdefault(labels, [0.0, 0.0])
            same[0] += both * blank
            last = labels[-1] if labels else BLANK
            if last != BLANK:
                same[1] += without * float(column[last])
            for label, probability in likely:
                # The same digit anew takes a blank between.
                grown = (with_blank if label == last else both) * probability
                if grown:
                    after.setdefault((*labels, label), [0.0, 0.0])[1] += grown
        best = sorted(after.items(), key=lambda item: -sum(item[1]))[:width]
        top = sum(best[0][1])
        if top <= 0:
            return [((), -np.inf)]
        beams = {labels: (parts[0] / top, parts[1] / top) for labels, parts in best}
        logarithm += float(np.log(top))
    found = [(labels, sum(parts)) for labels, parts in beams.items() if sum(parts) > 0]
    return [
        (labels, logarithm + float(np.log(share)))
        for labels, share in sorted(found, key=lambda item: -item[1])
    ]


def log_likelihood(log_probabilities: Floats, labels: Labels) -> float:
    """The log probability of one sequence of labels: CTC's forward algorithm.

    log_probabilities: as for `beam_search`.
    """
    states = _states(labels)
    skips = _skips(states)
    forward = np.full(len(states), -np.inf)
    forward[:2] = log_probabilities[0, states[:2]]
    for column in log_probabilities[1:]:
        before = np.logaddexp(forward, _shifted(forward, 1))
        before = np.logaddexp(before, np.where(skips, _shifted(forward, 2), -np.inf))
        forward = before + column[states]
    return float(np.logaddexp.reduce(forward[-2:]))


def alignment(log_probabilities: Floats, labels: Labels) -> list[tuple[int, int]]:
    """The columns, first and last, that each label takes on the likeliest path of a sequence.

    log_probabilities: as for `beam_search`. Raises ValueError where there are too few columns.
    """
    states = _states(labels)
    skips = _skips(states)
    score = np.full(len(states), -np.inf)
    score[:2] = log_probabilities[0, states[:2]]
    steps = np.zeros((len(log_probabilities), len(states)), np.int64)
    for index, column in enumerate(log_probabilities[1:], start=1):
        ways = np.stack([score, _shifted(score, 1), np.where(skips, _shifted(score, 2), -np.inf)])
        steps[index] = ways.argmax(axis=0)
        score = ways.max(axis=0) + column[states]
    state = len(states) - 1 - int(len(states) > 1 and score[-2] > score[-1])
    if not np.isfinite(score[state]):
        raise ValueError(f"{len(log_probabilities)} columns are too few for {len(labels)} labels")
    spans: dict[int, tuple[int, int]] = {}
    for index in range(len(log_probabilities) - 1, -1, -1):
        if state % 2:
            spans[state // 2] = index, spans.get(state // 2, (index, index))[1]
        state -= int(steps[index, state])
    return [spans[number] for number in range(len(labels))]


def _states(labels: Labels) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The labels with a blank around each."""
    states = np.full(2 * len(labels) + 1, BLANK, np.int64)
    states[1::2] = labels
    return states


def _skips(
    states: np.ndarray[tuple[int], np.dtype[np.int64]],
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Whether a path may come to each state over the blank before it."""
    allowed = np.zeros(len(states), bool)
    allowed[2:] = (states[2:] != BLANK) & (states[2:] != states[:-2])
    return allowed


def _shifted(values: Floats, places: int) -> Floats:
    """The values that many places on; minus infinity where there are none."""
    return np.concatenate([np.full(places, -np.inf), values[:-places]])[: len(values)]
