"""Rules of the knowledge base, each by the words of its publication."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from screening.rules import AROUND, CHECKS, check, is_looked_at, standing_in_the_way
from screening.rules.digest import digest_of
from screening.rules.facts import DiagnosisFact, EarlierItem, PointFact
from screening.rules.findings import Found
from screening.rules.kinds import Effect, Kind, LineKind, Mode, Moment
from tests.factories.screening import ON, around, fact, line, order, point

HERE = "H33010000001"


def found(kind: Kind, point_of_rule: PointFact, of=None, **fields) -> tuple[Found, ...]:
    return check(of or order(), around(fact(kind, point_of_rule, **fields)))


def earlier(days_ago: int = 10, **fields) -> EarlierItem:
    named: dict[str, Any] = {
        "national_code": line().national_code, "name": line().name, "name_en": "", "institution_code": HERE,
        "institution_name": "本院", "on": ON - timedelta(days=days_ago),
    }  # fmt: skip
    return EarlierItem(**(named | fields))


def test_every_kind_has_one_function() -> None:
    assert set(CHECKS) | set(AROUND) == set(Kind)
    assert not set(CHECKS) & set(AROUND)


@pytest.mark.parametrize(
    ("kind", "limit", "broken", "kept"),
    [
        (Kind.SEX, {"limit": "1"}, {"sex": "2"}, {"sex": "1"}),
        (Kind.AGE, {"limit_number": Decimal(14)}, {"age": 15}, {"age": 14}),
        (Kind.INSURANCE_TYPE, {"limit": "410"}, {"insurance_type": "310"}, {"insurance_type": "410"}),
        (Kind.VISIT_MODE, {"limit": "inpatient"}, {"mode": Mode.ONLINE}, {"mode": Mode.INPATIENT}),
        (Kind.LEVEL, {"limit_number": Decimal(3)}, {"institution_level": 2}, {"institution_level": 3}),
        (Kind.CONTROLLED_ONLINE, {}, {"mode": Mode.ONLINE}, {"mode": Mode.OUTPATIENT}),
    ],
)
def test_a_limit_is_broken_on_one_side_of_it_only(kind: Kind, limit, broken, kept) -> None:
    (said,) = found(kind, point(**limit), order(**broken))
    assert said.lines == (1,)
    assert "奥美拉唑" in said.message.zh
    assert "Omeprazole" in said.message.en
    assert found(kind, point(**limit), order(**kept)) == ()


def test_a_point_without_an_age_takes_the_threshold_of_its_rule() -> None:
    assert found(Kind.AGE, point(), order(age=15), thresholds={"most_years": Decimal(14)})
    assert not found(Kind.AGE, point(), order(age=14), thresholds={"most_years": Decimal(14)})


def test_a_course_counts_what_went_before() -> None:
    limit = point(limit_number=Decimal(14))
    assert found(Kind.COURSE, limit, order(line(days=14))) == ()
    (said,) = found(Kind.COURSE, limit, order(line(days=7), earlier=(earlier(days=8),)))
    assert "15" in said.message.zh  # 7 now and 8 before


@pytest.mark.parametrize(
    ("codes", "condition", "is_found"),
    [
        (("I10",), "", False),
        (("E11",), "", True),
        ((), "限高血压患者", False),
        ((), "限2型糖尿病", True),
    ],
)
def test_a_disease_is_recognised_by_code_and_else_by_the_words_of_the_point(
    codes, condition, is_found
) -> None:
    said = found(Kind.INDICATION, point(diagnosis_codes=codes, condition=condition))
    assert bool(said) is is_found


def test_without_a_diagnosis_no_disease_is_recognised() -> None:
    assert found(Kind.INDICATION, point(condition="限高血压"), order(diagnoses=()))
    assert found(Kind.INDICATION, point(condition="限高血压"), order(diagnoses=(DiagnosisFact("", ""),)))


def test_a_second_line_medicine_always_asks() -> None:
    assert found(Kind.SECOND_LINE, point())


def test_code_goes_before_name_and_name_counts_only_without_a_code() -> None:
    other = order(line(national_code="XA02BCA219A002010100002"))
    assert found(Kind.SECOND_LINE, point(), other) == ()
    assert found(Kind.SECOND_LINE, point(codes=frozenset()), other)
    assert found(Kind.SECOND_LINE, point(), order(line(national_code="", name="奥美拉唑 肠溶胶囊")))


def test_a_herb_is_unpaid_alone_but_paid_beside_others() -> None:
    clove = line(national_code="T000700200", name="丁香", kind=LineKind.HERB)
    ginseng = line(number=2, national_code="T001700643", name="人参片", kind=LineKind.HERB)
    other = line(number=2, national_code="T000100001", name="甘草", kind=LineKind.HERB)
    rule = fact(
        Kind.HERB_ALONE, point(name="丁香", codes=frozenset({"T000700200"})),
        point(number=2, name="人参片", codes=frozenset({"T001700643"})),
    )  # fmt: skip
    assert len(check(order(clove), around(rule))) == 1
    assert len(check(order(clove, ginseng), around(rule))) == 2
    assert check(order(clove, other), around(rule)) == ()


def test_a_herb_that_is_never_paid_is_found_in_a_mixture_too() -> None:
    gelatin = line(national_code="T001700233", name="阿胶", kind=LineKind.HERB)
    rule = fact(Kind.HERB_NEVER, point(name="阿胶", codes=frozenset({"T001700233"})))
    assert len(check(order(gelatin, line(number=2)), around(rule))) == 1


def service(**fields):
    return line(
        **(
            {"national_code": "001101000010000", "name": "项目A", "kind": LineKind.SERVICE, "days": 0}
            | fields
        )
    )


def test_two_services_are_not_charged_on_one_day_together_or_one_after_the_other() -> None:
    a = point(name="项目A", codes=frozenset({"001101000010000"}), partners=(("001101000020000", "项目B"),))
    b = service(number=2, national_code="001101000020000", name="项目B")
    (said,) = found(Kind.DUPLICATE_CHARGE, a, order(service(), b))
    assert "项目B" in said.message.zh
    before = earlier(0, national_code="001101000020000", name="项目B")
    assert found(Kind.DUPLICATE_CHARGE, a, order(service(), earlier=(before,)))
    yesterday = earlier(1, national_code="001101000020000", name="项目B")
    assert found(Kind.DUPLICATE_CHARGE, a, order(service(), earlier=(yesterday,))) == ()


@pytest.mark.parametrize(("days_ago", "is_found"), [(14, True), (15, False)])
def test_a_period_of_fifteen_days_ends_today(days_ago: int, is_found: bool) -> None:
    """糖化血红蛋白: once in 15 days (batch 8-4)."""
    test = service(national_code="", name="糖化血红蛋白")
    limit = point(name="糖化血红蛋白", codes=frozenset(), limit_number=Decimal(1), period_days=15)
    before = earlier(days_ago, national_code="", name="糖化血红蛋白")
    assert bool(found(Kind.FREQUENCY, limit, order(test, earlier=(before,)))) is is_found


def test_who_pays_herself_hears_of_no_rule_of_the_fund() -> None:
    herself = order(insurance_type="")
    assert found(Kind.SECOND_LINE, point(), herself) == ()
    assert found(Kind.CONTROLLED_ONLINE, point(), herself, is_only_insured=False)


def test_what_a_rule_of_the_prescription_has_said_on_the_line_is_recorded_only() -> None:
    said = order(already_said=frozenset({("P-01", 1)}))
    (one,) = found(Kind.CONTROLLED_ONLINE, point(), said, same_as="P-01", effect=Effect.DENY)
    assert one.effect is Effect.RECORD
    (other,) = found(
        Kind.CONTROLLED_ONLINE, point(), order(already_said=frozenset({("P-01", 2)})), same_as="P-01"
    )
    assert other.effect is Effect.WARN


def test_denials_come_first_and_one_point_is_said_once() -> None:
    rules = (
        fact(Kind.SECOND_LINE, point(), point()),
        fact(Kind.SEX, point(limit="1"), number="SR-98", effect=Effect.DENY),
    )
    assert [one.effect for one in check(order(), around(*rules))] == [Effect.DENY, Effect.WARN]


def test_a_denial_stands_in_the_way_whatever_is_written_and_a_warning_until_a_reason_is_written() -> None:
    deny = found(Kind.SECOND_LINE, point(), effect=Effect.DENY)
    warn = found(Kind.SECOND_LINE, point())
    record = found(Kind.SECOND_LINE, point(), effect=Effect.RECORD)
    assert standing_in_the_way(deny, {deny[0].key: "理由"}) == deny
    assert standing_in_the_way(warn, {warn[0].key: "  "}) == warn
    assert standing_in_the_way(warn, {warn[0].key: "一线药不耐受"}) == ()
    assert standing_in_the_way(record, {}) == ()


def test_a_warning_that_is_new_before_charging_stands_in_nobodys_way() -> None:
    warn, deny = found(Kind.SECOND_LINE, point()), found(Kind.SECOND_LINE, point(), effect=Effect.DENY)
    assert standing_in_the_way(warn, {}, Moment.BEFORE_CHARGING) == ()
    assert standing_in_the_way(deny, {}, Moment.BEFORE_CHARGING) == deny


def test_at_the_counter_only_packs_are_looked_at() -> None:
    looked = {kind for kind in Kind if is_looked_at(kind, Moment.BEFORE_DISPENSING)}
    assert looked == {Kind.TRACE_CODE}
    assert not is_looked_at(Kind.PACE, Moment.BEFORE_CHARGING)


def test_the_same_content_is_the_same_order_at_another_moment_only() -> None:
    assert digest_of(order()) == digest_of(order(at=order().at + timedelta(hours=1)))
    assert digest_of(order()) != digest_of(order(line(days=8)))
    assert digest_of(order()) != digest_of(order(diagnoses=()))
