"""What insurer and channels hold of one bill, in their own words; of ours only the numbers are used."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from payments.models import Channel, PaymentOrder, Scene
from tests.verification.simulators import CLIENT, Simulators

ZERO = Decimal("0.00")
NAMES = {Channel.WECHAT: "wechatpay", Channel.ALIPAY: "alipay"}


@dataclass(frozen=True)
class AtChannel:
    """One order there; yuan."""

    paid: Decimal
    given_back: Decimal
    is_payable: bool
    cashier: str
    """Path of its page with the two buttons."""

    @property
    def held(self) -> Decimal:
        """What the channel has of it for us."""
        return self.paid - self.given_back


NOTHING = AtChannel(ZERO, ZERO, is_payable=False, cashier="")


def at_channel(simulators: Simulators, order: PaymentOrder) -> AtChannel:
    """What the channel of an order holds of it; nothing while it does not know the order."""
    held = simulators.holdings(NAMES[Channel(order.channel)], out_trade_no=order.number)
    return _of_wechat(held) if order.channel == Channel.WECHAT else _of_alipay(held, order)


def _of_wechat(held: dict[str, Any]) -> AtChannel:
    if not held["orders"]:
        return NOTHING
    [order] = held["orders"]
    back = [row["amount"]["refund"] for row in held["refunds"] if row["status"] == "SUCCESS"]
    return AtChannel(
        paid=Decimal(order["amount"]["total"]) / 100 if "transaction_id" in order else ZERO,
        given_back=Decimal(sum(back)) / 100,
        is_payable=order["trade_state"] == "NOTPAY",
        cashier=f"/wechatpay/cashier/{order['prepay_id']}/",
    )


def _of_alipay(held: dict[str, Any], order: PaymentOrder) -> AtChannel:
    if not held["trades"]:
        return NOTHING
    [trade] = held["trades"]
    back = [Decimal(row["refund_amount"]) for row in held["refunds"] if "refund_status" in row]
    return AtChannel(
        paid=Decimal(trade["total_amount"]) if "send_pay_date" in trade else ZERO,
        given_back=sum(back, ZERO),
        # A page that nobody opened cannot be closed there; see docs/integrations/alipay.md.
        is_payable=trade["trade_status"] == "WAIT_BUYER_PAY"
        and not trade["is_locked"]
        and (trade["is_seen"] or order.scene == Scene.PRECREATE),
        cashier=f"/alipay/cashier/{trade['code']}/",
    )


def tap_pay(simulators: Simulators, order: PaymentOrder) -> bool:
    """She taps Pay; whether the channel took her money."""
    _look(order)
    address = f"{simulators.url}/{NAMES[Channel(order.channel)]}/control/pay/"
    answer = CLIENT.post(address, json={"out_trade_no": order.number})
    assert answer.status_code in (200, 404, 409), answer.text
    return answer.status_code == 200


def tap_refuse(simulators: Simulators, order: PaymentOrder) -> None:
    """She taps Refuse."""
    _look(order)
    if path := at_channel(simulators, order).cashier:
        answer = CLIENT.post(f"{simulators.url}{path}", data={"choice": "refuse"})
        assert answer.status_code < 400, answer.text


def _look(order: PaymentOrder) -> None:
    """A page of Alipay's makes its trade when she arrives there."""
    if order.scene in (Scene.WAP, Scene.PAGE) and order.cashier_url:
        CLIENT.get(order.cashier_url, follow_redirects=True)


@dataclass(frozen=True)
class AtInsurer:
    """What the insurer owes the hospital; yuan."""

    fund: Decimal = ZERO
    account: Decimal = ZERO
    family: Decimal = ZERO
    in_force: int = 0
    """Settlements that stand."""


def at_insurer(simulators: Simulators, visit_number: str) -> AtInsurer:
    """Everything settled of a visit, less what was taken back."""
    if not visit_number:
        return AtInsurer()
    asked = {"mdtrt_id": visit_number}
    answer = CLIENT.get(f"{simulators.url}/insurer/control/settlements/", params=asked)
    rows = answer.json()["settlements"]
    accounts = total(rows, "medfee_sumamt") - total(rows, "fund_pay_sumamt") - total(rows, "psn_cash_pay")
    family = sum((Decimal(row["setlinfo"].get("acct_mulaid_pay") or 0) for row in rows), ZERO)
    return AtInsurer(
        fund=total(rows, "fund_pay_sumamt"), account=accounts - family, family=family,
        in_force=sum(row["in_force"] for row in rows),
    )  # fmt: skip


def total(rows: Iterable[dict[str, Any]], column: str) -> Decimal:
    """Yuan of one column."""
    return sum((Decimal(row[column]) for row in rows), ZERO)
