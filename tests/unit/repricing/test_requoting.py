"""Charges priced once more, as things are and as they would be."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from billing.rules import asked_again, asked_beyond
from pricing.rules import PriceFact, ServiceLine, TariffFacts, quote
from pricing.rules.facts import Band
from pricing.rules.kinds import AmountKind, BandAxis, ItemKind
from repricing.rules.overlay import same_scope, with_proposals
from repricing.rules.requoting import outcome_of, requote, with_mains
from tests.unit.pricing.builders import CONTEXT, ORDINARY, facts, line, price

EXTRA = replace(ORDINARY, code="EXTRA", kind=ItemKind.SURCHARGE, main_code=ORDINARY.code)
RATE = price("0", item_code="EXTRA", kind=AmountKind.PERCENTAGE, rate=Decimal("0.3"), price_id=2)
RATE = replace(RATE, amount=None)


def proposal(amount: str, **changed: object) -> PriceFact:
    """A proposed price of the same scope as the one in force."""
    return price(amount, **{"price_id": -1, "begin": date(2027, 1, 1), **changed})


def test_a_proposal_takes_the_place_of_the_price_of_its_scope() -> None:
    known = facts(price("10"))

    made = with_proposals(known, [proposal("12")])

    assert quote([line()], CONTEXT, made).total == Decimal("12.00")
    assert quote([line()], CONTEXT, known).total == Decimal("10.00")


def test_a_proposal_of_another_scope_leaves_the_price_where_it_is() -> None:
    made = with_proposals(facts(price("10")), [proposal("12", title="231")])

    assert quote([line()], CONTEXT, made).total == Decimal("10.00")
    assert quote([line()], replace(CONTEXT, practitioner_title="231"), made).total == Decimal("12.00")


def test_of_two_proposals_of_a_scope_the_later_one_holds() -> None:
    rows = [proposal("12"), proposal("13", begin=date(2027, 7, 1), price_id=-2)]

    assert quote([line()], CONTEXT, with_proposals(facts(price("10")), rows)).total == Decimal("13.00")


def test_what_a_proposal_replaces_by_name_goes_as_well() -> None:
    known = facts(price("10", region_code="330000"))

    made = with_proposals(known, [proposal("12", region_code="000000")], frozenset({1}))

    assert quote([line()], CONTEXT, made).total == Decimal("12.00")


def test_ages_that_overlap_are_one_scope() -> None:
    assert same_scope(price("1", age_to=6), price("2", age_from=6))
    assert not same_scope(price("1", age_to=6), price("2", age_from=7))
    assert same_scope(price("1"), price("2", age_from=7))


def test_a_line_that_is_refused_keeps_the_others_priced() -> None:
    unknown = ServiceLine("2", "NOBODY", Decimal(1))

    made = requote([line(), unknown], CONTEXT, facts(price("10")))

    assert made.priced["1"].amount == Decimal("10.00")
    assert made.refused["2"].code == "item_unknown"


def test_a_surcharge_falls_with_its_main_line() -> None:
    known = TariffFacts.of([ORDINARY, EXTRA], [RATE])
    lines = [line(), ServiceLine("2", "EXTRA", Decimal(1), main_reference="1")]

    made = requote(lines, CONTEXT, known)

    assert {key: refusal.code for key, refusal in made.refused.items()} == {
        "1": "price_not_found",
        "2": "main_line_missing",
    }


def test_a_surcharge_that_does_not_name_its_main_line_finds_it_or_is_given_one() -> None:
    known = TariffFacts.of([ORDINARY, EXTRA], [price("10"), RATE])
    extra = ServiceLine("2", "EXTRA", Decimal(1))

    found = with_mains([line(), extra], known)
    given = with_mains([extra], known)

    assert [each.main_reference for each in found] == [None, "1"]
    assert [each.item_code for each in given] == [ORDINARY.code, "EXTRA"]
    assert quote(given, CONTEXT, known).lines[1].amount == Decimal("3.00")


def test_what_the_proposals_do_not_touch_stays() -> None:
    known = facts(price("10"))
    made = with_proposals(known, [proposal("12", title="231")])

    assert outcome_of(line(), CONTEXT, now=known, proposed=made).amount is None


def test_what_rests_on_a_proposal_follows_it() -> None:
    known = TariffFacts.of([ORDINARY, EXTRA], [price("10"), RATE])
    made = with_proposals(known, [proposal("20")])

    outcome = outcome_of(ServiceLine("2", "EXTRA", Decimal(1)), CONTEXT, now=known, proposed=made)

    assert outcome.amount == Decimal("6.00")


def test_a_line_that_cannot_be_told_names_why() -> None:
    bands = (Band(Decimal(130), Decimal(0), Decimal(3)),)
    tiered = proposal("0", kind=AmountKind.TIERED, band_axis=BandAxis.DISTANCE, bands=bands)
    known = facts(price("10"))
    made = with_proposals(known, [replace(tiered, amount=None)])

    assert outcome_of(line(), CONTEXT, now=known, proposed=made).refusal == "measure_missing"


def test_what_was_asked_comes_back_from_what_the_line_keeps() -> None:
    asked = ServiceLine(
        "a",
        ORDINARY.code,
        Decimal(2),
        main_reference="m",
        condition="乳牙",
        distance_km=Decimal("3.1"),
        course="C1",
    )
    quoted = quote([line(reference="m"), replace(line(), reference="a")], CONTEXT, facts(price("10"))).lines[
        1
    ]
    quoted = replace(quoted, asked_quantity=Decimal(2), quantity=Decimal(1), main_reference="m")

    said = asked_beyond(quoted, asked, {"m": 1, "a": 2})

    assert asked_again(2, ORDINARY.code, Decimal(1), said) == replace(
        asked, reference="2", main_reference="1"
    )


def test_a_plain_line_keeps_nothing_beyond_item_and_quantity() -> None:
    quoted = quote([line()], CONTEXT, facts(price("10"))).lines[0]

    assert asked_beyond(quoted, line(), {"1": 1}) == {}
