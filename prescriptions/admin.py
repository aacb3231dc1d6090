"""The drug catalogue in the administration, and prescriptions to look up."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline

from accounts.admin import AuditedAdmin
from prescriptions.models import Drug, Finding, Prescription, PrescriptionLine


@admin.register(Drug)
class DrugAdmin(AuditedAdmin):
    """What may be prescribed, its limits and its stock; what it costs stands with the prices."""

    list_display = ("generic_name", "strength", "code", "stock", "reserved", "special_class", "is_active")
    list_filter = ("is_active", "special_class", "is_cold_chain", "allows_long_term", "dose_grade")
    search_fields = ("search_key",)
    search_help_text = _("Generic name, pinyin, initials or code.")
    readonly_fields = ("code", "item", "reserved")
    fieldsets = (
        (_("Names"), {"fields": (("generic_name", "generic_name_en"), ("code", "item"), ("ingredients", "class_code"))}),
        (_("Content"), {"fields": (("form", "strength", "route"), ("dose_per_unit", "dose_unit", "unit"), ("units_per_pack", "pack", "is_divisible"))}),
        (_("Dose"), {"fields": (("usual_dose", "usual_frequency", "usual_timing"), ("max_dose", "max_dose_days"), ("dose_source", "dose_grade"))}),
        (_("Limits"), {"fields": (("special_class", "is_cold_chain"), ("allows_long_term", "for_men_only"))}),
        (_("Stock"), {"fields": (("stock", "reserved", "is_active"),)}),
    )  # fmt: skip

    def has_add_permission(self, request: HttpRequest) -> bool:
        """New drugs come with the reviewed catalogue files."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """A drug leaves the catalogue by being made inactive."""
        return False


class _Shown(TabularInline):  # type: ignore[misc]
    """Parts of a prescription: to be read only."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Never here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Never here."""
        return False


class LineInline(_Shown):
    """The medicines."""

    model = PrescriptionLine
    fields = ("number", "drug", "dose", "frequency", "timing", "days", "packs")


class FindingInline(_Shown):
    """What the rules found."""

    model = Finding
    fields = ("rule", "severity", "message", "keep_reason", "source")


@admin.register(Prescription)
class PrescriptionAdmin(AuditedAdmin):
    """Where a prescription stands; written, reviewed and handed out at their own desks."""

    list_display = (
        "number",
        "version",
        "state",
        "prescriber",
        "signed_at",
        "effective_at",
        "paid_at",
        "dispensed_at",
    )
    list_filter = ("state", "is_long_term")
    search_fields = ("number", "encounter__number")
    list_select_related = ("prescriber",)
    inlines = (LineInline, FindingInline)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Only doctors write, in a visit."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """To be read only."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Kept for 15 years."""
        return False
