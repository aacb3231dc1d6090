"""Ask for money back."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts.models import User
from billing.models import Bill
from billing.queries import charged_lines
from checkout.models import Checkout
from checkout.operations import lock_checkout
from kernel.errors import Violation, refuse_if_any
from refunds.errors import RefundRefused
from refunds.models import RefundRequest, Scope
from refunds.operations import steps
from refunds.operations.sending import send
from refunds.queries.policies import policy_for
from refunds.queries.requests import bill_facts, by_hand_before, left_lines, open_requests, standing_amount
from refunds.rules import asking as rules
from refunds.rules.parts import given_back
from refunds.rules.situations import Gives, PolicyFacts, Situation


@transaction.atomic
def request_refund(
    *,
    bill_id: int,
    situation: str,
    reason: str,
    quantities: Mapping[int, Decimal] | None = None,
    by: User,
    at: datetime,
    key: str = "",
) -> RefundRequest:
    """Ask that a paid bill goes back, in whole or in units of its lines; asking twice is one request.

    Up to the amount of one person's own (``REFUND_SECOND_PERSON_ABOVE``), counted with what was asked back of the bill
    before, it is sent at once; above it waits for a second person, and a policy may always ask for one.

    Args:
        bill_id: the bill.
        situation: what happened; its policy decides.
        reason: for the patient and the channel, at most 80 characters.
        quantities: units that go back, by number of the line; None for all that the policy gives back.
        by: who asks.
        at: now.
        key: the same key means the same request; empty: an open request for the same is the same one.

    Raises:
        RefundRefused: RF-01 to RF-06.
    """
    checkout = _checkout(bill_id)
    bill = checkout.bill if checkout else Bill.objects.get(pk=bill_id)
    what, policy = Situation(situation), policy_for(Situation(situation))
    wanted = _wanted(bill, policy, quantities)
    if same := _same(bill, what, wanted, key):
        return same
    refuse_if_any(_against(bill, checkout, policy, wanted, reason), RefundRefused)
    said: dict[str, Any] = {"reason": reason, "key": key, "by": by, "at": at}
    if wanted is None or _is_all(bill, wanted):
        request = steps.make(bill, what, Scope.WHOLE, standing_amount(bill), **said)
    else:
        request = steps.make_lines(bill, what, wanted, **said)
    if not second_person_reasons(request, policy):
        steps.accept(request, by=None, at=at)
        send(request, by=by, at=at)
    return request


def second_person_reasons(request: RefundRequest, policy: PolicyFacts) -> list[Violation]:
    """Why somebody else has to agree to a request, by a policy or the hospital's own amount; may be nothing."""
    before, above = by_hand_before(request), settings.REFUND_SECOND_PERSON_ABOVE
    return list(rules.second_person_violations(policy, request.asked_amount, before=before, above=above))


def why_two_persons(request: RefundRequest) -> list[Violation]:
    """Why a request waits for a second person, by the policy of its situation as it is now."""
    return second_person_reasons(request, policy_for(Situation(request.situation)))


def _checkout(bill_id: int) -> Checkout | None:
    """The checkout of the bill, locked; None when it was never to be paid by her."""
    if not Checkout.objects.filter(bill=bill_id).exists():
        return None
    return lock_checkout(bill_id=bill_id)


def _wanted(
    bill: Bill, policy: PolicyFacts, quantities: Mapping[int, Decimal] | None
) -> Mapping[int, Decimal] | None:
    """Units by line; None for the whole bill."""
    if quantities is not None or policy.gives is not Gives.ALL_BUT_ONSITE_FEE:
        return quantities
    return given_back(policy.gives, left_lines(bill))


def _same(
    bill: Bill, situation: Situation, wanted: Mapping[int, Decimal] | None, key: str
) -> RefundRequest | None:
    """The request that was made for this before."""
    if key:
        return RefundRequest.objects.filter(key=key, bill=bill).first()
    for request in open_requests(bill.pk).filter(situation=situation).prefetch_related("lines__line"):
        lines = {line.line.number: line.quantity for line in request.lines.all()}
        if lines == dict(wanted or {}):
            return request
    return None


def _against(
    bill: Bill,
    checkout: Checkout | None,
    policy: PolicyFacts,
    wanted: Mapping[int, Decimal] | None,
    reason: str,
) -> list[Violation]:
    found = list(rules.bill_violations(bill_facts(bill, checkout)))
    found += rules.policy_violations(policy, is_whole=not wanted, by_person=True)
    found += rules.reason_violations(reason)
    return found if found and found[0].rule == "RF-01" else [*found, *_too_much(bill, wanted or {})]


def _too_much(bill: Bill, wanted: Mapping[int, Decimal]) -> Iterator[Violation]:
    charged = charged_lines(bill)
    for number, units in wanted.items():
        line = charged.get(number)
        yield from rules.quantity_violations(
            number,
            units,
            charged=line.quantity if line else Decimal(0),
            left=line.left if line else Decimal(0),
        )


def _is_all(bill: Bill, wanted: Mapping[int, Decimal]) -> bool:
    """Whether nothing would be left of the bill."""
    return all(line.left == wanted.get(number, Decimal(0)) for number, line in charged_lines(bill).items())
