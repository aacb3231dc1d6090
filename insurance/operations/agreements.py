"""The life of an agreement as the office records it: applied for, signed, suspended, in force again, over."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from audit import operations as audit
from insurance.models import Agreement, AgreementKind, AgreementSuspension
from insurance.rules import agreement_commands as rules
from insurance.rules.agreements import Pause
from insurance.states import AGREEMENT, AgreementEvent, AgreementState
from kernel import clock
from kernel.errors import refuse_if_any


@transaction.atomic
def apply_for_agreement(
    *,
    kind: str,
    institution_id: int,
    main_id: int | None,
    number: str,
    pooling_area: str,
    agency: str,
    services: Collection[str],
    valid_from: date,
    valid_until: date | None,
    by: User | None,
    at: datetime,
) -> Agreement:
    """Record that an agreement was applied for at the agency of a pooling area; six digits of GB/T 2260.

    ``valid_until`` is the first day on which it does not hold any more, None without an end.

    Raises:
        RulesBroken: IN-12, IN-13, IN-14.
    """
    main = Agreement.objects.filter(pk=main_id, kind=AgreementKind.DESIGNATED).first() if main_id else None
    asked = rules.ApplicationFacts(
        institution=institution_id,
        pooling_area=pooling_area,
        services=frozenset(services),
        from_on=valid_from,
        until_on=valid_until,
        is_supplement=kind == AgreementKind.INTERNET_PLUS,
        main=(main.institution_id, main.pooling_area) if main else None,
        number_is_taken=Agreement.objects.filter(number=number).exists(),
    )
    refuse_if_any(rules.application_violations(asked))
    agreement = Agreement.objects.create(
        kind=kind, institution_id=institution_id, main=main if asked.is_supplement else None,
        number=number, pooling_area=pooling_area, agency=agency, services=sorted(asked.services),
        valid_from=valid_from, valid_until=valid_until, applied_by=by, applied_at=at,
    )  # fmt: skip
    audit.record("insurance.agreement.applied", on=agreement, by=by, at=at)
    return agreement


@transaction.atomic
def sign_agreement(*, agreement_id: int, signed_on: date, by: User | None, at: datetime) -> Agreement:
    """Both sides have signed; it counts from its first day on.

    Raises:
        RulesBroken: IN-15.
        IllegalTransition: it does not wait for a signature.
    """
    agreement = _locked(agreement_id, AgreementEvent.SIGN, at)
    refuse_if_any(
        rules.signing_violations(
            signed_on=signed_on, today=clock.day_of(at), has_document=agreement.documents.exists()
        )
    )
    return _moved(agreement, AgreementEvent.SIGN, by, at, {"signed_on": f"{signed_on}"}, signed_on=signed_on)


@transaction.atomic
def refuse_agreement(*, agreement_id: int, reason: str, by: User | None, at: datetime) -> Agreement:
    """The agency does not sign.

    Raises:
        IllegalTransition: it does not wait for a signature.
    """
    agreement = _locked(agreement_id, AgreementEvent.REFUSE, at)
    return _moved(agreement, AgreementEvent.REFUSE, by, at, {"reason": reason}, end_reason=reason)


@transaction.atomic
def suspend_agreement(
    *,
    agreement_id: int,
    from_on: date,
    until_on: date | None,
    reason: str,
    document_number: str,
    by: User | None,
    at: datetime,
) -> Agreement:
    """The agency has stopped it for ``[from_on, until_on)``; None until it says otherwise.

    ``from_on`` may have passed: a notice arrives later than it counts.

    Raises:
        RulesBroken: IN-14, IN-16.
        IllegalTransition: it is not signed, or suspended already.
    """
    agreement = _locked(agreement_id, AgreementEvent.SUSPEND, at)
    pause, earlier = Pause(from_on, until_on, reason), [_pause(row) for row in agreement.suspensions.all()]
    refuse_if_any(
        rules.suspension_violations(
            pause, from_on=agreement.valid_from, over_on=agreement.valid_until, earlier=earlier
        )
    )
    facts = {"from_on": f"{from_on}", "until_on": f"{until_on or ''}", "reason": reason}
    moved = _moved(agreement, AgreementEvent.SUSPEND, by, at, facts)
    AgreementSuspension.objects.create(
        agreement=agreement, from_on=from_on, until_on=until_on, reason=reason,
        document_number=document_number, recorded_by=by, recorded_at=at,
    )  # fmt: skip
    return moved


@transaction.atomic
def resume_agreement(*, agreement_id: int, resumed_on: date, by: User | None, at: datetime) -> Agreement:
    """It counts again from ``resumed_on`` on.

    Raises:
        RulesBroken: IN-17.
        IllegalTransition: it is not suspended.
    """
    agreement = _locked(agreement_id, AgreementEvent.RESUME, at)
    moved = _moved(agreement, AgreementEvent.RESUME, by, at, {"resumed_on": f"{resumed_on}"})
    last = agreement.suspensions.order_by("-from_on", "-pk").first()
    if last:
        refuse_if_any(rules.resumption_violations(resumed_on, suspended_from=last.from_on))
        last.until_on = resumed_on
        last.save(update_fields=["until_on"])
    return moved


@transaction.atomic
def end_agreement(
    *, agreement_id: int, ended_on: date, reason: str, by: User | None, at: datetime
) -> Agreement:
    """It does not count any more from ``ended_on`` on; what was settled before stays.

    Raises:
        RulesBroken: IN-18.
        IllegalTransition: it was never signed, or is over.
    """
    agreement = _locked(agreement_id, AgreementEvent.END, at)
    refuse_if_any(
        rules.ending_violations(
            ended_on=ended_on, reason=reason, from_on=agreement.valid_from, until_on=agreement.valid_until
        )
    )
    facts = {"ended_on": f"{ended_on}", "reason": reason}
    return _moved(agreement, AgreementEvent.END, by, at, facts, ended_on=ended_on, end_reason=reason)


def _locked(agreement_id: int, event: AgreementEvent, at: datetime) -> Agreement:
    """The agreement, locked; one whose suspension has passed its written end is in force again by itself.

    Raises:
        IllegalTransition: the event does not fit where it stands; said before anything is said of the form.
    """
    agreement = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement_id)
    today = clock.day_of(at)
    if agreement.state == AgreementState.SUSPENDED:
        stops = [_pause(row) for row in agreement.suspensions.all()]
        if all(stop.until_on is not None and stop.until_on <= today for stop in stops):
            _moved(agreement, AgreementEvent.RESUME, None, at, {})
    AGREEMENT.after(agreement.state, event)
    return agreement


def _moved(
    agreement: Agreement,
    event: AgreementEvent,
    by: User | None,
    at: datetime,
    facts: dict[str, Any],
    **changes: Any,
) -> Agreement:
    agreement.state = AGREEMENT.after(agreement.state, event)
    for name, value in changes.items():
        setattr(agreement, name, value)
    agreement.save()
    audit.record(f"insurance.agreement.{event.value}", on=agreement, by=by, at=at, facts=facts)
    return agreement


def _pause(row: AgreementSuspension) -> Pause:
    return Pause(row.from_on, row.until_on, row.reason)
