"""Diagnosis codes, consent texts, and the frame of encounters in the administration.

What patients and doctors wrote is not shown here: whoever administrates treats nobody.
"""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from accounts.admin import AuditedAdmin
from encounters.models import ConsentDocument, DiagnosisCode, Encounter, MedicalRecord
from encounters.operations import holds


@admin.register(DiagnosisCode)
class DiagnosisCodeAdmin(AuditedAdmin):
    """A disease with its code in both lists."""

    list_display = ("name", "name_en", "clinical_code", "insurance_code", "group", "is_open_online")
    list_filter = ("is_open_online", "group")
    search_fields = ("name", "name_en", "aliases", "pinyin", "clinical_code", "insurance_code")
    search_help_text = _("Name, pinyin, initials or code.")
    fieldsets = (
        (_("Names"), {"fields": (("name", "name_en"), "aliases", ("group", "group_en"))}),
        (
            _("Codes"),
            {
                "fields": ("clinical_code", ("insurance_code", "insurance_name")),
                "description": _(
                    "Two national lists: the one of records and supervision, and the one of the insurance."
                ),
            },
        ),
        (_("Online care"), {"fields": ("is_open_online",)}),
    )

    def save_model(self, request: HttpRequest, obj: DiagnosisCode, form: Any, change: bool) -> None:  # noqa: FBT001
        """Found by its new names from now on."""
        obj.renew_pinyin()
        super().save_model(request, obj, form, change)


@admin.register(ConsentDocument)
class ConsentDocumentAdmin(AuditedAdmin):
    """A consent text; what is published stays, a change is a new version."""

    list_display = ("title", "kind", "version", "in_force_from")
    fields = (("kind", "version", "in_force_from"), ("title", "title_en"), "body", "body_en")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """By nobody: patients have signed it."""
        return False


class ReadOnlyAdmin(AuditedAdmin):
    """Made by operations, looked at here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """By operations only."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """By operations only."""
        return False


@admin.register(Encounter)
class EncounterAdmin(ReadOnlyAdmin):
    """The frame of an encounter; the patient is masked."""

    list_display = (
        "number",
        "kind",
        "service_on",
        "department",
        "practitioner",
        "patient",
        "begun_at",
        "ended_at",
    )
    list_filter = ("kind", "department", "service_on")
    list_select_related = ("department", "practitioner", "patient")
    search_fields = ("number",)
    search_help_text = _("Visit number.")
    fields = (
        ("number", "kind", "service_on"),
        ("institution", "department", "practitioner", "patient"),
        ("opened_at", "cleared_at", "begun_at", "ended_at"),
    )


@admin.register(MedicalRecord)
class MedicalRecordAdmin(ReadOnlyAdmin):
    """Who wrote and signed when, and whether the signature holds."""

    list_display = ("encounter", "written_by", "changed_at", "signed_at")
    list_filter = ("signed_at",)
    list_select_related = ("encounter", "written_by")
    search_fields = ("encounter__number",)
    search_help_text = _("Visit number.")
    fields = ("encounter", "written_by", "changed_at", "signed_at", "signature_state")
    readonly_fields = ("signature_state",)

    @display(description=_("signature"), label={"holds": "success", "broken": "danger", "open": "info"})
    def signature_state(self, record: MedicalRecord) -> Any:
        """Counted anew each time it is looked at."""
        if record.signed_at is None:
            return "open", _("not signed")
        return ("holds", _("holds")) if holds(record) else ("broken", _("does not hold"))
