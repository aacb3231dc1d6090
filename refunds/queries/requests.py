"""Where a bill stands when money is asked back of it, and which requests there are."""

from decimal import Decimal

from django.db.models import QuerySet, Sum

from billing.models import Bill
from billing.queries import charged_lines, standing_parts
from billing.rules.returns import amounts_returned
from billing.states import BillState
from checkout.models import Checkout
from checkout.states import CheckoutState
from kernel.money import ZERO
from payments.queries import amount_left, is_given_back
from pricing.models import Category
from refunds.models import RefundRequest, Scope
from refunds.queries.policies import policies
from refunds.rules.asking import BillFacts
from refunds.rules.parts import LeftLine
from refunds.states import OPEN, RefundRequestState

_GOING_BACK = (CheckoutState.REVERSING, CheckoutState.REFUNDING)


def open_requests(bill_id: int) -> QuerySet[RefundRequest]:
    """Requests of a bill by which money may still go back, the oldest first."""
    return RefundRequest.objects.filter(bill=bill_id, state__in=OPEN).order_by("pk")


def bill_facts(bill: Bill, checkout: Checkout | None) -> BillFacts:
    """What the rules look at."""
    open_one = open_requests(bill.pk).exclude(scope="cash").first()
    return BillFacts(
        is_return=bill.reverses_id is not None,
        is_settled=bill.state == BillState.SETTLED and checkout is not None,
        is_given_back=bill.state == BillState.REFUNDED,
        goes_back=bool(checkout and checkout.unwind_reason and bill.state == BillState.SETTLED),
        open_number=open_one.number if open_one else "",
    )


def by_hand_before(request: RefundRequest) -> Decimal:
    """Yuan of the same bill that persons asked for before this request, and that nobody has declined; two queries.

    What follows from an event by itself is no person's wish, whoever brought the event about.
    """
    earlier = RefundRequest.objects.filter(
        bill=request.bill_id, pk__lt=request.pk, requested_by__isnull=False,
        situation__in=[policy.situation for policy in policies() if not policy.is_automatic],
    )  # fmt: skip
    asked = earlier.exclude(state=RefundRequestState.DECLINED).aggregate(
        sum=Sum("asked_amount", default=ZERO)
    )
    return Decimal(asked["sum"])


def has_begun(request: RefundRequest) -> bool:
    """Whether an insurer, a bill or a channel has done a part of it, or was asked to: then it has to be ended.

    What has gone back with the rest of her payment meanwhile has nothing to be ended any more.

    ``request`` has its checkout and the return at the insurer selected.
    """
    if request.payment_refund and is_given_back(request.payment_refund.order):
        return False
    at_insurer = request.line_return
    is_whole = request.scope == Scope.WHOLE and request.bill.checkout.state in _GOING_BACK
    is_returned = bool(at_insurer and at_insurer.concluded_at) or bool(request.return_bill_id)
    return is_whole or is_returned or bool(request.payment_refund_id)


def left_lines(bill: Bill) -> list[LeftLine]:
    """What is left of each line, in order."""
    charged = charged_lines(bill)
    return [
        LeftLine(line.number, charged[line.number].left, line.price.item.category == Category.ONSITE_FEE)
        for line in bill.lines.select_related("price__item")
    ]


def worth_of(bill: Bill, quantities: dict[int, Decimal]) -> dict[int, Decimal]:
    """Yuan that go back by number of the line when units do: see ``billing.rules.returns.amounts_returned``."""
    return amounts_returned(charged_lines(bill), quantities)


def standing_amount(bill: Bill) -> Decimal:
    """Yuan that go back when all of a bill does: what stands paid, and of her cash all that is left of her payment.

    That is more than what stands when the channel could not give back a part: then it goes back with the rest.
    """
    parts = standing_parts(bill.pk)
    checkout = Checkout.objects.select_related("order").filter(bill=bill).first()
    if checkout is None or checkout.order is None:
        return parts.total
    return parts.total - parts.cash + cash_left(checkout)


def cash_left(checkout: Checkout) -> Decimal:
    """Yuan of her payment that can still go back."""
    return amount_left(checkout.order) if checkout.order and checkout.paid_at else ZERO
