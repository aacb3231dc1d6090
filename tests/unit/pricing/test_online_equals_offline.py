"""The policy: an online re-diagnosis costs what an ordinary outpatient visit costs, whoever the doctor is.

Source: 医保发〔2019〕47号 and 〔2020〕45号 as reported; reply of the National Healthcare Security Administration.
"""

from dataclasses import replace
from decimal import Decimal

import pytest

from pricing.rules import PriceNotFound, quote
from pricing.rules.codes import EXPERT_OUTPATIENT, ONLINE_REVISIT, ORDINARY_OUTPATIENT
from pricing.rules.wording import TITLES
from registry.models.practitioners import Title
from tests.unit.pricing.builders import CONTEXT, ORDINARY, REVISIT, facts, line, price

EXPERT = replace(
    ORDINARY, code=EXPERT_OUTPATIENT, name="专家门诊诊查费", name_en="Expert outpatient consultation"
)
# Heilongjiang 2022, rows 3-5 and 8 of the notes: ordinary 7, associate chief 13, chief 22, online 7.
KNOWN = facts(
    price("7"),
    price("13", item_code=EXPERT_OUTPATIENT, title="232"),
    price("22", item_code=EXPERT_OUTPATIENT, title="231"),
    items=(ORDINARY, REVISIT, EXPERT),
)


@pytest.mark.parametrize("title", [None, "231", "232", "233", "234"])
def test_an_online_re_diagnosis_costs_the_same_for_every_title(title: str | None) -> None:
    context = replace(CONTEXT, practitioner_title=title)
    online = quote([line(ONLINE_REVISIT)], context, KNOWN)
    ordinary = quote([line(ORDINARY_OUTPATIENT)], context, KNOWN)
    assert online.total == ordinary.total == Decimal("7.00")


def test_offline_the_title_makes_a_difference() -> None:
    totals = [
        quote([line(EXPERT_OUTPATIENT)], replace(CONTEXT, practitioner_title=title), KNOWN).total
        for title in ("232", "231")
    ]
    assert totals == [Decimal("13.00"), Decimal("22.00")]


def test_not_even_a_price_of_the_ordinary_visit_by_title_reaches_the_online_visit() -> None:
    known = facts(price("7"), price("22", title="231"))
    chief = replace(CONTEXT, practitioner_title="231")
    assert quote([line(ORDINARY_OUTPATIENT)], chief, known).total == Decimal("22.00")
    assert quote([line(ONLINE_REVISIT)], chief, known).total == Decimal("7.00")


def test_a_price_entered_for_the_online_item_itself_is_never_charged() -> None:
    known = facts(price("7"), price("99", item_code=ONLINE_REVISIT))
    assert quote([line(ONLINE_REVISIT)], CONTEXT, known).total == Decimal("7.00")


def test_without_a_price_of_the_ordinary_visit_the_online_visit_has_none() -> None:
    with pytest.raises(PriceNotFound):
        quote([line(ONLINE_REVISIT)], CONTEXT, facts(price("99", item_code=ONLINE_REVISIT)))


def test_the_steps_say_so_in_both_languages_and_sum_to_the_price() -> None:
    context = replace(CONTEXT, practitioner_title="231", patient_age=67)
    (quoted,) = quote([line(ONLINE_REVISIT)], context, KNOWN).lines
    assert [(step.text, step.amount) for step in quoted.steps] == [
        ("互联网复诊，按普通门诊诊查费", Decimal("7.00")),
        ("职称：主任医师", Decimal("0.00")),
        ("年龄：67 岁", Decimal("0.00")),
    ]
    assert [step.text_en for step in quoted.steps] == [
        "Online re-diagnosis, charged as: Ordinary outpatient consultation",
        "Title: chief physician",
        "Age: 67",
    ]
    assert sum(step.amount for step in quoted.steps) == quoted.unit_price


def test_the_line_is_named_as_what_was_done_and_reported_as_the_ordinary_visit() -> None:
    (quoted,) = quote([line(ONLINE_REVISIT)], CONTEXT, KNOWN).lines
    assert (quoted.item_code, quoted.name) == (ONLINE_REVISIT, "互联网复诊")
    assert quoted.insurance_code == ORDINARY_OUTPATIENT


def test_every_registered_title_has_words_in_both_languages() -> None:
    assert set(TITLES) == set(Title.values)
