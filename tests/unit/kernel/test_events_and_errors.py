"""Upward notice, and refusals that name everything at once."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from kernel import events
from kernel.errors import DomainError, RulesBroken, Violation, refuse_if_any


@dataclass(frozen=True)
class KettleBoiled:
    """Something happened."""

    litres: int


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    yield
    events._handlers.pop(KettleBoiled, None)


def test_subscribers_hear_an_event_in_the_order_they_came() -> None:
    heard: list[tuple[str, int]] = []

    @events.subscribe(KettleBoiled)
    def first(event: KettleBoiled) -> None:
        heard.append(("first", event.litres))

    @events.subscribe(KettleBoiled)
    def second(event: KettleBoiled) -> None:
        heard.append(("second", event.litres))

    events.publish(KettleBoiled(2))
    assert heard == [("first", 2), ("second", 2)]


def test_subscribing_twice_hears_once() -> None:
    heard: list[KettleBoiled] = []

    def listen(event: KettleBoiled) -> None:
        heard.append(event)

    for _time in range(2):
        events.subscribe(KettleBoiled)(listen)
    events.publish(KettleBoiled(1))
    assert heard == [KettleBoiled(1)]


def test_what_a_subscriber_refuses_reaches_the_publisher() -> None:
    @events.subscribe(KettleBoiled)
    def refuse(event: KettleBoiled) -> None:
        raise DomainError("no tea")

    with pytest.raises(DomainError):
        events.publish(KettleBoiled(1))


def test_an_event_nobody_subscribes_to_passes() -> None:
    events.publish(KettleBoiled(1))
    assert events.subscribers_of(KettleBoiled) == ()


def test_a_refusal_names_every_broken_rule_and_speaks_with_the_first() -> None:
    broken = [Violation("V-01", "too early"), Violation("V-02", "no proof", field="proof")]
    with pytest.raises(RulesBroken) as refusal:
        refuse_if_any(iter(broken))
    assert refusal.value.violations == tuple(broken)
    assert str(refusal.value) == "too early"


def test_no_broken_rule_is_no_refusal() -> None:
    refuse_if_any([])


def test_a_message_of_its_own_comes_first() -> None:
    assert str(DomainError("mine", violations=[Violation("V-01", "other")])) == "mine"
