"""Numbers without gaps: 1, 2, 3 … of a series and a day."""

from datetime import date

from django.db import connection, transaction

_NEXT = """
    INSERT INTO kernel_counter (series, "on", last) VALUES (%s, %s, 1)
    ON CONFLICT (series, "on") DO UPDATE SET last = kernel_counter.last + 1
    RETURNING last
"""


def next_in(series: str, *, on: date) -> int:
    """The next number of a series on a day, from 1; one statement.

    The row stays locked until the transaction ends: whoever wants the next number waits, and a transaction that is
    taken back gives its number back. So ask late in a transaction, and never call out after it.

    Raises:
        TransactionManagementError: outside a transaction a number could be lost.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("a number without gaps is given in a transaction")
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [series, on])
        (number,) = cursor.fetchone()
    return int(number)
