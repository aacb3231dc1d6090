"""Institutions, departments, staff and patients in the administration."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.decorators import action, display

from accounts.admin import AuditedAdmin
from accounts.permissions import user_of
from kernel import clock
from kernel.crypto import fingerprint
from kernel.identifiers import masked_name, parse_id_number
from registry import operations
from registry.models import (
    Coverage,
    Department,
    Guardianship,
    Institution,
    Patient,
    Practitioner,
    Qualification,
    VerificationRequest,
)


class DepartmentInline(TabularInline):  # type: ignore[misc]
    """The departments of an institution."""

    model = Department
    fields = ("code", "name", "name_en", "is_open_online")
    extra = 0
    show_change_link = True
    can_delete = False


@admin.register(Institution)
class InstitutionAdmin(AuditedAdmin):
    """The hospital."""

    list_display = ("name", "code", "level", "grade", "region_code", "licence_until", "is_demonstration")
    search_fields = ("name", "name_en", "code")
    search_help_text = _("Name or insurance code.")
    inlines = (DepartmentInline,)
    fieldsets = (
        (_("Names"), {"fields": (("name", "name_en"), ("online_name", "online_name_en"))}),
        (
            _("What prices and insurance rest on"),
            {
                "fields": (("code", "region_code"), ("level", "grade", "ownership")),
                "description": _(
                    "Level and region decide which price holds; a change counts for new bills only."
                ),
            },
        ),
        (_("Licence"), {"fields": ("licence_number", ("licence_authority", "licence_until"))}),
        (_("Reaching it"), {"fields": (("address", "address_en"), "phone", "is_demonstration")}),
    )


@admin.register(Department)
class DepartmentAdmin(AuditedAdmin):
    """A department patients choose."""

    list_display = ("name", "name_en", "code", "institution", "is_open_online")
    list_filter = ("is_open_online", "institution")
    search_fields = ("name", "name_en", "code")
    search_help_text = _("Name or subject code.")


class QualificationInline(TabularInline):  # type: ignore[misc]
    """The papers of a practitioner."""

    model = Qualification
    fields = ("kind", "number", "valid_from", "valid_until", "verified_at")
    extra = 0
    can_delete = False


@admin.register(Practitioner)
class PractitionerAdmin(AuditedAdmin):
    """A doctor, pharmacist or nurse."""

    list_display = ("name", "title_badge", "department", "profession", "papers_until", "is_active")
    list_filter = ("profession", "title", "department", "is_active")
    search_fields = ("name", "name_en", "insurance_code", "user__username")
    search_help_text = _("Name, insurance code or staff number.")
    autocomplete_fields = ("user", "department", "institution")
    list_select_related = ("department",)
    inlines = (QualificationInline,)
    fieldsets = (
        (_("Who it is"), {"fields": (("name", "name_en"), ("profession", "title"), ("user", "is_active"))}),
        (_("Where"), {"fields": (("institution", "department"), "insurance_code")}),
        (
            _("What patients read"),
            {"fields": (("speciality", "speciality_en"), "practising_since")},
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Practitioner]:
        """With the papers, for the list."""
        rows: QuerySet[Practitioner] = super().get_queryset(request).prefetch_related("qualifications")
        return rows

    @display(description=_("professional title"), ordering="title")
    def title_badge(self, practitioner: Practitioner) -> str:
        """The title in words."""
        return practitioner.get_title_display()

    @display(
        description=_("papers valid until"), label={"ended": "danger", "soon": "warning", "fine": "success"}
    )
    def papers_until(self, practitioner: Practitioner) -> Any:
        """The day on which the first paper ends; red when one has ended, amber within 60 days."""
        ends = [paper.valid_until for paper in practitioner.qualifications.all() if paper.valid_until]
        if not ends:
            return "ended", _("no papers")
        left = (min(ends) - clock.day_of(clock.now())).days
        kind = "ended" if left <= 0 else "soon" if left <= 60 else "fine"
        return kind, f"{min(ends):%Y-%m-%d}"


class ReadOnlyInline(TabularInline):  # type: ignore[misc]
    """Rows that are looked at, not changed."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """By nobody here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """By nobody here."""
        return False


