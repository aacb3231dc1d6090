"""The on-site fee of an institution: drafted, published some days before it applies, never changed afterwards."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit import operations as audit
from kernel import clock
from kernel.errors import DomainError, Violation, refuse_if_any
from kernel.period import Period
from pricing.models import (
    AmountKindChoice,
    OnsiteFeeRow,
    OnsiteFeeSchedule,
    Price,
    PriceItem,
    TariffDocument,
)
from pricing.models.prices import PriceQuerySet
from pricing.operations.restating import restate
from pricing.operations.turns import take_turn
from pricing.rules.onsite import ScheduleFact
from pricing.rules.onsite.publishing import (
    Publication,
    publication_violations,
    rest_violations,
    standing_violations,
)
from registry.models import Institution


class OnsiteFeeRefused(DomainError):
    """The fee cannot be drafted or published so; ``violations`` name the fields of the draft."""

    code = "onsite_fee_refused"
    default_message = _("The on-site fee cannot be published so.")


@transaction.atomic
def draft_onsite_fee(
    *, schedule: OnsiteFeeSchedule, rows: Sequence[OnsiteFeeRow], by: User | None, at: datetime
) -> OnsiteFeeSchedule:
    """Save a draft, new or changed, with exactly these rows.

    Raises:
        OnsiteFeeRefused: the schedule has been published (PR-55).
    """
    is_new = schedule.pk is None
    if is_new:
        schedule.drafted_at = at
    else:
        refuse_if_any(_if_published(_locked(schedule.pk)), OnsiteFeeRefused)
    schedule.published_on = None
    schedule.save()
    schedule.rows.all().delete()
    for row in rows:
        row.pk, row.schedule = None, schedule
    OnsiteFeeRow.objects.bulk_create(rows)
    action = "pricing.onsite_fee.drafted" if is_new else "pricing.onsite_fee.redrafted"
    facts = {"from_on": schedule.effective.lower.isoformat(), "rows": len(rows)}
    audit.record(action, on=schedule, by=by, at=at, facts=facts)
    return schedule


@transaction.atomic
def discard_onsite_fee(*, schedule_id: int, by: User | None, at: datetime) -> None:
    """Throw a draft away.

    Raises:
        OnsiteFeeRefused: it has been published (PR-55).
    """
    schedule = _locked(schedule_id)
    refuse_if_any(_if_published(schedule), OnsiteFeeRefused)
    audit.record("pricing.onsite_fee.discarded", on=schedule, by=by, at=at, facts={})
    schedule.delete()


@transaction.atomic
def publish_onsite_fee(*, schedule_id: int, by: User | None, at: datetime) -> OnsiteFeeSchedule:
    """Publish a draft: from its first day on it is charged, and the fee before it ends there.

    A price row of kind "set by the institution itself" is written with it, for the days of the schedule: every
    charged line points at one, see docs/adr/one-price-row-for-an-on-site-fee.md.

    Raises:
        OnsiteFeeRefused: see ``violations_of_publication``; or somebody published another one for the same days at
            the same moment.
    """
    schedule = _locked(schedule_id)
    take_turn(f"pricing.onsite_fee {schedule.institution_id}")
    refuse_if_any(violations_of_publication(schedule, at=at), OnsiteFeeRefused)
    try:
        with transaction.atomic():
            _end_those_before(schedule, by, at)
            schedule.published_on = clock.day_of(at)
            schedule.save(update_fields=["published_on"])
            price = _begin_price(schedule, at)
    except IntegrityError:
        raise OnsiteFeeRefused(violations=[_somebody_was_first()]) from None
    facts = {"from_on": schedule.effective.lower.isoformat(), "document": schedule.document.number}
    audit.record(
        "pricing.onsite_fee.published", on=schedule, by=by, at=at, facts={**facts, "price": price.pk}
    )
    audit.record("pricing.price.begun", on=price, by=by, at=at, facts=facts)
    return schedule


def violations_of_publication(schedule: OnsiteFeeSchedule, *, at: datetime) -> list[Violation]:
    """Everything that forbids publishing the schedule at a moment (PR-52 to PR-55, PR-57); may be empty."""
    begin, end = schedule.effective.lower, schedule.effective.upper
    others = [
        (other.document.number, other.effective.lower, other.effective.upper)
        for other in (
            *_published(schedule).select_related("document"),
            *_own_prices(schedule).select_related("document"),
        )
    ]
    is_published = schedule.published_on is not None
    return [
        *publication_violations(_publication(schedule), today=clock.day_of(at)),
        *standing_violations(
            begin, end, sorted(set(others), key=lambda other: other[:2]), is_published=is_published
        ),
    ]


def violations_of_draft(
    schedule: OnsiteFeeSchedule, *, item: PriceItem, document: TariffDocument, institution: Institution
) -> list[Violation]:
    """What a draft rests on and gets wrong already (PR-54); ``schedule`` may be unsaved and without rows."""
    begin, end = schedule.effective.lower, schedule.effective.upper
    facts = ScheduleFact(schedule.area_region_code, begin, end, document.number, ())
    return list(rest_violations(_asked(facts, item=item, document=document, institution=institution)))


def _publication(schedule: OnsiteFeeSchedule) -> Publication:
    return _asked(
        schedule.facts(), item=schedule.item, document=schedule.document, institution=schedule.institution
    )


def _asked(
    facts: ScheduleFact, *, item: PriceItem, document: TariffDocument, institution: Institution
) -> Publication:
    return Publication(
        schedule=facts,
        document=document.facts(),
        institution_region=institution.region_code,
        institution_is_demonstration=institution.is_demonstration,
        item_category=item.category,
        item_region=item.region_code,
        notice_days=settings.PRICING_ONSITE_FEE_NOTICE_DAYS,
    )


def _published(schedule: OnsiteFeeSchedule) -> QuerySet[OnsiteFeeSchedule]:
    """Other published fees of the institution for the same item."""
    same = OnsiteFeeSchedule.objects.filter(institution=schedule.institution_id, item=schedule.item_id)
    return same.filter(published_on__isnull=False).exclude(pk=schedule.pk)


def _own_prices(schedule: OnsiteFeeSchedule) -> PriceQuerySet:
    """Prices of the institution's own for the item, as known now."""
    return Price.objects.all().same_scope_as(_price(schedule, schedule.drafted_at))


