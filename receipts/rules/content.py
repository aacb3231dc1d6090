"""Everything the documents of a receipt show, as it is frozen; amounts in yuan, moments in UTC, pure."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from billing.rules import Parts


@dataclass(frozen=True, slots=True)
class Institution:
    """Who charged."""

    name: str
    name_en: str
    code: str
    address: str
    address_en: str
    phone: str
    is_demonstration: bool


@dataclass(frozen=True, slots=True)
class Visit:
    """For whom, by whom and when."""

    number: str
    patient: str
    """Her full name: with it she proves to others that it is she who paid."""
    gender: str
    id_number: str
    """First three and last four characters."""
    department: str
    department_en: str
    doctor: str
    doctor_en: str
    service_on: date


@dataclass(frozen=True, slots=True)
class Line:
    """A charged line, or what stands of it."""

    number: int
    code: str
    name: str
    name_en: str
    specification: str
    specification_en: str
    unit: str
    unit_en: str
    quantity: Decimal
    unit_price: Decimal
    amount: Decimal
    charge_type: str
    insurance_class: str
    document: str
    parts: Parts


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Money given back without any line: a price that was corrected."""

    reason: str
    parts: Parts
    """Negative."""


@dataclass(frozen=True, slots=True)
class Movement:
    """Her own money at a payment channel: a payment, or a refund (negative)."""

    channel: str
    number: str
    channel_number: str
    amount: Decimal
    at: datetime


@dataclass(frozen=True, slots=True)
class Insurance:
    """What the insurer settled it under."""

    settlement: str
    insurance_type: str


@dataclass(frozen=True, slots=True)
class RefundFacts:
    """What a red one says of the refund; numbers are of receipts."""

    number: str
    situation: str
    reason: str
    at: datetime
    cancelled: str
    standing: str
    """The receipt for what stands; empty when nothing does."""


@dataclass(frozen=True, slots=True)
class Content:
    """One receipt; the parts are the sum of its lines and adjustments."""

    institution: Institution
    visit: Visit
    bill: str
    purpose: str
    paid_at: datetime
    lines: tuple[Line, ...]
    parts: Parts
    adjustments: tuple[Adjustment, ...] = ()
    movements: tuple[Movement, ...] = ()
    insurance: Insurance | None = None
    refund: RefundFacts | None = None

    @property
    def total(self) -> Decimal:
        """Yuan."""
        return self.parts.total


def as_json(content: Content) -> dict[str, Any]:
    """JSON values; amounts and moments as text, money is never a float."""
    plain = _plain(content)
    if not isinstance(plain, dict):
        raise TypeError("a content is a table")
    return plain


def _plain(value: object) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):  # a datetime is one, too
        return value.isoformat()
    return value


def from_json(kept: Mapping[str, Any]) -> Content:
    """The opposite of ``as_json``."""
    return Content(
        institution=Institution(**kept["institution"]),
        visit=Visit(**kept["visit"] | {"service_on": date.fromisoformat(kept["visit"]["service_on"])}),
        bill=kept["bill"],
        purpose=kept["purpose"],
        paid_at=datetime.fromisoformat(kept["paid_at"]),
        lines=tuple(_line(line) for line in kept["lines"]),
        parts=_parts(kept["parts"]),
        adjustments=tuple(Adjustment(one["reason"], _parts(one["parts"])) for one in kept["adjustments"]),
        movements=tuple(_movement(one) for one in kept["movements"]),
        insurance=Insurance(**kept["insurance"]) if kept["insurance"] else None,
        refund=_refund(kept["refund"]) if kept["refund"] else None,
    )


def _line(kept: Mapping[str, Any]) -> Line:
    amounts = {name: Decimal(kept[name]) for name in ("quantity", "unit_price", "amount")}
    return Line(**{**kept, **amounts, "parts": _parts(kept["parts"])})


def _movement(kept: Mapping[str, Any]) -> Movement:
    said = {"amount": Decimal(kept["amount"]), "at": datetime.fromisoformat(kept["at"])}
    return Movement(**{**kept, **said})


def _refund(kept: Mapping[str, Any]) -> RefundFacts:
    return RefundFacts(**{**kept, "at": datetime.fromisoformat(kept["at"])})


def _parts(kept: Mapping[str, str]) -> Parts:
    return Parts(**{payer: Decimal(amount) for payer, amount in kept.items()})


def fingerprint_of(kept: Mapping[str, Any]) -> str:
    """SHA-256 over the content with its names in order: 64 hex digits."""
    text = json.dumps(kept, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
