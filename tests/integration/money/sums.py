"""What must be equal of one bill, by the issue's own words: ledger, bill, insurer and channel."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from django.db.models import Sum

from billing.models import Bill
from billing.queries import standing_parts
from billing.states import BillState
from checkout.models import Checkout
from checkout.states import CheckoutState
from finance.queries.agreement import disagreements
from insurance.models import VisitRegistration
from ledger.models import Entry
from payments.models import Channel, PaymentOrder, Refund, Scene
from payments.queries import amount_left
from payments.states import OrderState, RefundState
from tests.integration.money.outside import ZERO, AtChannel, at_channel, at_insurer
from tests.verification.simulators import Simulators

EARNED = ("revenue", "onsite_fee", "delivery", "institution_payable", "platform")
PAGES = (Scene.WAP, Scene.PAGE)
GOING = (CheckoutState.ESTIMATING, CheckoutState.SETTLING, CheckoutState.REVERSING, CheckoutState.REFUNDING)


class Books:
    """The entries of one bill: posted yuan, debits above zero."""

    def __init__(self, bill: Bill) -> None:
        rows = Entry.objects.filter(posting__subject=bill.number).order_by()
        self._by_account: defaultdict[tuple[str, str, str], Decimal] = defaultdict(lambda: ZERO)
        said = rows.values_list("account__kind", "account__party", "account__category")
        for kind, party, category, posted in said.annotate(Sum("posted")):
            self._by_account[kind, party, category] += posted
        self.pending: Decimal = rows.aggregate(sum=Sum("pending"))["sum"] or ZERO

    def of(self, kind: str, *, party: str | None = None, category: str | None = None) -> Decimal:
        """Yuan of one kind of account, or of one party or category of it."""
        return sum(
            (
                posted
                for (its_kind, its_party, its_category), posted in self._by_account.items()
                if its_kind == kind and party in (None, its_party) and category in (None, its_category)
            ),
            ZERO,
        )

    @property
    def earned(self) -> Decimal:
        """Yuan of all that care has earned, for whomever."""
        return -sum((self.of(kind) for kind in EARNED), ZERO)

    @property
    def sum(self) -> Decimal:
        """Of every entry."""
        return sum(self._by_account.values(), ZERO)


def faults_at_any_time(bill: Bill) -> Iterator[str]:
    """What may never be wrong, also while something is under way."""
    books = Books(bill)
    if (books.sum, books.pending) != (ZERO, ZERO):
        yield f"the entries sum to {books.sum}, the announced ones to {books.pending}"
    yield from (
        f"{one.what}: {one.books} in the books, {one.should_be} should be" for one in disagreements(bill)
    )
    for order in PaymentOrder.objects.filter(bill=bill):
        asked = order.refunds.exclude(state=RefundState.FAILED).aggregate(sum=Sum("amount"))["sum"] or ZERO
        if asked > (order.amount if order.paid_at else ZERO):
            yield f"{asked} of {order.amount} is given back of order {order.number}"
    live = PaymentOrder.objects.filter(bill=bill, state__in=[OrderState.CREATED, OrderState.PLACED]).count()
    if live > 1:
        yield f"{live} orders could be paid"


def faults_at_rest(bill: Bill, simulators: Simulators, *, is_told_all: bool = False) -> Iterator[str]:
    """What is wrong once nobody owes an answer any more: the world outside included.

    A page of Alipay's that was closed before anybody had opened it can be paid there; only a letter tells of that
    (docs/integrations/alipay.md). Unless every letter has come (``is_told_all``) such an order is left out.
    """
    yield from faults_at_any_time(bill)
    orders = list(PaymentOrder.objects.filter(bill=bill))
    if not is_told_all:
        orders = [
            order for order in orders if not (order.state == OrderState.CLOSED and order.scene in PAGES)
        ]
    held = {order: at_channel(simulators, order) for order in orders}
    books, checkout = Books(bill), Checkout.objects.get(bill=bill)
    yield from _against_channels(books, held)
    yield from _against_insurer(books, bill, simulators)
    yield from _left_open(books, checkout, held)
    if checkout.state not in GOING and not failed_refunds(bill):
        yield from _against_bill(books, bill, sum((there.held for there in held.values()), ZERO))


def _against_channels(books: Books, held: dict[PaymentOrder, AtChannel]) -> Iterator[str]:
    for channel in Channel:
        held_there = sum((one.held for order, one in held.items() if order.channel == channel), ZERO)
        here = books.of("channel_clearing", party=channel)
        if here != held_there:
            yield f"{channel} holds {held_there}, the books say {here}"
    for order, there in held.items():
        if there.given_back > there.paid:
            yield f"{order.number}: {there.given_back} of {there.paid} went back at {order.channel}"
        if bool(there.paid) != (order.state in (OrderState.PAID, OrderState.LATE)):
            yield f"{order.number} is {order.state} here, and {there.paid} was paid there"


def _against_insurer(books: Books, bill: Bill, simulators: Simulators) -> Iterator[str]:
    visit = VisitRegistration.objects.filter(encounter=bill.encounter_id).first()
    there = at_insurer(simulators, visit.visit_number if visit else "")
    for payer in ("fund", "account", "family"):
        here = books.of("insurer_receivable", category=payer)
        if here != getattr(there, payer):
            yield f"the insurer owes {getattr(there, payer)} of {payer}, the books say {here}"
    if there.in_force > 1:
        yield f"{there.in_force} settlements of one bill stand at the insurer"


def _left_open(books: Books, checkout: Checkout, held: dict[PaymentOrder, AtChannel]) -> Iterator[str]:
    """What nobody looks after any more must not move any more."""
    if books.of("refund_payable") != ZERO:
        yield f"refunds of {-books.of('refund_payable')} are under way"
    is_payable = [order for order, there in held.items() if there.is_payable]
    if checkout.state == CheckoutState.PAYING:
        is_payable = [order for order in is_payable if order.pk != checkout.order_id]
    yield from (
        f"{order.number} can still be paid while the checkout is {checkout.state}" for order in is_payable
    )


def _against_bill(books: Books, bill: Bill, at_channels: Decimal) -> Iterator[str]:
    """Who has paid what of the bill as it stands, here and there."""
    is_paid = bill.state == BillState.SETTLED
    stands = standing_parts(bill.pk).each() if is_paid else {}
    insured = {
        payer: books.of("insurer_receivable", category=payer) for payer in ("fund", "account", "family")
    }
    said = {**insured, "cash": at_channels, "institution": books.of("hospital_borne")}
    for payer, yuan in said.items():
        if yuan != stands.get(payer, ZERO):
            yield f"{payer} has paid {yuan}, the {bill.state} bill says {stands.get(payer, ZERO)}"
    if books.earned != sum(stands.values(), ZERO):
        yield f"{books.earned} is earned by a {bill.state} bill of {stands}"
    if books.of("patient_receivable") != ZERO:
        yield f"she owes {books.of('patient_receivable')} of a {bill.state} bill"


def failed_refunds(bill: Bill) -> list[Refund]:
    """Refunds that the channel could not give, and that wait for a person."""
    rows = Refund.objects.filter(order__bill=bill, state=RefundState.FAILED, replaced_by__isnull=True)
    return [
        row for row in rows.select_related("order").order_by("pk") if amount_left(row.order) >= row.amount
    ]
