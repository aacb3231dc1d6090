"""Insured visits of today, paid as a patient pays, without the pages: run inside the product's environment.

``manage.py shell -c "from tests.journeys.paid_visits import pay; pay(3)"`` prints numbers of what was settled. Worker and
simulators do their part; here only what she would press.
"""

import json
import os
import secrets
import time
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import httpx

from billing.models import BillPurpose
from billing.operations import open_bill
from checkout.models import Checkout
from checkout.operations import open_checkout, start_payment
from checkout.states import CheckoutState
from consultations.models import Revisit
from encounters.models import DiagnosisCode, Encounter, EncounterKind
from kernel import clock
from payments.models import PaymentOrder, Scene
from payments.states import OrderState
from pricing.queries import quote_for
from pricing.rules import ServiceLine
from pricing.rules.codes import ONLINE_REVISIT
from registry.models import Patient, Practitioner
from registry.queries import coverage_of

WITHIN_SECONDS = 90
HYPERTENSION = "I10.x00x002"


def pay(count: int, *, until: CheckoutState = CheckoutState.SETTLED) -> None:
    """So many visits, paid one after another; waits until each is in the state, and prints its numbers as JSON.

    Two at once would share the money of her account, and the second would be settled otherwise than was estimated.
    """
    made = []
    for _number in range(count):
        made.append(_paid())
        _wait_until(made[-1], until)
    print(json.dumps([_numbers(checkout) for checkout in made]))  # noqa: T201


def _numbers(checkout: Checkout) -> dict[str, str]:
    checkout = Checkout.objects.select_related("claim", "order").get(pk=checkout.pk)
    assert checkout.claim is not None
    assert checkout.order is not None
    return {
        "msgid": checkout.claim.settle_msgid or "",
        "order": checkout.order.number,
        "claim": checkout.claim.batch_number,
    }


def _paid() -> Checkout:
    checkout = _opened()
    _wait_until(checkout, CheckoutState.READY)
    user = checkout.bill.encounter.patient.guardianships.select_related("user")[0].user
    start_payment(checkout_id=checkout.pk, scene=Scene.NATIVE, by=user, at=clock.now())
    order = PaymentOrder.objects.get(bill=checkout.bill_id)
    _wait(lambda: PaymentOrder.objects.get(pk=order.pk).state == OrderState.PLACED, "the cashier")
    address = f"{os.environ['SIMULATORS_URL']}/wechatpay/control/pay/"
    assert httpx.post(address, json={"out_trade_no": order.number}, timeout=30).is_success
    return checkout


def open_uninsured(units: int) -> None:
    """A bill of so many consultation fees that she pays herself; prints its number."""
    print(_opened(units=units, uses_insurance=False).bill.number)  # noqa: T201


def _opened(*, units: int = 1, uses_insurance: bool = True) -> Checkout:
    """A checkout of the consultation fee of 张秀英 at the demonstration hospital."""
    now = clock.now()
    doctor = Practitioner.objects.filter(pk__in=Revisit.objects.values("encounter__practitioner")).first()
    doctor = doctor or Practitioner.objects.filter(institution__is_demonstration=True).order_by("pk")[0]
    patient = next(each for each in Patient.objects.order_by("pk") if each.name == "张秀英")
    encounter = Encounter.objects.create(
        number=f"VR{secrets.token_hex(6).upper()}", kind=EncounterKind.ONLINE_REVISIT,
        institution=doctor.institution, department=doctor.department, practitioner=doctor, patient=patient,
        coverage=coverage_of(patient), known_disease=DiagnosisCode.objects.filter(insurance_code=HYPERTENSION).first(),
        service_on=clock.day_of(now), opened_at=now,
    )  # fmt: skip
    quote = quote_for(
        lines=[ServiceLine("consultation", ONLINE_REVISIT, Decimal(units))],
        institution=encounter.institution,
        service_on=encounter.service_on,
        practitioner_title=doctor.title,
        patient_age=patient.age_on(encounter.service_on),
        department=doctor.department.code,
        encounter=encounter.number,
    )
    bill = open_bill(
        encounter_id=encounter.pk, purpose=BillPurpose.CONSULTATION, quote=quote, by=None, at=now
    )
    return open_checkout(
        bill_id=bill.pk, uses_insurance=uses_insurance, pay_by=now + timedelta(minutes=14), by=None, at=now
    )


def _wait_until(checkout: Checkout, state: str) -> None:
    def there() -> bool:
        checkout.refresh_from_db()
        return checkout.state == state

    _wait(there, f"the checkout to be {state}", lambda: f"{checkout.state} {checkout.decline_reason}")


def _wait(happened: Callable[[], bool], what: str, instead: Callable[[], str] = str) -> None:
    until = time.monotonic() + WITHIN_SECONDS
    while not happened():
        assert time.monotonic() < until, f"waited in vain for {what}: {instead()}"
        time.sleep(0.2)
