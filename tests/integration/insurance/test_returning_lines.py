"""Lines of a settled bill are given back: 2208 for all, and what stays is settled again.

Worked by hand with the insurer's demonstration policy (retired, 70 %, class A wholly in scope): of 10.00 + 20.00 the
fund pays 21.00, her account of 1.00 pays 1.00, she 8.00. Without the line of 20.00 the fund pays 7.00, the account
1.00, she 2.00: the fund has 14.00 back and she 6.00.
"""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role, User
from audit.models import AuditEntry
from billing.models import Bill, BillPurpose
from billing.operations import open_bill
from checkout.models import Checkout
from checkout.operations import unwind
from checkout.states import CheckoutState
from insurance.events import LinesReturned
from insurance.gateway import messages as m
from insurance.models import Claim, LineReturn, Settlement, VisitRegistration
from insurance.operations import conclude_by_hand, return_lines, submit_claim, take_over
from insurance.operations.insurer import insurer_of
from insurance.operations.messages import new_msgid
from insurance.rules.commands import Conclusion
from insurance.states import ClaimState
from kernel import clock, events
from kernel.errors import RulesBroken
from pricing.queries import quote_for
from pricing.rules import ServiceLine
from tests.factories.accounts import StaffFactory, UserFactory
from tests.factories.pricing import PriceFactory, PriceItemFactory
from tests.integration.checkout.conftest import ask_again
from tests.verification.simulators import Simulators

pytestmark = pytest.mark.django_db(transaction=True)
Work = Callable[[], None]


@pytest.fixture
def bill(bill: Bill) -> Bill:
    """Two lines, 10.00 and 20.00, class A."""
    now = clock.now()
    item = PriceItemFactory(code="001102000010000X", insurance_code="001102000010000")
    PriceFactory(item=item, amount=Decimal("20.00"))
    codes = [bill.lines.get().item_code, item.code]
    quote = quote_for(
        lines=[ServiceLine(str(number), code, Decimal(1)) for number, code in enumerate(codes, start=1)],
        institution=bill.encounter.institution,
        service_on=bill.encounter.service_on,
    )
    return open_bill(
        encounter_id=bill.encounter_id, purpose=BillPurpose.CONSULTATION, quote=quote, by=None, at=now
    )


@pytest.fixture
def settled(checkout: Checkout, work: Work) -> Checkout:
    """The bill of both lines, settled; her money is not part of these tests."""
    submit_claim(claim_id=checkout.claim_id or 0, by=None, at=clock.now())
    work()
    Checkout.objects.update(state=CheckoutState.SETTLED, paid_at=clock.now())
    Bill.objects.filter(pk=checkout.bill_id).update(state="settled")
    checkout.refresh_from_db()
    return checkout


def give_back(checkout: Checkout, *numbers: int) -> LineReturn:
    return return_lines(bill_id=checkout.bill_id, line_numbers=numbers, by=None, at=clock.now())


def parts(row: Settlement) -> tuple[Decimal, Decimal, Decimal]:
    return (row.fund_amount, row.account_amount, row.cash_amount)


def yuan(*amounts: str) -> tuple[Decimal, ...]:
    return tuple(Decimal(amount) for amount in amounts)


def test_the_whole_settlement_is_taken_back_and_what_stays_is_settled_again(
    settled: Checkout, simulators: Simulators, work: Work
) -> None:
    give_back(settled, 2)
    work()
    first, back, again = Settlement.objects.order_by("pk")
    assert parts(first) == yuan("21.00", "1.00", "8.00")
    assert parts(back) == yuan("-21.00", "-1.00", "-8.00")
    assert parts(again) == yuan("7.00", "1.00", "2.00")
    old, new = Claim.objects.order_by("pk")
    assert (old.state, new.state) == (ClaimState.REVERSED, ClaimState.SETTLED)
    assert (new.replaces, new.returned_lines) == (old, [2])
    assert new.settle_msgid != old.settle_msgid


