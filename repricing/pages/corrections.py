"""Corrections of what was charged: the list, one batch, and the acts on it."""

from itertools import groupby

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import role_required, user_of
from kernel import clock, live
from kernel.errors import DomainError
from refunds.models import RefundRequest
from repricing import operations
from repricing.models import Burden, CorrectionBatch, CorrectionLine, Payback
from repricing.pages.csv_file import lines_as_csv
from repricing.pages.forms import ReasonForm, ReceiptForm
from repricing.pages.words import BATCHES, PAYBACKS, SKIPPED, Badge, refusal_in_words
from repricing.permissions import OFFICE, READERS
from repricing.queries.lines import BillSums, shown_lines, sums_of
from repricing.queries.lists import batch_numbered, batches, paybacks_of
from repricing.queries.refunds import refunds_of
from repricing.states import BATCH, BatchEvent, BatchState, PaybackState

_LINES_ON_A_PAGE = 50
_BATCHES_ON_A_PAGE = 30
_PAYBACKS_SHOWN = 100
_MOVING = (BatchState.COLLECTING, BatchState.CARRYING_OUT)


@role_required(*READERS)
@require_GET
def batch_list(request: HttpRequest) -> HttpResponse:
    """Batches, the newest first."""
    page = Paginator(batches(), _BATCHES_ON_A_PAGE).get_page(request.GET.get("page"))
    shown = [(each, BATCHES[BatchState(each.state)]) for each in page]
    return render(
        request, "repricing/corrections.html", {"page": page, "shown": shown, "rail": "corrections"}
    )


@role_required(*READERS)
@require_GET
def batch(request: HttpRequest, number: str) -> HttpResponse:
    """Every difference, bill by bill, and what can be done about them."""
    found = batch_numbered(number)
    return render(request, "repricing/correction.html", _context(request, found))


@role_required(*READERS)
@require_GET
def batch_fragment(request: HttpRequest, number: str) -> HttpResponse:
    """How far it has come; when that has ended the page shows it by itself."""
    found = batch_numbered(number)
    reply = render(request, "repricing/_moving.html", _moving(found))
    if found.state not in _MOVING:
        reply["X-Location"] = reverse("repricing:correction", args=[number])
    return reply


@role_required(*READERS)
@require_GET
def batch_csv(request: HttpRequest, number: str) -> HttpResponse:
    """All lines as a file for a spreadsheet."""
    found = batch_numbered(number)
    reply = HttpResponse(lines_as_csv(shown_lines(found.pk)), content_type="text/csv; charset=utf-8")
    reply["Content-Disposition"] = f'attachment; filename="{found.number}.csv"'
    return reply


def _moving(found: CorrectionBatch) -> dict[str, object]:
    return {"batch": found, "badge": BATCHES[BatchState(found.state)]}


def _context(request: HttpRequest, found: CorrectionBatch) -> dict[str, object]:
    user = user_of(request)
    page = Paginator(shown_lines(found.pk), _LINES_ON_A_PAGE).get_page(request.GET.get("page"))
    sums = sums_of(found.pk)
    return {
        **_moving(found),
        "page": page,
        "bills": _by_bill(list(page)),
        "sums": sums,
        "paybacks": _paybacks(found),
        "paybacks_shown": _PAYBACKS_SHOWN,
        "is_moving": found.state in _MOVING,
        "is_draft": found.state == BatchState.DRAFTED,
        "may_act": user.is_in_any(OFFICE),
        "is_own": found.drafted_by_id == user.pk,
        "can": {event.value: BATCH.allows(found.state, event) for event in BatchEvent},
        "burdens": Burden.choices,
        "live_token": live.token_for(f"corrections:{found.pk}", user.pk),
        "rail": "corrections",
    }


def _paybacks(found: CorrectionBatch) -> list[tuple[Payback, Badge, RefundRequest | None]]:
    """Each with its badge and the refund that gives it back at the channel, if one does."""
    rows = list(paybacks_of(found)[:_PAYBACKS_SHOWN])
    refunds = refunds_of([row.pk for row in rows])
    return [(row, PAYBACKS[PaybackState(row.state)], refunds.get(row.pk)) for row in rows]


def _by_bill(lines: list[CorrectionLine]) -> list[BillSums]:
    for line in lines:
        line.refused_because = refusal_in_words(line.refusal) if line.refusal else ""  # type: ignore[attr-defined]
        line.skipped_because = SKIPPED.get(line.skipped, "")  # type: ignore[attr-defined]
    return [
        BillSums(bill.number, bill.encounter.number, str(bill.encounter.patient), tuple(same))
        for bill, same in groupby(lines, key=lambda line: line.charge.bill)
    ]


_ACTS = {
    "approve": operations.approve,
    "return": operations.return_batch,
    "abandon": operations.abandon,
    "collect_again": operations.collect_again,
    "carry_out": operations.carry_out,
}


@role_required(*OFFICE)
@require_POST
def act(request: HttpRequest, number: str) -> HttpResponse:
    """Agree, return, collect again, carry out, give up, or say who bears increases."""
    found = batch_numbered(number)
    wanted = request.POST.get("act", "")
    try:
        if wanted in Burden.values:
            operations.set_burden(
                batch_id=found.pk, burden=Burden(wanted), by=user_of(request), at=clock.now()
            )
        elif wanted in _ACTS:
            _ACTS[wanted](batch_id=found.pk, by=user_of(request), at=clock.now())
        else:
            raise Http404
    except DomainError as refusal:
        messages.error(request, _said(refusal))
    return redirect("repricing:correction", number)


@role_required(*OFFICE)
@require_POST
def line_act(request: HttpRequest, number: str, line_id: int) -> HttpResponse:
    """Leave a line out, or take it in again."""
    line = get_object_or_404(CorrectionLine, pk=line_id, batch__number=number)
    form = ReasonForm(request.POST)
    form.is_valid()
    try:
        if "take_in" in request.POST:
            operations.take_in(line_id=line.pk, by=user_of(request), at=clock.now())
        else:
            reason = form.cleaned_data.get("reason", "")
            operations.leave_out(line_id=line.pk, reason=reason, by=user_of(request), at=clock.now())
    except DomainError as refusal:
        messages.error(request, _said(refusal))
    page = request.POST.get("page", "1")
    return redirect(f"{reverse('repricing:correction', args=[number])}?page={page}#line-{line_id}")


@role_required(*OFFICE)
@require_POST
def paid_back(request: HttpRequest, number: str, payback_id: int) -> HttpResponse:
    """The money office notes that the money is back."""
    payback = get_object_or_404(Payback, pk=payback_id, batch__number=number)
    form = ReceiptForm(request.POST)
    form.is_valid()
    receipt = form.cleaned_data.get("receipt", "")
    try:
        operations.note_payback(payback_id=payback.pk, receipt=receipt, by=user_of(request), at=clock.now())
    except DomainError as refusal:
        messages.error(request, _said(refusal))
    return redirect(f"{reverse('repricing:correction', args=[number])}#paybacks")


def _said(refusal: DomainError) -> str:
    """What is wrong and the way on, in one line."""
    ways = [str(violation.way_on) for violation in refusal.violations if violation.way_on]
    message = refusal.message if refusal.violations else _("This step is not possible any more.")
    return " ".join([str(message), *ways])
