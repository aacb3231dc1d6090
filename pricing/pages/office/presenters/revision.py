"""One revision: its rows, what stands in the way, and what may be done."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.urls import reverse

from accounts.models import User
from kernel.clock import day_of
from kernel.errors import Text, Violation
from pricing import permissions
from pricing.models import PriceRevision, ProposedPrice
from pricing.operations import revising
from pricing.pages.amounts import Amount
from pricing.pages.office.presenters import wording
from pricing.pages.office.presenters.trail import Act, acts_of, heading_of
from pricing.queries.revisions import known_prices, seal_of
from pricing.rules.price_table import BY_KEY
from pricing.rules.revising import reference_of
from pricing.states import REVISION, RevisionEvent, RevisionState

CHECKED_AT_SIGHT = 300
"""With more rows the rules are asked when it is submitted: the page stays quick."""


@dataclass(frozen=True)
class RowShown:
    """A line of the table."""

    row: ProposedPrice
    name: str
    scope: str
    amount: Amount
    kind: Text
    days: str
    marks: list[str]
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Problem:
    """Something that keeps the revision from being published."""

    where: str
    """Name of the item, and the column; empty for the whole revision."""
    said: Text
    way_on: Text
    url: str
    rule: str


@dataclass(frozen=True)
class Actions:
    """What this person may do now."""

    change: bool
    submit: bool
    decide: bool
    """Review as a second person."""
    wait: bool
    """It waits for somebody else."""
    back: bool
    publish: bool
    abandon: bool


@dataclass(frozen=True)
class RevisionShown:
    """The page."""

    revision: PriceRevision
    badge: tuple[str, Text]
    count: int
    problems: list[Problem]
    is_checked: bool
    """Whether the rules were asked for this page."""
    actions: Actions
    first_on: date | None
    last_acts: list[Act]
    seal: str


def revision_shown(
    revision: PriceRevision,
    rows: Sequence[ProposedPrice],
    user: User,
    at: datetime,
    refusals: Sequence[Violation] = (),
) -> RevisionShown:
    """``refusals`` are those of an act that was just tried; else the rules are asked, unless there are many rows."""
    is_open = REVISION.allows(revision.state, RevisionEvent.ABANDON)
    is_checked = bool(refusals) or (is_open and len(rows) <= CHECKED_AT_SIGHT)
    found = list(refusals) or (_violations(revision, rows, at) if is_checked else [])
    return RevisionShown(
        revision=revision,
        badge=wording.STATE_WORDS[revision.state],
        count=len(rows),
        problems=[_problem(revision, rows, violation) for violation in found],
        is_checked=is_checked,
        actions=actions_of(revision, user),
        first_on=min((row.effective.lower for row in rows), default=None),
        last_acts=acts_of(revision, most=6),
        seal=seal_of(rows),
    )


def _violations(revision: PriceRevision, rows: Sequence[ProposedPrice], at: datetime) -> list[Violation]:
    is_submitted = revision.state in {RevisionState.SUBMITTED, RevisionState.REVIEWED}
    known = list(known_prices(row.item_id for row in rows))
    return revising.violations_of(revision, rows, known=known, is_submitted=is_submitted, at=at)


def _problem(revision: PriceRevision, rows: Sequence[ProposedPrice], violation: Violation) -> Problem:
    reference, column = reference_of(violation)
    if not reference.isdigit() or int(reference) >= len(rows):
        return Problem("", violation.message, violation.way_on, "", violation.rule)
    row = rows[int(reference)]
    url = reverse("pricing:office_row", args=[revision.number, row.pk]) if row.pk else ""
    where = " ".join(
        filter(None, (wording.name_of(row.item), row.item.code, row.effective.lower.isoformat()))
    )
    said = heading_of(BY_KEY[column]) if column in BY_KEY else ""
    return Problem(f"{where} {said}".strip(), violation.message, violation.way_on, url, violation.rule)


def actions_of(revision: PriceRevision, user: User) -> Actions:
    """By state and person."""
    may_change = permissions.can_change(user, revision)
    state = revision.state
    can_review = permissions.can_review(user, revision)
    return Actions(
        change=may_change,
        submit=may_change and state == RevisionState.DRAFT,
        decide=can_review,
        wait=state == RevisionState.SUBMITTED and not can_review,
        back=may_change and state in {RevisionState.SUBMITTED, RevisionState.REVIEWED},
        publish=permissions.can_publish(user, revision),
        abandon=may_change,
    )


def rows_shown(
    revision: PriceRevision, rows: Iterable[ProposedPrice], problems: Sequence[Problem], at: datetime
) -> list[RowShown]:
    """Lines of the table, each with its own problems; no statement of its own."""
    by_url: dict[str, list[str]] = {}
    for problem in problems:
        by_url.setdefault(problem.url, []).append(str(problem.said))
    return [
        _row_shown(revision, row, by_url.get(reverse("pricing:office_row", args=[revision.number, row.pk]), []), at)
        for row in rows
    ]  # fmt: skip


def _row_shown(revision: PriceRevision, row: ProposedPrice, problems: list[str], at: datetime) -> RowShown:
    fact = wording.facts_of(row, revision, at)
    return RowShown(
        row=row,
        name=wording.name_of(row.item),
        scope=wording.scope_of(row, fact),
        amount=wording.amount_of(row, fact),
        kind=row.get_kind_display(),
        days=wording.days_of(row),
        marks=wording.marks_of(row, fact),
        problems=problems,
    )


@dataclass(frozen=True)
class Start:
    """What becomes law on a day."""

    day: date
    count: int
    is_past: bool


def starts_of(rows: Iterable[ProposedPrice], at: datetime) -> list[Start]:
    """How many prices begin on which day, in order: what the confirmation says."""
    counts: dict[date, int] = {}
    for row in rows:
        counts[row.effective.lower] = counts.get(row.effective.lower, 0) + 1
    return [Start(day, count, day <= day_of(at)) for day, count in sorted(counts.items())]
