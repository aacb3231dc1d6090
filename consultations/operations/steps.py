"""The single steps that operations share; callers hold the transaction."""

import uuid
from datetime import datetime
from typing import Any

from accounts.models import User
from audit import operations as audit
from checkout.models import Checkout
from checkout.operations import lock_checkout
from consultations.models import ChatMessage, MessageKind, Place, Revisit
from consultations.states import REVISIT, RevisitEvent
from kernel import jobs, live


def locked(**lookup: Any) -> Revisit:
    """The revisit, locked for this transaction."""
    rows = Revisit.objects.select_for_update(of=("self",))
    return rows.select_related("encounter__practitioner__user", "encounter__patient", "slot", "bill").get(
        **lookup
    )


def locked_with_money(*, pk: int) -> Revisit:
    """The revisit, locked after the claim and the checkout of its fee.

    Always the money first: what the insurer or the channel says locks them in this order, the other way
    round two transactions would wait for each other.
    """
    if Checkout.objects.filter(bill__revisit=pk).exists():
        lock_checkout(bill__revisit=pk)
    return locked(pk=pk)


def move(revisit: Revisit, event: RevisitEvent, *, by: User | None, at: datetime, **changes: Any) -> None:
    """One step of the visit's life, recorded, and everybody who watches told."""
    revisit.state = REVISIT.after(revisit.state, event)
    for name, value in changes.items():
        setattr(revisit, name, value)
    revisit.save()
    audit.record(f"consultations.revisit.{event.value}", on=revisit, by=by, at=at)
    ring(revisit)


def ring(revisit: Revisit) -> None:
    """Tell the visit's pages, the doctor's queue, and everyone who waits in it."""
    encounter = revisit.encounter
    live.ring(f"queue:{encounter.practitioner_id}")
    same_queue = Revisit.objects.filter(
        state="waiting",
        encounter__practitioner=encounter.practitioner_id,
        encounter__service_on=encounter.service_on,
    )
    for pk in {revisit.pk, *same_queue.values_list("pk", flat=True)}:
        live.ring(f"revisit:{pk}")
    if encounter.booked_by_id:
        live.ring(f"user:{encounter.booked_by_id}")


def free_place(revisit: Revisit) -> None:
    """Give the place back to others."""
    Place.objects.filter(revisit=revisit).update(revisit=None, held_until=None)


def say(revisit: Revisit, code: str, *, at: datetime) -> ChatMessage:
    """A notice of the system, by its code in ``rules.NOTICES``; the revisit is locked, so numbers have no holes."""
    last = revisit.messages.order_by("-number").values_list("number", flat=True).first() or 0
    return ChatMessage.objects.create(
        revisit=revisit,
        number=last + 1,
        client_key=uuid.uuid4(),
        kind=MessageKind.NOTICE,
        text=code,
        sent_at=at,
    )


def tell_patient(revisit: Revisit, template: str, **params: str) -> None:
    """A text message to whoever booked; the template holds the words."""
    if revisit.encounter.booked_by_id is None:
        return
    jobs.enqueue(
        "accounts.send_text",
        user_id=revisit.encounter.booked_by_id,
        template=template,
        params={"number": revisit.encounter.number, **params},
        key=f"{template}-{revisit.pk}",
    )
