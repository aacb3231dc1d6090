"""A draft is begun, described, filled and changed row by row."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import role_required, user_of
from kernel import clock
from kernel.errors import DomainError
from kernel.forms import show_refusal
from pricing.models import PriceItem, PriceRevision, ProposedPrice
from pricing.operations import revising
from pricing.operations.revising.copying import Selection
from pricing.pages.office.forms import CopyForm, RevisionForm, VersionForm, tomorrow
from pricing.pages.office.row_form import RowForm, band_forms
from pricing.pages.office.views.common import found, refusal_words
from pricing.permissions import MAY_CHANGE, can_change
from pricing.queries.revisions import rows_of
from pricing.rules.kinds import BandAxis
from pricing.rules.search import search_term

_MOST_ITEMS = 50
_GET_OR_POST = ["GET", "POST"]


@require_http_methods(_GET_OR_POST)
@role_required(*MAY_CHANGE)
def begin(request: HttpRequest) -> HttpResponse:
    """Begin a draft."""
    form = RevisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        revision = revising.create_revision(
            title=typed["title"],
            document_id=typed["document"].pk,
            institution_id=typed["institution"].pk if typed["institution"] else None,
            reaches_back=typed["reaches_back"],
            note=typed["note"],
            by=user_of(request),
            at=clock.now(),
        )
        return redirect("pricing:office_revision", revision.number)
    return _form_page(request, {"form": form}, "describe")


@require_http_methods(_GET_OR_POST)
@role_required(*MAY_CHANGE)
def describe(request: HttpRequest, number: str) -> HttpResponse:
    """Describe it anew."""
    revision = _changeable(request, number)
    form = RevisionForm.of(revision, request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        revising.change_revision(
            revision_id=revision.pk,
            title=typed["title"],
            document_id=typed["document"].pk,
            reaches_back=typed["reaches_back"],
            note=typed["note"],
            by=user_of(request),
            at=clock.now(),
        )
        return redirect("pricing:office_revision", number)
    return _form_page(request, {"form": form, "revision": revision}, "describe")


@require_GET
@role_required(*MAY_CHANGE)
def items(request: HttpRequest, number: str) -> HttpResponse:
    """Find the item of a new row by name, pinyin, initials or code."""
    revision, typed = _changeable(request, number), request.GET.get("q", "").strip()
    offered = PriceItem.objects.filter(priced_as__isnull=True)
    if not revision.document.is_demonstration:
        offered = offered.filter(is_demonstration=False)
    if typed:
        offered = offered.filter(search_key__contains=search_term(typed))
    context = {"rail": "prices", "revision": revision, "q": typed, "items": offered[:_MOST_ITEMS]}
    return render(request, "pricing/office/items.html", context)


@require_http_methods(_GET_OR_POST)
@role_required(*MAY_CHANGE)
def new_row(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """A new row of an item."""
    revision = _changeable(request, number)
    item = PriceItem.objects.filter(code=code).first()
    if item is None:
        raise Http404
    return _edit_row(request, revision, item, None)


@require_http_methods(_GET_OR_POST)
@role_required(*MAY_CHANGE)
def row(request: HttpRequest, number: str, row_id: int) -> HttpResponse:
    """Change a row."""
    revision = _changeable(request, number)
    present = rows_of(revision).filter(pk=row_id).first()
    if present is None:
        raise Http404
    return _edit_row(request, revision, present.item, present)


def _edit_row(
    request: HttpRequest, revision: PriceRevision, item: PriceItem, present: ProposedPrice | None
) -> HttpResponse:
    typed = request.POST or None
    only_fields = any(name in request.POST for name in ("change_kind", "more_bands"))
    form = RowForm(
        typed,
        revision=revision,
        item=item,
        present=present,
        begins_on=tomorrow(clock.day_of(clock.now())),
    )
    bands = band_forms(typed, present, more="more_bands" in request.POST)
    axis = str(form["band_axis"].value() or "") if "band_axis" in form.fields else ""
    context = {
        "form": form,
        "bands": bands,
        "revision": revision,
        "item": item,
        "present": present,
        "shows_bounds": axis != BandAxis.BODY_PART,
        "shows_parts": axis in {"", BandAxis.BODY_PART},
    }
    if only_fields:
        # Other fields are asked for: what was typed is shown again, and nothing is judged yet.
        form.errors.clear()
        return _form_page(request, context, "row")
    if typed is not None and form.is_valid() and (not bands.is_bound or bands.is_valid()):
        try:
            said = [band.said for band in bands if band.said]
            revising.put_row(revision_id=revision.pk, row=form.row(said), by=user_of(request), at=clock.now())
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("The row is written."))
            return redirect("pricing:office_revision", revision.number)
    return _form_page(request, context, "row", status=422 if typed else 200)


@require_POST
@role_required(*MAY_CHANGE)
def drop(request: HttpRequest, number: str, row_id: int) -> HttpResponse:
    """Take a row out."""
    revision = _changeable(request, number)
    revising.drop_row(revision_id=revision.pk, row_id=row_id, by=user_of(request), at=clock.now())
    messages.success(request, _("The row is taken out."))
    return redirect("pricing:office_revision", number)


@require_http_methods(_GET_OR_POST)
@role_required(*MAY_CHANGE)
def copy(request: HttpRequest, number: str) -> HttpResponse:
    """Fill the draft from the prices in force, or from another version."""
    revision = _changeable(request, number)
    of_version = request.POST.get("source") == "version"
    day = {"begins_on": tomorrow(clock.day_of(clock.now()))}
    current = CopyForm(request.POST if request.POST and not of_version else None, initial=day)
    version = VersionForm(request.POST if of_version else None, revision=revision)
    form = version if of_version else current
    if request.method == "POST" and form.is_valid():
        try:
            count = _copied(request, revision, form.cleaned_data, of_version=of_version)
        except DomainError as error:
            messages.error(request, refusal_words(error))
        else:
            said = ngettext("%(count)d row was copied.", "%(count)d rows were copied.", count)
            messages.success(request, said % {"count": count})
            return redirect("pricing:office_revision", number)
    context = {"form": form, "current": current, "version": version, "revision": revision}
    return _form_page(request, context, "copy")


def _copied(request: HttpRequest, revision: PriceRevision, typed: dict[str, Any], *, of_version: bool) -> int:
    by, at = user_of(request), clock.now()
    if of_version:
        return revising.copy_version(
            revision_id=revision.pk,
            earlier_id=typed["earlier"].pk,
            begins_on=typed["version_begins_on"],
            by=by,
            at=at,
        )
    selection = Selection(
        search=typed["q"],
        category=typed["category"],
        region_code=typed["region"],
        institution_level=int(typed["level"]) if typed["level"] else None,
        document_id=typed["document"].pk if typed["document"] else None,
    )
    return revising.copy_from_current(
        revision_id=revision.pk, selection=selection, begins_on=typed["begins_on"], by=by, at=at
    )


def _changeable(request: HttpRequest, number: str) -> PriceRevision:
    """The revision, when its rows may be changed.

    Raises:
        Http404: there is none, or it is published, superseded or abandoned.
    """
    revision = found(number)
    if not can_change(user_of(request), revision):
        raise Http404
    return revision


def _form_page(
    request: HttpRequest, context: dict[str, Any], name: str, *, status: int = 200
) -> HttpResponse:
    return render(request, f"pricing/office/{name}.html", {"rail": "prices", **context}, status=status)
