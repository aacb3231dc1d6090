"""Bills beside the money that moved for them: the third way, inside our own books."""

from datetime import datetime
from types import TracebackType
from typing import Self

from django.db.backends.utils import CursorWrapper

from reconciliation.models import Comparison
from reconciliation.operations.comparing import books_sql
from reconciliation.operations.sides.common import Compared
from reconciliation.rules.schedule import bounds_of


class BooksSide:
    """Nobody is asked; insurer's settlements and channel's payments are here already."""

    def __init__(self, comparison: Comparison) -> None:
        """Of one day, all institutions."""
        self.begin, self.until = bounds_of(comparison.day)

    def __enter__(self) -> Self:
        """Nothing to open."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing to close."""

    def fetch(self) -> None:
        """Nothing to fetch."""

    def compare(self, cursor: CursorWrapper, at: datetime) -> Compared:
        """Bills of which anything happened on the day, as they stand now."""
        values = {"begin": self.begin, "until": self.until}
        cursor.execute(books_sql.SUMS, values)
        count, amount = cursor.fetchone()
        cursor.execute(books_sql.CLASSIFY, values)
        return Compared(count, amount, None)
