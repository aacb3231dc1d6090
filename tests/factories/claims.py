"""Claims as they stand after this or that, without an insurer."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from billing.models import Bill
from insurance.models import Claim, GatewayMessage, Settlement, VisitRegistration
from insurance.states import ClaimState, MessageState
from kernel.identifiers import new_number
from tests.factories.billing import bill
from tests.factories.registry import CoverageFactory

_numbers = iter(range(1, 10**9))


def claim(state: ClaimState, *, at: datetime, amounts: tuple[str, str, str] | None = ("7.00", "2.00", "1.00"), **more: Any) -> Claim:  # fmt: skip
    """A claim for a bill of 10.00 yuan opened and sent at a moment; ``amounts`` are fund, account and cash."""
    charged: Bill = bill("10.00")
    registration, _is_new = VisitRegistration.objects.get_or_create(
        encounter=charged.encounter,
        defaults={
            "coverage": CoverageFactory(patient=charged.encounter.patient),
            "insured_region": "330100",
        },
    )
    parts = dict(
        zip(("fund_amount", "account_amount", "cash_amount"), map(Decimal, amounts or ()), strict=False)
    )
    return Claim.objects.create(
        bill=charged, registration=registration, batch_number=f"{new_number('C', at)}-{next(_numbers)}"[:30],
        state=state.value, opened_at=at, submitted_at=at, **(parts | more),
    )  # fmt: skip


def settlement(of: Claim, *, at: datetime, reverses: Settlement | None = None) -> Settlement:
    """What the insurer recorded, as the claim's parts say; negative when it takes another back."""
    sign = -1 if reverses else 1
    assert of.fund_amount is not None
    assert of.account_amount is not None
    assert of.cash_amount is not None
    fund, account, cash = sign * of.fund_amount, sign * of.account_amount, sign * of.cash_amount
    return Settlement.objects.create(
        claim=of, number=f"S{next(_numbers)}", msgid=f"M{next(_numbers)}", reverses=reverses,
        institution=of.registration.encounter.institution, insurance_type="310", clearing_type="11",
        clearing_agency="330100", insured_region=of.registration.insured_region, total_amount=fund + account + cash, fund_amount=fund,
        account_amount=account, cash_amount=cash, mutual_aid_amount=sign * (of.mutual_aid_amount or 0),
        settled_at=at, recorded_at=at,
    )  # fmt: skip


def message(
    about: Claim, code: str, *, at: datetime, state: MessageState = MessageState.ANSWERED
) -> GatewayMessage:
    """One message and its answer."""
    return GatewayMessage.objects.create(
        msgid=f"H{next(_numbers):029d}", transaction_code=code, claim=about, registration=about.registration,
        state=state.value, request_text='{"infno": "x"}', reply_text='{"infcode": 0}', attempts=1, written_at=at,
        answered_at=None if state == MessageState.WRITTEN else at,
    )  # fmt: skip
