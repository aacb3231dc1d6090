"""Which services policy has not opened."""

from dataclasses import dataclass
from datetime import date

from kernel.errors import Text
from pricing.models import PolicyOpening, ServiceChoice
from pricing.rules.facts import DEMONSTRATION, OpeningFact
from pricing.rules.kinds import CLOSED_UNTIL_OPENED, Service
from pricing.rules.lookup import regions_around
from registry.models import Institution


@dataclass(frozen=True, slots=True)
class ClosedService:
    """A service that nothing is charged for here on the day."""

    service: Service
    opens_on: date | None
    """First day of an opening to come."""
    document_number: str
    """Of that opening; empty for none."""

    @property
    def name(self) -> Text:
        """In the words of the policy."""
        return ServiceChoice(self.service).label


def closed_services(institution: Institution, on: date) -> list[ClosedService]:
    """Services that no document has opened for the institution's region on a day; one query.

    Invented documents open nothing outside the demonstration, and real ones nothing in it.
    """
    around = regions_around(institution.region_code)
    rows = PolicyOpening.objects.filter(service__in=CLOSED_UNTIL_OPENED, region_code__in=around)
    known = [row.facts() for row in rows.select_related("document").order_by("effective")]
    counted = [each for each in known if _counts(each, institution)]
    return [
        _closed(service, [each for each in counted if each.service is service and each.begin > on])
        for service in Service
        if service in CLOSED_UNTIL_OPENED
        and not any(each.service is service and _is_open(each, on) for each in counted)
    ]


def _counts(opening: OpeningFact, institution: Institution) -> bool:
    return (opening.evidence_grade == DEMONSTRATION) == institution.is_demonstration


def _is_open(opening: OpeningFact, on: date) -> bool:
    return opening.begin <= on and (opening.end is None or on < opening.end)


def _closed(service: Service, to_come: list[OpeningFact]) -> ClosedService:
    if not to_come:
        return ClosedService(service, None, "")
    return ClosedService(service, to_come[0].begin, to_come[0].document_number)
