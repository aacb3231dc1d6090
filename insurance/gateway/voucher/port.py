"""The e-voucher as the rest of the application sees it."""

from typing import Protocol

from insurance.gateway.voucher.messages import (
    Asked,
    AskPermission,
    CheckPermission,
    ReadCode,
    VoucherHolder,
)


class VoucherError(Exception):
    """Whatever keeps the e-voucher from being used; ``reason`` is for people of the hospital."""

    def __init__(self, reason: str) -> None:
        """Keep the reason."""
        super().__init__(reason)
        self.reason = reason


class VoucherRefused(VoucherError):
    """Final: she refused, the question is over, or it was not accepted."""


class VoucherPending(VoucherError):
    """She has not answered yet; ask again later."""


class VoucherUnanswered(VoucherError):
    """Nobody knows: no answer, or an unreadable one. Nothing of value has moved; ask again, or anew."""


class VoucherGateway(Protocol):
    """The e-voucher middle platform. Every verb calls out: never inside a transaction."""

    def ask(self, request: AskPermission) -> Asked:
        """Begin an authorisation.

        Raises:
            VoucherRefused: the question is not accepted.
            VoucherUnanswered: nobody knows.
        """
        ...

    def check(self, request: CheckPermission) -> VoucherHolder:
        """Who has allowed it.

        Raises:
            VoucherPending: nobody yet.
            VoucherRefused: she refused, or it is over.
            VoucherUnanswered: nobody knows.
        """
        ...

    def read_code(self, request: ReadCode) -> VoucherHolder:
        """Whose code was shown.

        Raises:
            VoucherRefused: it is no code of an e-voucher, or an old one.
            VoucherUnanswered: nobody knows.
        """
        ...
