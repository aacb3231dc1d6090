"""Questions of machines, answered from the tariffs."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError
from pricing.queries.reasoned import ReasonedQuote, reasoned_quote, reasoned_quote_for
from pricing.rules import quote
from pricing.rules.wire import QuoteRequest
from registry.models import Institution


class InstitutionUnknown(DomainError):
    """No such institution here."""

    code = "institution_unknown"
    default_message = _("There is no institution with this code.")


def answered(request: QuoteRequest, *, today: date) -> ReasonedQuote:
    """The quote that was asked for; ``today`` is the day of service where none is said.

    Raises:
        InstitutionUnknown: its code is not known.
        PricingRefused: see ``pricing.rules.quote``.
    """
    if request.context is None:
        return _at_institution(request, today)
    if request.facts is None:
        return reasoned_quote(request.lines, request.context, charged=request.charged)
    priced = quote(request.lines, request.context, request.facts)
    return ReasonedQuote(request.lines, request.context, request.facts, priced)


def _at_institution(request: QuoteRequest, today: date) -> ReasonedQuote:
    institution = Institution.objects.filter(code=request.institution).first()
    if institution is None:
        raise InstitutionUnknown
    return reasoned_quote_for(
        lines=request.lines,
        institution=institution,
        service_on=request.service_on or today,
        practitioner_title=request.practitioner_title,
        patient_age=request.patient_age,
        department=request.department,
        encounter=request.encounter,
        charged=request.charged,
    )