class GuardianshipInline(ReadOnlyInline):
    """Who acts for the patient."""

    model = Guardianship
    fields = ("user", "relation", "since_at", "ended_at")


class CoverageInline(ReadOnlyInline):
    """What was stated about the insurance."""

    model = Coverage
    fields = ("insurance_type", "insured_region", "stated_at", "ended_at")


class ReadMostlyAdmin(AuditedAdmin):
    """Made by the person herself, looked at here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """By the person herself."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """By operations only."""
        return False


@admin.register(Patient)
class PatientAdmin(ReadMostlyAdmin):
    """A patient, masked."""

    list_display = ("masked", "gender", "born_year", "masked_id_number", "masked_mobile", "verified_at")
    list_filter = ("gender", "verified_at")
    search_fields = ("name",)
    search_help_text = _("The whole name or the whole identity number.")
    fields = ("masked", "gender", "born_year", "masked_id_number", "masked_mobile", "verified_at")
    inlines = (GuardianshipInline, CoverageInline)

    @admin.display(description=_("full name"), ordering="name")
    def masked(self, patient: Patient) -> str:
        """First character and star."""
        return str(patient)

    @admin.display(description=_("year of birth"), ordering="born_on")
    def born_year(self, patient: Patient) -> str:
        """The year is enough to tell two people apart."""
        return str(patient.born_on.year)

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Patient], search_term: str) -> Any:
        """Encrypted numbers are found by their fingerprint; names only in full, so that nobody browses."""
        number = parse_id_number(search_term)
        if number:
            return queryset.filter(id_fingerprint=fingerprint(number.value)), False
        return (queryset.filter(name=search_term.strip()) if search_term.strip() else queryset), False


@admin.register(VerificationRequest)
class VerificationRequestAdmin(ReadMostlyAdmin):
    """What the identity register was asked, and what it said."""

    list_display = ("number", "masked", "relation", "state", "requested_at", "answered_at", "attempts")
    list_filter = ("state", "relation")
    search_fields = ("number",)
    search_help_text = _("Number of the verification.")
    fields = ("number", "masked", "relation", "state", "requested_at", "asked_at", "answered_at", "attempts")

    @admin.display(description=_("full name"))
    def masked(self, question: VerificationRequest) -> str:
        """First character and star."""
        return masked_name(question.name)


@admin.register(Guardianship)
class GuardianshipAdmin(AuditedAdmin):
    """Rights to act, given and ended at the desk with the identity card in hand."""

    list_display = ("patient", "user", "relation", "since_at", "ended_at")
    list_filter = ("relation", ("ended_at", admin.EmptyFieldListFilter))
    search_fields = ("patient__name", "user__username")
    search_help_text = _("Name of the patient or user name.")
    autocomplete_fields = ("user", "patient")
    fields = ("user", "patient", "relation")
    list_select_related = ("patient", "user")
    actions = ("end",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Ended and given anew, never changed."""
        return obj is None and super().has_change_permission(request)

    def save_model(self, request: HttpRequest, obj: Guardianship, form: Any, change: bool) -> None:  # noqa: FBT001
        """Give the right by the operation, which locks and writes it down."""
        right = operations.grant_guardianship(
            user_id=obj.user_id,
            patient_id=obj.patient_id,
            relation=obj.relation,
            by=user_of(request),
            at=clock.now(),
        )
        obj.pk = right.pk

    @action(description=_("End the chosen rights"))
    def end(self, request: HttpRequest, queryset: QuerySet[Guardianship]) -> None:
        """End each of them now."""
        for right in queryset:
            operations.withdraw_guardianship(guardianship_id=right.pk, by=user_of(request), at=clock.now())
        messages.success(request, _("The rights have ended; the rows stay as evidence."))
