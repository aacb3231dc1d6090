"""The documents of a bill, and each of them as a file."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts.permissions import signed_in_required, user_of
from billing.states import BillState
from kernel import clock, presentation
from receipts.errors import CannotSign
from receipts.operations import printed
from receipts.pages.presenters import listed
from receipts.permissions import hand_over
from receipts.queries.visible import bill_with_documents, is_hers, receipt_for, receipts_of
from receipts.states import Document, Language, Paper


@signed_in_required
@require_GET
def of_bill(request: HttpRequest, number: str) -> HttpResponse:
    """Every document of a bill, on the paper and in the language that she chooses."""
    user = user_of(request)
    bill = bill_with_documents(user, number.replace("\0", ""))
    is_own = is_hers(user, bill)
    paper, language = _paper(request), _language(request)
    context = {
        "bill": bill,
        "receipts": listed(receipts_of(bill), paper, language),
        "is_coming": bill.state == BillState.SETTLED,
        "paper": paper,
        "language": language,
        "papers": list(Paper),
        "shell": "base/patient.html" if is_own else "base/staff.html",
        "is_own": is_own,
        "rail": "finance",
        "back": reverse("checkout:bill", kwargs={"number": bill.number}) if is_own else "",
    }
    return render(request, "receipts/of_bill.html", context)


@signed_in_required
@require_GET
def document(request: HttpRequest, number: str, kind: str) -> HttpResponseBase:
    """One document as a signed file."""
    user, now = user_of(request), clock.now()
    receipt = receipt_for(user, number.replace("\0", ""))
    try:
        asked = Document(kind)
    except ValueError as unknown:
        raise Http404 from unknown
    paper, language = _paper(request), _language(request)
    try:
        kept = printed(receipt_id=receipt.pk, document=asked, paper=paper, language=language, at=now)
    except CannotSign as refusal:
        return render(
            request, "receipts/cannot_sign.html", {"text": refusal.message, "bill": receipt.bill}, status=503
        )
    hand_over(user, receipt, asked, at=now)
    name = f"{receipt.number}-{asked.value}-{paper.value}-{language.value}.pdf"
    answer = FileResponse(kept.file.open("rb"), content_type="application/pdf", filename=name)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _paper(request: HttpRequest) -> Paper:
    """What was chosen; A4, which every printer has, for anything else."""
    return Paper.A5 if request.GET.get("paper", "").upper() == Paper.A5 else Paper.A4


def _language(request: HttpRequest) -> Language:
    """What was chosen; for anything else the language of the page."""
    chosen = request.GET.get("lang", "")
    if chosen in list(Language):
        return Language(chosen)
    return Language.CHINESE if presentation.is_chinese() else Language.ENGLISH
