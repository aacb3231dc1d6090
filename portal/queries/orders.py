"""A patient's bills as she thinks of them: to pay, under way, money going back, done."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from django.db.models import Case, DecimalField, Exists, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from accounts.models import User
from checkout.models import Checkout
from checkout.states import CheckoutState
from kernel.money import ZERO
from payments.models import Refund
from payments.states import OrderState, RefundState
from refunds.models import RefundRequest
from refunds.states import OPEN as REQUEST_OPEN
from registry.queries import patients_of

MOST_OPEN = 50
"""Bills that are not at their end; nobody has more, and a page that grows without end helps nobody."""

_S = CheckoutState
HERS = (_S.READY, _S.DECLINED, _S.PAYING)
OTHERS = (_S.ESTIMATING, _S.SETTLING)
WAY_BACK = (_S.REVERSING, _S.REFUNDING)
_IS_OPEN = Q(state__in=[*HERS, *OTHERS, *WAY_BACK]) | Q(is_going_back=True)
_ABOUT = (
    "bill__encounter__patient",
    "bill__encounter__practitioner",
    "bill__encounter__institution",
    "order",
)
_ON_ITS_WAY = Q(state__in=[RefundState.REQUESTED, RefundState.PROCESSING]) | Q(
    state=RefundState.FAILED, replaced_by__isnull=True
)


class Group(StrEnum):
    """Under which heading a bill stands."""

    TO_PAY = "to_pay"
    UNDER_WAY = "under_way"
    GOING_BACK = "going_back"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Order:
    """A checkout with what became of the money that went back."""

    checkout: Checkout
    is_going_back: bool
    """Something of it is on its way to her: at the insurer, at the channel, or with a person."""
    given_back: Decimal
    """Yuan of what she paid that are back with her."""
    late_back: Decimal
    """Yuan that came after their order was closed, and are back with her."""

    @property
    def paid(self) -> Decimal:
        """Yuan that she paid through a channel for this bill; what came too late is not among them."""
        checkout = self.checkout
        return checkout.order.amount if checkout.paid_at and checkout.order else ZERO

    @property
    def stands(self) -> Decimal:
        """Yuan of what she paid that the hospital keeps by now."""
        return self.paid - self.given_back

    def group(self, at: datetime) -> Group:
        """Its heading; money on its way back counts before everything else."""
        state = self.checkout.state
        if self.is_going_back or state in WAY_BACK:
            return Group.GOING_BACK
        if state in HERS and at < self.checkout.pay_by:
            return Group.TO_PAY
        return Group.UNDER_WAY if state in (*HERS, *OTHERS) else Group.DONE


def open_orders(user: User) -> list[Order]:
    """Bills that are not at their end, the most urgent first."""
    rows = _rows(user).filter(_IS_OPEN).order_by("pay_by", "pk")[:MOST_OPEN]
    return [order_from(row) for row in rows]


def ended_orders(user: User) -> QuerySet[Checkout]:
    """Bills at their end, the newest first; each becomes an order by ``order_from``."""
    return _rows(user).exclude(_IS_OPEN).order_by("-opened_at", "-pk")


def order_of(checkout: Checkout) -> Order:
    """One bill."""
    return order_from(_with_way_back(Checkout.objects.filter(pk=checkout.pk)).select_related(*_ABOUT).get())


def order_from(row: Checkout) -> Order:
    """A row of ``ended_orders`` with what was asked beside it."""
    return Order(row, row.is_going_back, row.given_back, row.late_back)  # type: ignore[attr-defined]


def _rows(user: User) -> QuerySet[Checkout]:
    """Every bill of her and of those whom she acts for."""
    rows = Checkout.objects.filter(bill__encounter__patient__in=patients_of(user).order_by())
    return _with_way_back(rows).select_related(*_ABOUT)


def _with_way_back(rows: QuerySet[Checkout]) -> QuerySet[Checkout]:
    """The rows with ``is_going_back``, ``given_back`` and ``late_back``; no further statements."""
    refunds = Refund.objects.filter(order__bill=OuterRef("bill"))
    requests = RefundRequest.objects.filter(bill=OuterRef("bill"), state__in=REQUEST_OPEN)
    done = refunds.filter(state=RefundState.DONE)
    is_going = Case(When(Exists(refunds.filter(_ON_ITS_WAY)) | Exists(requests), then=True), default=False)
    return rows.annotate(
        is_going_back=is_going,
        given_back=_sum_of(done.exclude(order__state=OrderState.LATE)),
        late_back=_sum_of(done.filter(order__state=OrderState.LATE)),
    )


def _sum_of(refunds: QuerySet[Refund]) -> Coalesce:
    """Yuan of the refunds of one bill."""
    nothing = Value(ZERO, output_field=DecimalField(max_digits=12, decimal_places=2))
    sums = refunds.order_by().values("order__bill").annotate(sum=Sum("amount"))
    return Coalesce(Subquery(sums.values("sum")), nothing)
