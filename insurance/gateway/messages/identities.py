"""The sums that hold in every settlement. A reply that breaks one is not believed."""

from decimal import Decimal

from insurance.gateway.messages.settlement_reply import SettlementReply
from insurance.gateway.messages.wire import AmountsDisputed

# Where family mutual aid (acct_mulaid_pay) stands: within acct_pay, beside it, or not known.
INSIDE, BESIDE, EITHER = "inside", "beside", "either"


def check_identities(reply: SettlementReply, *, mutual_aid: str = EITHER) -> None:
    """Check the sums between the amounts of a reply.

    Raises:
        AmountsDisputed: naming the sum that does not hold.

    Source: the sums of real replies of the national interface; whether family mutual aid lies inside or beside the
    account's part differs between provinces [G]; ``mutual_aid`` says which, or that both are accepted.
    """
    in_parts = (
        reply.full_own_pay_amount
        + reply.over_limit_amount
        + reply.first_self_pay_amount
        + reply.in_scope_amount
    )
    _must_equal("medfee_sumamt by scope", reply.total_amount, in_parts)
    _must_equal("fund_pay_sumamt by fund", reply.fund_amount, _funds(reply))
    personal = reply.personal_part_amount
    if personal is None:
        personal = reply.total_amount - reply.fund_amount - reply.hospital_part_amount
    _must_equal("psn_part_amt", personal, *_personal_parts(reply, mutual_aid))
    by_payer = reply.fund_amount + personal + reply.hospital_part_amount
    _must_equal("medfee_sumamt by payer", reply.total_amount, by_payer)
    if reply.fund_shares:
        _check_shares(reply)


def check_account(reply: SettlementReply, *, may_pay_own: bool) -> None:
    """Check that no account has paid what it may not pay where she is insured.

    Args:
        reply: a settlement or pre-settlement.
        may_pay_own: whether accounts may also pay what no fund recognises (自费, 超限).

    Raises:
        AmountsDisputed: less is left in cash than lies outside the catalogue.

    Source: local rules [G]; ``account_scope`` of the province profile.
    """
    outside = reply.full_own_pay_amount + reply.over_limit_amount
    if not may_pay_own and reply.cash_amount < outside:
        raise AmountsDisputed(
            f"psn_cash_pay: {reply.cash_amount} is less than {outside} that no account may pay"
        )


def _check_shares(reply: SettlementReply) -> None:
    shares = sum((share.amount for share in reply.fund_shares), Decimal("0.00"))
    paid = reply.fund_amount + reply.account_amount + reply.hospital_part_amount
    _must_equal("setldetail", shares, paid, paid + reply.mutual_aid_amount)


def _funds(reply: SettlementReply) -> Decimal:
    return (
        reply.pooled_amount
        + reply.civil_servant_amount
        + reply.enterprise_amount
        + reply.resident_serious_illness_amount
        + reply.employee_large_sum_amount
        + reply.medical_aid_amount
        + reply.disabled_veteran_amount
        + reply.other_fund_amount
    )


def _personal_parts(reply: SettlementReply, mutual_aid: str) -> list[Decimal]:
    inside = reply.account_amount + reply.cash_amount
    parts = {INSIDE: inside, BESIDE: inside + reply.mutual_aid_amount}
    return [parts[mutual_aid]] if mutual_aid in parts else list(parts.values())


def _must_equal(what: str, amount: Decimal, *accepted: Decimal) -> None:
    if amount not in accepted:
        raise AmountsDisputed(f"{what}: {amount} is not {' or '.join(map(str, accepted))}")
