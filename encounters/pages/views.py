"""A paper for those who may see it, and the list of diseases that fit what was typed."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.permissions import signed_in_required, user_of
from encounters.models import DiagnosisCode
from encounters.pages.forms import DISEASES_SHOWN, with_chosen
from encounters.queries import proof_file_for, search_diagnoses
from kernel.errors import NotFoundForYou

# A picture runs nothing at all. The sandbox would switch the browser's PDF reader off, so PDF (which was looked
# through for programmes when it came in) may be shown by it and do nothing else.
_PICTURE_POLICY = (
    "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
)
_PDF_POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"


@require_safe
@signed_in_required
def proof_file(request: HttpRequest, file_id: int) -> HttpResponseBase:
    """One paper, shown in the browser; 404 for everybody it is not for."""
    try:
        file = proof_file_for(user_of(request), file_id)
        content = file.file.open("rb")
    except (NotFoundForYou, FileNotFoundError) as error:
        raise Http404 from error
    name = f"proof-{file.pk}.{file.extension}"
    response = FileResponse(content, content_type=file.content_type, filename=name, as_attachment=False)
    is_pdf = file.content_type == "application/pdf"
    response["Content-Security-Policy"] = _PDF_POLICY if is_pdf else _PICTURE_POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@never_cache
@require_safe
@signed_in_required
def diagnoses(request: HttpRequest) -> HttpResponse:
    """Part of the complaint page: diseases as choices, what was chosen before first."""
    text = request.GET.get("q", "").strip()
    chosen = request.GET.get("disease_id", "")
    code = DiagnosisCode.objects.filter(pk=int(chosen)).first() if chosen.isdecimal() else None
    found = with_chosen(search_diagnoses(text, limit=DISEASES_SHOWN), code)
    context = {"found": found, "text": text, "chosen": code.pk if code else None}
    return render(request, "encounters/_diagnoses.html", context)
