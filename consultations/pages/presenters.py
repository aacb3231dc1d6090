"""What the pages say of slots, visits and the conversation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from checkout.states import CheckoutState
from consultations.errors import FreeSlot
from consultations.models import Revisit, Slot
from consultations.queries import QueuePlace
from consultations.rules import end_words
from consultations.states import RevisitState
from kernel.presentation import clock_time, day, is_chinese, moment

_S = RevisitState

STEPS: tuple[Promise, ...] = (
    gettext_lazy("Time"),
    gettext_lazy("Complaint"),
    gettext_lazy("Proof"),
    gettext_lazy("Consent"),
    gettext_lazy("Payment"),
)

BADGES: dict[RevisitState, tuple[str, Promise]] = {
    _S.PREPARING: ("needs", gettext_lazy("Not finished")),
    _S.WAITING: ("waiting", gettext_lazy("Waiting for the doctor")),
    _S.IN_PROGRESS: ("progress", gettext_lazy("With the doctor")),
    _S.COMPLETED: ("done", gettext_lazy("Finished")),
    _S.STOPPED: ("stopped", gettext_lazy("Stopped, see a doctor offline")),
    _S.MISSED: ("stopped", gettext_lazy("The doctor did not come")),
    _S.CANCELLED: ("stopped", gettext_lazy("Cancelled")),
}

_GIVEN_BACK = frozenset({_S.STOPPED, _S.MISSED, _S.CANCELLED})
_FEW = 1
_NOON, _EVENING = "12:00", "18:00"
_WEEKDAYS_ZH = "一二三四五六日"
_WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def badge(revisit: Revisit) -> tuple[str, Promise]:
    """Kind and word of a visit's badge."""
    return BADGES[RevisitState(revisit.state)]


@dataclass(frozen=True)
class DayTab:
    """A day in the strip."""

    on: date
    weekday: str
    number: int
    word: str
    is_chosen: bool
    has_places: bool


def day_tabs(slots: Sequence[Slot], days: Sequence[date], chosen: date, today: date) -> list[DayTab]:
    """The strip of days; a day without slots is one on which the doctor does not receive."""
    tabs = []
    for on in days:
        of_day = [slot for slot in slots if timezone.localtime(slot.starts_at).date() == on]
        free = any(getattr(slot, "free", 0) for slot in of_day)
        word = _("free") if free else _("full") if of_day else _("none")
        names = [f"周{name}" for name in _WEEKDAYS_ZH] if is_chinese() else _WEEKDAYS_EN
        weekday = _("Today") if on == today else names[on.weekday()]
        tabs.append(DayTab(on, weekday, on.day, word, on == chosen, free))
    return tabs


@dataclass(frozen=True)
class SlotChoice:
    """A slot that can be chosen."""

    pk: int
    time: str
    free: int
    is_few: bool
    is_full: bool


def slot_choices(slots: Sequence[Slot], on: date) -> list[SlotChoice]:
    """The slots of one day."""
    of_day = [slot for slot in slots if timezone.localtime(slot.starts_at).date() == on]
    return [
        SlotChoice(slot.pk, clock_time(slot.starts_at), slot.free, slot.free <= _FEW, slot.free == 0)  # type: ignore[attr-defined]
        for slot in of_day
    ]


@dataclass(frozen=True)
class DayPart:
    """Morning, afternoon or evening."""

    name: str
    slots: list[SlotChoice]


def day_parts(choices: Sequence[SlotChoice]) -> list[DayPart]:
    """The slots of a day under their headings; parts without slots are left out."""
    parts = (
        (_("Morning"), [choice for choice in choices if choice.time < _NOON]),
        (_("Afternoon"), [choice for choice in choices if _NOON <= choice.time < _EVENING]),
        (_("Evening"), [choice for choice in choices if choice.time >= _EVENING]),
    )
    return [DayPart(name, slots) for name, slots in parts if slots]


def days_words(days: Sequence[date]) -> str:
    """The month or months of a strip of days, in words."""
    months = list(dict.fromkeys((on.year, on.month) for on in days))
    if is_chinese():
        return "、".join(f"{month} 月" for _year, month in months)
    return " / ".join(date(year, month, 1).strftime("%B") for year, month in months)


def next_words(slots: Sequence[FreeSlot]) -> str:
    """The next free places, said in one line; empty when there is none."""
    return _(", ").join(f"{day(slot.starts_at)} {clock_time(slot.starts_at)}" for slot in slots)


def next_step(revisit: Revisit) -> tuple[str, str]:
    """Where she goes on, and what the link says."""
    number = revisit.encounter.number
    if revisit.state != _S.PREPARING:
        return reverse("consultations:visit", args=[number]), _("Open")
    encounter = revisit.encounter
    if revisit.bill:
        return reverse("checkout:pay", args=[revisit.bill.number]), _("Go on: pay")
    if not encounter.complaint:
        return reverse("consultations:complaint", args=[number]), _("Go on: describe your complaint")
    if not hasattr(encounter, "proof"):
        return reverse("consultations:proof", args=[number]), _("Go on: proof of the first visit")
    return reverse("consultations:consent", args=[number]), _("Go on: consent")


def list_note(revisit: Revisit) -> str:
    """What the row of a visit adds to its badge: the step that is missing, or the money on its way back."""
    if revisit.state == _S.PREPARING:
        return next_step(revisit)[1]
    back = _money_back(revisit) if revisit.state in _GIVEN_BACK else []
    return back[0].what if back else ""


@dataclass(frozen=True)
class Item:
    """One node of the visit's timeline."""

    kind: str
    what: str
    when: str = ""
    note: str = ""


def timeline(revisit: Revisit) -> list[Item]:
    """The life of a visit, from booking to the money's way back."""
    items = [Item("done", _("Booked"), moment(revisit.created_at))]
    if revisit.admitted_at:
        items.append(Item("done", _("Consultation fee paid"), moment(revisit.admitted_at)))
    state, encounter = revisit.state, revisit.encounter
    if state == _S.WAITING:
        items.append(Item("now", _("Waiting for the doctor")))
    if encounter.begun_at:
        now = state == _S.IN_PROGRESS
        items.append(Item("now" if now else "done", _("With the doctor"), moment(encounter.begun_at)))
    if state == _S.COMPLETED:
        items.append(Item("done", _("Finished"), moment(revisit.ended_at)))
    elif state in _GIVEN_BACK:
        why = end_words(revisit.stop_code, revisit.stop_reason)
        items.append(Item("failed", str(badge(revisit)[1]), moment(revisit.ended_at), why))
        items += _money_back(revisit)
    return items


def _money_back(revisit: Revisit) -> list[Item]:
    """Where the fee is on its way back."""
    checkout = getattr(revisit.bill, "checkout", None) if revisit.bill_id else None
    if checkout is None or checkout.paid_at is None:
        return []
    if checkout.state == CheckoutState.REFUNDED:
        return [Item("done", _("The money is back"), moment(checkout.ended_at))]
    return [Item("now", _("The money is going back by itself"))]


def queue_words(place: QueuePlace | None, revisit: Revisit, at: datetime) -> dict[str, Any]:
    """The figures of the waiting room."""
    if place is None:
        return {}
    return {"position": place.ahead + 1, "ahead": place.ahead, "minutes": place.minutes}
