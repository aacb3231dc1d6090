"""First visits online and pharmacy clinics: closed until a document opens them for a region from a day."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from audit.models import AuditEntry
from kernel.period import Period
from pricing.models import PolicyOpening, ServiceChoice
from pricing.operations import OpeningRefused, close_service, open_service
from pricing.queries import closed_services, quote_for
from pricing.rules import Quote, ServiceLine
from pricing.rules.errors import ServiceNotOpened
from pricing.rules.kinds import Service
from registry.models import Institution
from tests.factories.pricing import PriceFactory, PriceItemFactory, TariffDocumentFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 16, 2, 0, tzinfo=UTC)
TODAY = date(2026, 3, 16)


def opened(*, begin: date = date(2026, 4, 1), region: str = "330000", evidence: str = "D") -> PolicyOpening:
    document = TariffDocumentFactory(evidence=evidence)
    return open_service(
        service=Service.FIRST_VISIT, region_code=region, document_id=document.pk, period=Period(begin), by=None, at=AT
    )  # fmt: skip


def quoted(hospital: Institution, on: date, title: str | None = None) -> Quote:
    item = PriceItemFactory._meta.model.objects.filter(service=ServiceChoice.FIRST_VISIT).first()
    if item is None:
        item = PriceItemFactory(service=ServiceChoice.FIRST_VISIT)
        PriceFactory(item=item, title="231", amount=Decimal(40))
        PriceFactory(item=item, title="234", amount=Decimal(20))
    lines = [ServiceLine("1", item.code, Decimal(1))]
    return quote_for(lines=lines, institution=hospital, service_on=on, practitioner_title=title)


def test_a_first_visit_is_refused_until_the_day_a_document_opens_it_and_then_priced_by_title(
    hospital: Institution,
) -> None:
    opened()
    with pytest.raises(ServiceNotOpened):
        quoted(hospital, date(2026, 3, 31), "231")
    assert quoted(hospital, date(2026, 4, 1), "231").total == 40
    assert quoted(hospital, date(2026, 4, 1), "234").total == 20


def test_a_real_document_opens_nothing_in_the_demonstration(hospital: Institution) -> None:
    opened(evidence="A")
    with pytest.raises(ServiceNotOpened):
        quoted(hospital, date(2026, 4, 1), "231")


def test_a_closed_service_is_refused_again(hospital: Institution) -> None:
    opening = opened(begin=date(2026, 2, 1))
    close_service(opening_id=opening.pk, from_on=date(2026, 3, 17), by=None, at=AT)
    assert quoted(hospital, date(2026, 3, 16), "231").total == 40
    with pytest.raises(ServiceNotOpened):
        quoted(hospital, date(2026, 3, 17), "231")


def test_what_is_open_today_stays_so_today(hospital: Institution) -> None:
    opening = opened(begin=date(2026, 2, 1))
    with pytest.raises(OpeningRefused) as refused:
        close_service(opening_id=opening.pk, from_on=TODAY, by=None, at=AT)
    assert [(one.rule, one.field) for one in refused.value.violations] == [("PR-64", "from_on")]


def test_an_opening_that_has_not_begun_is_taken_back(hospital: Institution) -> None:
    opening = opened()
    assert close_service(opening_id=opening.pk, from_on=TODAY, by=None, at=AT) is None
    assert not PolicyOpening.objects.exists()
    assert AuditEntry.objects.filter(action="pricing.service.closed").count() == 1


def test_opening_is_told_in_the_audit_with_its_document() -> None:
    opening = opened()
    entry = AuditEntry.objects.get(subject_type="pricing.policyopening", subject_id=str(opening.pk))
    assert entry.action == "pricing.service.opened"
    assert entry.facts["document"] == opening.document.number


def test_a_second_document_for_the_same_days_is_refused() -> None:
    opened()
    with pytest.raises(OpeningRefused) as refused:
        opened(begin=date(2026, 5, 1))
    assert [(one.rule, one.field) for one in refused.value.violations] == [("PR-63", "begins_on")]


def test_of_two_openings_the_database_keeps_one(monkeypatch: pytest.MonkeyPatch) -> None:
    opened()
    monkeypatch.setattr("pricing.operations.opening.violations_of_opening", lambda *_args: [])
    with pytest.raises(OpeningRefused):
        opened()
    assert PolicyOpening.objects.count() == 1


def test_a_service_that_was_never_closed_needs_no_opening() -> None:
    document = TariffDocumentFactory()
    with pytest.raises(OpeningRefused) as refused:
        open_service(
            service=Service.ONLINE_REVISIT, region_code="330000", document_id=document.pk,
            period=Period(date(2026, 4, 1)), by=None, at=AT,
        )  # fmt: skip
    assert [one.rule for one in refused.value.violations] == ["PR-62"]


def test_closed_services_name_the_document_to_come(hospital: Institution) -> None:
    assert [each.service for each in closed_services(hospital, TODAY)] == [
        Service.FIRST_VISIT,
        Service.PHARMACY_CLINIC,
    ]
    opening = opened()
    first, pharmacy = closed_services(hospital, TODAY)
    assert (first.opens_on, first.document_number) == (date(2026, 4, 1), opening.document.number)
    assert pharmacy.opens_on is None
    assert [each.service for each in closed_services(hospital, date(2026, 4, 1))] == [Service.PHARMACY_CLINIC]


def test_a_service_opened_elsewhere_is_closed_here(hospital: Institution) -> None:
    document = TariffDocumentFactory(region_code="310000")
    open_service(
        service=Service.FIRST_VISIT, region_code="310000", document_id=document.pk,
        period=Period(date(2026, 1, 1)), by=None, at=AT,
    )  # fmt: skip
    assert Service.FIRST_VISIT in {each.service for each in closed_services(hospital, TODAY)}
