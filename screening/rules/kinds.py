"""What a rule looks at, what a finding does, and what a point of knowledge may limit."""

from enum import StrEnum


class Kind(StrEnum):
    """What a rule looks at; each has one function in ``screening.rules``."""

    SEX = "sex"
    AGE = "age"
    INSURANCE_TYPE = "insurance_type"
    VISIT_MODE = "visit_mode"
    LEVEL = "level"
    COURSE = "course"
    INDICATION = "indication"
    SECOND_LINE = "second_line"
    CONTROLLED_ONLINE = "controlled_online"
    HERB_NEVER = "herb_never"
    HERB_ALONE = "herb_alone"
    DUPLICATE_CHARGE = "duplicate_charge"
    FREQUENCY = "frequency"
    ELSEWHERE = "elsewhere"
    TRAVEL = "travel"
    DEVICE = "device"
    PACE = "pace"
    TRACE_CODE = "trace_code"
    REMAINING = "remaining"


WITH_POINTS = frozenset(
    {
        Kind.SEX, Kind.AGE, Kind.INSURANCE_TYPE, Kind.VISIT_MODE, Kind.LEVEL, Kind.COURSE, Kind.INDICATION,
        Kind.SECOND_LINE, Kind.CONTROLLED_ONLINE, Kind.HERB_NEVER, Kind.HERB_ALONE, Kind.DUPLICATE_CHARGE,
        Kind.FREQUENCY,
    }
)  # fmt: skip
"""Kinds whose rules are a list of knowledge points, filled from a published file; the others are one row."""


class Effect(StrEnum):
    """What a finding does to the order."""

    DENY = "deny"
    """It cannot be signed or charged so."""
    WARN = "warn"
    """It can, when whoever signs writes why."""
    RECORD = "record"
    """Nobody is asked; the insurance office sees it."""


class Moment(StrEnum):
    """When an order is looked at."""

    BEFORE_SIGNING = "before_signing"
    BEFORE_CHARGING = "before_charging"
    BEFORE_DISPENSING = "before_dispensing"


class Mode(StrEnum):
    """How the patient is seen."""

    ONLINE = "online"
    OUTPATIENT = "outpatient"
    INPATIENT = "inpatient"


class LineKind(StrEnum):
    """What a line of an order is."""

    DRUG = "drug"
    HERB = "herb"
    SERVICE = "service"
