"""An item is found by name, pinyin, initials, English and code."""

import pytest

from pricing.rules.search import search_key, search_term


@pytest.mark.parametrize("typed", ["门诊", "putong", "PTMZ", "Ordinary  outpatient", "0011020"])
def test_the_key_holds_what_people_type(typed: str) -> None:
    key = search_key("001102000010000", "普通门诊诊查费", "Ordinary outpatient consultation")
    assert search_term(typed) in key


def test_another_name_does_not_match() -> None:
    assert search_term("jizhen") not in search_key("001102000010000", "普通门诊诊查费", "Ordinary")
