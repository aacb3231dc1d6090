"""Public holidays in the administration."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from accounts.permissions import user_of
from kernel import clock
from pricing.models import PublicHoliday
from pricing.operations import record_holiday, remove_holiday


@admin.register(PublicHoliday)
class PublicHolidayAdmin(ModelAdmin):  # type: ignore[misc]  # unfold has no types
    """The days of the year's notice, entered by hand: the calendar is not shipped."""

    list_display = ("day", "name", "region_code", "source", "is_demonstration")
    list_filter = ("is_demonstration",)
    date_hierarchy = "day"
    search_fields = ("name", "name_en")
    search_help_text = _("Name of the holiday.")
    fields = ("day", "name", "name_en", "region_code", "source", "is_demonstration")

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """One by one, each with a trace."""
        return {}

    def save_model(self, request: HttpRequest, obj: PublicHoliday, form: Any, change: Any) -> None:
        """Record it with a trace."""
        record_holiday(holiday=obj, by=user_of(request), at=clock.now())

    def delete_model(self, request: HttpRequest, obj: PublicHoliday) -> None:
        """Take it out with a trace."""
        remove_holiday(holiday_id=obj.pk, by=user_of(request), at=clock.now())
