"""The pages of the finance office: who acts, what is refused beside the field, what a list costs."""

import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import Role, User
from checkout.models import Checkout
from checkout.states import CheckoutState
from finance.models import CashierDay, Payout
from finance.queries.statements import statement_of
from insurance.states import ClaimState
from kernel import clock
from ledger import operations as ledger
from ledger.rules import AccountKey, AccountKind, EntryLine
from payments.models import PaymentOrder
from reconciliation.models import Comparison
from tests.factories import billing as charged
from tests.factories import reconciliation as made
from tests.factories.accounts import StaffFactory
from tests.factories.encounters import AT
from tests.factories.registry import InstitutionFactory
from tests.integration.finance.conftest import DAY, paid_order

pytestmark = pytest.mark.django_db
ISO = DAY.isoformat()


def _as(client: Client, user: User) -> Client:
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


def _checkout(state: CheckoutState, *, hours: int = 0) -> Checkout:
    open_bill = made.claim(ClaimState.PRESETTLED).bill
    return made.checkout(open_bill, state, clock.now() - timedelta(hours=hours))


def _day_url(name: str, order: PaymentOrder) -> str:
    return reverse(f"finance:{name}", args=[order.bill.encounter.institution_id, ISO])


def test_the_overview_says_what_waits_and_where_the_money_stands(office: Client, paid: PaymentOrder) -> None:
    _checkout(CheckoutState.PAYING, hours=2)
    text = office.get(reverse("finance:overview")).content.decode()
    assert "1 for an hour and longer" in text
    assert "With the payment channels" in text
    assert "¥10.00" in text


def test_checkouts_are_narrowed_by_step_and_age(office: Client) -> None:
    old, new = _checkout(CheckoutState.SETTLING, hours=2), _checkout(CheckoutState.READY)
    ended = _checkout(CheckoutState.CLOSED, hours=3)

    def shown(**asked: str) -> list[bool]:
        text = office.get(reverse("finance:checkouts"), asked).content.decode()
        return [one.bill.number in text for one in (old, new, ended)]

    assert shown() == [True, True, False]
    assert shown(age="1h") == [True, False, False]
    assert shown(step="ready") == [False, True, False]
    assert shown(step="closed") == [False, False, True]
    assert office.get(reverse("finance:checkouts"), {"step": "lost"}).status_code == 404


def test_the_list_of_checkouts_costs_the_same_for_one_and_for_many(office: Client) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as made_statements:
            office.get(reverse("finance:checkouts"))
        return len(made_statements)

    _checkout(CheckoutState.READY)
    cost()  # The first page of a session is written down once.
    one = cost()
    for _more in range(4):
        _checkout(CheckoutState.READY)
    assert cost() == one


def test_a_push_that_the_rules_refuse_is_said_with_its_number(office: Client) -> None:
    number = _checkout(CheckoutState.READY).bill.number
    reply = office.post(reverse("finance:push", args=[number]), follow=True)
    assert "CO-01" in reply.content.decode()


def test_a_checkout_is_stopped_from_its_bill(office: Client) -> None:
    one = _checkout(CheckoutState.READY)
    reply = office.post(reverse("finance:stop", args=[one.bill.number]), {"reason": "患者要求取消"})
    assert reply.status_code == 302
    one.refresh_from_db()
    assert one.state == CheckoutState.CLOSED


def test_a_reason_that_is_too_short_is_refused_beside_its_field_and_kept(office: Client) -> None:
    number = _checkout(CheckoutState.READY).bill.number
    reply = office.post(reverse("finance:stop", args=[number]), {"reason": "无号"})
    text = reply.content.decode()
    assert reply.status_code == 422
    assert "A reason of 4 to 80 characters is needed." in text
    assert "无号</textarea>" in text


@pytest.mark.parametrize("role", [Role.INSURANCE_OFFICE, Role.REGULATOR, Role.ADMINISTRATOR])
def test_readers_look_and_do_not_act(client: Client, role: Role) -> None:
    reader = _as(client, StaffFactory(role=role))
    one = _checkout(CheckoutState.PAYING)
    page = reader.get(reverse("finance:bill", args=[one.bill.number]))
    assert page.status_code == 200
    assert reverse("finance:push", args=[one.bill.number]) not in page.content.decode()
    assert reader.post(reverse("finance:push", args=[one.bill.number])).status_code == 403


def test_a_day_is_counted_explained_and_closed_on_its_page(office: Client, balanced: Comparison) -> None:
    order = paid_order(charged.bill("10.00"))
    said = {"institution": order.bill.encounter.institution_id, "day": ISO}
    assert office.post(reverse("finance:open_day"), said)["Location"] == _day_url("day", order)

    refused = office.post(_day_url("day_act", order), {"act": "close"}, follow=True).content.decode()
    assert "FN-12" in refused
    assert "Records and books differ: WeChat Pay" in refused

    explained = {"obstacle": "channel:wechat", "reason": "入账任务失败，已补"}
    office.post(_day_url("explain", order), explained)
    office.post(_day_url("day_act", order), {"act": "close"})
    assert CashierDay.objects.get().state == "closed"


