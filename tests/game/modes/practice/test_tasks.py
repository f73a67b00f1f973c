"""Every task has the answer that it says, within its level; and numbers have their words."""

from __future__ import annotations

import re
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from game.modes.practice.number_words import LARGEST, in_words
from game.modes.practice.sequences import MOST, new_sequence
from game.modes.practice.tasks import LEVELS, SUMS_RANGE, TASK_KINDS, WORDS_RANGE, new_task

randoms = st.integers(0, 1 << 32).map(Random)
levels = st.integers(1, LEVELS)
few = settings(max_examples=200)


@given(random=randoms, level=levels)
@few
def test_a_sum_comes_to_its_answer_within_the_levels_range(random: Random, level: int) -> None:
    task = new_task(random, "sums", level)
    found = re.fullmatch(r"(\d+) ([–+×]) (\d+) =", task.question)
    assert found
    a, sign, b = int(found[1]), found[2], int(found[3])
    assert int(task.answer) == {"+": a + b, "–": a - b, "×": a * b}[sign]
    low, high = SUMS_RANGE[level - 1]
    assert all(low <= number <= high for number in (a, b, int(task.answer)))


@given(random=randoms, level=levels)
@few
def test_words_say_the_answer_and_no_number_outside_the_level(random: Random, level: int) -> None:
    task = new_task(random, "words", level)
    low, high = WORDS_RANGE[level - 1]
    assert low <= int(task.answer) <= high
    assert _number(task.question) == int(task.answer)


def _rules_of(terms: list[int]) -> set[str]:
    """The rules that whole sequences follow, the answer included."""
    steps = [b - a for a, b in pairwise(terms)]
    rules = set()
    if len(set(steps)) == 1:
        rules.add("the same step")
    if len(terms) >= 5 and len({b - a for a, b in pairwise(steps)}) == 1:
        rules.add("a growing step")
    if all(terms) and len({b / a for a, b in pairwise(terms)}) == 1 and terms[1] % terms[0] == 0:
        rules.add("the same factor")
    if len(terms) >= 5 and all(terms[i] == terms[i - 1] + terms[i - 2] for i in range(2, 5)):
        rules.add("the sum of two")
    if len(terms) >= 6 and steps[0] == steps[2] == steps[4] and steps[1] == steps[3]:
        rules.add("two steps in turn")
    return rules


@given(random=randoms, level=levels)
@few
def test_a_sequence_goes_on_in_one_way_only(random: Random, level: int) -> None:
    terms = list(new_sequence(random, level))
    assert min(terms) >= 0 and max(terms) <= MOST[level - 1]
    assert _rules_of(terms)
    if "the same step" not in _rules_of(terms):
        others = (number for number in range(3 * MOST[-1]) if number != terms[-1])
        assert not any(_rules_of([*terms[:-1], other]) for other in others)


def test_a_sequence_is_asked_for_its_last_number() -> None:
    task = new_task(Random(3), "sequences", 1)
    *shown, gap = task.question.split(", ")
    assert gap == "_"
    step = int(shown[1]) - int(shown[0])
    assert int(task.answer) == int(shown[-1]) + step


@pytest.mark.parametrize("level", range(1, LEVELS + 1))
def test_the_seed_decides_and_mixed_tasks_are_of_all_kinds(level: int) -> None:
    tasks = [new_task(Random(seed), "mixed", level) for seed in range(60)]
    assert tasks == [new_task(Random(seed), "mixed", level) for seed in range(60)]
    ends = {"=": "sums", "_": "sequences"}
    assert {ends.get(task.question[-1], "words") for task in tasks} == set(TASK_KINDS[:-1])


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "zero"),
        (13, "thirteen"),
        (40, "forty"),
        (84, "eighty-four"),
        (100, "one hundred"),
        (206, "two hundred and six"),
        (999, "nine hundred and ninety-nine"),
        (3000, "three thousand"),
        (3007, "three thousand and seven"),
        (5120, "five thousand one hundred and twenty"),
        (9999, "nine thousand nine hundred and ninety-nine"),
    ],
)
def test_numbers_are_said_as_in_english(number: int, words: str) -> None:
    assert in_words(number) == words


def test_all_words_say_their_number_back() -> None:
    assert all(_number(in_words(number)) == number for number in range(LARGEST + 1))


@pytest.mark.parametrize("number", [-1, LARGEST + 1])
def test_a_number_without_words_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match=str(number)):
        in_words(number)


def _number(words: str) -> int:
    """The number that words say, by adding up; another way than they were made."""
    ones = "zero one two three four five six seven eight nine ten eleven twelve"
    values = {word: value for value, word in enumerate(ones.split())}
    for value, stem in enumerate(("thir", "four", "fif", "six", "seven", "eigh", "nine"), start=3):
        values |= {f"{stem}teen": 10 + value, f"{stem}ty": 10 * value}
    values |= {"twenty": 20, "forty": 40}
    total = 0
    for word in re.split(r"[ -]", words.replace(" and ", " ")):
        if word in ("hundred", "thousand"):
            size = 100 if word == "hundred" else 1000
            total += total % 1000 % 100 * (size - 1)
        else:
            total += values[word]
    return total
