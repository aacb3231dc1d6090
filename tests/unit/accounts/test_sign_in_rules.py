"""A-01, A-02: mobile numbers and codes."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils.translation import override

from accounts import rules

SENT_AT = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
ENDS_AT = SENT_AT + timedelta(minutes=5)


def said(mobile: str) -> list[str]:
    with override("en"):
        return [str(violation.message) for violation in rules.mobile_violations(mobile)]


@pytest.mark.parametrize(
    "typed", ["13800000001", "138 0000 0001", "138-0000-0001", "+86 138 0000 0001", "１３８０００００００１"]
)
def test_a_01_a_number_may_be_pasted_in_any_form(typed: str) -> None:
    assert said(typed) == []
    assert rules.plain_digits(typed) == "13800000001"


def test_a_01_the_number_of_digits_is_named() -> None:
    assert said("138 0000 000") == ["A mobile number has 11 digits; this one has 10. Please check it."]


@pytest.mark.parametrize("typed", ["", "abc", "12800000001", "23800000001", "138000000011"])
def test_a_01_what_is_no_mobile_number_is_refused(typed: str) -> None:
    assert [violation.rule for violation in rules.mobile_violations(typed)] == ["A-01"]


@pytest.mark.parametrize(
    ("typed", "is_right"),
    [("123456", True), ("123 456", True), ("12345", False), ("12345a", False), ("", False)],
)
def test_a_02_a_code_has_six_digits(typed: str, is_right: bool) -> None:
    assert (rules.code_form_violations(typed) == []) is is_right


def standing(*, at: datetime = SENT_AT, tries: int = 0, is_used: bool = False) -> int:
    return len(rules.code_standing_violations(expires_at=ENDS_AT, tries=tries, is_used=is_used, at=at))


def test_a_02_a_code_counts_for_five_minutes_and_not_a_moment_longer() -> None:
    assert standing(at=ENDS_AT - timedelta(microseconds=1)) == 0
    assert standing(at=ENDS_AT) == 1


def test_a_02_a_code_counts_for_five_tries_and_one_use() -> None:
    assert standing(tries=4) == 0
    assert standing(tries=5) == 1
    assert standing(is_used=True) == 1
