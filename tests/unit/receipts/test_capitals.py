"""Amounts in characters that cannot be altered, by the examples of the payment rules."""

from decimal import Decimal

import pytest

from receipts.rules.capitals import in_capitals

PUBLISHED = [
    # 支付结算办法 (1997), annex 1: its examples; where it allows 零 or none, the form without.
    ("1409.50", "壹仟肆佰零玖元伍角"),
    ("6007.14", "陆仟零柒元壹角肆分"),
    ("1680.32", "壹仟陆佰捌拾元叁角贰分"),
    ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
    ("325.04", "叁佰贰拾伍元零肆分"),
]


@pytest.mark.parametrize(("amount", "said"), PUBLISHED)
def test_the_examples_of_the_payment_rules_are_said_as_they_say_them(amount: str, said: str) -> None:
    assert in_capitals(Decimal(amount)) == said


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("0.00", "零元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角"),
        ("10.00", "壹拾元整"),
        ("107000.53", "壹拾万柒仟元伍角叁分"),
        ("100320.00", "壹拾万零叁佰贰拾元整"),
        ("100000001.00", "壹亿零壹元整"),
        ("100005000.00", "壹亿零伍仟元整"),
        ("-12.30", "负壹拾贰元叁角"),
    ],
)
def test_zeros_and_small_sums_are_said_once(amount: str, said: str) -> None:
    assert in_capitals(Decimal(amount)) == said


def test_a_fraction_of_a_fen_cannot_be_said() -> None:
    with pytest.raises(ValueError, match="fraction"):
        in_capitals(Decimal("1.005"))
