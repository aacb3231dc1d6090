"""What may be asked back, and who decides: RF-01 to RF-11; pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from billing.rules.returns import FINEST
from kernel.errors import Violation
from refunds.rules.situations import Gives, PolicyFacts

_OURS = "ours"
SHORTEST_REASON = 2
"""Characters; a reason in Chinese is short."""


@dataclass(frozen=True, slots=True)
class BillFacts:
    """Where the bill stands when somebody asks."""

    is_return: bool
    """It gives lines of another bill back itself."""
    is_settled: bool
    is_given_back: bool
    """All of it is back already."""
    goes_back: bool
    """All of it is on its way back."""
    open_number: str
    """Number of the request that is open for the bill; empty when none is."""


def bill_violations(bill: BillFacts) -> Iterator[Violation]:
    """RF-01, RF-02, RF-03: what stands paid is given back, once, and one request after another.

    A return is not given back, nor what is back already; that would be a refund of a refund.
    """
    if bill.is_return or bill.is_given_back:
        yield Violation(
            "RF-01", _("This has gone back already; a refund is not refunded."),
            _("Look at the refunds of the bill."), source=_OURS,
        )  # fmt: skip
    elif bill.goes_back:
        yield Violation(
            "RF-02", _("All of this bill is on its way back."), _("Nothing more is to be done."), source=_OURS
        )
    elif not bill.is_settled:
        yield Violation(
            "RF-01", _("This bill is not paid, so nothing of it goes back."),
            _("Cancel it instead."), source=_OURS,
        )  # fmt: skip
    if bill.open_number and not bill.goes_back:
        text = _("The refund %(number)s of this bill is open.") % {"number": bill.open_number}
        yield Violation("RF-03", text, _("Wait until it is done, or decline it."), source=_OURS)


def quantity_violations(
    number: int, asked: Decimal, *, charged: Decimal, left: Decimal
) -> Iterator[Violation]:
    """RF-04: of a line goes back what is left of it at most, in whole units where whole units were charged.

    Other units are counted to four decimals.
    """
    if asked <= 0 or asked > left:
        text = _("Of line %(line)s, %(left)s can go back.") % {
            "line": number,
            "left": f"{left.normalize():f}",
        }
        yield Violation("RF-04", text, field=f"line_{number}", source=_OURS)
    elif charged == charged.to_integral_value() and asked != asked.to_integral_value():
        text = _("Line %(line)s was charged in whole units.") % {"line": number}
        yield Violation("RF-04", text, _("Give whole units."), field=f"line_{number}", source=_OURS)
    elif asked % FINEST:
        finer = _("Units are counted to four decimals.")
        yield Violation("RF-04", finer, _("Round the quantity."), field=f"line_{number}", source=_OURS)


def policy_violations(policy: PolicyFacts, *, is_whole: bool, by_person: bool) -> Iterator[Violation]:
    """RF-05: the policy of the situation says whether anything goes back, and whether all of it or chosen lines."""
    if policy.gives is Gives.NOTHING:
        yield Violation(
            "RF-05", _("In this situation nothing goes back."),
            _("Choose another situation if it was different."), field="situation", source=policy.source,
        )  # fmt: skip
    elif by_person and policy.gives is Gives.CHOSEN and is_whole:
        yield Violation(
            "RF-05", _("Say which lines go back, and how much of each."), field="situation", source=_OURS
        )


def reason_violations(reason: str, *, field: str = "reason") -> Iterator[Violation]:
    """RF-06: who asks for money back, or declines it, says why."""
    if len(reason.strip()) < SHORTEST_REASON:
        yield Violation("RF-06", _("Say why, in a few words."), field=field, source=_OURS)


def deciding_violations(*, requested_by: int | None, user: int) -> Iterator[Violation]:
    """RF-07: a second person decides; nobody agrees to her own request."""
    if requested_by is not None and requested_by == user:
        yield Violation(
            "RF-07", _("You asked for this refund yourself."), _("A colleague has to decide."), source=_OURS
        )


def declining_violations(*, has_begun: bool) -> Iterator[Violation]:
    """RF-09: what has gone through in part is brought to its end; declining it would keep what is hers."""
    if has_begun:
        yield Violation(
            "RF-09", _("A part of this refund has gone through already."),
            _("Send it again, or have it completed by hand at the channel."), source=_OURS,
        )  # fmt: skip


def amount_violations(asked: Decimal, *, left: Decimal) -> Iterator[Violation]:
    """RF-08: never more cash goes back than she has paid and has not had back."""
    if asked <= 0 or asked > left:
        text = _("At most %(left)s of her payment is left.") % {"left": left}
        yield Violation("RF-08", text, field="amount", source=_OURS)


def second_person_violations(
    policy: PolicyFacts, amount: Decimal, *, before: Decimal, above: Decimal
) -> Iterator[Violation]:
    """RF-10, RF-11: a second person agrees above an amount of one bill, in however many requests, or by the policy.

    Nothing when one person is enough: the policy asks nobody, or all that persons have asked back is within the amount.

    Args:
        policy: of the situation.
        amount: yuan asked for now.
        before: yuan of the same bill that persons have asked for before and nobody has declined.
        above: yuan that go back of a bill without a second person.

    Source: ours; two signatures for money that leaves the house, and an amount in parts is the same amount.
    """
    way = _("A colleague has to decide.")
    if policy.always_second_person:
        text = _("In this situation a second person agrees, whatever the amount.")
        yield Violation("RF-11", text, way, source=policy.source)
    elif not policy.is_automatic and before + amount > above:
        shown = {"sum": before + amount, "above": above}
        text = _(
            "Persons have asked for %(sum)s of this bill in all; above %(above)s a second person agrees."
        )
        yield Violation("RF-10", text % shown, way, source=_OURS)
