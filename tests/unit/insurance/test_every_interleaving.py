"""Every interleaving of what can happen to a settlement, up to eight events, on the real rules and the real workflow.

The world is one claim of ours and what the insurer holds of it. An event is a reply, a time-out (carried out, lost, or
still on its way), a crash of the worker at any point, a question, a callback that asks once more, the wish to have
everything back, an answer that cannot be written down, a person who concludes what she truly sees there, a late arrival, and half an hour that goes by. Equal worlds are looked at once, which is the same as
going through every order of events.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import pytest

from insurance.rules.commands import CONCLUSIONS, ClaimFacts, Conclusion, concluding_violations
from insurance.rules.conclusions import RULES, WAITING, Talk, events_after
from insurance.rules.outcomes import Answer, Heard, Held, Rule, Step
from insurance.states import CLAIM, ClaimEvent, ClaimState

DEPTH = 8
CONVERSATIONS_UNTIL_KNOWN = 4
NOTHING, IN_FORCE, TAKEN_BACK = "nothing", "in force", "taken back"
KNOWN = {ClaimState.SETTLED, ClaimState.DECLINED, ClaimState.VOIDED, ClaimState.REVERSED}

Rules = Mapping[Talk, Rule]
Event = tuple[str, "World"]


@dataclass(frozen=True)
class Running:
    """A conversation under way; ``times`` is the count of questions with it."""

    talk: Talk
    heard: Heard
    times: int
    reverse_number: int


@dataclass(frozen=True)
class World:
    """Our row, our ledger, the insurer, and what is between."""

    state: ClaimState = ClaimState.SETTLING
    asked_times: int = 0
    reverse_number: int = 0
    is_wanted_back: bool = False
    settlements: int = 0
    reversals: int = 0
    running: Running | None = None

    held: str = NOTHING
    is_closed: bool = False
    """The number of the settling message was undone: a late arrival is refused."""
    taken_back_by: int = -1

    flying: frozenset[tuple[Talk, int]] = frozenset()
    is_late: bool = False


# --- The insurer --------------------------------------------------------------------------------------


def carried_out(world: World, talk: Talk, number: int) -> tuple[World, Answer]:
    """The message arrives, and is carried out when that is possible; the same number has the same outcome."""
    if talk is Talk.SETTLING:
        if world.is_closed:
            return world, Answer.REFUSED
        held = IN_FORCE if world.held == NOTHING else world.held
        return replace(world, held=held), Answer.DONE
    if talk is Talk.VOIDING:
        if world.held == TAKEN_BACK:
            return world, Answer.REFUSED
        return replace(world, held=NOTHING, is_closed=True), Answer.DONE
    if world.held == IN_FORCE:
        return replace(world, held=TAKEN_BACK, taken_back_by=number), Answer.DONE
    return world, Answer.DONE if world.taken_back_by == number else Answer.REFUSED


def truth(world: World, running: Running) -> Held:
    """What 5203 tells."""
    if running.talk is Talk.REVERSING:
        if world.taken_back_by == running.reverse_number:
            return Held.MADE
        return Held.NOTHING if world.held == IN_FORCE else Held.TAKEN_BACK
    return {NOTHING: Held.NOTHING, IN_FORCE: Held.MADE, TAKEN_BACK: Held.TAKEN_BACK}[world.held]


# --- Our side -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Model:
    """The rules under test, and whether the province still undoes messages."""

    rules: Rules
    may_undo: bool

    def begun(self, world: World) -> World:
        """A conversation begins, when one is waited for; the count is committed before anything is sent."""
        talk = next((talk for talk, states in WAITING.items() if world.state in states), None)
        if talk is None or world.running:
            return world
        heard = Heard(sent_before=world.asked_times > 0, is_late=world.is_late, may_undo=self.may_undo)
        running = Running(talk, heard, world.asked_times + 1, world.reverse_number)
        return replace(world, running=running, asked_times=world.asked_times + 1, is_late=False)

    def answered(self, world: World, answer: Answer) -> World:
        """The message that moves money is answered, or not."""
        assert world.running
        return self._heard(world, replace(world.running.heard, answer=answer, held=None))

    def told(self, world: World, held: Held) -> World:
        """The question what the insurer holds is answered, or not."""
        assert world.running
        return self._heard(world, replace(world.running.heard, held=held))

    def _heard(self, world: World, heard: Heard) -> World:
        """When the rule says that this is the end, it is concluded."""
        running = world.running
        assert running
        world = replace(world, running=replace(running, heard=heard))
        step = self.rules[running.talk](heard)
        return world if step in (Step.ASK, Step.SEND) else self.concluded(world, step)

    def concluded(self, world: World, step: Step) -> World:
        """The second transaction."""
        running = world.running
        assert running
        asked_since = world.asked_times != running.times
        world = replace(world, running=None)
        for event in events_after(running.talk, step, world.state, asked_since=asked_since):
            if event is ClaimEvent.VOID and not CLAIM.allows(world.state, event):
                continue  # the wish to have it back has undone it in the same transaction
            world = self.moved(world, event, renews=step is Step.RENEW)
        return world

    def moved(self, world: World, event: ClaimEvent, *, renews: bool = False) -> World:
        """One step of the workflow, and what checkout does in the same transaction."""
        world = replace(world, state=CLAIM.after(world.state, event))
        if event is ClaimEvent.SETTLE:
            world = replace(world, settlements=world.settlements + 1)
        if event is ClaimEvent.CONFIRM_REVERSAL:
            world = replace(world, reversals=world.reversals + 1)
        if event in (ClaimEvent.VOID, ClaimEvent.REVERSE) or renews:
            world = replace(world, asked_times=0)
        if event is ClaimEvent.REVERSE or renews:
            world = replace(world, reverse_number=world.reverse_number + 1)
        return self.wanted_back(world) if world.is_wanted_back else world

    def wanted_back(self, world: World) -> World:
        """Everything is to go back: taken back when settled, undone when unknown, else remembered."""
        world = replace(world, is_wanted_back=True)
        if world.state == ClaimState.SETTLED:
            return self.moved(world, ClaimEvent.REVERSE)
        if world.state == ClaimState.UNCONFIRMED and self.may_undo:
            return self.moved(world, ClaimEvent.VOID)
        return world

    def events(self, world: World) -> Iterator[Event]:
        """Everything that can happen next."""
        if not world.is_wanted_back and world.state in KNOWN | set(WAITING[Talk.SETTLING]):
            yield "reversal", self.wanted_back(world)
        for message in world.flying:
            arrived, _answer = carried_out(world, *message)
            yield "late arrival", replace(arrived, flying=world.flying - {message})
        yield from self.persons(world)
        if not world.running and not world.is_late:
            yield "half an hour", replace(world, flying=frozenset(), is_late=True)
        began = self.begun(world)
        if began.running:
            if began != world:
                yield "duplicate callback", began
            yield "crash", replace(began, running=None)
            sends = self.rules[began.running.talk](began.running.heard) is Step.SEND
            yield from self.sendings(began) if sends else self.questions(began)

    def persons(self, world: World) -> Iterator[Event]:
        """What a person may conclude who looks at the insurer's screen now."""
        claim = ClaimFacts(
            world.state, needs_person=True, taken_by=1, may_undo=self.may_undo, may_arrive=not world.is_late
        )
        for conclusion in CONCLUSIONS.get(world.state, ()):
            is_refused = any(concluding_violations(claim, conclusion, reason="I have looked", user=1))
            if SEEN[conclusion] == world.held and not is_refused:
                yield "person", self.by_hand(world, conclusion)

    def by_hand(self, world: World, conclusion: Conclusion) -> World:
        """As ``conclude_by_hand`` carries it out; with a settlement that stands the wish to have it back is answered."""
        if conclusion is Conclusion.STANDS:
            return self.moved(replace(world, is_wanted_back=False), ClaimEvent.STAND)
        not_settled = ClaimEvent.CONFIRM_VOID if world.state == ClaimState.VOIDING else ClaimEvent.DECLINE
        events = {Conclusion.SETTLED: ClaimEvent.SETTLE, Conclusion.REVERSED: ClaimEvent.CONFIRM_REVERSAL}
        return self.moved(world, events.get(conclusion, not_settled))

    def sendings(self, world: World) -> Iterator[Event]:
        """What can become of a message that is sent now."""
        running = world.running
        assert running
        message = (running.talk, running.reverse_number)
        arrived, answer = carried_out(world, *message)
        flying = replace(world, flying=world.flying | {message})
        yield "reply", self.answered(arrived, answer)
        yield "reply", self.answered(world, Answer.REFUSED)
        yield "reply", self.answered(arrived, Answer.DISPUTED)
        if (arrived, answer) == (world, Answer.DONE):
            yield "reply", self.answered(world, Answer.REPEATED)
        # Whatever was said, it cannot be written down: a person, by the same way as a conversation that breaks off.
        yield "fault", self.concluded(arrived, Step.CALL_PERSON)
        for after in (arrived, world, flying):
            yield "time-out", self.answered(after, Answer.SILENT)
            yield "crash", replace(after, running=None)

    def questions(self, world: World) -> Iterator[Event]:
        """What can become of 5203."""
        assert world.running
        for held in (truth(world, world.running), Held.UNTOLD, Held.UNASKABLE, Held.DISPUTED):
            yield "query", self.told(world, held)

    def calm(self, world: World) -> World:
        """From now on the insurer answers everything truly, and half an hour lies between two questions."""
        world = replace(world, running=None)
        for _conversation in range(CONVERSATIONS_UNTIL_KNOWN):
            world = self.begun(replace(world, flying=frozenset(), is_late=True))
            while world.running:
                running = world.running
                if self.rules[running.talk](running.heard) is Step.SEND:
                    world, answer = carried_out(world, running.talk, running.reverse_number)
                    world = self.answered(world, answer)
                else:
                    world = self.told(world, truth(world, running))
        return world


