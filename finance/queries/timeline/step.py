"""One node of a bill's course."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from kernel.errors import Text


class Sort(StrEnum):
    """What a step is: an act recorded here, a message, an entry in the books, a document."""

    ACT = "act"
    INSURER = "insurer"
    CHANNEL = "channel"
    BOOKS = "books"
    DOCUMENT = "document"


_ORDER = {Sort.INSURER: 0, Sort.CHANNEL: 1, Sort.ACT: 2, Sort.BOOKS: 3, Sort.DOCUMENT: 4}
"""Within one moment: what was said, what was done about it, what was booked, what was handed out."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened."""

    at: datetime
    actor: str
    """Who: a name, the patient's masked; empty for the system itself."""
    what: Text
    amount: Decimal | None = None
    """Yuan, where the step is about money."""
    message: str = ""
    """Number, answer or reason."""
    url: str = ""
    """Where more of it can be read; not every reader of the course may open it."""
    sort: Sort = Sort.ACT
    kind: str = "done"
    """As in the timeline of the design system: done, failed, unknown, now."""

    @property
    def order(self) -> int:
        """Place within one moment."""
        return _ORDER[self.sort]
