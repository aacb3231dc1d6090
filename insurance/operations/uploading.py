"""The lines of a claim at the insurer: uploaded (2204), withdrawn (2205)."""

import logging
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from billing.models import FeeDetail
from billing.queries import decreases_of
from billing.rules.returns import Decrease, kept_amount
from insurance.gateway import messages as m
from insurance.gateway.port import GatewayRefused, InsuranceGateway, MessageAlreadyReceived
from insurance.models import Claim
from insurance.operations.insurer import refuses_repeats
from insurance.operations.messages import exchange, is_unheard
from kernel import clock
from kernel.money import ZERO, to_unit_price, to_yuan

logger = logging.getLogger(__name__)

_DIVIDED = [
    "full_own_pay_amount", "over_limit_amount", "first_self_pay_amount", "in_scope_amount", "line_scopes",
]  # fmt: skip

MOST_LINES_AT_ONCE = 50
"""ASSUMPTION: a line takes up to 700 of the 40,000 characters that an ``input`` may have."""


@dataclass(frozen=True, slots=True)
class ClaimedLine:
    """A line of the bill as a claim asks for it: all of it, or the units that stay after some were given back."""

    line: FeeDetail
    quantity: Decimal
    amount: Decimal

    @property
    def number(self) -> int:
        """Of the line in its bill."""
        return self.line.number

    @property
    def unit_price(self) -> Decimal:
        """The price of a unit; where rounding parts it from the amount, the amount decides, as the insurer multiplies."""
        price: Decimal = self.line.unit_price
        if to_yuan(price * self.quantity) == self.amount:
            return price
        return to_unit_price(self.amount / self.quantity)


def lines_of(claim: Claim) -> list[ClaimedLine]:
    """What the claim asks for, in order: of each line of the bill what was not given back, at the price that is right.

    A claim that settles again knows of prices that were found too high before it was opened; the one that it replaces
    asked for what was charged.
    """
    decreases = decreases_of(claim.bill_id, until=claim.opened_at) if claim.replaces_id else {}
    claimed = [(line, claim.kept_of(line.number, line.quantity)) for line in claim.bill.lines.all()]
    return [
        ClaimedLine(line, kept, _kept_amount(line, kept, decreases.get(line.number, Decrease())))
        for line, kept in claimed
        if kept
    ]


def _kept_amount(line: FeeDetail, kept: Decimal, decrease: Decrease) -> Decimal:
    """Yuan that stay of a line when only some units do."""
    return kept_amount(line.amount - decrease.amount, line.quantity, kept)


def total_of(claim: Claim) -> Decimal:
    """Yuan that the claim asks for."""
    if not claim.returned_lines and not claim.kept_quantities:
        return Decimal(claim.bill.total_amount)
    return sum((line.amount for line in lines_of(claim)), ZERO)


def line_reference(claim: Claim, number: int) -> str:
    """feedetl_sn of a line of the bill: unique within the visit, since batches are."""
    return f"{claim.batch_number}{number:02d}"


def upload_lines(claim: Claim, gateway: InsuranceGateway) -> None:
    """2204 for every line that the insurer has not divided yet, and how each divides.

    Raises:
        GatewayRefused: the insurer does not take a line.
        GatewayUnanswered: not known; asked again later, the same lines under the same number.
    """
    if claim.uploaded_at is not None:
        return
    registration = claim.registration
    anew = refuses_repeats(registration.encounter.institution) and is_unheard("2204", registration, claim)
    try:
        _upload_waiting(claim, gateway, anew=anew)
    except MessageAlreadyReceived:
        # It has had the lines, and will not say again how they divide.
        _upload_waiting(claim, gateway, anew=True)


def _upload_waiting(claim: Claim, gateway: InsuranceGateway, *, anew: bool) -> None:
    """What the insurer has not divided yet; ``anew`` takes back first what it may hold, and uses new numbers."""
    if anew:
        _take_back_all(claim, gateway)
    divided = claim.scope_by_line()
    waiting = [line for line in lines_of(claim) if line.number not in divided]
    while waiting:
        lines, waiting = waiting[:MOST_LINES_AT_ONCE], waiting[MOST_LINES_AT_ONCE:]
        _upload(claim, lines, gateway, is_last=not waiting, anew=anew)


