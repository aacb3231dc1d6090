"""The charging rules that are shipped, with the sourced examples typed again."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

from pricing.rules import QuoteContext, ServiceLine
from pricing.rules.between import charge_rule_violations
from pricing.rules.facts import ChargedLine, ChargeRuleFact
from pricing.rules.tariff_file import read_tariff

TARIFFS = Path(__file__).resolve().parents[3] / "pricing" / "tariffs"
ORDINARY, EMERGENCY = "001102000010000", "001102000030000"
DAY = date(2027, 3, 15)
NOON = datetime(2027, 3, 15, 4, 0, tzinfo=UTC)
"""Noon in Shanghai."""
FOETAL, HOME_VISIT, ADVICE = "003112010260000", "001303000010000", "001309000010000"


@cache
def shipped_rules() -> tuple[ChargeRuleFact, ...]:
    files = [read_tariff(path.read_text(encoding="utf-8"), name=path.name) for path in TARIFFS.glob("*.yaml")]
    return tuple(rule.fact for file in files for rule in file.rules)


def line(item: str, quantity: str = "1", at: datetime | None = None, course: str = "") -> ServiceLine:
    return ServiceLine(f"{item} {at}", item, Decimal(quantity), performed_at=at, course=course)


def before(item: str, days: int, quantity: str = "1", course: str = "") -> ChargedLine:
    day = DAY - timedelta(days=days)
    return ChargedLine(item, Decimal(quantity), Decimal(10), day, f"{item} {days}", course=course)


def broken(
    *lines: ServiceLine,
    charged: Sequence[ChargedLine] = (),
    on: date = DAY,
    region: str = "330100",
    is_demonstration: bool = False,
    amount: str = "0",
) -> list[tuple[str, str]]:
    """Number and source of every broken rule."""
    context = QuoteContext(
        service_on=on,
        region_code=region,
        institution_id=0,
        institution_level=3,
        ownership="public",
        is_demonstration=is_demonstration,
        encounter="now",
    )
    amounts = {each.reference: Decimal(amount) for each in lines}
    found = charge_rule_violations(lines, context, shipped_rules(), charged, amounts)
    return [(violation.rule, violation.source) for violation in found]


PAIRS = (
    ("LK-JZJHF", EMERGENCY),
    (HOME_VISIT, ADVICE),
    ("LK-JS", FOETAL),
    ("LK-OGTT", "LK-PTTCD"),
    ("LK-YCXY", "LK-XDJC"),
)
"""Section 4.4: what includes, and what is included."""


def test_the_sourced_pairs_are_not_charged_together() -> None:
    for whole, part in PAIRS:
        found = broken(line(whole, at=NOON), line(part, at=NOON))
        assert [rule for rule, _source in found] == ["PR-40"], (whole, part)
        assert "第七批" in found[0][1]


def test_a_pair_of_six_hours_and_a_pair_of_one_hour_end_with_them() -> None:
    birth = line("LK-JS", at=NOON)
    assert broken(birth, line(FOETAL, at=NOON - timedelta(hours=5, minutes=59)))
    assert not broken(birth, line(FOETAL, at=NOON - timedelta(hours=6)))
    pressure = line("LK-YCXY", at=NOON)
    assert broken(pressure, line("LK-XDJC", at=NOON + timedelta(minutes=59)))
    assert not broken(pressure, line("LK-XDJC", at=NOON + timedelta(minutes=60)))


def test_what_is_charged_once_a_day_is_charged_once() -> None:
    items = ("001102000040000", "001102000050000", "LK-FJHL", "LK-JXPT", "LK-WCJY", "LK-CXPGCX")
    for item in items:
        assert broken(line(item, "2")), item
        assert broken(line(item), charged=[before(item, 0)]), item
        assert not broken(line(item), charged=[before(item, 1)]), item


def test_a_day_has_twenty_four_hours() -> None:
    for item in ("LK-XDJC", "003107010210000", "LK-YCXD", "LK-ZMY"):
        assert not broken(line(item, "24")), item
        assert broken(line(item, "25")), item


PERIODS = (("LK-THXHDB", 15), ("LK-GTA", 7), ("LK-KFPD", 14), ("LK-ETTY", 7))
"""Section 4.9: days that must lie between."""


def test_periods_end_on_their_day() -> None:
    for item, days in PERIODS:
        assert broken(line(item), charged=[before(item, days - 1)]), item
        assert not broken(line(item), charged=[before(item, days)]), item


def test_training_ends_with_its_days_in_one_course() -> None:
    for item, days in (("LK-LYXL", 30), ("LK-JZXL", 30), ("LK-PHXL", 90)):
        last = [before(item, 1, str(days - 1), course="stroke")]
        assert not broken(line(item, course="stroke"), charged=last), item
        assert broken(line(item, "2", course="stroke"), charged=last), item
        assert not broken(line(item, "2", course="another"), charged=last), item


def test_the_ordinary_consultation_has_no_national_daily_limit() -> None:
    assert not broken(line(ORDINARY), charged=[before(ORDINARY, 0), before(ORDINARY, 0)])


def test_third_party_rules_bind_on_the_day_of_their_excerpt_only() -> None:
    for rule in shipped_rules():
        if rule.code.startswith(("MM-", "YY-")):
            assert rule.evidence_grade == "C"
            assert rule.end == rule.begin + timedelta(days=1)
    excerpt = date(2026, 11, 22)
    assert broken(line(ORDINARY, "2"), on=excerpt)
    assert not broken(line(ORDINARY, "2"), on=excerpt + timedelta(days=1))
    assert broken(line("001110000030000"), on=excerpt, amount="400.01")
    assert not broken(line("001110000030000"), on=excerpt, amount="400.00")


def test_a_surcharge_needs_its_main_item_in_fujian() -> None:
    assert broken(line("FJ-PTYBC-ET"), region="350100")
    assert not broken(line("FJ-PTYBC-ET"), line("FJ-PTYBC"), region="350100")


def test_no_demonstration_rule_binds_a_real_hospital_and_none_the_other_way_round() -> None:
    pair = [line("LK-OGTT"), line("LK-PTTCD")]
    assert broken(*pair)
    assert not broken(*pair, is_demonstration=True)
    injections = [line("YS-HL-JZ", "4", at=NOON)]
    assert broken(*injections, is_demonstration=True)
    assert not broken(*injections)


def test_each_demonstration_rule_can_be_broken() -> None:
    cases = {
        "PR-40": [line("YS-HL-BS"), line("YS-HL-WG")],
        "PR-41": [line("YS-HL-XT", "5")],
        "PR-42": [line("YS-HL-JZ", "2", at=NOON), line("YS-HL-PX", "2", at=NOON + timedelta(hours=2))],
        "PR-43": [line("YS-HC-CXQ")],
    }
    for rule, lines in cases.items():
        found = {number for number, _source in broken(*lines, is_demonstration=True)}
        assert found == {rule}, rule
    costly = broken(line("YS-HL-ZH", "8"), is_demonstration=True, amount="600.01")
    assert [number for number, _source in costly] == ["PR-44"]
