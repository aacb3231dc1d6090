"""What hangs on a bill: its returns, orders, refunds, claims and receipts, and the numbers they go by."""

from collections.abc import Iterable
from dataclasses import dataclass

from billing.models import Bill
from checkout.models import Checkout
from insurance.models import Claim, LineReturn
from payments.models import PaymentOrder, Refund
from receipts.models import Receipt
from refunds.models import RefundRequest


@dataclass(frozen=True, slots=True)
class Subjects:
    """Every record whose acts belong to the course of one bill, by id; all but ``bills`` may be empty."""

    bills: dict[int, Bill]
    """The bill itself and its return bills."""
    checkouts: tuple[int, ...]
    claims: dict[int, Claim]
    returns: tuple[int, ...]
    orders: dict[int, PaymentOrder]
    refunds: dict[int, Refund]
    requests: dict[int, RefundRequest]
    receipts: dict[int, Receipt]

    def audited(self) -> dict[str, list[str]]:
        """Type of record -> ids, as the record of acts names them."""
        ids: dict[str, Iterable[int]] = {
            "billing.bill": self.bills,
            "checkout.checkout": self.checkouts,
            "insurance.claim": self.claims,
            "insurance.linereturn": self.returns,
            "payments.paymentorder": self.orders,
            "payments.refund": self.refunds,
            "refunds.refundrequest": self.requests,
            "receipts.receipt": self.receipts,
        }
        return {kind: [str(pk) for pk in found] for kind, found in ids.items()}


def subjects_of(bill: Bill) -> Subjects:
    """Everything that hangs on the bill, in one statement for each kind."""
    returns = Bill.objects.filter(reverses=bill)
    return Subjects(
        bills={bill.pk: bill} | {row.pk: row for row in returns},
        checkouts=tuple(Checkout.objects.filter(bill=bill).values_list("pk", flat=True)),
        claims={row.pk: row for row in Claim.objects.filter(bill=bill)},
        returns=tuple(LineReturn.objects.filter(claim__bill=bill).values_list("pk", flat=True)),
        orders={row.pk: row for row in PaymentOrder.objects.filter(bill=bill)},
        refunds={row.pk: row for row in Refund.objects.filter(order__bill=bill)},
        requests={row.pk: row for row in RefundRequest.objects.filter(bill=bill)},
        receipts={row.pk: row for row in Receipt.objects.filter(bill=bill).defer("content")},
    )
