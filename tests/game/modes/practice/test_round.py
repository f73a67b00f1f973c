"""A round of practice by its clock: verdicts, tries, contests, score, and its end."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from game.modes.practice.round import (
    GRACE,
    LENGTHS,
    LONG_WAIT,
    PRAISE,
    SECONDS,
    SHOWN,
    TASKS,
    WAIT,
    Length,
    Round,
    Rules,
)
from game.modes.practice.writing import Character, Written
from models.recognition.answer import Kind


class Person:
    """Writes answers into a round, and has its clock."""

    def __init__(self, length: Length = "tasks", level: int = 3, seed: int = 5) -> None:
        self.now = 100.0
        self.round = Round(Rules("words", level, length), Random(seed), self.now)
        self._ink = 0
        self.page = Written()

    def writes(self, text: str, doubts: dict[int, Kind] | None = None) -> None:
        """The pen is down, and then up: all of this stands on the page."""
        self._ink += 1
        characters = tuple(
            Character(each, "9" if each == "4" else "4", (doubts or {}).get(i, "sure"), 0.5)
            for i, each in enumerate(text)
        )
        self.round.classify(self.page, True, self.now)
        self.page = Written(characters, len(text), self._ink)
        self.round.classify(self.page, False, self.now)

    def takes_away(self) -> None:
        self._ink += 1
        self.page = Written((), 0, self._ink)
        self.round.classify(self.page, False, self.now)

    def waits(self, seconds: float) -> None:
        self.now += seconds
        self.round.classify(self.page, False, self.now)

    def goes_on(self) -> None:
        self.round.go_on(self.now)
        self.page = Written()

    @property
    def right(self) -> str:
        return self.round.task.answer

    @property
    def wrong(self) -> str:
        """As long as the right answer."""
        return "".join("1" if digit != "1" else "2" for digit in self.right)

    @property
    def phase(self) -> str:
        return self.round.phase

    @property
    def said(self) -> str:
        """The kind of the remark, "" for none."""
        return self.round.remark.kind if self.round.remark else ""


def test_a_right_answer_counts_at_once_and_the_next_task_follows() -> None:
    person = Person()
    task = person.round.task
    person.waits(3.0)
    person.writes(person.right)
    assert (person.said, person.round.score, person.round.streak) == ("right", 1, 1)
    assert person.round.done[0].seconds == pytest.approx(3.0)
    assert person.round.done[0].characters == tuple((digit, 0.5) for digit in task.answer)
    person.waits(PRAISE - 0.1)
    assert person.phase == "right"
    person.waits(0.2)
    assert person.phase == "writing" and person.round.task != task
    assert person.round.number == 2


def test_a_wrong_answer_is_waited_for_and_every_touch_begins_the_wait_anew() -> None:
    person = Person()
    person.writes(person.wrong)
    person.waits(WAIT - 0.1)
    assert person.said == ""
    person.writes(person.wrong)
    person.waits(WAIT - 0.1)
    assert person.said == ""
    person.round.classify(person.page, True, person.now)
    person.now += 60.0
    person.round.classify(person.page, True, person.now)
    assert person.said == ""  # as long as the pen is down
    person.waits(WAIT - 0.1)
    person.waits(0.2)
    assert person.said == "missed"
    assert person.wrong in (person.round.remark.words if person.round.remark else "")


def test_the_answer_is_shown_after_the_second_miss_only() -> None:
    person = Person()
    right, wrong = person.right, person.wrong
    person.writes(wrong)
    person.waits(WAIT)
    assert person.said == "missed" and not person.round.done
    person.waits(600.0)  # the same ink is not counted again
    assert person.said == "missed"
    person.takes_away()
    assert person.said == "missed"  # so that what to do still stands there
    person.writes(wrong)
    person.waits(WAIT)
    assert person.said == "shown" and person.round.remark is not None
    assert right in person.round.remark.words
    assert (person.round.score, person.round.streak, len(person.round.done)) == (0, 0, 1)
    person.waits(SHOWN)
    assert person.phase == "writing"


def test_the_second_try_counts_but_not_for_the_streak() -> None:
    person = Person()
    person.writes(person.right)
    person.goes_on()
    person.writes(person.wrong)
    person.waits(WAIT)
    person.takes_away()
    person.writes(person.right)
    assert (person.round.score, person.round.streak, person.round.longest) == (2, 0, 1)


def test_taking_ink_away_is_no_answer() -> None:
    """Undoing one stroke of a wrong answer leaves another wrong one: not a second miss."""
    person = Person()
    person.writes(person.wrong + "7")
    person.waits(WAIT)
    person.page = Written(person.page.characters[:-1], len(person.wrong), "after undo")
    person.waits(0.0)
    person.waits(60.0)
    assert person.said == "missed"


def test_missing_digits_are_asked_for_and_never_wrong_by_themselves() -> None:
    person = Person()
    person.writes(person.wrong[:-1])
    person.waits(WAIT)
    assert person.said == ""
    person.waits(LONG_WAIT)
    assert person.said == "short"
    person.waits(600.0)
    assert person.said == "short"
    person.round.finish(person.now)
    assert person.said == "missed"


@pytest.mark.parametrize(("kind", "said"), [("unsure", "asked"), ("refused", "unread")])
def test_what_cannot_be_read_is_asked_about_and_never_counted(kind: Kind, said: str) -> None:
    person = Person()
    for _ in range(3):
        person.writes(person.wrong, {0: kind})
        person.waits(WAIT)
        assert person.said == said
        person.round.finish(person.now)
        assert person.said == said
    assert not person.round.done and person.phase == "writing"


@pytest.mark.parametrize("chosen_right", [True, False])
def test_an_unsure_digit_is_what_the_person_says(chosen_right: bool) -> None:
    person = Person()
    answer = person.right
    other = "9" if answer[0] != "9" else "4"
    ink = answer if chosen_right else other + answer[1:]
    person.writes(ink, {0: "unsure"})
    person.waits(WAIT)
    assert person.round.remark is not None
    assert ink[0] in person.round.remark.choices
    person.round.choose("none of them", person.now)
    assert person.said == "asked"
    person.round.choose(ink[0], person.now)
    assert person.said == ("right" if chosen_right else "missed")


def test_a_contested_miss_counts_as_right_at_once_and_the_streak_goes_on() -> None:
    person = Person()
    person.writes(person.right)
    person.goes_on()
    person.writes(person.wrong)
    assert not person.round.contest(person.now)  # there is no verdict yet
    person.waits(WAIT)
    person.waits(7.0)
    assert person.round.contest(person.now)
    assert (person.said, person.round.score, person.round.streak) == ("right", 2, 2)
    assert person.round.done[-1].seconds == pytest.approx(WAIT)
    assert not person.round.contest(person.now)
    person.waits(PRAISE)
    assert person.round.number == 3


def test_the_shown_answer_can_be_contested_too() -> None:
    person = Person()
    for _ in range(2):
        person.writes(person.wrong)
        person.waits(WAIT)
    assert person.said == "shown"
    assert person.round.contest(person.now)
    assert (person.round.score, person.round.streak, len(person.round.done)) == (1, 1, 1)


def test_ink_that_is_gone_cannot_be_contested() -> None:
    person = Person()
    person.writes(person.wrong)
    person.waits(WAIT)
    person.takes_away()
    assert not person.round.contest(person.now)


def test_ten_tasks_are_ten_however_they_end() -> None:
    person = Person()
    for number in range(TASKS):
        assert person.phase == "writing" and person.round.number == number + 1
        if number % 2:
            person.round.skip(person.now)
        else:
            person.writes(person.right)
            person.goes_on()
    assert person.phase == "over"
    assert (person.round.score, person.round.longest) == (TASKS // 2, 1)


def test_time_ends_on_an_empty_page_at_once_and_a_begun_answer_may_be_finished() -> None:
    person = Person("seconds")
    person.waits(SECONDS)
    assert person.phase == "over"
    person = Person("seconds")
    person.waits(SECONDS - 1.0)
    person.writes(person.right[:-1])
    person.waits(2.0)
    assert person.round.seconds_left(person.now) == 0.0
    person.writes(person.right)
    assert person.said == "right"
    person.waits(PRAISE)
    assert person.phase == "over" and person.round.score == 1
    person = Person("seconds")
    person.waits(SECONDS - 1.0)
    person.writes(person.right[:-1])
    person.waits(1.0 + GRACE)
    assert person.phase == "over" and not person.round.done


def test_the_clock_rests_while_a_verdict_is_looked_at() -> None:
    person = Person("seconds")
    person.writes(person.right)
    left = person.round.seconds_left(person.now)
    person.now += 0.9
    assert person.round.seconds_left(person.now) == left
    person.goes_on()
    assert person.round.seconds_left(person.now) == pytest.approx(left)


def test_the_pen_goes_on_to_the_next_task_but_may_still_finish_a_digit() -> None:
    person = Person()
    task = person.round.task
    person.writes(person.right)
    person.now += 0.2
    person.round.pen_touches(person.now)  # such as the bar of a 7
    assert person.round.task == task
    person.now += 0.5
    person.round.pen_touches(person.now)
    assert person.round.task != task


class AnyRound(RuleBasedStateMachine):
    """Any writing, waiting and pressing; what a player may rely on holds after each."""

    @initialize(length=st.sampled_from(LENGTHS), seed=st.integers(0, 99), level=st.integers(1, 5))
    def begin(self, length: Length, seed: int, level: int) -> None:
        self.person = Person(length, level, seed)
        self.over: list[object] | None = None
        self.left = SECONDS

    @rule()
    def write_right(self) -> None:
        writing = self.person.phase == "writing"
        late = self.person.round.seconds_left(self.person.now) == 0
        score = self.person.round.score
        self.person.writes(self.person.right)
        assert not writing or late or self.person.round.score == score + 1

    @rule(text=st.text("0123456789", min_size=1, max_size=5))
    def write_anything(self, text: str) -> None:
        self.person.writes(text)

    @rule(kind=st.sampled_from(["unsure", "refused"]), seconds=st.floats(0, 9))
    def write_doubtful(self, kind: Kind, seconds: float) -> None:
        done = len(self.person.round.done)
        if self.person.phase == "writing":
            self.person.writes(self.person.wrong, {0: kind})
            self.person.waits(seconds)
            assert len(self.person.round.done) == done

    @rule(seconds=st.floats(0, 12))
    def wait(self, seconds: float) -> None:
        self.person.waits(seconds)

    @rule()
    def take_away(self) -> None:
        done = len(self.person.round.done)
        self.person.takes_away()
        assert len(self.person.round.done) == done

    @rule()
    def finish(self) -> None:
        self.person.round.finish(self.person.now)

    @rule(index=st.integers(0, 1))
    def choose(self, index: int) -> None:
        remark = self.person.round.remark
        if remark and remark.choices:
            self.person.round.choose(remark.choices[index], self.person.now)

    @rule()
    def contest(self) -> None:
        streak, first = self.person.round.streak, self.person.phase == "writing"
        if self.person.round.contest(self.person.now):
            assert self.person.round.streak >= streak + first
            assert self.person.phase == "right"

    @rule()
    def skip(self) -> None:
        self.person.round.skip(self.person.now)

    @rule()
    def touch(self) -> None:
        self.person.round.pen_touches(self.person.now)

    @invariant()
    def the_score_is_what_was_done(self) -> None:
        if not hasattr(self, "person"):
            return
        current, now = self.person.round, self.person.now
        assert 0 <= current.streak <= current.longest <= current.score <= len(current.done)
        assert all(done.seconds >= 0 for done in current.done)
        left = current.seconds_left(now)
        assert left <= self.left + 1e-6
        self.left = left
        if current.rules.length == "tasks":
            assert len(current.done) <= TASKS
            assert (current.phase == "over") == (
                len(current.done) == TASKS and current.phase not in ("right", "shown")
            )
        if self.over is not None:
            assert current.phase == "over" and current.done == self.over
        elif current.phase == "over":
            self.over = list(current.done)


TestAnyRound = AnyRound.TestCase
TestAnyRound.settings = settings(max_examples=60, stateful_step_count=40)
