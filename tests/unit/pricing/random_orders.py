"""Random orders that are nearly always quoted: each item has a row that holds, beside rows that do not."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from hypothesis import strategies as st

from pricing.rules import PriceFact, QuoteContext, ServiceLine, TariffFacts
from pricing.rules.codes import ORDINARY_OUTPATIENT
from pricing.rules.facts import Band
from pricing.rules.kinds import AmountKind
from tests.unit.pricing.random_tariffs import (
    HERE,
    ITEMS,
    MAINS,
    PRICED,
    REDUCTION,
    SURCHARGES,
    caps,
    charges,
    contexts,
    prices,
    simple_price,
    terms,
    yuan,
)

Order = tuple[list[ServiceLine], QuoteContext, TariffFacts]
_NEEDS_OWN = {AmountKind.RANGE, AmountKind.SELF_SET}


@st.composite
def orders(draw: st.DrawFn, *, capped: bool = True) -> Order:
    """An order that is nearly always quoted: each item has one row that holds, beside rows that do not."""
    context = replace(draw(contexts), is_demonstration=False)
    rows = [row for code in PRICED for row in draw(_holding(code, context, capped=capped))]
    rows += draw(st.lists(prices(capped=capped).map(_elsewhere), max_size=3))
    before = draw(st.lists(charges, max_size=2)) if capped else []
    return draw(_sensible_lines()), context, TariffFacts.of(ITEMS, rows, charged=before)


@st.composite
def _holding(draw: st.DrawFn, code: str, context: QuoteContext, *, capped: bool) -> list[PriceFact]:
    """One row for the place, the day and the person, and the hospital's own where it needs one."""
    said = {
        "region_code": draw(st.sampled_from([context.region_code, "330000", "000000"])),
        "institution_level": draw(st.sampled_from([None, context.institution_level])),
        "institution_grade": draw(st.sampled_from(["", context.institution_grade])),
        "department": draw(st.sampled_from(["", context.department])),
        "title": None if code == ORDINARY_OUTPATIENT else context.practitioner_title,
        "begin": context.service_on - timedelta(draw(st.integers(0, 9))),
    }
    kind = draw(st.sampled_from(AmountKind))
    hangs = code in {*SURCHARGES, REDUCTION}
    if kind is AmountKind.PERCENTAGE and not hangs:
        kind = AmountKind.FIXED
    values = draw(terms(kind))
    values |= {name: None for name in ("base_code",) if name in values}
    if kind is AmountKind.CEILING and not hangs:
        values = {"maximum": draw(yuan)}
    if kind is AmountKind.TIERED:
        values["bands"] = _open(values["bands"])
    number = 1 + PRICED.index(code)
    limits = draw(caps()) if capped else {}
    row = replace(
        simple_price(code, Decimal(0)),
        kind=kind,
        price_id=number,
        **{"amount": None, **said, **values, **limits},
    )
    if kind not in _NEEDS_OWN and context.ownership == "public":
        return [row]
    if kind in _NEEDS_OWN or draw(st.booleans()):
        own = row.minimum if row.minimum is not None else draw(yuan)
        published = replace(
            simple_price(code, own), institution_id=HERE, price_id=1000 + number, begin=row.begin
        )
        return [row, published]
    return [row]


def _open(steps: tuple[Band, ...]) -> tuple[Band, ...]:
    """No measure is too large; body parts stay as they are."""
    return steps if steps[-1].key else (*steps[:-1], replace(steps[-1], up_to=None))


def _elsewhere(row: PriceFact) -> PriceFact:
    return replace(row, region_code="310000")


@st.composite
def _sensible_lines(draw: st.DrawFn) -> list[ServiceLine]:
    """Main lines with measures, and up to four that hang on one of them."""
    mains = draw(st.lists(st.sampled_from([*MAINS, "REMOTE", "REVISIT"]), min_size=1, max_size=3))
    found = [_measured(draw, f"L{n}", code) for n, code in enumerate(mains)]
    on = next((line for line in found if line.item_code == "M1"), None)
    hung = draw(st.sets(st.sampled_from([*SURCHARGES, REDUCTION]), max_size=3)) if on else ()
    for code in sorted(hung):
        units = draw(st.integers(1, int(on.quantity))) if on else 1
        line = replace(_measured(draw, f"H{code}", code), quantity=Decimal(units))
        found.append(replace(line, main_reference=on.reference if on else None))
    return found


def _measured(draw: st.DrawFn, reference: str, code: str) -> ServiceLine:
    return ServiceLine(
        reference=reference,
        item_code=code,
        quantity=Decimal(draw(st.integers(1, 6))),
        distance_km=draw(st.decimals(min_value=0, max_value=80, places=2)),
        duration_minutes=Decimal(draw(st.integers(1, 90))),
        body_part=draw(st.sampled_from(["腹", "肩", "膝"])),
    )
