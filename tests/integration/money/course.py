"""One bill in the hands of everybody at once: the patient, staff, two channels, the insurer, and a worker that dies."""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role, User
from billing.models import Bill, BillPurpose
from billing.operations import open_bill
from checkout.models import Checkout
from checkout.operations import open_checkout
from checkout.states import CheckoutState
from encounters.models import DiagnosisCode, Encounter, EncounterKind
from hospital.celery import app
from insurance.models import Claim, LineReturn
from insurance.operations.sweeping import sweep as sweep_claims
from insurance.states import WITHOUT_SETTLEMENT
from kernel import clock, jobs
from kernel.models import OutboxJob
from ledger.models import Entry
from payments.models import PaymentOrder, Refund
from payments.operations.sweeping import PAUSE
from payments.operations.sweeping import sweep as sweep_payments
from payments.states import OrderState, RefundState
from pricing.models import PriceItem
from pricing.queries import quote_for
from pricing.rules import ServiceLine
from refunds.models import RefundRequest
from refunds.states import RefundRequestState
from registry.models import Patient, Practitioner
from tests.factories.accounts import StaffFactory
from tests.factories.encounters import DiagnosisCodeFactory
from tests.factories.pricing import PriceFactory, PriceItemFactory
from tests.factories.registry import CoverageFactory, PractitionerFactory
from tests.integration.checkout.conftest import ZHANG
from tests.integration.money.sums import failed_refunds
from tests.verification.notified import NotifyAddress, wait_until
from tests.verification.simulators import Simulators

HER_DAUGHTER = "330106197905209848"
"""王海燕 of the insurer's demonstration, whose account may pay for her family."""
MOST_ROUNDS = 12
"""So often the sweepers come by before somebody says that it never comes to rest."""
_UNITS = {"001102000010000": Decimal(1), "001102000010000X": Decimal(4)}
_PRICES = {"001102000010000": Decimal("10.00"), "001102000010000X": Decimal("5.00")}
_numbers = count(1)


class Worker:
    """Does the jobs it is handed, or dies and takes them with it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._handed: list[tuple[str, dict[str, Any]]] = []
        app.autodiscover_tasks(force=True)
        monkeypatch.setattr(jobs, "_sent", self._take)

    def _take(self, job: OutboxJob) -> bool:
        self._handed.append((job.task_name, job.arguments))
        return True

    def do_all(self) -> None:
        """Everything it was handed, and what follows from it."""
        jobs.relay()
        while self._handed:
            name, arguments = self._handed.pop(0)
            app.tasks[name](**arguments)

    def die(self) -> None:
        """With its broker: what was handed out is lost."""
        jobs.relay()
        self._handed.clear()


@dataclass
class World:
    """Everybody and everything that outlives one bill."""

    patient: Patient
    user: User
    simulators: Simulators
    notified: NotifyAddress
    worker: Worker
    client: Client
    doctor: Practitioner = field(default_factory=PractitionerFactory)
    clerk: User = field(default_factory=lambda: StaffFactory(role=Role.FINANCE))
    colleague: User = field(default_factory=lambda: StaffFactory(role=Role.FINANCE))
    disease: DiagnosisCode = field(default_factory=lambda: DiagnosisCodeFactory())
    items: list[PriceItem] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.coverage = CoverageFactory(patient=self.patient)
        for code, amount in _PRICES.items():
            item = PriceItemFactory(code=code, insurance_code="001102000010000")
            PriceFactory(item=item, amount=amount)
            self.items.append(item)

    def encounter(self) -> Encounter:
        """Another visit of today."""
        now, doctor = clock.now(), self.doctor
        return Encounter.objects.create(
            number=f"VM{next(_numbers):08d}", kind=EncounterKind.ONLINE_REVISIT, institution=doctor.institution,
            department=doctor.department, practitioner=doctor, patient=self.patient, coverage=self.coverage,
            known_disease=self.disease, service_on=clock.day_of(now), opened_at=now,
        )  # fmt: skip

    def bill(self, purpose: BillPurpose) -> Bill:
        """10.00, and four units at 5.00."""
        encounter = self.encounter()
        lines = [
            ServiceLine(str(n), item.code, _UNITS[item.code]) for n, item in enumerate(self.items, start=1)
        ]
        quote = quote_for(lines=lines, institution=encounter.institution, service_on=encounter.service_on)
        return open_bill(encounter_id=encounter.pk, purpose=purpose, quote=quote, by=None, at=clock.now())

    def behave(self, *, balance: str, family: bool) -> None:
        """Nobody outside misbehaves any more; her account holds so much, and her family's helps out or not."""
        for name in ("wechatpay", "alipay"):
            self.simulators.control(name, "reset")
        self.simulators.control("insurer", "clear_faults")
        her = {"id_number": ZHANG[1]}
        self.simulators.control("insurer", "person", **her, balance=balance, deducted="300.00")
        self.simulators.control("insurer", "person", id_number=HER_DAUGHTER, balance="2.00")
        self.simulators.control("insurer", "family", **her, payer=HER_DAUGHTER if family else "")


