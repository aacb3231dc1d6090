"""What both channels do to a merchant who waits to be told: late, twice, in the wrong order, never, again."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qs

import pytest
from alipay import AliPay
from wechatpayv3 import WeChatPay, WeChatPayType

from simulators import keys
from tests.verification.notified import NotifyAddress, number, wait_until
from tests.verification.simulators import Simulators

Post = tuple[dict[str, str], bytes]


@dataclass
class Channel:
    """One channel by its SDK. ``name``: of its simulator; ``event``: id and refund of a notification, 0 for none."""

    name: str
    simulators: Simulators
    place: Callable[[str], object]
    refund: Callable[[str], object]
    event: Callable[[Post], tuple[str, int]]

    def paid_order(self) -> str:
        """The number of a new order of seven yuan that was paid."""
        out_trade_no = number()
        self.place(out_trade_no)
        self.simulators.control(self.name, "pay", out_trade_no=out_trade_no)
        return out_trade_no

    def fault(self, kind: str, **fields: object) -> None:
        """Let the next notification go wrong."""
        self.simulators.control(self.name, "faults", kind=kind, **fields)

    def notification(self, out_trade_no: str) -> dict[str, object]:
        """How the newest notification of an order stands."""
        held = self.simulators.holdings(self.name, out_trade_no=out_trade_no)["notifications"]
        return dict(held[0])


def _wechat(simulators: Simulators, notify_url: str) -> Channel:
    given = simulators.keys.settings
    sdk = WeChatPay(
        wechatpay_type=WeChatPayType.NATIVE,
        mchid=given["WECHATPAY_MCHID"],
        private_key=simulators.keys.pem(keys.MERCHANT_KEY).decode(),
        cert_serial_no=given["WECHATPAY_SERIAL"],
        appid=given["WECHATPAY_APPID"],
        apiv3_key=given["WECHATPAY_APIV3_KEY"],
        notify_url=notify_url,
        public_key=simulators.keys.pem(keys.PUBLIC_KEY).decode(),
        public_key_id=given["WECHATPAY_PUBLIC_KEY_ID"],
    )
    sdk._core._gate_way = f"{simulators.url}/wechatpay"

    def refund(out_trade_no: str) -> None:
        amount = {"refund": 300, "total": 700, "currency": "CNY"}
        out_refund_no = number("R")
        sdk.refund(out_refund_no=out_refund_no, out_trade_no=out_trade_no, amount=amount)
        sdk.query_refund(out_refund_no=out_refund_no)

    def event(post: Post) -> tuple[str, int]:
        told = sdk.callback(*post)
        return told["id"], told["resource"]["amount"].get("refund", 0)

    return Channel("wechatpay", simulators, lambda n: sdk.pay("诊查费", n, {"total": 700}), refund, event)


def _alipay(simulators: Simulators, sdk: AliPay) -> Channel:
    def event(post: Post) -> tuple[str, int]:
        fields = {name: values[0] for name, values in parse_qs(post[1].decode()).items()}
        sign = fields.pop("sign")
        assert sdk.verify(dict(fields), sign)
        return fields["notify_id"], int(fields.get("refund_fee", "0").replace(".", ""))

    return Channel(
        "alipay",
        simulators,
        lambda n: sdk.api_alipay_trade_precreate("诊查费", n, "7.00"),
        lambda n: sdk.api_alipay_trade_refund("3.00", out_trade_no=n, out_request_no=number("R")),
        event,
    )


@pytest.fixture(params=["wechatpay", "alipay"])
def channel(
    request: pytest.FixtureRequest, simulators: Simulators, alipay_sdk: AliPay, notified: NotifyAddress
) -> Channel:
    """Each channel in turn."""
    if request.param == "alipay":
        return _alipay(simulators, alipay_sdk)
    return _wechat(simulators, notified.url)


def test_it_tells_until_it_is_taken_with_one_id(channel: Channel, notified: NotifyAddress) -> None:
    notified.answers = [500]
    order = channel.paid_order()
    wait_until(lambda: channel.notification(order)["last_answer"] == "500")

    channel.simulators.control(channel.name, "pump")

    first, second = (channel.event(post) for post in notified.wait_for(2))
    assert first == second
    assert channel.notification(order)["delivered_at"]


def test_it_withholds_one_until_it_is_told_to_send_it(channel: Channel, notified: NotifyAddress) -> None:
    channel.fault("no_notification")
    order = channel.paid_order()

    channel.simulators.control(channel.name, "pump")
    assert notified.posts == []
    channel.simulators.control(channel.name, "pump", withheld=True)
    assert len(notified.posts) == 1
    assert channel.notification(order)["delivered_at"]


def test_it_tells_one_thing_twice(channel: Channel, notified: NotifyAddress) -> None:
    channel.fault("duplicate_notification")
    channel.paid_order()

    first, second = (channel.event(post) for post in notified.wait_for(2))
    assert first == second


def test_it_tells_late(channel: Channel, notified: NotifyAddress) -> None:
    channel.fault("delayed_notification", seconds=60)
    order = channel.paid_order()

    assert channel.notification(order)["attempts"] == 0
    channel.simulators.control(channel.name, "pump")
    assert len(notified.wait_for(1)) == 1


def test_a_refund_is_told_before_the_payment(channel: Channel, notified: NotifyAddress) -> None:
    channel.fault("reordered_notification")
    order = channel.paid_order()
    channel.simulators.control(channel.name, "pump")
    assert notified.posts == []

    channel.refund(order)

    first, second = (channel.event(post) for post in notified.wait_for(2))
    assert (first[1], second[1]) == (300, 0)


def test_a_thief_can_play_a_notification_again_to_the_byte(channel: Channel, notified: NotifyAddress) -> None:
    order = channel.paid_order()
    wait_until(lambda: bool(channel.notification(order)["delivered_at"]))

    answers = channel.simulators.control(channel.name, "replay", out_trade_no=order)["answers"]

    assert answers == ["200"]
    true, stolen = notified.wait_for(2)
    assert true[1] == stolen[1]
    signature = {"Wechatpay-Signature", "Wechatpay-Timestamp", "Wechatpay-Nonce"} & true[0].keys()
    assert [true[0][name] for name in sorted(signature)] == [stolen[0][name] for name in sorted(signature)]


def test_only_the_word_of_the_channel_ends_the_repetition(
    simulators: Simulators, alipay_sdk: AliPay, notified: NotifyAddress
) -> None:
    notified.words = b"failure"
    order = _alipay(simulators, alipay_sdk).paid_order()
    notified.wait_for(1)

    simulators.control("alipay", "pump")

    held = simulators.holdings("alipay", out_trade_no=order)["notifications"]
    assert held[0]["delivered_at"] is None
    assert held[0]["last_answer"] == "200"
