"""The amounts of setlinfo and the rows of setldetail as they go over the wire. No database."""

from decimal import Decimal
from typing import Any

from .calculation import Split
from .money import ZERO
from .people import EMPLOYEE

EMPLOYEE_POOL = ("310100", "职工基本医疗保险统筹基金")
RESIDENT_POOL = ("390100", "城乡居民基本医疗保险基金")
PERSONAL_ACCOUNT = ("310200", "职工基本医疗保险个人账户")
FAMILY_ACCOUNT = ("310201", "家庭共济账户")
LATER_FUNDS = {
    "hifmi_pay": ("390200", "城乡居民大病医疗保险资金"),
    "hifob_pay": ("330100", "职工大额医疗费用补助基金"),
    "hifes_pay": ("370100", "企业补充医疗保险基金"),
    "cvlserv_pay": ("320100", "公务员医疗补助基金"),
    "maf_pay": ("610100", "医疗救助基金"),
    "hifdm_pay": ("350100", "残疾军人医疗补助基金"),
    "oth_pay": ("999997", "其他基金"),
}
RATE_PLACES = Decimal("0.0001")

# Written as text with two places, and turned negative when a settlement is taken back.
AMOUNTS = [
    "medfee_sumamt",
    "fulamt_ownpay_amt",
    "overlmt_selfpay",
    "preselfpay_amt",
    "inscp_scp_amt",
    "act_pay_dedc",
    "hifp_pay",
    "cvlserv_pay",
    "hifes_pay",
    "hifmi_pay",
    "hifob_pay",
    "maf_pay",
    "hifdm_pay",
    "oth_pay",
    "fund_pay_sumamt",
    "psn_part_amt",
    "acct_pay",
    "psn_cash_pay",
    "hosp_part_amt",
    "acct_mulaid_pay",
]
DETAIL_AMOUNTS = ("inscp_scp_amt", "fund_payamt")


def settlement_amounts(split: Split, *, mutual_aid_inside: bool = False) -> dict[str, str]:
    """Write the amounts of setlinfo, the rate and the balance."""
    account = split.acct_pay + split.mulaid_pay if mutual_aid_inside else split.acct_pay
    known = {
        **split.funds,
        "medfee_sumamt": split.medfee,
        "fulamt_ownpay_amt": split.fulamt_ownpay,
        "overlmt_selfpay": split.overlmt,
        "preselfpay_amt": split.preselfpay,
        "inscp_scp_amt": split.inscp,
        "act_pay_dedc": split.act_pay_dedc,
        "fund_pay_sumamt": split.fund_pay,
        "psn_part_amt": split.psn_part,
        "acct_pay": account,
        "psn_cash_pay": split.cash_pay,
        "acct_mulaid_pay": split.mulaid_pay,
    }
    amounts = {name: str(known.get(name, ZERO)) for name in AMOUNTS}
    return amounts | {"pool_prop_selfpay": _rate(split.pool_prop), "balc": str(split.balance_after)}


def setldetail(insutype: str, split: Split) -> list[dict[str, Any]]:
    """Write a row for each source that pays something: the funds and the accounts."""
    pool = EMPLOYEE_POOL if insutype == EMPLOYEE else RESIDENT_POOL
    shares = [
        (pool, split.inscp, split.hifp_pay),
        *((kind, ZERO, split.funds[fund]) for fund, kind in LATER_FUNDS.items()),
        (PERSONAL_ACCOUNT, ZERO, split.acct_pay),
        (FAMILY_ACCOUNT, ZERO, split.mulaid_pay),
    ]
    return [
        {
            "fund_pay_type": code,
            "inscp_scp_amt": str(in_scope),
            "crt_payb_lmt_amt": None,
            "fund_payamt": str(paid),
            "fund_pay_type_name": name,
            "setl_proc_info": _proceeding(split) if code == pool[0] else None,
        }
        for (code, name), in_scope, paid in shares
        if paid
    ]


def negated(node: dict[str, Any], names: tuple[str, ...] | list[str]) -> dict[str, Any]:
    """Copy a node with the named amounts turned negative."""
    return {name: str(-Decimal(value)) if name in names and value else value for name, value in node.items()}


def _rate(rate: Decimal) -> str:
    """N5,4: no more than four places."""
    exponent = rate.as_tuple().exponent
    return str(rate.quantize(RATE_PLACES) if isinstance(exponent, int) and exponent < -4 else rate)


def _proceeding(split: Split) -> str:
    return "；".join(dict.fromkeys(f"{row.name}（{row.origin.source}）" for row in split.schemes))
