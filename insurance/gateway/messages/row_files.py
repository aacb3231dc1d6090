"""The row files of 3202: a zip with one text of tab-separated rows, UTF-8, one settlement a line, no heading.

Source: that the files are zipped and tab-separated is sourced; the columns of ours and their order are general
knowledge [G] and stand here as data, so that a centre which wants others gets them by another tuple.
"""

import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from insurance.gateway.messages.statements import EQUAL
from insurance.gateway.messages.wire import (
    ReplyInconsistent,
    RequestUnfit,
    decode,
    encode,
    flag,
    money,
    text,
    wires,
)

RESULT_COLUMNS = (
    "psn_no",
    "mdtrt_id",
    "setl_id",
    "msgid",
    "stmt_rslt",
    "refd_setl_flag",
    "memo",
    "medfee_sumamt",
    "fund_pay_sumamt",
    "acct_pay",
)
MOST_UNPACKED_BYTES = 1_000_000_000


@dataclass(frozen=True, kw_only=True)
class StatementRow:
    """One settlement of ours, or the record that took it back (negative amounts, ``is_refund``)."""

    settlement_number: Annotated[str, text("setl_id", 30)]
    visit_number: Annotated[str, text("mdtrt_id", 30)]
    person_number: Annotated[str, text("psn_no", 30)]
    total_amount: Annotated[Decimal, money("medfee_sumamt")]
    fund_amount: Annotated[Decimal, money("fund_pay_sumamt")]
    account_amount: Annotated[Decimal, money("acct_pay")]
    is_refund: Annotated[bool, flag("refd_setl_flag")] = False


@dataclass(frozen=True, kw_only=True)
class ComparedRow:
    """What the insurer says of one settlement; the amounts are its own, or ours where it holds none."""

    person_number: Annotated[str | None, text("psn_no", 30)] = None
    visit_number: Annotated[str | None, text("mdtrt_id", 30)] = None
    settlement_number: Annotated[str, text("setl_id", 30)]
    msgid: Annotated[str | None, text("msgid", 30)] = None
    result: Annotated[str, text("stmt_rslt", 6)]
    is_refund: Annotated[bool, flag("refd_setl_flag")] = False
    memo: Annotated[str | None, text("memo", 500)] = None
    total_amount: Annotated[Decimal, money("medfee_sumamt")]
    fund_amount: Annotated[Decimal, money("fund_pay_sumamt")]
    account_amount: Annotated[Decimal, money("acct_pay")]

    @property
    def is_equal(self) -> bool:
        """Whether both sides hold it with the same amounts."""
        return self.result == EQUAL


def write_rows(rows: Iterable[StatementRow], *, filename: str) -> bytes:
    """Zip the rows as one text of that name; the memory needed does not grow with them.

    Raises:
        RequestUnfit: naming every value of the first row that does not fit.
    """
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open(filename, "w", force_zip64=True) as part,
    ):
        for number, row in enumerate(rows, 1):
            part.write(_line(row, number).encode())
    return packed.getvalue()


def _line(row: StatementRow, number: int) -> str:
    try:
        cells = [str(cell) for cell in encode(row).values()]
    except RequestUnfit as unfit:
        raise RequestUnfit(*(f"row {number}: {fault}" for fault in unfit.faults)) from unfit
    return "\t".join(cells) + "\n"


def read_rows(content: bytes, *, columns: Sequence[str] = RESULT_COLUMNS) -> Iterator[ComparedRow]:
    """Read the insurer's rows one after another; ``columns`` are wire names in the file's order.

    Raises:
        ReplyInconsistent: it is no zip, unpacks beyond belief, or a row cannot be read.
    """
    for number, line in enumerate(_lines(content), 1):
        cells = line.rstrip("\r\n").split("\t")
        if cells == [""] or (number == 1 and cells[0] in wires_of_row()):
            continue
        if len(cells) != len(columns):
            raise ReplyInconsistent(f"row {number}: {len(cells)} cells, {len(columns)} columns")
        yield decode(ComparedRow, dict(zip(columns, cells, strict=True)))


def wires_of_row() -> frozenset[str]:
    """Wire names of the columns; a centre that writes a heading begins with one of them."""
    return frozenset(wire.name for wire in wires(ComparedRow).values())


def _lines(content: bytes) -> Iterator[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MOST_UNPACKED_BYTES:
                raise ReplyInconsistent("the file unpacks beyond belief")
            for entry in archive.infolist():
                with archive.open(entry) as part:
                    yield from io.TextIOWrapper(part, encoding="utf-8-sig")
    except (zipfile.BadZipFile, UnicodeDecodeError) as wrong:
        raise ReplyInconsistent("the file is not a zip of rows") from wrong
