"""What the on-site fee is worked out from."""

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from pricing.rules.facts import Step

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Part(StrEnum):
    """What a row is for; values of ``pricing.models.onsite.OnsitePart``."""

    BASE = "base"
    """The visit itself."""
    FURTHER_TIME = "further_time"
    """Each started piece of ``unit_minutes`` beyond ``minutes_above``."""
    NIGHT = "night"
    """The visit starts in ``[begins_at, ends_at)``, across midnight where the end comes first."""
    HOLIDAY = "holiday"
    """The service day is a public holiday."""
    EXTRA_PERSON = "extra_person"
    """Each person after the first at the same address."""


@dataclass(frozen=True, slots=True)
class RowFact:
    """One row of a schedule; a condition that is None holds for every visit."""

    part: Part
    amount: Decimal | None = None
    """Yuan; zero is a price."""
    rate: Decimal | None = None
    """Fraction of the base fee; never of a base row."""
    distance_above: Decimal | None = None
    """Kilometres, not in the band; None and zero alike are no lower bound."""
    distance_up_to: Decimal | None = None
    """Kilometres, in the band; None for no upper bound."""
    title: str | None = None
    """Code of ``registry.models.practitioners.Title``."""
    minutes_above: int | None = None
    """Not in the band."""
    minutes_up_to: int | None = None
    """In the band."""
    unit_minutes: int | None = None
    """Length of one further piece of time."""
    begins_at: time | None = None
    """Time of day in Asia/Shanghai."""
    ends_at: time | None = None
    """Time of day in Asia/Shanghai, not in the night."""

    def __post_init__(self) -> None:
        """Refuse a row without an amount, which must never pass for zero."""
        if (self.amount is None) == (self.rate is None) or (self.part is Part.BASE and self.amount is None):
            raise ValueError("a row says an amount, or a fraction of the base")


@dataclass(frozen=True, slots=True)
class ScheduleFact:
    """An institution's on-site fee over the days ``[begin, end)``."""

    area_region_code: str
    """GB/T 2260; no visit outside it."""
    begin: date
    end: date | None
    document_number: str
    rows: tuple[RowFact, ...]
    """In any order."""


@dataclass(frozen=True, slots=True)
class VisitFact:
    """One visit to a home. What the schedule does not ask for may be None."""

    starts_at: datetime
    """Aware."""
    region_code: str
    """GB/T 2260, of the address."""
    distance_km: Decimal | None = None
    nurse_title: str | None = None
    """Code of ``registry.models.practitioners.Title``."""
    duration_minutes: int | None = None
    persons: int = 1
    """Cared for at the address."""
    is_holiday: bool = False
    """Whether the service day is a public holiday, as the hospital entered them."""

    @property
    def service_on(self) -> date:
        """Calendar day of the start in Asia/Shanghai."""
        return self.starts_at.astimezone(SHANGHAI).date()

    @property
    def start_time(self) -> time:
        """Time of day of the start in Asia/Shanghai."""
        return self.starts_at.astimezone(SHANGHAI).time()


@dataclass(frozen=True, slots=True)
class OnsiteFee:
    """What the visit costs; the amounts of the steps, in the order of ``Part``, sum to ``amount``."""

    amount: Decimal
    """Yuan, two decimals."""
    steps: tuple[Step, ...]
