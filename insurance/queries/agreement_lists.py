"""Agreements and payable rules as the office sees them."""

from collections import Counter
from datetime import date

from django.db.models import Prefetch, Q, QuerySet

from insurance.models import Agreement, AgreementDocument, AgreementKind, PayableRule
from insurance.queries.agreements import with_pauses
from insurance.rules.payable import PayableFacts, rule_for
from insurance.states import AgreementState


def agreements_listed(*, state: str = "", typed: str = "") -> QuerySet[Agreement]:
    """All of them with what the list shows; narrowed by state, and by number, hospital or agency."""
    rows = with_pauses(Agreement.objects.select_related("institution"))
    rows = rows.prefetch_related(Prefetch("main", with_pauses(Agreement.objects.all())))
    if state in set(AgreementState):
        rows = rows.filter(state=state)
    if typed:
        rows = rows.filter(
            Q(number__icontains=typed) | Q(institution__name__icontains=typed) | Q(agency__icontains=typed)
        )
    return rows.order_by("institution", "kind", "-valid_from", "-pk")


def counts_by_state() -> Counter[str]:
    """How many agreements stand in each state."""
    return Counter(Agreement.objects.values_list("state", flat=True))


def agreement_with_all(agreement_id: int) -> Agreement | None:
    """One agreement with everything its page shows."""
    rows = agreements_listed().prefetch_related(
        Prefetch("documents", AgreementDocument.objects.select_related("uploaded_by")),
        "suspensions__recorded_by",
        Prefetch("supplements", with_pauses(Agreement.objects.order_by("-valid_from"))),
    )
    return rows.filter(pk=agreement_id).first()


def mains() -> QuerySet[Agreement]:
    """Agreements that a supplement can rest on."""
    return Agreement.objects.filter(kind=AgreementKind.DESIGNATED).select_related("institution")


def deciding_rules(rules: list[PayableFacts], *, area: str, on: date) -> dict[str, int]:
    """Service -> key of the rule that decides in an area on a day; services without one are left out."""
    services = {rule.service for rule in rules}
    found = {service: rule_for(rules, service=service, area=area, on=on) for service in services}
    return {service: rule.key for service, rule in found.items() if rule}


def payable_rules() -> list[PayableRule]:
    """All rules, by service, then the nearer area first."""
    return sorted(PayableRule.objects.all(), key=lambda row: (row.service, -len(row.pooling_area)))
