"""Their statement on its way into a table of this transaction, line by line, whatever its length."""

import hashlib
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.backends.utils import CursorWrapper

from reconciliation.rules.lines import TheirLine, as_copy_text

_THEIRS = """
CREATE TEMPORARY TABLE recon_theirs (
    subject text NOT NULL, key text NOT NULL, other_key text NOT NULL,
    total numeric(14,2) NOT NULL, fund numeric(14,2), account numeric(14,2), cash numeric(14,2),
    status text NOT NULL, verdict text NOT NULL, remark text NOT NULL
) ON COMMIT DROP
"""

_FOUND = """
CREATE TEMPORARY TABLE recon_found (
    subject text NOT NULL, key text NOT NULL, other_key text NOT NULL, kind text NOT NULL,
    settlement_id bigint, claim_id bigint, order_id bigint, refund_id bigint, bill_id bigint,
    our_total numeric(14,2), our_fund numeric(14,2), our_account numeric(14,2), our_cash numeric(14,2),
    their_total numeric(14,2), their_fund numeric(14,2), their_account numeric(14,2), their_cash numeric(14,2),
    our_state text NOT NULL, their_state text NOT NULL, remark text NOT NULL,
    PRIMARY KEY (subject, key)
) ON COMMIT DROP
"""

# A record stated twice stands for money moved twice: its lines become one line of the sum. With ``apart`` the same number
# with another of theirs is another record.
_FOLD = """
WITH twice AS (
    SELECT subject, key, CASE WHEN %(apart)s THEN other_key END AS told
    FROM recon_theirs GROUP BY 1, 2, 3 HAVING count(*) > 1
), taken AS (
    DELETE FROM recon_theirs t USING twice d
    WHERE t.subject = d.subject AND t.key = d.key AND (d.told IS NULL OR t.other_key = d.told) RETURNING t.*, d.told
)
INSERT INTO recon_theirs
SELECT subject, key, max(other_key), sum(total), sum(fund), sum(account), sum(cash), max(status), max(verdict),
       'stated ' || count(*) || ' times'
FROM taken GROUP BY subject, key, told
"""


@dataclass(frozen=True)
class Loaded:
    """How many lines were read, and the SHA-256 over them."""

    count: int
    sha256: str


def prepare(cursor: CursorWrapper) -> None:
    """Make the tables of this comparison; they are gone when the transaction ends."""
    cursor.execute("DROP TABLE IF EXISTS recon_theirs, recon_found, recon_pairs")
    cursor.execute(_THEIRS)
    cursor.execute(_FOUND)
    cursor.execute("SET LOCAL work_mem = '64MB'")


def load_theirs(cursor: CursorWrapper, lines: Iterable[TheirLine], *, apart: bool = False) -> Loaded:
    """Copy a statement into ``recon_theirs``; memory does not grow with its length.

    Args:
        cursor: of the transaction of the comparison.
        lines: as they state them.
        apart: their other number belongs to what names a record; else ``key`` alone names it.

    Raises:
        StatementUnreadable: a line is broken; the transaction is then to be rolled back.
    """
    stream = _Stream(as_copy_text(lines))
    try:
        cursor.copy_expert("COPY recon_theirs FROM STDIN", stream)
    except Exception:
        # The driver wraps what went wrong while it read from us.
        if stream.failure is not None:
            raise stream.failure from None
        raise
    cursor.execute(_FOLD, {"apart": apart})
    cursor.execute("ANALYZE recon_theirs")
    return Loaded(stream.count, stream.digest.hexdigest() if stream.count else "")


class _Stream(io.TextIOBase):
    """A file to read from, over lines that come one by one."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self.count = 0
        self.digest = hashlib.sha256()
        self.failure: Exception | None = None

    def read(self, size: Any = -1, /) -> str:
        """About so many characters, whole lines; empty at the end."""
        try:
            taken = self._some(size)
        except Exception as failure:
            self.failure = failure
            raise
        self.count += len(taken)
        text = "".join(taken)
        self.digest.update(text.encode())
        return text

    def _some(self, size: int) -> list[str]:
        taken, length = [], 0
        for line in self._lines:
            taken.append(line)
            length += len(line)
            if 0 < size <= length + len(line):
                break
        return taken
