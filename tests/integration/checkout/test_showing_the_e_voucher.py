"""She shows her e-voucher beside the bill: the insurer then knows her by its token (01)."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.test import Client

from accounts.models import User
from billing.models import Bill
from checkout.models import Checkout
from checkout.operations import open_checkout
from checkout.states import CheckoutState
from insurance.models import GatewayMessage, VisitRegistration, VoucherAuthorization
from insurance.operations.vouchers import ask_authorization
from insurance.states import AuthorizationState
from kernel import clock
from kernel.errors import RulesBroken
from registry.models.patients import InsuranceType, Relation
from tests.factories.registry import CoverageFactory, GuardianshipFactory, PatientFactory
from tests.integration.checkout.conftest import ZHANG
from tests.verification.simulators import Simulators

pytestmark = pytest.mark.django_db(transaction=True)
Work = Callable[[], None]
TOKEN = f"EC{ZHANG[1]}"
JIANGUO = "330106195306159712"


@pytest.fixture
def without_mobile_payment(settings: Any, tmp_path: Path) -> None:
    """A city whose insurer is spoken to by the settlement interface alone."""
    (tmp_path / "city.yaml").write_text(
        "name: city\nextends: national\nregions: ['3301']\n"
        "values:\n  has_mobile_pay: {value: false, grade: demonstration}\n"
    )
    settings.INSURANCE_PROFILES_DIR = str(tmp_path)


@pytest.fixture
def phone(user: User, client: Client) -> Client:
    """Hers, in English."""
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


def opened(bill: Bill, user: User, work: Work) -> Checkout:
    """She wants to use her insurance."""
    now = clock.now()
    made = open_checkout(
        bill_id=bill.pk, uses_insurance=True, pay_by=now + timedelta(minutes=15), by=user, at=now
    )
    work()
    made.refresh_from_db()
    return made


def ask(phone: Client, bill: Bill, **form: Any) -> VoucherAuthorization:
    """She taps the button on the page of the bill."""
    phone.post(f"/pay/{bill.number}/", {"do": "voucher", "way": "face"} | form)
    return VoucherAuthorization.objects.latest("pk")


def answer(asked: VoucherAuthorization, phone: Client, bill: Bill, **form: str) -> str:
    """On the phone, and back to the hospital; returns the page she comes to."""
    led = httpx.post(asked.address, data={"person": ZHANG[1], "answer": "allow"} | form)
    path = led.headers["Location"].split("/", 3)[3]
    return phone.get(f"/{path}", follow=True).content.decode()


def certificates(code: str) -> list[tuple[str, str]]:
    """Kind and number by which she was known in the messages of a kind, oldest first."""
    found = []
    for message in GatewayMessage.objects.filter(transaction_code=code).order_by("pk"):
        said = json.loads(message.request_text)["input"]["data"]
        found.append((said["mdtrt_cert_type"], said["mdtrt_cert_no"]))
    return found


def test_where_the_area_asks_for_it_she_is_known_by_her_token_from_the_first_message(
    bill: Bill, user: User, phone: Client, simulators: Simulators, work: Work, settings: Any,
    without_mobile_payment: None,
) -> None:  # fmt: skip
    settings.INSURANCE_VOUCHER_REQUIRED = True
    checkout = opened(bill, user, work)
    assert checkout.state == CheckoutState.DECLINED
    assert "IN-20" in phone.get(f"/pay/{bill.number}/").content.decode()
    assert not GatewayMessage.objects.exists()

    answer(ask(phone, bill), phone, bill)
    work()
    checkout.refresh_from_db()
    assert checkout.state == CheckoutState.READY
    for code in ("1101", "2201", "2206A"):
        assert certificates(code) == [("01", TOKEN)], code


def test_shown_after_the_estimate_the_insurer_is_asked_anew_by_the_token(
    bill: Bill, user: User, phone: Client, simulators: Simulators, work: Work, without_mobile_payment: None
) -> None:
    checkout = opened(bill, user, work)
    asked = ask(phone, bill)
    page = phone.get(f"/pay/{bill.number}/").content.decode()
    assert asked.address in page
    assert "has shown the e-voucher" in answer(asked, phone, bill)
    work()
    checkout.refresh_from_db()
    assert checkout.state == CheckoutState.READY
    assert certificates("2201") == [("02", ZHANG[1])]
    assert certificates("2206A") == [("02", ZHANG[1]), ("01", TOKEN)]
    asked.refresh_from_db()
    assert (asked.state, asked.voucher_token) == (AuthorizationState.GIVEN, TOKEN)
    assert VisitRegistration.objects.get().authorization == asked


def test_what_she_does_not_allow_changes_nothing(
    bill: Bill, user: User, phone: Client, simulators: Simulators, work: Work
) -> None:
    checkout = opened(bill, user, work)
    page = answer(ask(phone, bill), phone, bill, answer="refuse")
    assert "It was not allowed. You can try again, or go on without it." in page
    checkout.refresh_from_db()
    assert checkout.state == CheckoutState.READY
    assert VoucherAuthorization.objects.get().state == AuthorizationState.REFUSED


def test_another_persons_e_voucher_is_not_taken(
    bill: Bill, user: User, phone: Client, simulators: Simulators, work: Work
) -> None:
    opened(bill, user, work)
    answer(ask(phone, bill), phone, bill, person=JIANGUO)
    refused = VoucherAuthorization.objects.get()
    assert (refused.state, refused.voucher_token) == (AuthorizationState.REFUSED, "")


def test_coming_back_without_an_answer_waits_and_asking_again_begins_anew(
    bill: Bill, user: User, phone: Client, simulators: Simulators, work: Work
) -> None:
    opened(bill, user, work)
    first = ask(phone, bill)
    page = phone.get(f"/pay/{bill.number}/voucher/{first.business_number}/", follow=True).content.decode()
    assert "The e-voucher has no answer yet." in page
    second = ask(phone, bill)
    first.refresh_from_db()
    assert (first.state, second.state) == (AuthorizationState.EXPIRED, AuthorizationState.REQUESTED)


def test_a_silent_platform_is_said_and_she_may_try_again(
    bill: Bill, user: User, phone: Client, simulators: Simulators, work: Work
) -> None:
    opened(bill, user, work)
    simulators.control("evoucher", "faults", kind="http_502")
    said = phone.post(f"/pay/{bill.number}/", {"do": "voucher", "way": "face"}, follow=True)
    assert "The e-voucher could not be reached." in said.content.decode()
    assert ask(phone, bill).state == AuthorizationState.REQUESTED


def test_a_family_account_helps_and_never_stands_for_her(
    bill: Bill, user: User, phone: Client, simulators: Simulators, work: Work
) -> None:
    opened(bill, user, work)
    helper = PatientFactory(name="张建国", id_number=JIANGUO)
    GuardianshipFactory(user=user, patient=helper, relation=Relation.SPOUSE)
    CoverageFactory(patient=helper)
    answer(ask(phone, bill, payer=helper.pk), phone, bill, person=JIANGUO)
    work()
    given = VoucherAuthorization.objects.get()
    assert (given.state, given.is_family) == (AuthorizationState.GIVEN, True)
    assert given.payment_number.startswith("AUTH")
    assert VisitRegistration.objects.get().authorization is None
    assert certificates("2206A") == [("02", ZHANG[1])] * 2


def test_in_22_a_stranger_or_a_residents_account_does_not_help(
    bill: Bill, user: User, simulators: Simulators
) -> None:
    stranger = PatientFactory(id_number=JIANGUO)
    child = PatientFactory(id_number="330106201809019939")
    GuardianshipFactory(user=user, patient=child, relation=Relation.CHILD)
    CoverageFactory(patient=child, insurance_type=InsuranceType.RESIDENT)
    for payer in (stranger, child):
        with pytest.raises(RulesBroken) as refused:
            ask_authorization(
                encounter_id=bill.encounter_id, payer_id=payer.pk, way="face", by=user, at=clock.now()
            )
        assert [each.rule for each in refused.value.violations] == ["IN-22"]
    assert not VoucherAuthorization.objects.exists()


def test_nobody_elses_authorisation_can_be_opened(
    bill: Bill, user: User, phone: Client, simulators: Simulators, work: Work
) -> None:
    opened(bill, user, work)
    asked = ask(phone, bill)
    other = GuardianshipFactory(patient=bill.encounter.patient, relation=Relation.CHILD).user
    GuardianshipFactory(user=other)
    stranger = Client()
    stranger.force_login(other, backend="django.contrib.auth.backends.ModelBackend")
    assert stranger.get(f"/pay/{bill.number}/voucher/{asked.business_number}/").status_code == 404
