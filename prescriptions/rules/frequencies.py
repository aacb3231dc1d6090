"""How often a medicine is taken."""

from dataclasses import dataclass
from decimal import Decimal
from math import ceil

from prescriptions.rules.findings import Words


@dataclass(frozen=True, slots=True)
class Frequency:
    """``times`` in ``period`` days; times 0 means when needed."""

    code: str
    times: int
    period: int
    words: Words

    def most_times_in(self, days: int) -> int:
        """Most times in any stretch of so many days; 0 when needed only."""
        return ceil(days * self.times / self.period)

    def amount(self, dose: Decimal, days: int) -> Decimal:
        """What is taken in so many days, in the unit of the dose (not rounded)."""
        return dose * self.times * days / self.period


FREQUENCIES: dict[str, Frequency] = {
    one.code: one
    for one in (
        Frequency("qd", 1, 1, Words("每日 1 次", "once a day")),
        Frequency("qn", 1, 1, Words("每晚 1 次", "once every night")),
        Frequency("bid", 2, 1, Words("每日 2 次", "twice a day")),
        Frequency("tid", 3, 1, Words("每日 3 次", "three times a day")),
        Frequency("qid", 4, 1, Words("每日 4 次", "four times a day")),
        Frequency("q12h", 2, 1, Words("每 12 小时 1 次", "every 12 hours")),
        Frequency("q8h", 3, 1, Words("每 8 小时 1 次", "every 8 hours")),
        Frequency("q6h", 4, 1, Words("每 6 小时 1 次", "every 6 hours")),
        Frequency("qod", 1, 2, Words("隔日 1 次", "every other day")),
        Frequency("q3d", 1, 3, Words("每 3 日 1 次", "every third day")),
        Frequency("qw", 1, 7, Words("每周 1 次", "once a week")),
        Frequency("biw", 2, 7, Words("每周 2 次", "twice a week")),
        Frequency("tiw", 3, 7, Words("每周 3 次", "three times a week")),
        Frequency("qow", 1, 14, Words("每两周 1 次", "once every two weeks")),
        Frequency("q4w", 1, 28, Words("每四周 1 次", "once every four weeks")),
        Frequency("st", 1, 1000, Words("立即 1 次", "once, at once")),
        Frequency("prn", 0, 1, Words("需要时", "when needed")),
    )
}
"""In the order in which a doctor chooses. Source: frequency dictionary of the insurance data sets (b.1.04)."""
