"""Ask her for her e-voucher, and take what she allows."""

import json
import logging
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import operations as audit
from encounters.models import Encounter
from insurance.gateway.credentials import credentials_of
from insurance.gateway.profile import profile_for
from insurance.gateway.voucher import messages as m
from insurance.gateway.voucher.client import voucher_gateway
from insurance.gateway.voucher.port import VoucherPending, VoucherRefused, VoucherUnanswered
from insurance.models import VisitRegistration, VoucherAuthorization
from insurance.queries.vouchers import payers_for
from insurance.rules import vouchers as rules
from insurance.states import AUTHORIZATION, AuthorizationEvent, AuthorizationState
from kernel import clock
from kernel.errors import Text, refuse_if_any

logger = logging.getLogger(__name__)
LIFE_OF_A_QUESTION = timedelta(minutes=10)
"""After this an unanswered question is asked anew; ours, the platform's own time is not known."""


@transaction.atomic
def ask_authorization(
    *, encounter_id: int, payer_id: int, way: str, by: User, at: datetime
) -> VoucherAuthorization:
    """Write down that she is asked; ``send_authorization`` asks. Another question that is still open ends.

    Raises:
        RulesBroken: IN-22.
    """
    encounter = (
        Encounter.objects.select_for_update(of=("self",)).select_related("institution").get(pk=encounter_id)
    )
    payers = {person.pk for person in payers_for(by, encounter.patient)}
    is_hers = payer_id == encounter.patient_id
    known = payer_id in payers
    refuse_if_any(rules.payer_violations(is_hers=is_hers, is_of_family=known, has_account=known))
    for earlier in VoucherAuthorization.objects.filter(
        encounter=encounter, state=AuthorizationState.REQUESTED
    ):
        _move(earlier, AuthorizationEvent.EXPIRE, at=at)
    asked = VoucherAuthorization.objects.create(
        encounter=encounter,
        payer_id=payer_id,
        asked_by=by,
        way=way,
        is_family=not is_hers,
        business_number=_business_number(encounter.institution.code, at),
        requested_at=at,
        expires_at=at + LIFE_OF_A_QUESTION,
    )
    audit.record("insurance.authorization.asked", on=asked, by=by, at=at, facts={"way": way})
    return asked


def _business_number(institution_code: str, at: datetime) -> str:
    """outBizNo: institution, day and nine digits, never used again; the column refuses a second one.

    Source: public models of a hospital's connection.
    """
    return f"{institution_code}{clock.day_of(at):%Y%m%d}{secrets.randbelow(10**9):09d}"


def send_authorization(*, authorization_id: int, return_to: str) -> VoucherAuthorization:
    """Put the question to the middle platform; calls out. ``return_to`` is where she is led back to.

    When nobody answers the question ends: nothing has happened, and she may ask again.
    """
    asked = _with_all(authorization_id)
    request = m.AskPermission(
        **_desk(asked.encounter), business_number=asked.business_number, extra=_extra(asked, return_to)
    )
    try:
        answer = voucher_gateway().ask(request)
    except VoucherRefused as refusal:
        return _end(authorization_id, AuthorizationEvent.REFUSE, refusal.reason)
    except VoucherUnanswered as silence:
        logger.warning("the e-voucher platform did not answer: %s", silence.reason)
        return _end(authorization_id, AuthorizationEvent.EXPIRE, _("The e-voucher did not answer."))
    with transaction.atomic():
        row = _locked(authorization_id)
        row.authorization_number, row.address = answer.authorization_number, answer.address
        row.save(update_fields=["authorization_number", "address"])
    return row


def _extra(asked: VoucherAuthorization, return_to: str) -> str:
    said = {
        "idNo": asked.payer.id_number,
        "idType": "01",
        "userName": asked.payer.name,
        "authWay": asked.way,
        "familyPay": "1" if asked.is_family else "0",
        "returnUrl": return_to,
    }
    return json.dumps(said, ensure_ascii=False)


def _desk(encounter: Encounter) -> dict[str, str]:
    """Who asks."""
    given = credentials_of(encounter.institution.code)
    return {
        "institution_code": encounter.institution.code,
        "business_type": m.PAY_ONLINE,
        "operator_code": given["INSURANCE_OPERATOR_CODE"],
        "operator_name": given["INSURANCE_OPERATOR_NAME"],
        "department_code": encounter.department.code,
        "department_name": encounter.department.name,
    }


def collect_authorization(*, authorization_id: int) -> VoucherAuthorization:
    """Ask what she has answered, and take it; calls out, may be repeated.

    While she has not answered, or the platform is silent, the question stays open.
    """
    asked = _with_all(authorization_id)
    if asked.state != AuthorizationState.REQUESTED or not asked.authorization_number:
        return asked
    request = m.CheckPermission(
        **_desk(asked.encounter),
        business_number=asked.business_number,
        authorization_number=asked.authorization_number,
    )
    try:
        holder = voucher_gateway().check(request)
    except VoucherRefused as refusal:
        return _end(authorization_id, AuthorizationEvent.REFUSE, refusal.reason)
    except (VoucherPending, VoucherUnanswered):
        return asked
    return _take(authorization_id, holder)


def _take(authorization_id: int, holder: m.VoucherHolder) -> VoucherAuthorization:
    other = rules.other_person(wanted=_with_all(authorization_id).payer.id_number, shown=holder.id_number)
    if other:
        return _end(authorization_id, AuthorizationEvent.REFUSE, other.message)
    with transaction.atomic():
        row, now = _locked(authorization_id), clock.now()
        if not AUTHORIZATION.allows(row.state, AuthorizationEvent.GIVE):
            return row
        minutes = profile_for(row.encounter.institution.region_code).pay_authorisation_minutes
        row.voucher_token = holder.token
        row.payment_number = holder.permission(is_family=row.is_family)
        row.insured_region = holder.insured_region or ""
        row.given_at, row.expires_at = now, now + timedelta(minutes=minutes)
        _move(row, AuthorizationEvent.GIVE, at=now)
        _make_known(row)
    return row


def _make_known(row: VoucherAuthorization) -> None:
    """From now on the insurer knows the patient by the e-voucher she has shown; a family member's is not hers."""
    if not row.is_family:
        VisitRegistration.objects.filter(encounter=row.encounter_id).update(authorization=row)


@transaction.atomic
def _end(authorization_id: int, event: AuthorizationEvent, reason: Text) -> VoucherAuthorization:
    row = _locked(authorization_id)
    if AUTHORIZATION.allows(row.state, event):
        row.refusal = str(reason)[:300]
        _move(row, event, at=clock.now())
    return row


def _with_all(authorization_id: int) -> VoucherAuthorization:
    about = ("payer", "encounter__institution", "encounter__department")
    return VoucherAuthorization.objects.select_related(*about).get(pk=authorization_id)


def _locked(authorization_id: int) -> VoucherAuthorization:
    rows = VoucherAuthorization.objects.select_for_update(of=("self",))
    return rows.select_related("encounter__institution").get(pk=authorization_id)


def _move(row: VoucherAuthorization, event: AuthorizationEvent, *, at: datetime) -> None:
    row.state = AUTHORIZATION.after(row.state, event)
    row.save()
    audit.record(f"insurance.authorization.{event.value}", on=row, by=None, at=at)
