"""Public holidays as the hospital enters them."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from audit import operations as audit
from pricing.models import PublicHoliday


@transaction.atomic
def record_holiday(*, holiday: PublicHoliday, by: User | None, at: datetime) -> PublicHoliday:
    """Save a new or corrected day; prices charged before stay as they are."""
    is_new = holiday.pk is None
    if is_new:
        holiday.recorded_at = at
    holiday.save()
    action = "pricing.holiday.recorded" if is_new else "pricing.holiday.corrected"
    facts = {"day": holiday.day.isoformat(), "region": holiday.region_code, "source": holiday.source}
    audit.record(action, on=holiday, by=by, at=at, facts=facts)
    return holiday


@transaction.atomic
def remove_holiday(*, holiday_id: int, by: User | None, at: datetime) -> None:
    """Take a day out again; prices charged before stay as they are."""
    holiday = PublicHoliday.objects.select_for_update().get(pk=holiday_id)
    audit.record("pricing.holiday.removed", on=holiday, by=by, at=at, facts={"day": holiday.day.isoformat()})
    holiday.delete()
