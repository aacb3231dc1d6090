"""What the first page of a patient says: her next visit, what needs her, what is new."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from billing.models import BillPurpose
from checkout.models import Checkout
from checkout.states import CheckoutState
from consultations.models import Revisit
from consultations.queries import QueuePlace, queue_place
from consultations.states import RevisitState
from kernel import clock, live
from kernel.presentation import clock_time, day, money
from portal.pages.presenters.public import revisit_fee
from portal.queries import home as queries
from registry.queries import coverage_of, institution, self_of

SOON_MINUTES = 180


@dataclass(frozen=True, slots=True)
class Figure:
    """A label over a figure."""

    label: str
    number: str
    words: str = "{}"
    """The small words around the number, which stands for ``{}``."""

    @property
    def before(self) -> str:
        """Words before the number."""
        return self.words.partition("{}")[0].strip()

    @property
    def after(self) -> str:
        """Words after the number."""
        return self.words.partition("{}")[2].strip()


@dataclass(frozen=True, slots=True)
class NextVisit:
    """The one solid card."""

    revisit: Revisit
    badge: str
    word: str
    title: str
    url: str
    button: str
    note: str = ""
    figures: list[Figure] = field(default_factory=list)
    queue: list[str] = field(default_factory=list)
    """Words under the nodes of the queue; the last is she. Empty when there is no queue to draw."""
    hold_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that needs her, or that is on its way."""

    icon: str
    title: str
    note: str
    url: str
    tone: str = "needs"


@dataclass(frozen=True, slots=True)
class News:
    """One notice."""

    text: str
    when: str
    url: str = ""


def hello(at: datetime) -> str:
    """The greeting of the hour."""
    hour = timezone.localtime(at).hour
    if hour < 12:
        return _("Good morning")
    return _("Good afternoon") if hour < 18 else _("Good evening")


def next_context(user: User, *, at: datetime) -> dict[str, Any]:
    """The card of the next visit, and the permission to follow it."""
    visits = queries.live_visits(user)
    revisit = visits[0] if visits else None
    topic = f"revisit:{revisit.pk}" if revisit else f"user:{user.pk}"
    return {
        "next": next_visit(revisit, at=at) if revisit else None,
        "others": visits[1:],
        "next_token": live.token_for(topic, user.pk),
        "now": at,
    }


def next_visit(revisit: Revisit, *, at: datetime) -> NextVisit:
    """What the card says in each state."""
    if revisit.state == RevisitState.IN_PROGRESS:
        return _under_way(revisit)
    return _waiting(revisit, at) if revisit.state == RevisitState.WAITING else _preparing(revisit)


def _under_way(revisit: Revisit) -> NextVisit:
    return NextVisit(
        revisit, "progress", _("In progress"), _("The doctor is here"), _room(revisit), _("Enter the consulting room"),
        note=_("The doctor has begun. Please come in now."),
    )  # fmt: skip


def _preparing(revisit: Revisit) -> NextVisit:
    place = getattr(revisit, "place", None)
    return NextVisit(
        revisit, "needs", _("Not finished"), _("Your place is kept for you"),
        _room(revisit), _("Go on with the booking"),
        note=_("After this time the place is free for others."), hold_until=place.held_until if place else None,
    )  # fmt: skip


def _waiting(revisit: Revisit, at: datetime) -> NextVisit:
    begins = revisit.slot.starts_at
    is_today = clock.day_of(begins) == clock.day_of(at)
    when = _("Today") if is_today else day(begins)
    place = queue_place(revisit, at=at) or QueuePlace(ahead=0, minutes=0)
    figures = [_time_figure(begins, place.minutes, at, is_today=is_today)]
    if is_today:
        figures.append(Figure(_("You are"), str(place.ahead + 1), _("No. {} in the queue")))
    return NextVisit(
        revisit, "waiting", _("In the queue") if is_today else _("Booked"),
        _("%(when)s %(time)s online re-diagnosis") % {"when": when, "time": clock_time(begins)},
        _room(revisit), _("Enter the waiting room"),
        note=_("We ring and send a text message when it is your turn. You may leave until then."),
        figures=figures, queue=queue_nodes(place.ahead) if is_today else [],
    )  # fmt: skip


