"""What happens to a bill is in the books at once, once, and agrees with bill, insurer and channel after each step."""

from decimal import Decimal

import pgtrigger
import pytest
from django.db import transaction

from billing.models import Bill
from billing.operations import refund_bill, return_lines_of_bill, settle_bill, state_parts, void_bill
from billing.rules import Parts
from finance.operations import books
from finance.operations.books import insurer
from finance.operations.books.catching_up import catch_up
from finance.queries.agreement import Disagreement, disagreements, owes_nothing
from insurance.models import Claim
from insurance.states import ClaimState
from ledger.models import Posting
from ledger.queries import balance
from ledger.rules import AccountKey, AccountKind
from payments.models import Channel, PaymentOrder, Scene
from payments.states import OrderState
from pricing.models import SharingAgreement
from tests.factories import billing as factories
from tests.factories import reconciliation as made
from tests.factories.channels import LATER, done, failed, paid_order, refund
from tests.factories.claims import claim, settlement
from tests.factories.encounters import AT

pytestmark = pytest.mark.django_db
D = Decimal


def hers(amount: str) -> Bill:
    """A settled bill of one line that she has paid by WeChat Pay."""
    bill = factories.bill(amount)
    state_parts(bill_id=bill.pk, parts=Parts.of_cash(D(amount)), in_scope={})
    paid_order(bill, amount)
    return settle_bill(bill_id=bill.pk, at=LATER)


def held(bill: Bill, kind: AccountKind, party: str = "", category: str = "") -> tuple[Decimal, Decimal]:
    """Posted and pending yuan of one account of the institution; a debit is above zero."""
    found = balance(bill.encounter.institution_id, AccountKey(kind, party, category))
    return found.posted, found.pending


def agrees(bill: Bill) -> bool:
    bill.refresh_from_db()
    return disagreements(bill) == [] and owes_nothing(bill)


def test_a_charge_is_announced_and_counts_when_the_bill_is_paid() -> None:
    bill = factories.bill("10.00")
    charge_type = bill.lines.get().price.item.charge_type
    assert held(bill, AccountKind.REVENUE, category=charge_type) == (0, D("-10.00"))
    assert held(bill, AccountKind.PATIENT_RECEIVABLE) == (0, D("10.00"))
    state_parts(bill_id=bill.pk, parts=Parts.of_cash(D("10.00")), in_scope={})
    paid_order(bill, "10.00")
    settle_bill(bill_id=bill.pk, at=LATER)
    assert held(bill, AccountKind.REVENUE, category=charge_type) == (D("-10.00"), 0)
    assert held(bill, AccountKind.CHANNEL_CLEARING, "wechat") == (D("10.00"), 0)
    assert agrees(bill)


def test_a_void_bill_leaves_nothing() -> None:
    bill = factories.bill("10.00")
    void_bill(bill_id=bill.pk, at=LATER)
    assert held(bill, AccountKind.PATIENT_RECEIVABLE) == (0, 0)
    assert agrees(bill)


def test_an_event_that_is_taken_back_is_not_in_the_books() -> None:
    bill = factories.bill("10.00")
    with pytest.raises(RuntimeError), transaction.atomic():
        settle_bill(bill_id=bill.pk, at=LATER)
        raise RuntimeError
    assert Posting.objects.filter(subject=bill.number).count() == 1


