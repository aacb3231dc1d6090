"""What a person may order about a claim: IN-30 to IN-39; pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from insurance.states import UNKNOWN, ClaimState
from kernel.errors import Violation

_OURS = "ours"
_SAME_DAY = "2601 on the same day: general knowledge, a value of the province profile"
SHORTEST_REASON = 5


class Conclusion(StrEnum):
    """What a person has found on the insurer's screen."""

    SETTLED = "settled"
    NOT_SETTLED = "not_settled"
    REVERSED = "reversed"
    STANDS = "stands"
    """The insurer does not take the settlement back."""


CONCLUSIONS = {
    ClaimState.UNCONFIRMED: (Conclusion.SETTLED, Conclusion.NOT_SETTLED),
    ClaimState.VOIDING: (Conclusion.SETTLED, Conclusion.NOT_SETTLED),
    ClaimState.REVERSAL_UNCONFIRMED: (Conclusion.REVERSED, Conclusion.STANDS),
}
"""What may be found in each state of unknown outcome."""

ON_ITS_WAY = UNKNOWN | {ClaimState.SETTLING, ClaimState.REVERSING}
"""A message that moves money is out, and its outcome is not known."""

ASKABLE = UNKNOWN | {ClaimState.DRAFT, ClaimState.SETTLING, ClaimState.REVERSING}


@dataclass(frozen=True)
class ClaimFacts:
    """What the commands look at."""

    state: str
    needs_person: bool
    taken_by: int | None
    may_undo: bool
    may_arrive: bool
    """What was sent last may still be on its way to the insurer."""


@dataclass(frozen=True)
class HandRecord:
    """The insurer's record as a person read it; amounts in yuan."""

    number: str
    fund: Decimal
    account: Decimal
    cash: Decimal

    @property
    def total(self) -> Decimal:
        """The whole."""
        return self.fund + self.account + self.cash


def asking_violations(claim: ClaimFacts) -> Iterator[Violation]:
    """IN-30: only what the insurer still owes an answer about is asked."""
    if claim.state not in ASKABLE:
        yield Violation(
            "IN-30", _("The outcome of this claim is known; there is nothing to ask."),
            _("Look at the course of the claim."), source=_OURS,
        )  # fmt: skip


def undoing_violations(claim: ClaimFacts) -> Iterator[Violation]:
    """IN-31, IN-32: only a settlement whose outcome is unknown is undone, while the insurer still does so."""
    if claim.state != ClaimState.UNCONFIRMED:
        yield Violation(
            "IN-31", _("Only a settlement whose outcome is unknown can be undone."),
            _("A known settlement is taken back instead."), source=_OURS,
        )  # fmt: skip
    elif not claim.may_undo:
        yield Violation(
            "IN-32", _("The insurer undoes a message only on its own day."),
            _("Ask again, or conclude by what the insurer's screen shows."), source=_SAME_DAY,
        )  # fmt: skip


def taking_violations(claim: ClaimFacts, user: int) -> Iterator[Violation]:
    """IN-33: a claim that waits for a person is looked after by one."""
    if not claim.needs_person:
        yield Violation(
            "IN-33", _("This claim does not wait for a person."), _("It goes on by itself."), source=_OURS
        )
    elif claim.taken_by not in (None, user):
        yield Violation(
            "IN-33", _("A colleague looks after this claim."), _("Ask the colleague to hand it back."),
            source=_OURS,
        )  # fmt: skip


def seeing_violations(claim: ClaimFacts, *, reason: str, user: int) -> Iterator[Violation]:
    """IN-33 to IN-36: who looks after a claim of known outcome says what was seen; an unknown one is concluded."""
    if not claim.needs_person:
        yield from taking_violations(claim, user)
    elif claim.taken_by != user:
        yield Violation(
            "IN-34", _("Only who looks after a claim concludes it."), _("Take it over first."), source=_OURS
        )
    if claim.state in ON_ITS_WAY:
        yield Violation(
            "IN-35", _("The outcome of this claim is not known yet."),
            _("Conclude by what the insurer's screen shows."), source=_OURS,
        )  # fmt: skip
    if len(reason.strip()) < SHORTEST_REASON:
        yield Violation(
            "IN-36", _("Say what the insurer's screen shows and who looked."), field="reason", source=_OURS
        )


def concluding_violations(
    claim: ClaimFacts, conclusion: Conclusion, *, reason: str, user: int
) -> Iterator[Violation]:
    """IN-34 to IN-36: who looks after a claim concludes it, by what fits its state, with a reason.

    What is on its way can make a conclusion untrue: that something has not happened, and, while the settlement is
    being undone, that it has. Such a one waits until nothing that was sent can still arrive.
    """
    if claim.state in UNKNOWN and claim.taken_by != user:
        yield Violation(
            "IN-34", _("Only who looks after a claim concludes it."), _("Take it over first."), source=_OURS
        )
    if conclusion not in CONCLUSIONS.get(ClaimState(claim.state), ()):
        yield Violation(
            "IN-35", _("This conclusion does not fit where the claim stands."),
            _("Choose what the insurer's screen shows now."), field="conclusion", source=_OURS,
        )  # fmt: skip
    elif claim.may_arrive and _may_become_untrue(conclusion, claim.state):
        yield Violation(
            "IN-35", _("What was sent last may still arrive at the insurer."),
            _("Look again half an hour after the last question."), field="conclusion", source=_OURS,
        )  # fmt: skip
    if len(reason.strip()) < SHORTEST_REASON:
        yield Violation(
            "IN-36", _("Say what the insurer's screen shows and who looked."), field="reason", source=_OURS
        )


def _may_become_untrue(conclusion: Conclusion, state: str) -> bool:
    """Whether what was sent last would change what the screen shows now."""
    is_undone = state == ClaimState.VOIDING and conclusion == Conclusion.SETTLED
    return is_undone or conclusion in (Conclusion.NOT_SETTLED, Conclusion.STANDS)


def record_violations(
    record: HandRecord | None, *, total: Decimal, number_is_taken: bool
) -> Iterator[Violation]:
    """IN-37, IN-38: a record typed by hand names a number of its own, and its parts are the claim's total."""
    if record is None or not record.number.strip():
        yield Violation("IN-37", _("Give the number of the insurer's record."), field="number", source=_OURS)
    elif number_is_taken:
        yield Violation(
            "IN-37",
            _("This number is recorded for another settlement already."),
            field="number",
            source=_OURS,
        )
    if record is not None and (min(record.fund, record.account, record.cash) < 0 or record.total != total):
        yield Violation(
            "IN-38", _("The three parts are not negative and sum to the total of the claim."), field="fund",
            source="psn_part_amt and medfee_sumamt of the settlement reply",
        )  # fmt: skip


def returning_violations(
    *, state: str, asked: Mapping[int, Decimal], settled: Mapping[int, Decimal]
) -> Iterator[Violation]:
    """IN-39: of a settled claim, units of lines are returned, never more of a line than it settles.

    ``asked`` and ``settled`` are units by number of the line.
    """
    if state != ClaimState.SETTLED:
        yield Violation(
            "IN-39", _("Lines can be returned only while the bill is settled with the insurance."),
            _("Wait until the outcome is known."), source=_OURS,
        )  # fmt: skip
    elif not asked or any(not 0 < units <= settled.get(number, 0) for number, units in asked.items()):
        yield Violation(
            "IN-39", _("Choose lines of the bill that were not returned before."), field="lines", source=_OURS
        )
