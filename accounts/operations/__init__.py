"""What accounts can do."""

from accounts.operations.codes import AccountClosed, CodeRefused, request_code, sign_in_with_code
from accounts.operations.texts import deliver_code, record_delivery, send_text

__all__ = [
    "AccountClosed",
    "CodeRefused",
    "deliver_code",
    "record_delivery",
    "request_code",
    "send_text",
    "sign_in_with_code",
]