def _time_figure(begins: datetime, minutes: int, at: datetime, *, is_today: bool) -> Figure:
    until = int((begins - at).total_seconds() // 60)
    if not is_today or until > SOON_MINUTES:
        return Figure(_("Begins at"), clock_time(begins))
    if until > 0:
        return Figure(_("Begins in"), str(until), _("{} minutes"))
    return Figure(_("Your turn in about"), str(minutes), _("{} minutes"))


def queue_nodes(ahead: int) -> list[str]:
    """At most four nodes: those before her, and she."""
    places = [_("No. %(n)s") % {"n": n} for n in range(1, ahead + 1)]
    if len(places) > 3:
        places = [places[0], "…", places[-1]]
    return [*places, _("You")]


def _room(revisit: Revisit) -> str:
    return reverse("consultations:visit", kwargs={"number": revisit.encounter.number})


def todo_context(user: User, *, at: datetime) -> dict[str, Any]:
    """What needs her, and the notices; followed by the topic of the user."""
    return {
        "rows": [*_about_her(user), *_money_rows(user), *_proof_rows(user, at)],
        "news": _news(user, at),
        "todo_token": live.token_for(f"user:{user.pk}", user.pk),
    }


def _about_her(user: User) -> list[Row]:
    own = self_of(user)
    if own is None:
        note = _("Needed once, before your first visit")
        return [Row("shield", _("Confirm your name"), note, reverse("registry:real_name"))]
    if own.pays_self_since is None and coverage_of(own) is None:
        url = reverse("registry:coverage", kwargs={"patient_id": own.pk})
        return [Row("wallet", _("Say which insurance you have"), _("So that the fund can pay its part"), url)]
    return []


def _money_rows(user: User) -> list[Row]:
    return [_money_row(checkout) for checkout in queries.open_money(user)]


def _money_row(checkout: Checkout) -> Row:
    bill, url = checkout.bill, reverse("checkout:pay", kwargs={"number": checkout.bill.number})
    names = {
        "amount": money(_to_pay(checkout)),
        "name": bill.encounter.patient,
        "time": clock_time(checkout.pay_by),
    }
    if checkout.state == CheckoutState.SETTLING:
        note = _("Please do not pay again. We tell you when it is done.")
        return Row("confirming", _("The settlement is being confirmed"), note, url, tone="info")
    if checkout.state in queries.UNDER_WAY:
        note = _("You need not do anything.")
        return Row("refresh", _("%(amount)s is coming back to you") % names, note, url, tone="info")
    if bill.purpose == BillPurpose.DRUGS:
        note = _("For %(name)s. The pharmacist has checked the prescription.") % names
        return Row("pill", _("Pay for medicines, %(amount)s") % names, note, url)
    if bill.purpose == BillPurpose.CORRECTION:
        what = _("Pay the difference of a corrected price, %(amount)s") % names
        return Row("wallet", what, _("For %(name)s.") % names, url)
    return Row(
        "wallet",
        _("Pay the consultation fee, %(amount)s") % names,
        _("For %(name)s, before %(time)s") % names,
        url,
    )


def _to_pay(checkout: Checkout) -> Decimal:
    """Her share once it is known, else the whole."""
    bill = checkout.bill
    return bill.total_amount if bill.cash_amount is None else bill.cash_amount


def _proof_rows(user: User, at: datetime) -> list[Row]:
    expiring = queries.expiring_proofs(
        user, on=clock.day_of(at), window_days=settings.REVISIT_PROOF_WINDOW_DAYS
    )
    note = _("Afterwards a re-diagnosis needs a new proof from a hospital")
    rows = []
    for end in expiring:
        title = _("Proof for %(disease)s ends on %(day)s") % {
            "disease": end.proof.disease.name,
            "day": day(end.last_day),
        }
        rows.append(Row("doc", title, note, reverse("consultations:visits")))
    return rows


def _news(user: User, at: datetime) -> list[News]:
    said = [(revisit.ended_at, _ended(revisit)) for revisit in queries.news_visits(user, at)]
    said += [(checkout.ended_at, _back(checkout)) for checkout in queries.news_refunds(user, at)]
    newest = sorted(said, key=lambda pair: pair[0] or at, reverse=True)
    return [*(news for _when, news in newest), *_price_news(at)]


def _ended(revisit: Revisit) -> News:
    names = {"doctor": revisit.encounter.practitioner.name}
    text = _("%(doctor)s asks you to see a hospital; the fee comes back") % names
    if revisit.state == RevisitState.MISSED:
        text = _("%(doctor)s could not receive you; the fee comes back") % names
    return News(text, day(revisit.ended_at), _room(revisit))


def _back(checkout: Checkout) -> News:
    text = _("%(amount)s is back with you") % {"amount": money(_to_pay(checkout))}
    return News(
        text, day(checkout.ended_at), reverse("checkout:pay", kwargs={"number": checkout.bill.number})
    )


def _price_news(at: datetime) -> list[News]:
    fee = revisit_fee(institution(), clock.day_of(at))
    if fee is None:
        return []
    text = _("Published price of an online re-diagnosis: %(amount)s each visit") % {
        "amount": money(fee.amount)
    }
    if fee.is_demonstration:
        text += _(" (demonstration price)")
    return [News(text, "", reverse("pricing:item", kwargs={"code": fee.item_code}))]
