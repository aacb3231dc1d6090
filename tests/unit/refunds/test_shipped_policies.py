"""The shipped policies: one for each situation, each with a source and a grade."""

import pytest

from refunds.models import RefundPolicy
from refunds.queries.policies import shipped
from refunds.rules.situations import Gives, Situation

GIVEN = {
    # D-08, 4.28; D-08, 4.29; 4.31 before and after; D-07 before and after; N-17 in three lines.
    Situation.DOCTOR_REFUSES: (Gives.EVERYTHING, True, False),
    Situation.DOCTOR_AWAY: (Gives.EVERYTHING, True, False),
    Situation.CANCELLED_BEFORE: (Gives.EVERYTHING, True, False),
    Situation.CANCELLED_AFTER: (Gives.NOTHING, True, False),
    Situation.NOT_HANDED_OUT: (Gives.EVERYTHING, True, False),
    Situation.QUALITY_FAULT: (Gives.CHOSEN, False, True),
    Situation.INSTITUTION_REFUSES: (Gives.EVERYTHING, True, False),
    Situation.NURSE_SET_OUT: (Gives.ALL_BUT_ONSITE_FEE, False, True),
    Situation.NURSE_ARRIVED: (Gives.NOTHING, True, False),
}


@pytest.mark.parametrize("situation", GIVEN)
def test_a_policy_says_what_its_source_says(situation: Situation) -> None:
    facts = RefundPolicy(**shipped()[situation]).facts()
    assert (facts.gives, facts.is_automatic, facts.always_second_person) == GIVEN[situation]


def test_every_situation_has_a_policy_with_a_source_and_a_grade() -> None:
    assert set(shipped()) == set(Situation)
    for columns in shipped().values():
        RefundPolicy(**columns).clean_fields()


def test_what_is_ours_says_why() -> None:
    assert [row["situation"] for row in shipped().values() if row["grade"] == "O" and not row["note"]] == []
