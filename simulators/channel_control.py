"""The other side of a channel's counter: faults to set, what is held, what is to be sent, a day's bill that differs.

WeChat Pay and Alipay call their orders differently and count in other units; what a person or a test does here is the same.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from django.db import models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from simulators.bill_changes import BillChangeBase
from simulators.faults import PlannedFault
from simulators.hmac_gate import posted
from simulators.telling import Told

SHOWN = 50
_PAGES = ("faults", "reset", "pump", "bill")


class Deliveries(Protocol):
    """What sends a channel's notifications."""

    def deliver_now(self, *, with_withheld: bool = False) -> tuple[int, int]:
        """Send everything undelivered at once. Returns (attempted, delivered)."""

    def replay(self, out_trade_no: str) -> list[str]:
        """Post what was sent last again. Returns the answers."""


@dataclass(frozen=True)
class OrderRow:
    """An order on the page. ``cashier``: its address."""

    number: str
    about: str
    amount: object
    state: str
    cashier: str


@dataclass(frozen=True)
class Counter:
    """What a channel has on its counter.

    Args:
        app: its name in addresses.
        title: in both languages.
        unit: of amounts, on the page.
        amount: reads an amount in that unit; raises ``ValueError`` or ``ArithmeticError``.
        verbs: what a fault may be set for.
        fault, change, notification: its models.
        held: what is forgotten by a reset of everything, in the order of deleting.
        orders: the rows of the page.
        event: what a notification tells, in a word.
        holdings: what a program is shown, of one order or (empty) of all.
        deliveries: what sends its notifications.
    """

    app: str
    title: tuple[str, str]
    unit: str
    amount: Callable[[str], Any]
    verbs: Collection[str]
    kinds: type[models.TextChoices]
    fault: type[PlannedFault]
    change: type[BillChangeBase]
    notification: type[Told]
    held: tuple[type[models.Model], ...]
    orders: Callable[[], Iterable[OrderRow]]
    event: Callable[[Any], str]
    holdings: Callable[[str], dict[str, Any]]
    deliveries: Deliveries

    def paths(self) -> list[URLPattern]:
        """Addresses of what every channel has."""
        posts: dict[str, Callable[[HttpRequest], HttpResponse]] = {
            "faults": self._set_fault,
            "reset": self._reset,
            "pump": self._pump,
            "replay": self._replay,
            "bill": self._change_bill,
        }
        shared = [
            path(f"control/{name}/", csrf_exempt(require_POST(view)), name=name)
            for name, view in posts.items()
        ]
        return [path("control/", require_GET(self._overview), name="control"), *shared]

    def answer(self, request: HttpRequest, fields: Mapping[str, Any], status: int = 200) -> HttpResponse:
        """JSON to a program; a person goes back to the page."""
        if request.content_type == "application/json":
            return JsonResponse(fields, status=status, json_dumps_params={"ensure_ascii": False})
        return HttpResponseRedirect(reverse(f"{self.app}:control"))

    def _overview(self, request: HttpRequest) -> HttpResponse:
        """What is held: JSON when asked for (``Accept`` or ``?format=json``), a page otherwise."""
        if "application/json" in request.headers.get("Accept", "") or request.GET.get("format") == "json":
            held = self.holdings(request.GET.get("out_trade_no", "")) | {"faults": self._planned()}
            return JsonResponse(held, json_dumps_params={"ensure_ascii": False})
        notes = _rows(self.notification).order_by("-pk")[:SHOWN]
        context = {
            "counter": self,
            "to": {name: reverse(f"{self.app}:{name}") for name in _PAGES},
            "change_kinds": BillChangeBase.KINDS,
            "changes": _rows(self.change).order_by("-pk")[:SHOWN],
            "faults": _rows(self.fault).order_by("-pk")[:SHOWN],
            "notifications": [(self.event(note), note) for note in notes],
        }
        return render(request, "simulators/channel_control.html", context)

    def _planned(self) -> list[dict[str, Any]]:
        rows = _rows(self.fault).order_by("pk")
        return list(rows.values("id", "kind", "verb", "times_left", "seconds", "queries"))

    def _set_fault(self, request: HttpRequest) -> HttpResponse:
        """Set a fault: ``kind``, and if wanted ``verb``, ``times``, ``seconds``, ``queries``."""
        fields = posted(request)
        if fields.get("kind") not in self.kinds.values or fields.get("verb", "") not in ("", *self.verbs):
            known = {"kinds": self.kinds.values, "verbs": list(self.verbs)}
            return self.answer(request, {"error": "unknown kind or verb", **known}, 400)
        fault = _rows(self.fault).create(
            kind=fields["kind"],
            verb=fields.get("verb", ""),
            times_left=int(fields.get("times") or 1),
            seconds=float(fields.get("seconds") or 30),
            queries=int(fields.get("queries") or 3),
        )
        return self.answer(request, {"id": fault.pk}, 201)

    @transaction.atomic
    def _reset(self, request: HttpRequest) -> HttpResponse:
        """Remove every fault; with ``all`` also every order, refund and notification."""
        for held in (self.fault, self.change, *(self.held if posted(request).get("all") else ())):
            _rows(held).all().delete()
        return self.answer(request, {"reset": True})

    def _pump(self, request: HttpRequest) -> HttpResponse:
        """Send all that is undelivered now; with ``withheld`` also what was held back by a fault."""
        with_withheld = bool(posted(request).get("withheld"))
        attempted, delivered = self.deliveries.deliver_now(with_withheld=with_withheld)
        return self.answer(request, {"attempted": attempted, "delivered": delivered})

    def _replay(self, request: HttpRequest) -> HttpResponse:
        """Post what was sent last of ``out_trade_no`` again, to the byte."""
        number = posted(request).get("out_trade_no", "")
        return self.answer(request, {"answers": self.deliveries.replay(number)})

    def _change_bill(self, request: HttpRequest) -> HttpResponse:
        """Let a day's bill differ: ``kind`` forget, amount, fee or stranger, ``number``, ``amount``, ``day``."""
        fields, kinds = posted(request), [kind for kind, _label in BillChangeBase.KINDS]
        try:
            day = date.fromisoformat(fields["day"]) if fields.get("day") else timezone.localdate()
            amount = self.amount(str(fields.get("amount") or 0))
        except (ValueError, ArithmeticError):
            return self.answer(request, {"error": f"day is YYYY-MM-DD, amount {self.unit}"}, 400)
        if fields.get("kind") not in kinds or not fields.get("number") or amount < 0:
            return self.answer(request, {"error": "unknown kind, or no number", "kinds": kinds}, 400)
        change, _is_new = _rows(self.change).update_or_create(
            number=fields["number"], defaults={"kind": fields["kind"], "amount": amount, "day": day}
        )
        return self.answer(request, {"id": change.pk}, 201)


def _rows(model: type[models.Model]) -> Any:
    """Its rows; what a channel adds to the shared fields is not known here."""
    return model._default_manager  # noqa: SLF001


def told(row: Told) -> dict[str, Any]:
    """Where a notification stands."""
    return {
        "out_trade_no": row.out_trade_no,
        "attempts": row.attempts,
        "last_answer": row.last_answer,
        "is_withheld": row.is_withheld,
        "waits_for_next": row.waits_for_next,
        "delivered_at": row.delivered_at and row.delivered_at.isoformat(),
        "due_at": row.due_at.isoformat(),
    }
