"""Pages of refunds: the office gives back, agrees and declines; the patient sees each step."""

from decimal import Decimal
from typing import Any

import pytest
from django.template import Context, Template
from django.test import Client
from django.urls import reverse

from accounts.models import Role, User
from checkout.models import Checkout
from kernel import clock
from refunds.models import RefundRequest, Scope
from refunds.operations import steps
from refunds.rules.situations import Situation
from refunds.states import RefundRequestState
from tests.factories.accounts import StaffFactory
from tests.integration.refunds.conftest import Work

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def office(client: Client, clerk: User) -> Client:
    client.force_login(clerk)
    client.cookies["django_language"] = "en"
    return client


def form(page: Any, **typed: str) -> dict[str, str]:
    """What the page offers, and what is typed."""
    return {
        "key": page.context["form"]["key"].value(), "situation": "hospital_fault", "reason": "charged twice",
        "extent": "lines", **typed,
    }  # fmt: skip


def test_the_office_gives_units_of_a_line_back(office: Client, paid: Checkout) -> None:
    address = reverse("refunds:give_back", args=[paid.bill.number])
    page = office.get(address)
    sent = form(page, line_2="3")
    answer = office.post(address, sent, follow=True)
    assert "The money is on its way." in answer.content.decode()
    made = RefundRequest.objects.get()
    assert (made.scope, made.asked_amount) == (Scope.LINES, Decimal("15.00"))
    office.post(address, sent)
    assert RefundRequest.objects.get() == made, "a double click is one request"


def test_what_cannot_go_back_is_said_beside_its_field_and_what_was_typed_is_kept(
    office: Client, paid: Checkout
) -> None:
    address = reverse("refunds:give_back", args=[paid.bill.number])
    answer = office.post(address, form(office.get(address), line_2="9", reason="why not"))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["line_2"]
    assert 'value="9"' in answer.content.decode()
    assert not RefundRequest.objects.exists()


def test_a_quantity_finer_than_units_are_counted_gets_a_sentence_beside_it(
    office: Client, paid: Checkout
) -> None:
    address = reverse("refunds:give_back", args=[paid.bill.number])
    answer = office.post(address, form(office.get(address), line_2="1.00001"))
    assert answer.context["form"].errors == {
        "line_2": ["Line 2 was charged in whole units. Give whole units."]
    }


def test_why_a_second_person_agrees_is_said_with_its_rule(
    office: Client, paid: Checkout, settings: Any
) -> None:
    settings.REFUND_SECOND_PERSON_ABOVE = Decimal("14.99")
    address = reverse("refunds:give_back", args=[paid.bill.number])
    page = office.post(address, form(office.get(address), line_2="3"), follow=True).content.decode()
    assert (
        page.count("Persons have asked for 15.00 of this bill in all; above 14.99 a second person agrees.")
        == 2
    )
    assert "RF-10" in page


@pytest.mark.parametrize("typed", [{"line_2": "-1"}, {"line_2": "x"}, {"reason": ""}, {"situation": "z"}, {}])
def test_bad_input_asks_for_nothing(office: Client, paid: Checkout, typed: dict[str, str]) -> None:
    address = reverse("refunds:give_back", args=[paid.bill.number])
    answer = office.post(address, form(office.get(address), **typed))
    assert answer.status_code == 422
    assert not RefundRequest.objects.exists()


@pytest.fixture
def asked(paid: Checkout) -> RefundRequest:
    """Asked for by a colleague of the clerk, and not decided."""
    other = StaffFactory(role=Role.FINANCE)
    return steps.make_lines(
        paid.bill, Situation.QUALITY_FAULT, {2: Decimal(1)}, reason="药片破损", by=other, at=clock.now()
    )


def test_a_second_person_agrees_on_the_page(office: Client, asked: RefundRequest) -> None:
    page = office.get(reverse("refunds:request", args=[asked.number])).content.decode()
    assert "Agree and give ¥5.00 back" in page
    answer = office.post(reverse("refunds:approve", args=[asked.number]), follow=True)
    assert "Agreed. The money is on its way." in answer.content.decode()
    asked.refresh_from_db()
    assert asked.state == RefundRequestState.SENDING


