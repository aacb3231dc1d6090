"""Telling a merchant: notifications are sent again until they are taken, survive a restart, and go wrong when told to.

WeChat Pay and Alipay write and sign their notifications differently and take different answers; what they share, when
to send which one how often, is here.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx
from django.db import close_old_connections, models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from simulators import faults
from simulators.faults import PlannedFault

log = logging.getLogger(__name__)

ANSWER_WITHIN_SECONDS = 5.0
IDLE_SECONDS = 0.5
AT_ONCE = 4
NO_NOTIFICATION, DUPLICATE_NOTIFICATION = "no_notification", "duplicate_notification"
FORGED_NOTIFICATION, DELAYED_NOTIFICATION = "forged_notification", "delayed_notification"
REORDERED_NOTIFICATION = "reordered_notification"


class Told(models.Model):
    """Something a merchant is to be told, until it answers as it should."""

    # what it is
    out_trade_no = models.CharField(max_length=64)
    url = models.URLField(max_length=255)

    # how it is to go wrong
    is_withheld = models.BooleanField(default=False)
    is_forged = models.BooleanField(default=False, help_text="the next attempt is wrongly signed")
    copies = models.PositiveSmallIntegerField(default=1)
    waits_for_next = models.BooleanField(default=False, help_text="the next one of this order overtakes it")

    # where it stands
    due_at = models.DateTimeField(db_index=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_answer = models.CharField(max_length=120, blank=True)
    sent_body = models.TextField(blank=True, help_text="as it went out last, for a replay")
    sent_headers = models.JSONField(default=dict)
    delivered_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)

    # trace
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.out_trade_no


@dataclass(frozen=True)
class Written:
    """A notification ready to be posted."""

    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


def ways_to_go_wrong(planned: type[PlannedFault], at: datetime) -> dict[str, Any]:
    """The fields of a new notification, with whatever is told to go wrong with it."""
    late = faults.take(planned, DELAYED_NOTIFICATION)
    return {
        "is_withheld": faults.take(planned, NO_NOTIFICATION) is not None,
        "is_forged": faults.take(planned, FORGED_NOTIFICATION) is not None,
        "copies": 2 if faults.take(planned, DUPLICATE_NOTIFICATION) else 1,
        "waits_for_next": faults.take(planned, REORDERED_NOTIFICATION) is not None,
        "due_at": at + timedelta(seconds=late.seconds if late else 0),
    }


class Teller:
    """Sends the notifications of one simulator, in the background and when asked.

    Args:
        rows: the model of its notifications.
        pauses: seconds between one attempt and the next; given up after the last.
        write: body and headers of a notification; told whether to sign it wrongly.
        is_taken: whether the merchant's answer ends the repetition.
        first: what else falls due, such as refunds to finish; called before each look with the time.
    """

    def __init__(
        self,
        rows: type[Told],
        *,
        pauses: tuple[int, ...],
        write: Callable[[Any, bool], Written],
        is_taken: Callable[[httpx.Response], bool],
        first: Callable[[datetime], None],
    ) -> None:
        """See the class."""
        self._rows = rows._default_manager  # noqa: SLF001
        self._name = rows._meta.app_label
        self._pauses, self._write, self._is_taken, self._first = pauses, write, is_taken, first
        self._wake, self._started = threading.Event(), threading.Lock()
        # One client, for making one is dear; no connection is kept, for the merchant may be another process by then.
        self._client = httpx.Client(
            timeout=ANSWER_WITHIN_SECONDS,
            trust_env=False,
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=0),
        )

    def start(self) -> None:
        """Start delivering in the background of this process, once."""
        if os.environ.get("SIMULATORS_DELIVERY") != "0" and self._started.acquire(blocking=False):
            threading.Thread(target=self._run, name=f"{self._name}-delivery", daemon=True).start()

    def wake(self) -> None:
        """Deliver after the commit instead of at the next look."""
        transaction.on_commit(self._wake.set)

    def _run(self) -> None:
        with ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix=f"{self._name}-post") as pool:
            while True:
                self._wake.wait(IDLE_SECONDS)
                self._wake.clear()
                try:
                    close_old_connections()
                    self._first(timezone.now())
                    for pk in self.claim_due(timezone.now()):
                        pool.submit(self._send_and_let_go, pk)
                except Exception:
                    # The database may be away for a while; the rows wait for it.
                    log.warning("deliveries must wait", exc_info=True)

    def _send_and_let_go(self, pk: int) -> None:
        try:
            self.send(pk)
        except Exception:
            log.warning("notification %s must wait", pk, exc_info=True)
        finally:
            close_old_connections()

    def deliver_now(self, *, with_withheld: bool = False) -> tuple[int, int]:
        """Send everything undelivered at once, whatever its time. Returns (attempted, delivered)."""
        if with_withheld:
            self._rows.filter(delivered_at=None).update(is_withheld=False, waits_for_next=False)
        ever = datetime.max.replace(tzinfo=timezone.get_current_timezone()) - timedelta(days=2)
        claimed: list[int] = []
        # Once more: what was to be overtaken goes out after what overtook it.
        for _turn in range(2):
            due = self.claim_due(ever, besides=claimed)
            for pk in due:
                self.send(pk)
            claimed += due
        return len(claimed), self._rows.filter(pk__in=claimed, delivered_at__isnull=False).count()

    def claim_due(self, at: datetime, besides: Collection[int] = ()) -> list[int]:
        """Take what is due by ``at``, counting the attempt and setting the time of the next."""
        waiting = Q(delivered_at=None, given_up_at=None, is_withheld=False, due_at__lte=at)
        overtaken = self._rows.filter(out_trade_no=OuterRef("out_trade_no"), pk__gt=OuterRef("pk"))
        in_turn = Q(waits_for_next=False) | Exists(overtaken.exclude(last_answer=""))
        with transaction.atomic():
            rows = list(
                self._rows.select_for_update(skip_locked=True)
                .filter(waiting, in_turn)
                .exclude(pk__in=besides)
                .order_by("due_at")[:100]
            )
            for row in rows:
                self._count(row)
        return [row.pk for row in rows]

    def _count(self, row: Told) -> None:
        if row.attempts < len(self._pauses):
            row.due_at = timezone.now() + timedelta(seconds=self._pauses[row.attempts])
        else:
            row.given_up_at = timezone.now()
        row.attempts += 1
        row.save(update_fields=["due_at", "given_up_at", "attempts"])

    def send(self, pk: int) -> None:
        """Post one claimed notification, and note the answer."""
        row = self._rows.get(pk=pk)
        # After a forgery the true one follows at once: a forgery must neither be believed nor stand in its way.
        signed = [False, True] if row.is_forged else [True] * row.copies
        answers = []
        for truly in signed:
            written = self._write(row, not truly)
            taken, answer = self._post(row.url, written)
            answers.append(answer)
        self._rows.filter(pk=pk).update(
            last_answer=", ".join(answers)[:120],
            sent_body=written.body.decode(),
            sent_headers=written.headers,
            is_forged=False,
            copies=1,
            delivered_at=timezone.now() if taken else None,
        )

    def replay(self, out_trade_no: str) -> list[str]:
        """Post what was sent last for an order again, to the byte, as a thief would. Returns the answers."""
        sent = self._rows.filter(out_trade_no=out_trade_no).exclude(sent_body="").order_by("pk")
        return [
            self._post(row.url, Written(row.sent_body.encode(), dict(row.sent_headers)))[1] for row in sent
        ]

    def _post(self, url: str, written: Written) -> tuple[bool, str]:
        try:
            answer = self._client.post(url, content=written.body, headers=written.headers)
        except httpx.HTTPError as error:
            return False, type(error).__name__
        return self._is_taken(answer), str(answer.status_code)
