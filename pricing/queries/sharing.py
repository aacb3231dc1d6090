"""What a remote service costs and how its parties share it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kernel.errors import refuse_if_any
from pricing.models import PriceItem, SharingAgreement
from pricing.queries.quoting import quote_for
from pricing.rules import Quote, ServiceLine
from pricing.rules.facts import ChargedLine
from pricing.rules.kinds import Service
from pricing.rules.sharing import (
    AgreementFact,
    NotShared,
    Shares,
    agreement_missing,
    line_violations,
    share,
)
from registry.models import Institution


@dataclass(frozen=True, slots=True)
class RemoteQuote:
    """What the patient pays, once, and how it is shared; the shares sum to the total of the quote."""

    quote: Quote
    """At the invited institution's prices."""
    shares: Shares
    agreement: AgreementFact


def remote_quote(
    *,
    inviting: Institution,
    invited: Institution,
    lines: Sequence[ServiceLine],
    on: date,
    service: Service = Service.REMOTE_CONSULTATION,
    practitioner_title: str | None = None,
    patient_age: int | None = None,
    encounter: str = "",
    charged: Sequence[ChargedLine] = (),
) -> RemoteQuote:
    """Price a remote service once, at the invited institution, and share it by the agreement of the two.

    Args:
        inviting: where the patient is.
        invited: whose item is charged.
        lines: items of the remote service; references unique.
        on: calendar day of the service in Asia/Shanghai.
        service: what the agreement is about.
        practitioner_title: of the invited practitioner.
        patient_age: whole years on the day.
        encounter: number of the encounter.
        charged: what was charged to the patient before.

    Raises:
        AgreementMissing: no agreement of the two holds on the day (PR-60).
        NotShared: a line is no item of the service (PR-66).
        PricingRefused: see ``pricing.rules.quote``.

    Source: 医保发〔2019〕47号 as reported in S4: the patient pays the item as executed by the invited party.
    """
    agreement = agreement_of(inviting, invited, service=service, on=on)
    if agreement is None:
        raise agreement_missing(inviting.name, invited.name)
    _refuse_other_items(lines, service)
    quoted = quote_for(
        lines=lines,
        institution=invited,
        service_on=on,
        practitioner_title=practitioner_title,
        patient_age=patient_age,
        encounter=encounter,
        charged=charged,
    )
    return RemoteQuote(quoted, share(quoted.total, agreement), agreement)


def agreement_of(
    inviting: Institution, invited: Institution, *, service: Service, on: date
) -> AgreementFact | None:
    """The agreement in force on a day, of which the database keeps one; one query."""
    found = SharingAgreement.objects.filter(
        service=service, inviting=inviting, invited=invited, effective__contains=on
    ).first()
    return found.facts() if found else None


def _refuse_other_items(lines: Sequence[ServiceLine], service: Service) -> None:
    known = PriceItem.objects.filter(code__in={line.item_code for line in lines})
    items = {item.code: item for item in known}
    refuse_if_any(
        (
            violation
            for line in lines
            if (item := items.get(line.item_code)) is not None
            for violation in line_violations(line.reference, item.name, item.service, service)
        ),
        NotShared,
    )
