"""The administration: a price change starts on a day, refusals stand beside the field, what is used is fixed."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.utils import timezone

from accounts.models import User
from audit.models import AuditEntry
from pricing.models import Price, PriceItem, TariffDocument
from pricing.operations.restating import retract
from tests.factories.pricing import PriceFactory, PriceItemFactory, TariffDocumentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client: Client) -> Client:
    user = User.objects.create_superuser("office")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def price() -> Price:
    row: Price = PriceFactory()
    return row


def in_days(count: int) -> date:
    return timezone.localdate() + timedelta(days=count)


def test_every_list_and_form_opens(office: Client, price: Price) -> None:
    for model, pk in (
        ("price", price.pk),
        ("priceitem", price.item_id),
        ("tariffdocument", price.document_id),
    ):
        for path in ("", "add/", f"{pk}/change/"):
            assert office.get(f"/admin/pricing/{model}/{path}").status_code == 200


@pytest.mark.parametrize("when", ["now", "to_come", "ended"])
def test_prices_can_be_narrowed_by_time(office: Client, price: Price, when: str) -> None:
    response = office.get(f"/admin/pricing/price/?when={when}")
    assert (price.item.code in response.content.decode()) is (when == "now")


def test_an_item_is_found_by_pinyin(office: Client) -> None:
    PriceItemFactory(code="VISIT", name="普通门诊诊查费")
    assert "VISIT" in office.get("/admin/pricing/priceitem/?q=PTMZ").content.decode()


def test_a_new_price_from_a_day_ends_the_present_one(office: Client, price: Price) -> None:
    typed = {"amount": "12.50", "from_on": in_days(30).isoformat(), "document": price.document_id}
    response = office.post(f"/admin/pricing/price/{price.pk}/new-price/", typed)
    assert response.status_code == 302
    ended, new = Price.objects.known().order_by("effective")
    assert (ended.amount, ended.effective.upper) == (Decimal(10), in_days(30))
    assert (new.amount, new.effective.lower) == (Decimal("12.5"), in_days(30))
    assert AuditEntry.objects.filter(by__username="office").count() == 2


def test_a_day_that_has_begun_is_refused_beside_the_field_and_the_amount_is_kept(
    office: Client, price: Price
) -> None:
    typed = {"amount": "12.50", "from_on": in_days(0).isoformat(), "document": price.document_id}
    page = office.post(f"/admin/pricing/price/{price.pk}/new-price/", typed).content.decode()
    assert "A new price begins tomorrow at the earliest" in page
    assert 'value="12.50"' in page
    assert Price.objects.count() == 1


def test_only_documents_as_real_as_the_price_are_offered(office: Client, price: Price) -> None:
    real = TariffDocumentFactory(evidence="A")
    page = office.get(f"/admin/pricing/price/{price.pk}/new-price/").content.decode()
    assert price.document.number in page
    assert real.number not in page


def test_a_price_itself_cannot_be_edited(office: Client, price: Price) -> None:
    response = office.post(f"/admin/pricing/price/{price.pk}/change/", {"amount": "1"})
    assert response.status_code == 403
    price.refresh_from_db()
    assert price.amount == Decimal(10)


def test_a_price_to_come_is_taken_back_after_asking(office: Client, price: Price) -> None:
    coming = PriceFactory(effective=DateRange(in_days(10), None))
    path = f"/admin/pricing/price/{coming.pk}/take-back/"
    assert office.get(path).status_code == 200
    assert Price.objects.known().filter(pk=coming.pk).exists()
    office.post(path)
    assert not Price.objects.known().filter(pk=coming.pk).exists()


def test_what_was_known_before_is_shown_only_when_asked_for(office: Client, price: Price) -> None:
    retract(price, at=timezone.now())
    assert price.item.code not in office.get("/admin/pricing/price/").content.decode()
    assert price.item.code in office.get("/admin/pricing/price/?known=before").content.decode()
    page = office.get(f"/admin/pricing/price/{price.pk}/change/")
    assert page.status_code == 200
    assert "Known until" in page.content.decode()


def test_nothing_can_be_done_to_what_was_known_before(office: Client, price: Price) -> None:
    retract(price, at=timezone.now())
    for act in ("new-price", "take-back"):
        assert office.get(f"/admin/pricing/price/{price.pk}/{act}/").status_code == 404


def test_an_item_shows_the_prices_that_are_known(office: Client, price: Price) -> None:
    path = f"/admin/pricing/priceitem/{price.item_id}/change/"
    assert price.document.number in office.get(path).content.decode()
    retract(price, at=timezone.now())
    assert price.document.number not in office.get(path).content.decode()


def test_a_price_that_holds_is_not_taken_back(office: Client, price: Price) -> None:
    page = office.post(f"/admin/pricing/price/{price.pk}/take-back/", follow=True).content.decode()
    assert "This price already holds" in page
    assert Price.objects.filter(pk=price.pk).exists()


def first_price(item: PriceItem, document: TariffDocument, **changed: str) -> dict[str, object]:
    return {
        "item": item.pk,
        "document": document.pk,
        "region_code": "330100",
        "institution_level": "",
        "institution": "",
        "title": "",
        "amount": "5",
        "insurance_class": "01",
        "self_pay_rate": "0",
        "begins_on": in_days(1).isoformat(),
        "last_on": "",
        **changed,
    }


def test_an_item_gets_its_first_price(office: Client) -> None:
    item, document = PriceItemFactory(), TariffDocumentFactory()
    response = office.post(
        "/admin/pricing/price/add/", first_price(item, document, last_on=in_days(31).isoformat())
    )
    assert response.status_code == 302
    row = Price.objects.get()
    assert (row.amount, row.effective.lower, row.effective.upper) == (Decimal(5), in_days(1), in_days(32))
    assert AuditEntry.objects.filter(action="pricing.price.begun", subject_id=str(row.pk)).count() == 1


def test_a_second_price_for_the_same_days_is_refused_beside_the_day(office: Client, price: Price) -> None:
    typed = first_price(price.item, price.document, region_code="330000", institution_level="3")
    page = office.post("/admin/pricing/price/add/", typed).content.decode()
    assert "already sets a price" in page
    assert Price.objects.count() == 1


def test_an_item_charged_like_another_gets_no_price(office: Client, price: Price) -> None:
    alike = PriceItemFactory(priced_as=price.item)
    page = office.post("/admin/pricing/price/add/", first_price(alike, price.document)).content.decode()
    assert "has no price of its own" in page


def test_a_last_day_before_the_first_is_refused(office: Client) -> None:
    typed = first_price(PriceItemFactory(), TariffDocumentFactory(), last_on=in_days(0).isoformat())
    page = office.post("/admin/pricing/price/add/", typed).content.decode()
    assert "The last day cannot come before the first" in page


def test_an_item_with_prices_cannot_be_charged_like_another(office: Client, price: Price) -> None:
    other = PriceItemFactory()
    typed = {
        "name": price.item.name,
        "name_en": price.item.name_en,
        "category": price.item.category,
        "priced_as": other.pk,
        "charge_type": "02",
        "prices-TOTAL_FORMS": 0,
        "prices-INITIAL_FORMS": 0,
    }
    page = office.post(f"/admin/pricing/priceitem/{price.item_id}/change/", typed).content.decode()
    assert "This item has prices of its own" in page


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"kind": "surcharge"}, "names its main item"),
        ({"service": "online_revisit"}, "not the ordinary outpatient"),
    ],
)
def test_what_an_item_is_to_others_must_fit(office: Client, changed: dict[str, str], says: str) -> None:
    typed = {
        "code": "NEW",
        "name": "新",
        "name_en": "New",
        "category": "consultation",
        "region_code": "330000",
        "kind": "main",
        "unit": "次",
        "unit_en": "visit",
        "quantity_decimals": 0,
        "charge_type": "02",
        "prices-TOTAL_FORMS": 0,
        "prices-INITIAL_FORMS": 0,
        **changed,
    }
    if "service" in changed:
        typed["priced_as"] = PriceItemFactory().pk
    assert says in office.post("/admin/pricing/priceitem/add/", typed).content.decode()
    assert not PriceItem.objects.filter(code="NEW").exists()


def test_an_item_that_is_renamed_is_found_by_its_new_name(office: Client) -> None:
    item = PriceItemFactory(name="旧名")
    typed = {
        "code": item.code,
        "name": "药学门诊",
        "name_en": "Pharmacy clinic",
        "category": item.category,
        "region_code": item.region_code,
        "kind": item.kind,
        "unit": item.unit,
        "unit_en": item.unit_en,
        "quantity_decimals": 0,
        "charge_type": "02",
        "prices-TOTAL_FORMS": 0,
        "prices-INITIAL_FORMS": 0,
    }
    assert office.post(f"/admin/pricing/priceitem/{item.pk}/change/", typed).status_code == 302
    item.refresh_from_db()
    assert "yxmz" in item.search_key
    assert AuditEntry.objects.get(subject_type="pricing.priceitem").action == "pricing.item.corrected"


def test_a_document_is_recorded_with_its_days(office: Client) -> None:
    typed = {
        "number": "甲〔2026〕1号",
        "title": "价目",
        "title_en": "Price list",
        "issuer": "某局",
        "issuer_en": "Bureau",
        "region_code": "330000",
        "begins_on": "2026-01-01",
        "last_on": "2026-12-31",
        "evidence": "A",
        "found_at": "archive",
    }
    assert office.post("/admin/pricing/tariffdocument/add/", typed).status_code == 302
    row = TariffDocument.objects.get()
    assert (row.effective.lower, row.effective.upper) == (date(2026, 1, 1), date(2027, 1, 1))


def test_of_a_document_that_sets_prices_only_the_words_can_be_corrected(office: Client, price: Price) -> None:
    document = price.document
    typed = {
        "number": "changed",
        "evidence": "A",
        "begins_on": "2020-01-01",
        "title": "更正的标题",
        "title_en": "Corrected title",
        "issuer": document.issuer,
        "issuer_en": document.issuer_en,
        "found_at": "archive",
    }
    assert office.post(f"/admin/pricing/tariffdocument/{document.pk}/change/", typed).status_code == 302
    after = TariffDocument.objects.get()
    assert (after.title, after.number, after.evidence) == ("更正的标题", document.number, "D")
    assert after.effective.lower == date(2026, 1, 1)


def test_nobody_without_the_right_changes_a_price(client: Client, price: Price) -> None:
    clerk = User.objects.create_user("clerk", is_staff=True)
    client.force_login(clerk, backend="django.contrib.auth.backends.ModelBackend")
    typed = {"amount": "12", "from_on": in_days(30).isoformat(), "document": price.document_id}
    assert client.post(f"/admin/pricing/price/{price.pk}/new-price/", typed).status_code in {302, 403}
    assert Price.objects.count() == 1
