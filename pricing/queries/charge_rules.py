"""Rules between lines: those that may bind an order, and those that bind an institution."""

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from pricing.models import ChargeRule, PriceItem
from pricing.rules import QuoteContext
from pricing.rules.facts import ChargeRuleFact, ChargeRules
from pricing.rules.kinds import RuleKind, Window
from pricing.rules.lookup import regions_around
from pricing.rules.search import search_term

_BINDING = """
SELECT rule.code, rule.kind, rule.region_code, rule."window", rule.window_length,
       ARRAY(SELECT item.code FROM pricing_chargerule_subjects side
             JOIN pricing_priceitem item ON item.id = side.priceitem_id WHERE side.chargerule_id = rule.id),
       ARRAY(SELECT item.code FROM pricing_chargerule_partners side
             JOIN pricing_priceitem item ON item.id = side.priceitem_id WHERE side.chargerule_id = rule.id),
       rule.limit_quantity, rule.limit_amount, rule.text, rule.text_en, document.number, rule.place,
       lower(rule.effective), upper(rule.effective), document.evidence
FROM pricing_chargerule rule JOIN pricing_tariffdocument document ON document.id = rule.document_id
WHERE rule.id IN (
        SELECT chargerule_id FROM pricing_chargerule_subjects WHERE priceitem_id = ANY(%(items)s)
        UNION
        SELECT side.chargerule_id FROM pricing_chargerule_partners side
        JOIN pricing_chargerule other ON other.id = side.chargerule_id AND other.kind = 'exclusion'
        WHERE side.priceitem_id = ANY(%(items)s))
  AND rule.region_code = ANY(%(regions)s) AND rule.effective @> %(day)s::date
  AND document.is_demonstration = %(is_demonstration)s
  AND (%(known_at)s::timestamptz IS NULL OR rule.recorded_at <= %(known_at)s)
ORDER BY rule.code
"""
"""Written out, because every quote asks it: putting it together anew takes longer than PostgreSQL needs to answer."""


def rule_facts(
    item_ids: Collection[int], context: QuoteContext, *, known_at: datetime | None = None
) -> ChargeRules:
    """Rules that hold for the context and bind one of the items, or exclude something beside it; one query.

    Args:
        item_ids: primary keys of the items asked for; without any, nothing is asked.
        context: where and when; a demonstration institution is bound by invented rules only, every other by none.
        known_at: only rules that were recorded by that moment; None for all.
    """
    if not item_ids:
        return ChargeRules()
    asked: dict[str, Any] = {
        "items": list(item_ids),
        "regions": list(regions_around(context.region_code)),
        "day": context.service_on,
        "is_demonstration": context.is_demonstration,
        "known_at": known_at,
    }
    with connection.cursor() as cursor:
        cursor.execute(_BINDING, asked)
        return ChargeRules(_fact(*row) for row in cursor.fetchall())


def rules_of(context: QuoteContext) -> QuerySet[ChargeRule]:
    """The rules that bind the institution on the day, whatever is charged, with their documents."""
    return _in_force(context).select_related("document")


def rules_found(context: QuoteContext, typed: str) -> QuerySet[ChargeRule]:
    """The same, only those that name an item found by what was typed (name, pinyin, initials or code); empty for all."""
    term = search_term(typed)
    if not term:
        return rules_of(context)
    items = PriceItem.objects.filter(search_key__contains=term).order_by().values("pk")
    subjects = ChargeRule.subjects.through.objects.filter(priceitem__in=items)
    partners = ChargeRule.partners.through.objects.filter(priceitem__in=items)
    naming = subjects.values("chargerule_id").union(partners.values("chargerule_id"))
    return rules_of(context).filter(pk__in=naming)


def _in_force(context: QuoteContext) -> QuerySet[ChargeRule]:
    return ChargeRule.objects.filter(
        region_code__in=regions_around(context.region_code),
        effective__contains=context.service_on,
        document__is_demonstration=context.is_demonstration,
    )


def _fact(
    code: str,
    kind: str,
    region_code: str,
    window: str,
    window_length: int | None,
    subjects: list[str],
    partners: list[str],
    limit_quantity: Decimal | None,
    limit_amount: Decimal | None,
    text: str,
    text_en: str,
    number: str,
    place: str,
    begin: date,
    end: date | None,
    evidence_grade: str,
) -> ChargeRuleFact:
    return ChargeRuleFact(
        code=code,
        kind=RuleKind(kind),
        region_code=region_code,
        window=Window(window),
        window_length=window_length,
        subjects=frozenset(subjects),
        partners=frozenset(partners),
        limit_quantity=limit_quantity,
        limit_amount=limit_amount,
        text=text,
        text_en=text_en,
        source=" ".join(filter(None, (number, place))),
        begin=begin,
        end=end,
        evidence_grade=evidence_grade,
    )
