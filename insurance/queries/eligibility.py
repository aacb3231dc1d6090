"""Whether a service can be brought before the medical insurance on a day; two statements, whatever is stored."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from encounters.models import Encounter
from insurance.models import Agreement, InsuredService, PayableRule
from insurance.queries.agreements import agreements_of, payable_facts, supplements_in
from insurance.rules.agreements import AgreementFacts, agreement_for, agreement_violation
from insurance.rules.payable import ServiceFacts, is_chronic, payable_violation, rule_for
from kernel.errors import Violation


@dataclass(frozen=True)
class Eligibility:
    """The answer, and what it rests on; ``violation`` says why not, and is None exactly when it is payable."""

    violation: Violation | None
    agreement: Agreement | None
    """The "Internet+" agreement that was looked at, in force or not."""
    rule: PayableRule | None
    """What the pooling area says about the service; None where it says nothing."""

    @property
    def is_payable(self) -> bool:
        """Whether the insurance may be asked."""
        return self.violation is None


def eligibility_of(
    *, encounter: Encounter, service: InsuredService, on: date, has_prescription: bool
) -> Eligibility:
    """Look at the agreements of the hospital and at the rules of the pooling area.

    What the area does not pay for is said before what is wrong with the agreement. ``on`` is the day of service.
    """
    return eligibility_on_days(
        encounter=encounter, service=service, days=(on,), has_prescription=has_prescription
    )


def eligibility_on_days(
    *, encounter: Encounter, service: InsuredService, days: Iterable[date], has_prescription: bool
) -> Eligibility:
    """As ``eligibility_of`` for several days at once: all of them must be good, the first bad one is told.

    Settling, too, is possible only while the agreement counts: the day of service and the day of payment are asked.
    """
    rows = {row.pk: row for row in agreements_of(encounter.institution)}
    rules = {row.pk: row for row in PayableRule.objects.filter(service=service)}
    supplements, facts = supplements_in(rows.values()), [payable_facts(row) for row in rules.values()]
    found = Eligibility(None, None, None)
    for on in days:
        chosen = agreement_for(supplements, service=service, areas=_areas(encounter), on=on)
        area = chosen.pooling_area if chosen else encounter.institution.region_code
        rule = rule_for(facts, service=service, area=area, on=on)
        asked = ServiceFacts(service, service.label, has_prescription, _is_chronic(encounter))
        way = way_on(encounter.institution.phone)
        violation = payable_violation(rule, asked, way=way) or _of_agreement(chosen, service, on, way)
        found = Eligibility(
            violation, rows.get(chosen.key) if chosen else None, rules.get(rule.key) if rule else None
        )
        if violation:
            return found
    return found


def _of_agreement(
    chosen: AgreementFacts | None, service: InsuredService, on: date, way: str
) -> Violation | None:
    return agreement_violation(chosen, service=service, service_name=service.label, on=on, way=way)


def _areas(encounter: Encounter) -> list[str]:
    """Where she is insured, then where the hospital stands: an agreement with her own area is nearer."""
    stated = encounter.coverage
    return [*([stated.insured_region] if stated else []), encounter.institution.region_code]


def _is_chronic(encounter: Encounter) -> bool:
    known = encounter.known_disease
    return known is not None and is_chronic(known.category)


def way_on(phone: str) -> str:
    """What she can do when the insurance cannot be used; ``phone`` is the hospital's and may be empty."""
    if not phone:
        return _("You may pay all of it yourself, or ask the hospital.")
    return _("You may pay all of it yourself, or ask the hospital: %(phone)s.") % {"phone": phone}


def said_in_full(violation: Violation) -> str:
    """What is wrong, the way on, and the number of the rule, for where only one text is kept."""
    return f"{violation.message} {violation.way_on} ({violation.rule})".replace("  ", " ")
