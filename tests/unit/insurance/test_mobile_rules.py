"""When the mobile payment centre is asked again, who may pay, and when two statements agree."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from insurance.rules.mobile import POLLS, Amounts, Permission, disagreement, may_pay, next_poll

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
SEVEN = Amounts(Decimal(7), Decimal(2), Decimal(1))


def test_twelve_questions_at_most_and_ever_farther_apart() -> None:
    pauses = [next_poll(polls=number, at=NOW) for number in range(13)]

    assert pauses[0] == NOW + timedelta(seconds=1)
    assert None not in pauses[:12]
    assert pauses[12] is None
    assert list(POLLS) == sorted(set(POLLS))


@pytest.mark.parametrize(
    ("permission", "expected"),
    [
        (Permission(is_given=True, has_number=True, expires_at=None), True),
        (Permission(is_given=True, has_number=True, expires_at=NOW + timedelta(seconds=1)), True),
        (Permission(is_given=True, has_number=True, expires_at=NOW), False),
        (Permission(is_given=False, has_number=True, expires_at=None), False),
        (Permission(is_given=True, has_number=False, expires_at=None), False),
    ],
)
def test_a_permission_serves_while_it_is_given_and_not_over(permission: Permission, expected: bool) -> None:
    assert may_pay(permission, at=NOW) is expected


def test_statements_disagree_only_when_both_are_made_and_differ() -> None:
    other = Amounts(Decimal(6), Decimal(2), Decimal(2))

    assert disagreement("6301", SEVEN, SEVEN) == ""
    assert disagreement("6301", None, SEVEN) == disagreement("6301", SEVEN, None) == ""
    assert disagreement("6301", SEVEN, other) == (
        "6301: 6 + 2 + 2 (fund + account + cash), agreed before: 7 + 2 + 1"
    )
