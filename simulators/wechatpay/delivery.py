"""Telling the merchant: notifications are sent again until they are taken, and survive a restart."""

import logging
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import httpx
from django.db import close_old_connections, transaction
from django.db.models import Q
from django.utils import timezone

from simulators.wechatpay import desk, wire
from simulators.wechatpay.models import Notification, Refund, RefundStatus
from simulators.wechatpay.shapes import moment

log = logging.getLogger(__name__)

MINUTE, HOUR = 60, 3600
BACK_OFF_SECONDS = (
    *(15, 15, 30, 3 * MINUTE, 10 * MINUTE, 20 * MINUTE, 30 * MINUTE, 30 * MINUTE, 30 * MINUTE, 60 * MINUTE),
    *(3 * HOUR, 3 * HOUR, 3 * HOUR, 6 * HOUR, 6 * HOUR),
)
"""Between one attempt and the next. Source: payment notification, rules of repetition."""

ANSWER_WITHIN_SECONDS = 5.0
IDLE_SECONDS = 0.5
REFUND_TAKES = timedelta(seconds=1)

_wake = threading.Event()
_started = threading.Lock()


def start() -> None:
    """Start delivering in the background of this process, once."""
    if os.environ.get("SIMULATORS_DELIVERY") != "0" and _started.acquire(blocking=False):
        threading.Thread(target=_run, name="wechatpay-delivery", daemon=True).start()


def wake() -> None:
    """Deliver after the commit instead of at the next look."""
    transaction.on_commit(_wake.set)


def _run() -> None:
    with ThreadPoolExecutor(max_workers=4, thread_name_prefix="wechatpay-post") as pool:
        while True:
            _wake.wait(IDLE_SECONDS)
            _wake.clear()
            try:
                close_old_connections()
                finish_refunds(timezone.now())
                for pk in claim_due(timezone.now()):
                    pool.submit(_send_and_let_go, pk)
            except Exception:
                # The database may be away for a while; the rows wait for it.
                log.warning("deliveries must wait", exc_info=True)


def _send_and_let_go(pk: int) -> None:
    try:
        send(pk)
    except Exception:
        log.warning("notification %s must wait", pk, exc_info=True)
    finally:
        close_old_connections()


def deliver_now(*, with_withheld: bool = False) -> tuple[int, int]:
    """Send everything undelivered at once, whatever its time. Returns (attempted, delivered)."""
    if with_withheld:
        Notification.objects.filter(is_withheld=True).update(is_withheld=False)
    finish_refunds(timezone.now() + REFUND_TAKES)
    claimed = claim_due(datetime.max.replace(tzinfo=timezone.get_current_timezone()) - timedelta(days=2))
    for pk in claimed:
        send(pk)
    delivered = Notification.objects.filter(pk__in=claimed, delivered_at__isnull=False).count()
    return len(claimed), delivered


def claim_due(at: datetime) -> list[int]:
    """Take what is due by ``at``, counting the attempt and setting the time of the next."""
    waiting = Q(delivered_at=None, given_up_at=None, is_withheld=False, due_at__lte=at)
    with transaction.atomic():
        rows = list(
            Notification.objects.select_for_update(skip_locked=True).filter(waiting).order_by("due_at")[:100]
        )
        for row in rows:
            if row.attempts < len(BACK_OFF_SECONDS):
                row.due_at = timezone.now() + timedelta(seconds=BACK_OFF_SECONDS[row.attempts])
            else:
                row.given_up_at = timezone.now()
            row.attempts += 1
            row.save(update_fields=["due_at", "given_up_at", "attempts"])
    return [row.pk for row in rows]


def send(pk: int) -> None:
    """Post one claimed notification, and note the answer."""
    row = Notification.objects.get(pk=pk)
    answers = [_post(row, forged=row.is_forged)]
    if row.is_forged:
        # The true one follows at once: a forgery must neither be believed nor stand in its way.
        answers.append(_post(row, forged=False))
    elif row.copies > 1:
        answers.append(_post(row, forged=False))
    taken = answers[-1] in ("200", "204")
    Notification.objects.filter(pk=pk).update(
        last_answer=", ".join(answers)[:120],
        is_forged=False,
        copies=1,
        delivered_at=timezone.now() if taken else None,
    )


def _post(row: Notification, *, forged: bool) -> str:
    body = wire.to_json(
        {
            "id": row.event_id,
            "create_time": moment(row.created_at),
            "resource_type": "encrypt-resource",
            "event_type": row.event_type,
            "summary": row.summary,
            "resource": {
                "original_type": row.original_type,
                **wire.seal(wire.to_json(row.resource), row.original_type),
            },
        }
    )
    headers = wire.signed_headers(body, uses_public_key=row.uses_public_key, forged=forged)
    try:
        with httpx.Client(timeout=ANSWER_WITHIN_SECONDS, trust_env=False) as client:
            answer = client.post(
                row.url, content=body, headers=headers | {"Content-Type": "application/json", "Accept": "*/*"}
            )
    except httpx.HTTPError as error:
        return type(error).__name__
    return str(answer.status_code)


def finish_refunds(at: datetime) -> None:
    """End the refunds that have been PROCESSING long enough and were not told to stay so."""
    done = Q(status=RefundStatus.PROCESSING, queries_left=0, created_at__lte=at - REFUND_TAKES)
    with transaction.atomic():
        for refund in Refund.objects.select_for_update(skip_locked=True, of=("self",)).filter(done)[:100]:
            desk.finish(refund, timezone.now())
