"""What every side can do."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from types import TracebackType
from typing import Protocol, Self

from django.db.backends.utils import CursorWrapper

from reconciliation.models import Comparison


@dataclass(frozen=True)
class Compared:
    """How many records each side holds of the day; ``our_amount`` is our sum in yuan.

    ``their_count`` None: only sums were compared. ``sha256`` is over their lines, empty when there were none.
    """

    our_count: int
    our_amount: Decimal
    their_count: int | None
    sha256: str = ""


class Side(Protocol):
    """One comparison's other side. Used as a context: files it has fetched are gone afterwards."""

    def __init__(self, comparison: Comparison) -> None: ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def fetch(self) -> None:
        """Ask the other side for its statement; calls out, never inside a transaction.

        Raises:
            StatementMissing: there is none yet, or no answer.
        """

    def compare(self, cursor: CursorWrapper, at: datetime) -> Compared:
        """Write what differs into ``recon_found``, inside the caller's transaction.

        Raises:
            StatementUnreadable: the statement is not what its description promises.
        """
