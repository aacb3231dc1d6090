"""2204 upload fee lines, 2205 withdraw them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Annotated

from insurance.gateway.messages.wire import (
    ReplyInconsistent,
    decode_each,
    encode,
    encode_nodes,
    flag,
    moment,
    money,
    quantity,
    rate,
    region_of_insurance,
    text,
    unit_price,
)

MOST_LINES = 100
EVERY_BATCH = "0000"
BY_CATALOGUE, REIMBURSE, OWN_PAY = "0", "1", "2"
NO_LIMIT = Decimal(999999)


@dataclass(frozen=True, kw_only=True)
class FeeLine:
    """One line. ``amount`` is ``unit_price`` times ``quantity``, half up to the fen.

    ``approval`` says how a listed restriction was decided: by the catalogue, vouched for, or own pay.
    """

    line_number: Annotated[str, text("feedetl_sn", 30)]
    visit_number: Annotated[str, text("mdtrt_id", 30)]
    person_number: Annotated[str, text("psn_no", 30)]
    batch_number: Annotated[str, text("chrg_bchno", 30)]
    disease_code: Annotated[str | None, text("dise_codg", 30)] = None
    prescription_number: Annotated[str | None, text("rxno", 30)] = None
    is_external_prescription: Annotated[bool, flag("rx_circ_flag")] = False
    charged_at: Annotated[datetime, moment("fee_ocur_time")]
    catalogue_code: Annotated[str, text("med_list_codg", 50)]
    hospital_code: Annotated[str, text("medins_list_codg", 150)]
    amount: Annotated[Decimal, money("det_item_fee_sumamt")]
    quantity: Annotated[Decimal, quantity("cnt")]
    unit_price: Annotated[Decimal, unit_price("pric")]
    single_dose: Annotated[str | None, text("sin_dos_dscr", 200)] = None
    frequency: Annotated[str | None, text("used_frqu_dscr", 200)] = None
    route: Annotated[str | None, text("medc_way_dscr", 200)] = None
    department_code: Annotated[str, text("bilg_dept_codg", 30)]
    department_name: Annotated[str, text("bilg_dept_name", 100)]
    doctor_code: Annotated[str, text("bilg_dr_codg", 30)]
    doctor_name: Annotated[str, text("bilg_dr_name", 50)]
    approval: Annotated[str, text("hosp_appr_flag", 3)] = BY_CATALOGUE


@dataclass(frozen=True, kw_only=True)
class UploadFees:
    """2204. One to a hundred lines of one visit; a line number is never used twice in a visit."""

    insured_region: Annotated[str, region_of_insurance()]
    lines: tuple[FeeLine, ...]


@dataclass(frozen=True, kw_only=True)
class FeeLineReply:
    """How one line divides, in yuan; the four parts sum to ``amount``."""

    line_number: Annotated[str, text("feedetl_sn", 30)]
    amount: Annotated[Decimal, money("det_item_fee_sumamt")]
    full_own_pay_amount: Annotated[Decimal, money("fulamt_ownpay_amt")] = Decimal("0.00")
    over_limit_amount: Annotated[Decimal, money("overlmt_amt")] = Decimal("0.00")
    first_self_pay_amount: Annotated[Decimal, money("preselfpay_amt")] = Decimal("0.00")
    in_scope_amount: Annotated[Decimal, money("inscp_scp_amt")] = Decimal("0.00")
    price_limit: Annotated[Decimal, unit_price("pric_uplmt_amt")] = NO_LIMIT
    first_self_pay_rate: Annotated[Decimal | None, rate("selfpay_prop")] = None
    charge_level: Annotated[str | None, text("chrgitm_lv", 3)] = None
    charge_type: Annotated[str | None, text("med_chrgitm_type", 6)] = None
    memo: Annotated[str | None, text("memo", 500)] = None


@dataclass(frozen=True, kw_only=True)
class FeesReply:
    """One row for each uploaded line, in the insurer's order."""

    lines: tuple[FeeLineReply, ...]

    @property
    def totals(self) -> "ScopeTotals":
        """The sums that 2207A must repeat."""
        return scope_totals(self.lines)


@dataclass(frozen=True, kw_only=True)
class ScopeTotals:
    """Sums over fee lines, in yuan; ``total_amount`` is the sum of the other four."""

    total_amount: Decimal
    full_own_pay_amount: Decimal
    over_limit_amount: Decimal
    first_self_pay_amount: Decimal
    in_scope_amount: Decimal


@dataclass(frozen=True, kw_only=True)
class WithdrawFees:
    """2205. Unsettled lines of one batch, or of every batch with "0000"."""

    insured_region: Annotated[str, region_of_insurance()]
    visit_number: Annotated[str, text("mdtrt_id", 30)]
    batch_number: Annotated[str, text("chrg_bchno", 30)]
    person_number: Annotated[str, text("psn_no", 30)]


def scope_totals(lines: Iterable[FeeLineReply]) -> ScopeTotals:
    """Add lines up, also those of several uploads of one batch."""
    rows = tuple(lines)
    zero = Decimal("0.00")
    return ScopeTotals(
        total_amount=sum((row.amount for row in rows), zero),
        full_own_pay_amount=sum((row.full_own_pay_amount for row in rows), zero),
        over_limit_amount=sum((row.over_limit_amount for row in rows), zero),
        first_self_pay_amount=sum((row.first_self_pay_amount for row in rows), zero),
        in_scope_amount=sum((row.in_scope_amount for row in rows), zero),
    )


def encode_upload_fees(request: UploadFees) -> dict[str, object]:
    """Write the input of 2204.

    Raises:
        RequestUnfit: no line, more than a hundred, or a value that does not fit.
    """
    given = len(request.lines)
    too_many = [f"feedetail: at most {MOST_LINES} lines, {given} given"] if given > MOST_LINES else []
    return encode_nodes(too_many, feedetail=request.lines)


def decode_upload_fees(request: UploadFees, output: Mapping[str, object]) -> FeesReply:
    """Read the reply of 2204.

    Raises:
        ReplyInconsistent: lines are missing, strange or changed, or a line's parts do not sum.
    """
    reply = FeesReply(lines=decode_each(FeeLineReply, output.get("result")))
    sent = {line.line_number: line.amount for line in request.lines}
    if len(reply.lines) != len(sent) or {row.line_number: row.amount for row in reply.lines} != sent:
        raise ReplyInconsistent("result does not answer the lines that were sent")
    for row in reply.lines:
        parts = (
            row.full_own_pay_amount + row.over_limit_amount + row.first_self_pay_amount + row.in_scope_amount
        )
        if parts != row.amount:
            raise ReplyInconsistent(f"line {row.line_number}: {parts} in parts, {row.amount} in all")
    return reply


def encode_withdraw_fees(request: WithdrawFees) -> dict[str, object]:
    """Write the input of 2205."""
    return {"data": encode(request)}
