"""Lines and postings with believable amounts."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from ledger.rules import AccountKey, AccountKind, EntryLine

DAY = date(2026, 11, 20)
AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)

PATIENT = AccountKey(AccountKind.PATIENT_RECEIVABLE)
INSURER = AccountKey(AccountKind.INSURER_RECEIVABLE, party="330100")
WECHAT = AccountKey(AccountKind.CHANNEL_CLEARING, party="wechat")
CONSULTATION = AccountKey(AccountKind.REVENUE, category="consultation")


def lines(*pairs: tuple[AccountKey, str]) -> list[EntryLine]:
    """Lines of accounts and amounts in yuan."""
    return [EntryLine(account, Decimal(amount)) for account, amount in pairs]


BILL = lines((PATIENT, "12.34"), (INSURER, "37.66"), (CONSULTATION, "-50.00"))
PAID = lines((WECHAT, "12.34"), (PATIENT, "-12.34"))


def said(institution_id: int, key: str = "bill:B1:opened", **own: Any) -> dict[str, Any]:
    """Arguments of ``post`` and ``reserve``."""
    asked = {"key": key, "kind": "bill_opened", "institution_id": institution_id, "on": DAY, "at": AT}
    return asked | {"lines": BILL, "subject": "B1"} | own
