"""How Alipay tells a merchant: a signed form, again and again until it answers ``success``."""

from datetime import datetime
from urllib.parse import urlencode

import httpx
from django.utils import timezone

from simulators.alipay import desk, wire
from simulators.alipay.models import Notification
from simulators.telling import Teller, Written

MINUTE, HOUR = 60, 3600
PAUSES = (4 * MINUTE, 10 * MINUTE, 10 * MINUTE, 1 * HOUR, 2 * HOUR, 6 * HOUR, 15 * HOUR)
"""Seconds between attempts: eight within 25 hours. Source: asynchronous notifications, rules of repetition."""


def write(row: Notification, forged: bool) -> Written:  # noqa: FBT001
    """The form as it goes out now: the time is that of this attempt, the id that of the first."""
    sent = {"notify_id": row.notify_id, "notify_time": wire.moment(timezone.now())}
    body = urlencode(wire.sign_fields({**row.fields, **sent}, forged=forged))
    return Written(body.encode(), {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"})


def is_taken(answer: httpx.Response) -> bool:
    """Only these seven letters end the repetition."""
    return answer.is_success and answer.text.strip() == "success"


def first(at: datetime) -> None:
    """What falls due besides notifications."""
    desk.close_overdue(at)


teller = Teller(Notification, pauses=PAUSES, write=write, is_taken=is_taken, first=first)
start, wake, deliver_now, replay = teller.start, teller.wake, teller.deliver_now, teller.replay
