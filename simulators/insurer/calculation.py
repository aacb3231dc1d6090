"""How an outpatient settlement is calculated. Pure: no database, no clock.

The order of the funds is 基本 → 大病 → 补助 → 救助. This demonstration pays from the basic fund only; the others
are always zero but present on the wire.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from .money import ZERO, to_fen_precision
from .policy import IN_SCOPE_AND_FIRST_SHARE, Policy


@dataclass(frozen=True)
class LineSplit:
    """One fee line divided, in yuan: ``det`` is the sum of the other four."""

    det: Decimal
    fulamt_ownpay: Decimal
    overlmt: Decimal
    preselfpay: Decimal
    inscp: Decimal


@dataclass(frozen=True)
class Standing:
    """Where a person stands before the settlement, in yuan of this calendar year."""

    balance: Decimal  # of the personal account
    deducted: Decimal  # towards the deductible
    eligible: Decimal  # in-scope fees above the deductible
    fund_paid: Decimal  # by the pooled fund


@dataclass(frozen=True)
class Split:
    """A settlement divided, in yuan. ``eligible`` is what counted towards the tiers."""

    medfee: Decimal
    fulamt_ownpay: Decimal
    overlmt: Decimal
    preselfpay: Decimal
    inscp: Decimal
    act_pay_dedc: Decimal
    eligible: Decimal
    hifp_pay: Decimal
    pool_prop: Decimal
    psn_part: Decimal
    acct_pay: Decimal
    cash_pay: Decimal
    balance_after: Decimal


def split_line(
    *, price: Decimal, quantity: Decimal, selfpay_rate: Decimal, price_limit: Decimal | None, wholly_own: bool
) -> LineSplit:
    """Divide one line.

    Example: 4.52 yuan at 5 % first share gives 0.226, that is 0.23, and 4.29 in scope.
    """
    det = to_fen_precision(price * quantity)
    if wholly_own:
        return LineSplit(det, det, ZERO, ZERO, ZERO)
    above = max(Decimal(0), price - price_limit) if price_limit is not None else Decimal(0)
    overlmt = min(det, to_fen_precision(above * quantity))
    preselfpay = to_fen_precision((det - overlmt) * selfpay_rate)
    return LineSplit(det, ZERO, overlmt, preselfpay, det - overlmt - preselfpay)


def split_settlement(
    lines: Iterable[LineSplit], policy: Policy, standing: Standing, *, use_account: bool
) -> Split:
    """Divide the lines of one charge batch between the fund, the personal account and cash."""
    total = _total(lines)
    dedc = min(max(ZERO, policy.deductible - standing.deducted), total.inscp)
    eligible = total.inscp - dedc
    paid, rate = _pooled(eligible, policy, standing.eligible)
    hifp = min(paid, max(ZERO, policy.annual_cap - standing.fund_paid))
    psn_part = total.det - hifp
    acct = min(standing.balance, _account_may_pay(total, hifp, policy)) if use_account else ZERO
    return Split(
        medfee=total.det,
        fulamt_ownpay=total.fulamt_ownpay,
        overlmt=total.overlmt,
        preselfpay=total.preselfpay,
        inscp=total.inscp,
        act_pay_dedc=dedc,
        eligible=eligible,
        hifp_pay=hifp,
        pool_prop=rate if eligible else Decimal(0),
        psn_part=psn_part,
        acct_pay=acct,
        cash_pay=psn_part - acct,
        balance_after=standing.balance - acct,
    )


def _total(lines: Iterable[LineSplit]) -> LineSplit:
    det, own, over, pre, inscp = ZERO, ZERO, ZERO, ZERO, ZERO
    for line in lines:
        det, own, over = det + line.det, own + line.fulamt_ownpay, over + line.overlmt
        pre, inscp = pre + line.preselfpay, inscp + line.inscp
    return LineSplit(det, own, over, pre, inscp)


def _pooled(eligible: Decimal, policy: Policy, before: Decimal) -> tuple[Decimal, Decimal]:
    """Apply the tiers to the part of the year's eligible fees that this settlement adds."""
    paid, rate, position, left = Decimal(0), Decimal(0), before, eligible
    for tier in policy.tiers:
        room = left if tier.upto is None else min(left, max(ZERO, tier.upto - position))
        if room > 0:
            paid, rate = paid + room * tier.rate, tier.rate
            position, left = position + room, left - room
    return to_fen_precision(paid), rate


def _account_may_pay(total: LineSplit, hifp: Decimal, policy: Policy) -> Decimal:
    allowed = total.inscp - hifp
    if policy.account_scope == IN_SCOPE_AND_FIRST_SHARE:
        allowed += total.preselfpay
    return allowed
