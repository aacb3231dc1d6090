"""How agreements look: where they stand today, how long they last, what has become of them."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from audit.models import AuditEntry
from insurance.models import Agreement, InsuredService
from insurance.queries.agreements import agreement_facts
from insurance.rules.agreements import AgreementFacts, is_in_force, pause_on
from insurance.states import AGREEMENT, AgreementEvent, AgreementState
from kernel.errors import Text
from kernel.presentation import iso, moment

STATE_WORDS: dict[str, tuple[str, Text]] = {
    AgreementState.APPLIED: ("waiting", gettext_lazy("Applied for")),
    AgreementState.SIGNED: ("done", gettext_lazy("Signed by both sides")),
    AgreementState.SUSPENDED: ("stopped", gettext_lazy("Suspended")),
    AgreementState.ENDED: ("stopped", gettext_lazy("Ended")),
    AgreementState.REFUSED: ("refused", gettext_lazy("Not signed")),
}
_ACTS: dict[str, tuple[str, Text]] = {
    "applied": ("done", gettext_lazy("Applied for")),
    "sign": ("done", gettext_lazy("Signed by both sides")),
    "refuse": ("failed", gettext_lazy("Not signed by the agency")),
    "suspend": ("failed", gettext_lazy("Suspended")),
    "resume": ("done", gettext_lazy("In force again")),
    "end": ("failed", gettext_lazy("Ended")),
    "document_added": ("done", gettext_lazy("Paper added")),
}


@dataclass(frozen=True)
class Shown:
    """A line of the list, and the head of a page."""

    row: Agreement
    kind: str
    word: str
    """Where it stands on the day: badge and words."""
    services: list[str]
    left: str
    """How long it still lasts; empty when that is of no interest."""
    is_ending: bool


@dataclass(frozen=True)
class Event:
    """One node of the timeline."""

    kind: str
    what: Text
    when: str
    note: str


def shown(row: Agreement, today: date) -> Shown:
    """As it stands on a day; ``row`` comes from ``agreements_listed``."""
    facts = agreement_facts(row, row.main)
    kind, word = _standing(facts, today)
    left = facts.over_on - today if facts.over_on and is_in_force(facts, today) else None
    return Shown(
        row=row,
        kind=kind,
        word=str(word),
        services=[str(InsuredService(code).label) for code in row.services],
        left=_left(left),
        is_ending=left is not None and left.days <= settings.INSURANCE_AGREEMENT_WARNING_DAYS,
    )


def _standing(facts: AgreementFacts, today: date) -> tuple[str, Text]:
    if facts.state in (AgreementState.APPLIED, AgreementState.REFUSED):
        return STATE_WORDS[facts.state]
    if is_in_force(facts, today):
        return "done", _("In force today")
    if facts.over_on and today >= facts.over_on:
        return "stopped", _("Over")
    if pause_on(facts, today):
        return STATE_WORDS[AgreementState.SUSPENDED]
    if today < facts.from_on:
        return "waiting", _("Begins %(day)s") % {"day": iso(facts.from_on)}
    return "stopped", _("Main agreement not in force")


def _left(left: timedelta | None) -> str:
    if left is None:
        return ""
    return ngettext("%(days)d more day", "%(days)d more days", left.days) % {"days": left.days}


def timeline(row: Agreement, today: date) -> list[Event]:
    """What has become of it, the oldest first, and how it ends; one query."""
    acts = AuditEntry.objects.filter(
        subject_type=Agreement._meta.label_lower, subject_id=str(row.pk)
    ).select_related("by")
    events = [_event(act) for act in acts.order_by("sequence")]
    if not events:
        events.append(Event("done", _("Applied for"), moment(row.applied_at), ""))
        events += [Event("done", _("Signed by both sides"), iso(row.signed_on), "")] if row.signed_on else []
    return events + _what_comes(row, today)


def _event(act: AuditEntry) -> Event:
    kind, what = _ACTS.get(act.action.rpartition(".")[2], ("done", act.action))
    days = _days(act.facts)
    said = act.facts.get("reason") or act.facts.get("title") or ""
    who = str(act.by) if act.by else _("the system")
    note = _(", ").join(part for part in (days, str(said), who) if part)
    return Event(kind, what, moment(act.at), note)


def _days(facts: dict[str, object]) -> str:
    begin = facts.get("from_on") or facts.get("signed_on") or facts.get("resumed_on") or facts.get("ended_on")
    if not begin:
        return ""
    return f"{begin} – {facts['until_on']}" if facts.get("until_on") else str(begin)


def _what_comes(row: Agreement, today: date) -> list[Event]:
    if row.state == AgreementState.APPLIED:
        return [Event("now", _("Waits for the signature of the agency"), "", "")]
    if row.state in (AgreementState.ENDED, AgreementState.REFUSED) or row.valid_until is None:
        return []
    kind = "next" if row.valid_until > today else "failed"
    note = _("Apply for the next one in time: without an agreement in force nothing is settled.")
    return [Event(kind, _("Its days are over"), iso(row.valid_until), note)]


def possible(row: Agreement) -> set[str]:
    """Names of the acts that fit where it stands."""
    return {event.value for event in AgreementEvent if AGREEMENT.allows(row.state, event)}
