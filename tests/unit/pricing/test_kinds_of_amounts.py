"""Every kind of amount that a tariff can say, at its boundaries; expected values are worked by hand from the rule."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from pricing.rules import PricingRefused, QuotedLine, quote
from pricing.rules.facts import Band, PriceFact, ServiceLine
from pricing.rules.kinds import AmountKind, BandAxis
from tests.unit.pricing.builders import CONTEXT, ORDINARY, facts, line, price

D = Decimal
DIVISIBLE = replace(ORDINARY, quantity_decimals=2)


def of_kind(kind: AmountKind, **said: Any) -> PriceFact:
    """A row of that kind for every institution of the region."""
    return replace(price(), kind=kind, **{"amount": None, **said})


def charged(row: PriceFact, asked: ServiceLine | None = None, *more: PriceFact) -> QuotedLine:
    """The one line, priced by the row."""
    return quote([asked or line()], CONTEXT, facts(row, *more, items=(DIVISIBLE,))).lines[0]


def refused(row: PriceFact, asked: ServiceLine | None = None) -> str:
    """The code of the refusal."""
    with pytest.raises(PricingRefused) as caught:
        charged(row, asked)
    assert caught.value.violations[0].way_on
    return caught.value.code


def test_zero_is_a_price() -> None:
    assert charged(price("0")).amount == D("0.00")


def test_an_hour_costs_its_amount_and_half_an_hour_half() -> None:
    # 绵阳 110700001-3: 0.40 yuan for an hour (S19); 2.5 hours are 1.00.
    row = of_kind(AmountKind.HOURLY, amount=D("0.40"))
    assert charged(row, line(quantity="2.5")).amount == D("1.00")


def test_a_ceiling_is_charged_where_the_hospital_has_published_nothing_lower() -> None:
    assert charged(of_kind(AmountKind.CEILING, maximum=D(15))).amount == D("15.00")


def test_a_hospital_that_is_asked_for_its_own_price_under_a_ceiling_must_have_one() -> None:
    context = replace(CONTEXT, ceiling_is_charged=False)
    with pytest.raises(PricingRefused) as caught:
        quote([line()], context, facts(of_kind(AmountKind.CEILING, maximum=D(15))))
    assert caught.value.code == "self_set_not_published"


@pytest.mark.parametrize(
    "row",
    [
        of_kind(AmountKind.RANGE, minimum=D(100), maximum=D(300)),  # 知名专家门诊 100-300 (S25)
        of_kind(AmountKind.SELF_SET),
    ],
)
def test_what_the_hospital_sets_itself_is_refused_until_it_is_published(row: PriceFact) -> None:
    assert refused(row) == "self_set_not_published"


@pytest.mark.parametrize(
    ("own", "is_charged"), [("99.99", False), ("100", True), ("300", True), ("300.01", False)]
)
def test_the_hospitals_own_price_lies_inside_the_range_with_both_ends(own: str, is_charged: bool) -> None:
    row = of_kind(AmountKind.RANGE, minimum=D(100), maximum=D(300))
    mine = replace(price(own), institution_id=CONTEXT.institution_id, institution_level=None)
    if is_charged:
        assert charged(row, None, mine).amount == D(own).quantize(D("0.01"))
    else:
        with pytest.raises(PricingRefused) as caught:
            charged(row, None, mine)
        assert caught.value.code == "above_ceiling"


@pytest.mark.parametrize(("own", "is_charged"), [("0", True), ("9.99", True), ("10", True), ("10.01", False)])
def test_a_public_hospitals_own_price_may_be_lower_and_never_higher(own: str, is_charged: bool) -> None:
    mine = replace(price(own), institution_id=CONTEXT.institution_id, institution_level=None)
    if is_charged:
        assert charged(price("10"), None, mine).unit_price == D(own)
    else:
        with pytest.raises(PricingRefused) as caught:
            charged(price("10"), None, mine)
        assert caught.value.code == "above_ceiling"


def test_a_private_hospital_charges_its_own_published_price_whatever_the_province_says() -> None:
    private = replace(CONTEXT, ownership="private")
    mine = replace(price("80"), institution_id=CONTEXT.institution_id, institution_level=None)
    assert quote([line()], private, facts(price("10"), mine)).total == D("80.00")


def test_a_private_hospital_without_a_published_price_charges_nothing() -> None:
    with pytest.raises(PricingRefused) as caught:
        quote([line()], replace(CONTEXT, ownership="private"), facts(price("10")))
    assert caught.value.code == "self_set_not_published"


ONSITE = of_kind(
    AmountKind.TIERED,
    band_axis=BandAxis.DISTANCE,
    bands=(
        Band(D(130), D(0), D(3)),
        Band(D(200), D(3), D(5)),
        Band(D(300), D(5), D(10)),
        Band(D(550), D(10), D(40)),
    ),
)
"""Rows 25-28 (Zhongshan, S23); the limit of the city at 40 km is made up here."""


@pytest.mark.parametrize(
    ("km", "amount"),
    [
        ("0", "130"),
        ("3", "130"),
        ("3.01", "200"),
        ("5", "200"),
        ("5.01", "300"),
        ("10", "300"),
        ("40", "550"),
    ],
)
def test_distance_bands_end_with_their_last_kilometre(km: str, amount: str) -> None:
    assert charged(ONSITE, replace(line(), distance_km=D(km))).amount == D(amount)


def test_outside_the_city_there_is_no_price() -> None:
    assert refused(ONSITE, replace(line(), distance_km=D("40.01"))) == "outside_bands"


@pytest.mark.parametrize("km", [None, D("-1"), D("NaN")])
def test_a_distance_that_is_not_said_is_not_guessed(km: Decimal | None) -> None:
    assert refused(ONSITE, replace(line(), distance_km=km)) == "measure_missing"


@pytest.mark.parametrize(("minutes", "amount"), [("30", "30.00"), ("31", "40.00"), ("60", "40.00")])
def test_duration_bands(minutes: str, amount: str) -> None:
    # 精神科量表: up to 30 minutes 30, over 30 to 60 minutes 40 (S37).
    bands = (Band(D(30), D(0), D(30)), Band(D(40), D(30), D(60)))
    row = of_kind(AmountKind.TIERED, band_axis=BandAxis.DURATION, bands=bands)
    assert charged(row, replace(line(), duration_minutes=D(minutes))).amount == D(amount)


def test_body_parts_have_their_own_amounts_and_an_unknown_one_has_none() -> None:
    row = of_kind(AmountKind.TIERED, band_axis=BandAxis.BODY_PART, bands=(Band(D(70), key="甲状腺"),))
    assert charged(row, replace(line(), body_part="甲状腺")).amount == D("70.00")
    assert refused(row, replace(line(), body_part="乳腺")) == "outside_bands"
    assert refused(row) == "measure_missing"


def test_bands_by_count_price_each_unit_by_its_ordinal_and_are_charged_as_one() -> None:
    bands = (Band(D(50), None, D(1)), Band(D(30), D(1), D(3)), Band(D(10), D(3), None))
    row = of_kind(AmountKind.TIERED, band_axis=BandAxis.COUNT, bands=bands)
    five = charged(row, line(quantity="5"))
    # 50 + 2 × 30 + 2 × 10
    assert (five.amount, five.unit_price, five.quantity, five.asked_quantity) == (D("130.00"), D(130), 1, 5)
    assert sum(step.amount for step in five.steps) == D(130)
    assert charged(row, line(quantity="1")).amount == D("50.00")


def test_a_count_beyond_the_last_band_has_no_price() -> None:
    row = of_kind(AmountKind.TIERED, band_axis=BandAxis.COUNT, bands=(Band(D(50), None, D(2)),))
    assert refused(row, line(quantity="3")) == "outside_bands"


VESSELS = of_kind(
    AmountKind.BASE_AND_FURTHER,
    amount=D(3000),
    included_quantity=D(3),
    further_rate=D("0.33"),
    cap_amount=D(7280),
)
"""脑血管造影: three vessels one charge, each further 33 % of it, at most 7280 (S14); the base of 3000 is made up here."""


@pytest.mark.parametrize(
    ("vessels", "amount"),
    [
        ("1", "3000.00"),
        ("3", "3000.00"),
        ("4", "3990.00"),  # + 0.33 × 3000
        ("7", "6960.00"),  # + 4 × 990
        ("8", "7280.00"),  # 7950, capped
    ],
)
def test_a_base_includes_some_units_and_each_further_one_adds_a_part_up_to_the_cap(
    vessels: str, amount: str
) -> None:
    assert charged(VESSELS, line(quantity=vessels)).amount == D(amount)


def test_further_units_may_cost_an_amount_of_their_own() -> None:
    row = of_kind(AmountKind.BASE_AND_FURTHER, amount=D(20), included_quantity=D(1), further_amount=D("7.5"))
    assert charged(row, line(quantity="3")).amount == D("35.00")


def test_the_steps_of_a_capped_line_sum_to_what_is_charged_and_name_the_cap() -> None:
    eight = charged(VESSELS, line(quantity="8"))
    assert [step.amount for step in eight.steps] == [D(3000), D(4950), D(-670)]
    assert "7280.00" in eight.steps[-1].note_en


def test_a_rate_is_of_the_item_that_the_document_names() -> None:
    other = replace(ORDINARY, code="HALF")
    half = of_kind(AmountKind.PERCENTAGE, rate=D("0.5"), base_code=ORDINARY.code, item_code="HALF")
    priced = quote([line("HALF")], CONTEXT, facts(price("25"), half, items=(ORDINARY, other)))
    assert priced.total == D("12.50")


def test_a_rate_of_something_that_has_no_price_is_refused() -> None:
    other = replace(ORDINARY, code="HALF")
    half = of_kind(AmountKind.PERCENTAGE, rate=D("0.5"), base_code=ORDINARY.code, item_code="HALF")
    with pytest.raises(PricingRefused) as caught:
        quote([line("HALF")], CONTEXT, facts(half, items=(ORDINARY, other)))
    assert caught.value.code == "price_not_found"


def test_two_rates_of_each_other_end_in_a_refusal() -> None:
    other = replace(ORDINARY, code="HALF")
    one = of_kind(AmountKind.PERCENTAGE, rate=D("0.5"), base_code="HALF")
    two = replace(one, base_code=ORDINARY.code, item_code="HALF")
    with pytest.raises(PricingRefused) as caught:
        quote([line("HALF")], CONTEXT, facts(one, two, items=(ORDINARY, other)))
    assert caught.value.code == "price_not_found"


def test_the_fund_may_pay_an_amount_instead_of_a_rate() -> None:
    # Beijing, 2017: the insurance covers 40 of a visit (S32).
    assert charged(replace(price("50"), fund_amount=D(40))).fund_amount == D(40)
