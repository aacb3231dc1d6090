"""Look at an order before money, and keep what was found with the answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import User
from encounters.models import Encounter
from screening.errors import ScreeningRefused, violations_of
from screening.models import Asked, Outcome, Screening, ScreeningFinding
from screening.queries.surroundings import last_analysis, look
from screening.rules import standing_in_the_way
from screening.rules.digest import digest_of
from screening.rules.facts import OrderFacts
from screening.rules.findings import Found
from screening.rules.kinds import Effect, Moment


@dataclass(frozen=True, slots=True)
class ScreeningResult:
    """What was found in an order, and whether it may go on."""

    screening: Screening
    found: tuple[Found, ...]
    in_the_way: tuple[Found, ...]
    """Denials, and warnings without a reason."""

    @property
    def may_go_on(self) -> bool:
        """Nothing stands in the way."""
        return not self.in_the_way

    def refuse(self) -> None:
        """Stop the order, when something stands in the way.

        Raises:
            ScreeningRefused: ``violations`` names every denial and every warning without a reason.
        """
        if self.in_the_way:
            raise ScreeningRefused(violations=violations_of(self.in_the_way))


@transaction.atomic
def screen(
    order: OrderFacts, *, moment: Moment, answers: Mapping[str, str] | None = None, by: User | None, at: datetime
) -> ScreeningResult:  # fmt: skip
    """Look at an order by the rules in force and by the insurer's answer, and keep what was found.

    ``answers`` maps keys of warnings to the reason to go on. The row is kept whatever was found; whoever must not go
    on calls ``refuse`` of the result, which, in the same transaction, takes the row away again: a stopped order that
    is to be remembered is screened in a transaction of its own.
    """
    reasons = answers or {}
    found = look(order, moment)
    in_the_way = standing_in_the_way(found, reasons, moment)
    kept = _kept(order, moment, found, in_the_way, by=by, at=at)
    ScreeningFinding.objects.bulk_create(_row(kept, one, reasons) for one in found)
    return ScreeningResult(kept, found, in_the_way)


def _kept(
    order: OrderFacts, moment: Moment, found: Sequence[Found], in_the_way: Sequence[Found], *, by: User | None,
    at: datetime,
) -> Screening:  # fmt: skip
    return Screening.objects.create(
        encounter_id=Encounter.objects.values_list("pk", flat=True).get(number=order.encounter),
        order_key=order.key, digest=digest_of(order), moment=moment.value, outcome=_outcome(found, in_the_way),
        asked=asked_of(order, moment), prescriber_code=order.prescriber, by=by, at=at,
    )  # fmt: skip


def _outcome(found: Sequence[Found], in_the_way: Sequence[Found]) -> Outcome:
    if in_the_way:
        return Outcome.STOPPED
    is_answered = any(one.effect is Effect.WARN for one in found)
    return Outcome.ANSWERED if is_answered else Outcome.CLEAR


def asked_of(order: OrderFacts, moment: Moment) -> str:
    """What the insurer said of exactly this order so far."""
    if not order.is_insured:
        return Asked.NOT_INSURED
    analysis = last_analysis(order, moment)
    return analysis.asked if analysis else Asked.NOT_ASKED


def _row(kept: Screening, one: Found, reasons: Mapping[str, str]) -> ScreeningFinding:
    reason = reasons.get(one.key, "").strip() if one.effect is Effect.WARN else ""
    return ScreeningFinding(
        screening=kept, rule=one.rule, key=one.key, effect=one.effect.value, origin=one.origin,
        warning_id=one.warning_id, message=one.message.zh[:600], message_en=one.message.en[:600],
        source=one.source.zh[:500], source_en=one.source.en[:500], grade=one.grade,
        line_numbers=list(one.lines), reason=reason[:200],
    )  # fmt: skip