def _end_those_before(schedule: OnsiteFeeSchedule, by: User | None, at: datetime) -> None:
    begin = schedule.effective.lower
    for other in _published(schedule).select_for_update():
        if _goes_on(other, begin):
            other.effective = DateRange(other.effective.lower, begin)
            other.save(update_fields=["effective"])
            audit.record(
                "pricing.onsite_fee.ended", on=other, by=by, at=at, facts={"from_on": begin.isoformat()}
            )
    for price in _own_prices(schedule).select_for_update():
        if _goes_on(price, begin):
            restate(price, Period(price.effective.lower, begin), at=at)
            audit.record("pricing.price.ended", on=price, by=by, at=at, facts={"from_on": begin.isoformat()})


def _goes_on(row: OnsiteFeeSchedule | Price, begin: date) -> bool:
    upper = row.effective.upper
    return bool(row.effective.lower < begin and (upper is None or upper > begin))


def _begin_price(schedule: OnsiteFeeSchedule, at: datetime) -> Price:
    price = _price(schedule, at)
    price.save(force_insert=True)
    return price


def _price(schedule: OnsiteFeeSchedule, at: datetime) -> Price:
    """The row that stands for the schedule; it says no amount, so that nothing but the schedule can."""
    return Price(
        item=schedule.item,
        document=schedule.document,
        region_code=schedule.institution.region_code,
        institution=schedule.institution,
        kind=AmountKindChoice.SELF_SET,
        takes_surcharges=False,
        effective=DateRange(schedule.effective.lower, schedule.effective.upper),
        recorded_at=at,
    )


def _if_published(schedule: OnsiteFeeSchedule) -> Iterator[Violation]:
    begin, end = schedule.effective.lower, schedule.effective.upper
    yield from standing_violations(begin, end, (), is_published=schedule.published_on is not None)


def _somebody_was_first() -> Violation:
    message = _("Another on-site fee for these days was published just now.")
    way = _("Look at it first; then choose a first day after it.")
    return Violation("PR-55", message, way, field="begins_on", source="the database keeps one for a day")


def _locked(schedule_id: int) -> OnsiteFeeSchedule:
    rows = OnsiteFeeSchedule.objects.select_for_update(of=("self",)).prefetch_related("rows")
    return rows.select_related("institution", "item", "document").get(pk=schedule_id)
