"""One exchange with the insurer: the intent is committed, then the call, then the answer is committed."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TypeVar

from django.db import connection, transaction

from insurance.gateway.messages import MESSAGE_ID_FORMATS
from insurance.gateway.port import (
    Exchange,
    GatewayError,
    GatewayMisconfigured,
    GatewayRefused,
    GatewayUnanswered,
)
from insurance.gateway.profile import profile_for
from insurance.models import Claim, GatewayMessage, VisitRegistration
from insurance.states import MessageState
from kernel import clock
from registry.models import Institution

logger = logging.getLogger(__name__)
Reply = TypeVar("Reply")


def new_msgid(institution_code: str, at: datetime) -> str:
    """A message number nobody has used: its last four digits come from a sequence of the database.

    The sequence turns over after ten thousand, so two numbers are equal only when that many are drawn
    within one second.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT lpad(nextval('insurance_message_serial')::text, 4, '0')")
        (serial,) = cursor.fetchone()
    return f"{_stem(institution_code, at)}{serial}"


def msgid_of_visit(registration_id: int, at: datetime) -> str:
    """As ``new_msgid``, of the institution of a visit; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_SENDER_AND_SERIAL, [registration_id])
        institution_code, serial = cursor.fetchone()
    return f"{_stem(institution_code, at)}{serial}"


_SENDER_AND_SERIAL = """
    SELECT institution.code, lpad(nextval('insurance_message_serial')::text, 4, '0')
      FROM insurance_visitregistration AS registration
      JOIN encounters_encounter AS encounter ON encounter.id = registration.encounter_id
      JOIN registry_institution AS institution ON institution.id = encounter.institution_id
     WHERE registration.id = %s
"""


def _stem(institution_code: str, at: datetime) -> str:
    """The number without its last four digits: in every format these are the serial."""
    written = MESSAGE_ID_FORMATS[_message_id_format(institution_code)]
    return written(institution_code=institution_code, at=at, serial=0)[:-4]


@lru_cache(maxsize=64)
def _message_id_format(institution_code: str) -> str:
    region = Institution.objects.values_list("region_code", flat=True).get(code=institution_code)
    return profile_for(region).message_id_format


def exchange(
    code: str,
    call: Callable[[str], Exchange[Reply]],
    *,
    registration: VisitRegistration | None = None,
    institution: Institution | None = None,
    claim: Claim | None = None,
    msgid: str | None = None,
    repeatable: bool = False,
) -> Reply:
    """Carry out one transaction with the insurer and keep what was said.

    An earlier message of the same kind that was never answered is sent again under its own number, so
    the insurer cannot do it twice; its content must then be the same. ``repeatable`` says that the
    transaction has no effect or replaces what was said before, so that it gets a number of its own.
    ``institution`` is for what speaks of no visit (3201 and the like); one of the two must be named.

    Raises:
        GatewayRefused: final; nothing happened there.
        GatewayUnanswered: nobody knows whether it happened.
        RuntimeError: called inside a transaction; the intent would not be committed before the call.
    """
    if transaction.get_connection().in_atomic_block:
        raise RuntimeError("the insurer is never called inside a transaction")
    about = _About(registration, institution, claim)
    message_id, number = _written(code, about, msgid, repeatable=repeatable)
    try:
        answer = call(number)
    except GatewayError as error:
        if registration is not None:
            error.mask(registration.encounter.patient.name)
        state = MessageState.REFUSED if isinstance(error, GatewayRefused) else MessageState.UNANSWERED
        _finish(message_id, state, error.request_text, error.reply_text, error.reason)
        if isinstance(error, GatewayMisconfigured):
            logger.error("the way to the insurer is closed: %s", error.reason)
            raise GatewayUnanswered(error.reason) from error
        raise
    _finish(message_id, MessageState.ANSWERED, answer.request_text, answer.reply_text, "")
    return answer.reply


@dataclass(frozen=True)
class _About:
    """What a message speaks of."""

    registration: VisitRegistration | None
    institution: Institution | None
    claim: Claim | None

    @property
    def sender(self) -> Institution:
        """The hospital that sends it."""
        if self.registration is not None:
            return self.registration.encounter.institution
        if self.institution is None:
            raise ValueError("a message is about a visit or an institution")
        return self.institution


# One statement: the message to be sent again, counted before it leaves, or a new one. The earlier one is that of the
# same number, or else the last of its kind without an answer.
_WRITE = """
    WITH same AS (
        SELECT id FROM insurance_gatewaymessage
         WHERE transaction_code = %(code)s AND NOT %(repeatable)s
           AND (registration_id = %(registration)s OR (%(registration)s IS NULL AND registration_id IS NULL))
           AND (institution_id = %(institution)s OR (%(institution)s IS NULL AND institution_id IS NULL))
           AND (claim_id = %(claim)s OR (%(claim)s IS NULL AND claim_id IS NULL))
           AND CASE WHEN %(msgid)s IS NULL THEN state NOT IN (%(answered)s, %(refused)s) ELSE msgid = %(msgid)s END
         ORDER BY id DESC LIMIT 1
    ), again AS (
        UPDATE insurance_gatewaymessage SET attempts = attempts + 1 WHERE id = (SELECT id FROM same)
        RETURNING id, msgid
    ), written AS (
        INSERT INTO insurance_gatewaymessage
               (msgid, transaction_code, registration_id, institution_id, claim_id, attempts, written_at, state,
                request_text, reply_text, error_text)
        SELECT coalesce(%(msgid)s, %(stem)s || lpad(nextval('insurance_message_serial')::text, 4, '0')),
               %(code)s, %(registration)s, %(institution)s, %(claim)s, 1, %(at)s, %(state)s, '', '', ''
         WHERE NOT EXISTS (SELECT FROM again)
        RETURNING id, msgid
    )
    SELECT id, msgid FROM again UNION ALL SELECT id, msgid FROM written
"""


def is_unheard(code: str, registration: VisitRegistration, claim: Claim | None = None) -> bool:
    """Whether the last message of a kind was sent and never answered."""
    same = GatewayMessage.objects.filter(
        transaction_code=code, registration=registration, institution=None, claim=claim
    )
    return same.exclude(state__in=[MessageState.ANSWERED, MessageState.REFUSED]).exists()


def _written(code: str, about: _About, msgid: str | None, *, repeatable: bool) -> tuple[int, str]:
    """The intent, committed before anything is sent: key and number of the message."""
    now = clock.now()
    row = {
        "code": code,
        "registration": about.registration.pk if about.registration else None,
        "institution": about.institution.pk if about.institution else None,
        "claim": about.claim.pk if about.claim else None,
        "msgid": msgid or None,
        "stem": "" if msgid else _stem(about.sender.code, now),
        "repeatable": repeatable,
        "at": now,
        "state": MessageState.WRITTEN.value,
        "answered": MessageState.ANSWERED.value,
        "refused": MessageState.REFUSED.value,
    }
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, row)
        message_id, number = cursor.fetchone()
    return int(message_id), str(number)


def _finish(message_id: int, state: MessageState, request: str, reply: str, error: str) -> None:
    """Complete the row; an answer that is there is never overwritten by silence."""
    row = GatewayMessage.objects.filter(pk=message_id)
    if state == MessageState.UNANSWERED:
        row = row.exclude(state__in=[MessageState.ANSWERED, MessageState.REFUSED])
    row.update(
        state=state, request_text=request, reply_text=reply, error_text=error[:500], answered_at=clock.now()
    )
