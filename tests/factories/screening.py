"""Orders, rules of any kind, published workbooks, and people of the insurance office."""

import io
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from openpyxl import Workbook

from accounts.models import Role, User
from screening import operations
from screening.models import Grade, KnowledgeCode, KnowledgePoint, ScreeningRule
from screening.rules.facts import (
    DiagnosisFact,
    OrderFacts,
    OrderLine,
    PointFact,
    RuleFact,
    Surroundings,
    Words,
    plain_name,
)
from screening.rules.kinds import Effect, Kind, Mode
from tests.factories.accounts import StaffFactory

AT = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
"""Friday 20 November 2026, 14:30 in Hangzhou."""
ON = date(2026, 11, 20)
SINCE = datetime(2025, 1, 1, tzinfo=UTC)
OTHER_HOSPITAL = "H33010000002"


def line(**fields: Any) -> OrderLine:
    """Seven days of omeprazole with its national code."""
    named: dict[str, Any] = {
        "number": 1, "code": "XA02BC0001", "national_code": "XA02BCA219A002010100001", "name": "奥美拉唑肠溶胶囊",
        "name_en": "Omeprazole capsules", "quantity": Decimal(1), "days": 7,
    }  # fmt: skip
    return OrderLine(**(named | fields))


def order(*lines: OrderLine, **fields: Any) -> OrderFacts:
    """An insured woman of 60 with hypertension, seen online by a level 2 hospital; one line unless given."""
    named: dict[str, Any] = {
        "key": "P1/1", "encounter": "V1", "at": AT, "on": ON, "mode": Mode.ONLINE, "institution_code": "H33010000001",
        "institution_level": 2, "region_code": "330106", "patient": "f" * 64, "sex": "2", "age": 60,
        "insurance_type": "310", "prescriber": "D330100000001",
        "diagnoses": (DiagnosisFact("I10.x00x002", "高血压"),), "lines": lines or (line(),),
    }  # fmt: skip
    return OrderFacts(**(named | fields))


def point(**fields: Any) -> PointFact:
    """A point about omeprazole by its code."""
    named: dict[str, Any] = {
        "number": 1,
        "name": "奥美拉唑肠溶胶囊",
        "codes": frozenset({"XA02BCA219A002010100001"}),
    }
    return PointFact(**(named | fields))


def fact(kind: Kind, *points: PointFact, **fields: Any) -> RuleFact:
    """A rule of a kind that warns."""
    named: dict[str, Any] = {
        "number": "SR-99", "kind": kind, "effect": Effect.WARN, "name": Words("规则", "rule"),
        "explanation": Words("说明", "explanation"), "source": Words("来源", "source"), "grade": "S", "points": points,
    }  # fmt: skip
    return RuleFact(**(named | fields))


def around(*rules: RuleFact, **fields: Any) -> Surroundings:
    """What the hospital knows beside an order."""
    return Surroundings(rules=rules, **fields)


def rule(number: str = "SR-91", kind: Kind = Kind.INDICATION, **fields: Any) -> ScreeningRule:
    """A rule in the database, in force since 2025, that warns."""
    named: dict[str, Any] = {
        "kind": kind.value, "batch": "12 13", "name": f"测试规则{number}", "name_en": f"Test rule {number}",
        "explanation": "仅用于测试", "explanation_en": "For tests only", "source": "测试来源", "source_en": "test source",
        "grade": Grade.SOURCED, "effect": Effect.WARN.value, "effective": DateRange(date(2025, 1, 1), None),
    }  # fmt: skip
    made: ScreeningRule = ScreeningRule.objects.create(number=number, **(named | fields))
    operations.note_version(made, at=SINCE)
    return made


def knowledge(of: ScreeningRule, name: str, *codes: str, **fields: Any) -> KnowledgePoint:
    """A point of a rule."""
    named: dict[str, Any] = {
        "number": of.points.count() + 1,
        "batch": "12",
        "grade": Grade.SOURCED,
        "basis": "限适应症",
    }
    made = KnowledgePoint.objects.create(rule=of, name=name, plain_name=plain_name(name), **(named | fields))
    KnowledgeCode.objects.bulk_create(KnowledgeCode(point=made, code=code) for code in codes)
    return made


def officer(name: str = "医保办王") -> User:
    """Somebody of the insurance office."""
    made: User = StaffFactory(role=Role.INSURANCE_OFFICE, display_name=name)
    return made


POINT_HEADS = (
    "序号",
    "药品通用名",
    "检出逻辑",
    "逻辑依据（2024版国家药品目录备注）",
    "知识点对应              药品代码数量",
)
CODE_HEADS = ("对应知识点序号", "药品通用名", "序号", "药品代码")


def workbook(
    points: Sequence[Sequence[object]], codes: Sequence[Sequence[object]] | None = (), *,
    point_heads: Sequence[str] = POINT_HEADS, title: str = "“药品限支付疗程”规则对应知识点明细",
) -> bytes:  # fmt: skip
    """A workbook as it is published: a title over the headings of row 4, the codes on a second sheet (None: without)."""
    book = Workbook()
    first = book.active
    first.title = "规则对应知识点明细"
    for row in ((title,), (), (), point_heads, *points):
        first.append(list(row))
    if codes is not None:
        second = book.create_sheet("知识点对应药品代码")
        for row in (("知识点对应药品代码",), CODE_HEADS, *codes):
            second.append(list(row))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
