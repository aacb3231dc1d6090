"""``manage.py check_tariffs``: every finding is told, and what is wrong ends with exit code 1."""

import json
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext

from kernel.period import Period
from pricing.models import ItemKindChoice, Price, PriceItem
from pricing.queries.proof import FindingKind, Severity, tariff_findings
from pricing.rules.codes import ORDINARY_OUTPATIENT
from registry.models import Institution
from tests.factories.pricing import PriceFactory, PriceItemFactory, TariffDocumentFactory

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 16)


def kinds() -> set[FindingKind]:
    return {found.kind for found in tariff_findings(on=TODAY)}


def test_tariffs_in_order_end_well(db: None) -> None:
    PriceFactory()
    out = StringIO()
    call_command("check_tariffs", stdout=out)
    assert out.getvalue().strip() == "wrong: 0, notice: 0, information: 0"


def test_a_gap_is_told_with_its_days(db: None) -> None:
    first = PriceFactory(effective=DateRange(date(2026, 1, 1), date(2026, 3, 1)))
    PriceFactory(item=first.item, effective=DateRange(date(2026, 4, 1), None))
    (found,) = tariff_findings(on=TODAY)
    assert (found.kind, found.severity, found.item_code) == (FindingKind.GAP, Severity.WRONG, first.item.code)
    assert found.days == Period(date(2026, 3, 1), date(2026, 4, 1))
    assert found.text_en.startswith("No price of")
    assert first.item.name in found.text


def test_adjacent_prices_and_other_scopes_leave_no_gap(db: None) -> None:
    first = PriceFactory(effective=DateRange(date(2026, 1, 1), date(2026, 3, 1)))
    PriceFactory(item=first.item, effective=DateRange(date(2026, 3, 1), None))
    PriceFactory(item=first.item, institution_level=2, effective=DateRange(date(2027, 1, 1), None))
    assert kinds() == set()


def test_a_real_document_without_a_source_is_told(db: None) -> None:
    PriceFactory(document=TariffDocumentFactory(evidence="B"))
    assert kinds() == {FindingKind.SOURCE_MISSING}


def test_an_online_re_diagnosis_at_another_price_is_told_with_both_amounts(db: None) -> None:
    ordinary = PriceItemFactory(code=ORDINARY_OUTPATIENT)
    PriceFactory(item=ordinary, amount=Decimal(10))
    PriceFactory(item=PriceItemFactory(service="online_revisit"), amount=Decimal(12))
    (found,) = tariff_findings(on=TODAY)
    assert found.kind is FindingKind.REVISIT_UNEQUAL
    assert "¥10.00" in found.text
    assert "¥12.00" in found.text


def test_an_online_re_diagnosis_charged_like_something_else_is_told(db: None) -> None:
    expert = PriceFactory().item
    PriceItemFactory(service="online_revisit", priced_as=expert)
    assert kinds() == {FindingKind.ITEM}


def test_faulty_bands_are_told(db: None) -> None:
    rows = [{"above": "0", "up_to": "3", "amount": "1"}, {"above": "5", "amount": "2"}]
    PriceFactory(kind="tiered", amount=None, band_axis="distance", bands=rows)
    assert kinds() == {FindingKind.BANDS}


def test_an_own_price_above_the_regulators_is_told(hospital: Institution) -> None:
    common = PriceFactory()
    PriceFactory(item=common.item, institution=hospital, institution_level=None, amount=Decimal("10.01"))
    assert kinds() == {FindingKind.BEYOND_LIMIT}


def test_a_trial_that_ended_is_a_notice_until_a_price_follows(db: None) -> None:
    trial = PriceFactory(is_trial=True, effective=DateRange(date(2025, 1, 1), date(2026, 1, 1)))
    (found,) = tariff_findings(on=TODAY)
    assert (found.kind, found.severity) == (FindingKind.TRIAL_EXPIRED, Severity.NOTICE)
    PriceFactory(item=trial.item, effective=DateRange(date(2026, 1, 1), None))
    assert kinds() == set()


def test_an_item_without_any_price_is_information(db: None) -> None:
    item = PriceItemFactory()
    PriceItemFactory(kind=ItemKindChoice.EXTENSION, main_item=PriceFactory().item)
    (found,) = tariff_findings(on=TODAY)
    assert (found.kind, found.severity, found.item_code) == (
        FindingKind.NO_PRICE,
        Severity.INFORMATION,
        item.code,
    )


def test_what_is_wrong_ends_with_exit_code_1_and_can_be_read_by_machines(db: None) -> None:
    PriceFactory(document=TariffDocumentFactory(evidence="B", number="甲1号"))
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("check_tariffs", "--json", "--on", "2026-03-16", stdout=out)
    assert ended.value.code == 1
    document = json.loads(out.getvalue())
    assert document["on"] == "2026-03-16"
    (found,) = document["findings"]
    assert (found["kind"], found["severity"], found["days"]) == ("source_missing", "wrong", None)


def test_only_the_regions_asked_for_are_looked_at(db: None) -> None:
    PriceFactory(document=TariffDocumentFactory(evidence="B", region_code="330000"))
    assert tariff_findings(on=TODAY, regions=["110000"]) == []


def test_the_number_of_queries_does_not_grow_with_the_prices(db: None) -> None:
    PriceFactory()
    with CaptureQueriesContext(connection) as few:
        tariff_findings(on=TODAY)
    for _number in range(20):
        PriceFactory()
    with CaptureQueriesContext(connection) as many:
        tariff_findings(on=TODAY)
    assert len(many) == len(few)
    assert Price.objects.count() == PriceItem.objects.count() == 21
