"""IN-07 to IN-09: what the insurance of an area pays for."""

from dataclasses import replace
from datetime import date

import pytest

from insurance.operations.payable import payable_rules_in_file
from insurance.rules.payable import (
    PayableFacts,
    ServiceFacts,
    is_chronic,
    payable_violation,
    rule_for,
)

ON = date(2026, 11, 20)
NATION = PayableFacts(
    key=1, pooling_area="", service="online_revisit", is_payable=True, needs_prescription=True, chronic_only=False,
    from_on=date(2020, 11, 4), until_on=None, source="45号",
)  # fmt: skip
ASKED = ServiceFacts("online_revisit", "复诊", has_prescription=True, is_chronic=False)


def broken(rule: PayableFacts | None, asked: ServiceFacts = ASKED) -> str:
    """The number of the rule, empty when it is payable."""
    found = payable_violation(rule, asked, way="可自费。")
    return found.rule if found else ""


def chosen(*rules: PayableFacts, area: str = "330100", on: date = ON) -> int | None:
    """Key of the rule that decides."""
    found = rule_for(rules, service="online_revisit", area=area, on=on)
    return found.key if found else None


def test_the_longest_area_decides_then_the_latest_day() -> None:
    province = replace(NATION, key=2, pooling_area="33")
    city = replace(NATION, key=3, pooling_area="330100")
    later = replace(city, key=4, from_on=date(2026, 1, 1))
    assert chosen(NATION, province, city, later) == 4
    assert chosen(NATION, province, city, later, area="330200") == 2
    assert chosen(NATION, province, city, later, area="110100") == 1


def test_days_are_half_open() -> None:
    rule = replace(NATION, from_on=ON, until_on=date(2026, 11, 21))
    assert [chosen(rule, on=date(2026, 11, day)) for day in (19, 20, 21)] == [None, 1, None]


def test_another_service_is_another_matter() -> None:
    assert chosen(replace(NATION, service="delivery")) is None


@pytest.mark.parametrize("rule", [None, replace(NATION, is_payable=False)])
def test_in_07_what_no_rule_calls_payable_is_not(rule: PayableFacts | None) -> None:
    assert broken(rule) == "IN-07"


def test_in_08_where_a_prescription_is_asked_for_a_visit_without_one_is_not_payable() -> None:
    assert broken(NATION) == ""
    assert broken(NATION, replace(ASKED, has_prescription=False)) == "IN-08"
    assert broken(replace(NATION, needs_prescription=False), replace(ASKED, has_prescription=False)) == ""


def test_in_09_chronic_only_asks_for_a_chronic_disease() -> None:
    rule = replace(NATION, chronic_only=True)
    assert broken(rule) == "IN-09"
    assert broken(rule, replace(ASKED, is_chronic=True)) == ""


def test_the_refusal_names_the_document() -> None:
    assert payable_violation(replace(NATION, is_payable=False), ASKED, way="").source == "45号"


def test_hypertension_and_diabetes_are_chronic_and_a_cold_is_not() -> None:
    assert [is_chronic(code) for code in ("I10", "E11", "J00")] == [True, True, False]


def test_every_shipped_rule_has_a_source_and_a_grade() -> None:
    rows = payable_rules_in_file()
    assert rows
    assert all(row["source"] and row["grade"] in {"S", "G"} for row in rows)


def shipped(area: str, service: str) -> bool:
    """Whether the shipped rules pay for a service in an area, with a prescription."""
    rows = [
        replace(
            NATION, key=number, pooling_area=row["pooling_area"], service=row["service"],
            is_payable=row["is_payable"], chronic_only=row.get("chronic_only", False), from_on=row["valid_from"],
        )
        for number, row in enumerate(payable_rules_in_file())
    ]  # fmt: skip
    rule = rule_for(rows, service=service, area=area, on=ON)
    return rule is not None and rule.is_payable


def test_qinghai_pays_for_the_fee_and_the_drugs_of_a_re_diagnosis_and_not_for_delivery() -> None:
    """Source: 青海省定点医疗机构服务协议（2025版）第二十七条."""
    paid = {
        service: shipped("630100", service)
        for service in ("online_revisit", "revisit_drugs", "delivery", "first_visit")
    }
    assert paid == {"online_revisit": True, "revisit_drugs": True, "delivery": False, "first_visit": False}
