"""6302 结算结果通知: told to the hospital after the payment, again when it does not take it."""

import functools
import json
import logging
import threading
import time
from datetime import datetime
from decimal import Decimal
from typing import Any

import httpx
from django.db import close_old_connections, transaction
from django.utils import timezone

from simulators import keys, sealed_keys
from simulators.insurer import sealing
from simulators.insurer.sealing import PlatformKeys
from simulators.settings import MOBILEPAY_NOTIFY_URL

from .models import FaultKind, Notification, PayOrder, take
from .orders import final

log = logging.getLogger(__name__)

AGAIN_AFTER_SECONDS = (0.2, 2, 5, 15, 60)
ANSWER_WITHIN_SECONDS = 5.0
CALLED_BACK = "02"


@functools.cache
def centre_keys() -> PlatformKeys:
    """The keys of the running simulator, read once."""
    return keys.from_environment().platform(sealed_keys.MOBILE_PAYMENT)


def announce(order: PayOrder) -> None:
    """Tell the hospital after the commit, with whatever is told to go wrong with it."""
    if take(FaultKind.NO_CALLBACK):
        return
    row = Notification.objects.create(
        order=order,
        is_forged=take(FaultKind.CALLBACK_FORGED) is not None,
        copies=2 if take(FaultKind.CALLBACK_TWICE) else 1,
        cash_more=Decimal("1.00") if take(FaultKind.CALLBACK_OTHER_AMOUNTS) else Decimal(0),
    )
    if MOBILEPAY_NOTIFY_URL:
        transaction.on_commit(lambda: _in_background(row.pk))


def envelope(row: Notification, *, now: datetime, forged: bool = False) -> dict[str, Any]:
    """The sealed call as it goes out."""
    data = final(row.order) | {"callType": CALLED_BACK}
    if row.cash_more:
        data["fundPay"] = str(row.order.fund_pay - row.cash_more)
        data["ownPayAmt"] = str(row.order.own_pay + row.cash_more)
    body = sealing.seal(data, centre_keys(), now=now)
    return body | {"timestamp": str(int(body["timestamp"]) + 1)} if forged else body


def deliver(pk: int) -> bool:
    """Post one notification; returns whether it was taken."""
    row = Notification.objects.select_related("order").get(pk=pk)
    answers = [_post(row, forged=True)] if row.is_forged else []
    answers += [_post(row, forged=False) for _ in range(row.copies)]
    row.attempts += 1
    row.is_forged, row.copies, row.last_answer = False, 1, ", ".join(answers)[:120]
    row.delivered_at = timezone.now() if answers[-1] == "200" else None
    row.save()
    return row.delivered_at is not None


def _in_background(pk: int) -> None:
    threading.Thread(target=_deliver_until_taken, args=(pk,), daemon=True).start()


def _deliver_until_taken(pk: int) -> None:
    try:
        for pause in AGAIN_AFTER_SECONDS:
            time.sleep(pause)
            if deliver(pk):
                return
    except Exception:
        # A reset may have removed the row; the hospital asks by itself anyway.
        log.warning("notification %s is given up", pk, exc_info=True)
    finally:
        close_old_connections()


def _post(row: Notification, *, forged: bool) -> str:
    body = envelope(row, now=timezone.now(), forged=forged)
    try:
        with httpx.Client(timeout=ANSWER_WITHIN_SECONDS, trust_env=False) as client:
            answer = client.post(MOBILEPAY_NOTIFY_URL, content=json.dumps(body).encode())
    except httpx.HTTPError as error:
        return type(error).__name__
    return str(answer.status_code)
