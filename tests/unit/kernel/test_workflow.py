"""Every state machine of the product, tried in every pair of state and event."""

import re
from enum import StrEnum
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import pytest
from django.conf import settings

from kernel.workflow import IllegalTransition, Workflow

ENDS = {
    "Agreement": {"ended", "refused"},
    "Bill": {"refunded", "void"},
    "CashierDay": set(),  # a second person may open a closed one again
    "Comparison": set(),  # a day can be compared again at any time
    "Checkout": {"refunded"},  # closed is no end: money that comes late has to go back
    "Circulation": {"lapsed", "taken", "withdrawn"},
    "CorrectionBatch": {"carried_out", "abandoned"},
    "Claim": {"declined", "reversed", "abandoned", "voided"},
    "KnowledgeImport": {"taken", "faulty"},
    "Difference": set(),  # a later run may find a closed one changed
    "InsurerReport": {"reported"},
    "InsurerTransfer": {"booked", "withdrawn"},
    "Payback": {"paid_back", "withdrawn"},
    "PaymentOrder": {"paid", "late"},  # closed is no end: money may come late
    "Payout": {"paid", "cancelled"},
    "PriceImport": {"taken", "faulty"},
    "PriceRevision": {"superseded", "abandoned"},
    "Prescription": {"dispensed", "expired", "cancelled"},
    "Refund": {"done"},  # a failed one may be completed by hand
    "RefundRequest": {"done", "declined"},
    "Revisit": {"completed", "stopped", "missed", "cancelled"},
    "RuleChange": {"carried_out", "refused", "withdrawn"},
    "Simulation": {"done", "failed"},
    "VoucherAuthorization": {"refused", "used", "expired"},
    "Verification": {"matched", "mismatched", "not_found", "taken"},
}
"""Where each life may end for good; from every other state something can still happen."""

NO_PARTICIPLE_BUT_PLAIN = {
    "carrying_out",
    "draft",
    "effective",
    "faulty",
    "in_progress",
    "late",
    "open",
    "pending",
    "ready",
    "void",
    "not_found",
}
IRREGULAR = {"carried_out", "done", "given", "paid", "paid_back", "read", "taken", "withdrawn"}


def _workflows() -> list[Workflow[Any, Any]]:
    modules = [import_module(f"{app}.states") for app in settings.OWN_APPS if find_spec(f"{app}.states")]
    return [value for module in modules for value in vars(module).values() if isinstance(value, Workflow)]


WORKFLOWS = _workflows()
every_workflow = pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda workflow: workflow.name)


def states_of(workflow: Workflow[Any, Any]) -> list[StrEnum]:
    """Members of the enum of states, the first a new row has."""
    kind: type[StrEnum] = type(next(iter(workflow.table.values())))
    return list(kind)


def events_of(workflow: Workflow[Any, Any]) -> list[StrEnum]:
    """Members of the enum of events."""
    _state, event = next(iter(workflow.table))
    kind: type[StrEnum] = type(event)
    return list(kind)


def test_every_workflow_is_known_here_with_its_ends() -> None:
    assert {workflow.name for workflow in WORKFLOWS} == set(ENDS)


@pytest.mark.parametrize(
    ("workflow", "state", "event"),
    [
        pytest.param(workflow, state, event, id=f"{workflow.name}: {state} {event}")
        for workflow in WORKFLOWS
        for state in states_of(workflow)
        for event in events_of(workflow)
    ],
)
def test_a_pair_leads_where_the_table_says_or_is_refused(
    workflow: Workflow[Any, Any], state: StrEnum, event: StrEnum
) -> None:
    held = (state, event) in workflow.table
    assert workflow.allows(state, event) is held
    assert workflow.allows(state.value, event) is held, "a row holds the plain text"
    if held:
        assert workflow.after(state.value, event) in states_of(workflow)
        return
    with pytest.raises(IllegalTransition) as refusal:
        workflow.after(state, event)
    assert (refusal.value.workflow, refusal.value.state, refusal.value.event) == (workflow.name, state, event)


@every_workflow
def test_every_state_can_be_reached_from_the_first(workflow: Workflow[Any, Any]) -> None:
    before: set[StrEnum] = set()
    reached = {states_of(workflow)[0]}
    while reached != before:
        before = set(reached)
        reached |= {then for (state, _event), then in workflow.table.items() if state in reached}
    assert reached == set(states_of(workflow))


@every_workflow
def test_a_life_ends_only_where_it_may(workflow: Workflow[Any, Any]) -> None:
    goes_on = {state for state, _event in workflow.table}
    assert {state.value for state in states_of(workflow)} - {state.value for state in goes_on} == ENDS[
        workflow.name
    ]


@every_workflow
def test_every_event_can_happen_somewhere(workflow: Workflow[Any, Any]) -> None:
    assert {event for _state, event in workflow.table} == set(events_of(workflow))


@every_workflow
def test_states_are_participles_and_events_imperatives(workflow: Workflow[Any, Any]) -> None:
    odd = {
        state.value
        for state in states_of(workflow)
        if not re.search(r"(ed|ing)$", state.value) and state.value not in NO_PARTICIPLE_BUT_PLAIN | IRREGULAR
    }
    assert odd == set()
    assert [event for event in events_of(workflow) if re.search(r"(ed|ing)$", event.value)] == []


def test_a_refusal_names_workflow_state_and_event_for_the_log_and_a_sentence_for_the_person() -> None:
    refusal = IllegalTransition("Bill", "void", "settle")
    assert str(refusal) == "Bill: settle is not possible in void"
    assert refusal.code == "illegal_transition"
    assert refusal.message != str(refusal)