def test_the_insurer_owes_from_fund_account_and_family_and_nothing_when_it_is_reversed() -> None:
    made = claim(ClaimState.SETTLED, at=AT, amounts=("7.00", "2.00", "1.00"), mutual_aid_amount=D("0.50"))
    row, bill = settlement(made, at=AT), made.bill
    parts = Parts(D("7.00"), D("1.50"), D("1.00"), D("0.50"))
    state_parts(bill_id=bill.pk, parts=parts, in_scope={1: D("10.00")})
    order = paid_order(bill, "1.00", channel=Channel.ALIPAY)
    books.book_claim(made.pk)
    settle_bill(bill_id=bill.pk, at=LATER)
    owed = [
        held(bill, AccountKind.INSURER_RECEIVABLE, row.insured_region, payer)[0]
        for payer in ("fund", "account", "family")
    ]
    assert owed == [D("7.00"), D("1.50"), D("0.50")]
    assert agrees(bill)
    settlement(made, at=LATER, reverses=row)
    books.book_claim(made.pk)
    done(refund(order, "1.00"))
    refund_bill(bill_id=bill.pk, at=LATER)
    assert agrees(bill)


def test_parts_of_an_order_go_back_one_after_another() -> None:
    bill = hers("10.00")
    order = bill.payment_orders.get()
    for share in ("3.00", "2.00"):
        return_lines_of_bill(
            bill_id=bill.pk,
            quantities={1: D(share) / 10},
            parts=Parts.of_cash(-D(share)),
            reason="退回",
            by=None,
            at=LATER,
        )
        row = refund(order, share)
        assert disagreements(bill) == []
        done(row)
        assert agrees(bill)
    assert held(bill, AccountKind.CHANNEL_CLEARING, "wechat")[0] == D("5.00")
    rest = refund(order, "5.00")
    done(rest)
    refund_bill(bill_id=bill.pk, at=LATER)
    assert agrees(bill)


def test_a_refund_that_failed_is_asked_for_anew_or_done_by_hand() -> None:
    bill = hers("10.00")
    row = refund(bill.payment_orders.get(), "10.00")
    assert held(bill, AccountKind.REFUND_PAYABLE)[0] == D("-10.00")
    failed(row)
    assert held(bill, AccountKind.REFUND_PAYABLE)[0] == 0
    assert disagreements(bill) == []
    again = refund(bill.payment_orders.get(), "10.00")
    failed(again)
    done(again)
    refund_bill(bill_id=bill.pk, at=LATER)
    assert agrees(bill)


def test_money_that_comes_after_closing_goes_back_and_leaves_nothing() -> None:
    bill = factories.bill("10.00")
    void_bill(bill_id=bill.pk, at=LATER)
    order = paid_order(bill, "10.00", state=OrderState.LATE)
    assert disagreements(bill) == []
    assert not owes_nothing(bill)
    done(refund(order, "10.00"))
    assert agrees(bill)


def test_what_the_hospital_bears_is_its_own_cost() -> None:
    bill = factories.bill("10.00")
    parts = Parts(D(0), D(0), D("8.00"), institution=D("2.00"))
    state_parts(bill_id=bill.pk, parts=parts, in_scope={})
    paid_order(bill, "8.00")
    settle_bill(bill_id=bill.pk, at=LATER)
    assert held(bill, AccountKind.HOSPITAL_BORNE)[0] == D("2.00")
    assert agrees(bill)


