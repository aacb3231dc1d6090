"""6302: what the mobile payment centre tells us by itself. It is checked and kept; 6301 is what is acted upon."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from insurance.gateway.messages import ReplyInconsistent
from insurance.gateway.mobile.replies import OrderStatus, read_status
from insurance.gateway.mobile.statuses import INSURANCE_IS_BACK, INSURANCE_STANDS
from insurance.gateway.port import GatewayMisconfigured
from insurance.gateway.sealing import (
    ORDERS,
    EnvelopeKeys,
    EnvelopeNotGenuine,
    EnvelopeUnreadable,
    open_sealed,
)
from insurance.models import Claim, InboundMessage, MobileOrder, Verdict
from insurance.operations import claims
from insurance.operations.mobile.centre import envelope_keys
from insurance.operations.mobile.disputes import call_person
from insurance.operations.mobile.orders import amounts_of, stated_in
from insurance.operations.sweeping import JOBS
from insurance.rules.mobile import disagreement
from insurance.states import ClaimState
from kernel import jobs

KIND = "6302"
MOST_CHARACTERS = 20_000
_ENDED_WITHOUT = (ClaimState.DECLINED, ClaimState.VOIDED, ClaimState.ABANDONED)
_WAITING = (ClaimState.SETTLING, ClaimState.UNCONFIRMED, ClaimState.VOIDING)


@dataclass(frozen=True)
class _Received:
    """The bytes, and where from."""

    body: bytes
    remote_address: str | None
    at: datetime


def receive_notice(*, body: bytes, remote_address: str | None, at: datetime) -> Verdict:
    """Keep a call, whatever it is, and ask about its order when it is genuine and new.

    Amounts other than those of 6202, and a status that a claim's end contradicts, are never acted upon: a person is
    called.
    """
    received = _Received(body, remote_address, at)
    try:
        status = _read(body, envelope_keys(), now=at)
    except EnvelopeNotGenuine as forged:
        return _keep(received, Verdict.BAD_SIGNATURE, str(forged))
    except (
        EnvelopeUnreadable,
        ReplyInconsistent,
        ValueError,
        GatewayMisconfigured,
        RecursionError,
    ) as unreadable:
        return _keep(received, Verdict.UNREADABLE, str(unreadable))
    return _take(received, status)


def _read(body: bytes, keys: EnvelopeKeys, *, now: datetime) -> OrderStatus:
    """The content of a genuine call. Which province's key order it follows is found by trying: both need their key."""
    envelope: Any = json.loads(body, parse_float=Decimal)
    if not isinstance(envelope, dict):
        raise EnvelopeUnreadable("no object")
    *first, last = ORDERS
    for order in first:
        try:
            return read_status(open_sealed(envelope, keys, now=now, nested_key_order=order))
        except EnvelopeNotGenuine:
            continue
    return read_status(open_sealed(envelope, keys, now=now, nested_key_order=last))


@transaction.atomic
def _take(received: _Received, status: OrderStatus) -> Verdict:
    """Lock the claim first, so that two calls at once are one after the other."""
    order = MobileOrder.objects.filter(centre_number=status.centre_number).first()
    if order is None:
        return _keep(received, Verdict.MISMATCH, "payOrdId: no such order")
    claim = claims.locked(order.claim_id)
    order.refresh_from_db()
    if wrong := _contradiction(claim, order, status):
        call_person(claim_id=claim.pk, reason=f"6302: {wrong}", at=received.at)
        return _keep(received, Verdict.MISMATCH, wrong, claim)
    said = f"ordStas {status.status}"
    if claim.inbound_messages.filter(kind=KIND, verdict=Verdict.ACCEPTED, reason=said).exists():
        return _keep(received, Verdict.REPEATED, said, claim)
    if claim.state in _WAITING:
        jobs.enqueue(JOBS[ClaimState(claim.state)], claim_id=claim.pk)
    return _keep(received, Verdict.ACCEPTED, said, claim)


def _contradiction(claim: Claim, order: MobileOrder, status: OrderStatus) -> str:
    """What the call says other than we know; empty when it fits."""
    if status.order_number not in (None, order.number):
        return f"medOrgOrd: {status.order_number}"
    stands = status.status in INSURANCE_STANDS and claim.state in _ENDED_WITHOUT
    is_back = status.status in INSURANCE_IS_BACK and claim.state == ClaimState.SETTLED
    if stands or is_back:
        return f"ordStas {status.status}, here the claim is {claim.state}"
    return disagreement("6302", amounts_of(order), stated_in(status))


def _keep(received: _Received, verdict: Verdict, reason: str, claim: Claim | None = None) -> Verdict:
    InboundMessage.objects.create(
        kind=KIND,
        digest=hashlib.sha256(received.body).hexdigest(),
        body=received.body.decode(errors="replace").replace("\0", "")[:MOST_CHARACTERS],
        remote_address=received.remote_address,
        verdict=verdict,
        reason=reason[:300],
        claim=claim,
        received_at=received.at,
    )
    return verdict
