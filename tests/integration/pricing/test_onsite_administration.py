"""The administration of on-site fees, policy switches, agreements and holidays: refusals stand beside their fields."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.utils import timezone

from accounts.models import User
from audit.models import AuditEntry
from pricing.models import (
    OnsiteFeeSchedule,
    PolicyOpening,
    Price,
    PublicHoliday,
    ServiceChoice,
    SharingAgreement,
)
from registry.models import Institution
from tests.factories.onsite import base, drafted, onsite_item, published
from tests.factories.pricing import PriceItemFactory, TariffDocumentFactory

pytestmark = pytest.mark.django_db
ROWS = ("part", "title", "distance_above", "distance_up_to", "minutes_above", "minutes_up_to", "unit_minutes",
        "begins_at", "ends_at", "amount", "rate")  # fmt: skip


@pytest.fixture
def office(client: Client) -> Client:
    user = User.objects.create_superuser("office")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["django_language"] = "en"
    return client


def in_days(count: int) -> date:
    return timezone.localdate() + timedelta(days=count)


def typed(hospital: Institution, *rows: dict[str, str], **said: Any) -> dict[str, Any]:
    """A draft as the form posts it."""
    form = {
        "institution": hospital.pk,
        "item": said.pop("item", None) or onsite_item().pk,
        "document": said.pop("document", None) or TariffDocumentFactory(region_code="330100").pk,
        "area_region_code": "330100",
        "begins_on": in_days(10).isoformat(),
        "last_on": "",
        "rows-TOTAL_FORMS": len(rows),
        "rows-INITIAL_FORMS": 0,
        "rows-MIN_NUM_FORMS": 1,
        "rows-MAX_NUM_FORMS": 1000,
        **said,
    }
    for number, row in enumerate(rows):
        for name in ROWS:
            form[f"rows-{number}-{name}"] = row.get(name, "")
    return form


NEAR = {"part": "base", "distance_above": "0", "distance_up_to": "3", "amount": "90"}
FAR = {"part": "base", "distance_above": "3", "amount": "140"}


def test_a_fee_is_drafted_with_its_rows_and_says_what_is_still_in_the_way(
    office: Client, hospital: Institution
) -> None:
    gap = FAR | {"distance_above": "5"}
    response = office.post("/admin/pricing/onsitefeeschedule/add/", typed(hospital, NEAR, gap), follow=True)
    schedule = OnsiteFeeSchedule.objects.get()
    assert response.status_code == 200
    assert [row.amount for row in schedule.rows.order_by("amount")] == [Decimal(90), Decimal(140)]
    assert "No fee is set for visits between 3 and 5 km." in response.content.decode()
    assert schedule.published_on is None
    assert AuditEntry.objects.get().action == "pricing.onsite_fee.drafted"


def test_changing_a_draft_replaces_its_rows(office: Client, hospital: Institution) -> None:
    draft = drafted(hospital, first_day=in_days(10))
    form = typed(hospital, NEAR, FAR, item=draft.item_id, document=draft.document_id)
    response = office.post(f"/admin/pricing/onsitefeeschedule/{draft.pk}/change/", form)
    assert response.status_code == 302
    assert sorted(row.amount for row in draft.rows.all()) == [Decimal(90), Decimal(140)]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"part": "base", "title": "254"}, "Give the amount in yuan."),
        ({"part": "holiday", "amount": "1", "rate": "0.3"}, "Give an amount, or a fraction of the base fee."),
        ({"part": "night", "rate": "0.3"}, "A night begins and ends at a time of day."),
        ({"part": "further_time", "amount": "30"}, "Say after how many minutes"),
    ],
)
def test_a_row_that_lacks_something_is_refused_beside_the_field_and_kept(
    office: Client, hospital: Institution, row: dict[str, str], said: str
) -> None:
    page = office.post("/admin/pricing/onsitefeeschedule/add/", typed(hospital, NEAR, row)).content.decode()
    assert said in page
    assert 'value="90"' in page
    assert not OnsiteFeeSchedule.objects.exists()


def test_a_document_of_another_kind_of_truth_is_refused_beside_the_field(
    office: Client, hospital: Institution
) -> None:
    real = TariffDocumentFactory(evidence="A", region_code="330100")
    page = office.post("/admin/pricing/onsitefeeschedule/add/", typed(hospital, NEAR, document=real.pk))
    assert "Invented and real documents are never mixed." in page.content.decode()
    assert not OnsiteFeeSchedule.objects.exists()


def test_the_words_of_a_refusal_are_chinese_in_the_chinese_administration(
    office: Client, hospital: Institution
) -> None:
    office.cookies["django_language"] = "zh-hans"
    real = TariffDocumentFactory(evidence="A", region_code="330100")
    page = office.post("/admin/pricing/onsitefeeschedule/add/", typed(hospital, NEAR, document=real.pk))
    assert "Invented and real" not in page.content.decode()


def test_a_draft_can_be_tried_before_it_is_published(office: Client, hospital: Institution) -> None:
    draft = drafted(hospital, first_day=in_days(10))
    address = f"/admin/pricing/onsitefeeschedule/{draft.pk}/try/"
    assert office.get(address).status_code == 200
    asked = {
        "day": in_days(10).isoformat(), "start": "09:00", "duration_minutes": "60", "persons": "1",
        "distance_km": "4", "area": "330106",
    }  # fmt: skip
    assert "This visit would cost ¥200.00" in office.get(address, asked).content.decode()
    outside = office.get(address, asked | {"area": "310000"}).content.decode()
    assert "The address lies outside the area" in outside
    assert "would cost" not in outside


def test_a_fee_is_published_after_a_look_at_it(office: Client, hospital: Institution) -> None:
    draft = drafted(hospital, first_day=in_days(10))
    address = f"/admin/pricing/onsitefeeschedule/{draft.pk}/publish/"
    assert "it never changes again" in office.get(address).content.decode()
    office.post(address)
    draft.refresh_from_db()
    assert draft.published_on == timezone.localdate()
    assert Price.objects.get(item=draft.item).kind == "self_set"
    assert AuditEntry.objects.filter(action="pricing.onsite_fee.published", by__username="office").exists()


def test_too_late_for_its_first_day_is_said_and_nothing_published(
    office: Client, hospital: Institution
) -> None:
    draft = drafted(hospital, first_day=in_days(6))
    address = f"/admin/pricing/onsitefeeschedule/{draft.pk}/publish/"
    page = office.get(address).content.decode()
    assert in_days(7).isoformat() in page
    assert "PR-52" in page
    followed = office.post(address, follow=True).content.decode()
    assert "days before it applies" in followed
    draft.refresh_from_db()
    assert draft.published_on is None


def test_a_published_fee_can_only_be_looked_at(office: Client, hospital: Institution) -> None:
    schedule = published(hospital)
    address = f"/admin/pricing/onsitefeeschedule/{schedule.pk}/"
    assert office.get(f"{address}change/").status_code == 200
    assert office.post(f"{address}change/", typed(hospital, NEAR)).status_code == 403
    assert office.post(f"{address}delete/", {"post": "yes"}).status_code == 403
    assert schedule.rows.count() == 4


def test_a_draft_can_be_thrown_away_with_a_trace(office: Client, hospital: Institution) -> None:
    draft = drafted(hospital)
    office.post(f"/admin/pricing/onsitefeeschedule/{draft.pk}/delete/", {"post": "yes"})
    assert not OnsiteFeeSchedule.objects.exists()
    assert AuditEntry.objects.filter(action="pricing.onsite_fee.discarded").exists()


def test_every_list_opens_and_does_not_ask_more_with_more_rows(
    office: Client, hospital: Institution, django_assert_max_num_queries: Any
) -> None:
    item = onsite_item()
    document = TariffDocumentFactory(region_code="330100")
    drafted(hospital, [base("1")], item=item, document=document)
    with django_assert_max_num_queries(30) as few:
        office.get("/admin/pricing/onsitefeeschedule/")
    for _number in range(5):
        drafted(hospital, [base("1")], item=item, document=document)
    with django_assert_max_num_queries(len(few.captured_queries)):
        office.get("/admin/pricing/onsitefeeschedule/")
    for model in ("onsitefeeschedule", "policyopening", "sharingagreement", "publicholiday"):
        assert office.get(f"/admin/pricing/{model}/").status_code == 200
        assert office.get(f"/admin/pricing/{model}/add/").status_code == 200


# --- Policy switches -----------------------------------------------------------------------------------


def opening(**said: Any) -> dict[str, Any]:
    document = said.pop("document", None) or TariffDocumentFactory()
    return {
        "service": "first_visit", "region_code": "330000", "document": document.pk,
        "begins_on": in_days(1).isoformat(), "last_on": "", **said,
    }  # fmt: skip


def test_a_service_is_opened_by_a_document_and_closed_from_a_day(office: Client) -> None:
    office.post("/admin/pricing/policyopening/add/", opening())
    opened = PolicyOpening.objects.get()
    address = f"/admin/pricing/policyopening/{opened.pk}/"
    assert office.get(f"{address}change/").status_code == 200
    assert office.get(f"{address}close/").status_code == 200
    office.post(f"{address}close/", {"from_on": in_days(30).isoformat()})
    opened.refresh_from_db()
    assert opened.effective == DateRange(in_days(1), in_days(30))
    actions = AuditEntry.objects.filter(by__username="office").values_list("action", flat=True)
    assert list(actions.order_by("pk")) == ["pricing.service.opened", "pricing.service.closed"]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"region_code": "310000"}, "is for another region"),
        ({"begins_on": "2025-12-31"}, "is not in force on this day"),
        ({"service": "online_revisit"}, "Select a valid choice"),
    ],
)
def test_an_opening_without_a_document_for_it_is_refused_beside_the_field(
    office: Client, said: dict[str, str], words: str
) -> None:
    page = office.post("/admin/pricing/policyopening/add/", opening(**said)).content.decode()
    assert words in page
    assert not PolicyOpening.objects.exists()


def test_closing_today_what_is_open_is_refused_beside_the_field(office: Client) -> None:
    office.post("/admin/pricing/policyopening/add/", opening(begins_on=in_days(-1).isoformat()))
    opened = PolicyOpening.objects.get()
    page = office.post(
        f"/admin/pricing/policyopening/{opened.pk}/close/", {"from_on": in_days(0).isoformat()}
    )
    assert "closes tomorrow at the earliest" in page.content.decode()


# --- Agreements and holidays ----------------------------------------------------------------------------


@pytest.fixture
def invited(hospital: Institution) -> Institution:
    other = Institution.objects.get(pk=hospital.pk)
    other.pk, other.code = None, "H33020000001"
    other.save()
    return other


def agreement(inviting: Institution, invited: Institution, **said: Any) -> dict[str, Any]:
    return {
        "number": "A-1", "service": "remote_consultation", "inviting": inviting.pk, "invited": invited.pk,
        "platform_name": "", "inviting_rate": "0.4", "invited_rate": "0.6", "platform_rate": "0",
        "signed_on": in_days(-1).isoformat(), "begins_on": in_days(0).isoformat(), "last_on": "", **said,
    }  # fmt: skip


def test_an_agreement_is_recorded_and_ended_from_a_day(
    office: Client, hospital: Institution, invited: Institution
) -> None:
    office.post("/admin/pricing/sharingagreement/add/", agreement(hospital, invited))
    row = SharingAgreement.objects.get()
    address = f"/admin/pricing/sharingagreement/{row.pk}/"
    assert office.get(f"{address}change/").status_code == 200
    assert office.get(f"{address}end/").status_code == 200
    today = office.post(f"{address}end/", {"from_on": in_days(0).isoformat()}).content.decode()
    assert "Choose a day after today" in today
    office.post(f"{address}end/", {"from_on": in_days(5).isoformat()})
    row.refresh_from_db()
    assert row.effective.upper == in_days(5)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"invited_rate": "0.5"}, "The shares sum to 0.9 instead of 1."),
        ({"inviting_rate": "0.3", "platform_rate": "0.1"}, "A technical party with a share has a name."),
        ({"signed_on": "2099-01-01"}, "An agreement is signed before its first day."),
    ],
)
def test_an_agreement_that_does_not_add_up_is_refused_beside_the_field(
    office: Client, hospital: Institution, invited: Institution, said: dict[str, str], words: str
) -> None:
    page = office.post("/admin/pricing/sharingagreement/add/", agreement(hospital, invited, **said))
    assert words in page.content.decode()
    assert not SharingAgreement.objects.exists()


def test_a_holiday_is_entered_once_and_taken_out_with_a_trace(office: Client) -> None:
    day = {
        "day": "2027-05-01", "name": "劳动节", "name_en": "Labour Day", "region_code": "000000",
        "source": "国务院办公厅通知", "is_demonstration": "",
    }  # fmt: skip
    office.post("/admin/pricing/publicholiday/add/", day)
    again = office.post("/admin/pricing/publicholiday/add/", day).content.decode()
    assert "This day is entered already." in again
    holiday = PublicHoliday.objects.get()
    office.post(f"/admin/pricing/publicholiday/{holiday.pk}/delete/", {"post": "yes"})
    assert not PublicHoliday.objects.exists()
    actions = AuditEntry.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["pricing.holiday.recorded", "pricing.holiday.removed"]


def test_the_side_bar_leads_to_each_of_them(office: Client) -> None:
    page = office.get("/admin/").content.decode()
    for model in ("onsitefeeschedule", "policyopening", "sharingagreement", "publicholiday"):
        assert f"/admin/pricing/{model}/" in page


def test_only_items_of_the_on_site_fee_are_offered(office: Client) -> None:
    fee, other = onsite_item(), PriceItemFactory(service=ServiceChoice.HOME_NURSING)
    page = office.get("/admin/pricing/onsitefeeschedule/add/").content.decode()
    assert fee.code in page
    assert other.code not in page
