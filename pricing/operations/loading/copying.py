"""Many rows at once by COPY; checks, triggers and constraints of the table hold as for any other row."""

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from io import StringIO
from itertools import chain
from typing import Any

from django.db import connection, models
from django.db.backends.postgresql.psycopg_any import DateRange

_NULL = "\\N"
_SPECIAL = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def copy_rows(model: type[models.Model], rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert rows; each maps every column to its value, all in the same order. An empty set is nothing."""
    remaining = iter(rows)
    first = next(remaining, None)
    if first is None:
        return
    text = StringIO()
    for row in chain([first], remaining):
        text.write("\t".join([_text_of(value) for value in row.values()]))
        text.write("\n")
    text.seek(0)
    quote = connection.ops.quote_name
    columns = ", ".join(quote(name) for name in first)
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {quote(model._meta.db_table)} ({columns}) FROM STDIN", text)


def fresh_ids(model: type[models.Model], count: int) -> list[int]:
    """Primary keys that nobody else will get, so that rows may name each other before they are written."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [number for (number,) in cursor.fetchall()]


def _text_of(value: Any) -> str:
    """A value in the text format of COPY."""
    if value is None:
        return _NULL
    if isinstance(value, str):
        return value if value.isalnum() else value.translate(_SPECIAL)
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, DateRange):
        return f"[{value.lower},{value.upper or ''})"
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False).translate(_SPECIAL)
    return str(value)
