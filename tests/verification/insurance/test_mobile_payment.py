"""Our client and the mobile payment centre's simulator agree on 6201, 6202, 6203, 6301, 6302 and 6401."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from insurance.gateway.client import InsuranceClient
from insurance.gateway.mobile.client import MobilePaymentClient
from insurance.gateway.mobile.replies import DONE, EXCEPTION, FAILED
from insurance.gateway.mobile.requests import ALL
from insurance.gateway.port import (
    GatewayMisconfigured,
    GatewayRefused,
    GatewayUnanswered,
)
from insurance.gateway.sealing import EnvelopeNotGenuine, open_sealed
from kernel import clock
from kernel.sm import sm2_key_pair
from tests.verification.insurance.paying_by_phone import PhoneOrder, centre_client, permission
from tests.verification.insurance.visiting import Hospital
from tests.verification.simulators import Simulators

SPLIT = (Decimal("7.00"), Decimal("2.00"), Decimal("1.00"))


@pytest.fixture
def phone(insurer: Simulators) -> Iterator[MobilePaymentClient]:
    """A client of a centre without orders and faults."""
    insurer.control("mobilepay", "reset", all=True)
    client = centre_client(insurer)
    yield client
    client.close()
    insurer.control("mobilepay", "reset", all=True)


@pytest.fixture
def order(hospital: Hospital, phone: MobilePaymentClient) -> PhoneOrder:
    """A visit that is registered, with its diagnoses."""
    return PhoneOrder(hospital, phone)


@pytest.fixture
def told(insurer: Simulators, phone: MobilePaymentClient) -> Callable[..., None]:
    """Tell the centre to play a fault: ``told("http_502_after", verb="6202")``."""

    def tell(kind: str, **more: Any) -> None:
        insurer.control("mobilepay", "faults", kind=kind, **more)

    return tell


def test_an_upload_says_who_would_pay_what(order: PhoneOrder) -> None:
    uploaded = order.upload()

    assert uploaded.preview is not None
    preview = uploaded.preview
    assert (preview.fund_amount, preview.account_amount, preview.cash_amount) == SPLIT
    assert [row.in_scope_amount for row in uploaded.lines] == [Decimal("10.00")]
    assert uploaded.visit_number == order.hospital.visit_number
    assert order.hospital.kept() == []


def test_an_order_is_paid_asked_about_and_given_back(order: PhoneOrder) -> None:
    before = order.hospital.balance()
    order.upload()
    placed = order.client.pay_order(order.pay_request()).reply
    assert (placed.status, placed.amounts) == ("2", SPLIT)

    settled = order.client.ask_order(order.ask_request()).reply
    assert (settled.status, settled.settlement_type, settled.amounts) == ("4", "HI", SPLIT)
    assert settled.order_number == order.number
    assert order.hospital.balance() == before - Decimal("2.00")
    assert [row["msgid"] for row in order.hospital.kept()] == [order.business_number]

    refunded = order.client.refund_order(order.refund_request()).reply
    assert refunded.outcome == DONE
    assert order.client.ask_order(order.ask_request()).reply.status == "8"
    assert order.hospital.balance() == before


def test_the_same_numbers_make_one_order_one_payment_and_one_refund(order: PhoneOrder) -> None:
    first, again = order.upload(), order.upload()
    assert first == again

    assert (
        order.client.pay_order(order.pay_request()).reply == order.client.pay_order(order.pay_request()).reply
    )
    refund = order.refund_request()
    later = replace(refund, asked_at=refund.asked_at + timedelta(minutes=3))
    outcomes = [order.client.refund_order(request).reply.outcome for request in (refund, later)]

    assert outcomes == [DONE, DONE]
    assert [Decimal(row["medfee_sumamt"]) for row in order.hospital.kept()] == [
        Decimal("10.00"),
        Decimal("-10.00"),
    ]


def test_the_same_number_with_other_words_is_refused(order: PhoneOrder) -> None:
    order.upload()

    with pytest.raises(GatewayRefused, match="内容不一致"):
        order.upload(department_name="全科")


def test_a_permission_to_pay_serves_once(
    order: PhoneOrder, client: InsuranceClient, insurer: Simulators
) -> None:
    order.upload()
    order.client.pay_order(order.pay_request())
    second = PhoneOrder(Hospital(insurer, client), order.client)
    second.permission = order.permission
    second.upload()

    with pytest.raises(GatewayRefused, match="payAuthNo"):
        second.client.pay_order(second.pay_request())
    assert second.client.ask_order(second.ask_request()).reply.status == "1"


def test_a_permission_that_nobody_gave_or_another_person_gave_serves_nobody(
    order: PhoneOrder, insurer: Simulators
) -> None:
    order.upload()

    for number in ("AUTH0", permission(insurer, "330106197905209848")):
        with pytest.raises(GatewayRefused, match="payAuthNo"):
            order.client.pay_order(order.pay_request(payment_permission=number))


def test_an_unpaid_order_is_revoked_for_good(order: PhoneOrder) -> None:
    order.upload()
    order.client.revoke_order(order.ask_request())
    order.client.revoke_order(order.ask_request())

    assert order.client.ask_order(order.ask_request()).reply.status == "12"
    with pytest.raises(GatewayRefused, match="不能支付"):
        order.client.pay_order(order.pay_request())


def test_a_paid_order_is_not_revoked(order: PhoneOrder) -> None:
    order.upload()
    order.client.pay_order(order.pay_request())

    with pytest.raises(GatewayRefused, match="不能撤销"):
        order.client.revoke_order(order.ask_request())


def test_the_centre_refuses_a_refund_of_more_than_was_paid(order: PhoneOrder) -> None:
    order.upload()
    order.client.pay_order(order.pay_request())
    more = order.refund_request(fund_amount=Decimal("8.00"), total_amount=Decimal("10.00"))
    everything = order.refund_request(kind=ALL, cash_amount=Decimal("2.00"), total_amount=Decimal("11.00"))

    for request in (more, everything):
        with pytest.raises(GatewayRefused, match="不一致"):
            order.client.refund_order(request)


@pytest.mark.parametrize("verb", ["payToken", "idNo", "orgCodg"])
def test_only_who_placed_the_order_may_speak_of_it(order: PhoneOrder, verb: str) -> None:
    order.upload()
    change = {"payToken": {"token": "x"}, "idNo": {"id_number": "1"}, "orgCodg": {"institution_code": "H0"}}[
        verb
    ]

    with pytest.raises(GatewayRefused):
        order.client.ask_order(order.ask_request(**change))


@pytest.mark.parametrize(
    "kind", ["http_502_after", "system_error_after", "not_json", "wrong_signature", "silent_after"]
)
def test_an_answer_that_is_lost_after_the_payment_is_found_by_asking(
    order: PhoneOrder, told: Callable[..., None], kind: str
) -> None:
    order.upload()
    told(kind, verb="6202", seconds=2)

    with pytest.raises(GatewayUnanswered):
        order.client.pay_order(order.pay_request())

    assert order.client.ask_order(order.ask_request()).reply.status == "4"
    assert len(order.hospital.kept()) == 1


def test_a_payment_that_never_arrived_leaves_the_order_open(
    order: PhoneOrder, told: Callable[..., None]
) -> None:
    order.upload()
    told("http_502", verb="6202")

    with pytest.raises(GatewayUnanswered):
        order.client.pay_order(order.pay_request())

    assert order.client.ask_order(order.ask_request()).reply.status == "1"


def test_an_order_may_stay_in_processing_and_may_fail(order: PhoneOrder, told: Callable[..., None]) -> None:
    told("stays_processing", queries=2)
    order.upload()
    order.client.pay_order(order.pay_request())

    statuses = [order.client.ask_order(order.ask_request()).reply.status for _ in range(3)]

    assert statuses == ["2", "2", "4"]


def test_a_failed_settlement_is_told_as_a_status(order: PhoneOrder, told: Callable[..., None]) -> None:
    told("settlement_fails")
    order.upload()

    assert order.client.pay_order(order.pay_request()).reply.status == "15"
    assert order.hospital.kept() == []


@pytest.mark.parametrize(
    ("kind", "outcome", "records"), [("refund_exp", EXCEPTION, 2), ("refund_fails", FAILED, 1)]
)
def test_a_refund_may_fail_or_not_be_known(
    order: PhoneOrder, told: Callable[..., None], kind: str, outcome: str, records: int
) -> None:
    order.upload()
    order.client.pay_order(order.pay_request())
    told(kind)
    request = order.refund_request()

    assert order.client.refund_order(request).reply.outcome == outcome
    assert len(order.hospital.kept()) == records
    assert order.client.refund_order(request).reply.outcome == DONE


def test_a_hospital_with_another_key_is_not_let_in(order: PhoneOrder, insurer: Simulators) -> None:
    order.upload()
    strange = centre_client(insurer, keys=replace(order.client.config.keys, private_key=sm2_key_pair()[0]))

    with pytest.raises(GatewayMisconfigured, match="验签失败"):
        strange.ask_order(order.ask_request())


def test_a_centre_with_another_key_is_not_believed(order: PhoneOrder, insurer: Simulators) -> None:
    order.upload()
    fooled = centre_client(
        insurer, keys=replace(order.client.config.keys, platform_public_key=sm2_key_pair()[1])
    )

    with pytest.raises(GatewayUnanswered, match="not believed"):
        fooled.ask_order(order.ask_request())


def test_a_hospital_whose_clock_is_wrong_is_not_let_in(order: PhoneOrder, insurer: Simulators) -> None:
    order.upload()
    slow = MobilePaymentClient(order.client.config, clock=lambda: clock.now() - timedelta(minutes=6))

    with pytest.raises(GatewayMisconfigured, match="timestamp"):
        slow.ask_order(order.ask_request())


def test_the_notification_is_sealed_and_says_what_a_query_says(
    order: PhoneOrder, insurer: Simulators
) -> None:
    order.upload()
    order.client.pay_order(order.pay_request())
    number, keys = order.uploaded.centre_number, order.client.config.keys

    body = insurer.control("mobilepay", "notification", payOrdId=number)
    forged = insurer.control("mobilepay", "notification", payOrdId=number, forged=True)

    data = open_sealed(body, keys, now=clock.now())
    assert (data["payOrdId"], data["ordStas"], data["callType"]) == (number, "4", "02")
    assert (data["feeSumamt"], data["fundPay"], data["psnAcctPay"], data["ownPayAmt"]) == (
        "10.00",
        "7.00",
        "2.00",
        "1.00",
    )
    with pytest.raises(EnvelopeNotGenuine):
        open_sealed(forged, keys, now=clock.now())
