"""Which of a person's insurances pays: IN-10 and IN-11."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from kernel.errors import Text, Violation
from kernel.presentation import iso

NORMAL = "1"
"""psn_insu_stas: the insurance is in force. Source: code table psn_insu_stas (0 未参保 1 正常 2 暂停 3 无效 4 终止)."""
SUSPENDED = "2"
OUTPATIENT = ("310", "390")
"""insutype of basic insurance that pays for outpatient work. Source: code table insutype."""
_CHOICE = "general knowledge: of several rows of 1101 the one in force counts"


@dataclass(frozen=True, slots=True)
class CoverageFacts:
    """One row of 1101; ``status`` None where the insurer leaves it out, which is taken for in force."""

    key: int
    insurance_type: str
    region: str
    status: str | None
    suspended_on: date | None = None

    @property
    def is_in_force(self) -> bool:
        """Whether benefits can be had from it."""
        return self.status in (None, NORMAL)


def coverage_that_pays(
    rows: Sequence[CoverageFacts], *, insurance_type: str, region: str
) -> CoverageFacts | None:
    """The row in force: of the kind and region stated before others of the kind.

    When the one stated is there but not in force, another kind in force takes its place: who changes work has two rows
    for a while. When she is not insured as stated at all, nothing is taken: she is told and corrects what she stated.
    """
    stated = [row for row in rows if row.insurance_type == insurance_type]
    if not stated:
        return None
    able = [row for row in rows if row.is_in_force and row.insurance_type in OUTPATIENT]
    able.sort(key=lambda row: (row.insurance_type != insurance_type, row.region != region))
    return next(iter(able), None)


def coverage_violation(rows: Sequence[CoverageFacts], *, insurance_type: str, way: Text) -> Violation:
    """Why none of the rows pays, when ``coverage_that_pays`` has found none."""
    stated = [row for row in rows if row.insurance_type == insurance_type]
    stopped = next((row for row in stated if row.status == SUSPENDED), None)
    return _stopped(stopped, way) if stopped else _not_as_stated(way)


def _stopped(row: CoverageFacts, way: Text) -> Violation:
    """IN-10: a suspended insurance pays nothing until it is in force again."""
    if row.suspended_on is None:
        text = _("Your medical insurance is suspended at the moment.")
    else:
        text = _("Your medical insurance is suspended since %(day)s.") % {"day": iso(row.suspended_on)}
    return Violation("IN-10", text, way, source=_CHOICE)


def _not_as_stated(way: Text) -> Violation:
    """IN-11: the insurance that is charged is the one that she states and the insurer confirms."""
    text = _("The medical insurance you stated is not in force there.")
    return Violation("IN-11", text, way, source=_CHOICE)
