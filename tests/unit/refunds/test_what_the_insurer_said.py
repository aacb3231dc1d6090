"""The family's part is a part of the accounts' part, whatever the insurer says beside it."""

from decimal import Decimal

from billing.rules import Parts
from insurance.models import Claim
from refunds.operations.sending import parts_of


def test_a_familys_part_beyond_the_accounts_is_cut_as_when_the_bill_was_paid() -> None:
    claim = Claim(
        fund_amount=Decimal("21.00"), account_amount=Decimal("1.00"), cash_amount=Decimal("8.00"),
        mutual_aid_amount=Decimal("5.00"),
    )  # fmt: skip
    assert parts_of(claim) == Parts(
        fund=Decimal("21.00"), account=Decimal("0.00"), cash=Decimal("8.00"), family=Decimal("1.00")
    )
