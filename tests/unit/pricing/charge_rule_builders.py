"""Rules between lines, lines and earlier charges with believable values, to be varied by each test."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from kernel.errors import Violation
from pricing.rules import QuoteContext, ServiceLine
from pricing.rules.between import charge_rule_violations
from pricing.rules.facts import ChargedLine, ChargeRuleFact
from pricing.rules.kinds import RuleKind, Window
from tests.unit.pricing.builders import CONTEXT

DELIVERY = "DELIVERY"
"""接生."""
MONITORING = "FETAL"
"""胎心监测."""
HBA1C = "HBA1C"
"""糖化血红蛋白."""
SHANGHAI = ZoneInfo("Asia/Shanghai")


def rule(
    kind: RuleKind,
    window: Window,
    length: int | None = None,
    *,
    subjects: Sequence[str] = (DELIVERY,),
    partners: Sequence[str] = (),
    limit: str | None = None,
    yuan: str | None = None,
    **changed: Any,
) -> ChargeRuleFact:
    """A national rule of grade C, in force from 2025 on."""
    values: dict[str, Any] = {
        "code": "R1",
        "region_code": "000000",
        "text": "规则原文。",
        "text_en": "The rule's own words.",
        "source": "两库 第七批 第 1 行",
        "begin": date(2025, 1, 1),
        "end": None,
        "evidence_grade": "C",
    }
    return ChargeRuleFact(
        kind=kind,
        window=window,
        window_length=length,
        subjects=frozenset(subjects),
        partners=frozenset(partners),
        limit_quantity=Decimal(limit) if limit else None,
        limit_amount=Decimal(yuan) if yuan else None,
        **{**values, **changed},
    )


def exclusion(window: Window, length: int | None = None, **changed: Any) -> ChargeRuleFact:
    """接生 includes 胎心监测 (the window is the test's)."""
    return rule(RuleKind.EXCLUSION, window, length, **{"partners": (MONITORING,), **changed})


def frequency(
    window: Window, length: int | None = None, *, limit: str = "1", **changed: Any
) -> ChargeRuleFact:
    """糖化血红蛋白 at most so often."""
    return rule(RuleKind.FREQUENCY, window, length, **{"subjects": (HBA1C,), "limit": limit, **changed})


def at(text: str) -> datetime:
    """A moment in Asia/Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def asked(code: str, reference: str = "1", quantity: str = "1", **changed: Any) -> ServiceLine:
    """A line of this order; ``at`` is its moment."""
    moment = changed.pop("at", None)
    return ServiceLine(
        reference, code, Decimal(quantity), performed_at=at(moment) if moment else None, **changed
    )


def charged(code: str, on: str = "2026-03-16", quantity: str = "1", **changed: Any) -> ChargedLine:
    """Charged before, in another encounter unless it is said; ``at`` is its moment."""
    moment = changed.pop("at", None)
    values: dict[str, Any] = {
        "amount": Decimal("10.00"),
        "service_on": date.fromisoformat(moment[:10] if moment else on),
        "encounter": "V-earlier",
        "performed_at": at(moment) if moment else None,
        **changed,
    }
    return ChargedLine(code, Decimal(quantity), **values)


def violations(
    lines: Sequence[ServiceLine],
    *rules: ChargeRuleFact,
    before: Sequence[ChargedLine] = (),
    amounts: dict[str, Decimal] | None = None,
    context: QuoteContext = CONTEXT,
) -> list[Violation]:
    """What the rules say; each line costs ten yuan a unit unless ``amounts`` says otherwise."""
    costs = amounts if amounts is not None else {line.reference: line.quantity * 10 for line in lines}
    return charge_rule_violations(lines, context, rules, before, costs)


def refused(*args: Any, **kwargs: Any) -> list[tuple[str, str]]:
    """Number of the rule and reference of the line, of each violation."""
    return [(violation.rule, violation.field) for violation in violations(*args, **kwargs)]
