"""What is said next to the e-prescription centre: every order of answers, silence, crash and wishes, eight deep."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from prescriptions.rules.circulation import CirculationFacts, Step, next_step
from prescriptions.states import CIRCULATION, CLOSED, NEVER_IN_FORCE, CirculationEvent, CirculationState

AT = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
FACTS = CirculationFacts(CirculationState.OPENED, False, AT + timedelta(days=1), AT)
_S, _E = CirculationState, CirculationEvent


@pytest.mark.parametrize(
    ("state", "step"),
    [
        (_S.OPENED, Step.CHECK), (_S.CHECKED, Step.SIGN), (_S.SIGNED, Step.UPLOAD), (_S.UPLOADING, Step.ASK),
        (_S.UNCONFIRMED, Step.ASK), (_S.CIRCULATING, Step.FOLLOW), (_S.WITHDRAWING, Step.WITHDRAW),
        (_S.WITHDRAWAL_UNCONFIRMED, Step.ASK), (_S.REFUSED, None), (_S.WITHDRAWN, None), (_S.TAKEN, None),
        (_S.LAPSED, None),
    ],
)  # fmt: skip
def test_each_state_has_its_step(state: CirculationState, step: Step | None) -> None:
    assert next_step(replace(FACTS, state=state), AT) == step


@pytest.mark.parametrize("state", sorted(NEVER_IN_FORCE))
def test_what_was_never_in_force_is_closed_without_asking(state: CirculationState) -> None:
    here = replace(FACTS, state=state, next_ask_at=None)

    assert next_step(replace(here, is_wanted_back=True), AT) == Step.RELEASE
    assert next_step(here, here.valid_until) == Step.LAPSE


def test_nothing_is_said_before_its_moment() -> None:
    assert next_step(replace(FACTS, next_ask_at=AT + timedelta(seconds=1)), AT) is None


@dataclass(frozen=True)
class World:
    """Our row, and how the centre really holds it."""

    state: CirculationState = _S.OPENED
    wanted: bool = False
    held: str = ""
    """"", "1" in force, "3" withdrawn, "taken"."""
    uploads: int = 0


MOVES = ("answer", "lost_before", "lost_after", "refuse", "crash", "wish", "take")


def after(world: World, move: str) -> World:
    """One step of the product with one answer of the centre, or something that happens beside it."""
    if move == "wish":
        return replace(world, wanted=True)
    if move == "take":
        return replace(world, held="taken") if world.held == "1" else world
    step = next_step(replace(FACTS, state=world.state, is_wanted_back=world.wanted), AT)
    if step is None:
        return world
    return _TAKEN[step](world, move)


def _plain(event: CirculationEvent):
    def take(world: World, move: str) -> World:
        if move == "answer":
            return replace(world, state=CIRCULATION.after(world.state, event))
        if move == "refuse":
            return replace(world, state=CIRCULATION.after(world.state, _E.REFUSE))
        return world

    return take


def _upload(world: World, move: str) -> World:
    world = replace(world, state=CIRCULATION.after(world.state, _E.UPLOAD))
    if move == "refuse":
        return replace(world, state=CIRCULATION.after(world.state, _E.REFUSE))
    if move != "lost_before":
        assert world.held in ("", "1"), "a tracing code counts once"
        world = replace(world, held="1", uploads=world.uploads + (world.held == ""))
    if move == "crash":
        return world
    event = _E.CONFIRM if move == "answer" else _E.LOSE
    return replace(world, state=CIRCULATION.after(world.state, event))


def _withdraw(world: World, move: str) -> World:
    if CIRCULATION.allows(world.state, _E.WITHDRAW):
        world = replace(world, state=CIRCULATION.after(world.state, _E.WITHDRAW))
    if move == "refuse" or world.held == "taken":
        return _told(world)
    if move != "lost_before":
        world = replace(world, held="3")
    if move == "crash":
        return world
    return replace(world, state=CIRCULATION.after(world.state, _E.RELEASE if move == "answer" else _E.LOSE))


def _ask(world: World, move: str) -> World:
    if CIRCULATION.allows(world.state, _E.LOSE):
        world = replace(world, state=CIRCULATION.after(world.state, _E.LOSE))
    return _told(world) if move == "answer" else world


def _told(world: World) -> World:
    """What the centre says of how it holds it."""
    event = {"": _E.MISS, "3": _E.RELEASE, "taken": _E.TAKE}.get(world.held)
    if world.held == "1":
        event = {_S.UNCONFIRMED: _E.CONFIRM, _S.WITHDRAWAL_UNCONFIRMED: _E.WITHDRAW}.get(world.state)
    if event and CIRCULATION.allows(world.state, event):
        return replace(world, state=CIRCULATION.after(world.state, event))
    return world


_TAKEN = {
    Step.CHECK: _plain(_E.CHECK), Step.SIGN: _plain(_E.SIGN), Step.UPLOAD: _upload, Step.WITHDRAW: _withdraw,
    Step.ASK: _ask, Step.FOLLOW: lambda world, move: _told(world) if move == "answer" else world,
    Step.RELEASE: lambda world, move: replace(world, state=CIRCULATION.after(world.state, _E.RELEASE)),
}  # fmt: skip


def test_in_every_order_of_events_what_is_closed_here_cannot_be_taken_there() -> None:
    worlds = {World(), World(state=_S.SIGNED)}
    for _ in range(8):
        worlds |= {after(world, move) for world in worlds for move in MOVES}

    assert {world.state for world in worlds} == set(CirculationState) - {_S.LAPSED}
    for world in worlds:
        if world.state == _S.WITHDRAWN:
            assert world.held in ("", "3"), world
        if world.state in NEVER_IN_FORCE:
            assert world.held not in ("1", "taken"), world
        if world.state == _S.TAKEN:
            assert world.held == "taken", world
        assert world.uploads <= 1, world


def test_with_answers_every_life_ends() -> None:
    worlds = {World(), World(state=_S.SIGNED)}
    for _ in range(8):
        worlds |= {after(world, move) for world in worlds for move in MOVES}
    for start in worlds:
        world = replace(start, wanted=True)
        for _ in range(6):
            world = after(world, "answer")
        assert world.state in CLOSED, start