# --- What must hold -----------------------------------------------------------------------------------


SEEN = {
    Conclusion.SETTLED: IN_FORCE, Conclusion.NOT_SETTLED: NOTHING, Conclusion.REVERSED: TAKEN_BACK,
    Conclusion.STANDS: IN_FORCE,
}  # fmt: skip
"""What a person's conclusion says of the insurer."""

ROWS = {
    ClaimState.SETTLED: (1, 0), ClaimState.REVERSING: (1, 0), ClaimState.REVERSAL_UNCONFIRMED: (1, 0),
    ClaimState.REVERSED: (1, 1),
}  # fmt: skip
"""Settlements and reversals in our ledger; none in every other state."""

THERE = {
    ClaimState.SETTLED: IN_FORCE, ClaimState.REVERSED: TAKEN_BACK, ClaimState.DECLINED: NOTHING,
    ClaimState.VOIDED: NOTHING,
}  # fmt: skip
"""What the insurer holds where we say that we know."""


def broken(model: Model, world: World) -> str:
    """What is wrong with a world, or nothing."""
    if (world.settlements, world.reversals) != ROWS.get(world.state, (0, 0)):
        return "rows that do not fit the state"
    if world.held != THERE.get(world.state, world.held):
        return "known here, and otherwise there"
    if _is_about_to_change(world):
        return "known here, and something on its way makes it untrue"
    end = model.calm(world)
    if end.state not in KNOWN:
        return f"never known: {end.state}"
    return "wanted back, and in force for ever" if world.is_wanted_back and end.held == IN_FORCE else ""


