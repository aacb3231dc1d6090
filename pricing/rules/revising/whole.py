"""What must be true of all rows of a revision together, and beside the prices that are known."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations

from django.utils.translation import gettext_lazy as _

from kernel.errors import Violation
from kernel.period import Period
from pricing.rules.changing import document_violations
from pricing.rules.facts import DEMONSTRATION, PriceFact
from pricing.rules.revising.facts import ProposedFact, RevisionFact, place_of
from pricing.rules.scope import Scope, overlap, scope_of

_OURS = "our rule: a price is what a document says, and two people have looked at it"
_NEVER_BACK = "our rule: a change of price never reaches back"
_SECOND_HAND = "C"


def revision_violations(
    revision: RevisionFact,
    rows: Sequence[ProposedFact],
    known: Mapping[Scope, Sequence[PriceFact]],
    today: date,
) -> Iterator[Violation]:
    """Everything that keeps the rows from being published; ``known`` holds the prices of their items by scope."""
    yield from _whole_violations(revision, rows)
    for row in rows:
        yield from _day_violations(revision, row, today)
        yield from _document_violations(revision, row)
        yield from _scope_violations(revision, row)
        yield from _mixture_violations(revision, row, known.get(scope_of(row.price), ()))
        yield from _age_violations(row, known.get(scope_of(row.price), ()))
    yield from _double_violations(rows)


def _whole_violations(revision: RevisionFact, rows: Sequence[ProposedFact]) -> Iterator[Violation]:
    """PR-71, PR-73: a revision has rows; one that reaches back says why and rests on a text that was seen.

    Source: our rule: a price is what a document says, and two people have looked at it.
    """
    if not rows:
        message = _("There is no row yet.")
        yield Violation("PR-71", message, _("Add a row, copy prices or import a file."), source=_OURS)
    if revision.reaches_back and not revision.note.strip():
        reason = _("A revision that reaches back says why it comes late.")
        yield Violation("PR-73", reason, _("Write the reason into the note."), source=_OURS)
    if revision.reaches_back and revision.document.evidence_grade == _SECOND_HAND:
        unseen = _("Bills of the past are not changed by a document that nobody has seen.")
        yield Violation("PR-73", unseen, _("Find its text and correct its grade first."), source=_OURS)


def _day_violations(revision: RevisionFact, row: ProposedFact, today: date) -> Iterator[Violation]:
    """PR-12: without reaching back a price begins tomorrow at the earliest.

    Source: our rule: a change of price never reaches back.
    """
    if row.price.begin <= today and not revision.reaches_back:
        message = _("A new price begins tomorrow at the earliest: today's visits were quoted already.")
        way_on = _("Choose a later day, or mark the revision as one that reaches back.")
        field = place_of(row.reference, "begins_on")
        yield Violation("PR-12", message, way_on, field=field, source=_NEVER_BACK)


def _document_violations(revision: RevisionFact, row: ProposedFact) -> Iterator[Violation]:
    """PR-13: the document covers place and days of the row."""
    for found in document_violations(revision.document, row.price.region_code, row.price.begin):
        yield Violation(
            found.rule, found.message, found.way_on, field=place_of(row.reference, "begins_on"), source=found.source
        )  # fmt: skip
    ends = revision.document.end
    if ends is not None and (row.price.end is None or row.price.end > ends):
        message = _("The price holds on days when the document does not.")
        yield Violation("PR-13", message, field=place_of(row.reference, "last_on"), source=_OURS)


def _scope_violations(revision: RevisionFact, row: ProposedFact) -> Iterator[Violation]:
    """PR-74: all rows are of the institution whose prices these are, or of none.

    Source: our rule: a price is what a document says, and two people have looked at it.
    """
    if row.price.institution_id != revision.institution_id:
        message = _("This row is not of the institution that the revision is of.")
        field = place_of(row.reference, "institution")
        yield Violation("PR-74", message, field=field, source=_OURS)


def _mixture_violations(
    revision: RevisionFact, row: ProposedFact, known: Sequence[PriceFact]
) -> Iterator[Violation]:
    """PR-13: invented and real prices are never mixed."""
    is_demonstration = revision.document.evidence_grade == DEMONSTRATION
    stands_beside = any(
        (each.evidence_grade == DEMONSTRATION) != is_demonstration and overlap(each, row.price)
        for each in known
    )
    at_institution = (
        revision.institution_id is not None and revision.is_demonstration_institution != is_demonstration
    )
    if stands_beside or at_institution or (row.is_demonstration_item and not is_demonstration):
        message = _("Invented and real documents are never mixed.")
        yield Violation("PR-13", message, field=place_of(row.reference, "item"), source=_OURS)


def _age_violations(row: ProposedFact, known: Sequence[PriceFact]) -> Iterator[Violation]:
    """PR-76: ages of one scope do not overlap: a row has the ages of the price it replaces, or quite others.

    Source: our rule: a price is what a document says, and two people have looked at it.
    """
    for other in known:
        if _ages(other) != _ages(row.price) and overlap(other, row.price):
            message = _("The document %(number)s sets a price for other ages that overlap these.") % {
                "number": other.document_number
            }
            way_on = _("Give the same ages, or end that price first.")
            yield Violation("PR-76", message, way_on, field=place_of(row.reference, "age_from"), source=_OURS)


def _double_violations(rows: Sequence[ProposedFact]) -> Iterator[Violation]:
    """PR-72: one price for a scope on a day, also within a revision.

    Source: our rule: a price is what a document says, and two people have looked at it.
    """
    by_scope: defaultdict[Scope, list[ProposedFact]] = defaultdict(list)
    for row in rows:
        by_scope[scope_of(row.price)].append(row)
    for group in by_scope.values():
        for first, second in combinations(group, 2):
            if overlap(first.price, second.price):
                message = _("Another row sets a price of this item for the same scope on the same days.")
                field = place_of(second.reference, "item")
                yield Violation("PR-72", message, field=field, source=_OURS)


def two_persons_violations(*, has_changed: bool) -> Iterator[Violation]:
    """PR-70: who drafted or changed the prices does not review them.

    Source: our rule: a price is what a document says, and two people have looked at it.
    """
    if has_changed:
        message = _("Who drafted or changed the prices does not review them.")
        yield Violation("PR-70", message, _("Ask a second person to look at them."), source=_OURS)


def changed_since_violations(
    rows: Sequence[ProposedFact], known: Mapping[Scope, Sequence[PriceFact]], since: Collection[int]
) -> Iterator[Violation]:
    """PR-75: what a row replaces is what its drafter saw; ``since`` are prices recorded after the rows were submitted.

    Source: our rule: a price is what a document says, and two people have looked at it.
    """
    for row in rows:
        beside = known.get(scope_of(row.price), ())
        is_new = any(price.price_id in since and overlap(price, row.price) for price in beside)
        if is_new or row.replaces_id != replaced_id(row.price, beside):
            message = _("Another price was published for this scope after the rows were submitted.")
            way_on = _("Return it to draft, look at the difference and submit it again.")
            yield Violation("PR-75", message, way_on, field=place_of(row.reference), source=_OURS)


def seen_violations(*, seen: str, is_now: str) -> Iterator[Violation]:
    """PR-77: a decision is about the rows that the person saw.

    Source: our rule: a price is what a document says, and two people have looked at it.
    """
    if seen and seen != is_now:
        message = _("The rows have changed since you opened the page.")
        yield Violation("PR-77", message, _("Look at them again and decide then."), source=_OURS)


def replaced_id(price: PriceFact, known: Sequence[PriceFact]) -> int | None:
    """The known price of just this scope and ages that holds on the first day, if any."""
    for other in known:
        if _ages(other) == _ages(price) and price.begin in Period(other.begin, other.end):
            return other.price_id
    return None


def _ages(price: PriceFact) -> tuple[int | None, int | None]:
    return price.age_from, price.age_to