def test_an_explanation_that_is_refused_is_kept_at_its_place(office: Client, balanced: Comparison) -> None:
    order = paid_order(charged.bill("10.00"))
    office.post(_day_url("day", order).replace(f"/{ISO}/", f"/{ISO}/"))
    said = {"institution": order.bill.encounter.institution_id, "day": ISO}
    office.post(reverse("finance:open_day"), said)
    reply = office.post(_day_url("explain", order), {"obstacle": "channel:wechat", "reason": "无"})
    assert reply.status_code == 422
    assert 'id="channel-wechat-reason"' in reply.content.decode()
    assert "A reason is needed" in reply.content.decode()


def test_today_is_not_counted_and_the_form_says_why(office: Client, paid: PaymentOrder) -> None:
    said = {"institution": paid.bill.encounter.institution_id, "day": clock.day_of(clock.now()).isoformat()}
    reply = office.post(reverse("finance:open_day"), said)
    assert reply.status_code == 422
    assert "This day has not ended." in reply.content.decode()


@pytest.mark.parametrize("day", ["2026-13-40", "soon", "2020-01-01"])
def test_a_day_that_is_none_is_not_found(office: Client, paid: PaymentOrder, day: str) -> None:
    address = reverse("finance:day", args=[paid.bill.encounter.institution_id, day])
    assert office.get(address).status_code == 404


def test_the_statement_of_a_month_adds_up_and_its_workbook_says_the_same(
    office: Client, paid: PaymentOrder
) -> None:
    institution = paid.bill.encounter.institution
    statement = statement_of(institution, DAY)
    total = statement.total
    payers = total.fund + total.account + total.family + total.institution + total.cash
    assert (total.bills, total.charged, total.net, total.cash) == (
        1,
        Decimal("10.00"),
        Decimal("10.00"),
        payers,
    )

    text = office.get(
        reverse("finance:statements"), {"institution": str(institution.pk), "month": ISO[:7]}
    ).content.decode()
    assert "¥10.00" in text
    book = load_workbook(
        io.BytesIO(office.get(reverse("finance:statement_workbook", args=[institution.pk, ISO[:7]])).content)
    )
    assert book.sheetnames == ["Day by day", "Shares and fees", "Bills"]
    assert [row[0].value for row in book["Bills"].iter_rows(min_row=2)] == [paid.bill.number]
    assert book["Day by day"].max_row == 3
    assert Decimal(str(book["Day by day"].cell(3, 5).value)) == Decimal("10.00")


def test_what_went_back_as_a_whole_leaves_nothing_in_the_month(paid: PaymentOrder) -> None:
    bill = paid.bill
    bill.refunded_at = AT
    bill.state = "refunded"
    bill.save(update_fields=["refunded_at", "state"])
    total = statement_of(bill.encounter.institution, DAY).total
    assert (total.charged, total.given_back, total.net, total.cash) == (
        Decimal("10.00"), Decimal("-10.00"), Decimal("0.00"), Decimal("0.00"),
    )  # fmt: skip


def test_the_statement_on_paper_says_that_days_are_not_closed(office: Client, paid: PaymentOrder) -> None:
    institution = paid.bill.encounter.institution
    CashierDay.objects.create(institution=institution, day=DAY, opened_at=AT)
    address = reverse("finance:statement_on_paper", args=[institution.pk, ISO[:7]])
    text = office.get(address).content.decode()
    assert "not closed" in text or "has not ended" in text
    assert (
        office.get(reverse("finance:statement_on_paper", args=[institution.pk, "2026-99"])).status_code == 404
    )


def test_a_payout_goes_through_two_persons_on_its_pages(
    office: Client, colleague: User, client: Client
) -> None:
    inviting, invited = InstitutionFactory(), InstitutionFactory(code="H33010600002", name="演示市第二医院")
    ledger.post(
        key="share", kind="remote_shared", institution_id=inviting.pk, on=DAY, at=AT,
        lines=[
            EntryLine(AccountKey(AccountKind.REVENUE, category="11"), Decimal("30.00")),
            EntryLine(AccountKey(AccountKind.INSTITUTION_PAYABLE, party=invited.code), Decimal("-30.00")),
        ],
    )  # fmt: skip
    assert "¥30.00" in office.get(reverse("finance:payouts")).content.decode()
    office.post(reverse("finance:draft_payout"), {"payer": inviting.pk, "payee": invited.pk, "through": ISO})
    row = Payout.objects.get()
    act = reverse("finance:payout_act", args=[row.number])
    assert "FN-23" in office.post(act, {"act": "approve"}, follow=True).content.decode()

    _as(client, colleague)
    client.post(act, {"act": "approve"})
    empty = client.post(act, {"act": "pay", "reference": "", "paid_on": ""})
    assert empty.status_code == 422
    client.post(
        act, {"act": "pay", "reference": "2026-000123", "paid_on": clock.day_of(clock.now()).isoformat()}
    )
    row.refresh_from_db()
    assert row.state == "paid"
