"""Papers of an agreement: taken in clean, shown by the authorised view only."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import role_required, user_of
from encounters.uploads import UploadRefused
from insurance.models import AgreementDocument
from insurance.operations.agreement_documents import add_document
from insurance.pages.agreements.forms import PaperForm
from insurance.pages.agreements.listing import agreement_page, found
from insurance.permissions import OFFICE, READERS
from kernel import clock

# The same as for the papers of patients: a picture runs nothing at all, PDF is shown by the browser and nothing else.
_PICTURE_POLICY = (
    "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
)
_PDF_POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"


@require_POST
@role_required(*OFFICE)
def add(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """One more paper."""
    row, form = found(agreement_id), PaperForm(request.POST, request.FILES, auto_id="paper_%s")
    if not form.is_valid():
        return agreement_page(request, row, tried="paper", form=form, status=422)
    try:
        add_document(
            agreement_id=row.pk,
            title=form.cleaned_data["title"],
            upload=form.cleaned_data["file"],
            by=user_of(request),
            at=clock.now(),
        )
    except UploadRefused as error:
        form.add_error("file", str(error))
        return agreement_page(request, row, tried="paper", form=form, status=409)
    messages.success(request, _("The paper is on file."))
    return redirect("insurance:agreement", agreement_id)


@require_safe
@role_required(*READERS)
def show(request: HttpRequest, agreement_id: int, document_id: int) -> HttpResponseBase:
    """One paper, in the browser."""
    paper = AgreementDocument.objects.filter(agreement=agreement_id, pk=document_id).first()
    try:
        content = paper.file.open("rb") if paper else None
    except FileNotFoundError as error:
        raise Http404 from error
    if paper is None or content is None:
        raise Http404
    name = f"agreement-{paper.pk}.{paper.extension}"
    response = FileResponse(content, content_type=paper.content_type, filename=name, as_attachment=False)
    is_pdf = paper.content_type == "application/pdf"
    response["Content-Security-Policy"] = _PDF_POLICY if is_pdf else _PICTURE_POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
