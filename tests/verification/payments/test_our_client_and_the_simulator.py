"""Our client and the simulated WeChat Pay agree on every verb, every refusal and every fault."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from django.utils import timezone

from payments.gateway.client import WeChatPayClient
from payments.gateway.messages import (
    OrderRequest,
    RefundRequest,
    RefundStatus,
    TradeState,
    with_return_address,
)
from payments.gateway.port import NotificationRejected, PaymentRefused, PaymentUnanswered
from tests.verification.notified import NotifyAddress, number, wait_until
from tests.verification.payments.conftest import config_for
from tests.verification.simulators import Simulators


def refund_of(order: OrderRequest, fen: int, **changes: object) -> RefundRequest:
    asked = RefundRequest(
        number("R"), order.out_trade_no, fen, order.amount_fen, "医师停诊", order.notify_url
    )
    return replace(asked, **changes)  # type: ignore[arg-type]


def pay(simulators: Simulators, order: OrderRequest) -> None:
    simulators.control("wechatpay", "pay", out_trade_no=order.out_trade_no)


@pytest.fixture
def paid(simulators: Simulators, client: WeChatPayClient, order: OrderRequest) -> OrderRequest:
    client.place_native_order(order)
    pay(simulators, order)
    return order


# -- verbs ----------------------------------------------------------------------------------------


def test_a_native_order_gives_a_code_to_scan(client: WeChatPayClient, order: OrderRequest) -> None:
    assert client.place_native_order(order).startswith("weixin://wxpay/bizpayurl?pr=")


def test_the_same_order_twice_is_one_order_with_one_code(
    client: WeChatPayClient, order: OrderRequest
) -> None:
    assert client.place_native_order(order) == client.place_native_order(order)


def test_an_h5_order_gives_an_address_that_takes_the_way_back(
    client: WeChatPayClient, order: OrderRequest
) -> None:
    address = with_return_address(client.place_h5_order(order), "https://xinglin.example/pay/7?done=1")

    assert parse_qs(urlsplit(address).query)["redirect_url"] == ["https://xinglin.example/pay/7?done=1"]
    assert httpx.get(address).status_code == 200


def test_an_unpaid_order_is_not_paid(client: WeChatPayClient, order: OrderRequest) -> None:
    client.place_native_order(order)

    state = client.query_order(order.out_trade_no)

    assert (state.trade_state, state.amount_fen, state.paid_fen) == (TradeState.NOTPAY, 700, 0)


def test_a_paid_order_says_who_paid_how_much_and_when(client: WeChatPayClient, paid: OrderRequest) -> None:
    state = client.query_order(paid.out_trade_no)

    assert (state.trade_state, state.paid_fen, state.trade_type) == (TradeState.SUCCESS, 700, "NATIVE")
    assert state.transaction_id
    assert state.payer_openid
    assert state.paid_at is not None
    assert abs(timezone.now() - state.paid_at) < timedelta(minutes=1)


def test_a_closed_order_cannot_be_paid_and_closing_again_changes_nothing(
    simulators: Simulators, client: WeChatPayClient, order: OrderRequest
) -> None:
    client.place_native_order(order)
    client.close_order(order.out_trade_no)
    client.close_order(order.out_trade_no)

    answer = httpx.post(f"{simulators.url}/wechatpay/control/pay/", json={"out_trade_no": order.out_trade_no})

    assert answer.status_code == 409
    assert client.query_order(order.out_trade_no).trade_state is TradeState.CLOSED


def test_a_refund_is_taken_on_and_then_done(client: WeChatPayClient, paid: OrderRequest) -> None:
    refund = refund_of(paid, 300)

    taken = client.request_refund(refund)
    done = client.query_refund(refund.out_refund_no)

    assert taken.status is RefundStatus.PROCESSING
    assert (done.status, done.refund_fen, done.total_fen) == (RefundStatus.SUCCESS, 300, 700)
    assert done.succeeded_at is not None
    assert client.query_order(paid.out_trade_no).trade_state is TradeState.REFUND


def test_partial_refunds_may_add_up_to_the_order_and_no_further(
    client: WeChatPayClient, paid: OrderRequest
) -> None:
    client.request_refund(refund_of(paid, 300))
    client.request_refund(refund_of(paid, 400))

    with pytest.raises(PaymentRefused, match="INVALID_REQUEST"):
        client.request_refund(refund_of(paid, 1))


def test_the_same_refund_twice_refunds_once(
    simulators: Simulators, client: WeChatPayClient, paid: OrderRequest
) -> None:
    refund = refund_of(paid, 400)

    first, second = client.request_refund(refund), client.request_refund(refund)

    assert first.refund_id == second.refund_id
    held = simulators.holdings("wechatpay", out_trade_no=paid.out_trade_no)
    assert [row["amount"]["refund"] for row in held["refunds"]] == [400]


# -- refusals -------------------------------------------------------------------------------------


@pytest.mark.parametrize("change", [{"amount_fen": 800}, {"description": "药费"}, {"attach": "x"}])
def test_the_same_number_with_other_words_is_refused(
    client: WeChatPayClient, order: OrderRequest, change: dict[str, object]
) -> None:
    client.place_native_order(order)

    with pytest.raises(PaymentRefused) as refused:
        client.place_native_order(replace(order, **change))  # type: ignore[arg-type]

    assert refused.value.code == "INVALID_REQUEST"


def test_the_same_number_for_another_kind_of_payment_is_refused(
    client: WeChatPayClient, order: OrderRequest
) -> None:
    client.place_native_order(order)

    with pytest.raises(PaymentRefused) as refused:
        client.place_h5_order(order)

    assert (refused.value.status, refused.value.code) == (403, "OUT_TRADE_NO_USED")


def test_a_paid_order_is_not_ordered_again_nor_closed(client: WeChatPayClient, paid: OrderRequest) -> None:
    with pytest.raises(PaymentRefused) as ordered:
        client.place_native_order(paid)
    with pytest.raises(PaymentRefused) as closed:
        client.close_order(paid.out_trade_no)

    assert ordered.value.is_already_paid
    assert closed.value.is_already_paid


def test_a_closed_order_is_not_ordered_again(client: WeChatPayClient, order: OrderRequest) -> None:
    client.place_native_order(order)
    client.close_order(order.out_trade_no)

    with pytest.raises(PaymentRefused, match="ORDER_CLOSED"):
        client.place_native_order(order)


def test_an_order_never_placed_is_unknown(client: WeChatPayClient) -> None:
    with pytest.raises(PaymentRefused) as refused:
        client.query_order(number())

    assert refused.value.code == "ORDER_NOT_EXIST"
    assert refused.value.is_unknown


def test_a_refund_never_asked_for_is_unknown(client: WeChatPayClient) -> None:
    with pytest.raises(PaymentRefused) as refused:
        client.query_refund(number("R"))

    assert refused.value.code == "RESOURCE_NOT_EXISTS"
    assert refused.value.is_unknown


def test_an_unpaid_order_is_not_refunded(client: WeChatPayClient, order: OrderRequest) -> None:
    client.place_native_order(order)

    with pytest.raises(PaymentRefused, match="INVALID_REQUEST"):
        client.request_refund(refund_of(order, 700))


def test_a_refund_must_name_the_right_total(client: WeChatPayClient, paid: OrderRequest) -> None:
    with pytest.raises(PaymentRefused, match="INVALID_REQUEST"):
        client.request_refund(refund_of(paid, 300, total_fen=701))


def test_a_refund_number_is_not_used_for_another_amount(client: WeChatPayClient, paid: OrderRequest) -> None:
    refund = refund_of(paid, 300)
    client.request_refund(refund)

    with pytest.raises(PaymentRefused, match="INVALID_REQUEST"):
        client.request_refund(replace(refund, refund_fen=200))


@pytest.mark.parametrize(
    ("change", "code"),
    [({"mchid": "1900000000"}, "SIGN_ERROR"), ({"merchant_serial": "00"}, "SIGN_ERROR")],
)
def test_a_stranger_is_turned_away(
    simulators: Simulators, order: OrderRequest, change: dict[str, str], code: str
) -> None:
    stranger = WeChatPayClient(replace(config_for(simulators), **change))  # type: ignore[arg-type]

    with pytest.raises(PaymentRefused) as refused:
        stranger.place_native_order(order)

    assert (refused.value.status, refused.value.code) == (401, code)


def test_a_request_signed_ten_minutes_ago_is_turned_away(simulators: Simulators, order: OrderRequest) -> None:
    late = WeChatPayClient(config_for(simulators), now=lambda: timezone.now().timestamp() - 600)

    # The refusal is signed just now, which is ten minutes ahead of this client's clock.
    with pytest.raises(PaymentUnanswered, match="replay window"):
        late.place_native_order(order)


def test_an_app_that_is_not_the_merchants_is_refused(simulators: Simulators, order: OrderRequest) -> None:
    other = WeChatPayClient(replace(config_for(simulators), appid="wx0000000000000000"))

    with pytest.raises(PaymentRefused, match="APPID_MCHID_NOT_MATCH"):
        other.place_native_order(order)


@pytest.mark.parametrize(
    "change",
    [{"description": "长" * 128}, {"notify_url": "https://xinglin.example/n?a=1"}, {"description": ""}],
)
def test_a_wrong_field_is_named(client: WeChatPayClient, order: OrderRequest, change: dict[str, str]) -> None:
    with pytest.raises(PaymentRefused) as refused:
        client.place_native_order(replace(order, **change))  # type: ignore[arg-type]

    assert (refused.value.status, refused.value.code) == (400, "PARAM_ERROR")


# -- notifications --------------------------------------------------------------------------------


def test_a_payment_is_told(client: WeChatPayClient, paid: OrderRequest, notified: NotifyAddress) -> None:
    told = client.parse_notification(*notified.wait_for(1)[0])

    assert told.event_type == "TRANSACTION.SUCCESS"
    assert told.order == client.query_order(paid.out_trade_no)


def test_a_refund_is_told(client: WeChatPayClient, paid: OrderRequest, notified: NotifyAddress) -> None:
    refund = refund_of(paid, 700)
    client.request_refund(refund)

    told = client.parse_notification(*notified.wait_for(2)[1])

    assert told.event_type == "REFUND.SUCCESS"
    assert told.refund is not None
    assert (told.refund.out_refund_no, told.refund.refund_fen) == (refund.out_refund_no, 700)
    assert told.refund.status is RefundStatus.SUCCESS


def test_a_notification_not_taken_is_sent_again_with_the_same_id(
    simulators: Simulators, client: WeChatPayClient, order: OrderRequest, notified: NotifyAddress
) -> None:
    notified.answers = [500]
    client.place_native_order(order)
    pay(simulators, order)
    notified.wait_for(1)
    wait_until(lambda: _last_answer(simulators, order) == "500")

    simulators.control("wechatpay", "pump")

    first, second = (client.parse_notification(*post) for post in notified.wait_for(2))
    assert first.notification_id == second.notification_id
    assert _last_answer(simulators, order) == "200"


def _last_answer(simulators: Simulators, order: OrderRequest) -> str:
    held = simulators.holdings("wechatpay", out_trade_no=order.out_trade_no)
    return str(held["notifications"][0]["last_answer"])


def test_a_notification_outlives_the_simulator(
    simulators: Simulators, client: WeChatPayClient, order: OrderRequest, notified: NotifyAddress
) -> None:
    simulators.control("wechatpay", "faults", kind="delayed_notification", seconds=3)
    client.place_native_order(order)
    pay(simulators, order)
    simulators.kill()
    assert notified.posts == []

    simulators.start()

    told = client.parse_notification(*notified.wait_for(1)[0])
    assert told.order is not None
    assert told.order.out_trade_no == order.out_trade_no


# -- faults ---------------------------------------------------------------------------------------


def test_no_notification_leaves_the_query_to_tell(
    simulators: Simulators, client: WeChatPayClient, order: OrderRequest, notified: NotifyAddress
) -> None:
    simulators.control("wechatpay", "faults", kind="no_notification")
    client.place_native_order(order)
    pay(simulators, order)

    assert client.query_order(order.out_trade_no).is_paid
    simulators.control("wechatpay", "pump")
    assert notified.posts == []
    simulators.control("wechatpay", "pump", withheld=True)
    notified.wait_for(1)


def test_a_duplicate_notification_has_the_same_id(
    simulators: Simulators, client: WeChatPayClient, order: OrderRequest, notified: NotifyAddress
) -> None:
    simulators.control("wechatpay", "faults", kind="duplicate_notification")
    client.place_native_order(order)
    pay(simulators, order)

    first, second = (client.parse_notification(*post) for post in notified.wait_for(2))
    assert first == second


def test_a_forged_notification_is_rejected_and_the_true_one_follows(
    simulators: Simulators, client: WeChatPayClient, order: OrderRequest, notified: NotifyAddress
) -> None:
    simulators.control("wechatpay", "faults", kind="forged_notification")
    client.place_native_order(order)
    pay(simulators, order)
    forged, true = notified.wait_for(2)

    with pytest.raises(NotificationRejected, match="signature"):
        client.parse_notification(*forged)
    assert client.parse_notification(*true).order is not None


def test_a_late_notification_comes_when_its_time_has_come(
    simulators: Simulators, client: WeChatPayClient, order: OrderRequest, notified: NotifyAddress
) -> None:
    simulators.control("wechatpay", "faults", kind="delayed_notification", seconds=600)
    client.place_native_order(order)
    pay(simulators, order)

    held = simulators.holdings("wechatpay", out_trade_no=order.out_trade_no)
    assert held["notifications"][0]["attempts"] == 0
    simulators.control("wechatpay", "pump")
    notified.wait_for(1)


@pytest.mark.parametrize("kind", ["server_error", "frequency_limited", "wrong_signature"])
def test_a_failing_query_settles_nothing_and_the_next_one_tells(
    simulators: Simulators, client: WeChatPayClient, paid: OrderRequest, kind: str
) -> None:
    simulators.control("wechatpay", "faults", kind=kind, verb="query")

    with pytest.raises(PaymentUnanswered):
        client.query_order(paid.out_trade_no)
    assert client.query_order(paid.out_trade_no).is_paid


def test_silence_before_the_refund_leaves_none(
    simulators: Simulators, client: WeChatPayClient, impatient_client: WeChatPayClient, paid: OrderRequest
) -> None:
    simulators.control("wechatpay", "faults", kind="silent_before", verb="refund", seconds=20)
    refund = refund_of(paid, 700)

    with pytest.raises(PaymentUnanswered):
        impatient_client.request_refund(refund)

    with pytest.raises(PaymentRefused) as unknown:
        client.query_refund(refund.out_refund_no)
    assert unknown.value.is_unknown


def test_silence_after_the_refund_leaves_one_and_asking_again_makes_no_second(
    simulators: Simulators, client: WeChatPayClient, impatient_client: WeChatPayClient, paid: OrderRequest
) -> None:
    simulators.control("wechatpay", "faults", kind="silent_after", verb="refund", seconds=20)
    refund = refund_of(paid, 700)

    with pytest.raises(PaymentUnanswered):
        impatient_client.request_refund(refund)
    client.request_refund(refund)

    assert client.query_refund(refund.out_refund_no).refund_fen == 700
    held = simulators.holdings("wechatpay", out_trade_no=paid.out_trade_no)
    assert len(held["refunds"]) == 1


def test_a_refund_can_stay_in_the_works_for_some_queries(
    simulators: Simulators, client: WeChatPayClient, paid: OrderRequest
) -> None:
    simulators.control("wechatpay", "faults", kind="refund_processing", queries=2)
    refund = refund_of(paid, 700)
    client.request_refund(refund)

    statuses = [client.query_refund(refund.out_refund_no).status for _ in range(3)]

    assert statuses == [RefundStatus.PROCESSING, RefundStatus.PROCESSING, RefundStatus.SUCCESS]


def test_a_refund_can_end_abnormal(
    simulators: Simulators, client: WeChatPayClient, paid: OrderRequest, notified: NotifyAddress
) -> None:
    simulators.control("wechatpay", "faults", kind="refund_abnormal")
    refund = refund_of(paid, 700)
    client.request_refund(refund)

    told = client.parse_notification(*notified.wait_for(2)[1])

    assert client.query_refund(refund.out_refund_no).status is RefundStatus.ABNORMAL
    assert told.event_type == "REFUND.ABNORMAL"
    assert told.refund is not None
    assert told.refund.succeeded_at is None


def test_what_ended_abnormal_comes_to_our_own_account_once(
    simulators: Simulators, client: WeChatPayClient, paid: OrderRequest
) -> None:
    simulators.control("wechatpay", "faults", kind="refund_abnormal")
    refund = refund_of(paid, 700)
    refund_id = client.request_refund(refund).refund_id
    with pytest.raises(PaymentRefused, match="INVALID_REQUEST"):
        client.send_to_merchant(refund_id, refund.out_refund_no)
    assert client.query_refund(refund.out_refund_no).status is RefundStatus.ABNORMAL

    taken = [client.send_to_merchant(refund_id, refund.out_refund_no).status for _time in range(2)]
    done = client.query_refund(refund.out_refund_no)

    assert taken == [RefundStatus.PROCESSING] * 2
    assert (done.status, done.is_with_merchant) == (RefundStatus.SUCCESS, True)
    with pytest.raises(PaymentRefused) as unknown:
        client.send_to_merchant(refund_id, "R00000000")
    assert unknown.value.is_unknown


def test_a_merchant_without_balance_cannot_refund(
    simulators: Simulators, client: WeChatPayClient, paid: OrderRequest
) -> None:
    simulators.control("wechatpay", "faults", kind="not_enough")

    with pytest.raises(PaymentRefused) as refused:
        client.request_refund(refund_of(paid, 700))

    assert (refused.value.status, refused.value.code) == (403, "NOT_ENOUGH")
