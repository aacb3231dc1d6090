"""What the insurer says about a settlement: who pays how much."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Annotated

from insurance.gateway.messages.wire import flag, moment, money, rate, text

ZERO = Decimal("0.00")


@dataclass(frozen=True, kw_only=True)
class FundShare:
    """What one source pays, in yuan; the personal account and the hospital's own part are sources too."""

    fund_type: Annotated[str, text("fund_pay_type", 6)]
    amount: Annotated[Decimal, money("fund_payamt")]
    name: Annotated[str | None, text("fund_pay_type_name", 200)] = None
    in_scope_amount: Annotated[Decimal | None, money("inscp_scp_amt")] = None


@dataclass(frozen=True, kw_only=True)
class SettlementReply:
    """A settlement, a pre-settlement (no number, no time) or a cancellation (negative). All amounts are yuan.

    ``fund_amount`` excludes the personal account; ``account_balance`` is what is left after payment.
    ``personal_part_amount`` is None where a centre leaves it out (seen in cancellations).
    """

    visit_number: Annotated[str, text("mdtrt_id", 30)]
    settlement_number: Annotated[str | None, text("setl_id", 30)] = None
    person_number: Annotated[str, text("psn_no", 30)]
    insurance_type: Annotated[str | None, text("insutype", 6)] = None
    person_type: Annotated[str | None, text("psn_type", 6)] = None
    settled_at: Annotated[datetime | None, moment("setl_time")] = None

    total_amount: Annotated[Decimal, money("medfee_sumamt")]
    full_own_pay_amount: Annotated[Decimal, money("fulamt_ownpay_amt")]
    over_limit_amount: Annotated[Decimal, money("overlmt_selfpay")]
    first_self_pay_amount: Annotated[Decimal, money("preselfpay_amt")]
    in_scope_amount: Annotated[Decimal, money("inscp_scp_amt")]

    deductible_amount: Annotated[Decimal, money("act_pay_dedc")] = ZERO
    pooled_rate: Annotated[Decimal, rate("pool_prop_selfpay")] = Decimal(0)
    pooled_amount: Annotated[Decimal, money("hifp_pay")] = ZERO
    civil_servant_amount: Annotated[Decimal, money("cvlserv_pay")] = ZERO
    enterprise_amount: Annotated[Decimal, money("hifes_pay")] = ZERO
    resident_serious_illness_amount: Annotated[Decimal, money("hifmi_pay")] = ZERO
    employee_large_sum_amount: Annotated[Decimal, money("hifob_pay")] = ZERO
    medical_aid_amount: Annotated[Decimal, money("maf_pay")] = ZERO
    disabled_veteran_amount: Annotated[Decimal, money("hifdm_pay")] = ZERO
    other_fund_amount: Annotated[Decimal, money("oth_pay")] = ZERO
    fund_amount: Annotated[Decimal, money("fund_pay_sumamt")]

    personal_part_amount: Annotated[Decimal | None, money("psn_part_amt")] = None
    account_amount: Annotated[Decimal, money("acct_pay")] = ZERO
    mutual_aid_amount: Annotated[Decimal, money("acct_mulaid_pay")] = ZERO
    cash_amount: Annotated[Decimal, money("psn_cash_pay")]
    hospital_part_amount: Annotated[Decimal, money("hosp_part_amt")] = ZERO
    account_balance: Annotated[Decimal | None, money("balc")] = None

    sender_message_id: Annotated[str | None, text("medins_setl_id", 30)] = None
    clearing_office: Annotated[str | None, text("clr_optins", 6)] = None
    clearing_way: Annotated[str | None, text("clr_way", 6)] = None
    clearing_type: Annotated[str | None, text("clr_type", 6)] = None
    fund_shares: tuple[FundShare, ...] = ()

    @property
    def accounts_amount(self) -> Decimal:
        """What accounts pay, her own and her family's, whichever side of ``acct_pay`` the province counts these."""
        return self.total_amount - self.fund_amount - self.hospital_part_amount - self.cash_amount


@dataclass(frozen=True, kw_only=True)
class SettlementRecord(SettlementReply):
    """A settlement as 5203 tells it. ``is_in_force`` is None where a centre does not say."""

    is_refund: Annotated[bool, flag("refd_setl_flag")] = False
    is_in_force: Annotated[bool | None, flag("vali_flag")] = None
    batch_number: Annotated[str | None, text("chrg_bchno", 30)] = None
    payment_place: Annotated[str | None, text("pay_loc", 3)] = None
