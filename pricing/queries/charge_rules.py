"""Rules between lines: those that may bind an order, and those that bind an institution."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet

from pricing.models import ChargeRule, PriceItem
from pricing.rules import QuoteContext
from pricing.rules.facts import ChargeRuleFact, ChargeRules
from pricing.rules.kinds import RuleKind, Window
from pricing.rules.lookup import regions_around
from pricing.rules.search import search_term

_COLUMNS = (
    "code", "kind", "region_code", "window", "window_length", "subject_codes", "partner_codes", "limit_quantity",
    "limit_amount", "text", "text_en", "document__number", "place", "effective", "document__evidence",
)  # fmt: skip


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
    rows = _in_force(context).filter(pk__in=_naming(item_ids))
    if known_at is not None:
        rows = rows.filter(recorded_at__lte=known_at)
    rows = rows.annotate(subject_codes=_codes("rules_on"), partner_codes=_codes("rules_beside"))
    return ChargeRules(_fact(row) for row in rows.order_by("code").values_list(*_COLUMNS))


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


def _naming(item_ids: Collection[int]) -> QuerySet[Any]:
    """Keys of the rules that name the items; asked of the index on items, so that other rules cost nothing."""
    subjects = ChargeRule.subjects.through.objects.filter(priceitem__in=item_ids)
    partners = ChargeRule.partners.through.objects.filter(
        priceitem__in=item_ids, chargerule__kind=RuleKind.EXCLUSION
    )
    return subjects.values("chargerule_id").union(partners.values("chargerule_id"))


def _codes(side: str) -> ArraySubquery:
    return ArraySubquery(PriceItem.objects.filter(**{side: OuterRef("pk")}).order_by().values("code"))


def _fact(row: Any) -> ChargeRuleFact:
    (
        code, kind, region, window, length, subjects, partners, quantity, amount, text, text_en, number, place, days,
        grade,
    ) = row  # fmt: skip
    return ChargeRuleFact(
        code=code,
        kind=RuleKind(kind),
        region_code=region,
        window=Window(window),
        window_length=length,
        subjects=frozenset(subjects),
        partners=frozenset(partners),
        limit_quantity=quantity,
        limit_amount=amount,
        text=text,
        text_en=text_en,
        source=" ".join(filter(None, (number, place))),
        begin=days.lower,
        end=days.upper,
        evidence_grade=grade,
    )
