"""Whatever happens to a bill in whatever order, with crashes between: books, bill, insurer and channel are equal after each."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing.models import Bill
from billing.operations import refund_bill, return_lines_of_bill, settle_bill, state_parts, void_bill
from billing.queries import returned_quantities, standing_parts
from billing.rules import Parts
from finance.operations import books
from finance.operations.books.catching_up import catch_up
from finance.queries.agreement import disagreements, owes_nothing
from insurance.models import Claim, Settlement
from insurance.states import ClaimState
from kernel.errors import RulesBroken
from kernel.workflow import IllegalTransition
from payments.models import PaymentOrder, Refund
from payments.queries import amount_left
from payments.states import OrderState, RefundState
from tests.factories.channels import LATER, done, failed, paid_order, refund
from tests.factories.claims import claim, settlement

pytestmark = pytest.mark.django_db
D = Decimal
PARTS = Parts(D("7.00"), D("1.50"), D("1.00"), D("0.50"))


class _Crash(Exception):
    """The process dies in the middle of a transaction."""


class Course:
    """One bill of 10.00 yuan with its claim; each step is tried, and does nothing where it is not lawful."""

    def __init__(self) -> None:
        self.claim: Claim = claim(
            ClaimState.SETTLED, at=LATER, amounts=("7.00", "2.00", "1.00"), mutual_aid_amount=D("0.50")
        )
        self.bill: Bill = self.claim.bill
        state_parts(bill_id=self.bill.pk, parts=PARTS, in_scope={1: D("10.00")})

    def pay(self) -> None:
        """She pays, in time or late."""
        late = self.bill.state != "open" or PaymentOrder.objects.filter(bill=self.bill).exists()
        paid_order(self.bill, "1.00", state=OrderState.LATE if late else OrderState.PAID)

    def notify_again(self) -> None:
        """The channel repeats itself."""
        for order in self.bill.payment_orders.all():
            books.book_order_paid(order.pk)

    def insurer_settles(self) -> None:
        """Once for a claim."""
        if not self.claim.settlements.exists():
            settlement(self.claim, at=LATER)
        books.book_claim(self.claim.pk)

    def insurer_reverses(self) -> None:
        """What was settled, once."""
        standing = Settlement.objects.filter(claim=self.claim, reverses=None, reversal=None).first()
        if standing:
            settlement(self.claim, at=LATER, reverses=standing)
        books.book_claim(self.claim.pk)

    def settle(self) -> None:
        """Everything is said to be paid."""
        settle_bill(bill_id=self.bill.pk, at=LATER)

    def void(self) -> None:
        """It will never be paid."""
        void_bill(bill_id=self.bill.pk, at=LATER)

    def give_back(self) -> None:
        """All of it."""
        refund_bill(bill_id=self.bill.pk, at=LATER)

    def return_a_part(self) -> None:
        """A tenth of the line, of the fund or, when that has nothing left, of whoever has."""
        left = 1 - sum(returned_quantities(self.bill.pk).values(), D(0))
        standing = standing_parts(self.bill.pk)
        payer = next((name for name, amount in standing.each().items() if amount >= 1), "")
        if payer and left >= D("0.1"):
            parts = Parts.nothing() - Parts(**(Parts.nothing().each() | {payer: D("1.00")}))
            return_lines_of_bill(
                bill_id=self.bill.pk, quantities={1: D("0.1")}, parts=parts, reason="退回", by=None, at=LATER
            )

    def ask_refund(self) -> None:
        """Of half of what is left of an order."""
        for order in self.bill.payment_orders.order_by("-pk")[:1]:
            if amount_left(order) >= D("0.10"):
                refund(order, "0.10")

    def refund_is_done(self) -> None:
        """The channel gives it back, also after it has failed."""
        for row in Refund.objects.filter(order__bill=self.bill).exclude(state=RefundState.DONE)[:1]:
            done(row)

    def refund_fails(self) -> None:
        """The channel cannot."""
        for row in Refund.objects.filter(order__bill=self.bill, state=RefundState.REQUESTED)[:1]:
            failed(row)

    def catch_up(self) -> None:
        """Somebody brings the books up to date."""
        catch_up(bill_id=self.bill.pk, at=LATER)


STEPS: list[Callable[[Course], None]] = [
    Course.pay, Course.notify_again, Course.insurer_settles, Course.insurer_reverses, Course.settle, Course.void,
    Course.give_back, Course.return_a_part, Course.ask_refund, Course.refund_is_done, Course.refund_fails,
    Course.catch_up,
]  # fmt: skip


def take(course: Course, step: Callable[[Course], None], *, crashes: bool) -> None:
    """One step in a transaction, which a crash takes back."""
    try:
        with transaction.atomic():
            step(course)
            if crashes:
                raise _Crash
    except (_Crash, IllegalTransition, RulesBroken):
        pass
    course.bill.refresh_from_db()


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.sampled_from(STEPS), st.booleans()), min_size=4, max_size=14))
def test_books_bill_insurer_and_channel_are_equal_after_each_step(
    taken: list[tuple[Callable[[Course], None], bool]],
) -> None:
    with transaction.atomic():
        course = Course()
        for step, crashes in taken:
            take(course, step, crashes=crashes)
            assert disagreements(course.bill) == [], step.__name__
        transaction.set_rollback(True)


def test_the_usual_course_there_and_back_ends_with_nothing_owed() -> None:
    course = Course()
    for step in (Course.pay, Course.insurer_settles, Course.settle):
        take(course, step, crashes=False)
    assert owes_nothing(course.bill)
    for step in (Course.insurer_reverses, *[Course.ask_refund, Course.refund_is_done] * 10, Course.give_back):
        take(course, step, crashes=False)
    assert owes_nothing(course.bill)
    assert disagreements(course.bill) == []
