"""The price office in a browser without script."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Role, User
from pricing.models import Price, PriceImport, PriceRevision, ProposedPrice
from pricing.operations import revising
from pricing.states import RevisionState
from tests.factories import revisions as made
from tests.factories.accounts import StaffFactory
from tests.factories.pricing import PriceFactory, PriceItemFactory, TariffDocumentFactory
from tests.factories.revisions import AT, KINDS

pytestmark = pytest.mark.django_db

LIST = "/office/prices/"


@pytest.fixture(autouse=True)
def _at_that_moment() -> Any:
    with time_machine.travel(AT, tick=False):
        yield


def browser(user: User, language: str = "en") -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["django_language"] = language
    return client


@pytest.fixture
def clerk() -> User:
    return made.drafter()


@pytest.fixture
def desk(clerk: User) -> Client:
    return browser(clerk)


def at(name: str, *arguments: object) -> str:
    return reverse(f"pricing:office_{name}" if name else "pricing:office", args=arguments)


def typed(**changed: object) -> dict[str, object]:
    """A complete row of a fixed amount."""
    return {
        "kind": "fixed", "amount": "12.50", "region_code": "330000", "institution_level": "3", "takes_surcharges": "on",
        "begins_on": "2027-01-01", "last_on": "", **changed,
    }  # fmt: skip


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


def upload(desk: Client, one: PriceRevision, content: bytes, name: str = "prices.csv") -> str:
    reply = desk.post(at("import", one.number), {"file": SimpleUploadedFile(name, content)})
    assert reply.status_code == 302, reply.content.decode()
    return str(reply.url)  # type: ignore[attr-defined]


def test_a_file_is_read_first_shows_its_differences_and_is_then_taken(desk: Client, clerk: User) -> None:
    old, one = PriceFactory(), made.draft(by=clerk)
    content = f"项目代码,机构级别,金额,生效日期\n{old.item.code},三级,12.5,2027-01-01\n".encode("utf-8-sig")
    address = upload(desk, one, content)
    text = desk.get(address).content.decode()
    assert "+ ¥2.50, + 25 %" in text
    assert one.rows.count() == 0
    found = PriceImport.objects.get()
    desk.post(at("take", one.number, found.pk))
    row = one.rows.get()
    assert (row.item, row.amount, row.effective.lower) == (old.item, Decimal("12.5"), date(2027, 1, 1))


def test_a_file_with_a_fault_tells_its_cell_and_changes_nothing(desk: Client, clerk: User) -> None:
    one, item = made.draft(by=clerk), PriceItemFactory()
    content = (
        f"项目代码,金额,生效日期\n{item.code},12.5,2027-01-01\n{item.code}X,十三元,2027-01-01\n".encode()
    )
    address = upload(desk, one, content)
    text = desk.get(address).content.decode()
    assert "<b>B3</b>" in text
    assert "十三元" in text
    assert "<b>A3</b>" in text
    found = PriceImport.objects.get()
    desk.post(at("take", one.number, found.pk))
    assert one.rows.count() == 0
    listed = desk.get(at("faults", one.number, found.pk)).content.decode("utf-8-sig")
    assert "B3,金额,十三元" in listed


def test_a_large_file_is_read_by_a_job_and_the_page_asks_how_far_it_is(
    desk: Client, clerk: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pricing.operations.revising import importing
    from pricing.tasks import put_price_import, read_price_import

    monkeypatch.setattr(importing, "AT_ONCE_BYTES", 10)
    monkeypatch.setattr(importing, "AT_ONCE_ROWS", 0)
    one, item = made.draft(by=clerk), PriceItemFactory()
    address = upload(desk, one, f"项目代码,金额,生效日期\n{item.code},12.5,2027-01-01\n".encode())
    found = PriceImport.objects.get()
    assert 'hx-trigger="every 1s"' in desk.get(address).content.decode()
    assert desk.get(f"{address}now/").status_code == 200
    read_price_import(found.pk)
    assert "hx-trigger" not in desk.get(f"{address}now/").content.decode()
    desk.post(at("take", one.number, found.pk))
    assert one.rows.count() == 0
    put_price_import(found.pk, replace_all=False, by_id=clerk.pk)
    assert one.rows.count() == 1
    assert desk.get(f"{address}now/").headers["HX-Redirect"] == at("revision", one.number)


def test_a_file_that_is_too_large_is_refused_beside_the_field(
    desk: Client, clerk: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pricing.pages.office.views import exchanging

    monkeypatch.setattr(exchanging, "MOST_BYTES", 10)
    one = made.draft(by=clerk)
    reply = desk.post(at("import", one.number), {"file": SimpleUploadedFile("a.csv", b"0" * 11)})
    assert reply.status_code == 422
    assert PriceImport.objects.count() == 0


def test_an_export_is_a_file_with_a_name(desk: Client, clerk: User) -> None:
    one = made.draft(by=clerk)
    made.put(one, made.row(), by=clerk)
    for form, begin in (("csv", "\ufeff项目代码".encode()), ("xlsx", b"PK")):
        reply = desk.get(at("export", one.number, form))
        assert reply.content.startswith(begin)
        assert f"{one.number}.{form}" in reply.headers["Content-Disposition"]
    assert desk.get(at("export", one.number, "pdf")).status_code == 404


def test_tomorrow_is_proposed_for_a_new_row(desk: Client, clerk: User) -> None:
    one, item = made.draft(by=clerk), PriceItemFactory()
    text = desk.get(at("new_row", one.number, item.code)).content.decode()
    assert f'value="{(made.TODAY + timedelta(days=1)).isoformat()}"' in text
