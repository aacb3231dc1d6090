"""Values as the person reads them, in both languages."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import translation

from kernel import presentation

NOON = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)  # 12:00 in Shanghai, a Wednesday


@pytest.fixture(autouse=True)
def _on_a_wednesday_at_noon():
    with time_machine.travel(NOON, tick=False), translation.override("zh-hans"):
        yield


@pytest.mark.parametrize(
    ("amount", "shown"),
    [("1234.5", "¥1,234.50"), ("0", "¥0.00"), ("-8", "-¥8.00"), ("1000000", "¥1,000,000.00")],
)
def test_money_has_the_sign_of_the_yuan_groups_and_two_decimals(amount: str, shown: str) -> None:
    assert presentation.money(Decimal(amount)) == shown


def test_an_amount_that_is_not_known_is_shown_as_nothing() -> None:
    assert presentation.money(None) == ""
    assert presentation.signed_money(None) == ""


def test_a_step_of_a_sum_shows_its_sign() -> None:
    assert presentation.signed_money(Decimal(1)) == "+ ¥1.00"
    assert presentation.signed_money(Decimal(-1)) == "- ¥1.00"
    assert presentation.signed_money(Decimal(0)) == "+ ¥0.00"


def test_a_day_is_told_with_its_weekday_in_chinese() -> None:
    assert presentation.day(date(2026, 11, 26)) == "11 月 26 日 周四"


def test_a_day_is_told_with_its_weekday_in_english() -> None:
    with translation.override("en"):
        assert presentation.day(date(2026, 11, 26)) == "Thu 26 Nov"


def test_a_day_of_another_year_carries_the_year() -> None:
    assert presentation.day(date(2027, 1, 1)) == "2027 年 1 月 1 日 周五"
    with translation.override("en"):
        assert presentation.day(date(2027, 1, 1)) == "Fri 1 Jan 2027"


def test_a_moment_is_told_in_the_time_of_the_hospital() -> None:
    before_midnight_in_london = datetime(2026, 11, 25, 23, 30, tzinfo=UTC)
    assert presentation.day(before_midnight_in_london) == "11 月 26 日 周四"
    assert presentation.clock_time(before_midnight_in_london) == "07:30"


def test_near_days_are_told_in_words() -> None:
    with translation.override("en"):
        today = date(2026, 11, 25)
        said = [presentation.near_day(today + timedelta(days=number)) for number in (-1, 0, 1, 2)]
    assert said == ["yesterday", "today", "tomorrow", "Fri 27 Nov"]


@pytest.mark.parametrize(
    ("passed", "said"),
    [
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(minutes=59, seconds=59), "59 minutes ago"),
        (timedelta(hours=1), "1 hour ago"),
        (timedelta(hours=23, minutes=59), "23 hours ago"),
        (timedelta(hours=24), "yesterday 12:00"),
    ],
)
def test_what_is_past_is_told_as_time_gone_by_for_one_day(passed: timedelta, said: str) -> None:
    with translation.override("en"):
        assert presentation.ago(NOON - passed) == said


def test_what_is_to_come_is_told_as_the_moment() -> None:
    with translation.override("en"):
        assert presentation.ago(NOON + timedelta(hours=2)) == "today 14:00"


@pytest.mark.parametrize(
    ("left", "shown"),
    [
        (timedelta(minutes=14, seconds=32), "14:32"),
        (timedelta(hours=1, minutes=5), "1:05:00"),
        (timedelta(seconds=-5), "00:00"),
    ],
)
def test_the_time_left_never_falls_below_nothing(left: timedelta, shown: str) -> None:
    assert presentation.time_left(NOON + left) == shown
