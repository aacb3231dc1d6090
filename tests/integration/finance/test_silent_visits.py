"""A paid visit without a word of the doctor is listed for the finance office, which gives the fee back."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from billing.models import Bill
from consultations.models import Revisit
from consultations.operations.chat import send_message
from finance.queries.overview import waiting
from finance.queries.silent_visits import ANSWERED_BY_THEN, silent_visits
from refunds.models import RefundRequest
from refunds.states import RefundRequestState
from tests.factories.consultations import Booking, booking, slot
from tests.factories.registry import PractitionerFactory

pytestmark = pytest.mark.django_db
NOW = timezone.now().replace(microsecond=0)


@pytest.fixture
def begun(db: None) -> Booking:
    """Paid, and accepted by the doctor."""
    made = booking(slot(PractitionerFactory(), starts_at=NOW), at=NOW).prepare().price().pay()
    return made.begin()


def _numbers(*, after: timedelta = ANSWERED_BY_THEN * 2) -> list[int]:
    return list(silent_visits(at=NOW + after).values_list("pk", flat=True))


def test_a_visit_begun_long_ago_or_ended_without_a_word_is_listed(begun: Booking) -> None:
    assert _numbers(after=timedelta(hours=1)) == []
    assert _numbers() == [begun.revisit.pk]
    Revisit.objects.update(state="completed")
    assert _numbers(after=timedelta(hours=1)) == [begun.revisit.pk]
    assert waiting(at=NOW + timedelta(hours=1)).silent_visits == 1


def test_a_word_of_the_doctor_is_an_answer_one_of_hers_is_not(begun: Booking) -> None:
    send_message(number=begun.number, text="您好，医生在吗", client_key=uuid4(), by=begun.user, at=NOW)
    assert _numbers() == [begun.revisit.pk]
    send_message(number=begun.number, text="在的", client_key=uuid4(), by=begun.doctor, at=NOW)
    assert _numbers() == []


def test_what_is_not_paid_or_asked_back_is_not_listed(begun: Booking, clerk: User) -> None:
    bill = begun.now().bill
    assert bill is not None
    RefundRequest.objects.create(
        number="F1", bill=bill, situation="silent_visit", scope="whole", state=RefundRequestState.REQUESTED,
        reason="医生未答复", asked_amount=bill.total_amount, requested_by=clerk, requested_at=NOW,
    )  # fmt: skip
    assert _numbers() == []
    RefundRequest.objects.update(state=RefundRequestState.DECLINED)
    assert _numbers() == [begun.revisit.pk]
    Bill.objects.filter(pk=bill.pk).update(state="refunded", refunded_at=NOW)
    assert _numbers() == []


def test_the_page_leads_to_giving_it_back_with_the_situation_chosen(begun: Booking, office: Client) -> None:
    Revisit.objects.update(state="completed")
    bill = begun.now().bill
    assert bill is not None
    page = office.get(reverse("finance:silent_visits")).content.decode()
    address = reverse("refunds:give_back", args=[bill.number]) + "?situation=silent_visit"
    assert address in page
    assert begun.revisit.encounter.patient.name not in page
    assert '<option value="silent_visit" selected>' in office.get(address).content.decode()