class Course:
    """One bill with its checkout, and what happens by itself."""

    def __init__(self, world: World, purpose: BillPurpose, *, uses_insurance: bool, since: int) -> None:
        self.world, self._since = world, since
        self.bill = world.bill(purpose)
        now = clock.now()
        self.checkout: Checkout = open_checkout(
            bill_id=self.bill.pk, uses_insurance=uses_insurance, pay_by=now + timedelta(minutes=15),
            by=world.user, at=now,
        )  # fmt: skip

    @property
    def orders(self) -> list[PaymentOrder]:
        """Every order so far, the oldest first."""
        return list(PaymentOrder.objects.filter(bill=self.bill).order_by("pk"))

    @property
    def requests(self) -> list[RefundRequest]:
        """Every refund asked for so far, the oldest first."""
        return list(RefundRequest.objects.filter(bill=self.bill).order_by("pk"))

    @property
    def waits_for_a_person(self) -> bool:
        """Whether a refund failed, at the insurer or at the channel."""
        has_failed = any(one.state == RefundRequestState.FAILED for one in self.requests)
        return has_failed or bool(failed_refunds(self.bill))

    def read_anew(self) -> None:
        """What others have written meanwhile."""
        self.bill = Bill.objects.get(pk=self.bill.pk)
        self.checkout = Checkout.objects.get(bill=self.bill)

    def facts(self) -> tuple[object, ...]:
        """Everything of it that must not change when something is refused."""
        self.read_anew()
        order_ids = [order.pk for order in self.orders]
        return (
            self.bill.state, self.bill.parts, self.checkout.state, self.checkout.unwind_reason,
            list(Claim.objects.filter(bill=self.bill).order_by("pk").values_list("pk", "state")),
            list(PaymentOrder.objects.filter(pk__in=order_ids).order_by("pk").values_list("pk", "state")),
            list(Refund.objects.filter(order__in=order_ids).order_by("pk").values_list("pk", "state", "amount")),
            [(request.pk, request.state) for request in self.requests],
            Bill.objects.filter(reverses=self.bill).count(),
            Entry.objects.filter(posting__subject=self.bill.number).count(),
        )  # fmt: skip

    # What comes by itself

    def rest(self) -> None:
        """Jobs are done and the sweepers come by until nobody owes an answer."""
        for _round in range(MOST_ROUNDS):
            self.world.worker.do_all()
            self._sweep()
            self.world.worker.do_all()
            waits = self._waits_for()
            if not waits:
                return
        raise AssertionError(f"it does not come to rest: {waits}")

    def _sweep(self) -> None:
        """The moment of every schedule has come."""
        open_claims = Claim.objects.filter(bill=self.bill, next_ask_at__isnull=False)
        open_claims.exclude(state__in=WITHOUT_SETTLEMENT).update(next_ask_at=clock.now())
        PaymentOrder.objects.filter(bill=self.bill).update(last_asked_at=None)
        Refund.objects.filter(order__bill=self.bill).update(last_asked_at=None)
        sweep_payments(at=clock.now() + 2 * PAUSE)
        sweep_claims(at=clock.now())

    def _waits_for(self) -> list[str]:
        """Whose answer is still owed; a refund that failed waits for a person, which is another matter."""
        self.read_anew()
        waits = [str(order.state) for order in self.orders if order.state == OrderState.CREATED]
        asked = [RefundState.REQUESTED, RefundState.PROCESSING]
        refunds = Refund.objects.filter(order__bill=self.bill, state__in=asked)
        waits += [f"refund {row.state}" for row in refunds]
        waits += [f"return of {row.line_numbers}" for row in _open_returns(self.bill)]
        going = [CheckoutState.ESTIMATING, CheckoutState.SETTLING, CheckoutState.REVERSING]
        going += [] if failed_refunds(self.bill) else [CheckoutState.REFUNDING]
        waits += [self.checkout.state] if self.checkout.state in going else []
        sent = (RefundRequestState.APPROVED, RefundRequestState.SENDING)
        return waits + [f"request {one.state} {one.scope}" for one in self.requests if one.state in sent]

    # What the channels tell

    def letters(self) -> list[tuple[dict[str, str], bytes]]:
        """Everything the channels have posted since the first of her bills was opened."""
        return self.world.notified.posts[self._since :]

    def wait_for_letter(self, before: int) -> None:
        """A payment is told of at once; the post takes its time."""
        wait_until(lambda: len(self.letters()) > before)

    def deliver(self, letter: tuple[dict[str, str], bytes], *, altered: bool) -> int:
        """Hand a letter to the address it was sent to; the status that its sender sees."""
        headers, body = letter
        if altered:
            body = body.replace(b"SUCCESS", b"SUCCESs", 1) if b"SUCCESS" in body else body + b"&x=1"
        signed = {name: value for name, value in headers.items() if name.lower().startswith("wechatpay-")}
        channel, kind = (
            ("wechat", "application/json") if signed else ("alipay", "application/x-www-form-urlencoded")
        )
        address = reverse(f"payments:{channel}_notification")
        answer = self.world.client.post(address, data=body, content_type=kind, headers=signed)
        return answer.status_code

    # Time

    def let_time_pass(self, *, at_channel_too: bool) -> None:
        """The time to pay is over; the clock at the channel may be behind ours."""
        past = clock.now() - timedelta(seconds=1)
        Checkout.objects.filter(pk=self.checkout.pk, pay_by__gt=past).update(pay_by=past)
        rows = PaymentOrder.objects.filter(bill=self.bill)
        rows.filter(expires_at__gt=past).update(expires_at=past)
        for order in rows.filter(state=OrderState.PLACED) if at_channel_too else ():
            name = {"wechat": "wechatpay"}.get(order.channel, order.channel)
            self.world.simulators.control(name, "expire", out_trade_no=order.number)


def _open_returns(bill: Bill) -> list[LineReturn]:
    return list(LineReturn.objects.filter(claim__bill=bill, concluded_at__isnull=True))
