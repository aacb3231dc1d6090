"""Whether a record of the insurer is of what was asked for; pure. Amounts in yuan."""

from decimal import Decimal

from insurance.rules.returns import Shares


def settlement_fault(*, total: Decimal, hospital: Decimal, asked: Decimal) -> str:
    """What is wrong with a settlement, in the words of the wire; empty when it is what was asked for.

    A bill has three payers: a part left to the hospital was not agreed when it was pre-settled.
    """
    if hospital:
        return f"hosp_part_amt {hospital}"
    return "" if total == asked else f"medfee_sumamt {total}, asked for {asked}"


def reversal_fault(said: Shares, *, hospital: Decimal, settled: Shares) -> str:
    """What is wrong with a reversal; empty when it takes back exactly what was settled, payer by payer."""
    whole = Shares(-settled.fund, -settled.account, -settled.cash)
    if said == whole and not hospital:
        return ""
    beside = f", hosp_part_amt {hospital}" if hospital else ""
    return f"2208: {_sum(said)}{beside}; settled: {_sum(settled)} (fund + account + cash)"


def _sum(shares: Shares) -> str:
    return f"{shares.fund} + {shares.account} + {shares.cash}"
