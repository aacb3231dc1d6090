"""What holds for every cap, every division of money and every row that no database would keep."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kernel.money import allocate
from kernel.period import Period
from pricing.rules import PricingRefused, Quote, QuoteContext, ServiceLine, TariffFacts, quote
from pricing.rules.facts import ChargedLine, PriceFact
from pricing.rules.kinds import AmountKind, BandAxis, Service
from pricing.rules.sharing import AgreementFact, share
from tests.unit.pricing import random_tariffs as some

FEN = Decimal("0.01")
DAY = date(2026, 1, 1)
CONTEXT = QuoteContext(DAY, "330100", some.HERE, 3, "public", encounter="V1")


def charged(quoted: Quote, context: QuoteContext) -> list[ChargedLine]:
    return [
        ChargedLine(
            line.item_code,
            line.asked_quantity or line.quantity,
            line.amount,
            context.service_on,
            context.encounter,
        )
        for line in quoted.lines
    ]


CAPPED_KINDS = st.sampled_from(
    [AmountKind.FIXED, AmountKind.HOURLY, AmountKind.BASE_AND_FURTHER, AmountKind.TIERED]
)


@st.composite
def capped_prices(draw: st.DrawFn) -> PriceFact:
    """Of any amount that may be capped, with a cap for the charge, a cap for days, or both."""
    kind = draw(CAPPED_KINDS)
    said = draw(some.terms(kind)) | draw(some.caps(["charge", "period", "both"]))
    if kind is AmountKind.TIERED:
        said = {
            **said,
            "band_axis": BandAxis.COUNT,
            "bands": (*draw(some.bands(BandAxis.COUNT))[:1],),
        }
        said["bands"] = (replace(said["bands"][0], up_to=None),)
    return replace(some.simple_price("M1", Decimal(0)), kind=kind, **{"amount": None, **said})


@given(capped_prices(), st.lists(st.integers(1, 400), min_size=1, max_size=5))
def test_an_order_however_split_is_never_dearer_than_its_caps_allow(
    capped: PriceFact, hundredths: list[int]
) -> None:
    facts = TariffFacts.of(some.ITEMS, [capped])
    caps = [cap for cap in (capped.cap_amount, capped.period_cap_amount) if cap is not None]
    most = min(caps).quantize(FEN, ROUND_HALF_UP)
    parts = [Decimal(part) / 100 for part in hundredths]
    if capped.kind is AmountKind.TIERED:
        parts = [Decimal(part) for part in hundredths]
    together = [ServiceLine(str(n), "M1", part) for n, part in enumerate(parts)]
    assert quote(together, CONTEXT, facts).total <= most
    before: list[ChargedLine] = []
    for line in together:
        quoted = quote([line], CONTEXT, replace(facts, charged=tuple(before)))
        before += charged(quoted, CONTEXT)
    assert sum(line.amount for line in before) <= most


@given(
    st.decimals(min_value=-100_000, max_value=100_000, places=2),
    st.integers(0, 10_000),
    st.integers(0, 10_000),
)
def test_what_is_shared_sums_exactly(total: Decimal, first: int, second: int) -> None:
    inviting, invited = sorted([first, second])
    rates = (
        Decimal(inviting) / 10_000,
        Decimal(invited - inviting) / 10_000,
        Decimal(10_000 - invited) / 10_000,
    )
    agreement = AgreementFact(
        "1", Service.REMOTE_CONSULTATION, 1, 2, "平台", *rates, date(2025, 12, 1), Period(DAY, None)
    )
    shares = share(total, agreement)
    parts = [shares.inviting, shares.invited, shares.platform]
    assert sum(parts) == total
    for part, rate in zip(parts, rates, strict=True):
        assert abs(part - total * rate) < FEN
        assert part == 0 or (part > 0) == (total > 0)


@given(
    st.decimals(min_value=0, max_value=1_000_000, places=2),
    st.lists(st.decimals(min_value=0, max_value=1000, places=6), min_size=1, max_size=12),
)
def test_what_is_allocated_over_lines_sums_exactly(total: Decimal, weights: list[Decimal]) -> None:
    assume(sum(weights) > 0)
    parts = allocate(total, weights)
    assert sum(parts) == total
    assert all(
        abs(part - total * weight / sum(weights)) < FEN for part, weight in zip(parts, weights, strict=True)
    )


@pytest.mark.parametrize("circle", [("M1", "M2"), ("M1", "M2", "M3"), ("M1",)])
def test_rates_that_rest_on_each_other_in_a_circle_are_refused(circle: tuple[str, ...]) -> None:
    rows = [
        replace(
            some.simple_price(code, Decimal(0)),
            amount=None,
            kind=AmountKind.PERCENTAGE,
            rate=Decimal("0.5"),
            base_code=circle[(place + 1) % len(circle)],
        )
        for place, code in enumerate(circle)
    ]
    with pytest.raises(PricingRefused):
        quote([ServiceLine("1", circle[0], Decimal(1))], CONTEXT, TariffFacts.of(some.ITEMS, rows))


INCOMPLETE = [
    {"kind": AmountKind.FIXED},
    {"kind": AmountKind.HOURLY},
    {"kind": AmountKind.CEILING},
    {"kind": AmountKind.PERCENTAGE, "base_code": "M2"},
    {"kind": AmountKind.TIERED, "band_axis": BandAxis.COUNT},
    {"kind": AmountKind.TIERED},
    {"kind": AmountKind.BASE_AND_FURTHER},
    {"kind": AmountKind.BASE_AND_FURTHER, "amount": Decimal(1), "included_quantity": Decimal(1)},
    {"kind": AmountKind.RANGE, "institution_id": some.HERE},
    {"kind": AmountKind.SELF_SET, "institution_id": some.HERE},
]


@pytest.mark.parametrize("said", INCOMPLETE)
def test_a_row_that_does_not_say_what_its_kind_needs_is_refused_by_name(said: dict[str, Any]) -> None:
    """The database keeps such rows out; facts that a machine sends may hold them."""
    row = replace(some.simple_price("M1", Decimal(0)), **{"amount": None, **said})
    facts = TariffFacts.of(some.ITEMS, [row, some.simple_price("M2", Decimal(10))])
    with pytest.raises(PricingRefused):
        quote([ServiceLine("1", "M1", Decimal(2), duration_minutes=Decimal(1))], CONTEXT, facts)


@pytest.mark.parametrize(
    "quantity", ["1E+30", "1E+5000", "1000000", "NaN", "sNaN", "Infinity", "-0", "1E-30"]
)
def test_a_quantity_beyond_all_reckoning_is_refused_by_name(quantity: str) -> None:
    facts = TariffFacts.of(some.ITEMS, [some.simple_price("M1", Decimal(10))])
    with pytest.raises(PricingRefused) as refusal:
        quote([ServiceLine("1", "M1", Decimal(quantity))], CONTEXT, facts)
    assert refusal.value.code == "quantity_not_chargeable"


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(1, 4)), min_size=1, max_size=8),
    st.integers(1, 5),
    st.integers(10, 60),
)
def test_no_window_of_days_holds_more_than_the_cap_in_whatever_order_its_days_are_charged(
    visits: list[tuple[int, int]], length: int, cap: int
) -> None:
    row = replace(
        some.simple_price("M1", Decimal("7.50")), period_cap_amount=Decimal(cap), period_cap_days=length
    )
    facts = TariffFacts.of(some.ITEMS, [row])
    before: list[ChargedLine] = []
    for day, quantity in visits:
        context = replace(CONTEXT, service_on=date(2026, 2, 25) + timedelta(day), encounter=f"V{len(before)}")
        line = ServiceLine("1", "M1", Decimal(quantity))
        before += charged(quote([line], context, replace(facts, charged=tuple(before))), context)
    for first in {line.service_on for line in before}:
        window = [line.amount for line in before if 0 <= (line.service_on - first).days < length]
        assert sum(window) <= cap
