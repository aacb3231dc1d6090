"""What is asked of a price before it becomes law: PR-80 to PR-85."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from kernel.errors import Violation
from pricing.rules.codes import ORDINARY_OUTPATIENT
from pricing.rules.facts import Band, ItemFact, PriceFact, QuoteContext
from pricing.rules.kinds import AmountKind, BandAxis, ItemKind, Service
from pricing.rules.publishing import item_violations, publishing_violations

ORDINARY = ItemFact(ORDINARY_OUTPATIENT, "普通门诊诊查费", "Ordinary visit", "次", "visit")
ONLINE = ItemFact("FZ", "互联网复诊", "Online", "次", "visit", service=Service.ONLINE_REVISIT)
PLAIN = ItemFact("X", "项目", "Item", "次", "visit")
CHILD = ItemFact("JS", "儿童加收", "Child", "次", "visit", kind=ItemKind.SURCHARGE, main_code="X")
ITEMS = {item.code: item for item in (ORDINARY, ONLINE, PLAIN, CHILD)}
HOSPITAL = QuoteContext(date.min, "330100", 7, 3, "public")


def price(code: str, amount: str | None = "10", **changed: Any) -> PriceFact:
    fact = PriceFact(
        item_code=code,
        amount=None if amount is None else Decimal(amount),
        region_code="330000",
        institution_id=None,
        institution_level=None,
        title=None,
        insurance_class="",
        self_pay_rate=None,
        begin=date(2026, 1, 1),
        end=None,
        price_id=0,
        document_id=0,
        document_number="甲1号",
        document_title="价目",
        document_title_en="List",
        document_issuer="某局",
        document_issuer_en="Bureau",
        evidence_grade="A",
    )
    return replace(fact, **changed)


def own(code: str, amount: str | None = "10", **changed: Any) -> PriceFact:
    return price(code, amount, **{"institution_id": 7, "region_code": "330100", **changed})


def broken(*rows: PriceFact, others: tuple[PriceFact, ...] = (), private: bool = False) -> list[Violation]:
    there = replace(HOSPITAL, ownership="private") if private else HOSPITAL
    return publishing_violations(rows, ITEMS, others, institutions={7: there})


def rules(*rows: PriceFact, **more: Any) -> list[tuple[str, str]]:
    return [(found.rule, found.field) for found in broken(*rows, **more)]


def test_pr_80_an_online_re_diagnosis_costs_what_the_ordinary_visit_costs() -> None:
    assert rules(price(ORDINARY.code), price("FZ")) == []
    (found,) = broken(price(ORDINARY.code, "7"), price("FZ", "9"))
    assert (found.rule, found.field) == ("PR-80", "1")
    assert "¥7.00" in str(found.message)
    assert "¥9.00" in str(found.message)


def test_pr_80_an_ordinary_price_is_held_to_the_online_price_that_is_known() -> None:
    assert rules(price(ORDINARY.code, "8"), others=(price("FZ", "7"),)) == [("PR-80", "0")]


def test_pr_80_only_the_same_scope_and_the_same_days_are_compared() -> None:
    ordinary = price(ORDINARY.code, "7", institution_level=3)
    for elsewhere in (
        price("FZ", "3", institution_level=2),
        price("FZ", "3", region_code="510000"),
        price("FZ", "3", begin=date(2025, 1, 1), end=date(2026, 1, 1)),
        price("FZ", "3", evidence_grade="D"),
    ):
        assert rules(ordinary, elsewhere) == []


def test_pr_80_a_level_that_pays_another_ordinary_price_needs_another_online_price() -> None:
    three, two = (
        price(ORDINARY.code, amount, institution_level=level) for amount, level in (("10", 3), ("8", 2))
    )
    assert rules(three, two, price("FZ", "10")) == [("PR-80", "2")]
    assert rules(three, two, price("FZ", "10"), price("FZ", "8", institution_level=2)) == []


def test_pr_80_a_change_of_one_of_them_later_is_found() -> None:
    until, after = date(2026, 7, 1), price(ORDINARY.code, "8", begin=date(2026, 7, 1))
    assert rules(price(ORDINARY.code, end=until), after, price("FZ")) == [("PR-80", "2")]


def test_pr_80_without_an_ordinary_price_nothing_can_be_compared() -> None:
    assert rules(price("FZ", "3")) == []


def test_pr_80_a_price_by_title_is_refused() -> None:
    assert rules(price("FZ", title="231")) == [("PR-80", "0")]


def test_pr_80_an_expert_visit_is_not_what_an_online_re_diagnosis_is_charged_like() -> None:
    charged = {**ITEMS, "FZ": replace(ONLINE, priced_as="X")}
    assert [found.rule for found in item_violations(charged["FZ"], charged)] == ["PR-80"]
    charged["FZ"] = replace(ONLINE, priced_as=ORDINARY.code)
    assert list(item_violations(charged["FZ"], charged)) == []


def test_pr_80_a_regulator_is_not_held_up_by_an_institutions_own_price() -> None:
    assert rules(price(ORDINARY.code, "8"), price("FZ", "8"), others=(own(ORDINARY.code, "7"),)) == []
    assert rules(own(ORDINARY.code, "7"), others=(price(ORDINARY.code, "8"), price("FZ", "8"))) == [
        ("PR-80", "0")
    ]


@pytest.mark.parametrize(("amount", "is_refused"), [("9.99", False), ("10", False), ("10.01", True)])
def test_pr_81_an_own_price_is_never_above_the_regulators(amount: str, is_refused: bool) -> None:
    found = rules(own("X", amount), others=(price("X", "10"),))
    assert found == ([("PR-81", "0")] if is_refused else [])


@pytest.mark.parametrize(
    ("amount", "is_refused"), [("99.99", True), ("100", False), ("300", False), ("300.01", True)]
)
def test_pr_81_an_own_price_is_inside_the_range_both_ends_included(amount: str, is_refused: bool) -> None:
    common = price("X", None, kind=AmountKind.RANGE, minimum=Decimal(100), maximum=Decimal(300))
    assert bool(rules(own("X", amount), others=(common,))) is is_refused


def test_pr_81_both_amounts_are_told() -> None:
    common = price("X", None, kind=AmountKind.CEILING, maximum=Decimal(30))
    (found,) = broken(own("X", "31"), common)
    assert "¥31.00" in str(found.message)
    assert "≤ ¥30.00" in str(found.message)


def test_pr_81_a_private_institution_sets_its_own_price() -> None:
    assert rules(own("X", "999"), others=(price("X", "10"),), private=True) == []


def test_pr_81_only_the_regulators_price_that_holds_there_limits() -> None:
    others = (
        price("X", "5", institution_level=2),
        price("X", "5", region_code="510000"),
        price("X", "5", ownership="private"),
        price("X", "5", title="231"),
        price("X", "5", begin=date(2025, 1, 1), end=date(2026, 1, 1)),
        price("X", "5"),
        price("X", "10", region_code="330100"),
    )
    assert rules(own("X", "10"), others=others) == []


def test_pr_81_a_ceiling_that_falls_while_the_own_price_holds_is_found() -> None:
    others = (price("X", "10", end=date(2027, 1, 1)), price("X", "9", begin=date(2027, 1, 1)))
    assert rules(own("X", "10"), others=others) == [("PR-81", "0")]
    assert rules(own("X", "10", end=date(2027, 1, 1)), others=others) == []


def test_pr_81_a_rate_is_held_to_the_ceiling_rate() -> None:
    common = price("JS", None, kind=AmountKind.CEILING, maximum_rate=Decimal("0.3"))
    for rate, expected in (("0.3", []), ("0.31", [("PR-81", "0")])):
        row = own("JS", None, kind=AmountKind.PERCENTAGE, rate=Decimal(rate))
        assert rules(row, others=(common,)) == expected


def banded(*bands: tuple[str | None, str | None], axis: BandAxis = BandAxis.DISTANCE) -> PriceFact:
    rows = tuple(
        Band(Decimal(1), Decimal(above) if above else None, Decimal(up_to) if up_to else None)
        for above, up_to in bands
    )
    return price("X", None, kind=AmountKind.TIERED, band_axis=axis, bands=rows)


@pytest.mark.parametrize(
    "bands", [(("0", "3"), ("3", "5"), ("5", None)), ((None, "30"),), (("0", "1"), ("1", "2"))]
)
def test_pr_82_bands_that_follow_each_other_are_taken(bands: tuple[tuple[str, str], ...]) -> None:
    assert rules(banded(*bands)) == []


@pytest.mark.parametrize(
    "bands",
    [
        (("0", "3"), ("2", "5")),
        (("0", "3"), ("4", "5")),
        (("3", "5"),),
        (("3", "5"), ("0", "3")),
        (("0", None), ("3", "5")),
        (("0", "3"), ("3", "3")),
    ],
)
def test_pr_82_overlaps_gaps_and_disorder_are_refused(bands: tuple[tuple[str, str], ...]) -> None:
    assert {rule for rule, _field in rules(banded(*bands))} == {"PR-82"}


def test_pr_82_each_body_part_has_one_band_and_no_bounds() -> None:
    row = price("X", None, kind=AmountKind.TIERED, band_axis=BandAxis.BODY_PART)
    good = (Band(Decimal(1), key="腹部"), Band(Decimal(2), key="颈部"))
    assert rules(replace(row, bands=good)) == []
    for faulty in ((good[0], good[0]), (Band(Decimal(1)),), (replace(good[0], up_to=Decimal(3)),)):
        assert {rule for rule, _field in rules(replace(row, bands=faulty))} == {"PR-82"}


def test_pr_83_a_surcharge_names_a_main_item_that_is_one() -> None:
    assert list(item_violations(CHILD, ITEMS)) == []
    for faulty in (
        replace(CHILD, main_code=None),
        replace(CHILD, main_code="NOBODY"),
        replace(CHILD, code="JS2", main_code="JS"),
        replace(PLAIN, main_code=ORDINARY.code),
    ):
        assert [found.rule for found in item_violations(faulty, ITEMS)] == ["PR-83"]


def test_pr_83_an_extension_has_no_price_of_its_own() -> None:
    items = {
        **ITEMS,
        "KZ": ItemFact("KZ", "扩展", "Extension", "次", "v", kind=ItemKind.EXTENSION, main_code="X"),
    }
    assert [found.rule for found in publishing_violations([price("KZ")], items, [])] == ["PR-83"]


def test_pr_15_an_item_charged_like_another_has_no_price_of_its_own() -> None:
    items = {**ITEMS, "Y": replace(PLAIN, code="Y", priced_as="X")}
    assert [found.rule for found in publishing_violations([price("Y")], items, [])] == ["PR-15"]


def test_pr_84_a_rate_is_of_something() -> None:
    rated = {"kind": AmountKind.PERCENTAGE, "rate": Decimal("0.5")}
    assert rules(price("JS", None, **rated)) == []
    assert rules(price("X", None, base_code=ORDINARY.code, **rated)) == []
    assert rules(price("X", None, **rated)) == [("PR-84", "0")]
    assert rules(price("X", None, base_code="X", **rated)) == [("PR-84", "0")]
    assert rules(price("X", None, base_code="NOBODY", **rated)) == [("PR-84", "0")]


@pytest.mark.parametrize("kind", [AmountKind.RANGE, AmountKind.CEILING, AmountKind.SELF_SET])
def test_pr_85_an_own_price_is_an_amount(kind: AmountKind) -> None:
    row = own("X", None, kind=kind, minimum=Decimal(1), maximum=Decimal(2))
    assert rules(row) == [("PR-85", "0")]
