"""What a machine may ask."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from kernel.errors import DomainError, Violation, refuse_if_any
from pricing.rules.decoding import decoded, json_of
from pricing.rules.facts import ChargedLine, QuoteContext, ServiceLine, TariffFacts

MOST_LINES = 100
_OLDEST = 150  # years
_OURS = "our rule: a question with one meaning"


class RequestRefused(DomainError):
    """The question says too little, too much, or two things at once."""

    code = "not_answerable"


@dataclass(frozen=True, slots=True)
class QuoteRequest:
    """A question: lines, and where, when, by whom and for whom."""

    lines: tuple[ServiceLine, ...]
    institution: str = ""
    """Insurance code of the institution, e.g. H33010000001."""
    service_on: date | None = None
    """None for today."""
    practitioner_title: str | None = None
    patient_age: int | None = None
    """Whole years on the day of the service."""
    department: str = ""
    encounter: str = ""
    charged: tuple[ChargedLine, ...] = ()
    """What was charged to the patient before."""
    context: QuoteContext | None = None
    """Circumstances in full, instead of the institution and what follows it."""
    facts: TariffFacts | None = None
    """To look at instead of the tariffs in the database; only with ``context``."""


def read_request(text: str) -> QuoteRequest:
    """A question from its JSON.

    Raises:
        NotJson: it is no JSON.
        NotReadable: a field is unknown, missing or of another kind.
        RequestRefused: no lines, too many, a reference twice, or no single place.
    """
    request = decoded(QuoteRequest, json_of(text))
    refuse_if_any(request_violations(request), RequestRefused)
    return request


def request_violations(request: QuoteRequest) -> Iterator[Violation]:
    """PR-91: a question names 1 to 100 lines, each by a reference of its own, and one place.

    Source: our rule: a question with one meaning.
    """
    if not 1 <= len(request.lines) <= MOST_LINES:
        yield _violation("lines", _("Ask for 1 to %(most)s lines.") % {"most": MOST_LINES})
    references: set[str] = set()
    for number, line in enumerate(request.lines):
        if not line.reference or line.reference in references:
            yield _violation(f"lines[{number}].reference", _("Each line has a reference of its own."))
        references.add(line.reference)
    if bool(request.institution) == (request.context is not None):
        yield _violation("institution", _("Give the code of the institution, or the context, not both."))
    yield from _case_violations(request)
    if request.facts is not None and request.context is None:
        yield _violation("facts", _("Facts are looked at in a context that is given with them."))
    if request.facts is not None and request.charged:
        yield _violation("charged", _("Facts hold what was charged before; do not give it twice."))


def _case_violations(request: QuoteRequest) -> Iterator[Violation]:
    ages = {
        "patient_age": request.patient_age,
        "context.patient_age": request.context.patient_age if request.context else None,
    }
    for field, age in ages.items():
        if age is not None and not 0 <= age <= _OLDEST:
            yield _violation(field, _("An age is from 0 to %(oldest)s years.") % {"oldest": _OLDEST})
    for name in ("service_on", "practitioner_title", "patient_age", "department", "encounter"):
        if request.context is not None and getattr(request, name) not in (None, ""):
            yield _violation(name, _("The context says this already."))


def _violation(field: str, message: str) -> Violation:
    return Violation("PR-91", message, field=field, source=_OURS)
