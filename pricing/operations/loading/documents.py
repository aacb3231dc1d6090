"""The document of a file, and the end of those that it replaces."""

import json
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from kernel import clock
from kernel.errors import refuse_if_any
from pricing.models import ChargeRule, LoadedContent, PolicyOpening, Price, TariffDocument
from pricing.operations.loading.refusals import TariffDocumentChanged, TariffRefused
from pricing.operations.restating import end_all
from pricing.rules.tariff_file import TariffFile

_NUMBER = ("document", "number")
_SUPERSEDES = ("document", "supersedes")


def refuse_if_changed(file: TariffFile, known: TariffDocument) -> None:
    """A document says the same for ever.

    Raises:
        TariffDocumentChanged: the file says something else than was loaded under its number.
    """
    if known.content_sha256 != file.sha256:
        message = _(
            "The document %(number)s was loaded with other content. A correction is a document of its own that replaces it."
        )
        fault = file.fault(_NUMBER, message % {"number": file.number})
        raise TariffDocumentChanged(violations=[fault])


def record_loaded(file: TariffFile, at: datetime) -> TariffDocument:
    """The row of the document, with what its file said.

    Raises:
        TariffRefused: it replaces a document that is not known.
    """
    written = file.document
    replaced = list(TariffDocument.objects.filter(number__in=file.supersedes))
    missing = sorted(set(file.supersedes) - {each.number for each in replaced})
    message = _("The document %(number)s that it replaces is not known.")
    refuse_if_any((file.fault(_SUPERSEDES, message % {"number": each}) for each in missing), TariffRefused)
    document = TariffDocument.objects.create(
        number=file.number,
        title=written["title"],
        title_en=written["title_en"],
        issuer=written["issuer"],
        issuer_en=written["issuer_en"],
        region_code=written["region"],
        issued_on=date.fromisoformat(written["issued_on"]) if "issued_on" in written else None,
        effective=DateRange(file.period.begin, file.period.end),
        evidence=written["evidence"],
        source_key=written.get("source", ""),
        found_at=written["found_at"],
        note=written.get("note", ""),
        note_en=written.get("note_en", ""),
        content_sha256=file.sha256,
        recorded_at=at,
    )
    document.supersedes.set(replaced)
    keep_content(file, document)
    return document


def keep_content(file: TariffFile, document: TariffDocument) -> None:
    """Keep what the file said, so that it can be exported again; once."""
    if not LoadedContent.objects.filter(document=document).exists():
        text = json.dumps(file.placed.content, ensure_ascii=False, separators=(",", ":"))
        LoadedContent.objects.create(document=document, content=text)


def end_replaced(file: TariffFile, document: TariffDocument, at: datetime, *, fresh: Collection[int]) -> None:
    """End prices, openings and rules of replaced documents on the first day of the new one.

    ``fresh`` are ids of the documents loaded with this one: nothing can have been charged by them yet.

    Raises:
        TariffRefused: that day has begun and the replaced document was known before, or a price begins later.
    """
    begin = file.period.begin
    replaced = document.supersedes.all()
    going_on = _going_on(Price.objects.known(), replaced, begin)
    late = begin <= clock.day_of(at) and going_on.exclude(document__in=fresh).exists()
    if late or going_on.filter(effective__startswith__gte=begin).exists():
        message = _("It would end prices on a day that has passed, or before they began.")
        raise TariffRefused(violations=[file.fault(_SUPERSEDES, message)])
    end_all(going_on, begin, at=at)
    for model in (PolicyOpening, ChargeRule):
        for row in _going_on(model.objects.all(), replaced, begin).filter(effective__startswith__lt=begin):
            row.effective = DateRange(row.effective.lower, begin)
            row.save(update_fields=["effective"])


def _going_on(rows: QuerySet[Any], replaced: QuerySet[TariffDocument], begin: date) -> QuerySet[Any]:
    not_ended = Q(effective__endswith__isnull=True) | Q(effective__endswith__gt=begin)
    return rows.filter(not_ended, document__in=replaced)
