"""One exchange with the centre: the intent is committed, then the call, then the answer is committed."""

import logging
from collections.abc import Callable
from typing import TypeVar

from django.db import transaction

from insurance.gateway.port import (
    Exchange,
    GatewayError,
    GatewayMisconfigured,
    GatewayRefused,
    GatewayUnanswered,
)
from insurance.states import MessageState
from kernel import clock
from prescriptions.models import Circulation, CirculationMessage

logger = logging.getLogger(__name__)
Reply = TypeVar("Reply")


def exchange(circulation: Circulation, verb: str, call: Callable[[], Exchange[Reply]]) -> Reply:
    """Carry out one transaction with the centre and keep what was said.

    Raises:
        GatewayRefused: final; nothing happened there.
        GatewayUnanswered: nobody knows whether it happened.
        RuntimeError: called inside a transaction; the intent would not be committed before the call.
    """
    if transaction.get_connection().in_atomic_block:
        raise RuntimeError("the centre is never called inside a transaction")
    message = CirculationMessage.objects.create(circulation=circulation, verb=verb, written_at=clock.now())
    try:
        answer = call()
    except GatewayError as error:
        error.mask(circulation.prescription.encounter.patient.name)
        state = MessageState.REFUSED if isinstance(error, GatewayRefused) else MessageState.UNANSWERED
        _finish(message, state, error.request_text, error.reply_text, error.reason)
        if isinstance(error, GatewayMisconfigured):
            logger.error("the way to the e-prescription centre is closed: %s", error.reason)
            raise GatewayUnanswered(error.reason) from error
        raise
    _finish(message, MessageState.ANSWERED, answer.request_text, answer.reply_text, "")
    return answer.reply


def _finish(message: CirculationMessage, state: MessageState, request: str, reply: str, error: str) -> None:
    CirculationMessage.objects.filter(pk=message.pk).update(
        state=state, request_text=request, reply_text=reply, error_text=error[:500], answered_at=clock.now()
    )
