"""When the insurer is asked again about an unknown outcome."""

from datetime import UTC, datetime, timedelta

from insurance.rules.schedule import UNKNOWN_OUTCOME

SINCE = datetime(2026, 12, 31, 15, 59, tzinfo=UTC)
"""A minute before midnight of New Year's Eve in Shanghai."""


def minutes(*numbers: float) -> list[timedelta]:
    return [timedelta(minutes=number) for number in numbers]


def test_it_is_asked_at_once_after_1_5_15_and_60_minutes_then_hourly_for_five_days() -> None:
    offsets = UNKNOWN_OUTCOME.offsets()
    assert offsets[:7] == minutes(0, 1, 5, 15, 60, 120, 180)
    assert offsets[-1] == timedelta(days=5)
    assert len(offsets) == 5 + (5 * 24 - 1)


def test_the_first_question_is_due_at_once() -> None:
    assert UNKNOWN_OUTCOME.next_ask(since=SINCE, asked_at=None) == SINCE


def test_each_question_is_due_at_the_next_moment_of_the_schedule_also_across_a_new_year() -> None:
    asked, due = SINCE + timedelta(seconds=35), []
    for _question in range(5):
        following = UNKNOWN_OUTCOME.next_ask(since=SINCE, asked_at=asked)
        assert following
        due.append(following - SINCE)
        asked = following + timedelta(seconds=30)
    assert due == minutes(1, 5, 15, 60, 120)


def test_after_an_outage_one_question_is_due_and_not_all_that_were_missed() -> None:
    back = SINCE + timedelta(hours=30, minutes=20)
    assert UNKNOWN_OUTCOME.next_ask(since=SINCE, asked_at=back) == SINCE + timedelta(hours=31)


def test_after_five_days_nobody_asks_by_the_clock_any_more() -> None:
    assert UNKNOWN_OUTCOME.next_ask(since=SINCE, asked_at=SINCE + timedelta(days=5)) is None


def test_a_demonstration_runs_the_same_schedule_faster() -> None:
    asked = SINCE + timedelta(milliseconds=1)
    following = UNKNOWN_OUTCOME.next_ask(since=SINCE, asked_at=asked, faster=60)
    assert following == SINCE + timedelta(seconds=1)