def test_the_shares_of_a_remote_service_follow_what_stands_of_it() -> None:
    bill = hers("100.00")
    institution, item = bill.encounter.institution, bill.lines.get().price.item
    item.service = "remote_consultation"
    item.save()
    invited = type(institution).objects.create(
        name="乙", name_en="B", online_name="乙", online_name_en="B", code="H33010000002", region_code="330100",
        licence_number="演示", licence_authority="演示", licence_until=institution.licence_until, address="演示",
        phone="0",
    )  # fmt: skip
    agreement = SharingAgreement.objects.create(
        number="A1", service="remote_consultation", inviting=institution, invited=invited, platform_name="演示平台",
        inviting_rate=D("0.3"), invited_rate=D("0.6"), platform_rate=D("0.1"), signed_on=AT.date(),
        effective=(AT.date(), None), recorded_at=AT,
    )  # fmt: skip
    with pgtrigger.ignore("billing.Bill:frozen"):
        Bill.objects.filter(pk=bill.pk).update(sharing=agreement)
    books.book_paid(bill.pk)
    assert held(bill, AccountKind.INSTITUTION_PAYABLE, invited.code)[0] == D("-60.00")
    assert held(bill, AccountKind.PLATFORM, "演示平台")[0] == D("-10.00")
    parts = Parts.of_cash(D("-33.33"))
    return_lines_of_bill(
        bill_id=bill.pk, quantities={1: D("0.3333")}, parts=parts, reason="退回", by=None, at=LATER
    )
    # 66.67 stand: 40.002 -> 40.00 and 6.667 -> 6.67.
    assert held(bill, AccountKind.INSTITUTION_PAYABLE, invited.code)[0] == D("-40.00")
    assert held(bill, AccountKind.PLATFORM, "演示平台")[0] == D("-6.67")
    # What goes back is what the books hold: the item may be no shared service any more.
    item.service = ""
    item.save()
    refund_bill(bill_id=bill.pk, at=LATER)
    assert held(bill, AccountKind.INSTITUTION_PAYABLE, invited.code)[0] == 0
    assert held(bill, AccountKind.PLATFORM, "演示平台")[0] == 0


def test_repeating_adds_nothing_and_catching_up_posts_what_is_missing() -> None:
    bill = hers("10.00")
    done(refund(bill.payment_orders.get(), "10.00"))
    refund_bill(bill_id=bill.pk, at=LATER)
    posted = Posting.objects.count()
    catch_up(bill_id=bill.pk, at=LATER)
    assert Posting.objects.count() == posted


def test_a_bill_of_before_there_were_books_is_caught_up_with(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kernel.events.publish", lambda event: None)
    bill = factories.bill("10.00")
    state_parts(bill_id=bill.pk, parts=Parts.of_cash(D("10.00")), in_scope={})
    settle_bill(bill_id=bill.pk, at=LATER)
    PaymentOrder.objects.create(
        bill=bill, number="W1", scene=Scene.NATIVE, amount=D("10.00"), description="演示", expires_at=LATER,
        state=OrderState.PAID, created_at=AT, paid_at=AT,
    )  # fmt: skip
    assert Disagreement("channel_clearing", D(0), D("10.00")) in disagreements(bill)
    catch_up(bill_id=bill.pk, at=LATER)
    assert agrees(bill)


def test_the_days_of_the_books_are_those_of_the_events() -> None:
    bill = hers("10.00")
    days = dict(Posting.objects.filter(subject=bill.number).values_list("key", "on"))
    assert set(days.values()) == {AT.date()}


def settled_in(area: str) -> Claim:
    """A claim that an area has settled under a number that another area gives, too."""
    claimed = made.claim(at=AT)
    made.settlement(claimed, at=AT, number="SETL1", insured_region=area)
    return claimed


def test_two_areas_that_give_the_same_number_are_both_in_the_books() -> None:
    claims = [settled_in("330100"), settled_in("330200")]
    for claimed in claims:
        books.book_claim(claimed.pk)
    for claimed, area in zip(claims, ("330100", "330200"), strict=True):
        [posting] = Posting.objects.filter(subject=claimed.bill.number, kind="insurer_settled")
        assert posting.key == f"settlement:{area}:SETL1"
        assert held(claimed.bill, AccountKind.INSURER_RECEIVABLE, area, "fund") == (D("7.00"), 0)


def test_what_is_in_the_books_under_its_number_alone_is_not_posted_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before, beside = settled_in("330100"), settled_in("330200")
    with monkeypatch.context() as earlier:
        earlier.setattr(insurer, "_key_of", lambda settlement, **_said: f"settlement:{settlement.number}")
        books.book_claim(before.pk)
    for claimed in (before, beside, before):
        books.book_claim(claimed.pk)
    keys = Posting.objects.filter(kind="insurer_settled").order_by("pk").values_list("key", flat=True)
    assert list(keys) == ["settlement:SETL1", "settlement:330200:SETL1"]
