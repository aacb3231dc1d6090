"""What follows when the insurer does not settle, and what a person may order (CO-01 to CO-04); pure."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from checkout.states import CheckoutState
from kernel.errors import Violation

NOT_SETTLED = gettext_noop("The insurance did not settle.")
OTHER_AMOUNT = gettext_noop("The insurer settled another amount than it had stated.")
TOO_LATE = gettext_noop("Not paid in time.")

BY_INSURER = frozenset({NOT_SETTLED, OTHER_AMOUNT})
"""Money goes back although nobody at the hospital wanted it."""

SHORTEST_REASON = 4
"""Characters."""
LONGEST_REASON = 80
"""Characters: the patient reads it, and the channel takes no more."""

_S = CheckoutState
UNDER_WAY = frozenset({_S.ESTIMATING, _S.PAYING, _S.SETTLING, _S.REVERSING, _S.REFUNDING})
"""Somebody else owes an answer."""
STOPPABLE = frozenset({_S.ESTIMATING, _S.DECLINED, _S.READY, _S.PAYING, _S.SETTLING})
"""Nothing is settled yet; what came in goes back."""
_GOING_BACK = frozenset({_S.REVERSING, _S.REFUNDING})


def is_offered_again(*, is_for_drugs: bool, reason: str) -> bool:
    """Whether she may still pay the bill herself when her share is back.

    The doctor's prescription stays good although the insurer does not settle it. A consultation fee is different: the
    visit began when her share came, and ends with it.

    Source: ours; whether to pay oneself is always her own choice (Qinghai 2025 agreement, art. 19: consent to what is
    not covered).
    """
    return is_for_drugs and reason in BY_INSURER


def pushing_violations(state: str) -> Iterator[Violation]:
    """CO-01: only a checkout that waits for somebody's answer is pushed on.

    Source: ours; a step that waits for the patient is hers to take.
    """
    if state in UNDER_WAY:
        return
    if state in (_S.READY, _S.DECLINED):
        way_on = _("It waits for the patient. It can be stopped, with a reason.")
    else:
        way_on = _("Nothing more happens to it by itself.")
    yield Violation("CO-01", _("Nobody owes an answer about this checkout."), way_on)


def stopping_violations(state: str, *, reason: str) -> Iterator[Violation]:
    """CO-02, CO-03, CO-04: what is not settled yet is stopped, once, with a reason the patient can read."""
    if state in _GOING_BACK:
        yield _is_going_back()
    elif state not in STOPPABLE:
        yield _is_over(state)
    if not SHORTEST_REASON <= len(reason.strip()) <= LONGEST_REASON:
        yield _no_reason()


def _is_going_back() -> Violation:
    """CO-02: what is going back already is not stopped once more.

    Source: ours.
    """
    return Violation(
        "CO-02", _("The money is on its way back already."), _("You can push it on if it takes too long.")
    )


def _is_over(state: str) -> Violation:
    """CO-03: what is paid in full is given back by a refund, and what has ended stays as it is.

    Source: ours; a refund has a policy, an amount and, where it is large, a second person.
    """
    if state == _S.SETTLED:
        return Violation(
            "CO-03", _("Everything of this bill is paid."), _("Please ask for a refund of the bill instead.")
        )
    return Violation(
        "CO-03", _("This checkout has ended."), _("Look at the course of the bill to see how it ended.")
    )


def _no_reason() -> Violation:
    """CO-04: who stops a checkout says why, in 4 to 80 characters; the patient reads it.

    Source: ours; the channel's refund reason holds 80 characters.
    """
    return Violation(
        "CO-04",
        _("A reason of 4 to 80 characters is needed."),
        _("Please write it so that the patient understands it; she reads it."),
        field="reason",
    )
