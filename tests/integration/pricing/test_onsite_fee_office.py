"""Drafting and publishing an on-site fee: everyone can read it before it applies, and it never changes."""

import threading
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from audit.models import AuditEntry
from audit.operations import first_break
from pricing.models import OnsiteFeeRow, OnsiteFeeSchedule, OnsitePart, Price
from pricing.operations import (
    OnsiteFeeRefused,
    discard_onsite_fee,
    draft_onsite_fee,
    publish_onsite_fee,
)
from registry.models import Institution
from tests.factories.onsite import DRAFTED_AT, base, by_distance, drafted, onsite_item, published
from tests.factories.pricing import PriceFactory, TariffDocumentFactory

pytestmark = pytest.mark.django_db


def rules_of(refused: OnsiteFeeRefused) -> list[tuple[str, str]]:
    return [(one.rule, one.field) for one in refused.violations]


def test_a_published_fee_brings_a_price_row_that_says_no_amount(hospital: Institution) -> None:
    schedule = published(hospital)
    price = Price.objects.get(item=schedule.item)
    assert (price.kind, price.amount, price.institution) == ("self_set", None, hospital)
    assert (price.document, price.effective) == (schedule.document, schedule.effective)
    assert schedule.published_on == date(2025, 12, 19)


def test_drafting_and_publishing_are_told_in_the_audit(hospital: Institution) -> None:
    schedule = published(hospital)
    entries = AuditEntry.objects.filter(subject_type="pricing.onsitefeeschedule", subject_id=str(schedule.pk))
    assert [entry.action for entry in entries.order_by("sequence")] == [
        "pricing.onsite_fee.drafted",
        "pricing.onsite_fee.published",
    ]
    assert first_break(schedule) is None


def test_six_days_before_is_too_late_and_seven_are_enough(hospital: Institution) -> None:
    draft = drafted(hospital)
    with pytest.raises(OnsiteFeeRefused) as refused:
        publish_onsite_fee(schedule_id=draft.pk, by=None, at=datetime(2025, 12, 25, 16, 30, tzinfo=UTC))
    assert rules_of(refused.value) == [("PR-52", "begins_on")]  # 00:30 of the 26th in Shanghai
    published = publish_onsite_fee(
        schedule_id=draft.pk, by=None, at=datetime(2025, 12, 25, 15, 59, tzinfo=UTC)
    )
    assert published.published_on == date(2025, 12, 25)


def test_the_days_of_notice_are_a_setting(hospital: Institution, settings: object) -> None:
    settings.PRICING_ONSITE_FEE_NOTICE_DAYS = 30  # type: ignore[attr-defined]
    with pytest.raises(OnsiteFeeRefused) as refused:
        published(hospital)
    assert rules_of(refused.value) == [("PR-52", "begins_on")]


def test_a_new_fee_ends_the_one_before_it_and_its_price(hospital: Institution) -> None:
    first = published(hospital)
    later = datetime(2026, 2, 1, tzinfo=UTC)
    second = published(hospital, item=first.item, first_day=date(2026, 3, 1), at=later)
    first.refresh_from_db()
    assert first.effective == DateRange(date(2026, 1, 1), date(2026, 3, 1))
    known = Price.objects.known().filter(item=first.item).order_by("effective")
    assert [price.effective for price in known] == [first.effective, second.effective]
    retracted = Price.objects.filter(item=first.item, retracted_at=later)
    assert [price.effective for price in retracted] == [DateRange(date(2026, 1, 1), None)]


def test_nothing_is_put_before_a_fee_that_is_already_published(hospital: Institution) -> None:
    first = published(hospital)
    with pytest.raises(OnsiteFeeRefused) as refused:
        published(hospital, item=first.item)
    assert rules_of(refused.value) == [("PR-55", "begins_on")]


def test_a_fee_that_ends_before_the_next_one_begins_may_stand_before_it(hospital: Institution) -> None:
    spring = published(hospital, first_day=date(2026, 3, 1))
    winter = published(hospital, item=spring.item, until=date(2026, 3, 1))
    spring.refresh_from_db()
    assert (winter.effective.upper, spring.effective.lower) == (date(2026, 3, 1), date(2026, 3, 1))


def test_an_own_amount_set_by_hand_ends_when_the_schedule_begins(hospital: Institution) -> None:
    item = onsite_item()
    PriceFactory(
        item=item, institution=hospital, institution_level=None, region_code="330100",
        effective=DateRange(date(2025, 6, 1), None), amount=Decimal(100),
    )  # fmt: skip
    published(hospital, item=item)
    known = Price.objects.known().filter(item=item).order_by("effective")
    assert [(price.kind, price.effective.lower) for price in known] == [
        ("fixed", date(2025, 6, 1)),
        ("self_set", date(2026, 1, 1)),
    ]
    assert known[0].effective.upper == date(2026, 1, 1)


