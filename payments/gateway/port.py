"""The payment gateway as the rest of the application sees it."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import IO, Protocol

from payments.gateway.trade import Cashier, Notification, OrderRequest, OrderState, RefundRequest, RefundState
from payments.gateway.trade_bill import TradeLine

# TRADE_STATUS_ERROR: Alipay does not close what is not open; asking tells whether it is paid or closed.
_PAID = frozenset({"ORDERPAID", "ACQ.TRADE_HAS_SUCCESS", "ACQ.TRADE_STATUS_ERROR", "ACQ.TRADE_HAS_FINISHED"})


class PaymentRefused(Exception):
    """The gateway answered no, for good: asking again with the same words changes nothing.

    ``code`` is the gateway's own (``ORDER_NOT_EXIST``, ``ORDERPAID``, ``ACQ.TRADE_NOT_EXIST``, …).
    """

    def __init__(self, code: str, message: str, *, status: int = 400) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status

    @property
    def is_unknown(self) -> bool:
        """The gateway has no such order or refund."""
        return self.status == 404

    @property
    def is_already_paid(self) -> bool:
        """The order is over, most likely paid: query it, never order again."""
        return self.code in _PAID


class PaymentUnanswered(Exception):
    """Nobody knows whether it happened: no answer, a broken one, or one that cannot be trusted.

    The same call with the same numbers is safe to repeat, and a query tells what became of it.
    """


class NoBill(PaymentRefused):
    """There was no trade on the day, so there is no bill."""


class BillNotReady(PaymentRefused):
    """The bill of the day is still being made; it is there from ten in the morning on."""


class NotificationRejected(Exception):
    """A notification that must not be believed: unsigned, forged, replayed or unreadable."""


class ChannelGateway(Protocol):
    """A payment channel's verbs, the same for every channel.

    Every verb but ``cashier``, ``read_trade_bill`` and ``parse_notification`` may raise ``PaymentRefused`` or
    ``PaymentUnanswered``, and calls out: never inside a transaction.
    """

    def place(self, order: OrderRequest, scene: str) -> str:
        """Ask for a payment. Returns what ``cashier`` wants, and what a browser or a code can already be led to.

        The same order again is the same order. ``scene``: a value of ``payments.models.Scene`` of this channel.
        """

    def cashier(self, order: OrderRequest, scene: str, placed: str, return_url: str) -> Cashier:
        """How the payer reaches the cashier of a placed order and comes back to ``return_url``. Calls nobody."""

    def query_order(self, out_trade_no: str) -> OrderState:
        """What became of an order. ``PaymentRefused.is_unknown``: no trade is known, at Alipay also before the payer
        has opened the cashier.
        """

    def close_order(self, out_trade_no: str) -> None:
        """Make an order unpayable; refused with ``is_already_paid`` once it is paid. Twice closes once."""

    def request_refund(self, refund: RefundRequest) -> RefundState:
        """Ask to give money back, in whole or in part; the same ``out_refund_no`` refunds once."""

    def query_refund(self, out_refund_no: str, *, out_trade_no: str = "") -> RefundState:
        """What became of a refund. ``PaymentRefused.is_unknown``: it was never asked for, or nothing is known."""

    def fetch_trade_bill(self, on: date, into: IO[bytes]) -> None:
        """Write the bill of a day (all payments and refunds) into a file.

        Raises:
            NoBill: nothing was traded on the day.
            BillNotReady: it is still being made.
        """

    def read_trade_bill(self, bill: IO[bytes], /) -> Iterator[TradeLine]:
        """The lines of such a file in its order; an empty file is a day without trade.

        Raises:
            BillUnreadable: it is cut off or not of the known form.
        """

    def parse_notification(self, headers: Mapping[str, str], body: bytes) -> Notification:
        """Verify and read what was posted to our address. Calls nobody.

        Args:
            headers: of the request, by name, any case.
            body: the bytes as they came.

        Raises:
            NotificationRejected: not signed by the channel, too old, or unreadable.
        """
