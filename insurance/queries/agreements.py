"""Agreements and payable rules as the rules see them; one statement for each."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from insurance.models import Agreement, AgreementKind, AgreementSuspension, PayableRule
from insurance.rules.agreements import AgreementFacts, Pause
from insurance.rules.payable import PayableFacts
from registry.models import Institution


def with_pauses(agreements: QuerySet[Agreement]) -> QuerySet[Agreement]:
    """Agreements with ``pauses``: their suspensions as JSON, in the same statement."""
    stops = AgreementSuspension.objects.filter(agreement=OuterRef("pk")).order_by("from_on", "pk")
    written = stops.values(json=JSONObject(from_on="from_on", until_on="until_on", reason="reason"))
    return agreements.annotate(pauses=ArraySubquery(written))


def agreements_of(institution: Institution) -> list[Agreement]:
    """All agreements of a hospital with their suspensions; one statement."""
    return list(with_pauses(Agreement.objects.filter(institution=institution)))


def supplements_in(agreements: Iterable[Agreement]) -> list[AgreementFacts]:
    """The "Internet+" agreements among them, each with what it rests on.

    ``agreements`` come from ``agreements_of`` or ``with_pauses`` and hold the main ones, too.
    """
    rows = {agreement.pk: agreement for agreement in agreements}
    return [
        agreement_facts(row, rows.get(row.main_id or 0))
        for row in rows.values()
        if row.kind == AgreementKind.INTERNET_PLUS
    ]


def agreement_facts(row: Agreement, main: Agreement | None = None) -> AgreementFacts:
    """One agreement in plain facts; both rows come from ``with_pauses``."""
    ends = [day for day in (row.valid_until, row.ended_on) if day is not None]
    return AgreementFacts(
        key=row.pk,
        number=row.number,
        state=row.state,
        pooling_area=row.pooling_area,
        services=frozenset(row.services),
        from_on=row.valid_from,
        over_on=min(ends, default=None),
        pauses=tuple(_pause(written) for written in getattr(row, "pauses", ())),
        main=agreement_facts(main) if main else None,
    )


def _pause(written: dict[str, Any]) -> Pause:
    until = written["until_on"]
    return Pause(
        date.fromisoformat(written["from_on"]),
        date.fromisoformat(until) if until else None,
        written["reason"],
    )


def payable_facts(row: PayableRule) -> PayableFacts:
    """One rule in plain facts."""
    return PayableFacts(
        key=row.pk,
        pooling_area=row.pooling_area,
        service=row.service,
        is_payable=row.is_payable,
        needs_prescription=row.needs_prescription,
        chronic_only=row.chronic_only,
        from_on=row.valid_from,
        until_on=row.valid_until,
        source=row.source,
    )
