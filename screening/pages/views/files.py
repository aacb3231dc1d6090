"""Files in and out: published knowledge points, and lists to take away."""

import csv
import io
from collections.abc import Iterable, Sequence

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from openpyxl import Workbook

from accounts.permissions import role_required, user_of
from kernel import clock
from kernel.errors import DomainError
from kernel.forms import show_refusal
from screening import operations
from screening.models import KnowledgeImport
from screening.pages import presenters
from screening.pages.forms import ImportForm
from screening.pages.views.rules import rule_with
from screening.permissions import OFFICE
from screening.rules.knowledge_file import MOST_BYTES

_SHOWN_FAULTS, _SHOWN_POINTS = 200, 50
_RISKY = ("=", "+", "-", "@", "\t", "\r")
"""Beginnings that a spreadsheet would run as a formula."""
_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


@require_http_methods(["GET", "POST"])
@role_required(*OFFICE)
def receive(request: HttpRequest, number: str) -> HttpResponse:
    """Choose a file for a rule; it is read without changing anything."""
    rule = rule_with(number)
    form = ImportForm(rule, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        chosen, file = form.cleaned_data, form.cleaned_data["file"]
        if file.size > MOST_BYTES:
            form.add_error(
                "file", _("The file is larger than %(most)s MB.") % {"most": MOST_BYTES // 1024 // 1024}
            )
        else:
            try:
                one = operations.receive_import(
                    rule_id=rule.pk, batch=chosen["batch"], grade=chosen["grade"], file_name=file.name,
                    content=file.read(), by=user_of(request), at=clock.now(),
                )  # fmt: skip
            except DomainError as error:
                show_refusal(form, error)
            else:
                return redirect("screening:imported", one.pk)
    context = {
        "rail": "insurance",
        "tab": "screening",
        "part": "rules",
        "view": presenters.shown_rule(rule),
        "form": form,
    }
    return render(request, "screening/office/import.html", context, status=422 if form.errors else 200)


def _import_with(import_id: int) -> KnowledgeImport:
    one = (
        KnowledgeImport.objects.select_related("rule", "uploaded_by", "taken_by").filter(pk=import_id).first()
    )
    if one is None:
        raise Http404
    return one


@require_safe
@role_required(*OFFICE)
def imported(request: HttpRequest, import_id: int) -> HttpResponse:
    """What a file says: every fault with its cell, or the points it would bring."""
    one = _import_with(import_id)
    faults = presenters.faults_of(one)
    context = {
        "rail": "insurance", "tab": "screening", "part": "rules", "one": one, "view": presenters.shown_rule(one.rule),
        "faults": faults[:_SHOWN_FAULTS], "fault_count": len(faults), "points": one.read_points[:_SHOWN_POINTS],
        "now": one.rule.points.filter(batch=one.batch).exclude(grade="D").count(),
    }  # fmt: skip
    return render(request, "screening/office/imported.html", context)


@require_safe
@role_required(*OFFICE)
def faults(request: HttpRequest, import_id: int) -> HttpResponse:
    """All faults as a table, to work through beside the file."""
    one = _import_with(import_id)
    heading = [_("Sheet"), _("Cell"), _("What stands there"), _("What is wrong")]
    rows = ([row["sheet"], row["cell"], row["typed"], row["said"]] for row in presenters.faults_of(one))
    return table(heading, rows, "csv", f"{one.rule.number}-faults")


@require_POST
@role_required(*OFFICE)
def take(request: HttpRequest, import_id: int) -> HttpResponse:
    """Put the points of the file in the place of those of its batch."""
    one = _import_with(import_id)
    try:
        operations.take_import(import_id=one.pk, by=user_of(request), at=clock.now())
    except DomainError as error:
        messages.error(request, str(error.message))
        return redirect("screening:imported", import_id)
    messages.success(request, _("The points of the file are in force."))
    return redirect("screening:rule", one.rule.number)


def table(heading: Sequence[str], rows: Iterable[Sequence[str]], form: str, name: str) -> HttpResponse:
    """A table to take away, CSV with a mark or a workbook.

    Raises:
        Http404: neither of the two forms.
    """
    if form not in _TYPES:
        raise Http404
    content = _xlsx(heading, rows) if form == "xlsx" else _csv(heading, rows)
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form}"'}
    return HttpResponse(content, content_type=_TYPES[form], headers=headers)


def _csv(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(heading)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return f"\ufeff{buffer.getvalue()}".encode()


def _xlsx(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet()
    sheet.append(list(heading))
    for row in rows:
        sheet.append([_harmless(cell) for cell in row])
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_RISKY) else text
