"""Our rows of a statement as the file that 9101 takes, read from the database piece by piece."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db import connection, transaction

from insurance.gateway import messages as m
from reconciliation.errors import StatementMissing
from reconciliation.operations.comparing import insurer_sql
from reconciliation.rules.groups import GroupKey

_PIECE = 5000  # rows


def packed(values: Mapping[str, Any], key: GroupKey, filename: str) -> bytes:
    """The file of one clearing agency and clearing type; ``values`` are those of ``insurer_sql``.

    Raises:
        StatementMissing: a row of ours does not fit the file.
    """
    wanted = {**values, "agency": key.clearing_agency, "clearing_type": key.clearing_type}
    try:
        return m.write_rows(_rows(wanted), filename=filename)
    except m.RequestUnfit as unfit:
        raise StatementMissing(f"our rows do not fit: {unfit}") from unfit


def _rows(values: Mapping[str, Any]) -> Iterator[m.StatementRow]:
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(insurer_sql.OUR_ROWS, values)
        while piece := cursor.fetchmany(_PIECE):
            for number, visit, person, total, fund, account, is_refund in piece:
                yield m.StatementRow(
                    settlement_number=number,
                    visit_number=visit,
                    person_number=person,
                    total_amount=total,
                    fund_amount=fund,
                    account_amount=account,
                    is_refund=is_refund,
                )
