"""State machines as data: a table from (state, event) to the next state."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Generic, TypeVar

from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError

S = TypeVar("S", bound=StrEnum)
E = TypeVar("E", bound=StrEnum)


class IllegalTransition(DomainError):
    """The event does not fit the state."""

    code = "illegal_transition"
    default_message = _(
        "This step is not possible any more. Please look at the current state and go on from there."
    )

    def __init__(self, workflow: str, state: str, event: str) -> None:
        """Keep the three names for the log."""
        super().__init__()
        self.workflow, self.state, self.event = workflow, state, event

    def __str__(self) -> str:
        """The three names, for people who read logs."""
        return f"{self.workflow}: {self.event} is not possible in {self.state}"


class Workflow(Generic[S, E]):
    """A closed state machine; what the table does not hold is illegal."""

    def __init__(self, name: str, table: Mapping[tuple[S, E], S]) -> None:
        """``table`` maps (state, event) to the state afterwards."""
        self.name = name
        self.table = dict(table)

    def after(self, state: S | str, event: E) -> S:
        """The state after the event.

        Raises:
            IllegalTransition: the table does not hold the pair.
        """
        for (before, on), then in self.table.items():
            if before == state and on == event:
                return then
        raise IllegalTransition(self.name, str(state), str(event))

    def allows(self, state: S | str, event: E) -> bool:
        """Whether the event is possible in the state."""
        return any(before == state and on == event for before, on in self.table)
