"""Identity numbers, mobile numbers, ages, and the numbers people read out."""

import re
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.identifiers import (
    Gender,
    age_on,
    grouped_mobile,
    id_check_character,
    masked_id_number,
    masked_mobile,
    masked_name,
    new_number,
    parse_id_number,
    parse_mobile,
    veiled,
)

STANDARD = "11010519491231002X"
"""The example of GB 11643-1999."""


def test_the_standards_example_ends_in_x_and_says_when_and_what() -> None:
    number = parse_id_number(STANDARD)
    assert number is not None
    assert (number.born_on, number.gender) == (date(1949, 12, 31), Gender.FEMALE)
    assert id_check_character(STANDARD[:17]) == "X"


def test_a_small_x_and_spaces_are_understood() -> None:
    assert parse_id_number(" 110105 19491231 002x ") == parse_id_number(STANDARD)


def test_an_odd_sequence_number_is_a_man() -> None:
    first_17 = "11010519491231003"
    number = parse_id_number(first_17 + id_check_character(first_17))
    assert number is not None
    assert number.gender == Gender.MALE


@pytest.mark.parametrize(("day", "exists"), [("20000229", True), ("19000229", False), ("20010229", False)])
def test_29_february_exists_in_leap_years_only(day: str, exists: bool) -> None:
    first_17 = f"330106{day}001"
    assert (parse_id_number(first_17 + id_check_character(first_17)) is not None) is exists


@pytest.mark.parametrize("wrong", ["", "110105194912310021", STANDARD[:17], "X" * 18, "010105194912310029"])
def test_a_wrong_number_is_none(wrong: str) -> None:
    assert parse_id_number(wrong) is None


@given(st.integers(min_value=0, max_value=16), st.integers(min_value=1, max_value=9))
def test_one_digit_mistyped_is_always_noticed(place: int, shift: int) -> None:
    digits = list(STANDARD[:17])
    digits[place] = str((int(digits[place]) + shift) % 10)
    assert parse_id_number("".join(digits) + "X") is None


@pytest.mark.parametrize("typed", ["13800000001", "138 0000 0001", "+86 138-0000-0001"])
def test_a_mobile_number_is_understood_as_people_write_it(typed: str) -> None:
    assert parse_mobile(typed) == "13800000001"


@pytest.mark.parametrize("wrong", ["", "12800000001", "1380000000", "138000000011", "1380000000a"])
def test_what_is_no_mainland_mobile_number_is_none(wrong: str) -> None:
    assert parse_mobile(wrong) is None


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(1956, 3, 8), date(2026, 3, 7), 69),
        (date(1956, 3, 8), date(2026, 3, 8), 70),
        (date(2020, 2, 29), date(2026, 2, 28), 5),
        (date(2020, 2, 29), date(2026, 3, 1), 6),
        (date(2026, 3, 8), date(2026, 3, 8), 0),
    ],
)
def test_age_changes_on_the_birthday_and_for_29_february_on_1_march(born: date, day: date, age: int) -> None:
    assert age_on(born, day) == age


def test_a_number_to_read_out_bears_the_day_in_shanghai() -> None:
    before_midnight_utc = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)  # 00:30 on the 21st in Shanghai
    assert re.fullmatch(r"B261121\d{8}", new_number("B", before_midnight_utc))


def test_names_and_numbers_are_masked() -> None:
    assert [masked_name(name) for name in ("张三", "张秀英", "欧", "")] == ["张*", "张*英", "欧", ""]
    assert masked_mobile("13800000001") == "138****0001"
    assert masked_id_number(STANDARD) == "110***********002X"
    assert len(masked_id_number(STANDARD)) == len(STANDARD)
    assert masked_mobile("") == masked_id_number("") == ""
    assert grouped_mobile("13800000001") == "138 0000 0001"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("身份证11010519491231002X无效", "身份证110***********002X无效"),
        ("11010519491231002x, 13800000001", "110***********002x, 138****0001"),
        ("张秀英的参保状态", "张*英的参保状态"),
        ("", ""),
        # Neither a wrong check character nor a number within a longer one is somebody's identity card.
        ("110105194912310021", "110105194912310021"),
        ("H3301000000113800000001", "H3301000000113800000001"),
        ("911010519491231002X", "911010519491231002X"),
    ],
)
def test_what_others_wrote_is_kept_without_numbers_and_names_of_people(text: str, kept: str) -> None:
    assert veiled(text, "张秀英", "") == kept
