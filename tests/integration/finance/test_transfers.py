"""What a channel hands over to the bank is entered once (FN-30 to FN-32)."""

import pytest
from django.test import Client
from django.urls import reverse

from kernel import clock
from ledger.models import Posting
from ledger.queries import balance
from ledger.rules import AccountKey, AccountKind
from payments.models import PaymentOrder
from tests.integration.finance.conftest import yuan

pytestmark = pytest.mark.django_db


def _typed(order: PaymentOrder, **changes: str) -> dict[str, str]:
    return {
        "institution": str(order.bill.encounter.institution_id), "channel": "wechat", "reference": "TX-1",
        "on": clock.day_of(clock.now()).isoformat(), "gross": "10.00", "fee": "0.06",
    } | changes  # fmt: skip


def test_a_transfer_moves_money_from_the_channel_to_the_bank_and_keeps_the_fee(
    office: Client, paid: PaymentOrder
) -> None:
    office.post(reverse("finance:enter_transfer"), _typed(paid))
    institution = paid.bill.encounter.institution_id
    moved = {
        kind: balance(institution, AccountKey(kind, party=party)).posted
        for kind, party in (
            (AccountKind.BANK, ""), (AccountKind.CHANNEL_FEE, "wechat"), (AccountKind.CHANNEL_CLEARING, "wechat"),
        )
    }  # fmt: skip
    assert moved == {
        AccountKind.BANK: yuan("9.94"),
        AccountKind.CHANNEL_FEE: yuan("0.06"),
        AccountKind.CHANNEL_CLEARING: yuan("0.00"),
    }


def test_a_transfer_entered_twice_is_booked_once(office: Client, paid: PaymentOrder) -> None:
    for _click in range(2):
        assert office.post(reverse("finance:enter_transfer"), _typed(paid)).status_code == 302
    assert Posting.objects.filter(kind="channel_paid_out").count() == 1


def test_the_same_number_with_another_amount_is_refused(office: Client, paid: PaymentOrder) -> None:
    office.post(reverse("finance:enter_transfer"), _typed(paid, gross="5.00"))
    reply = office.post(reverse("finance:enter_transfer"), _typed(paid, gross="4.00"))
    assert reply.status_code == 422
    assert Posting.objects.filter(kind="channel_paid_out").count() == 1


def test_more_than_the_channel_holds_is_refused_beside_the_amount(office: Client, paid: PaymentOrder) -> None:
    reply = office.post(reverse("finance:enter_transfer"), _typed(paid, gross="10.01"))
    text = reply.content.decode()
    assert reply.status_code == 422
    assert "By the books the channel holds less than this." in text
    assert 'value="10.01"' in text


@pytest.mark.parametrize("gross", ["9.999", "1e400", "NaN", "-1", ""])
def test_what_is_no_amount_is_refused(office: Client, paid: PaymentOrder, gross: str) -> None:
    reply = office.post(reverse("finance:enter_transfer"), _typed(paid, gross=gross))
    assert reply.status_code == 422
    assert not Posting.objects.filter(kind="channel_paid_out").exists()
