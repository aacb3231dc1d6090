"""Documents as files."""

import json
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.errors import Violation
from pricing.errors import DocumentUnknown
from pricing.models import LoadedContent, Price, PriceItem, TariffDocument
from pricing.models.reading import item_facts, price_facts
from pricing.queries.texts import texts_of
from pricing.rules.price_table.writing import csv_of
from pricing.rules.tariff_file.writing import (
    written_item,
    written_opening,
    written_price,
    written_rule,
    written_succession,
    yaml_of,
)
from registry.models import Institution


def exported(numbers: Sequence[str], *, form: str) -> dict[str, str]:
    """One text for each number, ``form`` being ``yaml``, ``json`` or ``csv``.

    YAML and JSON load again to the same content hash where the document was loaded from a file; a document
    that was recorded by hand or by a revision is said as its rows are known now. CSV has the prices that are
    known now, in the columns that the price office imports.

    Raises:
        DocumentUnknown: there is no such document; ``violations`` names each.
    """
    found = {document.number: document for document in TariffDocument.objects.filter(number__in=numbers)}
    unknown = [number for number in numbers if number not in found]
    if unknown:
        message = _("There is no document with the number %(number)s.")
        raise DocumentUnknown(violations=[Violation("PR-20", message % {"number": each}) for each in unknown])
    return {number: _text(found[number], form) for number in numbers}


def _text(document: TariffDocument, form: str) -> str:
    if form == "csv":
        known = Price.objects.known().filter(document=document).order_by("item__code", "pk")
        return csv_of(map(texts_of, known.select_related("item", "base_item", "institution"))).decode()
    loaded = LoadedContent.objects.filter(document=document).first()
    content = json.loads(loaded.content) if loaded else content_of(document)
    return yaml_of(content) if form == "yaml" else f"{json.dumps(content, ensure_ascii=False, indent=2)}\n"


def content_of(document: TariffDocument) -> dict[str, Any]:
    """What the rows of the document say, as known now, in the form of a tariff file."""
    rules = document.charge_rules.select_related("document").prefetch_related("subjects", "partners")
    openings = document.openings.select_related("document")
    successions = document.successions.select_related("item", "successor", "document")
    prices = price_facts(Price.objects.known().filter(document=document).order_by("item__code", "pk"))
    codes = {code for price in prices for code in (price.item_code, price.base_code) if code}
    for rule in rules:
        codes |= {item.code for item in (*rule.subjects.all(), *rule.partners.all())}
    for succession in successions:
        codes |= {each.code for each in (succession.item, succession.successor) if each is not None}
    institutions = dict(Institution.objects.values_list("pk", "code")) if _has_own(prices) else {}
    return {
        "format": "2",
        "document": _written_document(document),
        "items": _written_items(codes),
        "prices": [
            written_price(price, institution_code=institutions.get(price.institution_id or 0, ""))
            for price in prices
        ],
        "openings": [written_opening(opening.facts()) for opening in openings],
        "successions": [written_succession(succession.facts()) for succession in successions],
        "rules": [written_rule(rule.facts(), place=rule.place) for rule in rules],
    }


def _has_own(prices: Sequence[Any]) -> bool:
    return any(price.institution_id for price in prices)


def _written_document(document: TariffDocument) -> dict[str, Any]:
    effective = document.effective
    said: dict[str, Any] = {
        "number": document.number,
        "title": document.title,
        "title_en": document.title_en,
        "issuer": document.issuer,
        "issuer_en": document.issuer_en,
        "region": document.region_code,
        "issued_on": document.issued_on.isoformat() if document.issued_on else "",
        "from": effective.lower.isoformat(),
        "until": effective.upper.isoformat() if effective.upper else "",
        "evidence": document.evidence,
        "source": document.source_key,
        "found_at": document.found_at,
        "note": document.note,
        "note_en": document.note_en,
        "supersedes": sorted(document.supersedes.values_list("number", flat=True)),
    }
    return {name: value for name, value in said.items() if value}


def _written_items(codes: set[str]) -> list[dict[str, str]]:
    """The items and those that they name, in the order of their codes."""
    wanted, known = codes, {}
    while wanted:
        rows = PriceItem.objects.filter(code__in=wanted)
        contents = {code: said for code, *said in rows.values_list("code", "content", "content_en")}
        for fact in item_facts(rows).values():
            known[fact.code] = (fact, contents[fact.code])
        named = {name for fact, _said in known.values() for name in (fact.main_code, fact.priced_as) if name}
        wanted = named - known.keys()
    return [
        written_item(fact, content=content, content_en=content_en)
        for _code, (fact, (content, content_en)) in sorted(known.items())
    ]
