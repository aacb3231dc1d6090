"""One accepted message on its way through a handler, and what a handler may answer."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from .institutions import INSTITUTIONS, DesignatedInstitution

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Refusal(Exception):
    """A business refusal (infcode -2): nothing happened; the text is for the operator."""


@dataclass(frozen=True)
class Call:
    """``serial`` is unique for ever; ``now`` is in Shanghai; ``pay_less`` is a fault ordered by a tester."""

    infno: str
    msgid: str
    institution_code: str
    treatment_area: str
    insured_area: str
    operator: str
    input: dict[str, Any]
    now: datetime
    serial: int
    pay_less: bool = False

    @property
    def institution(self) -> DesignatedInstitution:
        """The hospital that sends."""
        return INSTITUTIONS[self.institution_code]

    @property
    def today(self) -> date:
        """The day in Shanghai."""
        return self.now.date()

    def new_id(self) -> str:
        """A number of 30 digits: area, moment, serial."""
        return f"{self.treatment_area}{self.now:%Y%m%d%H%M%S}{self.serial:010d}"


def read_moment(text: str) -> datetime:
    """Read a moment of the wire format as Shanghai time."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=SHANGHAI)


def write_moment(moment: datetime) -> str:
    """Write a moment in the wire format, Shanghai time."""
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
