"""Each line of supervision before money: a shipped rule with its words, and an order on either side of it.

Source: the list of local and of anti-fraud rules that the project was asked for, and ``insurance.md`` section 6.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from screening.operations import rows_in_files
from screening.rules import check
from screening.rules.facts import DiagnosisFact, EarlierItem, OrderFacts, PointFact, Presence, RuleFact, Words
from screening.rules.kinds import Effect, Kind, LineKind, Mode
from tests.factories.screening import AT, ON, OTHER_HOSPITAL, around, line, order, point

SHIPPED = {row["number"]: row for row in rows_in_files()}


def shipped(number: str, *points: PointFact) -> RuleFact:
    """A rule as it is shipped: its effect, thresholds and words; the points are of the example."""
    row = SHIPPED[number]
    return RuleFact(
        number=number, kind=Kind(row["kind"]), effect=Effect(row["effect"]), name=Words(row["name"], row["name_en"]),
        explanation=Words(row["explanation"], row["explanation_en"]), source=Words(row["source"], row["source_en"]),
        grade=row["grade"], points=points, is_only_insured=row.get("is_only_insured", True),
        thresholds={name: Decimal(text) for name, text in row.get("thresholds", {}).items()},
    )  # fmt: skip


def supply(institution: str, *, days_ago: int, days: int) -> EarlierItem:
    """The same medicine, given before."""
    of = line()
    return EarlierItem(
        of.national_code, of.name, "", institution, "另一家医院", ON - timedelta(days=days_ago), days=days
    )


def charged(name: str, days_ago: int) -> EarlierItem:
    """A service charged before."""
    on = ON - timedelta(days=days_ago)
    return EarlierItem("", name, "", "H33010000001", "本院", on, quantity=Decimal(1))


def service(name: str, **fields: Any) -> OrderFacts:
    """An order of one service, and what went before."""
    return order(line(national_code="", name=name, kind=LineKind.SERVICE, days=0), **fields)


def herb(*codes: str) -> OrderFacts:
    """A prescription of herbs."""
    return order(
        *(
            line(number=number, national_code=code, name=f"饮片{code}", kind=LineKind.HERB)
            for number, code in enumerate(codes, start=1)
        )
    )


def hours_ago(hours: int, region: str) -> dict[str, Any]:
    """She was in person in a region so long ago, and is here now."""
    before = Presence(AT - timedelta(hours=hours), region, "外地医院")
    return {"here": Presence(AT, "330106", "本院"), "elsewhere": (before,)}


@dataclass(frozen=True)
class Example:
    """One line: the rule, a point where it needs one, what it finds and what it lets pass."""

    line: str
    rule: str
    broken: OrderFacts
    kept: OrderFacts
    points: tuple[PointFact, ...] = ()
    beside: Mapping[str, Any] = field(default_factory=dict)
    beside_kept: Mapping[str, Any] = field(default_factory=dict)


FOUR = tuple(AT - timedelta(seconds=seconds) for seconds in (10, 20, 30))
CLOVE = point(name="丁香", codes=frozenset({"T000700200"}))
DIABETES = (DiagnosisFact("E11.900", "2型糖尿病"),)
B_OF_A = (("", "项目B"),)
EXAMPLES = [
    Example("sex", "SR-01", order(sex="2"), order(sex="1"), (point(limit="1"),)),
    Example("sex of a service", "SR-02", order(sex="1"), order(sex="2"), (point(limit="2"),)),
    Example("age", "SR-03", order(age=15), order(age=14), (point(),)),
    Example("insurance", "SR-04", order(insurance_type="310"), order(insurance_type="410"), (point(limit="410"),)),
    Example("visit mode", "SR-05", order(mode=Mode.ONLINE), order(mode=Mode.INPATIENT), (point(limit="inpatient"),)),
    Example(
        "level", "SR-06", order(institution_level=2), order(institution_level=3), (point(limit_number=Decimal(3)),)
    ),
    Example("course length", "SR-07", order(line(days=15)), order(line(days=14)), (point(limit_number=Decimal(14)),)),
    Example(
        "duplicate charge", "SR-08", service("项目A", earlier=(charged("项目B", 0),)),
        service("项目A", earlier=(charged("项目B", 1),)), (point(name="项目A", codes=frozenset(), partners=B_OF_A),),
    ),
    Example(
        "frequency in a day", "SR-09", service("项目A", earlier=(charged("项目A", 0),)), service("项目A"),
        (point(name="项目A", codes=frozenset(), limit_number=Decimal(1), period_days=1),),
    ),
    Example(
        "frequency in a period", "SR-10", service("糖化血红蛋白", earlier=(charged("糖化血红蛋白", 14),)),
        service("糖化血红蛋白", earlier=(charged("糖化血红蛋白", 15),)),
        (point(name="糖化血红蛋白", codes=frozenset(), limit_number=Decimal(1), period_days=15),),
    ),
    Example("second line", "SR-11", order(), order(insurance_type=""), (point(),)),
    Example("narcotics online", "SR-12", order(), order(mode=Mode.OUTPATIENT), (point(),)),
    Example(
        "narcotics online, who pays herself", "SR-12", order(insurance_type=""),
        order(insurance_type="", mode=Mode.OUTPATIENT), (point(),),
    ),
    Example("herb never paid", "SR-13", herb("T000700200", "T0001"), herb("T0001"), (CLOVE,)),
    Example("single herb", "SR-14", herb("T000700200"), herb("T000700200", "T0001"), (CLOVE,)),
    Example("indication", "SR-15", order(), order(diagnoses=DIABETES), (point(diagnosis_codes=("E11",)),)),
    Example(
        "same drug from two institutions", "SR-21", order(earlier=(supply(OTHER_HOSPITAL, days_ago=20, days=21),)),
        order(earlier=(supply(OTHER_HOSPITAL, days_ago=20, days=20),)),
    ),
    Example("travel impossible", "SR-22", order(**hours_ago(0, "110105")), order(**hours_ago(1, "110105"))),
    Example(
        "one device many patients", "SR-23", order(), order(), beside={"patients_of_device": 6},
        beside_kept={"patients_of_device": 5},
    ),
    Example(
        "many prescriptions a minute", "SR-24", order(), order(), beside={"signed_at": FOUR},
        beside_kept={"signed_at": FOUR[:2]},
    ),
    Example(
        "traceability code used twice", "SR-25", order(trace_codes=("81",)), order(trace_codes=("82",)),
        beside={"used_codes": frozenset({"81"})}, beside_kept={"used_codes": frozenset({"81"})},
    ),
    Example(
        "remaining days of supply", "SR-26", order(earlier=(supply("H33010000001", days_ago=20, days=28),)),
        order(earlier=(supply("H33010000001", days_ago=20, days=27),)),
    ),
]  # fmt: skip


def test_every_shipped_rule_has_its_example() -> None:
    assert {example.rule for example in EXAMPLES} == set(SHIPPED)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.line)
def test_a_line_is_a_shipped_rule_that_finds_one_order_and_lets_another_pass(example: Example) -> None:
    rule = shipped(example.rule, *example.points)
    found = check(example.broken, around(rule, **example.beside))
    assert found
    assert {(one.rule, one.effect) for one in found} == {(example.rule, rule.effect)}
    assert all(one.message.zh and one.message.en for one in found)
    assert check(example.kept, around(rule, **example.beside_kept)) == ()


@pytest.mark.parametrize("number", SHIPPED)
def test_a_rule_explains_itself_to_the_doctor_and_names_its_source(number: str) -> None:
    row = SHIPPED[number]
    for name in ("explanation", "source"):
        assert len(row[name]) > len("说明")
        assert row[f"{name}_en"].strip()