def _is_about_to_change(world: World) -> bool:
    """Whether a message on its way would change what is known."""
    arrivals = (carried_out(world, *message)[0] for message in world.flying)
    return world.state in THERE and any(after.held != world.held for after in arrivals)


def explore(model: Model) -> tuple[set[World], set[str], str]:
    """All worlds up to the depth, the kinds of events that led there, and the first fault."""
    seen, frontier, kinds = {World()}, [World()], set[str]()
    for _depth in range(DEPTH):
        following = []
        for world in frontier:
            for kind, after in model.events(world):
                kinds.add(kind)
                if after in seen:
                    continue
                seen.add(after)
                if fault := broken(model, after):
                    return seen, kinds, f"{kind}: {fault}: {after}"
                following.append(after)
        frontier = following
    return seen, kinds, ""


@pytest.mark.parametrize("may_undo", [True, False])
def test_after_any_eight_events_both_sides_agree_or_ours_says_that_it_does_not_know(may_undo: bool) -> None:
    seen, kinds, fault = explore(Model(RULES, may_undo))
    assert fault == ""
    assert {
        "reply",
        "time-out",
        "crash",
        "duplicate callback",
        "reversal",
        "query",
        "person",
        "fault",
    } <= kinds
    states = {world.state for world in seen}
    undone = {ClaimState.VOIDING, ClaimState.VOIDED}
    assert states == (set(ClaimState) if may_undo else set(ClaimState) - undone) - {
        ClaimState.DRAFT, ClaimState.PRESETTLED, ClaimState.ABANDONED,
    }  # fmt: skip


