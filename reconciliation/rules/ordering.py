"""Whether a day can be compared now: rules RC-01 and RC-02."""

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from kernel.errors import Violation
from reconciliation.rules.schedule import CUT_OFF_AFTER


def order_violations(
    *, day: date, today: date, running_since: datetime | None, at: datetime
) -> list[Violation]:
    """Every rule that forbids comparing a day now; days in Asia/Shanghai. The running day may be compared as a trial."""
    found = []
    if day > today:
        found.append(_day_to_come())
    if running_since is not None and at < running_since + CUT_OFF_AFTER:
        found.append(_under_way())
    return found


def _day_to_come() -> Violation:
    """RC-01: A day that has not begun cannot be compared.

    Source: ours.
    """
    return Violation(
        "RC-01",
        _("A day that has not begun cannot be compared."),
        _("Please choose today or an earlier day."),
        field="day",
    )


def _under_way() -> Violation:
    """RC-02: A comparison that is under way is not begun a second time.

    Source: ours; two runs at once would ask the insurer twice and tell nothing more.
    """
    return Violation(
        "RC-02",
        _("This comparison is under way."),
        _("Please look again in a few minutes."),
    )
