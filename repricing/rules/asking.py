"""The numbered rules: what is simulated, and how corrections go on."""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext_lazy as _

from kernel.errors import Violation

_OURS = "our rule: what moves money is looked at by two persons and keeps its reasons"


def simulation_violations(*, begin: date, end: date, today: date, rows: int) -> Iterator[Violation]:
    """RP-01, RP-02: a simulation looks at days that have passed, with at least one proposed price.

    ``end`` is the first day that is not looked at.

    Source: ours; charges of days to come are not known.
    """
    if end <= begin:
        message = _("The last day lies before the first.")
        yield Violation("RP-01", message, _("Choose a later last day."), field="last_on", source="ours")
    elif end > today:
        message = _("Only days before today can be simulated: today's charges are not complete.")
        way_on = _("Choose yesterday or an earlier day as the last.")
        yield Violation("RP-01", message, way_on, field="last_on", source="ours")
    if rows == 0:
        message = _("This revision proposes no price yet.")
        yield Violation("RP-02", message, _("Add rows to it first."), field="revision", source="ours")


def review_violations(*, drafted_by: int | None, reviewed_by: int) -> Iterator[Violation]:
    """RP-10: who changed a list of corrections last does not review it.

    Source: our rule: what moves money is looked at by two persons and keeps its reasons.
    """
    if drafted_by == reviewed_by:
        message = _("You changed this list last; another person has to review it.")
        yield Violation("RP-10", message, _("Ask a colleague to look at it."), source=_OURS)


def leaving_out_violations(*, reason: str) -> Iterator[Violation]:
    """RP-11: a line is left out with a reason.

    Source: our rule: what moves money is looked at by two persons and keeps its reasons.
    """
    if not reason.strip():
        message = _("Say why this line is left out.")
        yield Violation("RP-11", message, field="reason", source=_OURS)


def payback_violations(
    *, receipt: str, refund_number: str = "", is_all_back: bool = False
) -> Iterator[Violation]:
    """RP-12, RP-14, RP-15: money counts as paid back when its receipt is noted, and nothing is paid back two ways.

    ``refund_number`` is that of the refund that gives it back at the payment channel; empty when none does.
    ``is_all_back`` says whether all of the bill is back, or on its way back.

    Source: our rule: what moves money is looked at by two persons and keeps its reasons.
    """
    if not receipt.strip():
        message = _("Give the number of the transfer or receipt.")
        yield Violation("RP-12", message, field="receipt", source=_OURS)
    if refund_number:
        going = _("The refund %(number)s gives this back through the payment channel.")
        way_on = _("Decline it there before you pay it back otherwise.")
        yield Violation("RP-14", going % {"number": refund_number}, way_on, source=_OURS)
    if is_all_back:
        message = _("All of this bill is back with the patient, or on its way, and this amount with it.")
        way_on = _("Please pay nothing by hand; look at the refunds of the bill.")
        yield Violation("RP-15", message, way_on, source=_OURS)


def publication_violations(*, is_published: bool) -> Iterator[Violation]:
    """RP-13: only prices that are law correct what was charged.

    Source: 价格法 (posted prices): a proposal binds nobody.
    """
    if not is_published:
        message = _("This revision has not been published; nothing is corrected by it.")
        yield Violation("RP-13", message, field="revision", source="价格法 (posted prices)")
