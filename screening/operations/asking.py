"""Ask the insurer about an order before money (3101, 3102); silence leaves the local rules alone."""

import logging
from datetime import datetime
from time import monotonic
from typing import Any

from django.conf import settings

from encounters.models import Encounter
from insurance.gateway.port import GatewayError, GatewayRefused
from insurance.models import VisitRegistration
from insurance.operations.insurer import insurer_of
from insurance.operations.messages import exchange
from screening.models import Analysis, Asked
from screening.operations.wording import analysis_of, warnings_of
from screening.queries.surroundings import last_analysis
from screening.rules.digest import digest_of
from screening.rules.facts import OrderFacts
from screening.rules.kinds import Moment

logger = logging.getLogger(__name__)

TRANSACTIONS = {Moment.BEFORE_SIGNING: "3101", Moment.BEFORE_CHARGING: "3102"}


def analyse(order: OrderFacts, *, moment: Moment, at: datetime) -> str:
    """Ask the insurer about an order, once for the same content; returns an ``Asked``.

    Not asked: who pays herself, a visit the insurer does not know, what has
    no line or no diagnosis yet, and where ``SCREENING_ASKS_INSURER`` is off. An
    answer that does not come within ``INSURANCE_AUDIT_SECONDS`` is kept as silence, and the local rules decide.

    Raises:
        RuntimeError: called inside a transaction.
    """
    if not order.is_insured:
        return Asked.NOT_INSURED
    if not settings.SCREENING_ASKS_INSURER or not (order.lines and order.diagnoses):
        return Asked.NOT_ASKED
    encounter = Encounter.objects.select_related("registration", "institution").get(number=order.encounter)
    registration: VisitRegistration | None = getattr(encounter, "registration", None)
    if registration is None or not registration.person_number:
        return Asked.NOT_KNOWN_THERE
    before = last_analysis(order, moment)
    if before is not None and before.asked == Asked.ANSWERED:
        return Asked.ANSWERED
    return _ask(order, registration, moment, at).asked


def _ask(order: OrderFacts, registration: VisitRegistration, moment: Moment, at: datetime) -> Analysis:
    began = monotonic()
    asked, reason, warnings = _answer(order, registration, moment)
    return Analysis.objects.create(
        encounter_id=registration.encounter_id, order_key=order.key, digest=digest_of(order),
        moment=moment.value, asked=asked, reason=reason[:300], warnings=warnings, asked_at=at,
        milliseconds=round((monotonic() - began) * 1000),
    )  # fmt: skip


def _answer(
    order: OrderFacts, registration: VisitRegistration, moment: Moment
) -> tuple[Asked, str, list[dict[str, Any]]]:
    gateway, code = insurer_of(registration.encounter.institution), TRANSACTIONS[moment]
    verb = gateway.analyse_before if moment is Moment.BEFORE_SIGNING else gateway.analyse_during
    request = analysis_of(order, registration, moment)
    try:
        reply = exchange(code, lambda msgid: verb(msgid, request), registration=registration, repeatable=True)
    except GatewayRefused as error:
        return Asked.REFUSED, error.reason, []
    except GatewayError as error:
        logger.warning("no answer to %s about %s: %s", code, order.key, error.reason)
        return Asked.SILENT, error.reason, []
    return Asked.ANSWERED, "", warnings_of(reply, order)
