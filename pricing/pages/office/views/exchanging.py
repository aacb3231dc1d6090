"""Tables out and in."""

from collections.abc import Iterable, Mapping

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import role_required, user_of
from kernel import clock
from kernel.errors import DomainError
from pricing.models import Price, PriceImport, PriceRevision
from pricing.operations import revising
from pricing.operations.revising.import_rows import proposal_of
from pricing.pages.office.forms import FileForm
from pricing.pages.office.presenters.comparison import lines_of, sums_of
from pricing.pages.office.views.common import found, refusal_words
from pricing.permissions import MAY_CHANGE, MAY_SEE, can_change
from pricing.queries.revisions import known_prices, prices_by_key, rows_of
from pricing.queries.texts import texts_of
from pricing.queries.versions import differences_to_force
from pricing.rules.price_table import COLUMNS, TableRead, TableRow, csv_of, faults_as_csv, xlsx_of
from pricing.rules.price_table.reading import MOST_BYTES
from pricing.states import ImportState

_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
_SHOWN_LINES = 100
_SHOWN_FAULTS = 200


@require_GET
@role_required(*MAY_SEE)
def template(request: HttpRequest, form: str) -> HttpResponse:
    """An empty table with its headings; the workbook says on a second sheet what to write where."""
    return _file((), form, "price-table")


@require_GET
@role_required(*MAY_SEE)
def in_force(request: HttpRequest, form: str) -> HttpResponse:
    """The prices in force today; ``document`` narrows them to those of one document."""
    today = clock.day_of(clock.now())
    prices = Price.objects.in_force_on(today).select_related("item", "base_item", "institution")
    if request.GET.get("document"):
        prices = prices.filter(document__number=request.GET["document"])
    rows = (texts_of(price) for price in prices.order_by("item__code", "region_code", "pk"))
    return _file(rows, form, f"prices-{today.isoformat()}")


@require_GET
@role_required(*MAY_SEE)
def export(request: HttpRequest, number: str, form: str) -> HttpResponse:
    """The rows of a revision; the file can be imported again as it is."""
    return _file((texts_of(row) for row in rows_of(found(number))), form, number)


def _file(rows: Iterable[Mapping[str, str]], form: str, name: str) -> HttpResponse:
    if form not in _TYPES:
        raise Http404
    content = xlsx_of(rows) if form == "xlsx" else csv_of(rows)
    return _download(content, _TYPES[form], f"{name}.{form}")


def _download(content: bytes, kind: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=kind, headers=headers)


@require_http_methods(["GET", "POST"])
@role_required(*MAY_CHANGE)
def receive(request: HttpRequest, number: str) -> HttpResponse:
    """Choose a file; it is read without changing anything."""
    revision = _changeable(request, number)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        if file.size > MOST_BYTES:
            form.add_error("file", _("The file is larger than %(most)s MB. Split it.") % {"most": MOST_BYTES // 1024 // 1024})  # fmt: skip
        else:
            found_import = revising.receive_import(
                revision_id=revision.pk,
                file_name=file.name,
                content=file.read(),
                by=user_of(request),
                at=clock.now(),
            )
            return redirect("pricing:office_imported", number, found_import.pk)
    context = {"rail": "prices", "revision": revision, "form": form, "columns": COLUMNS}
    status = 422 if form.errors else 200
    return render(request, "pricing/office/import.html", context, status=status)


@require_GET
@role_required(*MAY_CHANGE)
def received(request: HttpRequest, number: str, import_id: int) -> HttpResponse:
    """What a file says: how far it is read, every fault with its cell, or the differences it makes."""
    revision, one = _of(request, number, import_id)
    context = {"rail": "prices", "revision": revision, **_told(request, one)}
    return render(request, "pricing/office/imported.html", context)


@require_GET
@role_required(*MAY_CHANGE)
def received_fragment(request: HttpRequest, number: str, import_id: int) -> HttpResponse:
    """The same part again, while it is read or taken."""
    revision, one = _of(request, number, import_id)
    if one.state == ImportState.TAKEN:
        messages.success(request, _("All rows of the file are in the draft."))
        address = redirect("pricing:office_revision", number).url
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    context = {"revision": revision, **_told(request, one)}
    return render(request, "pricing/office/_imported.html", context)


def _told(request: HttpRequest, one: PriceImport) -> dict[str, object]:
    faults = _faults_of(one)
    told: dict[str, object] = {
        "one": one,
        "is_busy": one.state in {ImportState.WAITING, ImportState.TAKING},
        "faults": faults[:_SHOWN_FAULTS],
        "fault_count": len(faults),
        "row_count": len(one.rows),
    }
    if one.state == ImportState.READ:
        told |= _differences(one, request)
    return told


def _faults_of(one: PriceImport) -> list[dict[str, str]]:
    """In the page's language."""
    by_language: dict[str, list[dict[str, str]]] = one.faults
    return by_language.get(get_language() or settings.LANGUAGE_CODE) or next(iter(by_language.values()), [])


def _differences(one: PriceImport, request: HttpRequest) -> dict[str, object]:
    """What the rows would change beside the prices in force; only the first hundred are shown."""
    revision, at = one.revision, clock.now()
    table = TableRead(rows=[TableRow(number, texts) for number, texts in one.rows])
    rows = proposal_of(revision, table, at=at, is_checked=True).rows
    known = prices_by_key(known_prices(row.item_id for row in rows))
    differences = differences_to_force(revision, rows, known)
    changed = [each for each in differences if each.change != "same"]
    page = Paginator(changed, _SHOWN_LINES).get_page(request.GET.get("page"))
    return {"lines": lines_of(list(page.object_list), at), "page": page, "sums": sums_of(differences)}


@require_GET
@role_required(*MAY_CHANGE)
def faults(request: HttpRequest, number: str, import_id: int) -> HttpResponse:
    """All faults as a table, to work through beside the file."""
    _revision, one = _of(request, number, import_id)
    heading = [_("Cell"), _("Column"), _("What stands there"), _("What is wrong"), _("What to do")]
    lines = ([each[key] for key in ("cell", "column", "typed", "said", "way_on")] for each in _faults_of(one))
    return _download(faults_as_csv(heading, lines), _TYPES["csv"], f"{number}-faults.csv")


@require_POST
@role_required(*MAY_CHANGE)
def take(request: HttpRequest, number: str, import_id: int) -> HttpResponse:
    """Take all rows of the file into the draft."""
    _revision, one = _of(request, number, import_id)
    try:
        taken = revising.take_import(
            import_id=one.pk,
            replace_all="replace_all" in request.POST,
            by=user_of(request),
            at=clock.now(),
        )
    except DomainError as error:
        messages.error(request, refusal_words(error))
        return redirect("pricing:office_imported", number, import_id)
    if taken.state == ImportState.TAKEN:
        messages.success(request, _("All rows of the file are in the draft."))
        return redirect("pricing:office_revision", number)
    return redirect("pricing:office_imported", number, import_id)


def _changeable(request: HttpRequest, number: str) -> PriceRevision:
    revision = found(number)
    if not can_change(user_of(request), revision):
        raise Http404
    return revision


def _of(request: HttpRequest, number: str, import_id: int) -> tuple[PriceRevision, PriceImport]:
    revision = found(number)
    one = (
        PriceImport.objects.select_related("revision__document", "revision__institution")
        .defer("content")
        .filter(pk=import_id, revision=revision)
        .first()
    )
    if one is None:
        raise Http404
    return revision, one
