"""The audit rules around a prescription: asked before signing, kept with it, looked at again before charging."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from accounts.models import User
from prescriptions.models import Prescription
from prescriptions.queries import kept_of, order_of
from prescriptions.queries.facts import facts_of
from prescriptions.queries.screening import priced_order_of
from prescriptions.rules import Kept, check
from prescriptions.states import PrescriptionState
from screening import operations as screening
from screening.models import Asked, Outcome, Screening
from screening.queries import insurer_findings
from screening.rules.digest import digest_of
from screening.rules.facts import OrderFacts
from screening.rules.kinds import Moment


def ask_before_signing(*, prescription_id: int, at: datetime) -> None:
    """Ask the insurer about a draft (3101), once for the same content; silence leaves the local rules alone.

    Call it outside transactions. What it answers is found by the rules of the prescription from then on.
    """
    draft = Prescription.objects.select_related("encounter").get(pk=prescription_id)
    if draft.state == PrescriptionState.DRAFT:
        screening.analyse(priced_order_of(draft, at), moment=Moment.BEFORE_SIGNING, at=at)


def keep_screening(prescription: Prescription, kept: Mapping[str, Kept], *, by: User, at: datetime) -> None:
    """Keep what the audit rules found in what is being signed, with the doctor's reasons.

    Raises:
        ScreeningRefused: something stands in the way.
    """
    result = screening.screen(
        _order(prescription, at), moment=Moment.BEFORE_SIGNING, answers=_reasons(kept), by=by, at=at
    )
    result.refuse()
    screening.report_handling_later(result.screening)


@transaction.atomic
def note_stopped(*, prescription_id: int, by: User, at: datetime) -> Screening | None:
    """Remember that an audit rule has stopped a draft; the same content is remembered once.

    None when no audit rule stands in the way.
    """
    draft = Prescription.objects.select_related("encounter").get(pk=prescription_id)
    order = _order(draft, at)
    before = Screening.objects.filter(order_key=order.key, digest=digest_of(order), outcome=Outcome.STOPPED)
    if draft.state != PrescriptionState.DRAFT or before.exists():
        return None
    with transaction.atomic():
        result = screening.screen(
            order, moment=Moment.BEFORE_SIGNING, answers=_reasons(kept_of(draft)), by=by, at=at
        )
        if result.may_go_on:
            transaction.set_rollback(True)
            return None
    return result.screening


def screen_before_charging(prescription: Prescription, *, by: User, at: datetime) -> None:
    """Look again before the medicines are charged; the doctor's reasons still hold.

    Raises:
        ScreeningRefused: a rule denies it by now.
    """
    reasons = {one.key: one.keep_reason for one in prescription.findings.all()}
    order = _order(prescription, at)
    screening.screen(order, moment=Moment.BEFORE_CHARGING, answers=reasons, by=by, at=at).refuse()


def analyse_before_charging(*, prescription_id: int, at: datetime) -> Screening | None:
    """Ask the insurer about medicines that may be charged (3102), and keep what it finds beside the local rules.

    A pass is not undone by it: what it warns of is for the insurance office to look at. None when it said nothing.
    """
    prescription = Prescription.objects.select_related("encounter").get(pk=prescription_id)
    order = priced_order_of(prescription, at)
    asked = screening.analyse(order, moment=Moment.BEFORE_CHARGING, at=at)
    if asked != Asked.ANSWERED or not insurer_findings(order, Moment.BEFORE_CHARGING):
        return None
    reasons = {one.key: one.keep_reason for one in prescription.findings.all()}
    result = screening.screen(
        _order(prescription, at), moment=Moment.BEFORE_CHARGING, answers=reasons, by=None, at=at
    )
    return result.screening


def _order(prescription: Prescription, at: datetime) -> OrderFacts:
    return order_of(prescription, at, check(facts_of(prescription, at)))


def _reasons(kept: Mapping[str, Kept]) -> dict[str, str]:
    return {key: said.reason for key, said in kept.items()}
