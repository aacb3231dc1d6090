"""How the parties of a remote service share what the patient paid."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from kernel.errors import Text, Violation
from kernel.money import allocate
from kernel.period import Period
from pricing.rules.errors import PricingRefused
from pricing.rules.kinds import Service
from pricing.rules.wording import plain

SHARED = frozenset({Service.REMOTE_CONSULTATION, Service.REMOTE_MONITORING})
"""Services between institutions."""
_SOURCE = "医保发〔2019〕47号 as reported in S4: the parties share by their own agreement"


class AgreementMissing(PricingRefused):
    """No agreement between the two institutions holds on the day."""

    code = "agreement_missing"
    default_message = _("The two institutions have no agreement on sharing for this day.")


class NotShared(PricingRefused):
    """A line is no item of the remote service."""

    code = "not_shared"
    default_message = _("This is not an item of the remote service.")


@dataclass(frozen=True, slots=True)
class AgreementFact:
    """An agreement in force over ``period``; the fractions sum to 1."""

    number: str
    service: Service
    inviting_id: int
    invited_id: int
    platform_name: str
    """The technical party; empty for none."""
    inviting_rate: Decimal
    invited_rate: Decimal
    platform_rate: Decimal
    signed_on: date
    period: Period


@dataclass(frozen=True, slots=True)
class Shares:
    """Yuan for each party; they sum to what was shared."""

    inviting: Decimal
    invited: Decimal
    platform: Decimal


def share(amount: Decimal, agreement: AgreementFact) -> Shares:
    """Split what the patient paid over the parties, exactly to the fen; a refund is split alike.

    ``amount`` is yuan with two decimals. The fen left over go to the largest remainders.

    Raises:
        ValueError: ``amount`` has a fraction of a fen.

    Source: 医保发〔2019〕47号 as reported in S4.
    """
    weights = (agreement.inviting_rate, agreement.invited_rate, agreement.platform_rate)
    return Shares(*allocate(amount, weights))


def agreement_missing(inviting: str, invited: str) -> AgreementMissing:
    """PR-60: a remote service is charged only under an agreement of the two institutions in force on the day.

    Source: 医保发〔2019〕47号 as reported in S4: the patient pays the item of the invited party; the parties share
    by their own agreement.
    """
    message = _("%(inviting)s and %(invited)s have no agreement on sharing in force on this day.")
    way = _("Record the agreement first, or choose another institution to invite.")
    shown = {"inviting": inviting, "invited": invited}
    return AgreementMissing(
        violations=[Violation("PR-60", message % shown, way, field="invited", source=_SOURCE)]
    )


def line_violations(reference: str, name: str, item_service: str, service: Service) -> Iterator[Violation]:
    """PR-66: what is shared is an item of the service that the agreement is about, and nothing else.

    Source: 医保发〔2019〕47号 as reported in S4: the item of the invited party, once.
    """
    if item_service != service:
        message = _("%(name)s is not an item of this remote service.") % {"name": name}
        way = _("Charge it where it is done.")
        yield Violation("PR-66", message, way, field=reference, source=_SOURCE)


def agreement_violations(agreement: AgreementFact) -> Iterator[Violation]:
    """PR-61: an agreement names two institutions and shares that sum to 1, signed before it applies.

    Source: our rule: what does not sum cannot be paid out; S4 names the three parties.
    """
    rates = {
        "inviting_rate": agreement.inviting_rate,
        "invited_rate": agreement.invited_rate,
        "platform_rate": agreement.platform_rate,
    }
    for field, rate in rates.items():
        if not 0 <= rate <= 1:
            yield _broken(_("A share is a fraction from 0 to 1, e.g. 0.6."), field)
    total = sum(rates.values(), Decimal(0))
    if total != 1:
        yield _broken(
            _("The shares sum to %(total)s instead of 1.") % {"total": plain(total)}, "invited_rate"
        )
    if agreement.platform_rate > 0 and not agreement.platform_name:
        yield _broken(_("A technical party with a share has a name."), "platform_name")
    if agreement.inviting_id == agreement.invited_id:
        yield _broken(_("Nobody invites itself."), "invited")
    if agreement.service not in SHARED:
        yield _broken(_("Only services between institutions are shared."), "service")
    if agreement.signed_on > agreement.period.begin:
        yield _broken(_("An agreement is signed before its first day."), "signed_on")


def _broken(message: Text, field: str) -> Violation:
    return Violation("PR-61", message, field=field, source=_SOURCE)


def overlap_violation(number: str, begin: date) -> Violation:
    """PR-65: two institutions have one agreement about a service at a time.

    Source: our rule: of two agreements none is chosen for the parties.
    """
    message = _("The agreement %(number)s of the two holds from %(day)s; end it first.")
    shown = {"number": number, "day": begin.isoformat()}
    return Violation("PR-65", message % shown, field="begins_on", source="our rule: one agreement at a time")


def ending_violations(period: Period, *, from_on: date, today: date) -> Iterator[Violation]:
    """PR-67: an agreement ends on a day to come, after its first.

    Source: our rule: what was shared under it stays shared.
    """
    if from_on <= max(today, period.begin) or (period.end is not None and from_on >= period.end):
        message = _("Choose a day after today on which the agreement still holds, and after its first day.")
        yield Violation("PR-67", message, field="from_on", source="our rule: a change never reaches back")
