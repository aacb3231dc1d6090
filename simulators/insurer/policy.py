"""What the funds pay: the policy table.

DEMONSTRATION. The figures are chosen so that a demo bill is easy to check by hand (retired 70 %, employed 60 %,
residents 50 % at a grade-three hospital). They are not any city's policy: the real figures are published by each
pooling area and change every year.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .people import EMPLOYEE, RESIDENT

OUTPATIENT = ("11", "12", "13", "14")
BEGINNING = date(2020, 1, 1)

IN_SCOPE = "in_scope"
IN_SCOPE_AND_FIRST_SHARE = "in_scope_and_first_share"


@dataclass(frozen=True)
class Tier:
    """The fund pays ``rate`` (a fraction) of the year's in-scope fees up to ``upto`` yuan; None is endless."""

    upto: Decimal | None
    rate: Decimal


@dataclass(frozen=True)
class Policy:
    """One row: who, where treated, and what the pooled fund pays.

    ``valid_from`` is inclusive, ``valid_until`` exclusive. ``deductible`` and ``annual_cap`` (of what the fund
    pays) are yuan for a calendar year. ``tiers`` are ordered; the last is endless.
    """

    area_prefix: str
    insutype: str
    psn_type_prefixes: tuple[str, ...]
    hospital_level: str
    valid_from: date
    valid_until: date | None
    med_types: tuple[str, ...]
    deductible: Decimal
    tiers: tuple[Tier, ...]
    annual_cap: Decimal
    account_scope: str
    source: str


class PolicyNotFound(Exception):
    """No row of the table covers this person, hospital and day."""


def _row(
    area: str,
    insutype: str,
    people: tuple[str, ...],
    level: str,
    deductible: str,
    tiers: str,
    cap: str,
    source: str,
) -> Policy:
    return Policy(
        area_prefix=area, insutype=insutype, psn_type_prefixes=people, hospital_level=level,
        valid_from=BEGINNING, valid_until=None, med_types=OUTPATIENT, deductible=Decimal(deductible),
        tiers=_tiers(tiers), annual_cap=Decimal(cap), account_scope=IN_SCOPE_AND_FIRST_SHARE, source=source,
    )  # fmt: skip


def _tiers(text: str) -> tuple[Tier, ...]:
    """Read ``"20000:0.70 0.60"``: 70 % up to 20 000 yuan of in-scope fees in the year, 60 % above."""
    steps = [step.rpartition(":") for step in text.split()]
    return tuple(Tier(Decimal(upto) if upto else None, Decimal(rate)) for upto, _, rate in steps)


_DEMO_ZJ = "演示：浙江示例待遇"
_DEMO_BJ = "演示：北京示例待遇"
_EMPLOYED, _RETIRED, _ANY_RESIDENT = ("11",), ("12",), ("14", "15", "16")

POLICIES: tuple[Policy, ...] = (
    _row("33", EMPLOYEE, _RETIRED, "3", "300", "0.70", "20000", _DEMO_ZJ),
    _row("33", EMPLOYEE, _RETIRED, "2", "300", "0.75", "20000", _DEMO_ZJ),
    _row("33", EMPLOYEE, _RETIRED, "1", "300", "0.85", "20000", _DEMO_ZJ),
    _row("33", EMPLOYEE, _EMPLOYED, "3", "600", "0.60", "20000", _DEMO_ZJ),
    _row("33", EMPLOYEE, _EMPLOYED, "2", "600", "0.65", "20000", _DEMO_ZJ),
    _row("33", EMPLOYEE, _EMPLOYED, "1", "600", "0.80", "20000", _DEMO_ZJ),
    _row("33", RESIDENT, _ANY_RESIDENT, "3", "100", "0.50", "5000", _DEMO_ZJ),
    _row("33", RESIDENT, _ANY_RESIDENT, "2", "100", "0.55", "5000", _DEMO_ZJ),
    _row("33", RESIDENT, _ANY_RESIDENT, "1", "100", "0.60", "5000", _DEMO_ZJ),
    _row("11", EMPLOYEE, _EMPLOYED, "3", "1800", "20000:0.70 0.60", "500000", _DEMO_BJ),
    _row("11", EMPLOYEE, _RETIRED, "3", "1300", "20000:0.85 0.80", "500000", _DEMO_BJ),
)


def policy_for(
    *, area: str, insutype: str, psn_type: str, hospital_level: str, med_type: str, on: date
) -> Policy:
    """Find the row in force on a day. The benefits are those of the insured place, wherever the treatment is.

    Raises:
        PolicyNotFound: no row covers the case.
    """
    for row in POLICIES:
        if (
            area.startswith(row.area_prefix)
            and insutype == row.insutype
            and psn_type.startswith(row.psn_type_prefixes)
            and hospital_level == row.hospital_level
            and med_type in row.med_types
            and row.valid_from <= on
            and (row.valid_until is None or on < row.valid_until)
        ):
            return row
    raise PolicyNotFound(f"{area} {insutype} {psn_type} {hospital_level} {med_type} {on}")
