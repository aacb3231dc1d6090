"""What the quote gives back."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pricing.rules.facts.tariff import DEMONSTRATION


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the calculation in words a patient understands; the amounts of a line sum to its unit price."""

    text: str
    text_en: str
    amount: Decimal
    """Yuan, up to six decimals."""
    note: str = ""
    note_en: str = ""


@dataclass(frozen=True, slots=True)
class QuotedLine:
    """A priced line. ``amount`` is ``unit_price`` × ``quantity``, half up to the fen.

    A line that is not charged by the unit (bands by count, base and further units, caps) is charged as one:
    ``quantity`` is 1, ``unit_price`` the whole line's, and ``asked_quantity`` what was asked for.
    """

    reference: str
    item_code: str
    name: str
    name_en: str
    specification: str
    specification_en: str
    unit: str
    unit_en: str
    quantity: Decimal
    unit_price: Decimal
    """Yuan, up to six decimals."""
    amount: Decimal
    """Yuan, two decimals."""
    price_id: int
    document_id: int
    document_number: str
    document_title: str
    document_title_en: str
    document_issuer: str
    document_issuer_en: str
    evidence_grade: str
    insurance_code: str
    insurance_class: str
    self_pay_rate: Decimal | None
    charge_type: str
    steps: tuple[Step, ...]
    asked_quantity: Decimal | None = None
    """None where it is ``quantity``."""
    fund_amount: Decimal | None = None
    """Yuan that the fund pays for one unit, where the document says an amount."""
    category: str = ""
    main_reference: str | None = None
    is_trial: bool = False
    price_until: date | None = None
    """First day on which the price no longer holds, where its document ends it."""

    @property
    def is_demonstration(self) -> bool:
        """Whether the price rests on an invented document."""
        return self.evidence_grade == DEMONSTRATION


@dataclass(frozen=True, slots=True)
class Quote:
    """Priced lines in the order asked, not yet charged."""

    lines: tuple[QuotedLine, ...]
    total: Decimal
    """Yuan, the sum of the lines' amounts."""
