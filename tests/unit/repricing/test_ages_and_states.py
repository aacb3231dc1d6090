"""Age groups, and the tables of states."""

from itertools import pairwise, product

import pytest

from kernel.workflow import IllegalTransition
from repricing.rules.ages import GROUPS, bounds_of, group_of
from repricing.states import (
    BATCH,
    PAYBACK,
    SIMULATION,
    BatchEvent,
    BatchState,
    PaybackEvent,
    PaybackState,
    SimulationEvent,
    SimulationState,
)


@pytest.mark.parametrize(
    ("age", "group"),
    [
        (0, 0),
        (6, 0),
        (7, 1),
        (17, 1),
        (18, 2),
        (44, 2),
        (45, 3),
        (59, 3),
        (60, 4),
        (74, 4),
        (75, 5),
        (110, 5),
    ],
)
def test_an_age_lies_in_the_group_whose_bounds_hold_it(age: int, group: int) -> None:
    first, last = bounds_of(group)

    assert group_of(age) == group
    assert first <= age <= (age if last is None else last)


def test_the_groups_follow_each_other_without_a_gap() -> None:
    bounds = [bounds_of(group) for group in GROUPS]

    assert bounds[0][0] == 0
    assert bounds[-1][1] is None
    assert all(last is not None and following == last + 1 for (_, last), (following, _) in pairwise(bounds))


@pytest.mark.parametrize(
    ("workflow", "states", "events"),
    [
        (SIMULATION, SimulationState, SimulationEvent),
        (BATCH, BatchState, BatchEvent),
        (PAYBACK, PaybackState, PaybackEvent),
    ],
)
def test_what_the_table_does_not_hold_is_refused(workflow, states, events) -> None:
    for state, event in product(states, events):
        if (state, event) not in workflow.table:
            with pytest.raises(IllegalTransition):
                workflow.after(state, event)


def test_nothing_is_carried_out_that_was_not_reviewed() -> None:
    into = {before for (before, event), _after in BATCH.table.items() if event == BatchEvent.CARRY_OUT}

    assert into == {BatchState.REVIEWED}
