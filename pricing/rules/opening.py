"""Policy switches: when a service may be opened and closed."""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext_lazy as _

from kernel.errors import Violation
from kernel.period import Period
from pricing.rules.facts import DocumentFact, OpeningFact
from pricing.rules.kinds import CLOSED_UNTIL_OPENED, Service
from pricing.rules.lookup import regions_around

_POLICY = "reply of the National Healthcare Security Administration of 2023-12-15 (SEED1): re-diagnosis only"
_OURS = "our rule: a change never reaches back"


def opening_violations(
    service: Service, region_code: str, document: DocumentFact, period: Period
) -> Iterator[Violation]:
    """PR-62: a service is opened by a document with a number, in force there on all the days of the opening.

    Source: reply of the National Healthcare Security Administration of 2023-12-15 (SEED1): open for re-diagnosis
    only, until policy says otherwise.
    """
    if service not in CLOSED_UNTIL_OPENED:
        message = _("This service needs no opening: it is charged wherever a document sets a price.")
        yield Violation("PR-62", message, field="service", source=_POLICY)
    if document.region_code not in regions_around(region_code):
        elsewhere = _("The document %(number)s is for another region.") % {"number": document.number}
        yield Violation("PR-62", elsewhere, field="document", source=_POLICY)
    if period.begin < document.begin or (document.end is not None and period.begin >= document.end):
        absent = _("The document %(number)s is not in force on this day.") % {"number": document.number}
        yield Violation("PR-62", absent, field="begins_on", source=_POLICY)
    elif document.end is not None and (period.end is None or period.end > document.end):
        longer = _("The service would be open on days when the document no longer holds.")
        yield Violation("PR-62", longer, field="last_on", source=_POLICY)


def again_violations(period: Period, known: list[OpeningFact]) -> Iterator[Violation]:
    """PR-63: a service is opened for a region by one document at a time.

    Source: our rule: a price names the one document that allows it.
    """
    for other in known:
        if period.overlaps(Period(other.begin, other.end)):
            shown = {"number": other.document_number, "day": other.begin.isoformat()}
            message = _("%(number)s already opens the service there from %(day)s.") % shown
            way = _("Close it first, or choose a day after it ends.")
            yield Violation(
                "PR-63", message, way, field="begins_on", source="our rule: one document at a time"
            )


def closing_violations(opening: OpeningFact, *, from_on: date, today: date) -> Iterator[Violation]:
    """PR-64: an opening that has begun is closed from a day to come; one that has not is taken back.

    Source: our rule: a change never reaches back: what was charged while it was open stays as it is.
    """
    if opening.end is not None and opening.end <= from_on:
        message = _("The service is closed on this day already.")
        yield Violation("PR-64", message, field="from_on", source=_OURS)
    elif opening.begin <= today and from_on <= today:
        message = _(
            "A service that is open closes tomorrow at the earliest: today's visits were quoted already."
        )
        yield Violation("PR-64", message, _("Choose tomorrow or a later day."), field="from_on", source=_OURS)
