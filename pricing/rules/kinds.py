"""The words a tariff is written in: kinds of items, amounts, bands, windows and rules between lines."""

from enum import StrEnum


class ItemKind(StrEnum):
    """What an item is to another one."""

    MAIN = "main"
    """主项目: charged by itself."""
    SURCHARGE = "surcharge"
    """加收项: computed on the main item's unit price and added; never alone."""
    EXTENSION = "extension"
    """扩展项: takes the main item's price and replaces it; never both."""
    REDUCTION = "reduction"
    """减收项: computed on the main item's unit price and taken off; never alone."""


class AmountKind(StrEnum):
    """How a price row says the amount."""

    FIXED = "fixed"
    """``amount`` for one unit."""
    RANGE = "range"
    """The institution publishes its own amount, from ``minimum`` to ``maximum``, both included."""
    CEILING = "ceiling"
    """``maximum`` for one unit, or ``maximum_rate`` of the base; the institution may publish less."""
    PERCENTAGE = "percentage"
    """``rate`` of the base: of ``base_item``, or of the main line where the item hangs on one."""
    SELF_SET = "self_set"
    """自主定价: the institution publishes its own amount; without one there is no price."""
    TIERED = "tiered"
    """One of ``bands``, chosen by ``band_axis``."""
    BASE_AND_FURTHER = "base_and_further"
    """``amount`` for the first ``included_quantity`` units, ``further_amount`` or ``further_rate`` for each more."""
    HOURLY = "hourly"
    """``amount`` for each hour; the quantity is in hours."""


class BandAxis(StrEnum):
    """What decides in which band of a tiered price a line falls; bounds are (above, up to]."""

    DISTANCE = "distance"
    """Kilometres of ``ServiceLine.distance_km``; the band's amount is for one unit."""
    DURATION = "duration"
    """Minutes of ``ServiceLine.duration_minutes``; the band's amount is for one unit."""
    COUNT = "count"
    """The ordinal of each unit: the first, the second …; each unit costs the amount of its band."""
    BODY_PART = "body_part"
    """``ServiceLine.body_part`` equals the band's key; the band's amount is for one unit."""


class Service(StrEnum):
    """Services that policy speaks of; an item of one of them follows that policy."""

    ONLINE_REVISIT = "online_revisit"
    """互联网复诊: the ordinary outpatient price of the institution, whatever the title."""
    FIRST_VISIT = "first_visit"
    """互联网首诊: closed until a document opens it; then priced by title."""
    PHARMACY_CLINIC = "pharmacy_clinic"
    """互联网药学门诊: closed until a document opens it."""
    REMOTE_CONSULTATION = "remote_consultation"
    """远程会诊 and other services between institutions: the invited institution's price, once."""
    REMOTE_MONITORING = "remote_monitoring"
    """远程监测."""
    HOME_NURSING = "home_nursing"
    """“互联网+护理”: medical service price and on-site fee."""


CLOSED_UNTIL_OPENED = frozenset({Service.FIRST_VISIT, Service.PHARMACY_CLINIC})
"""Services that a policy document must open for a region before anything is charged.

Source: reply of the National Healthcare Security Administration of 2023-12-15 (SEED1): open for re-diagnosis only.
"""


class RuleKind(StrEnum):
    """What a rule between lines forbids or asks."""

    EXCLUSION = "exclusion"
    """A subject is not charged together with a partner in one window (duplicate charge)."""
    FREQUENCY = "frequency"
    """Each subject at most ``limit_quantity`` units in one window."""
    SHARED_QUOTA = "shared_quota"
    """All subjects together at most ``limit_quantity`` units in one window."""
    NEEDS_ANOTHER = "needs_another"
    """A subject is charged only together with a partner in one window."""
    DAILY_TOTAL = "daily_total"
    """All subjects together at most ``limit_amount`` yuan in one window."""


class Window(StrEnum):
    """Over which lines a rule looks; half-open, in Asia/Shanghai."""

    VISIT = "visit"
    """The same encounter."""
    DAY = "day"
    """The same calendar day of service."""
    DAYS = "days"
    """``window_length`` calendar days, sliding: days d and e share one when |d − e| < length."""
    HOUR = "hour"
    """The same clock hour."""
    HOURS = "hours"
    """``window_length`` hours, sliding: moments share one when they lie less than that apart."""
    COURSE = "course"
    """The same course of illness or treatment (``course`` of the line); where none is said, the encounter."""
