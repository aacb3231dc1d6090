"""Rules are loaded once, and filled from published files."""

import pytest

from audit import operations as audit
from audit.models import AuditEntry
from kernel.workflow import IllegalTransition
from screening import operations
from screening.errors import ImportRefused
from screening.models import KnowledgeCode, RuleVersion, ScreeningRule
from screening.operations.loading import DEMONSTRATION
from screening.rules import AROUND, CHECKS
from screening.rules.kinds import WITH_POINTS, Effect, Kind
from tests.factories import screening as factory
from tests.factories.screening import AT, workbook
from tests.unit.screening.test_knowledge_file import CODE_A, CODE_B, CODES, COURSE, GOOD

pytestmark = pytest.mark.django_db


def test_the_shipped_rules_are_loaded_once_and_what_the_office_changed_stays() -> None:
    shipped = operations.rows_in_files()
    assert operations.load_rules(rules=shipped, by=None, at=AT) == len(shipped)
    ScreeningRule.objects.filter(number="SR-15").update(is_on=False)
    assert operations.load_rules(rules=shipped, by=None, at=AT) == 0
    assert not ScreeningRule.objects.get(number="SR-15").is_on
    assert RuleVersion.objects.count() == len(shipped)


def test_every_shipped_rule_has_a_kind_a_source_a_grade_and_words_in_both_languages() -> None:
    for row in operations.rows_in_files():
        assert Kind(row["kind"]) in set(CHECKS) | set(AROUND)
        assert Effect(row["effect"])
        assert row["grade"] in {"S", "G"}
        for name in ("name", "explanation", "source"):
            assert row[name]
            assert row[f"{name}_en"].isascii(), row["number"]
        assert bool(row.get("batch")) == (Kind(row["kind"]) in WITH_POINTS)


def test_the_points_of_the_demonstration_are_marked() -> None:
    operations.load_rules(rules=operations.rows_in_files(), by=None, at=AT)
    points = operations.rows_in_files(DEMONSTRATION)
    assert operations.load_demonstration(points=points) == len(points)
    assert operations.load_demonstration(points=points) == 0
    codes = KnowledgeCode.objects.filter(code__contains="DEMO")
    assert {row.point.grade for row in codes.select_related("point")} == {"D"}


@pytest.fixture
def rule() -> ScreeningRule:
    return factory.rule(kind=Kind.COURSE)


def received(rule: ScreeningRule, content: bytes, by, **fields):
    named = {"batch": "12", "file_name": "第六批.xlsx"} | fields
    return operations.receive_import(rule_id=rule.pk, content=content, by=by, at=AT, **named)


def test_a_file_changes_nothing_before_it_is_taken_and_then_replaces_its_batch_only(
    rule: ScreeningRule,
) -> None:
    clerk = factory.officer()
    factory.knowledge(rule, "旧药", "OLD000001")
    factory.knowledge(rule, "另一批", "OTHER00001", batch="13")
    factory.knowledge(rule, "演示", "DEMO000001", batch="12", number=77, grade="D")
    read = received(rule, workbook([GOOD], CODES), clerk)
    assert (read.state, read.point_count, read.code_count) == ("read", 1, 2)
    assert rule.points.count() == 3
    operations.take_import(import_id=read.pk, by=clerk, at=AT)
    operations.take_import(import_id=read.pk, by=clerk, at=AT)
    assert set(rule.points.values_list("name", flat=True)) == {"注射用甲", "另一批", "演示"}
    taken = rule.points.get(name="注射用甲")
    assert (taken.limit_number, taken.taken_from_id) == (14, read.pk)
    assert set(taken.codes.values_list("code", flat=True)) == {CODE_A, CODE_B}
    assert AuditEntry.objects.filter(action="screening.rule.points_taken").count() == 1
    assert audit.first_break(rule) is None


def test_a_file_with_faults_is_kept_with_them_and_cannot_be_taken(rule: ScreeningRule) -> None:
    clerk = factory.officer()
    read = received(rule, workbook([(*GOOD[:3], "不限", 2)], CODES), clerk)
    assert [(row["code"], row["cell"]) for row in read.faults] == [("days", "D5")]
    assert read.read_points == []
    with pytest.raises(IllegalTransition):
        operations.take_import(import_id=read.pk, by=clerk, at=AT)
    assert rule.points.count() == 0


def test_a_taken_file_is_found_by_an_order(rule: ScreeningRule) -> None:
    from screening.queries import look
    from screening.rules.kinds import Moment

    clerk = factory.officer()
    row = (1, "奥美拉唑肠溶胶囊", COURSE, "支付不超过14天", 1)
    content = workbook([row], [(1, row[1], 1, factory.line().national_code)])
    operations.take_import(import_id=received(rule, content, clerk).pk, by=clerk, at=AT)
    assert look(factory.order(factory.line(days=14)), Moment.BEFORE_SIGNING) == ()
    assert [one.rule for one in look(factory.order(factory.line(days=15)), Moment.BEFORE_SIGNING)] == [
        rule.number
    ]


@pytest.mark.parametrize(
    ("kind", "batch", "number"), [(Kind.PACE, "12", "SC-04"), (Kind.COURSE, "99", "SC-05")]
)
def test_a_file_for_no_list_or_another_batch_is_refused(kind: Kind, batch: str, number: str) -> None:
    with pytest.raises(ImportRefused) as refusal:
        received(factory.rule(kind=kind), workbook([GOOD], CODES), factory.officer(), batch=batch)
    assert [each.rule for each in refusal.value.violations] == [number]
