"""Prices from a file, and to a file, in the price office."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from pricing.models import PriceImport, PriceRevision
from tests.factories import revisions as made
from tests.factories.pricing import PriceFactory, PriceItemFactory
from tests.integration.pricing.office.at_the_desk import at

pytestmark = pytest.mark.django_db


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
