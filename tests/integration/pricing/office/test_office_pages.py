"""The price office in a browser without script."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from pricing.models import PriceRevision, ProposedPrice
from pricing.states import RevisionState
from tests.factories import revisions as made
from tests.factories.pricing import PriceFactory, PriceItemFactory, TariffDocumentFactory
from tests.factories.revisions import KINDS
from tests.integration.pricing.office.at_the_desk import LIST, at, typed

pytestmark = pytest.mark.django_db


def test_the_list_shows_revisions_by_state_with_counts(desk: Client, clerk: User) -> None:
    draft = made.draft(by=clerk, title="Clinic 2027")
    law = made.published(made.row(), title="Nursing 2027")
    text = desk.get(LIST).content.decode()
    assert draft.number in text
    assert law.number in text
    only = desk.get(LIST, {"state": "published"}).content.decode()
    assert law.number in only
    assert draft.number not in only


def test_a_revision_is_found_by_the_pinyin_of_an_item_by_number_and_by_title(
    desk: Client, clerk: User
) -> None:
    one = made.draft(by=clerk, title="Clinic 2027")
    made.put(one, made.row(PriceItemFactory(name="普通门诊诊查费")), by=clerk)
    other = made.draft(by=clerk, title="Nursing 2027")
    made.put(other, made.row(PriceItemFactory(name="压疮护理")), by=clerk)
    for words in ("ptmz", "CLINIC", one.number):
        text = desk.get(LIST, {"q": words}).content.decode()
        assert at("revision", one.number) in text, words
        assert at("revision", other.number) not in text, words


def test_the_number_of_statements_does_not_grow_with_the_list_or_the_rows(desk: Client, clerk: User) -> None:
    def statements(address: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert desk.get(address).status_code == 200
        return len(seen)

    one = made.draft(by=clerk)
    made.put(one, made.row(PriceFactory().item), by=clerk)
    pages = (LIST, at("revision", one.number), at("compare", one.number), at("trail", one.number))
    for address in pages:
        desk.get(address)
    few = [statements(address) for address in pages]
    made.put(
        one,
        *(made.row(PriceFactory().item, **KINDS[kind]) for kind in ("fixed", "hourly") * 4),
        by=clerk,
    )
    for _each in range(4):
        made.draft(by=clerk)
    assert [statements(address) for address in pages] == few


def test_a_draft_is_begun_and_described(desk: Client) -> None:
    document = TariffDocumentFactory()
    reply = desk.post(at("new"), {"title": "Clinic 2027", "document": document.pk, "note": "yearly"})
    one = PriceRevision.objects.get()
    assert reply.url == at("revision", one.number)  # type: ignore[attr-defined]
    assert (one.title, one.state, one.reaches_back) == ("Clinic 2027", RevisionState.DRAFT, False)
    desk.post(at("describe", one.number), {"title": "Clinic", "document": document.pk, "reaches_back": "on"})
    one.refresh_from_db()
    assert (one.title, one.reaches_back) == ("Clinic", True)


def test_an_item_is_found_by_initials_and_leads_to_its_row(desk: Client, clerk: User) -> None:
    one, item = made.draft(by=clerk), PriceItemFactory(name="普通门诊诊查费")
    alike = PriceItemFactory(name="普通门诊线上", priced_as=item)
    text = desk.get(at("items", one.number), {"q": "ptmz"}).content.decode()
    assert at("new_row", one.number, item.code) in text
    assert at("new_row", one.number, alike.code) not in text


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("fixed", {"amount": "12.5"}),
        ("range", {"minimum_amount": "100", "maximum_amount": "300"}),
        ("ceiling", {"maximum_amount": "30"}),
        ("percentage", {"rate": "0.3", "base_item": "BASE"}),
        ("self_set", {}),
        (
            "tiered",
            {
                "band_axis": "distance", "band-TOTAL_FORMS": "3", "band-INITIAL_FORMS": "0",
                "band-0-above": "0", "band-0-up_to": "3", "band-0-amount": "130", "band-1-above": "3", "band-1-amount": "200",
            },
        ),
        ("base_and_further", {"amount": "40", "included_quantity": "1", "further_amount": "12.5"}),
        ("hourly", {"amount": "5"}),
    ],
)  # fmt: skip
def test_a_row_of_every_kind_is_typed_into_the_fields_of_its_kind(
    desk: Client, clerk: User, kind: str, fields: dict[str, str]
) -> None:
    PriceItemFactory(code="BASE")
    one, item = made.draft(by=clerk), PriceItemFactory()
    address = at("new_row", one.number, item.code)
    shown = desk.post(address, {"kind": kind, "change_kind": "1"}).content.decode()
    for name in fields:
        if not name.startswith("band-TOTAL") and not name.startswith("band-INITIAL"):
            assert f'name="{name}"' in shown, name
    reply = desk.post(address, typed(kind=kind, amount="") | fields)
    assert reply.status_code == 302, reply.content.decode()
    row = one.rows.get()
    wanted = {**KINDS[kind]} | (
        {"base_item": PriceItemFactory._meta.model.objects.get(code="BASE")} if kind == "percentage" else {}
    )
    assert {name: getattr(row, name) for name in wanted} == wanted


def test_another_kind_shows_its_fields_and_keeps_what_was_typed(desk: Client, clerk: User) -> None:
    one, item = made.draft(by=clerk), PriceItemFactory()
    reply = desk.post(
        at("new_row", one.number, item.code), typed(kind="range", condition="乳牙", change_kind="1")
    )
    text = reply.content.decode()
    assert 'name="minimum_amount"' in text
    assert 'id="id_amount"' not in text
    assert "乳牙" in text
    assert "field--error" not in text
    assert one.rows.count() == 0


def test_a_row_changed_to_another_kind_forgets_the_columns_of_the_first(desk: Client, clerk: User) -> None:
    one = made.draft(by=clerk)
    (row,) = made.put(one, made.row(**{"amount": None, **KINDS["range"]}), by=clerk)
    desk.post(at("row", one.number, row.pk), typed())
    row = ProposedPrice.objects.get()
    assert (row.kind, row.amount, row.minimum_amount) == ("fixed", Decimal("12.5"), None)


def test_bands_grow_by_three_lines_and_keep_what_was_typed(desk: Client, clerk: User) -> None:
    one, item = made.draft(by=clerk), PriceItemFactory()
    sent = typed(kind="tiered") | {
        "band-TOTAL_FORMS": "3",
        "band-INITIAL_FORMS": "0",
        "band-0-amount": "130",
        "more_bands": "1",
    }
    text = desk.post(at("new_row", one.number, item.code), sent).content.decode()
    assert 'value="130"' in text
    assert 'name="band-5-amount"' in text
    assert 'name="band-6-amount"' not in text


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(desk: Client, clerk: User) -> None:
    one, item = made.draft(by=clerk), PriceItemFactory()
    sent = typed(amount="", region_code="33", condition="乳牙", begins_on="2027-02-01", last_on="2027-01-31")
    reply = desk.post(at("new_row", one.number, item.code), sent)
    text = reply.content.decode()
    assert reply.status_code == 422
    for field in ("amount", "region_code", "last_on"):
        assert f'href="#id_{field}"' in text, field
    assert "乳牙" in text
    assert one.rows.count() == 0


def test_a_ceiling_says_an_amount_or_a_rate(desk: Client, clerk: User) -> None:
    one, item = made.draft(by=clerk), PriceItemFactory()
    address = at("new_row", one.number, item.code)
    reply = desk.post(address, typed(kind="ceiling", amount=""))
    assert 'href="#id_maximum_amount"' in reply.content.decode()
    assert desk.post(address, typed(kind="ceiling", amount="", maximum_rate="0.3")).status_code == 302


def test_a_row_is_taken_out(desk: Client, clerk: User) -> None:
    one = made.draft(by=clerk)
    (row,) = made.put(one, made.row(), by=clerk)
    desk.post(at("drop", one.number, row.pk))
    assert one.rows.count() == 0


def test_prices_in_force_and_another_version_are_copied(desk: Client, clerk: User) -> None:
    PriceFactory(item=PriceItemFactory(name="普通门诊诊查费"))
    PriceFactory(item=PriceItemFactory(name="换药"))
    one = made.draft(by=clerk)
    desk.post(at("copy", one.number), {"source": "current", "q": "ptmz", "begins_on": "2027-01-01"})
    assert one.rows.count() == 1
    other = made.draft(by=clerk)
    desk.post(at("copy", other.number), {"source": "version", "earlier": one.number})
    assert other.rows.count() == 1
