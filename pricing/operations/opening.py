"""Policy switches: a document opens a service for a region from a day, and a later day closes it."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit import operations as audit
from kernel import clock
from kernel.errors import DomainError, Violation, refuse_if_any
from kernel.period import Period
from pricing.models import PolicyOpening, TariffDocument
from pricing.operations.turns import take_turn
from pricing.rules.kinds import Service
from pricing.rules.opening import again_violations, closing_violations, opening_violations


class OpeningRefused(DomainError):
    """The service cannot be opened or closed so; ``violations`` name the fields."""

    code = "opening_refused"
    default_message = _("The service cannot be opened so.")


@transaction.atomic
def open_service(
    *, service: Service, region_code: str, document_id: int, period: Period, by: User | None, at: datetime
) -> PolicyOpening:
    """Open a service for a region over ``period``, by a document; from its first day on it is charged there.

    Raises:
        OpeningRefused: the service needs no opening, or the document is not in force there and then (PR-62);
            another document opens it already (PR-63).
    """
    document = TariffDocument.objects.get(pk=document_id)
    take_turn(f"pricing.opening {service} {region_code}")
    refuse_if_any(violations_of_opening(service, region_code, document, period), OpeningRefused)
    opening = PolicyOpening(
        service=service,
        region_code=region_code,
        document=document,
        effective=DateRange(period.begin, period.end),
        recorded_at=at,
    )
    try:
        with transaction.atomic():
            opening.save(force_insert=True)
    except IntegrityError:
        raise OpeningRefused(violations=again_violations(period, [opening.facts()])) from None
    audit.record("pricing.service.opened", on=opening, by=by, at=at, facts=_facts(opening))
    return opening


def violations_of_opening(
    service: Service, region_code: str, document: TariffDocument, period: Period
) -> list[Violation]:
    """Everything that forbids the opening, each with the field it belongs beside; may be empty."""
    known = PolicyOpening.objects.filter(service=service, region_code=region_code).select_related("document")
    return [
        *opening_violations(service, region_code, document.facts(), period),
        *again_violations(period, [opening.facts() for opening in known]),
    ]


@transaction.atomic
def close_service(*, opening_id: int, from_on: date, by: User | None, at: datetime) -> PolicyOpening | None:
    """Close a service on ``from_on``, the first day on which it is not open; returns the shortened row.

    An opening that would begin on that day or later has never held: it is taken back, and None returned.

    Raises:
        OpeningRefused: the day has come while it is open, or it is closed then already (PR-64).
    """
    locked = PolicyOpening.objects.select_for_update(of=("self",)).select_related("document")
    opening = locked.get(pk=opening_id)
    refuse_if_any(
        closing_violations(opening.facts(), from_on=from_on, today=clock.day_of(at)), OpeningRefused
    )
    facts = {**_facts(opening), "closed_from": from_on.isoformat()}
    audit.record("pricing.service.closed", on=opening, by=by, at=at, facts=facts)
    if from_on <= opening.effective.lower:
        opening.delete()
        return None
    opening.effective = DateRange(opening.effective.lower, from_on)
    opening.save(update_fields=["effective"])
    return opening


def _facts(opening: PolicyOpening) -> dict[str, str]:
    return {
        "service": opening.service,
        "region": opening.region_code,
        "document": opening.document.number,
        "from_on": opening.effective.lower.isoformat(),
    }
