"""A bill at the demonstration hospital, the real simulators, and the jobs run here instead of in a worker."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest
from pytest_django import Settings

from accounts.models import User
from billing.models import Bill, BillPurpose
from billing.operations import open_bill
from checkout.models import Checkout
from checkout.operations import open_checkout, start_payment
from encounters.models import DiagnosisCode, Encounter, EncounterKind
from finance.queries.agreement import disagreements
from hospital.celery import app
from insurance.gateway.voucher.client import voucher_gateway
from insurance.models import Claim
from insurance.operations import insurer
from insurance.operations.sweeping import sweep
from kernel import clock, jobs
from kernel.models import OutboxJob
from payments.gateway import channel
from payments.models import PaymentOrder, Refund, Scene
from payments.operations.orders import ask_about
from payments.operations.refunds import send_refund
from pricing.queries import quote_for
from pricing.rules import ServiceLine
from registry.models import Patient
from tests.factories.pricing import PriceFactory, PriceItemFactory
from tests.factories.registry import (
    CoverageFactory,
    GuardianshipFactory,
    PatientFactory,
    PractitionerFactory,
)
from tests.verification.simulators import Simulators

ZHANG = ("张秀英", "330106195603089829", date(1956, 3, 8))
"""A retired employee of the insurer's demonstration: the fund pays 70 % of what is in scope."""


@pytest.fixture
def simulators(running_simulators: Simulators, settings: Settings) -> Iterator[Simulators]:
    """The product speaks to running simulators whose money is as at first."""
    made = running_simulators.keys.settings
    for name, value in made.items():
        if name.startswith(("WECHATPAY", "ALIPAY", "INSURANCE")):
            setattr(settings, name, value)
    settings.INSURANCE_BASE_URL = f"{running_simulators.url}/insurer"
    settings.EVOUCHER_BASE_URL = f"{running_simulators.url}/evoucher"
    settings.WECHATPAY_BASE_URL = f"{running_simulators.url}/wechatpay"
    settings.WECHAT_OPEN_URL = settings.WECHAT_API_URL = settings.WECHATPAY_BASE_URL
    settings.ALIPAY_GATEWAY_URL = f"{running_simulators.url}/alipay/gateway.do"
    settings.INSURANCE_READ_SECONDS = settings.INSURANCE_SETTLE_READ_SECONDS = 3.0
    for name in ("insurer", "wechatpay", "alipay"):
        running_simulators.control(name, "reset")
    _forget_clients()
    yield running_simulators
    _forget_clients()
    for name in ("insurer", "wechatpay", "alipay"):
        running_simulators.control(name, "reset")


def _forget_clients() -> None:
    """Clients keep their settings; a new test has new ones."""
    insurer._client.cache_clear()
    channel.wechat_pay.cache_clear()
    channel.alipay.cache_clear()
    channel.wechat_sign_in.cache_clear()
    voucher_gateway.cache_clear()


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Run every job that is due, and those they enqueue, in the order they were sent."""
    sent: list[tuple[str, dict[str, Any]]] = []

    def take(job: OutboxJob) -> bool:
        sent.append((job.task_name, job.arguments))
        return True

    app.autodiscover_tasks(force=True)

    def run() -> None:
        jobs.relay()
        while sent:
            name, arguments = sent.pop(0)
            app.tasks[name](**arguments)

    monkeypatch.setattr(jobs, "_sent", take)
    return run


@pytest.fixture
def patient(transactional_db: None) -> Patient:
    """A person whom the insurer knows."""
    name, number, born_on = ZHANG
    patient = PatientFactory(name=name, id_number=number, born_on=born_on)
    GuardianshipFactory(patient=patient)
    return patient


@pytest.fixture
def user(patient: Patient) -> User:
    """Who pays."""
    return patient.guardianships.get().user


@pytest.fixture
def bill(patient: Patient) -> Iterator[Bill]:
    """A consultation fee of 10.00 yuan, class A, for hypertension; whatever happens to it, the books agree in the end."""
    item = PriceItemFactory(code="001102000010000", name="普通门诊诊查费", insurance_code="001102000010000")
    PriceFactory(item=item, amount=Decimal("10.00"))
    doctor = PractitionerFactory()
    now = clock.now()
    hypertension = DiagnosisCode.objects.create(
        insurance_code="I10.x00x002", insurance_name="高血压", clinical_code="I10.x00x002", name="高血压",
        group="高血压", pinyin="gxy gaoxueya",
    )  # fmt: skip
    encounter = Encounter.objects.create(
        number="V20261121001", kind=EncounterKind.ONLINE_REVISIT, institution=doctor.institution,
        department=doctor.department, practitioner=doctor, patient=patient,
        coverage=CoverageFactory(patient=patient), known_disease=hypertension,
        service_on=clock.day_of(now), opened_at=now,
    )  # fmt: skip
    quote = quote_for(
        lines=[ServiceLine("fee", item.code, Decimal(1))],
        institution=doctor.institution,
        service_on=encounter.service_on,
    )
    made = open_bill(
        encounter_id=encounter.pk, purpose=BillPurpose.CONSULTATION, quote=quote, by=None, at=now
    )
    yield made
    made.refresh_from_db()
    assert disagreements(made) == []


def ask_again(work: Callable[[], None]) -> None:
    """The moment of the schedule comes: what the insurer owes an answer about is asked again."""
    Claim.objects.filter(next_ask_at__isnull=False).update(next_ask_at=clock.now())
    sweep(at=clock.now())
    work()


@pytest.fixture
def checkout(bill: Bill, user: User, simulators: Simulators, work: Callable[[], None]) -> Checkout:
    """An insured checkout whose estimate is known; her account holds 1.00, so she pays 2.00 in cash."""
    simulators.control("insurer", "person", id_number=ZHANG[1], balance="1.00", deducted="300.00")
    now = clock.now()
    made = open_checkout(
        bill_id=bill.pk, uses_insurance=True, pay_by=now + timedelta(minutes=15), by=user, at=now
    )
    work()
    made.refresh_from_db()
    return made


def settlements_at_the_insurer(simulators: Simulators) -> list[dict[str, Any]]:
    """Everything the insurer holds, settlements and cancellations."""
    answer = httpx.get(f"{simulators.url}/insurer/control/settlements/", timeout=30)
    return list(answer.json()["settlements"])


def pay(checkout: Checkout, user: User, simulators: Simulators, work: Callable[[], None]) -> PaymentOrder:
    """She opens WeChat Pay and pays; nobody notifies us, so the order is asked about."""
    start_payment(checkout_id=checkout.pk, scene=Scene.NATIVE, by=user, at=clock.now())
    work()
    order = PaymentOrder.objects.filter(bill=checkout.bill_id).latest("pk")
    simulators.control("wechatpay", "pay", out_trade_no=order.number)
    ask_about(order_id=order.pk)
    work()
    checkout.refresh_from_db()
    return order


def finish_refund(work: Callable[[], None]) -> None:
    """The channel needs a moment; it is asked until it is done."""
    for _question in range(5):
        for refund in Refund.objects.exclude(state="done"):
            send_refund(refund_id=refund.pk)
        work()
