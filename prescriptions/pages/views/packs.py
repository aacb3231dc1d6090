"""Packs that came back, and codes that were refused."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.models import Role, User
from accounts.permissions import role_required, user_of
from kernel import clock
from kernel.errors import DomainError
from prescriptions import operations, queries
from prescriptions.errors import PacksRefused
from prescriptions.models import Prescription
from prescriptions.rules.packs import LinePacks
from screening.errors import ScreeningRefused

SOLD_BEFORE = ("EP-12", "EP-13")


@never_cache
@require_POST
@role_required(Role.PHARMACIST)
def take_back(request: HttpRequest, number: str) -> HttpResponse:
    """Note packs that came back."""
    user = user_of(request)
    prescription = queries.prescription_for_review(user, number)
    codes = request.POST.getlist("codes")
    try:
        back = operations.take_back(
            prescription_id=prescription.pk, codes=codes, reason=request.POST.get("reason", ""), by=user,
            at=clock.now(),
        )  # fmt: skip
    except PacksRefused as error:
        messages.error(request, " ".join(str(one.message) for one in error.violations))
    else:
        said = ngettext("%(count)d pack noted as returned.", "%(count)d packs noted as returned.", len(back))
        messages.success(request, said % {"count": len(back)})
    return redirect("prescriptions:review", number)


def remember_suspicion(
    prescription: Prescription, packs: list[LinePacks], error: DomainError, *, by: User
) -> None:
    """Codes that were scanned before are kept for the insurance office, although nothing was handed out."""
    rules = {violation.rule for violation in error.violations}
    if isinstance(error, ScreeningRefused) or rules & set(SOLD_BEFORE):
        codes = [code for line in packs for code in line.codes]
        operations.note_suspicious_codes(prescription_id=prescription.pk, codes=codes, by=by, at=clock.now())
