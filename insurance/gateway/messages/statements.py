"""3201 compare the totals of a period, 3202 compare it row by row.

The rows of 3202 travel as files: ours is brought by 9101 first, the insurer's is fetched by 9102 (``row_files``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from insurance.gateway.messages.wire import (
    ReplyInconsistent,
    count,
    day,
    decode,
    encode_nodes,
    moment,
    money,
    text,
)

EQUAL = "0"


@dataclass(frozen=True, kw_only=True)
class ReconcileTotal:
    """3201: one group of type of insurance, clearing type and clearing agency; amounts are yuan, refunds negative.

    ``first_on`` and ``last_on`` are both within the period. ``settlement_count`` counts settlements and the records
    that take one back, each once.
    """

    insurance_type: Annotated[str, text("insutype", 6)]
    clearing_type: Annotated[str, text("clr_type", 6)]
    clearing_agency: Annotated[str, text("setl_optins", 6)]
    first_on: Annotated[date, day("stmt_begndate")]
    last_on: Annotated[date, day("stmt_enddate")]
    total_amount: Annotated[Decimal, money("medfee_sumamt")]
    fund_amount: Annotated[Decimal, money("fund_pay_sumamt")]
    account_amount: Annotated[Decimal, money("acct_pay")]
    settlement_count: Annotated[int, count("fixmedins_setl_cnt")]


@dataclass(frozen=True, kw_only=True)
class TotalStatement:
    """What the insurer says of one group: "0" is equal; what else may stand there differs between provinces."""

    clearing_agency: Annotated[str, text("setl_optins", 6)]
    result: Annotated[str, text("stmt_rslt", 6)]
    description: Annotated[str | None, text("stmt_rslt_dscr", 200)] = None

    @property
    def is_equal(self) -> bool:
        """Whether both sides hold the same totals."""
        return self.result == EQUAL


@dataclass(frozen=True, kw_only=True)
class ReconcileDetails:
    """3202: compare the rows of the file that 9101 gave ``file_number``; amounts are yuan, as in 3201."""

    clearing_agency: Annotated[str, text("setl_optins", 6)]
    file_number: Annotated[str, text("file_qury_no", 30)]
    first_on: Annotated[date, day("stmt_begndate")]
    last_on: Annotated[date, day("stmt_enddate")]
    total_amount: Annotated[Decimal, money("medfee_sumamt")]
    fund_amount: Annotated[Decimal, money("fund_pay_sumamt")]
    cash_amount: Annotated[Decimal, money("cash_payamt")]
    settlement_count: Annotated[int, count("fixmedins_setl_cnt")]
    clearing_type: Annotated[str | None, text("clr_type", 6)] = None
    insurance_type: Annotated[str | None, text("insutype", 6)] = None


@dataclass(frozen=True, kw_only=True)
class DetailStatement:
    """Where the insurer's rows lie; to be fetched by 9102 until ``fetch_until``."""

    file_number: Annotated[str, text("file_qury_no", 30)]
    filename: Annotated[str, text("filename", 200)]
    fetch_until: Annotated[datetime | None, moment("dld_endtime")] = None


def encode_statement(request: ReconcileTotal | ReconcileDetails) -> dict[str, object]:
    """Write the input of 3201 or 3202.

    Raises:
        RequestUnfit: the period ends before it begins, or a value does not fit.
    """
    backwards = request.last_on < request.first_on
    return encode_nodes(["stmt_enddate: before stmt_begndate"] if backwards else [], data=request)


def decode_total(request: ReconcileTotal, output: Mapping[str, object]) -> TotalStatement:
    """Read the reply of 3201.

    Raises:
        ReplyInconsistent: it is about another clearing agency, or cannot be read.
    """
    statement = decode(TotalStatement, output.get("stmtinfo"))
    if statement.clearing_agency != request.clearing_agency:
        raise ReplyInconsistent("setl_optins is another agency's")
    return statement


def decode_details(request: ReconcileDetails, output: Mapping[str, object]) -> DetailStatement:
    """Read the reply of 3202."""
    return decode(DetailStatement, output.get("fileinfo"))
