"""2206A pre-settle, 2207A settle, 2208 take a settlement back, 5203 ask about settlements."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Annotated, TypeVar

from insurance.gateway.messages.identities import EITHER, check_account, check_identities
from insurance.gateway.messages.settlement_reply import FundShare, SettlementRecord, SettlementReply
from insurance.gateway.messages.wire import (
    AmountsDisputed,
    ReplyInconsistent,
    RequestUnfit,
    decode,
    decode_each,
    encode,
    flag,
    money,
    region_of_insurance,
    text,
)

BY_ITEM = "01"

S = TypeVar("S", bound=SettlementReply)


@dataclass(frozen=True, kw_only=True)
class Presettle:
    """2206A. ``total_amount`` is the sum of the batch's uploaded lines; the insurer keeps nothing."""

    insured_region: Annotated[str, region_of_insurance()]
    person_number: Annotated[str, text("psn_no", 30)]
    certificate_type: Annotated[str, text("mdtrt_cert_type", 3)]
    certificate_number: Annotated[str, text("mdtrt_cert_no", 50)]
    treatment_type: Annotated[str, text("med_type", 6)]
    total_amount: Annotated[Decimal, money("medfee_sumamt")]
    settlement_way: Annotated[str, text("psn_setlway", 6)] = BY_ITEM
    visit_number: Annotated[str, text("mdtrt_id", 30)]
    batch_number: Annotated[str, text("chrg_bchno", 30)]
    use_account: Annotated[bool, flag("acct_used_flag")]
    insurance_type: Annotated[str, text("insutype", 6)]


@dataclass(frozen=True, kw_only=True)
class Settle(Presettle):
    """2207A. The four amounts are the sums of the replies to 2204 (``FeesReply.totals``)."""

    invoice_number: Annotated[str | None, text("invono", 20)] = None
    full_own_pay_amount: Annotated[Decimal, money("fulamt_ownpay_amt")]
    over_limit_amount: Annotated[Decimal, money("overlmt_selfpay")]
    first_self_pay_amount: Annotated[Decimal, money("preselfpay_amt")]
    in_scope_amount: Annotated[Decimal, money("inscp_scp_amt")]
    is_public_hospital_reform: Annotated[bool, flag("pub_hosp_rfom_flag")] = False


@dataclass(frozen=True, kw_only=True)
class CancelSettlement:
    """2208."""

    insured_region: Annotated[str, region_of_insurance()]
    settlement_number: Annotated[str, text("setl_id", 30)]
    visit_number: Annotated[str, text("mdtrt_id", 30)]
    person_number: Annotated[str, text("psn_no", 30)]


@dataclass(frozen=True, kw_only=True)
class QuerySettlement:
    """5203. With a settlement number that one; without, everything of the visit."""

    insured_region: Annotated[str, region_of_insurance()]
    person_number: Annotated[str, text("psn_no", 30)]
    settlement_number: Annotated[str | None, text("setl_id", 30)] = None
    visit_number: Annotated[str | None, text("mdtrt_id", 30)] = None


@dataclass(frozen=True, kw_only=True)
class QueryReply:
    """Settlements and cancellations, oldest first; empty when the insurer holds none."""

    records: tuple[SettlementRecord, ...]

    def made_by(self, msgid: str) -> SettlementRecord | None:
        """The record that a message of ours made, None when the insurer holds none."""
        return next((row for row in self.records if row.sender_message_id == msgid), None)


def encode_data(request: Presettle | CancelSettlement) -> dict[str, object]:
    """Write the input of 2206A, 2207A or 2208."""
    return {"data": encode(request)}


def encode_query(request: QuerySettlement) -> dict[str, object]:
    """Write the input of 5203.

    Raises:
        RequestUnfit: neither a settlement nor a visit is named.
    """
    if not (request.settlement_number or request.visit_number):
        raise RequestUnfit("setl_id or mdtrt_id is needed")
    return {"data": encode(request)}


def decode_presettle(
    request: Presettle, output: Mapping[str, object], *, mutual_aid: str = EITHER, may_pay_own: bool = True
) -> SettlementReply:
    """Read the reply of 2206A; it has no settlement number and no time. ``may_pay_own`` as for ``check_account``.

    Raises:
        ReplyInconsistent: about someone else.
        AmountsDisputed: another total, amounts that do not add up, or an account that paid what it may not.
    """
    reply = _reply(SettlementReply, output, mutual_aid)
    check_account(reply, may_pay_own=may_pay_own)
    _check_subject(reply, visit_number=request.visit_number, person_number=request.person_number)
    if reply.total_amount != request.total_amount:
        raise AmountsDisputed(f"medfee_sumamt {reply.total_amount}, asked for {request.total_amount}")
    return reply


