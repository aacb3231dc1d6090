"""The payment gateway as the rest of the application sees it."""

from collections.abc import Mapping
from datetime import date
from typing import IO, Protocol

from payments.gateway.messages import Notification, OrderRequest, OrderState, RefundRequest, RefundState


class PaymentRefused(Exception):
    """The gateway answered no, for good: asking again with the same words changes nothing.

    ``code`` is the gateway's own (``ORDER_NOT_EXIST``, ``ORDERPAID``, ``NOT_ENOUGH``, …).
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
        """The order is paid: query it, never order again."""
        return self.code == "ORDERPAID"


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


class PaymentGateway(Protocol):
    """WeChat Pay's verbs.

    Every verb but ``parse_notification`` may raise ``PaymentRefused`` or ``PaymentUnanswered``, and
    calls out: never inside a transaction.
    """

    def place_native_order(self, order: OrderRequest) -> str:
        """Ask for a payment by code. Returns the ``code_url`` to draw as a QR code."""

    def place_h5_order(self, order: OrderRequest) -> str:
        """Ask for a payment in a phone's browser. Returns the ``h5_url`` to send the payer to.

        Append the address to come back to with ``messages.with_return_address``.
        """

    def query_order(self, out_trade_no: str) -> OrderState:
        """What became of an order. ``PaymentRefused.is_unknown``: it was never placed."""

    def close_order(self, out_trade_no: str) -> None:
        """Make an order unpayable. Refused with ``ORDERPAID`` once it is paid; twice closes once."""

    def request_refund(self, refund: RefundRequest) -> RefundState:
        """Ask to give money back. Usually PROCESSING; the same ``out_refund_no`` refunds once."""

    def query_refund(self, out_refund_no: str) -> RefundState:
        """What became of a refund. ``PaymentRefused.is_unknown``: it was never asked for."""

    def fetch_trade_bill(self, on: date, into: IO[bytes]) -> None:
        """Write the bill of a day (all payments and refunds) into a file; see ``trade_bill`` for its lines.

        Raises:
            NoBill: nothing was traded on the day.
            BillNotReady: it is still being made.
        """

    def parse_notification(self, headers: Mapping[str, str], body: bytes) -> Notification:
        """Verify, decrypt and read what was posted to ``notify_url``. Calls nobody.

        Args:
            headers: of the request, by name, any case.
            body: the bytes as they came.

        Raises:
            NotificationRejected: not signed by the gateway, older than five minutes, or unreadable.
        """
