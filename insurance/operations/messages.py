"""One exchange with the insurer: the intent is committed, then the call, then the answer is committed."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TypeVar

from django.db import connection, transaction
from django.db.models import F

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
        cursor.execute("SELECT nextval('insurance_message_serial')")
        serial = int(cursor.fetchone()[0])
    written = MESSAGE_ID_FORMATS[_message_id_format(institution_code)]
    return written(institution_code=institution_code, at=at, serial=serial)


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
    message = (None if repeatable else _sent_again(code, about, msgid)) or _written(code, about, msgid)
    try:
        answer = call(message.msgid)
    except GatewayError as error:
        if registration is not None:
            error.mask(registration.encounter.patient.name)
        state = MessageState.REFUSED if isinstance(error, GatewayRefused) else MessageState.UNANSWERED
        _finish(message, state, error.request_text, error.reply_text, error.reason)
        if isinstance(error, GatewayMisconfigured):
            logger.error("the way to the insurer is closed: %s", error.reason)
            raise GatewayUnanswered(error.reason) from error
        raise
    _finish(message, MessageState.ANSWERED, answer.request_text, answer.reply_text, "")
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


def _sent_again(code: str, about: _About, msgid: str | None) -> GatewayMessage | None:
    """The message whose number is used once more, counted before it leaves."""
    message = _unanswered(code, about, msgid)
    if message is not None:
        GatewayMessage.objects.filter(pk=message.pk).update(attempts=F("attempts") + 1)
    return message


def _unanswered(code: str, about: _About, msgid: str | None) -> GatewayMessage | None:
    """The message to be sent again: the one of this number, or the last of its kind without an answer."""
    same = GatewayMessage.objects.filter(
        transaction_code=code,
        registration=about.registration,
        institution=about.institution,
        claim=about.claim,
    )
    if msgid:
        return same.filter(msgid=msgid).first()
    return same.exclude(state__in=[MessageState.ANSWERED, MessageState.REFUSED]).last()


def is_unheard(code: str, registration: VisitRegistration, claim: Claim | None = None) -> bool:
    """Whether the last message of a kind was sent and never answered."""
    return _unanswered(code, _About(registration, None, claim), None) is not None


def _written(code: str, about: _About, msgid: str | None) -> GatewayMessage:
    """The intent, committed before anything is sent."""
    now = clock.now()
    return GatewayMessage.objects.create(
        msgid=msgid or new_msgid(about.sender.code, now),
        transaction_code=code,
        registration=about.registration,
        institution=about.institution,
        claim=about.claim,
        attempts=1,
        written_at=now,
    )


def _finish(message: GatewayMessage, state: MessageState, request: str, reply: str, error: str) -> None:
    """Complete the row; an answer that is there is never overwritten by silence."""
    row = GatewayMessage.objects.filter(pk=message.pk)
    if state == MessageState.UNANSWERED:
        row = row.exclude(state__in=[MessageState.ANSWERED, MessageState.REFUSED])
    row.update(
        state=state, request_text=request, reply_text=reply, error_text=error[:500], answered_at=clock.now()
    )
