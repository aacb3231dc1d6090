"""Surcharges, reductions and extensions."""

from dataclasses import replace
from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.rules import PricingRefused, Quote, quote
from pricing.rules.facts import ItemFact, PriceFact, ServiceLine
from pricing.rules.kinds import AmountKind, ItemKind
from tests.unit.pricing.builders import CONTEXT, ORDINARY, facts, line, price

D = Decimal
MAIN = ORDINARY.code
CHILD = replace(ORDINARY, code="CHILD", name="儿童加收", kind=ItemKind.SURCHARGE, main_code=MAIN)
NIGHT = replace(CHILD, code="NIGHT", name="夜间加收")
LESS = replace(CHILD, code="LESS", name="同日再次减收", kind=ItemKind.REDUCTION)
WIDER = replace(CHILD, code="WIDER", name="扩展", kind=ItemKind.EXTENSION)
ITEMS: tuple[ItemFact, ...] = (ORDINARY, CHILD, NIGHT, LESS, WIDER)


def rate(code: str, fraction: str) -> PriceFact:
    """A fraction of the main item's unit price."""
    return replace(price(), item_code=code, kind=AmountKind.PERCENTAGE, amount=None, rate=D(fraction))


ROWS = (
    price("10"),
    replace(rate("CHILD", "0.3"), age_to=6),
    replace(price("5"), item_code="NIGHT"),
    rate("LESS", "0.5"),
)


def on_main(code: str, quantity: str = "1", reference: str | None = None) -> ServiceLine:
    """A line that hangs on line 1."""
    return replace(line(code, quantity, reference or code), main_reference="1")


def quoted(*lines: ServiceLine, rows: tuple[PriceFact, ...] = ROWS, age: int = 6) -> Quote:
    return quote(lines, replace(CONTEXT, patient_age=age), facts(*rows, items=ITEMS))


def refusal(*lines: ServiceLine, rows: tuple[PriceFact, ...] = ROWS, age: int = 6) -> str:
    with pytest.raises(PricingRefused) as caught:
        quoted(*lines, rows=rows, age=age)
    assert all(violation.way_on for violation in caught.value.violations)
    return caught.value.code


def test_surcharges_are_each_computed_on_the_base_and_summed() -> None:
    two = replace(rate("NIGHT", "0.2"))
    rows = (price("10"), ROWS[1], two)
    # 10 + 3 + 2, never 10 × 1.3 × 1.2 = 15.60
    assert quoted(line(), on_main("CHILD"), on_main("NIGHT"), rows=rows).total == D("15.00")


def test_the_order_of_lines_does_not_matter() -> None:
    asked = (line(), on_main("CHILD"), on_main("NIGHT"), on_main("LESS"))
    # 10 + 3 + 5 − 5
    assert {quoted(*each).total for each in permutations(asked)} == {D("13.00")}


def test_what_is_taken_off_is_a_negative_line_whose_steps_sum_to_it() -> None:
    less = quoted(line(), on_main("LESS")).lines[1]
    assert (less.amount, [step.amount for step in less.steps]) == (D("-5.00"), [D("-5.00")])


def test_a_surcharge_alone_is_refused() -> None:
    assert refusal(line("CHILD")) == "main_line_missing"
    assert refusal(on_main("CHILD")) == "main_line_missing"


def test_a_surcharge_on_another_items_line_is_refused() -> None:
    other = replace(ORDINARY, code="OTHER")
    with pytest.raises(PricingRefused) as caught:
        quote(
            [line("OTHER"), on_main("CHILD")],
            replace(CONTEXT, patient_age=6),
            facts(*ROWS, replace(price(), item_code="OTHER"), items=(*ITEMS, other)),
        )
    assert caught.value.code == "main_line_missing"


def test_a_surcharge_is_for_no_more_units_than_its_main_line() -> None:
    assert quoted(line(quantity="2"), on_main("CHILD", "2")).total == D("26.00")
    assert refusal(line(quantity="2"), on_main("CHILD", "3")) == "main_line_missing"


def test_each_surcharge_hangs_once_on_a_main_line() -> None:
    assert (
        refusal(line(), on_main("CHILD", reference="a"), on_main("CHILD", reference="b"))
        == "main_line_missing"
    )


def test_a_child_surcharge_ends_with_the_seventh_birthday() -> None:
    assert quoted(line(), on_main("CHILD"), age=6).total == D("13.00")
    assert refusal(line(), on_main("CHILD"), age=7) == "price_not_found"


def test_a_price_that_takes_no_surcharge_refuses_it() -> None:
    # 乳牙拔除 at 11 yuan must not also take the child surcharge (S12).
    rows = (replace(price("11"), takes_surcharges=False), *ROWS[1:])
    assert refusal(line(), on_main("CHILD"), rows=rows) == "surcharge_not_taken"


def test_an_extension_takes_the_main_items_price_and_replaces_it() -> None:
    wider = quoted(line("WIDER"))
    assert (wider.total, wider.lines[0].price_id) == (D("10.00"), ROWS[0].price_id)
    assert refusal(line(), line("WIDER", reference="2")) == "extension_with_main"


def test_a_surcharge_hangs_on_an_extension_as_on_its_main_item() -> None:
    assert quoted(line("WIDER"), on_main("CHILD")).total == D("13.00")


def test_no_more_is_taken_off_than_the_main_line_costs() -> None:
    rows = (price("10"), rate("LESS", "1"))
    assert quoted(line(), on_main("LESS"), rows=rows).total == D("0.00")
    more = (price("10"), rate("LESS", "1.01"))
    assert refusal(line(), on_main("LESS"), rows=more) == "reduction_too_large"


def test_a_refused_main_line_refuses_what_hangs_on_it_and_every_reason_is_told() -> None:
    with pytest.raises(PricingRefused) as caught:
        quoted(line(quantity="0"), on_main("CHILD"))
    assert {violation.field for violation in caught.value.violations} == {"1", "CHILD"}


@given(st.lists(st.decimals("0", "3", places=4), min_size=1, max_size=6, unique=False), st.randoms())
def test_the_order_of_surcharges_never_matters(rates: list[Decimal], random: object) -> None:
    items = [replace(CHILD, code=f"S{number}") for number in range(len(rates))]
    rows = [rate(f"S{number}", str(each)) for number, each in enumerate(rates)]
    lines = [line(), *(on_main(item.code) for item in items)]
    shuffled = list(lines)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    known = facts(price("10"), *rows, items=(ORDINARY, *items))
    assert quote(lines, CONTEXT, known).total == quote(shuffled, CONTEXT, known).total
