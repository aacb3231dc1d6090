"""What holds for every input: no price without a document, half up per line, steps that sum."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from hypothesis import given
from hypothesis import strategies as st

from pricing.rules import (
    ItemFact,
    PriceFact,
    PricingRefused,
    QuoteContext,
    ServiceLine,
    TariffFacts,
    quote,
)
from tests.unit.pricing.builders import ORDINARY, REVISIT, price

CODES = st.sampled_from([ORDINARY.code, REVISIT.code, "A", "B", "unlisted"])
TITLES = st.sampled_from([None, "231", "232", "234"])
REGIONS = st.sampled_from(["330100", "330000", "000000", "310000"])
DAYS = st.dates(date(2024, 1, 1), date(2027, 12, 31))
YUAN = st.decimals(min_value=0, max_value=100_000, places=6)


@st.composite
def prices(draw: st.DrawFn) -> PriceFact:
    begin = draw(DAYS)
    end = draw(st.none() | DAYS.filter(lambda day: day > begin)) if begin < date(2027, 12, 31) else None
    return price(
        str(draw(YUAN)),
        item_code=draw(CODES),
        region_code=draw(REGIONS),
        institution_id=draw(st.sampled_from([None, 7, 8])),
        institution_level=draw(st.sampled_from([None, 2, 3])),
        title=draw(TITLES),
        evidence_grade=draw(st.sampled_from("ABCD")),
        begin=begin,
        end=end,
        price_id=draw(st.integers(1, 10**6)),
        document_number=draw(st.sampled_from(["甲1号", "乙2号"])),
    )


CONTEXTS = st.builds(
    QuoteContext,
    service_on=DAYS,
    region_code=st.sampled_from(["330106", "330100"]),
    institution_id=st.just(7),
    institution_level=st.sampled_from([2, 3]),
    ownership=st.just("public"),
    practitioner_title=TITLES,
    patient_age=st.none() | st.integers(0, 120),
    is_demonstration=st.booleans(),
)
LINES = st.lists(
    st.builds(ServiceLine, reference=st.text(max_size=5), item_code=CODES, quantity=st.decimals()), max_size=4
)
ITEMS = [
    ORDINARY,
    REVISIT,
    ItemFact("A", "甲", "A", "盒", "box"),
    ItemFact("B", "乙", "B", "克", "gram", quantity_decimals=4),
]


@given(LINES, CONTEXTS, st.lists(prices(), max_size=12))
def test_no_input_yields_a_price_without_a_document_in_force_that_day(
    lines: list[ServiceLine], context: QuoteContext, known: list[PriceFact]
) -> None:
    try:
        quoted = quote(lines, context, TariffFacts.of(ITEMS, known))
    except PricingRefused:
        return
    assert len(quoted.lines) == len(lines)
    for line in quoted.lines:
        charged_as = ORDINARY.code if line.item_code == REVISIT.code else line.item_code
        assert any(
            each.price_id == line.price_id
            and each.document_number == line.document_number
            and each.item_code == charged_as
            and each.amount == line.unit_price
            and each.begin <= context.service_on
            and (each.end is None or context.service_on < each.end)
            and (each.evidence_grade == "D") == context.is_demonstration
            for each in known
        )


@given(YUAN, st.decimals(min_value="0.0001", max_value=1000, places=4))
def test_an_amount_is_unit_price_times_quantity_half_up_to_the_fen(
    amount: Decimal, quantity: Decimal
) -> None:
    known = TariffFacts.of(ITEMS, [price(str(amount), item_code="B")])
    context = QuoteContext(date(2026, 3, 16), "330100", 7, 3, "public")
    (line,) = quote([ServiceLine("1", "B", quantity)], context, known).lines
    assert line.amount == (amount * quantity).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    assert sum(step.amount for step in line.steps) == line.unit_price == amount


@given(LINES, CONTEXTS, st.lists(prices(), max_size=6), st.randoms())
def test_the_same_inputs_give_the_same_quote_in_whatever_order_the_facts_come(
    lines: list[ServiceLine], context: QuoteContext, known: list[PriceFact], shuffler: object
) -> None:
    def outcome(facts: TariffFacts) -> str:
        try:
            return repr(quote(lines, context, facts))
        except PricingRefused as refusal:
            return f"{refusal.code} {[(each.rule, each.field, str(each.message)) for each in refusal.violations]}"

    shuffled = list(known)
    shuffler.shuffle(shuffled)  # type: ignore[attr-defined]
    assert outcome(TariffFacts.of(ITEMS, known)) == outcome(TariffFacts.of(ITEMS, shuffled))
