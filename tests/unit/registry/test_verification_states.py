"""Every (state, event) pair of a verification."""

from itertools import product

import pytest

from kernel.workflow import IllegalTransition
from registry.states import VERIFICATION, VerificationEvent, VerificationState

S, E = VerificationState, VerificationEvent
AFTER = {
    E.LOSE_ANSWER: S.UNANSWERED,
    E.MATCH: S.MATCHED,
    E.MISMATCH: S.MISMATCHED,
    E.MISS: S.NOT_FOUND,
    E.REFUSE: S.TAKEN,
}


@pytest.mark.parametrize(("state", "event"), list(product([S.PENDING, S.UNANSWERED], E)))
def test_an_open_question_takes_every_answer(state: VerificationState, event: VerificationEvent) -> None:
    assert VERIFICATION.after(state, event) == AFTER[event]


@pytest.mark.parametrize(
    ("state", "event"), list(product([S.MATCHED, S.MISMATCHED, S.NOT_FOUND, S.TAKEN], E))
)
def test_an_answered_question_takes_no_other_answer(
    state: VerificationState, event: VerificationEvent
) -> None:
    with pytest.raises(IllegalTransition):
        VERIFICATION.after(state, event)
