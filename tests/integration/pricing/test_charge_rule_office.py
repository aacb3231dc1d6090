"""Charging rules in the administration: recorded with a document, ended, never changed; each act has a trace."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import User
from audit.models import AuditEntry
from pricing.models import ChargeRule
from tests.factories.charge_rules import ChargeRuleFactory
from tests.factories.pricing import PriceItemFactory, TariffDocumentFactory

pytestmark = pytest.mark.django_db
ADMIN = "/admin/pricing/chargerule/"


@pytest.fixture
def office(client: Client) -> Client:
    user = User.objects.create_superuser("office")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["django_language"] = "en"
    return client


def in_days(count: int) -> date:
    return timezone.localdate() + timedelta(days=count)


def typed(**changed: Any) -> dict[str, Any]:
    return {
        "code": "YS-9",
        "kind": "exclusion",
        "text": "单日不得同时收取。",
        "text_en": "Not both on one day.",
        "window": "day",
        "subjects": [PriceItemFactory().pk],
        "partners": [PriceItemFactory().pk],
        "region_code": "330100",
        "begins_on": in_days(0).isoformat(),
        "last_on": in_days(30).isoformat(),
        "document": TariffDocumentFactory().pk,
        "place": "第三条",
        **changed,
    }


def test_every_list_and_form_opens_and_an_item_finds_its_rules(office: Client) -> None:
    item = PriceItemFactory(name="胎心监测")
    rule = ChargeRuleFactory(subjects=[item])
    for path in ("", "add/", f"{rule.pk}/change/", f"{rule.pk}/end/", "?q=txjc", "?when=now"):
        assert office.get(ADMIN + path).status_code == 200, path
    assert rule.code in office.get(ADMIN + "?q=txjc").content.decode()
    assert rule.code not in office.get(ADMIN + "?q=nothing").content.decode()
    assert rule.code not in office.get(ADMIN + "?when=ended").content.decode()


def test_a_rule_is_recorded_with_its_items_and_a_trace(office: Client) -> None:
    entered = typed()
    response = office.post(ADMIN + "add/", entered)
    assert response.status_code == 302
    rule = ChargeRule.objects.get()
    assert (rule.kind, rule.window, rule.place) == ("exclusion", "day", "第三条")
    assert [item.pk for item in rule.subjects.all()] == entered["subjects"]
    assert [item.pk for item in rule.partners.all()] == entered["partners"]
    assert (rule.effective.lower, rule.effective.upper) == (in_days(0), in_days(31))
    trace = AuditEntry.objects.get(action="pricing.charge_rule.recorded")
    assert (trace.facts["code"], trace.by.username) == ("YS-9", "office")


def test_what_the_kind_needs_is_told_beside_its_field_and_what_was_typed_is_kept(office: Client) -> None:
    page = office.post(ADMIN + "add/", typed(kind="frequency", partners=[])).content.decode()
    assert "Say how many units are allowed" in page
    assert "单日不得同时收取。" in page
    assert not ChargeRule.objects.exists()


def test_a_rule_that_is_there_cannot_be_edited_or_deleted(office: Client) -> None:
    rule = ChargeRuleFactory()
    assert office.post(f"{ADMIN}{rule.pk}/change/", typed()).status_code == 403
    assert office.post(f"{ADMIN}{rule.pk}/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize(
    "change", [{"text": "别的"}, {"limit_quantity": 9}, {"region_code": "110000"}, {"window": "visit"}]
)
def test_the_database_refuses_to_change_what_a_rule_says(change: dict[str, Any]) -> None:
    ChargeRuleFactory()
    with pytest.raises(DatabaseError), transaction.atomic():
        ChargeRule.objects.update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        ChargeRule.objects.all().delete()


def test_a_rule_is_ended_from_its_page_with_a_trace(office: Client) -> None:
    rule = ChargeRuleFactory()
    response = office.post(f"{ADMIN}{rule.pk}/end/", {"last_on": in_days(5).isoformat()})
    assert response.status_code == 302
    rule.refresh_from_db()
    assert rule.effective.upper == in_days(6)
    assert AuditEntry.objects.get(action="pricing.charge_rule.ended").facts["until"] == in_days(6).isoformat()
    office.post(f"{ADMIN}{rule.pk}/end/", {"last_on": in_days(5).isoformat()})
    assert AuditEntry.objects.filter(action="pricing.charge_rule.ended").count() == 1, "twice does it once"


@pytest.mark.parametrize("day", [-1, ""])
def test_a_day_that_has_passed_or_none_ends_nothing(office: Client, day: int | str) -> None:
    rule = ChargeRuleFactory()
    last = in_days(day).isoformat() if isinstance(day, int) else day
    page = office.post(f"{ADMIN}{rule.pk}/end/", {"last_on": last})
    assert page.status_code == 200
    rule.refresh_from_db()
    assert rule.effective.upper is None


def test_nobody_without_the_right_records_or_ends_a_rule(client: Client) -> None:
    rule = ChargeRuleFactory()
    clerk = User.objects.create_user("clerk", is_staff=True)
    client.force_login(clerk, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(ADMIN + "add/", typed()).status_code in {302, 403}
    assert client.post(f"{ADMIN}{rule.pk}/end/", {"last_on": in_days(5).isoformat()}).status_code in {
        302,
        403,
    }
    rule.refresh_from_db()
    assert (ChargeRule.objects.count(), rule.effective.upper) == (1, None)
