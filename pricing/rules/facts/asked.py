"""What the quote is asked: lines, circumstances, and what was charged before."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """A request to price: so much of one item."""

    reference: str
    """Chosen by the caller, to find the line again; unique within a quote."""
    item_code: str
    quantity: Decimal
    main_reference: str | None = None
    """Reference of the line that a surcharge or a reduction hangs on."""
    condition: str = ""
    """What the tariff makes the price depend on, in its own words, e.g. 乳牙."""
    distance_km: Decimal | None = None
    duration_minutes: Decimal | None = None
    body_part: str = ""
    performed_at: datetime | None = None
    """Moment of the service, for rules that count in hours; aware."""
    course: str = ""
    """Course of illness or treatment, for rules that count by course."""


@dataclass(frozen=True, slots=True)
class ChargedLine:
    """What was already charged to this patient, for the rules between lines and the caps over periods."""

    item_code: str
    quantity: Decimal
    amount: Decimal
    """Yuan, two decimals."""
    service_on: date
    encounter: str
    performed_at: datetime | None = None
    course: str = ""


@dataclass(frozen=True, slots=True)
class QuoteContext:
    """Where, when, by whom and for whom."""

    service_on: date
    """Calendar day of the service in Asia/Shanghai; its prices hold, whenever the order was made."""
    region_code: str
    """GB/T 2260, six digits."""
    institution_id: int
    institution_level: int
    """1 to 3."""
    ownership: str
    """``public`` or ``private``."""
    practitioner_title: str | None = None
    """Code of ``registry.models.practitioners.Title``, e.g. ``231``."""
    patient_age: int | None = None
    """Whole years on the day of the service."""
    is_demonstration: bool = False
    """A demonstration institution charges by demonstration documents only, and every other by none of them."""
    institution_grade: str = ""
    """Within the level: 甲, 乙, 丙; empty when not graded."""
    price_zone: str = ""
    """Price zone (价区) or tier column (档) of the province's table; empty where it has none."""
    department: str = ""
    """Subject code of the department (诊疗科目)."""
    encounter: str = ""
    """Number of the encounter: lines of one encounter are one visit."""
    ceiling_is_charged: bool = True
    """Whether a regulator's ceiling is charged where the institution has published nothing lower."""
