"""R-01, R-02: names and identity numbers. Check characters worked out by hand from GB 11643-1999."""

from datetime import date

import pytest
from django.utils.translation import override

from registry import rules

TODAY = date(2026, 11, 22)
# The example of the standard itself (annex of GB 11643-1999).
STANDARD_FEMALE = "11010519491231002X"
STANDARD_MALE = "440524188001010014"


def said(number: str, on: date = TODAY) -> list[str]:
    with override("en"):
        return [str(violation.message) for violation in rules.id_number_violations(number, on=on)]


def test_r_02_the_standards_own_example_is_right() -> None:
    assert said(STANDARD_FEMALE) == []


def test_r_02_a_small_x_spaces_dashes_and_full_width_digits_are_understood() -> None:
    assert said("110105 19491231 002x") == []
    assert said("110105-19491231-002X") == []
    assert said("１１０１０５１９４９１２３１００２Ｘ") == []


def test_r_02_nobody_is_146_years_old() -> None:
    assert "date of birth" in said(STANDARD_MALE)[0]


def test_r_02_the_number_of_characters_is_named() -> None:
    assert said("11010519491231002") == ["An identity number has 18 characters; this one has 17."]
    assert said("11010519491231002X1") == ["An identity number has 18 characters; this one has 19."]


def test_r_02_nothing_typed_is_asked_for() -> None:
    assert said("  ") == ["Enter the identity number."]


@pytest.mark.parametrize("number", ["1101051949123A002X", "X1010519491231002X", "01010519491231002X"])
def test_r_02_only_digits_and_a_last_x(number: str) -> None:
    assert said(number) == ["An identity number has only digits; just the last character may be an X."]


def test_r_02_29_february_exists_in_leap_years_only() -> None:
    assert said("33010620000229001" + check("33010620000229001")) == []
    assert "1900-02-29" in said("33010619000229001" + check("33010619000229001"))[0]
    assert "2001-02-29" in said("33010620010229001" + check("33010620010229001"))[0]


def test_r_02_a_birth_date_of_tomorrow_is_wrong_and_of_today_is_right() -> None:
    newborn = "33010620261122002"
    number = newborn + check(newborn)
    assert said(number) == []
    assert "2026-11-22" in said(number, on=date(2026, 11, 21))[0]


def test_r_02_month_13_and_day_0_are_wrong_dates() -> None:
    assert "1990-13-01" in said("330106199013010011")[0]
    assert "1990-01-00" in said("330106199001000011")[0]


def test_r_02_the_check_character_is_looked_at_last() -> None:
    assert said("110105194912310021") == [
        "The last character does not fit the others. Please compare the whole number with the card again."
    ]


def test_r_02_two_digits_exchanged_do_not_pass() -> None:
    assert said("11010519491213002X") != []


def check(first_17: str) -> str:
    """GB 11643-1999 in other words: the weight of place i (from the right, 1 is the check) is 2^(i-1) mod 11."""
    total = sum(int(digit) * (2 ** (17 - place)) for place, digit in enumerate(first_17))
    rest = (12 - total % 11) % 11
    return "X" if rest == 10 else str(rest)


@pytest.mark.parametrize(
    "name", ["张秀英", "欧阳娜娜", "阿卜杜拉·买买提", "阿卜杜拉•买买提", "张 三", "䶮昊"]
)
def test_r_01_names_of_the_card_pass(name: str) -> None:
    assert rules.name_violations(name) == []


@pytest.mark.parametrize("name", ["", "张", "Zhang San", "张三1", "·张三", "张三·", "张" * 31])
def test_r_01_what_no_card_shows_is_refused(name: str) -> None:
    assert [violation.rule for violation in rules.name_violations(name)] == ["R-01"]


def test_r_03_a_child_under_14_has_no_account_of_its_own() -> None:
    child = rules.Newcomer(born_on=date(2012, 11, 23), is_self=True, has_mobile=True)
    assert [violation.rule for violation in rules.newcomer_violations(child, on=TODAY)] == ["R-03"]
    assert rules.newcomer_violations(child, on=date(2026, 11, 23)) == []


def test_r_04_only_a_child_may_be_without_a_mobile_number() -> None:
    grown = rules.Newcomer(born_on=date(2008, 11, 22), is_self=False, has_mobile=False)
    assert [violation.rule for violation in rules.newcomer_violations(grown, on=TODAY)] == ["R-04"]
    assert rules.newcomer_violations(grown, on=date(2026, 11, 21)) == []
