"""Openings, successions and rules of a file."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext_lazy as _

from kernel.errors import Violation, refuse_if_any
from pricing.models import ChargeRule, ItemSuccession, PolicyOpening, TariffDocument
from pricing.operations.loading.items import KnownItems
from pricing.operations.loading.refusals import TariffRefused
from pricing.rules.tariff_file import TariffFile, TariffRule


def load_policy(file: TariffFile, document: TariffDocument, items: KnownItems, at: datetime) -> int:
    """Record what the file opens, abolishes and forbids; returns how many rows.

    Raises:
        TariffRefused: it is already said by another document.
    """
    refuse_if_any((*_opening_faults(file), *_succession_faults(file), *_rule_faults(file)), TariffRefused)
    _open(file, document, at)
    _abolish(file, document, items.ids, at)
    _forbid(file, document, items.ids, at)
    return len(file.openings) + len(file.successions) + len(file.rules)


def _opening_faults(file: TariffFile) -> Iterator[Violation]:
    for opening in file.openings:
        fact = opening.fact
        days = DateRange(fact.begin, fact.end)
        same = PolicyOpening.objects.filter(service=fact.service, region_code=fact.region_code)
        if same.filter(effective__overlap=days).exists():
            yield file.fault(opening.path, _("The service is already open there on some of these days."))


def _succession_faults(file: TariffFile) -> Iterator[Violation]:
    codes = [succession.fact.item_code for succession in file.successions]
    abolished = ItemSuccession.objects.filter(item__code__in=codes).values_list("item__code", "region_code")
    known = set(abolished) if codes else set()
    for succession in file.successions:
        if (succession.fact.item_code, succession.fact.region_code) in known:
            yield file.fault(succession.path, _("The item is already abolished there."))


def _rule_faults(file: TariffFile) -> Iterator[Violation]:
    codes = [rule.fact.code for rule in file.rules]
    known = set(ChargeRule.objects.filter(code__in=codes).values_list("code", flat=True)) if codes else set()
    for rule in file.rules:
        if rule.fact.code in known:
            message = _("There is already a rule with the code “%(code)s”.") % {"code": rule.fact.code}
            yield file.fault(rule.path, message)


def _open(file: TariffFile, document: TariffDocument, at: datetime) -> None:
    PolicyOpening.objects.bulk_create(
        PolicyOpening(
            service=opening.fact.service,
            region_code=opening.fact.region_code,
            document=document,
            effective=DateRange(opening.fact.begin, opening.fact.end),
            recorded_at=at,
        )
        for opening in file.openings
    )


def _abolish(file: TariffFile, document: TariffDocument, ids: Mapping[str, int], at: datetime) -> None:
    ItemSuccession.objects.bulk_create(
        ItemSuccession(
            item_id=ids[succession.fact.item_code],
            region_code=succession.fact.region_code,
            from_on=succession.fact.from_on,
            successor_id=ids[succession.fact.successor_code] if succession.fact.successor_code else None,
            document=document,
            recorded_at=at,
        )
        for succession in file.successions
    )


def _forbid(file: TariffFile, document: TariffDocument, ids: Mapping[str, int], at: datetime) -> None:
    rules = ChargeRule.objects.bulk_create(_rule(rule, document, at) for rule in file.rules)
    subjects, partners = ChargeRule.subjects.through, ChargeRule.partners.through
    pairs = list(zip(rules, file.rules, strict=True))
    subjects.objects.bulk_create(
        subjects(chargerule_id=row.pk, priceitem_id=ids[code])
        for row, rule in pairs
        for code in sorted(rule.fact.subjects)
    )
    partners.objects.bulk_create(
        partners(chargerule_id=row.pk, priceitem_id=ids[code])
        for row, rule in pairs
        for code in sorted(rule.fact.partners)
    )


def _rule(rule: TariffRule, document: TariffDocument, at: datetime) -> ChargeRule:
    fact = rule.fact
    return ChargeRule(
        code=fact.code,
        kind=fact.kind,
        text=fact.text,
        text_en=fact.text_en,
        region_code=fact.region_code,
        window=fact.window,
        window_length=fact.window_length,
        limit_quantity=fact.limit_quantity,
        limit_amount=fact.limit_amount,
        document=document,
        place=rule.place,
        effective=DateRange(fact.begin, fact.end),
        recorded_at=at,
    )
