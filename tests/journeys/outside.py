"""The world outside the hospital: what it is told to do wrong, and what it holds."""

from typing import Any

import httpx

SIMULATORS = {
    "insurer": "clear_faults",
    "wechatpay": "reset",
    "alipay": "reset",
    "identity": "reset",
    "sms": "reset",
}
"""Each with the verb that takes its faults away."""


class Outside:
    """The control pages of the simulators."""

    def __init__(self, url: str) -> None:
        """``url`` is that of the simulators, without a slash at the end."""
        self.url = url

    def behave(self) -> None:
        """Take every fault away."""
        for name, verb in SIMULATORS.items():
            self._order(name, verb)

    def insurer_goes_wrong(self, transaction: str, kind: str, *, times: int = 1, seconds: float = 1) -> None:
        """One of the insurer's transactions fails in one way, so many times."""
        self._order("insurer", "faults", infno=transaction, kind=kind, count=times, delay_seconds=seconds)

    def account_holds(self, id_number: str, yuan: str) -> None:
        """Set what a person's insurance account holds."""
        self._order("insurer", "person", id_number=id_number, balance=yuan)

    def wechat_goes_wrong(self, kind: str, verb: str = "", *, times: int = 1, seconds: float = 1) -> None:
        """WeChat Pay fails in one way, so many times."""
        self._order("wechatpay", "faults", kind=kind, verb=verb, times=times, seconds=seconds)

    def alipay_goes_wrong(self, kind: str, verb: str = "", *, times: int = 1, seconds: float = 1) -> None:
        """Alipay fails in one way, so many times."""
        self._order("alipay", "faults", kind=kind, verb=verb, times=times, seconds=seconds)

    def insurer_holds_otherwise(self, change: str, msgid: str, amount: str = "0") -> str:
        """Let the insurer hold another record than it made; returns the number of the one it holds now."""
        answer = httpx.post(
            f"{self.url}/insurer/control/alter/",
            json={"change": change, "msgid": msgid, "amount": amount},
            timeout=30,
        )
        assert answer.is_success, answer.text
        return str(answer.json()["setl_id"])

    def bill_leaves_out(self, number: str) -> None:
        """WeChat's bill of the day says nothing of a payment."""
        self._order("wechatpay", "bill", kind="forget", number=number)

    def faults_left(self) -> int:
        """How often the insurer will still do wrong."""
        return sum(int(fault["remaining"]) for fault in self._read("insurer/control/")["faults"])

    def settlements(self, visit_at_insurer: str) -> list[tuple[int, str]]:
        """Sign and total of every settlement and cancellation of a visit, oldest first."""
        rows = self._read("insurer/control/settlements/", mdtrt_id=visit_at_insurer)["settlements"]
        return [(int(row["sign"]), str(row["medfee_sumamt"])) for row in rows]

    def orders(self, number: str) -> list[str]:
        """States of WeChat's orders that bear our number."""
        return [str(one["trade_state"]) for one in self._channel(number)["orders"]]

    def refunds(self, number: str) -> list[tuple[str, int]]:
        """State and fen of every refund of an order."""
        rows = self._channel(number)["refunds"]
        return [(str(row["status"]), int(row["amount"]["refund"])) for row in rows]

    def alipay_trades(self, number: str) -> list[str]:
        """States of Alipay's trades that bear our number."""
        return [str(one["trade_status"]) for one in self._alipay(number)["trades"]]

    def alipay_refunds(self, number: str) -> list[str]:
        """Yuan of every refund of a trade."""
        return [str(one["refund_amount"]) for one in self._alipay(number)["refunds"]]

    def _alipay(self, number: str) -> dict[str, Any]:
        return self._read("alipay/control/", format="json", out_trade_no=number)

    def paid(self, number: str) -> int:
        """Fen of the one order that bears our number."""
        (order,) = self._channel(number)["orders"]
        return int(order["amount"]["total"])

    def notifications_taken(self, number: str) -> int:
        """How many notifications of an order the hospital has taken."""
        return sum(1 for one in self._channel(number)["notifications"] if one["delivered_at"])

    def texts(self, mobile: str) -> list[dict[str, Any]]:
        """Text messages to a phone, newest first."""
        found: list[dict[str, Any]] = self._read("sms/control/messages", mobile=mobile)["messages"]
        return found

    def _channel(self, number: str) -> dict[str, Any]:
        return self._read("wechatpay/control/", format="json", out_trade_no=number)

    def _read(self, path: str, **asked: str) -> dict[str, Any]:
        answer = httpx.get(f"{self.url}/{path}", params=asked, timeout=30)
        assert answer.is_success, answer.text
        read: dict[str, Any] = answer.json()
        return read

    def _order(self, name: str, order: str, /, **fields: object) -> None:
        answer = httpx.post(f"{self.url}/{name}/control/{order}/", json=fields, timeout=30)
        assert answer.is_success, answer.text
