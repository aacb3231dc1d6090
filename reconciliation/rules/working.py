"""What a person may do with a difference: rules RC-10 to RC-16."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from kernel.errors import Violation
from reconciliation.rules.kinds import Kind
from reconciliation.rules.parts import Parts

SHORTEST_REASON = 4
"""Characters."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A difference as the rules see it; ``gap`` is theirs less ours, in yuan."""

    kind: Kind
    is_mine: bool
    is_taken: bool
    outcome_is_open: bool
    """Our side still waits for the outcome."""
    gap: Parts


def at_stake(ours: Parts | None, theirs: Parts | None) -> Decimal:
    """Yuan that an answer decides on: the largest part of the gap, or all of it where the amounts are equal.

    Parts count by themselves: 9.00 more of the fund and 9.00 less of her money leave the total alone.
    """
    nothing = Parts.nothing()
    gap = (theirs or nothing) - (ours or nothing)
    return gap.largest or max((ours or nothing).largest, (theirs or nothing).largest)


def closing_violations(*, needs_second_person: bool, is_answer_mine: bool) -> list[Violation]:
    """RC-16: Above an amount, whoever explained or corrected a difference does not close it.

    Source: ours (four eyes, as for refunds); the amount is ``RECONCILIATION_SECOND_PERSON_ABOVE``.
    """
    if not needs_second_person or not is_answer_mine:
        return []
    way_on = _("Please ask a colleague of the insurance office to look at it.")
    return [Violation("RC-16", _("With this amount a second person closes it."), way_on)]


def owner_violations(standing: Standing) -> list[Violation]:
    """RC-10: Only who looks after a difference works on it.

    Source: ours; two persons would otherwise correct the same money.
    """
    if standing.is_mine:
        return []
    way_on = _("Please take it over first.")
    return [Violation("RC-10", _("Another person, or nobody, looks after this difference."), way_on)]


def reason_violations(reason: str) -> list[Violation]:
    """RC-11: What is explained, corrected, given back or opened again says why.

    Source: ours; the next auditor was not there.
    """
    if len(reason.strip()) >= SHORTEST_REASON:
        return []
    return [
        Violation(
            "RC-11",
            _("A reason is needed, in a few words."),
            _("Please write what you found and where it can be seen."),
            field="reason",
        )
    ]


def explanation_violations(standing: Standing) -> list[Violation]:
    """RC-12: A difference of money is corrected, not explained away, unless it is a matter of days.

    Source: ours; an explanation books nothing, so amounts that differ would stay different.
    """
    if standing.kind != Kind.AMOUNT:
        return []
    return [
        Violation(
            "RC-12",
            _("Both sides hold it with different amounts; no explanation makes them equal."),
            _("Please correct it: say whose amount counts."),
            field="way",
        )
    ]


def correction_violations(standing: Standing, *, way: str, reference: str) -> list[Violation]:
    """RC-13, RC-14 and RC-15, as they apply to a way of putting it right."""
    found = []
    if not way:
        found.append(_no_way())
    if way == "booked_here" and standing.gap == Parts.nothing():
        found.append(_nothing_to_book())
    if way in ("money_moved", "undone_there", "done_there") and not reference.strip():
        found.append(_no_reference())
    if standing.outcome_is_open:
        found.append(_still_open())
    return found


def _no_way() -> Violation:
    """RC-13: A correction says how it was put right; what is booked is the whole difference.

    Source: ours.
    """
    return Violation("RC-13", _("How was it put right?"), _("Please choose one of the ways."), field="way")


def _nothing_to_book() -> Violation:
    """RC-13: A correction says how it was put right; what is booked is the whole difference."""
    return Violation(
        "RC-13", _("There is no amount to book."), _("Please choose another way, or explain it."), field="way"
    )


def _no_reference() -> Violation:
    """RC-14: What was done elsewhere is named by its receipt, voucher or number.

    Source: ours; what was done outside can only be found again by its number.
    """
    return Violation(
        "RC-14",
        _("What was done elsewhere needs its receipt, voucher or number."),
        _("Please write the number under which it can be found."),
        field="reference",
    )


def _still_open() -> Violation:
    """RC-15: While our own side waits for the outcome nothing is corrected.

    Source: ours; the settlement's own questions to the insurer may still answer it, and a booking would then be wrong.
    """
    return Violation(
        "RC-15",
        _("Our own side still waits for the outcome of this one."),
        _(
            "Please conclude it among the settlements first; the next comparison then shows whether both sides agree."
        ),
    )
