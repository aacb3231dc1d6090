"""Schedules and slots in the administration."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import action, display

from accounts.admin import AuditedAdmin
from accounts.permissions import user_of
from consultations import operations
from consultations.models import Schedule, Slot
from kernel import clock


class OfDoctorAdmin(AuditedAdmin):
    """Rows of one doctor."""

    list_select_related = ("practitioner",)
    search_fields = ("practitioner__name", "practitioner__name_en")
    search_help_text = _("Name of the doctor.")

    @display(description=_("doctor"), ordering="practitioner__name")
    def doctor(self, row: Schedule | Slot) -> str:
        """Name and title."""
        return str(row.practitioner)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Called what the list calls it."""
        if db_field.name == "practitioner":
            kwargs["label"] = _("doctor")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(Schedule)
class ScheduleAdmin(OfDoctorAdmin):
    """When a doctor receives online; its slots are opened as soon as it is saved."""

    list_display = (
        "doctor",
        "weekday",
        "starts_at",
        "ends_at",
        "slot_minutes",
        "places_per_slot",
        "valid_until",
    )
    list_filter = ("weekday", "practitioner__department")
    autocomplete_fields = ("practitioner",)
    fieldsets = (
        (_("Who and when"), {"fields": ("practitioner", ("weekday", "starts_at", "ends_at"))}),
        (_("How many"), {"fields": (("slot_minutes", "places_per_slot"),)}),
        (
            _("From when to when"),
            {
                "fields": (("valid_from", "valid_until"),),
                "description": _(
                    "Slots that are open already stay as they are; to take one back, cancel it under Slots."
                ),
            },
        ),
    )

    def save_model(self, request: HttpRequest, obj: Schedule, form: Any, change: bool) -> None:  # noqa: FBT001
        """Save, and open the slots of the coming days at once."""
        super().save_model(request, obj, form, change)
        opened = operations.open_slots(at=clock.now())
        if opened:
            words = ngettext("%(n)s place was opened.", "%(n)s places were opened.", opened) % {"n": opened}
            messages.info(request, words)


@admin.register(Slot)
class SlotAdmin(OfDoctorAdmin):
    """A stretch of time of one doctor: looked at, and cancelled when the doctor cannot receive."""

    list_display = ("doctor", "starts_at", "ends_at", "taken_of_all", "state")
    list_filter = ("is_cancelled", "practitioner")
    date_hierarchy = "starts_at"
    actions = ("cancel",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Slot]:
        """With places counted."""
        rows: QuerySet[Slot] = super().get_queryset(request)
        taken = Count("places", filter=Q(places__revisit__isnull=False))
        return rows.annotate(place_count=Count("places"), taken_count=taken)

    @display(description=_("places taken"))
    def taken_of_all(self, slot: Any) -> str:
        """3 / 4."""
        return f"{slot.taken_count} / {slot.place_count}"

    @display(description=_("state"), label={"open": "success", "cancelled": "danger"})
    def state(self, slot: Slot) -> Any:
        """Open or cancelled, in words."""
        return ("cancelled", _("cancelled")) if slot.is_cancelled else ("open", _("open"))

    @action(description=_("Cancel the chosen slots; who has booked gets her money back"))
    def cancel(self, request: HttpRequest, slots: QuerySet[Slot]) -> None:
        """Cancel each slot; cancelling twice cancels once."""
        chosen = list(slots.values_list("pk", flat=True))
        for slot_id in chosen:
            operations.cancel_slot(slot_id=slot_id, by=user_of(request), at=clock.now())
        words = ngettext("%(n)s slot is cancelled.", "%(n)s slots are cancelled.", len(chosen)) % {
            "n": len(chosen)
        }
        messages.success(request, words)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Slots are opened from schedules."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The list may be worked on; a slot itself never changes."""
        return obj is None and bool(super().has_change_permission(request))
