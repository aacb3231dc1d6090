"""Random tariffs as the database could hold them, and random lines, sensible and not."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from pricing.rules import ItemFact, PriceFact, QuoteContext, ServiceLine, TariffFacts
from pricing.rules.codes import ORDINARY_OUTPATIENT
from pricing.rules.facts import Band, ChargedLine, ChargeRuleFact, OpeningFact, SuccessionFact
from pricing.rules.kinds import AmountKind, BandAxis, ItemKind, RuleKind, Service, Window
from tests.unit.pricing.builders import price

SHANGHAI = ZoneInfo("Asia/Shanghai")
HERE, ELSEWHERE = 7, 8
MAINS = ("M1", "M2", "M3")
SURCHARGES = ("S1", "S2", "S3")
REDUCTION, EXTENSION = "R1", "E1"


def _item(code: str, decimals: int = 2, **changed: Any) -> ItemFact:
    return ItemFact(code, code, code, "次", "time", quantity_decimals=decimals, **changed)


ITEMS = (
    *(_item(code) for code in MAINS),
    *(_item(code, kind=ItemKind.SURCHARGE, main_code="M1") for code in SURCHARGES),
    _item(REDUCTION, kind=ItemKind.REDUCTION, main_code="M1"),
    _item(EXTENSION, kind=ItemKind.EXTENSION, main_code="M1"),
    _item("FIRST", 0, service=Service.FIRST_VISIT),
    _item("REMOTE", 0, service=Service.REMOTE_CONSULTATION),
    _item(ORDINARY_OUTPATIENT, 0),
    _item("REVISIT", 0, service=Service.ONLINE_REVISIT, priced_as=ORDINARY_OUTPATIENT),
    _item("LOCAL", region_code="310000"),
    _item("INVENTED", is_demonstration=True),
)
CODES = tuple(item.code for item in ITEMS)
PRICED = tuple(item.code for item in ITEMS if item.priced_as is None and item.kind is not ItemKind.EXTENSION)

codes = st.sampled_from(CODES)
regions = st.sampled_from(["330106", "330100", "330000", "000000", "310000"])
days = st.dates(date(2025, 12, 28), date(2026, 1, 6))
yuan = st.one_of(
    st.decimals(min_value=0, max_value=1000, places=2), st.decimals(min_value=0, max_value=20, places=6)
)
rates = st.decimals(min_value=0, max_value=2, places=4)
measures = st.one_of(st.none(), st.decimals(min_value=0, max_value=100, places=2))
wild_numbers = st.one_of(st.none(), st.decimals(), st.decimals(min_value=-5, max_value=200, places=2))


@st.composite
def periods(draw: st.DrawFn) -> dict[str, date | None]:
    begin = draw(days)
    return {"begin": begin, "end": draw(st.none() | st.integers(1, 12).map(lambda n: begin + timedelta(n)))}


@st.composite
def bands(draw: st.DrawFn, axis: BandAxis) -> tuple[Band, ...]:
    """Adjacent, from zero; the last one open or not."""
    if axis is BandAxis.BODY_PART:
        keys = draw(st.lists(st.sampled_from(["腹", "肩", "膝"]), min_size=1, unique=True))
        return tuple(Band(draw(yuan), key=key) for key in keys)
    bounds = sorted(draw(st.sets(st.integers(1, 60), min_size=1, max_size=4)))
    steps = [Band(draw(yuan), Decimal(low), Decimal(high)) for low, high in pairwise([0, *bounds])]
    return (*steps, Band(draw(yuan), Decimal(bounds[-1]))) if draw(st.booleans()) else tuple(steps)


@st.composite
def terms(draw: st.DrawFn, kind: AmountKind) -> dict[str, Any]:
    """How much, complete for the kind."""
    if kind in {AmountKind.FIXED, AmountKind.HOURLY}:
        return {"amount": draw(yuan)}
    if kind is AmountKind.RANGE:
        low, high = sorted([draw(yuan), draw(yuan)])
        return {"minimum": low, "maximum": high}
    if kind is AmountKind.CEILING:
        name = draw(st.sampled_from(["maximum", "maximum_rate"]))
        based = {"base_code": draw(st.none() | st.sampled_from(PRICED))} if name == "maximum_rate" else {}
        return {name: draw(yuan if name == "maximum" else rates), **based}
    if kind is AmountKind.PERCENTAGE:
        return {"rate": draw(rates), "base_code": draw(st.none() | st.sampled_from(PRICED))}
    if kind is AmountKind.TIERED:
        axis = draw(st.sampled_from(BandAxis))
        return {"band_axis": axis, "bands": draw(bands(axis))}
    if kind is AmountKind.BASE_AND_FURTHER:
        further = draw(st.sampled_from([{"further_amount": yuan}, {"further_rate": rates}]))
        said = {name: draw(values) for name, values in further.items()}
        return {"amount": draw(yuan), "included_quantity": Decimal(draw(st.integers(0, 4))), **said}
    return {}


@st.composite
def caps(draw: st.DrawFn, which: Sequence[str] = ("", "charge", "period", "both")) -> dict[str, Any]:
    """A cap on one charge, over days, both or none."""
    chosen = draw(st.sampled_from(which))
    found: dict[str, Any] = {}
    if chosen in {"charge", "both"}:
        found["cap_amount"] = draw(yuan)
    if chosen in {"period", "both"}:
        found |= {"period_cap_amount": draw(yuan), "period_cap_days": draw(st.integers(1, 8))}
    return found


@st.composite
def prices(
    draw: st.DrawFn, *, capped: bool = True, code: str | None = None, kind: AmountKind | None = None
) -> PriceFact:
    """One row of any scope, kind and period."""
    chosen = kind or draw(st.sampled_from(AmountKind))
    age_from = draw(st.none() | st.integers(0, 90))
    said: dict[str, Any] = {
        "amount": None,
        "item_code": code or draw(st.sampled_from(PRICED)),
        "kind": chosen,
        "region_code": draw(regions),
        "institution_id": draw(st.sampled_from([None, None, HERE, ELSEWHERE])),
        "institution_level": draw(st.sampled_from([None, None, 2, 3])),
        "institution_grade": draw(st.sampled_from(["", "", "甲等"])),
        "price_zone": draw(st.sampled_from(["", "", "a"])),
        "ownership": draw(st.sampled_from(["", "", "public", "private"])),
        "department": draw(st.sampled_from(["", "", "A03"])),
        "condition": draw(st.sampled_from(["", "", "乳牙"])),
        "title": draw(st.sampled_from([None, None, "231", "232"])),
        "age_from": age_from,
        "age_to": draw(st.none() | st.integers(age_from or 0, 120)),
        "evidence_grade": draw(st.sampled_from("AABCD")),
        "price_id": draw(st.integers(1, 10**6)),
        "document_number": draw(st.sampled_from(["甲1号", "乙2号"])),
        "takes_surcharges": draw(st.sampled_from([True, True, False])),
        **draw(periods()),
        **draw(terms(chosen)),
        **(draw(caps()) if capped else {}),
    }
    amount = said.pop("amount")
    found = price("0", **said)
    return found if amount is not None else _without_amount(found)


def _without_amount(found: PriceFact) -> PriceFact:
    return replace(found, amount=None)


def simple_price(code: str, amount: Decimal, **changed: Any) -> PriceFact:
    """Everywhere, for everybody, from 2025 on."""
    said = {"region_code": "000000", "institution_level": None, "begin": date(2025, 1, 1), **changed}
    return price(str(amount), item_code=code, **said)


moments = st.none() | st.integers(0, 12 * 24 * 60).map(
    lambda minutes: datetime(2025, 12, 27, tzinfo=SHANGHAI) + timedelta(minutes=minutes)
)
quantities = st.one_of(
    st.integers(1, 6).map(Decimal), st.decimals(min_value="0.01", max_value=30, places=2), st.decimals()
)


@st.composite
def lines(draw: st.DrawFn, *, most: int = 6) -> list[ServiceLine]:
    """Of any items, known or not, hanging on any line, with measures that may be nonsense."""
    count = draw(st.integers(1, most))
    references = [f"L{number}" for number in range(count)]
    hung_on = st.none() | st.sampled_from([*references, "nowhere"])
    return [
        ServiceLine(
            reference=reference,
            item_code=draw(st.one_of(codes, st.sampled_from(["M1", "S1", "S2", "unlisted"]))),
            quantity=draw(quantities),
            main_reference=draw(hung_on),
            condition=draw(st.sampled_from(["", "乳牙", "别的"])),
            distance_km=draw(wild_numbers),
            duration_minutes=draw(wild_numbers),
            body_part=draw(st.sampled_from(["", "腹", "足"])),
            performed_at=draw(moments),
            course=draw(st.sampled_from(["", "K"])),
        )
        for reference in references
    ]


contexts = st.builds(
    QuoteContext,
    service_on=days,
    region_code=st.sampled_from(["330106", "330100"]),
    institution_id=st.just(HERE),
    institution_level=st.sampled_from([2, 3]),
    ownership=st.sampled_from(["public", "public", "private"]),
    practitioner_title=st.sampled_from([None, "231", "232"]),
    patient_age=st.none() | st.integers(0, 120),
    is_demonstration=st.sampled_from([False, False, True]),
    institution_grade=st.sampled_from(["", "甲等"]),
    price_zone=st.sampled_from(["", "a"]),
    department=st.sampled_from(["", "A03"]),
    encounter=st.sampled_from(["", "V1"]),
    ceiling_is_charged=st.booleans(),
)
charges = st.builds(
    ChargedLine,
    item_code=codes,
    quantity=st.integers(1, 5).map(Decimal),
    amount=st.decimals(min_value=-50, max_value=500, places=2),
    service_on=days,
    encounter=st.sampled_from(["V0", "V1"]),
    performed_at=moments,
    course=st.sampled_from(["", "K"]),
)
openings = st.builds(
    lambda period, region, grade: OpeningFact(
        Service.FIRST_VISIT, region, period["begin"], period["end"], "开1号", grade
    ),
    periods(),
    regions,
    st.sampled_from("AD"),
)
successions = st.builds(
    SuccessionFact,
    item_code=codes,
    region_code=regions,
    from_on=days,
    successor_code=st.none() | codes,
    document_number=st.just("废1号"),
)


@st.composite
def rules(draw: st.DrawFn) -> ChargeRuleFact:
    """Complete, as the database would have it."""
    kind, window = draw(st.sampled_from(RuleKind)), draw(st.sampled_from(Window))
    some = st.sets(codes, min_size=1, max_size=3).map(frozenset)
    pair = kind in {RuleKind.EXCLUSION, RuleKind.NEEDS_ANOTHER}
    counted = kind in {RuleKind.FREQUENCY, RuleKind.SHARED_QUOTA}
    period = draw(periods())
    return ChargeRuleFact(
        code=draw(st.sampled_from(["R1", "R2", "R3"])),
        kind=kind,
        region_code=draw(regions),
        window=window,
        window_length=draw(st.integers(1, 8)) if window in {Window.DAYS, Window.HOURS} else None,
        subjects=draw(some),
        partners=draw(some) if pair else frozenset(),
        limit_quantity=Decimal(draw(st.integers(1, 5))) if counted else None,
        limit_amount=draw(yuan) if kind is RuleKind.DAILY_TOTAL else None,
        text="规则",
        text_en="Rule",
        source="规1号",
        begin=period["begin"] or date(2026, 1, 1),
        end=period["end"],
        evidence_grade=draw(st.sampled_from("AD")),
    )


@st.composite
def tariffs(draw: st.DrawFn, *, capped: bool = True, ruled: bool = True) -> TariffFacts:
    """Sometimes chaos, often with one plain price for each item so that something is quoted."""
    plain = draw(st.sets(st.sampled_from(PRICED)))
    grade = draw(st.sampled_from("AAD"))
    known = [simple_price(code, draw(yuan), evidence_grade=grade) for code in sorted(plain)]
    known += draw(st.lists(prices(capped=capped), max_size=8))
    return TariffFacts.of(
        ITEMS,
        known,
        successions=draw(st.lists(successions, max_size=1)),
        openings=draw(st.lists(openings, max_size=2)),
        rules=draw(st.lists(rules(), max_size=2)) if ruled else (),
        charged=draw(st.lists(charges, max_size=3)),
    )
