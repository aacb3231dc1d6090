"""Upward notice: a lower app publishes, upper apps subscribe; handlers run in the publisher's transaction."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

Event = TypeVar("Event")
_handlers: dict[type[Any], list[Callable[[Any], None]]] = defaultdict(list)


def subscribe(event: type[Event]) -> Callable[[Callable[[Event], None]], Callable[[Event], None]]:
    """Register the decorated function for an event class; registering twice does nothing more."""

    def register(handler: Callable[[Event], None]) -> Callable[[Event], None]:
        if handler not in _handlers[event]:
            _handlers[event].append(handler)
        return handler

    return register


def publish(event: object) -> None:
    """Call every subscriber of the event's class, in the order of registration."""
    for handler in _handlers[type(event)]:
        handler(event)


def subscribers_of(event: type[Any]) -> tuple[Callable[[Any], None], ...]:
    """The handlers of an event class, for the documentation and the architecture test."""
    return tuple(_handlers[event])
