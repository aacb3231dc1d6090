"""How an outpatient settlement is calculated. Pure: no database, no clock.

The order of payers: 基本 → 大病 or 大额 → 补助 → 救助 → personal account → family account → cash.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from .counting import Count, Entry, added
from .money import ZERO, to_fen_precision
from .policy import (
    EVERYTHING,
    IN_SCOPE_AND_FIRST_SHARE,
    NOTHING,
    Benefits,
    PolicyNotFound,
    Scheme,
    Treatment,
)
from .pooling import Pooled, pooled
from .supplementing import supplemented

FUNDS = ("hifp_pay", "cvlserv_pay", "hifes_pay", "hifmi_pay", "hifob_pay", "maf_pay", "hifdm_pay", "oth_pay")


@dataclass(frozen=True)
class LineSplit:
    """One fee line divided, in yuan: ``det`` is the sum of the other four. ``charge_type`` is med_chrgitm_type."""

    det: Decimal
    fulamt_ownpay: Decimal
    overlmt: Decimal
    preselfpay: Decimal
    inscp: Decimal
    charge_type: str = ""


@dataclass(frozen=True)
class Standing:
    """Where a person stands before the settlement, in yuan.

    ``balance`` is the personal account, ``balance_of_year`` the part of it paid in this year, ``family_balance`` that
    of the relative's account. ``counts`` are the year's cumulative amounts by (counter, window).
    """

    balance: Decimal = ZERO
    balance_of_year: Decimal = ZERO
    family_balance: Decimal = ZERO
    counts: Mapping[tuple[str, str], Count] = field(default_factory=dict)

    def count(self, counter: str, window: str = "") -> Count:
        """The cumulative amounts of one counter."""
        return self.counts.get((counter, window), Count())


@dataclass(frozen=True)
class Split:
    """A settlement divided, in yuan.

    ``funds`` are amounts by wire name; ``pool_prop`` is the basic fund's rate on the last yuan it shared;
    ``acct_pay`` is the own account only; ``entries`` are what is to be added to the year's cumulative amounts.
    """

    medfee: Decimal
    fulamt_ownpay: Decimal
    overlmt: Decimal
    preselfpay: Decimal
    inscp: Decimal
    act_pay_dedc: Decimal
    eligible: Decimal
    funds: Mapping[str, Decimal]
    pool_prop: Decimal
    acct_pay: Decimal
    acct_of_year: Decimal
    mulaid_pay: Decimal
    balance_after: Decimal
    entries: tuple[Entry, ...] = ()
    schemes: tuple[Scheme, ...] = ()

    @property
    def hifp_pay(self) -> Decimal:
        """What the basic fund pays."""
        return self.funds["hifp_pay"]

    @property
    def fund_pay(self) -> Decimal:
        """What all funds pay; the personal account is not one of them."""
        return sum(self.funds.values(), ZERO)

    @property
    def psn_part(self) -> Decimal:
        """What is left to the person: account, family account, cash."""
        return self.medfee - self.fund_pay

    @property
    def cash_pay(self) -> Decimal:
        """What is left to pay in cash."""
        return self.psn_part - self.acct_pay - self.mulaid_pay


def split_line(
    *,
    price: Decimal,
    quantity: Decimal,
    selfpay_rate: Decimal,
    price_limit: Decimal | None,
    wholly_own: bool,
    charge_type: str = "",
) -> LineSplit:
    """Divide one line.

    Example: 4.52 yuan at 5 % first share gives 0.226, that is 0.23, and 4.29 in scope.
    """
    det = to_fen_precision(price * quantity)
    if wholly_own:
        return LineSplit(det, det, ZERO, ZERO, ZERO, charge_type)
    above = max(Decimal(0), price - price_limit) if price_limit is not None else Decimal(0)
    overlmt = min(det, to_fen_precision(above * quantity))
    preselfpay = to_fen_precision((det - overlmt) * selfpay_rate)
    return LineSplit(det, ZERO, overlmt, preselfpay, det - overlmt - preselfpay, charge_type)


def split_settlement(
    lines: Iterable[LineSplit],
    benefits: Benefits,
    treatment: Treatment,
    standing: Standing,
    *,
    use_account: bool,
) -> Split:
    """Divide the lines of one charge batch between the funds, the accounts and cash.

    Raises:
        PolicyNotFound: a line belongs to no scheme.
    """
    lines = list(lines)
    total = _total(lines)
    first = _account_before_deductible(total, benefits, standing, use_account=use_account)
    shares = _basic(lines, benefits, treatment, standing, first)
    hifp = sum((share.paid for share in shares), ZERO)
    beyond = sum((share.beyond for share in shares), ZERO)
    top_ups = supplemented(
        benefits.supplements, standing.count, burden=total.inscp - hifp - first, beyond_cap=beyond
    )
    funds = dict.fromkeys(FUNDS, ZERO) | {"hifp_pay": hifp}
    for fund, paid in top_ups.paid.items():
        funds[fund] += paid
    fund_pay = sum(funds.values(), ZERO)
    acct = _account(total, fund_pay, first, benefits, standing, use_account=use_account)
    mulaid = _family(total, fund_pay, acct, benefits, standing, use_account=use_account)
    return Split(
        medfee=total.det,
        fulamt_ownpay=total.fulamt_ownpay,
        overlmt=total.overlmt,
        preselfpay=total.preselfpay,
        inscp=total.inscp,
        act_pay_dedc=sum((share.deductible for share in shares), ZERO),
        eligible=sum((share.eligible for share in shares), ZERO),
        funds=funds,
        pool_prop=next((share.rate for share in reversed(shares) if share.eligible), Decimal(0)),
        acct_pay=acct,
        acct_of_year=min(acct, standing.balance_of_year),
        mulaid_pay=mulaid,
        balance_after=standing.balance - acct,
        entries=tuple(entry for share in shares for entry in share.entries) + top_ups.entries,
        schemes=tuple(share.scheme for share in shares),
    )


def _total(lines: list[LineSplit]) -> LineSplit:
    def of(name: str) -> Decimal:
        return sum((getattr(line, name) for line in lines), ZERO)

    return LineSplit(of("det"), of("fulamt_ownpay"), of("overlmt"), of("preselfpay"), of("inscp"))


def _basic(
    lines: list[LineSplit],
    benefits: Benefits,
    treatment: Treatment,
    standing: Standing,
    from_account: Decimal,
) -> list[Pooled]:
    """Share each scheme's lines; what the account has paid already is taken off, first scheme first."""
    shares: list[Pooled] = []
    for scheme, in_scope in _by_scheme(lines, benefits).items():
        paid_already = min(in_scope, from_account)
        from_account -= paid_already
        so_far = replace(
            standing, counts=added(standing.counts, [e for share in shares for e in share.entries])
        )
        shares.append(pooled(scheme, in_scope - paid_already, treatment, so_far.count, benefits.rate_factor))
    return shares


