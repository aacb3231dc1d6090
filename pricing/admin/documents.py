"""Tariff documents in the administration."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display

from accounts.permissions import user_of
from kernel import clock
from pricing.admin.forms import DocumentForm
from pricing.admin.shown import period_of
from pricing.models import EvidenceGrade, TariffDocument
from pricing.operations import record_document

_WORDS = ("title", "title_en", "issuer", "issuer_en", "issued_on", "supersedes")
_TRACE = ("source_key", "found_at", "note", "note_en")


@admin.register(TariffDocument)
class TariffDocumentAdmin(ModelAdmin):  # type: ignore[misc]  # unfold has no types
    """A document that sets prices keeps number, region, grade and period; its words may be corrected."""

    form = DocumentForm
    list_display = ("number", "title", "region_code", "period_shown", "evidence_shown")
    list_filter = ("evidence", "region_code")
    search_fields = ("number", "title", "title_en")
    autocomplete_fields = ("supersedes",)
    list_filter_submit = True

    def has_delete_permission(self, request: HttpRequest, obj: TariffDocument | None = None) -> bool:
        """Never: a document is evidence."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: TariffDocument | None = None) -> tuple[str, ...]:
        """What its prices rest on is fixed once it sets one."""
        fixed = ("number", "region_code", "evidence", "period_shown")
        return (*fixed, "recorded_at", "content_sha256") if _sets_prices(obj) else ()

    def get_fieldsets(self, request: HttpRequest, obj: TariffDocument | None = None) -> list[Any]:
        """The document, where it holds, and how we know."""
        days = ("period_shown",) if _sets_prices(obj) else ("begins_on", "last_on")
        trace = (*_TRACE, "recorded_at", "content_sha256") if _sets_prices(obj) else _TRACE
        return [
            (None, {"fields": ("number", *_WORDS)}),
            (_("Where and when it holds"), {"fields": ("region_code", *days)}),
            (_("How we know"), {"fields": ("evidence", *trace)}),
        ]

    def get_form(self, request: HttpRequest, obj: TariffDocument | None = None, **kwargs: Any) -> Any:
        """Ask for the days only while they may be set."""
        form = super().get_form(request, obj, **kwargs)
        if not _sets_prices(obj):
            return form
        asked = {
            name: field for name, field in form.base_fields.items() if name not in {"begins_on", "last_on"}
        }
        return type(form.__name__, (form,), {"base_fields": asked, "begins_on": None, "last_on": None})

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Begin with the grade that is asked for most."""
        return {"evidence": EvidenceGrade.OFFICIAL, **super().get_changeform_initial_data(request)}

    def save_model(self, request: HttpRequest, obj: TariffDocument, form: Any, change: Any) -> None:
        """Record it with a trace."""
        record_document(document=obj, changed=form.changed_data, by=user_of(request), at=clock.now())

    @admin.display(description=_("in force"), ordering="effective")
    def period_shown(self, document: TariffDocument) -> str:
        """First and last day."""
        return period_of(document)

    @display(
        description=_("evidence"),
        label={"A": "success", "B": "info", "C": "warning", "D": "danger"},
        ordering="evidence",
    )
    def evidence_shown(self, document: TariffDocument) -> tuple[str, str]:
        """Grade in words."""
        return document.evidence, document.get_evidence_display()


def _sets_prices(document: TariffDocument | None) -> bool:
    return document is not None and document.prices.exists()