def _take_back_all(claim: Claim, gateway: InsuranceGateway) -> None:
    """2205, also when it may hold none of the lines; nothing is divided afterwards."""
    try:
        withdraw_lines(claim, gateway, repeatable=True)
    except GatewayRefused as refusal:
        logger.info("claim %s: no lines to withdraw: %s", claim.pk, refusal.reason)
    claim.full_own_pay_amount = claim.over_limit_amount = None
    claim.first_self_pay_amount = claim.in_scope_amount = None
    claim.line_scopes = {}
    claim.save(update_fields=_DIVIDED)


def _upload(
    claim: Claim, lines: list[ClaimedLine], gateway: InsuranceGateway, *, is_last: bool, anew: bool
) -> None:
    """One message; what it said is kept before the next is sent."""
    numbers = {line_reference(claim, line.number): line.number for line in lines}
    request = m.UploadFees(
        insured_region=claim.registration.insured_region,
        lines=tuple(_fee_line(claim, line) for line in lines),
    )
    reply = exchange(
        "2204",
        lambda msgid: gateway.upload_fees(msgid, request),
        registration=claim.registration,
        claim=claim,
        repeatable=anew,
    )
    totals = reply.totals
    claim.full_own_pay_amount = (claim.full_own_pay_amount or ZERO) + totals.full_own_pay_amount
    claim.over_limit_amount = (claim.over_limit_amount or ZERO) + totals.over_limit_amount
    claim.first_self_pay_amount = (claim.first_self_pay_amount or ZERO) + totals.first_self_pay_amount
    claim.in_scope_amount = (claim.in_scope_amount or ZERO) + totals.in_scope_amount
    scopes = {str(numbers[row.line_number]): str(row.in_scope_amount) for row in reply.lines}
    claim.line_scopes = claim.line_scopes | scopes
    claim.uploaded_at = clock.now() if is_last else None
    claim.save(update_fields=[*_DIVIDED, "uploaded_at"])


def _fee_line(claim: Claim, claimed: ClaimedLine) -> m.FeeLine:
    """One line in our words."""
    line = claimed.line
    registration = claim.registration
    doctor, department = registration.encounter.practitioner, registration.encounter.department
    return m.FeeLine(
        line_number=line_reference(claim, line.number),
        visit_number=registration.visit_number,
        person_number=registration.person_number,
        batch_number=claim.batch_number,
        disease_code=claim.disease_code or None,
        charged_at=claim.bill.opened_at,
        catalogue_code=line.insurance_code or line.item_code,
        hospital_code=line.item_code,
        amount=claimed.amount,
        quantity=claimed.quantity,
        unit_price=claimed.unit_price,
        department_code=department.code,
        department_name=department.name,
        doctor_code=doctor.insurance_code,
        doctor_name=doctor.name,
    )


def withdraw_lines(claim: Claim, gateway: InsuranceGateway, *, repeatable: bool = False) -> None:
    """2205 of the claim's batch; the insurer holds none of its lines afterwards. ``repeatable`` as for ``exchange``.

    Raises:
        GatewayRefused: it holds none, or they are settled.
        GatewayUnanswered: not known; asked again later.
    """
    registration = claim.registration
    request = m.WithdrawFees(
        insured_region=registration.insured_region,
        visit_number=registration.visit_number,
        batch_number=claim.batch_number,
        person_number=registration.person_number,
    )
    exchange(
        "2205",
        lambda msgid: gateway.withdraw_fees(msgid, request),
        registration=registration,
        claim=claim,
        repeatable=repeatable,
    )


@transaction.atomic
def forget_upload(claim_id: int) -> None:
    """The insurer holds none of the lines any more."""
    Claim.objects.filter(pk=claim_id).update(uploaded_at=None)
