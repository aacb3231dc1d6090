"""Slots with places, and visits led from step to step."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import User
from checkout.models import Checkout
from checkout.states import CheckoutState
from consultations import operations
from consultations.models import Decision, Place, Revisit, Slot
from encounters import operations as encounters
from encounters.models import ConsentDocument
from kernel import clock, events
from kernel.models import OutboxJob
from payments.events import OrderPaid, RefundDone
from payments.models import PaymentOrder, Refund, Scene
from payments.states import OrderState, RefundState
from pricing.models import PriceItem
from pricing.rules.codes import ONLINE_REVISIT
from registry.models import Guardianship, Practitioner, Qualification
from tests.factories.encounters import (
    ConsentDocumentFactory,
    DiagnosisCodeFactory,
    picture,
    signed_record,
    upload,
)
from tests.factories.pricing import PriceFactory, PriceItemFactory
from tests.factories.registry import GuardianshipFactory, QualificationFactory


def slot(doctor: Practitioner, *, starts_at: datetime, places: int = 1, minutes: int = 30) -> Slot:
    """A slot of a certified doctor with free places."""
    if not Qualification.objects.filter(practitioner=doctor).exists():
        QualificationFactory(practitioner=doctor)
    made = Slot.objects.create(
        practitioner=doctor, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=minutes)
    )
    Place.objects.bulk_create(Place(slot=made, number=number) for number in range(1, places + 1))
    return made


@dataclass
class Booking:
    """A visit with the people in it, led from step to step; every method does what its page does."""

    revisit: Revisit
    user: User
    at: datetime

    @property
    def doctor(self) -> User:
        """Who receives."""
        user = self.revisit.encounter.practitioner.user
        assert user is not None
        return user

    @property
    def number(self) -> str:
        """Of the visit."""
        return self.revisit.encounter.number

    @property
    def checkout(self) -> Checkout:
        """Of its fee, as it stands now."""
        return Checkout.objects.get(bill__revisit=self.revisit.pk)

    def now(self) -> Revisit:
        """The visit as it stands now."""
        return Revisit.objects.select_related("encounter", "slot", "bill").get(pk=self.revisit.pk)

    def notices(self) -> list[str]:
        """What the system has said in the conversation."""
        return list(self.now().messages.filter(kind="notice").values_list("text", flat=True))

    def describe(self) -> "Booking":
        """Step 2."""
        encounters.describe(
            encounter_id=self.revisit.encounter_id,
            complaint="血压平稳，药快吃完了，想续方。",
            allergies="无",
            current_medicines="苯磺酸氨氯地平片",
            disease_id=DiagnosisCodeFactory().pk,
            by=self.user,
            at=self.at,
        )
        return self

    def prove(self) -> "Booking":
        """Step 3, with a paper of another hospital."""
        encounters.add_proof_file(
            encounter_id=self.revisit.encounter_id, upload=upload(picture()), by=self.user, at=self.at
        )
        encounters.state_proof(
            encounter_id=self.revisit.encounter_id,
            kind="outpatient_record",
            diagnosed_on=clock.day_of(self.at) - timedelta(days=60),
            hospital_name="演示市第二人民医院",
            by=self.user,
            at=self.at,
        )
        return self

    def consent(self) -> "Booking":
        """Step 4."""
        document = ConsentDocument.objects.first() or ConsentDocumentFactory()
        encounters.sign_consent(
            encounter_id=self.revisit.encounter_id,
            document_id=document.pk,
            signed_name=self.revisit.encounter.patient.name,
            language="zh-hans",
            ip_address="127.0.0.1",
            by=self.user,
            at=self.at,
        )
        return self

    def prepare(self) -> "Booking":
        """Steps 2 to 4."""
        return self.describe().prove().consent()

    def price(self) -> "Booking":
        """The bill, to be paid by herself."""
        operations.price_visit(revisit_id=self.revisit.pk, uses_insurance=False, by=self.user, at=self.at)
        return self

    def open_order(self) -> PaymentOrder:
        """She stands at the cashier: her order is open at the channel."""
        checkout = self.checkout
        order = PaymentOrder.objects.create(
            bill=checkout.bill,
            number=f"P{checkout.bill_id:08d}",
            scene=Scene.H5,
            amount=checkout.bill.total_amount,
            description="诊费",
            expires_at=checkout.pay_by,
            state=OrderState.PLACED,
            created_at=self.at,
        )
        Checkout.objects.filter(pk=checkout.pk).update(state=CheckoutState.PAYING, order=order)
        return order

    def pay(self) -> "Booking":
        """The channel says that her order is paid."""
        order = self.open_order()
        channel_says_paid(order)
        return self

    def begin(self) -> "Booking":
        """The doctor calls her."""
        operations.begin_visit(revisit_id=self.revisit.pk, by=self.doctor, at=self.at)
        return self

    def decide(self, decision: Decision = Decision.REVISIT) -> "Booking":
        """The doctor's decision."""
        operations.decide(revisit_id=self.revisit.pk, decision=decision, by=self.doctor, at=self.at)
        return self

    def sign(self) -> "Booking":
        """The doctor writes and signs the record."""
        encounter = self.now().encounter
        assert encounter.known_disease is not None
        signed_record(encounter, encounter.known_disease, at=self.at)
        return self

    def complete(self, at: datetime | None = None) -> "Booking":
        """The visit ends well."""
        operations.complete_visit(revisit_id=self.revisit.pk, by=self.doctor, at=at or self.at)
        return self


def booking(slot: Slot, *, at: datetime, right: Guardianship | None = None) -> Booking:
    """A held place of a new patient, or of the one ``right`` is for."""
    right = right or GuardianshipFactory()
    price_the_visit()
    revisit = operations.hold_place(slot_id=slot.pk, patient_id=right.patient.pk, by=right.user, at=at)
    return Booking(revisit, right.user, at)


def price_the_visit() -> None:
    """Ten yuan, for as long as the tests live."""
    if not PriceItem.objects.filter(code=ONLINE_REVISIT).exists():
        PriceFactory(item=PriceItemFactory(code=ONLINE_REVISIT, name="互联网复诊"))


@transaction.atomic
def channel_says_paid(order: PaymentOrder) -> None:
    """What the notification of a payment does."""
    PaymentOrder.objects.filter(pk=order.pk).update(state=OrderState.PAID, paid_at=clock.now())
    events.publish(OrderPaid(order.pk))


@transaction.atomic
def channel_says_refunded(revisit: Revisit) -> None:
    """What the notification of a refund does."""
    refund = Refund.objects.get(order__bill__revisit=revisit.pk)
    Refund.objects.filter(pk=refund.pk).update(state=RefundState.DONE, done_at=clock.now())
    events.publish(RefundDone(refund.pk))


def texts_sent() -> list[str]:
    """Templates of the text messages that will be sent, in order."""
    jobs = OutboxJob.objects.filter(task_name="accounts.send_text").order_by("pk")
    return [job.arguments["template"] for job in jobs]
