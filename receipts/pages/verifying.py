"""Whether a receipt is genuine: open to everybody, and so limited."""

import hashlib
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.pages.views.session import address_of
from kernel.limits import Limit, LimitReached, LimitsUnavailable, take
from receipts.models import Receipt, ReceiptFile
from receipts.pages.forms import CODE, CodeForm, FileForm
from receipts.pages.presenters import state_words
from receipts.queries.visible import receipt_by_code

_MINUTE, _DAY = 60, 86_400
_PER_MINUTE, _PER_DAY = 30, 600
"""Questions of one address; ours: a clerk who checks a pile of receipts stays below, a machine that tries codes not."""


@never_cache
@require_http_methods(["GET", "POST"])
def entry(request: HttpRequest) -> HttpResponse:
    """Type the code of a receipt."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect("receipts:verify", code=form.cleaned_data["code"])
    return render(request, "receipts/verify_entry.html", {"form": form})


@never_cache
@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """What is known of a receipt, its state first; a file can be compared with those given out."""
    refusal = _limited(request)
    if refusal is not None:
        return refusal
    receipt = receipt_by_code(code) if CODE.fullmatch(code) else None
    if receipt is None:
        return render(request, "receipts/verify_unknown.html", {"form": CodeForm()}, status=404)
    form = FileForm(request.POST or None, request.FILES or None)
    context = _shown(receipt) | {"file_form": form}
    if request.method == "POST" and form.is_valid():
        context["same_file"] = _same_file(receipt, form.cleaned_data["file"])
    return render(request, "receipts/verify.html", context)


def _limited(request: HttpRequest) -> HttpResponse | None:
    """A refusal when this address asked too often."""
    address = address_of(request)
    try:
        take([
            Limit("receipts.verify.minute", address, _PER_MINUTE, _MINUTE),
            Limit("receipts.verify.day", address, _PER_DAY, _DAY),
        ])  # fmt: skip
    except LimitReached as reached:
        answer = render(request, "receipts/verify_limited.html", {"text": reached.message}, status=429)
        answer["Retry-After"] = str(reached.wait)
        return answer
    except LimitsUnavailable as unavailable:
        return render(request, "receipts/verify_limited.html", {"text": unavailable.message}, status=503)
    return None


def _shown(receipt: Receipt) -> dict[str, Any]:
    badge, word = state_words(receipt)
    return {
        "receipt": receipt,
        "badge": badge,
        "word": word,
        "institution": receipt.institution,
        "patient": receipt.bill.encounter.patient,
        "back": "",
        "tab": "",
    }


def _same_file(receipt: Receipt, file: Any) -> bool:
    """Whether exactly these bytes were given out for this receipt."""
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    return ReceiptFile.objects.filter(receipt=receipt, sha256=digest.hexdigest()).exists()
