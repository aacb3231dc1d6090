"""What holds for every tariff and every order, however odd: worked from the issue, not from the calculation."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from hypothesis import assume, given
from hypothesis import strategies as st

from pricing.rules import PricingRefused, Quote, QuoteContext, ServiceLine, TariffFacts, quote
from pricing.rules.canonical import Asked, asked_text, facts_text, quote_text, read_asked, read_facts
from pricing.rules.codes import ORDINARY_OUTPATIENT
from pricing.rules.facts import PriceFact, QuotedLine
from pricing.rules.kinds import AmountKind
from pricing.rules.lookup import regions_around
from tests.unit.pricing import random_tariffs as some
from tests.unit.pricing.random_orders import Order, orders

FEN = Decimal("0.01")
DAY = date(2026, 1, 1)
CONTEXT = QuoteContext(DAY, "330100", some.HERE, 3, "public", encounter="V1")
RESTS_ON = {"REVISIT": ORDINARY_OUTPATIENT, some.EXTENSION: "M1"}


def outcome(lines: Sequence[ServiceLine], context: QuoteContext, facts: TariffFacts) -> str:
    """The quote, or the refusal with all that it says, as text."""
    try:
        return quote_text(quote(lines, context, facts))
    except PricingRefused as refusal:
        said = [(each.rule, each.field, str(each.message), each.source) for each in refusal.violations]
        return f"{refusal.code} {said}"


def answered(
    lines: Sequence[ServiceLine], context: QuoteContext, facts: TariffFacts
) -> Quote | PricingRefused:
    try:
        return quote(lines, context, facts)
    except PricingRefused as refusal:
        return refusal


def quoted_only(lines: Sequence[ServiceLine], context: QuoteContext, facts: TariffFacts) -> Quote:
    """The quote; what is refused says nothing about the property."""
    answer = answered(lines, context, facts)
    assume(isinstance(answer, Quote))
    assert isinstance(answer, Quote)
    return answer


CHAOS = st.tuples(some.lines(), some.contexts, some.tariffs())


@given(CHAOS | orders())
def test_every_line_rests_on_a_price_in_force_there_and_then_or_the_order_is_refused_by_name(
    order: Order,
) -> None:
    lines, context, facts = order
    answer = answered(lines, context, facts)
    if isinstance(answer, PricingRefused):
        assert answer.violations
        assert all(each.rule.startswith("PR-") and str(each.message) for each in answer.violations)
        assert {each.field for each in answer.violations} <= {line.reference for line in lines}
        return
    assert [line.reference for line in answer.lines] == [line.reference for line in lines]
    assert answer.total == sum(line.amount for line in answer.lines)
    for line in answer.lines:
        _rests_on_a_document(line, context, facts)
        _adds_up(line)


def _rests_on_a_document(line: QuotedLine, context: QuoteContext, facts: TariffFacts) -> None:
    rows = facts.prices[RESTS_ON.get(line.item_code, line.item_code)]
    assert any(_holds(row, context) for row in rows if row.price_id == line.price_id)
    assert line.document_number in {row.document_number for row in rows}
    assert line.is_demonstration == context.is_demonstration


def _holds(row: PriceFact, context: QuoteContext) -> bool:
    return (
        row.begin <= context.service_on
        and (row.end is None or context.service_on < row.end)
        and row.region_code in regions_around(context.region_code)
        and row.institution_id in {None, context.institution_id}
        and row.institution_level in {None, context.institution_level}
        and row.institution_grade in {"", context.institution_grade}
        and row.price_zone in {"", context.price_zone}
        and row.ownership in {"", context.ownership}
        and row.department in {"", context.department}
        and row.title in {None, context.practitioner_title}
        and (row.age_from is None or context.patient_age is None or row.age_from <= context.patient_age)
        and (row.age_to is None or context.patient_age is None or context.patient_age <= row.age_to)
        and ((row.age_from is None and row.age_to is None) or context.patient_age is not None)
    )


def _adds_up(line: QuotedLine) -> None:
    assert line.amount == (line.unit_price * line.quantity).quantize(FEN, ROUND_HALF_UP)
    assert sum(step.amount for step in line.steps) == line.unit_price
    assert line.amount <= 0 if line.item_code == some.REDUCTION else line.amount >= 0


@given(CHAOS | orders(), st.randoms())
def test_the_same_inputs_give_the_same_bytes_in_whatever_order_the_rows_come(
    order: Order, shuffler: Random
) -> None:
    lines, context, facts = order
    rows = [row for found in facts.prices.values() for row in found]
    rules, before = list(facts.rules), list(facts.charged)
    for each in (rows, rules, before):
        shuffler.shuffle(each)
    again = TariffFacts.of(
        reversed(list(facts.items.values())),
        rows,
        successions=facts.successions,
        openings=facts.openings,
        rules=rules,
        charged=before,
    )
    assert outcome(lines, context, facts) == outcome(lines, context, again)


@given(orders())
def test_a_quote_is_made_again_from_what_was_kept(order: Order) -> None:
    lines, context, facts = order
    quoted = quoted_only(lines, context, facts)
    asked = read_asked(asked_text(Asked(tuple(lines), context)))
    assert outcome(asked.lines, asked.context, read_facts(facts_text(facts))) == quote_text(quoted)


HUNG = st.lists(st.sampled_from([*some.SURCHARGES, some.REDUCTION]), unique=True, min_size=2, max_size=4)


@given(
    HUNG,
    st.integers(1, 5),
    some.yuan,
    st.lists(st.decimals(min_value=0, max_value="0.9", places=4), min_size=4, max_size=4),
    st.randoms(),
)
def test_the_order_of_surcharges_does_not_matter_and_each_is_of_the_main_price(
    hung: list[str], quantity: int, amount: Decimal, rates: list[Decimal], shuffler: Random
) -> None:
    rate = dict(zip(hung, rates, strict=False))
    facts = TariffFacts.of(
        some.ITEMS,
        [
            some.simple_price("M1", amount),
            *(
                replace(
                    some.simple_price(code, Decimal(0)),
                    amount=None,
                    kind=AmountKind.PERCENTAGE,
                    rate=rate[code],
                )
                for code in hung
            ),
        ],
    )
    main = ServiceLine("main", "M1", Decimal(quantity))
    lines = [main, *(ServiceLine(code, code, Decimal(quantity), main_reference="main") for code in hung)]
    amounts = {line.reference: line.amount for line in quote(lines, CONTEXT, facts).lines}
    for code in hung:
        sign = -1 if code == some.REDUCTION else 1
        exact = (amount * rate[code]).quantize(Decimal("0.000001"), ROUND_HALF_UP) * quantity
        assert amounts[code] == sign * exact.quantize(FEN, ROUND_HALF_UP)
    shuffler.shuffle(lines)
    assert {line.reference: line.amount for line in quote(lines, CONTEXT, facts).lines} == amounts


@given(st.tuples(some.lines(), some.contexts, some.tariffs(ruled=False)) | orders(), some.yuan)
def test_a_more_specific_row_of_one_item_changes_no_other_item(order: Order, amount: Decimal) -> None:
    """M3 is nobody's main item or basis; rows that are a rate of it are left out."""
    lines, context, facts = order
    rows = [row for found in facts.prices.values() for row in found if row.base_code != "M3"]
    added = some.simple_price(
        "M3",
        amount,
        region_code=context.region_code,
        institution_level=context.institution_level,
        evidence_grade="D" if context.is_demonstration else "A",
        price_id=10**7,
    )
    known = TariffFacts.of(facts.items.values(), rows, openings=facts.openings, charged=facts.charged)
    more = TariffFacts.of(
        facts.items.values(), [*rows, added], openings=facts.openings, charged=facts.charged
    )
    others = [line for line in lines if line.item_code != "M3"]
    assert outcome(others, context, known) == outcome(others, context, more)
    narrow, wider = answered(lines, context, known), answered(lines, context, more)
    if isinstance(narrow, Quote) and isinstance(wider, Quote):
        assert [line for line in narrow.lines if line.item_code != "M3"] == [
            line for line in wider.lines if line.item_code != "M3"
        ]


@given(orders(capped=False))
def test_lines_cost_the_same_alone_and_together_where_nothing_binds_them(order: Order) -> None:
    lines, context, facts = order
    together = quoted_only(lines, context, facts)
    by_reference = {line.reference: line for line in lines}
    for line in together.lines:
        asked = by_reference[line.reference]
        main = [each for each in lines if each.reference == asked.main_reference]
        assert quote([asked, *main], context, facts).lines[0] == line