@pytest.mark.parametrize(
    ("rows", "rule"),
    [
        ([base("130", "0", "3"), base("200", "5", None)], "PR-53"),
        ([base("130", "0", "3"), base("200", "2", None)], "PR-53"),
        ([OnsiteFeeRow(part=OnsitePart.HOLIDAY, rate=Decimal("0.3"))], "PR-57"),
    ],
)
def test_a_schedule_with_a_gap_an_overlap_or_no_base_is_not_published(
    hospital: Institution, rows: list[OnsiteFeeRow], rule: str
) -> None:
    with pytest.raises(OnsiteFeeRefused) as refused:
        published(hospital, rows)
    assert rules_of(refused.value) == [(rule, "rows")]
    assert not Price.objects.exists()


def test_a_fee_rests_on_a_document_as_real_as_the_hospital(hospital: Institution) -> None:
    with pytest.raises(OnsiteFeeRefused) as refused:
        published(hospital, document=TariffDocumentFactory(evidence="A"))
    assert rules_of(refused.value) == [("PR-54", "document")]


def test_a_published_fee_is_neither_published_again_nor_drafted_nor_discarded(hospital: Institution) -> None:
    schedule = published(hospital)
    with pytest.raises(OnsiteFeeRefused) as again:
        publish_onsite_fee(schedule_id=schedule.pk, by=None, at=DRAFTED_AT)
    with pytest.raises(OnsiteFeeRefused) as changed:
        draft_onsite_fee(schedule=schedule, rows=by_distance(), by=None, at=DRAFTED_AT)
    with pytest.raises(OnsiteFeeRefused) as discarded:
        discard_onsite_fee(schedule_id=schedule.pk, by=None, at=DRAFTED_AT)
    for refused in (again, changed, discarded):
        assert ("PR-55", "") in rules_of(refused.value)
    assert Price.objects.count() == 1


def test_drafting_again_replaces_the_rows(hospital: Institution) -> None:
    draft = drafted(hospital)
    draft_onsite_fee(schedule=draft, rows=[base("99")], by=None, at=DRAFTED_AT)
    assert [row.amount for row in draft.rows.all()] == [Decimal(99)]


def test_a_draft_can_be_thrown_away(hospital: Institution) -> None:
    draft = drafted(hospital)
    discard_onsite_fee(schedule_id=draft.pk, by=None, at=DRAFTED_AT)
    assert not OnsiteFeeSchedule.objects.exists()
    assert not OnsiteFeeRow.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"area_region_code": "330000"},
        {"published_on": None},
        {"effective": DateRange(date(2026, 1, 2), None)},
        {"effective": DateRange(date(2025, 1, 1), None)},
    ],
)
def test_the_database_lets_nothing_of_a_published_fee_change(
    hospital: Institution, change: dict[str, object]
) -> None:
    schedule = published(hospital)
    with pytest.raises(DatabaseError), transaction.atomic():
        OnsiteFeeSchedule.objects.filter(pk=schedule.pk).update(**change)


def test_the_database_lets_no_row_of_a_published_fee_be_added_changed_or_removed(
    hospital: Institution,
) -> None:
    schedule = published(hospital)
    with pytest.raises(DatabaseError), transaction.atomic():
        schedule.rows.update(amount=1)
    with pytest.raises(DatabaseError), transaction.atomic():
        OnsiteFeeRow.objects.filter(schedule=schedule).delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        OnsiteFeeRow.objects.create(schedule=schedule, amount=1)
    with pytest.raises(DatabaseError), transaction.atomic():
        schedule.delete()
    assert schedule.rows.count() == 4


def test_an_end_may_come_earlier_and_never_later(hospital: Institution) -> None:
    schedule = published(hospital, until=date(2027, 1, 1))
    ended = OnsiteFeeSchedule.objects.filter(pk=schedule.pk)
    assert ended.update(effective=DateRange(date(2026, 1, 1), date(2026, 7, 1))) == 1
    with pytest.raises(DatabaseError), transaction.atomic():
        ended.update(effective=DateRange(date(2026, 1, 1), date(2027, 1, 1)))


@pytest.mark.django_db(transaction=True)
def test_of_two_fees_published_at_once_for_the_same_days_one_is_refused(hospital: Institution) -> None:
    item = onsite_item()
    drafts = [drafted(hospital, item=item) for _ in range(2)]
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def publish(draft: OnsiteFeeSchedule) -> None:
        start.wait()
        try:
            publish_onsite_fee(schedule_id=draft.pk, by=None, at=DRAFTED_AT)
            outcomes.append("published")
        except OnsiteFeeRefused as refused:
            outcomes.append(refused.violations[0].rule)
        finally:
            connection.close()

    threads = [threading.Thread(target=publish, args=(draft,)) for draft in drafts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(outcomes) == ["PR-55", "published"]
    assert OnsiteFeeSchedule.objects.filter(published_on__isnull=False).count() == 1
    assert Price.objects.known().count() == 1


def test_a_fee_published_meanwhile_is_refused_by_the_database(
    hospital: Institution, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where two looked before either wrote."""
    first = published(hospital)
    draft = drafted(hospital, item=first.item)
    monkeypatch.setattr("pricing.operations.onsite.violations_of_publication", lambda *_args, **_more: [])
    with pytest.raises(OnsiteFeeRefused) as refused:
        publish_onsite_fee(schedule_id=draft.pk, by=None, at=DRAFTED_AT)
    assert rules_of(refused.value) == [("PR-55", "begins_on")]
    draft.refresh_from_db()
    assert draft.published_on is None
