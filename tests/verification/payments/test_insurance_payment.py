"""WeChat's insurance payment: our client and the simulator agree on orders, refunds and the notification."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from payments.gateway.med_ins import (
    MedInsAmounts,
    MedInsOrder,
    MedInsOrderType,
    MedInsRefund,
    MixPayStatus,
    MixPayType,
    id_digest,
)
from payments.gateway.med_ins_client import MedInsClient
from payments.gateway.port import NotificationRejected, PaymentRefused, PaymentUnanswered
from tests.verification.notified import NotifyAddress, number
from tests.verification.payments.conftest import config_for
from tests.verification.simulators import Simulators

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
# 10.00 yuan: fund 7.00, account 2.00, cash 1.00; delivery 6.00 on top, 0.50 off.
AMOUNTS = MedInsAmounts(
    total=1600, fund=700, account=200, other=0, cash=100, wechat_cash=650, added=(("FREIGHT", 600),),
    reduced=(("HOSPITAL_REDUCE", 50),),
)  # fmt: skip


@pytest.fixture(scope="module")
def wechat(running_simulators: Simulators) -> Iterator[MedInsClient]:
    """Our client."""
    opened = MedInsClient(config_for(running_simulators))
    yield opened
    opened.close()


@pytest.fixture
def insured(notified: NotifyAddress) -> MedInsOrder:
    """A prescription paid by insurance and cash, not yet asked for."""
    return MedInsOrder(
        out_trade_no=number("MI"), order_type=MedInsOrderType.PRESCRIPTION, amounts=AMOUNTS, payer_openid="oUpF8u",
        payer_name="张秀英", payer_id_number="33010619560308982x", serial_no="E1", institution_code="H33010000001",
        institution_name="演示市第一人民医院", city_code="330100", created_at=NOW, notify_url=notified.url,
        centre_number="ORD1", payment_permission=f"AUTH{number()}",
    )  # fmt: skip


def test_an_order_is_placed_paid_and_told(
    wechat: MedInsClient, insured: MedInsOrder, simulators: Simulators, notified: NotifyAddress
) -> None:
    placed = wechat.place_med_ins_order(insured)
    assert (placed.status, placed.total_fen, placed.fund_fen, placed.cash_fen) == (
        MixPayStatus.CREATED,
        1600,
        700,
        650,
    )

    simulators.control("wechatpay", "med-ins-pay", out_trade_no=insured.out_trade_no)
    [(headers, body)] = notified.wait_for(1)
    told = wechat.parse_notification(headers, body)

    assert told.event_type == "MEDICAL_INSURANCE.SUCCESS"
    assert told.med_ins == wechat.query_med_ins_order(insured.out_trade_no)
    assert told.med_ins.status == MixPayStatus.SUCCESS
    assert (told.med_ins.self_pay_status, told.med_ins.insurance_status) == (
        "SELF_PAY_SUCCESS",
        "MED_INS_PAY_SUCCESS",
    )
    with pytest.raises(NotificationRejected):
        wechat.parse_notification(headers, body.replace(b"MEDICAL", b"MEDICAI"))


def test_the_same_order_twice_is_one_order_and_other_words_are_refused(
    wechat: MedInsClient, insured: MedInsOrder
) -> None:
    assert wechat.place_med_ins_order(insured) == wechat.place_med_ins_order(insured)
    with pytest.raises(PaymentRefused) as refused:
        wechat.place_med_ins_order(replace(insured, serial_no="E2"))
    assert refused.value.code == "268512536"


def test_an_order_that_was_never_placed_is_unknown(wechat: MedInsClient) -> None:
    with pytest.raises(PaymentRefused) as refused:
        wechat.query_med_ins_order("MI000000")
    assert refused.value.is_unknown


def test_a_refund_of_the_insurance_part_is_told_once_and_never_above_what_was_paid(
    wechat: MedInsClient, insured: MedInsOrder, simulators: Simulators
) -> None:
    placed = wechat.place_med_ins_order(insured)
    back = MedInsRefund(placed.mix_trade_no, number("R"), NOW, total=900, fund=700, account=200, other=0)
    with pytest.raises(PaymentRefused):
        wechat.tell_med_ins_refund(back)
    simulators.control("wechatpay", "med-ins-pay", out_trade_no=insured.out_trade_no)

    wechat.tell_med_ins_refund(back)
    wechat.tell_med_ins_refund(back)

    with pytest.raises(PaymentRefused, match="超过"):
        wechat.tell_med_ins_refund(replace(back, out_refund_no=number("R"), total=901, fund=701))


@pytest.mark.parametrize("kind", ["server_error", "wrong_signature"])
def test_an_answer_that_cannot_be_relied_upon_is_none(
    wechat: MedInsClient, insured: MedInsOrder, simulators: Simulators, kind: str
) -> None:
    simulators.control("wechatpay", "faults", kind=kind, verb="med_ins_place")

    with pytest.raises(PaymentUnanswered):
        wechat.place_med_ins_order(insured)
    assert wechat.place_med_ins_order(insured).status == MixPayStatus.CREATED


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"total": 1601}, "med_ins_cash_fee.*wechat_pay_cash_fee"),
        ({"wechat_cash": 651}, "wechat_pay_cash_fee"),
        ({"fund": -700, "total": 200}, "negative"),
        ({"added": (("TIP", 600),)}, "addition is not known"),
        ({"reduced": (("TIP", 50),)}, "reduction is not known"),
        ({"added": (("FREIGHT", 600), ("FREIGHT", 0))}, "one fen"),
    ],
)
def test_amounts_that_break_a_sum_are_refused_before_anything_is_sent(
    changes: dict[str, Any], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        replace(AMOUNTS, **changes)


def test_who_pays_follows_from_the_amounts(insured: MedInsOrder) -> None:
    only_cash = MedInsAmounts(total=100, fund=0, account=0, other=0, cash=100, wechat_cash=100)
    only_insured = MedInsAmounts(total=100, fund=70, account=30, other=0, cash=0, wechat_cash=0)

    assert [row.mix_pay_type for row in (only_cash, only_insured, AMOUNTS)] == [
        MixPayType.CASH_ONLY, MixPayType.INSURANCE_ONLY, MixPayType.CASH_AND_INSURANCE,
    ]  # fmt: skip
    with pytest.raises(ValueError, match="payAuthNo"):
        replace(insured, payment_permission="")


def test_a_payer_is_named_by_the_digest_of_the_number_in_upper_case() -> None:
    # MD5 of "33010619560308982X", computed with md5sum.
    assert (
        id_digest("33010619560308982x")
        == id_digest("33010619560308982X")
        == "a1fee4a1c762d3f501cbed6e6f1e47dd"
    )
