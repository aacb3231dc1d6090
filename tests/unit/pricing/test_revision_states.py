"""Every (state, event) pair of a revision and of an import."""

from itertools import product

import pytest

from kernel.workflow import IllegalTransition
from pricing.states import (
    IMPORT,
    REVISION,
    ImportEvent,
    ImportState,
    RevisionEvent,
    RevisionState,
)

S, E = RevisionState, RevisionEvent
LIFE = {
    (S.DRAFT, E.SUBMIT): S.SUBMITTED,
    (S.DRAFT, E.ABANDON): S.ABANDONED,
    (S.SUBMITTED, E.RETURN): S.DRAFT,
    (S.SUBMITTED, E.APPROVE): S.REVIEWED,
    (S.SUBMITTED, E.ABANDON): S.ABANDONED,
    (S.REVIEWED, E.RETURN): S.DRAFT,
    (S.REVIEWED, E.PUBLISH): S.PUBLISHED,
    (S.REVIEWED, E.ABANDON): S.ABANDONED,
    (S.PUBLISHED, E.SUPERSEDE): S.SUPERSEDED,
}

F, D = ImportState, ImportEvent
FILE = {
    (F.WAITING, D.READ_WELL): F.READ,
    (F.WAITING, D.FIND_FAULTS): F.FAULTY,
    (F.READ, D.TAKE): F.TAKING,
    (F.TAKING, D.ARRIVE): F.TAKEN,
    (F.TAKING, D.TURN_BACK): F.READ,
}


@pytest.mark.parametrize(("state", "event"), list(product(S, E)))
def test_a_revision_goes_on_only_as_the_table_says(state: RevisionState, event: RevisionEvent) -> None:
    if (state, event) in LIFE:
        assert REVISION.after(state, event) == LIFE[state, event]
    else:
        with pytest.raises(IllegalTransition):
            REVISION.after(state, event)


@pytest.mark.parametrize(("state", "event"), list(product(F, D)))
def test_an_import_goes_on_only_as_the_table_says(state: ImportState, event: ImportEvent) -> None:
    if (state, event) in FILE:
        assert IMPORT.after(state, event) == FILE[state, event]
    else:
        with pytest.raises(IllegalTransition):
            IMPORT.after(state, event)


def test_nothing_is_published_without_a_review() -> None:
    assert [state for state in S if REVISION.allows(state, E.PUBLISH)] == [S.REVIEWED]
