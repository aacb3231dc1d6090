"""The patients: each bill is brought before the insurer, paid, and some of it is wanted back."""

import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import partial
from random import Random
from typing import TypeVar

import httpx
from django.db import InterfaceError, OperationalError, connection
from django.db.models import QuerySet

from accounts.models import User
from billing.models import Bill, BillPurpose
from billing.operations import open_bill
from checkout.models import Checkout
from checkout.operations import choose_insurance, open_checkout, start_payment, unwind
from checkout.states import CheckoutState
from encounters.models import DiagnosisCode, Encounter, EncounterKind
from insurance.models import Claim
from insurance.operations.desk import ask_now
from kernel import clock
from kernel.errors import DomainError
from kernel.identifiers import new_number
from payments.models import PaymentOrder, Scene
from payments.states import OrderState
from pricing.queries import quote_for
from pricing.rules import ServiceLine
from registry.models import Patient, Practitioner
from tests.live_stack import LiveStack

AT_ONCE = 100
"""Bills that are not at their end yet."""
WANTED_BACK = 0.2
"""Of the settled bills."""
LOOKED_AT = 0.1
"""Of the claims that wait for a person, at each look."""
TIME_TO_PAY = timedelta(hours=6)
ITEM = "001102000010000"
OFFICER = "insurance01"
INSURED = ("张秀英", "张建国", "王海燕")
LOOK_EVERY = 0.5
SAY_EVERY = 15.0
R = TypeVar("R")


class People:
    """All patients of one storm, and what they did."""

    def __init__(self, live: LiveStack, dice: Random, *, bills: int) -> None:
        self.live, self.dice, self.wanted = live, dice, bills
        self.at_rest: set[int] = set()
        self.did: Counter[str] = Counter()
        self._patients = list(Patient.objects.filter(name__in=INSURED).order_by("pk"))
        self._doctor = Practitioner.objects.select_related("institution").filter(profession="doctor")[0]

    def live_through(self, share: float, *, patience: float) -> bool:
        """Open bills and go on until so many of all are at rest; false when they do not come to it in time."""
        until, said = time.monotonic() + patience, time.monotonic()
        while len(self.at_rest) < share * self.wanted:
            if time.monotonic() > until:
                print(f"  not at rest: {self.unsettled()}", flush=True)
                return False
            self._look_after_all()
            if time.monotonic() - said > SAY_EVERY:
                said = time.monotonic()
                print(f"  {len(self.at_rest)} of {self.wanted} at rest; {self.unsettled()}", flush=True)
            time.sleep(LOOK_EVERY)
        return True

    def unsettled(self) -> dict[str, int]:
        """How many bills stand in which state that is no end."""
        rows = again(lambda: list(self._open().values_list("state", "claim__state")))
        return {" ".join(map(str, states)): count for states, count in sorted(Counter(rows).items())}

    def _open(self) -> QuerySet[Checkout]:
        return Checkout.objects.exclude(bill__in=self.at_rest)

    def _look_after_all(self) -> None:
        # Counted there and not here: what was opened in the moment of a crash is somebody's bill, too.
        opened = again(Checkout.objects.count)
        for _bill in range(min(self.wanted - opened, AT_ONCE - (opened - len(self.at_rest)))):
            again(self._one_more)
        for checkout in again(lambda: list(self._open().select_related("bill__encounter__patient"))):
            again(partial(self._look_after, checkout))
        self._play_the_office()

    def _one_more(self) -> None:
        bill = self._bill()
        open_checkout(
            bill_id=bill.pk, uses_insurance=True, pay_by=clock.now() + TIME_TO_PAY, by=None, at=clock.now()
        )

    def _bill(self) -> Bill:
        patient, now = self.dice.choice(self._patients), clock.now()
        doctor = self._doctor
        encounter = Encounter.objects.create(
            number=new_number("V", now), kind=EncounterKind.ONLINE_REVISIT, institution=doctor.institution,
            department=doctor.department, practitioner=doctor, patient=patient,
            coverage=patient.coverages.filter(ended_at=None).get(),
            known_disease=DiagnosisCode.objects.filter(clinical_code__startswith="I10").first(),
            service_on=clock.day_of(now), opened_at=now,
        )  # fmt: skip
        lines = [ServiceLine("fee", ITEM, Decimal(1))]
        quote = quote_for(lines=lines, institution=doctor.institution, service_on=encounter.service_on)
        return open_bill(
            encounter_id=encounter.pk, purpose=BillPurpose.CONSULTATION, quote=quote, by=None, at=now
        )

    def _look_after(self, checkout: Checkout) -> None:
        """What she does next, if anything is hers to do."""
        match checkout.state:
            case CheckoutState.DECLINED:
                self._act(
                    "asked again",
                    lambda: choose_insurance(checkout_id=checkout.pk, by=_user(checkout), at=clock.now()),
                )
            case CheckoutState.READY:
                self._act(
                    "went to pay",
                    lambda: start_payment(
                        checkout_id=checkout.pk, scene=Scene.NATIVE, by=_user(checkout), at=clock.now()
                    ),
                )
            case CheckoutState.PAYING:
                self._pay(checkout)
            case CheckoutState.SETTLED:
                self._rest_or_take_back(checkout)
            case CheckoutState.REFUNDED | CheckoutState.CLOSED:
                self.at_rest.add(checkout.bill_id)

    def _act(self, what: str, act: Callable[[], object]) -> None:
        """One click; a click that comes too late is refused, and she looks again."""
        try:
            act()
        except DomainError:
            return
        self.did[what] += 1

    def _pay(self, checkout: Checkout) -> None:
        order = PaymentOrder.objects.filter(pk=checkout.order_id, state=OrderState.PLACED).first()
        if order is None or not order.cashier_url:
            return
        url = f"{self.live.simulators_url}/wechatpay/control/pay/"
        try:
            if httpx.post(url, json={"out_trade_no": order.number}, timeout=10).is_success:
                self.did["paid"] += 1
        except httpx.HTTPError:
            return

    def _rest_or_take_back(self, checkout: Checkout) -> None:
        if checkout.unwind_reason:
            return
        if self.dice.random() < WANTED_BACK:
            self._act(
                "wanted back",
                lambda: unwind(bill_id=checkout.bill_id, reason="chaos", by=_user(checkout), at=clock.now()),
            )
        else:
            self.at_rest.add(checkout.bill_id)

    def _play_the_office(self) -> None:
        """Whatever waits for a person is asked about by one."""
        waiting = Claim.objects.filter(needs_person_since__isnull=False).values_list("pk", flat=True)
        for claim_id in again(lambda: list(waiting)):
            if self.dice.random() < LOOKED_AT:
                self._act("asked by the office", partial(again, partial(_ask, claim_id)))


def _ask(claim_id: int) -> None:
    """What an officer does who sees that something is not known."""
    ask_now(claim_id=claim_id, by=User.objects.get(username=OFFICER), at=clock.now())


def _user(checkout: Checkout) -> User:
    """Who acts for the patient."""
    return checkout.bill.encounter.patient.guardianships.filter(ended_at=None)[0].user


def again(work: Callable[[], R]) -> R:
    """Do it, and do it again when the database went away meanwhile."""
    for _attempt in range(100):
        try:
            return work()
        except (OperationalError, InterfaceError):
            connection.close()
            time.sleep(0.3)
    raise TimeoutError("the database does not come back")