def test_the_difference_for_each_payer_is_told(
    settled: Checkout, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[int] = []
    heard = [*events.subscribers_of(LinesReturned), lambda event: told.append(event.line_return_id)]
    monkeypatch.setitem(events._handlers, LinesReturned, heard)
    returned = give_back(settled, 2)
    work()
    returned.refresh_from_db()
    assert told == [returned.pk]
    assert returned.is_settled_again is True
    assert (returned.fund_difference, returned.account_difference, returned.cash_difference) == yuan(
        "-14.00", "0.00", "-6.00"
    )


def counters(checkout: Checkout) -> dict[str, Decimal]:
    """5206: what the insurer has counted of her year, by kind."""
    registration = VisitRegistration.objects.get(encounter=checkout.bill.encounter_id)
    institution = registration.encounter.institution
    request = m.QueryAccumulated(
        insured_region=registration.insured_region, person_number=registration.person_number
    )
    answer = insurer_of(institution).query_accumulated(new_msgid(institution.code, clock.now()), request)
    return {row.kind: row.amount for row in answer.reply.rows}


def test_what_was_counted_of_her_year_is_given_back(settled: Checkout, work: Work) -> None:
    before = counters(settled)
    give_back(settled, 2)
    work()
    after = counters(settled)
    changes = sorted({after[kind] - before[kind] for kind in before} - {Decimal(0)})
    assert changes == [Decimal("-20.00"), Decimal("-14.00")], "in scope, and paid by the fund"


def test_returning_the_same_lines_twice_returns_them_once(settled: Checkout, work: Work) -> None:
    assert give_back(settled, 2) == give_back(settled, 2)
    work()
    assert Settlement.objects.count() == 3


def test_returning_every_line_settles_nothing_again(settled: Checkout, work: Work) -> None:
    returned = give_back(settled, 1, 2)
    work()
    returned.refresh_from_db()
    assert returned.is_settled_again is False
    assert returned.cash_difference == Decimal("-8.00")
    assert Claim.objects.count() == 1


@pytest.mark.parametrize("numbers", [(), (3,), (2, 7)])
def test_in_39_only_lines_of_the_bill_are_returned(numbers: tuple[int, ...], settled: Checkout) -> None:
    with pytest.raises(RulesBroken) as refusal:
        give_back(settled, *numbers)
    assert [violation.rule for violation in refusal.value.violations] == ["IN-39"]


def test_in_39_a_returned_line_is_not_returned_again_but_another_is(settled: Checkout, work: Work) -> None:
    give_back(settled, 2)
    work()
    with pytest.raises(RulesBroken):
        give_back(settled, 2)
    give_back(settled, 1)
    work()
    assert sum(row.total_amount for row in Settlement.objects.all()) == 0


def test_in_39_nothing_is_returned_of_a_bill_that_is_not_settled(checkout: Checkout) -> None:
    with pytest.raises(RulesBroken):
        give_back(checkout, 1)


def test_when_the_insurer_does_not_settle_what_stays_all_of_it_is_hers(
    settled: Checkout, simulators: Simulators, work: Work
) -> None:
    simulators.control("insurer", "faults", infno="2206A", kind="business_error", text="演示：待遇暂停")
    returned = give_back(settled, 2)
    work()
    returned.refresh_from_db()
    assert returned.is_settled_again is False
    assert (returned.fund_difference, returned.account_difference, returned.cash_difference) == yuan(
        "-21.00", "-1.00", "2.00"
    ), "she paid 8.00 and owes 10.00"


def test_silence_between_the_two_settlements_is_survived(
    settled: Checkout, simulators: Simulators, work: Work
) -> None:
    for infno in ("2208", "2204", "2207A"):
        simulators.control("insurer", "faults", infno=infno, kind="http_502_after_commit")
    returned = give_back(settled, 2)
    work()
    for _question in range(3):
        ask_again(work)
    returned.refresh_from_db()
    assert returned.is_settled_again is True
    assert Settlement.objects.count() == 3


def test_a_bill_that_goes_back_wholly_while_lines_are_returned_goes_back_afterwards(
    settled: Checkout, user: User, work: Work
) -> None:
    give_back(settled, 2)
    unwind(bill_id=settled.bill_id, reason="医生终止就诊", by=None, at=clock.now())
    work()
    settled.refresh_from_db()
    assert settled.state == CheckoutState.REFUNDED
    assert sum(row.total_amount for row in Settlement.objects.all()) == 0
    assert Settlement.objects.count() == 4


def test_afterwards_the_checkout_follows_the_new_claim(settled: Checkout, work: Work) -> None:
    give_back(settled, 2)
    work()
    settled.refresh_from_db()
    assert settled.claim == Claim.objects.get(state=ClaimState.SETTLED)


@pytest.fixture
def standing(settled: Checkout, simulators: Simulators, work: Work) -> Checkout:
    """Everything was to go back while lines were returned; the insurer takes nothing back, a person has made sure."""
    simulators.control("insurer", "faults", infno="2208", kind="http_502")
    give_back(settled, 2)
    unwind(bill_id=settled.bill_id, reason="医生终止就诊", by=None, at=clock.now())
    work()
    long_ago, clerk = clock.now() - timedelta(days=6), UserFactory()
    Claim.objects.update(
        needs_person_since=long_ago, unknown_since=long_ago, last_asked_at=long_ago, next_ask_at=None
    )
    take_over(claim_id=settled.claim_id or 0, by=clerk, at=clock.now())
    conclude_by_hand(
        claim_id=settled.claim_id or 0, conclusion=Conclusion.STANDS, reason="李会计在经办系统中查到未撤销",
        by=clerk, at=clock.now(),
    )  # fmt: skip
    settled.refresh_from_db()
    return settled


def test_a_wish_to_give_everything_back_is_answered_when_the_settlement_stands(standing: Checkout) -> None:
    assert (standing.state, standing.unwind_reason) == (CheckoutState.SETTLED, "")
    assert AuditEntry.objects.filter(action="checkout.stand").count() == 1


def test_everything_can_be_given_back_later_when_the_settlement_stood_once(
    standing: Checkout, work: Work
) -> None:
    unwind(bill_id=standing.bill_id, reason="医生终止就诊", by=None, at=clock.now())
    work()
    standing.refresh_from_db()
    assert standing.state == CheckoutState.REFUNDED


def test_a_wish_that_was_left_behind_does_not_bar_another_one(settled: Checkout, work: Work) -> None:
    Checkout.objects.update(unwind_reason="医生终止就诊")
    unwind(bill_id=settled.bill_id, reason="患者要求退费", by=None, at=clock.now())
    work()
    settled.refresh_from_db()
    assert settled.state == CheckoutState.REFUNDED


def test_in_39_nothing_is_returned_of_a_bill_without_insurance(bill: Bill) -> None:
    with pytest.raises(RulesBroken) as refusal:
        return_lines(bill_id=bill.pk, line_numbers=[1], by=None, at=clock.now())
    assert [violation.rule for violation in refusal.value.violations] == ["IN-39"]


def test_the_bill_shows_the_shares_in_force_and_who_pays_her_difference(
    settled: Checkout, user: User, client: Client, work: Work
) -> None:
    give_back(settled, 2)
    work()
    client.force_login(user)
    client.cookies["django_language"] = "en"
    page = client.get(f"/bills/{settled.bill.number}/")
    shown = page.context["shares"]
    assert (shown.fund, shown.account, shown.cash) == yuan("7.00", "1.00", "2.00")
    assert page.context["returned"].numbers == {2}
    assert "¥6.00 of yours goes back the way you paid." in page.content.decode()
    sheet = client.get(f"/visits/{settled.bill.encounter.number}/fee-list/?bill={settled.bill.number}")
    listed = sheet.context["shown"]
    assert (listed.fund, listed.account, listed.cash) == yuan("7.00", "1.00", "2.00")
    assert (listed.total, listed.returned) == yuan("30.00", "-20.00")


def test_the_office_returns_lines_on_the_page_of_the_claim(
    settled: Checkout, client: Client, work: Work
) -> None:
    claim = Claim.objects.get()
    client.force_login(StaffFactory(role=Role.INSURANCE_OFFICE))
    client.cookies["django_language"] = "en"
    address = reverse("insurance:return_lines", args=[claim.batch_number])
    assert address in client.get(reverse("insurance:claim", args=[claim.batch_number])).content.decode()
    form = client.get(address)
    assert form.status_code == 200
    assert "goes back the way she paid" in form.content.decode()
    none = client.post(address, {})
    assert (none.status_code, "Choose lines of the bill" in none.content.decode()) == (422, True)
    assert client.post(address, {"lines": ["2"]}).status_code == 302
    work()
    claim.refresh_from_db()
    assert claim.state == ClaimState.REVERSED
    assert LineReturn.objects.get().cash_difference == Decimal("-6.00")
    old = client.get(reverse("insurance:claim", args=[claim.batch_number])).content.decode()
    assert "¥6.00 of hers goes back the way she paid" in old


def test_a_late_return_of_lines_is_refused_on_its_page(settled: Checkout, client: Client) -> None:
    claim = Claim.objects.get()
    Claim.objects.update(state=ClaimState.REVERSING)
    client.force_login(StaffFactory(role=Role.INSURANCE_OFFICE))
    client.cookies["django_language"] = "en"
    late = client.post(reverse("insurance:return_lines", args=[claim.batch_number]), {"lines": ["2"]})
    assert late.status_code == 422
    assert "only while the bill is settled with the insurance" in late.content.decode()
    assert not LineReturn.objects.exists()
