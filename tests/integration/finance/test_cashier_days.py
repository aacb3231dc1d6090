"""A cashier day is counted, explained, closed, and opened again by a second person (FN-10 to FN-15)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from finance.models import CashierDay, CountLine, DayCount
from finance.operations import books, days
from finance.queries.day_sums import sums_of_day
from finance.states import DayState
from kernel.errors import RulesBroken
from kernel.workflow import IllegalTransition
from payments.models import PaymentOrder
from reconciliation.models import Comparison, ComparisonRun, Difference
from reconciliation.rules.kinds import Kind, Subject
from reconciliation.states import ComparisonState, DifferenceState
from registry.models import Institution
from tests.factories import billing as charged
from tests.factories import reconciliation as made
from tests.factories.encounters import AT
from tests.integration.finance.conftest import DAY, LATER, paid_order

pytestmark = pytest.mark.django_db


def _institution(order: PaymentOrder) -> int:
    return order.bill.encounter.institution_id


def _counted(order: PaymentOrder, clerk: User) -> CashierDay:
    return days.count_day(institution_id=_institution(order), day=DAY, by=clerk, at=LATER)


def _rules(caught: pytest.ExceptionInfo[RulesBroken]) -> list[str]:
    return [violation.rule for violation in caught.value.violations]


def _sums(order: PaymentOrder) -> dict[tuple[str, str], tuple[Decimal, Decimal]]:
    found = sums_of_day(_institution(order), DAY)
    return {(one.section, one.key): (one.record_amount, one.book_amount) for one in found}


def test_records_and_books_of_a_cash_bill_agree_by_channel_and_category(paid: PaymentOrder) -> None:
    sums = _sums(paid)
    assert sums["channel", "wechat"] == (Decimal("10.00"), Decimal("10.00"))
    categories = [both for (section, _key), both in sums.items() if section == "category"]
    assert categories == [(Decimal("10.00"), Decimal("10.00"))]


def test_what_the_channel_gives_back_is_taken_off_on_both_sides(paid: PaymentOrder) -> None:
    back = made.refund(paid, at=AT, amount=Decimal("4.00"))
    books.book_refund_done(back.pk)
    assert _sums(paid)["channel", "wechat"] == (Decimal("6.00"), Decimal("6.00"))


def test_what_the_insurer_settled_stands_by_payer_her_familys_part_by_itself(db: None) -> None:
    claim = made.claim(at=AT)
    made.settlement(claim, at=AT, mutual_aid_amount=Decimal("0.50"))
    found = {
        one.key: (one.record_amount, one.book_amount)
        for one in sums_of_day(claim.bill.encounter.institution_id, DAY)
        if one.section == "payer"
    }
    assert found == {
        "fund": (Decimal("7.00"), Decimal(0)),
        "account": (Decimal("1.50"), Decimal(0)),
        "family": (Decimal("0.50"), Decimal(0)),
    }


def test_the_sums_take_the_same_statements_however_many_bills_there_are(paid: PaymentOrder) -> None:
    institution = _institution(paid)
    with CaptureQueriesContext(connection) as few:
        sums_of_day(institution, DAY)
    for _more in range(3):
        books.book_order_paid(paid_order(charged.bill("10.00")).pk)
    with CaptureQueriesContext(connection) as many:
        sums_of_day(institution, DAY)
    assert len(many) == len(few)


def test_a_day_that_has_not_ended_is_not_counted(paid: PaymentOrder, clerk: User) -> None:
    with pytest.raises(RulesBroken) as caught:
        days.count_day(institution_id=_institution(paid), day=DAY, by=clerk, at=AT)
    assert _rules(caught) == ["FN-10"]
    assert not CashierDay.objects.exists()


def test_a_day_whose_sides_agree_is_closed(paid: PaymentOrder, clerk: User, balanced: Comparison) -> None:
    closed = days.close_day(day_id=_counted(paid, clerk).pk, by=clerk, at=LATER)
    assert (closed.state, closed.closed_by) == (DayState.CLOSED, clerk)


def test_closing_twice_is_refused_the_second_time(
    paid: PaymentOrder, clerk: User, balanced: Comparison
) -> None:
    day = _counted(paid, clerk)
    days.close_day(day_id=day.pk, by=clerk, at=LATER)
    with pytest.raises(IllegalTransition):
        days.close_day(day_id=day.pk, by=clerk, at=LATER)


def test_a_payment_missing_in_the_books_keeps_the_day_open_until_it_is_explained(
    clerk: User, balanced: Comparison
) -> None:
    order = paid_order(charged.bill("10.00"))
    day = _counted(order, clerk)
    with pytest.raises(RulesBroken) as caught:
        days.close_day(day_id=day.pk, by=clerk, at=LATER)
    assert _rules(caught) == ["FN-12"]

    days.explain(
        day_id=day.pk, obstacle="channel:wechat", reason="入账任务失败，已报信息科", by=clerk, at=LATER
    )
    assert days.close_day(day_id=day.pk, by=clerk, at=LATER).state == DayState.CLOSED


def test_an_explanation_lapses_when_the_amount_changes(clerk: User, balanced: Comparison) -> None:
    order = paid_order(charged.bill("10.00"))
    day = _counted(order, clerk)
    days.explain(day_id=day.pk, obstacle="channel:wechat", reason="入账任务失败", by=clerk, at=LATER)
    paid_order(charged.bill("5.00"))
    _counted(order, clerk)
    with pytest.raises(RulesBroken) as caught:
        days.close_day(day_id=day.pk, by=clerk, at=LATER)
    assert _rules(caught) == ["FN-12"]


def test_sums_that_changed_since_the_count_are_counted_again(
    paid: PaymentOrder, clerk: User, balanced: Comparison
) -> None:
    day = _counted(paid, clerk)
    books.book_order_paid(paid_order(charged.bill("5.00")).pk)
    with pytest.raises(RulesBroken) as caught:
        days.close_day(day_id=day.pk, by=clerk, at=LATER)
    assert _rules(caught) == ["FN-11"]
    _counted(paid, clerk)
    assert days.close_day(day_id=day.pk, by=clerk, at=LATER).state == DayState.CLOSED
    assert DayCount.objects.filter(cashier_day=day).count() == 2


def test_a_day_that_no_channel_was_compared_with_is_not_closed(paid: PaymentOrder, clerk: User) -> None:
    with pytest.raises(RulesBroken) as caught:
        days.close_day(day_id=_counted(paid, clerk).pk, by=clerk, at=LATER)
    assert _rules(caught) == ["FN-12"]


@pytest.mark.parametrize("state", [ComparisonState.WAITING, ComparisonState.UNREACHED])
def test_a_channel_that_has_not_answered_keeps_the_day_open(
    paid: PaymentOrder, clerk: User, balanced: Comparison, state: ComparisonState
) -> None:
    Comparison.objects.update(state=state)
    day = _counted(paid, clerk)
    with pytest.raises(RulesBroken) as caught:
        days.close_day(day_id=day.pk, by=clerk, at=LATER)
    assert _rules(caught) == ["FN-12"]
    days.explain(
        day_id=day.pk, obstacle="comparison:channel", reason="微信账单延迟，客服单号 1", by=clerk, at=LATER
    )
    assert days.close_day(day_id=day.pk, by=clerk, at=LATER).state == DayState.CLOSED


def _difference(balanced: Comparison, order: PaymentOrder) -> Difference:
    Comparison.objects.update(state=ComparisonState.DIFFERING)
    run = ComparisonRun.objects.create(comparison=balanced, began_at=LATER)
    return Difference.objects.create(
        comparison=balanced, subject=Subject.PAYMENT, key=order.number, kind=Kind.ONLY_US, order=order,
        our_total=order.amount, our_fund=Decimal(0), our_account=Decimal(0), our_cash=order.amount, found_at=LATER,
        first_run=run, last_run=run,
    )  # fmt: skip


def test_an_unresolved_difference_with_the_channel_keeps_the_day_open(
    paid: PaymentOrder, clerk: User, balanced: Comparison
) -> None:
    row = _difference(balanced, paid)
    day = _counted(paid, clerk)
    with pytest.raises(RulesBroken) as caught:
        days.close_day(day_id=day.pk, by=clerk, at=LATER)
    assert _rules(caught) == ["FN-12"]

    Difference.objects.filter(pk=row.pk).update(state=DifferenceState.EXPLAINED, taken_by=clerk)
    assert days.close_day(day_id=day.pk, by=clerk, at=LATER).state == DayState.CLOSED


def test_a_difference_of_another_institution_does_not_keep_ours_open(
    paid: PaymentOrder, clerk: User, balanced: Comparison
) -> None:
    row = _difference(balanced, paid)
    elsewhere = made.order(at=AT)
    other = elsewhere.bill.encounter
    other.institution = _another_institution()
    other.save()
    Difference.objects.filter(pk=row.pk).update(order=elsewhere)
    assert days.close_day(day_id=_counted(paid, clerk).pk, by=clerk, at=LATER).state == DayState.CLOSED


def _another_institution() -> Institution:
    from tests.factories.registry import InstitutionFactory

    made: Institution = InstitutionFactory(code="H33010600002", name="演示市第二医院")
    return made


def test_only_what_stands_in_the_way_is_explained_and_with_a_reason(
    paid: PaymentOrder, clerk: User, balanced: Comparison
) -> None:
    day = _counted(paid, clerk)
    with pytest.raises(RulesBroken) as caught:
        days.explain(day_id=day.pk, obstacle="channel:wechat", reason=" 无 ", by=clerk, at=LATER)
    assert _rules(caught) == ["FN-13", "FN-14"]


def test_who_closed_a_day_does_not_open_it_again_a_colleague_does(
    paid: PaymentOrder, clerk: User, colleague: User, balanced: Comparison
) -> None:
    day = _counted(paid, clerk)
    days.close_day(day_id=day.pk, by=clerk, at=LATER)
    with pytest.raises(RulesBroken) as caught:
        days.reopen_day(day_id=day.pk, reason="漏看一笔", by=clerk, at=LATER)
    assert _rules(caught) == ["FN-15"]
    assert days.reopen_day(day_id=day.pk, reason="漏看一笔", by=colleague, at=LATER).state == DayState.OPEN


def test_opening_again_needs_a_reason(
    paid: PaymentOrder, clerk: User, colleague: User, balanced: Comparison
) -> None:
    day = _counted(paid, clerk)
    days.close_day(day_id=day.pk, by=clerk, at=LATER)
    with pytest.raises(RulesBroken) as caught:
        days.reopen_day(day_id=day.pk, reason=" ", by=colleague, at=LATER)
    assert _rules(caught) == ["FN-14"]


def test_a_count_is_never_changed_nor_deleted(paid: PaymentOrder, clerk: User) -> None:
    _counted(paid, clerk)
    for change in (
        lambda: CountLine.objects.update(book_amount=0),
        lambda: CountLine.objects.all().delete(),
        lambda: DayCount.objects.update(counted_at=AT),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_ended_days_on_which_money_moved_are_opened_once(paid: PaymentOrder) -> None:
    next_morning = AT + timedelta(days=1)
    assert [days.open_ended(at=next_morning), days.open_ended(at=next_morning)] == [1, 0]
    assert CashierDay.objects.get().day == DAY


def test_a_day_is_not_opened_before_it_ends(paid: PaymentOrder) -> None:
    assert days.open_ended(at=AT) == 0
