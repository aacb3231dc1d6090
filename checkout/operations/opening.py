"""Begin a checkout, and choose who is asked to pay."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from billing import operations as billing
from billing.models import Bill
from checkout.models import Checkout
from checkout.operations import steps
from checkout.queries import eligibility_of_bill
from checkout.states import CHECKOUT, CheckoutEvent, CheckoutState
from insurance import operations as insurance
from kernel.errors import refuse_if_any


@transaction.atomic
def open_checkout(
    *, bill_id: int, uses_insurance: bool, pay_by: datetime, by: User | None, at: datetime
) -> Checkout:
    """Begin the sequence for a bill; with insurance a job asks the insurer what it would pay.

    When the insurance may not be asked (no agreement in force, not payable in the area) she is told so and has the
    choice: nobody is asked, and nothing is charged to her silently. Opening twice gives the same checkout.
    """
    about = ("encounter__institution", "encounter__coverage", "encounter__known_disease")
    bill = Bill.objects.select_for_update(of=("self",)).select_related(*about).get(pk=bill_id)
    existing = Checkout.objects.filter(bill=bill).first()
    if existing:
        return existing
    insured = uses_insurance and bill.encounter.coverage_id is not None
    checkout = Checkout(bill=bill, uses_insurance=insured, opened_at=at, pay_by=pay_by)
    checkout.state = CheckoutState.READY
    refused = steps.reason_against_insurance(bill, at=at) if insured else ""
    if refused:
        checkout.state, checkout.decline_reason = CheckoutState.DECLINED, refused
    elif insured:
        checkout.state = CheckoutState.ESTIMATING
        checkout.claim = insurance.open_claim(bill_id=bill_id, by=by, at=at)
    else:
        billing.state_parts(bill_id=bill_id, parts=steps.all_cash(bill), in_scope={})
    checkout.save(force_insert=True)
    steps.tell(checkout)
    return checkout


@transaction.atomic
def choose_self_pay(*, checkout_id: int, by: User, at: datetime) -> Checkout:
    """She pays everything herself; the insurer is left out of this bill.

    Raises:
        IllegalTransition: her payment has begun.
    """
    checkout = steps.locked(pk=checkout_id)
    CHECKOUT.after(checkout.state, CheckoutEvent.PAY_SELF)  # Before the claim and the bill are touched.
    if checkout.claim_id:
        insurance.abandon_claim(claim_id=checkout.claim_id, by=by, at=at)
    billing.state_parts(bill_id=checkout.bill_id, parts=steps.all_cash(checkout.bill), in_scope={})
    steps.move(checkout, CheckoutEvent.PAY_SELF, by=by, at=at, uses_insurance=False, claim=None)
    return checkout


@transaction.atomic
def choose_insurance(*, checkout_id: int, by: User, at: datetime) -> Checkout:
    """Ask the insurer (again) what it would pay.

    Raises:
        RulesBroken: it may not be asked; the violation names the rule, the reason and the way on.
        IllegalTransition: her payment has begun, or the insurer is being asked already.
    """
    checkout = steps.locked(pk=checkout_id)
    CHECKOUT.after(checkout.state, CheckoutEvent.ASK)  # Before the claim is touched.
    if checkout.bill.encounter.coverage_id:
        refuse_if_any(filter(None, [eligibility_of_bill(checkout.bill, at=at).violation]))
    if checkout.claim_id:
        insurance.abandon_claim(claim_id=checkout.claim_id, by=by, at=at)
    claim = insurance.open_claim(bill_id=checkout.bill_id, by=by, at=at)
    steps.move(checkout, CheckoutEvent.ASK, by=by, at=at, uses_insurance=True, claim=claim, decline_reason="")
    return checkout