def decode_settle(
    request: Settle,
    output: Mapping[str, object],
    *,
    msgid: str,
    mutual_aid: str = EITHER,
    may_pay_own: bool = True,
) -> SettlementReply:
    """Read the reply of 2207A.

    Raises:
        ReplyInconsistent: as for 2206A; or no settlement number, or other parts than were sent.
    """
    reply = decode_presettle(request, output, mutual_aid=mutual_aid, may_pay_own=may_pay_own)
    _check_record(reply, msgid)
    for part in ("full_own_pay_amount", "over_limit_amount", "first_self_pay_amount", "in_scope_amount"):
        if getattr(reply, part) != getattr(request, part):
            raise AmountsDisputed(f"{part} {getattr(reply, part)}, sent {getattr(request, part)}")
    return reply


def decode_cancel(
    request: CancelSettlement, output: Mapping[str, object], *, msgid: str, mutual_aid: str = EITHER
) -> SettlementReply:
    """Read the reply of 2208: a record of its own with negative amounts.

    Raises:
        ReplyInconsistent: about someone else, without a number of its own, positive, or not adding up.
    """
    reply = _reply(SettlementReply, output, mutual_aid)
    _check_subject(reply, visit_number=request.visit_number, person_number=request.person_number)
    _check_record(reply, msgid)
    if reply.settlement_number == request.settlement_number:
        raise ReplyInconsistent("setl_id of the cancellation is that of the settlement")
    if reply.total_amount > 0:
        raise AmountsDisputed("a cancellation with a positive total")
    return reply


def decode_query(
    request: QuerySettlement, output: Mapping[str, object], *, mutual_aid: str = EITHER
) -> QueryReply:
    """Read the reply of 5203.

    Raises:
        ReplyInconsistent: about someone else, a record that does not say which settlement it is or by which message
            it was made, or amounts that do not add up.
    """
    found = output.get("setlinfo")
    nodes = found if isinstance(found, list) else [found] if found else []
    records = tuple(_record(node, output, mutual_aid) for node in nodes)
    for row in records:
        _check_subject(row, visit_number=request.visit_number, person_number=request.person_number)
        if not row.sender_message_id:
            # It may be ours or not: taken for another's, a settlement of ours would be believed not to exist.
            raise ReplyInconsistent("medins_setl_id is missing")
        _check_record(row, row.sender_message_id)
    return QueryReply(records=records)


def _record(node: object, output: Mapping[str, object], mutual_aid: str) -> SettlementRecord:
    # A list carries its shares inside each record, a single answer beside it.
    shares = node.get("setldetail", output.get("setldetail")) if isinstance(node, Mapping) else None
    return _reply(SettlementRecord, {"setlinfo": node, "setldetail": shares}, mutual_aid)


def _reply(kind: type[S], output: Mapping[str, object], mutual_aid: str) -> S:
    node = output.get("setlinfo")
    if isinstance(node, Mapping) and "psn_cash_pay" not in node and "pdn_cash_pay" in node:
        # The printed specification of 2208 misspells the field, and some centres send it so.
        node = {**node, "psn_cash_pay": node["pdn_cash_pay"]}
    shares = decode_each(FundShare, output.get("setldetail"))
    reply = replace(decode(kind, node), fund_shares=shares)
    check_identities(reply, mutual_aid=mutual_aid)
    return reply


def _check_subject(reply: SettlementReply, *, visit_number: str | None, person_number: str) -> None:
    if reply.person_number != person_number:
        raise ReplyInconsistent("psn_no is another person's")
    if visit_number and reply.visit_number != visit_number:
        raise ReplyInconsistent("mdtrt_id is another visit's")


def _check_record(reply: SettlementReply, msgid: str) -> None:
    if not reply.settlement_number:
        raise ReplyInconsistent("setl_id is missing")
    if reply.sender_message_id and reply.sender_message_id != msgid:
        raise ReplyInconsistent("medins_setl_id is another message's")
