"""The pages on which a second person reads, compares, returns, approves and publishes."""

from decimal import Decimal

import pytest
from django.test import Client

from accounts.models import Role, User
from pricing.models import Price, ProposedPrice
from pricing.operations import revising
from pricing.states import RevisionState
from tests.factories import revisions as made
from tests.factories.accounts import StaffFactory
from tests.factories.pricing import PriceFactory, PriceItemFactory
from tests.factories.revisions import AT, KINDS
from tests.integration.pricing.office.at_the_desk import LIST, at, browser, typed

pytestmark = pytest.mark.django_db


def test_everything_that_stands_in_the_way_is_listed_with_its_row(desk: Client, clerk: User) -> None:
    one, item = made.draft(by=clerk), PriceItemFactory(name_en="Dressing")
    _first, second = made.put(one, made.row(item), made.row(item, begin=made.TODAY), by=clerk)
    for reply in (
        desk.get(at("revision", one.number)),
        desk.post(at("decide", one.number), {"decision": "submit"}),
    ):
        text = reply.content.decode()
        assert "PR-72" in text
        assert "PR-12" in text
        assert at("row", one.number, second.pk) in text
        assert "Dressing" in text
    one.refresh_from_db()
    assert one.state == RevisionState.DRAFT


def test_a_second_person_approves_and_publishes_after_a_confirmation(desk: Client, clerk: User) -> None:
    old = PriceFactory()
    one = made.draft(by=clerk)
    made.put(one, made.row(old.item), by=clerk)
    desk.post(at("decide", one.number), {"decision": "submit"})
    # Who drafted does not see the button, and is refused when she presses it all the same.
    page = desk.get(at("revision", one.number)).content.decode()
    assert 'value="approve"' not in page
    assert desk.post(at("decide", one.number), {"decision": "approve"}).status_code == 409
    second = browser(made.reviewer())
    page = second.get(at("revision", one.number)).content.decode()
    assert 'value="approve"' in page
    second.post(at("decide", one.number), {"decision": "approve", "note": "fine"})
    confirmation = second.get(at("publish", one.number)).content.decode()
    assert "2027-01-01" in confirmation
    assert Price.objects.count() == 1
    second.post(at("publish", one.number))
    one.refresh_from_db()
    assert (one.state, one.review_note) == (RevisionState.PUBLISHED, "fine")
    assert Price.objects.known().count() == 2
    # Pressed a second time it says where it stands, and does nothing.
    assert second.post(at("publish", one.number)).status_code == 302
    assert Price.objects.count() == 3


def test_a_return_needs_a_note(desk: Client, clerk: User) -> None:
    one = made.draft(by=clerk)
    made.put(one, made.row(), by=clerk)
    desk.post(at("decide", one.number), {"decision": "submit"})
    second = browser(made.reviewer())
    assert second.post(at("decide", one.number), {"decision": "return"}).status_code == 422
    second.post(at("decide", one.number), {"decision": "return", "note": "wrong day"})
    one.refresh_from_db()
    assert (one.state, one.review_note) == (RevisionState.DRAFT, "wrong day")


def test_a_page_that_is_out_of_date_approves_nothing(desk: Client, clerk: User) -> None:
    one = made.draft(by=clerk)
    made.put(one, made.row(), by=clerk)
    desk.post(at("decide", one.number), {"decision": "submit"})
    second = browser(made.reviewer())
    reply = second.post(at("decide", one.number), {"decision": "approve", "seen": "0" * 64})
    assert reply.status_code == 409
    assert "PR-77" in reply.content.decode()


def test_the_difference_shows_old_new_and_the_change_in_yuan_and_percent(desk: Client, clerk: User) -> None:
    old = PriceFactory()
    one = made.draft(by=clerk)
    made.put(one, made.row(old.item), made.row(amount=Decimal(3)), by=clerk)
    text = desk.get(at("compare", one.number)).content.decode()
    for words in ("¥10.00", "¥12.50", "+ ¥2.50, + 25 %", "new"):
        assert words in text, words


def test_two_versions_are_laid_side_by_side(desk: Client, clerk: User) -> None:
    item, gone = PriceItemFactory(), PriceItemFactory()
    one, other = made.draft(by=clerk), made.draft(by=clerk)
    made.put(one, made.row(item, amount=Decimal(8)), made.row(gone), by=clerk)
    made.put(other, made.row(item, amount=Decimal(6)), by=clerk)
    text = desk.get(at("compare", other.number), {"with": one.number}).content.decode()
    for words in ("¥8.00", "¥6.00", "- ¥2.00, - 25 %", "no longer there", gone.code):
        assert words in text, words


def test_the_trail_tells_who_changed_what_before_and_after(desk: Client, clerk: User) -> None:
    one = made.draft(by=clerk)
    (row,) = made.put(one, made.row(), by=clerk)
    desk.post(at("row", one.number, row.pk), typed(amount="13"))
    text = desk.get(at("trail", one.number)).content.decode()
    assert ">12.5<" in text
    assert "<b>13</b>" in text
    assert clerk.display_name in text


def test_the_finance_office_reads_and_changes_nothing(clerk: User) -> None:
    one = made.draft(by=clerk)
    (row,) = made.put(one, made.row(), by=clerk)
    finance = browser(StaffFactory(role=Role.FINANCE))
    for address in (LIST, at("revision", one.number), at("compare", one.number), at("trail", one.number), at("export", one.number, "csv"), at("in_force", "csv"), at("template", "xlsx")):  # fmt: skip
        assert finance.get(address).status_code == 200, address
    page = finance.get(at("revision", one.number)).content.decode()
    assert "<button" not in page.split("<main")[1].split("</main")[0]
    for address in (at("new"), at("describe", one.number), at("items", one.number), at("row", one.number, row.pk), at("copy", one.number), at("import", one.number), at("publish", one.number)):  # fmt: skip
        assert finance.get(address).status_code == 403, address
    for address in (at("decide", one.number), at("drop", one.number, row.pk), at("publish", one.number)):
        assert finance.post(address).status_code == 403, address
    assert ProposedPrice.objects.count() == 1


def test_the_shell_counts_what_waits_for_review(desk: Client, clerk: User) -> None:
    one = made.draft(by=clerk)
    made.put(one, made.row(), by=clerk)
    assert "count--needs" not in desk.get(LIST).content.decode()
    revising.submit(revision_id=one.pk, by=clerk, at=AT)
    assert '<span class="count count--needs">1</span>' in desk.get(at("new")).content.decode()


def test_an_open_row_of_a_published_revision_cannot_be_changed(desk: Client) -> None:
    law = made.published(made.row())
    row = law.rows.get()
    assert desk.get(at("row", law.number, row.pk)).status_code == 404
    assert desk.post(at("row", law.number, row.pk), typed()).status_code == 404
    assert desk.post(at("decide", law.number), {"decision": "abandon"}).status_code == 302
    law.refresh_from_db()
    assert law.state == RevisionState.PUBLISHED


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_opens_in_both_languages(clerk: User, language: str) -> None:
    desk = browser(clerk, language)
    one, item = made.draft(by=clerk), PriceItemFactory()
    made.put(one, *(made.row(**{"amount": None, **KINDS[kind]}) for kind in KINDS), by=clerk)
    row = one.rows.filter(kind="tiered").get()
    for address in (
        LIST, at("new"), at("revision", one.number), at("describe", one.number), at("items", one.number),
        at("new_row", one.number, item.code), at("row", one.number, row.pk), at("copy", one.number),
        at("compare", one.number), at("trail", one.number), at("import", one.number),
    ):  # fmt: skip
        assert desk.get(address).status_code == 200, address
