"""Agreements between institutions on sharing what patients pay for remote services."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit import operations as audit
from kernel import clock
from kernel.errors import DomainError, Violation, refuse_if_any
from pricing.models import SharingAgreement
from pricing.operations.turns import take_turn
from pricing.rules.sharing import agreement_violations, ending_violations, overlap_violation


class AgreementRefused(DomainError):
    """The agreement cannot be recorded so; ``violations`` name the fields."""

    code = "agreement_refused"
    default_message = _("The agreement cannot be recorded so.")


def violations_of_agreement(agreement: SharingAgreement) -> list[Violation]:
    """Everything that forbids recording the agreement, each with the field it belongs beside; may be empty."""
    found = list(agreement_violations(agreement.facts()))
    same = SharingAgreement.objects.filter(
        service=agreement.service, inviting=agreement.inviting_id, invited=agreement.invited_id
    )
    others = same.exclude(pk=agreement.pk).filter(effective__overlap=agreement.effective)
    return [*found, *(overlap_violation(other.number, other.effective.lower) for other in others)]


@transaction.atomic
def record_agreement(*, agreement: SharingAgreement, by: User | None, at: datetime) -> SharingAgreement:
    """Record a new agreement; it never changes, but may be ended by ``end_agreement``.

    Raises:
        AgreementRefused: the shares do not sum to 1, a party is missing, or it is signed after it begins (PR-61);
            another one of the two holds on some of the days (PR-65).
    """
    take_turn(f"pricing.agreement {agreement.service} {agreement.inviting_id} {agreement.invited_id}")
    refuse_if_any(violations_of_agreement(agreement), AgreementRefused)
    agreement.recorded_at = at
    try:
        with transaction.atomic():
            agreement.save(force_insert=True)
    except IntegrityError:
        raise AgreementRefused(
            violations=[overlap_violation(agreement.number, agreement.effective.lower)]
        ) from None
    rates = {
        "inviting": agreement.inviting_rate,
        "invited": agreement.invited_rate,
        "platform": agreement.platform_rate,
    }
    facts = {"number": agreement.number, **{name: f"{rate:f}" for name, rate in rates.items()}}
    audit.record("pricing.agreement.recorded", on=agreement, by=by, at=at, facts=facts)
    return agreement


@transaction.atomic
def end_agreement(*, agreement_id: int, from_on: date, by: User | None, at: datetime) -> SharingAgreement:
    """End an agreement on ``from_on``, the first day on which it does not hold.

    Raises:
        AgreementRefused: the day has come, or the agreement does not hold then (PR-67).
    """
    agreement = SharingAgreement.objects.select_for_update().get(pk=agreement_id)
    today = clock.day_of(at)
    refuse_if_any(ending_violations(agreement.facts().period, from_on=from_on, today=today), AgreementRefused)
    agreement.effective = DateRange(agreement.effective.lower, from_on)
    agreement.save(update_fields=["effective"])
    facts = {"number": agreement.number, "from_on": from_on.isoformat()}
    audit.record("pricing.agreement.ended", on=agreement, by=by, at=at, facts=facts)
    return agreement