def _otherwise(talk: Talk, wrong: Callable[[Heard], Step | None]) -> Rules:
    """The real rules, but for what ``wrong`` says."""
    right = RULES[talk]
    return {**RULES, talk: lambda heard: wrong(heard) or right(heard)}


WRONG = {
    "a time-out counts as a refusal": _otherwise(
        Talk.SETTLING, lambda heard: Step.GIVE_UP if heard.answer == Answer.SILENT else None
    ),
    "a refusal after silence counts at once": _otherwise(
        Talk.SETTLING, lambda heard: Step.GIVE_UP if heard.answer == Answer.REFUSED else None
    ),
    "what the insurer holds nothing of is given up": _otherwise(
        Talk.SETTLING, lambda heard: Step.GIVE_UP if heard.held == Held.NOTHING else None
    ),
    "a silent undoing counts as done": _otherwise(
        Talk.VOIDING, lambda heard: Step.RECORD if heard.answer == Answer.SILENT else None
    ),
    "a refused undoing lets the settlement stand at once": _otherwise(
        Talk.VOIDING,
        lambda heard: Step.STAND if (heard.answer, heard.held) == (Answer.REFUSED, Held.MADE) else None,
    ),
    "a silent reversal counts as done": _otherwise(
        Talk.REVERSING, lambda heard: Step.RECORD if heard.answer == Answer.SILENT else None
    ),
    "a refused reversal gets another number at once": _otherwise(
        Talk.REVERSING, lambda heard: Step.RENEW if heard.answer == Answer.REFUSED else None
    ),
    "a settlement of other amounts is entered": _otherwise(
        Talk.SETTLING, lambda heard: Step.RECORD if heard.held == Held.DISPUTED else None
    ),
    "a disputed record lets the settlement stand": _otherwise(
        Talk.VOIDING, lambda heard: Step.STAND if heard.held == Held.DISPUTED else None
    ),
    "a reversal of other amounts is entered": _otherwise(
        Talk.REVERSING, lambda heard: Step.RECORD if heard.held == Held.DISPUTED else None
    ),
    "nobody asks again": _otherwise(Talk.SETTLING, lambda heard: Step.WAIT if heard.sent_before else None),
}


@pytest.mark.parametrize("rules", WRONG.values(), ids=WRONG)
def test_a_wrong_rule_is_found(rules: Rules) -> None:
    _seen, _kinds, fault = explore(Model(rules, may_undo=True))
    assert fault
