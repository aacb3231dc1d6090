"""How WeChat Pay tells a merchant: signed and sealed JSON, again and again until it answers 200 or 204."""

from datetime import datetime, timedelta

import httpx
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from simulators.telling import Teller, Written
from simulators.wechatpay import desk, wire
from simulators.wechatpay.models import Notification, Refund, RefundStatus
from simulators.wechatpay.shapes import moment

MINUTE, HOUR = 60, 3600
BACK_OFF_SECONDS = (
    *(15, 15, 30, 3 * MINUTE, 10 * MINUTE, 20 * MINUTE, 30 * MINUTE, 30 * MINUTE, 30 * MINUTE, 60 * MINUTE),
    *(3 * HOUR, 3 * HOUR, 3 * HOUR, 6 * HOUR, 6 * HOUR),
)
"""Between one attempt and the next. Source: payment notification, rules of repetition."""

REFUND_TAKES = timedelta(seconds=1)


def write(row: Notification, forged: bool) -> Written:  # noqa: FBT001
    """The notification as it goes out now."""
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
    return Written(body, headers | {"Content-Type": "application/json", "Accept": "*/*"})


def is_taken(answer: httpx.Response) -> bool:
    """What ends the repetition."""
    return answer.status_code in (200, 204)


def finish_refunds(at: datetime) -> None:
    """End the refunds that have been PROCESSING long enough and were not told to stay so."""
    done = Q(status=RefundStatus.PROCESSING, queries_left=0, created_at__lte=at - REFUND_TAKES)
    with transaction.atomic():
        for refund in Refund.objects.select_for_update(skip_locked=True, of=("self",)).filter(done)[:100]:
            desk.finish(refund, timezone.now())


teller = Teller(Notification, pauses=BACK_OFF_SECONDS, write=write, is_taken=is_taken, first=finish_refunds)
start, wake, replay = teller.start, teller.wake, teller.replay


def deliver_now(*, with_withheld: bool = False) -> tuple[int, int]:
    """Send everything undelivered at once, whatever its time. Returns (attempted, delivered)."""
    finish_refunds(timezone.now() + REFUND_TAKES)
    return teller.deliver_now(with_withheld=with_withheld)