def _by_scheme(lines: list[LineSplit], benefits: Benefits) -> dict[Scheme, Decimal]:
    sums: dict[Scheme, Decimal] = {}
    for line in lines:
        scheme = next((row for row in benefits.schemes if row.takes(line.charge_type)), None)
        if scheme is None:
            raise PolicyNotFound(f"{benefits.area.name} {line.charge_type}")
        sums[scheme] = sums.get(scheme, ZERO) + line.inscp
    return sums


def _account_before_deductible(
    total: LineSplit, benefits: Benefits, standing: Standing, *, use_account: bool
) -> Decimal:
    """This year's account money, where it is used up before the deductible begins to count."""
    if not (use_account and benefits.area.account.before_deductible):
        return ZERO
    return min(total.inscp, standing.balance_of_year, standing.balance)


def _account(
    total: LineSplit,
    fund_pay: Decimal,
    first: Decimal,
    benefits: Benefits,
    standing: Standing,
    *,
    use_account: bool,
) -> Decimal:
    if not use_account:
        return ZERO
    return max(first, min(standing.balance, _payable_from_accounts(total, fund_pay, benefits)))


def _family(
    total: LineSplit,
    fund_pay: Decimal,
    acct: Decimal,
    benefits: Benefits,
    standing: Standing,
    *,
    use_account: bool,
) -> Decimal:
    if not use_account:
        return ZERO
    return min(standing.family_balance, max(ZERO, _payable_from_accounts(total, fund_pay, benefits) - acct))


def _payable_from_accounts(total: LineSplit, fund_pay: Decimal, benefits: Benefits) -> Decimal:
    scope = benefits.area.account.scope
    if scope == NOTHING:
        return ZERO
    if scope == EVERYTHING:
        return total.det - fund_pay
    allowed = total.inscp - fund_pay
    return allowed + total.preselfpay if scope == IN_SCOPE_AND_FIRST_SHARE else allowed