def test_who_asked_is_told_that_a_colleague_has_to_agree(client: Client, asked: RefundRequest) -> None:
    client.force_login(asked.requested_by)
    client.cookies["django_language"] = "en"
    page = client.get(reverse("refunds:request", args=[asked.number])).content.decode()
    assert "a colleague has to agree" in page
    answer = client.post(reverse("refunds:approve", args=[asked.number]), follow=True).content.decode()
    assert "You asked for this refund yourself." in answer


def test_declining_without_a_reason_is_refused_beside_the_field(office: Client, asked: RefundRequest) -> None:
    answer = office.post(reverse("refunds:decline", args=[asked.number]), {"reason": ""})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["reason"]


@pytest.mark.parametrize("role", [Role.INSURANCE_OFFICE, Role.ADMINISTRATOR, Role.REGULATOR])
def test_who_only_reads_is_offered_nothing_to_do(client: Client, asked: RefundRequest, role: Role) -> None:
    client.force_login(StaffFactory(role=role))
    page = client.get(reverse("refunds:request", args=[asked.number]))
    assert (page.status_code, reverse("refunds:approve", args=[asked.number]) in page.content.decode()) == (
        200,
        False,
    )
    assert client.post(reverse("refunds:approve", args=[asked.number])).status_code == 403


def test_the_list_asks_the_database_as_often_for_many_as_for_one(
    office: Client, asked: RefundRequest, django_assert_max_num_queries: Any
) -> None:
    address = reverse("refunds:requests")
    office.get(address)
    with django_assert_max_num_queries(40) as one:
        office.get(address)
    for number in range(5):
        steps.make(
            asked.bill, Situation.PRICE_CORRECTED, Scope.CASH, Decimal("1.00"), key=f"k{number}", by=None, state="done", finished_at=clock.now(),
            at=clock.now(),
        )  # fmt: skip
    with django_assert_max_num_queries(len(one)):
        page = office.get(address)
    assert len(page.context["lines"]) == 6
    assert page.context["lines"][0][0] == asked, "what waits for a person comes first"


def test_a_filter_that_is_none_is_not_found(office: Client) -> None:
    assert office.get(reverse("refunds:requests") + "?state=gone").status_code == 404
    assert office.get(reverse("refunds:request", args=["F0"])).status_code == 404
    assert office.get(reverse("refunds:give_back", args=["B0"])).status_code == 404


def test_every_policy_stands_on_its_page_with_its_source(office: Client) -> None:
    page = office.get(reverse("refunds:policies")).content.decode()
    assert "everything but the on-site fee" in page
    assert "91160" in page


def test_the_patient_sees_each_step(asked: RefundRequest, django_assert_num_queries: Any) -> None:
    block = Template("{% load refund_steps %}{% refund_steps bill %}")
    with django_assert_num_queries(3):
        shown = block.render(Context({"bill": asked.bill}))
    assert asked.number in shown
    assert "药片破损" in shown
    assert "timeline__item--now" in shown
    assert shown.count('<li class="timeline__item') == 4, "asked, looked at, channel, refunded"


def test_a_bill_of_which_nothing_was_asked_back_shows_no_refund(paid: Checkout) -> None:
    shown = Template("{% load refund_steps %}{% refund_steps bill %}").render(Context({"bill": paid.bill}))
    assert shown.strip() == ""


def test_declined_is_said_with_its_reason(asked: RefundRequest, clerk: User, work: Work) -> None:
    steps.refuse(asked, reason="药片并无破损", by=clerk, at=clock.now())
    shown = Template("{% load refund_steps %}{% refund_steps bill %}").render(Context({"bill": asked.bill}))
    assert "药片并无破损" in shown
    assert "timeline__item--failed" in shown
