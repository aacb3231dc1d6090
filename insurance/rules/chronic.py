"""For which filed disease (门诊慢特病备案) a bill is settled."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from insurance.rules.payable import CHRONIC_CATEGORIES


@dataclass(frozen=True, slots=True)
class Filing:
    """A disease that the insurer has acknowledged, from a day on."""

    code: str
    name: str
    begins_on: date
    ends_on: date | None

    def counts(self, on: date) -> bool:
        """Whether it is in force; the last day is left out, for no source says that it counts, and a refusal is worse."""
        return self.begins_on <= on and (self.ends_on is None or on < self.ends_on)


def filing_that_counts(filings: Sequence[Filing], categories: Iterable[str], *, on: date) -> Filing | None:
    """The filing in force for the first diagnosis that has one.

    Args:
        filings: what the insurer has acknowledged for her.
        categories: of the diagnoses by ICD-10, the main one first.
        on: the day of settlement.
    """
    in_force = {row.code: row for row in filings if row.counts(on)}
    wanted = (CHRONIC_CATEGORIES.get(category, "") for category in categories)
    return next((in_force[code] for code in wanted if code in in_force), None)
