"""What follows when the insurer does not settle; pure."""

from django.utils.translation import gettext_noop

NOT_SETTLED = gettext_noop("The insurance did not settle.")
OTHER_AMOUNT = gettext_noop("The insurer settled another amount than it had stated.")
TOO_LATE = gettext_noop("Not paid in time.")

BY_INSURER = frozenset({NOT_SETTLED, OTHER_AMOUNT})
"""Money goes back although nobody at the hospital wanted it."""


def is_offered_again(*, is_for_drugs: bool, reason: str) -> bool:
    """Whether she may still pay the bill herself when her share is back.

    The doctor's prescription stays good although the insurer does not settle it. A consultation fee is different: the
    visit began when her share came, and ends with it.

    Source: ours; whether to pay oneself is always her own choice (Qinghai 2025 agreement, art. 19: consent to what is
    not covered).
    """
    return is_for_drugs and reason in BY_INSURER
