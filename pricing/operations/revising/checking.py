"""Everything that stands between the rows and the law, asked before submitting and before publishing."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from kernel.clock import day_of
from kernel.errors import Violation
from pricing.models import SCOPE, TERMS, Price, PriceRevision, ProposedPrice
from pricing.queries.beside import beside
from pricing.queries.revisions import by_scope, known_prices, revision_facts, row_facts
from pricing.queries.texts import scope_key
from pricing.rules.publishing import publishing_violations
from pricing.rules.revising import (
    ProposedFact,
    changed_since_violations,
    place_of,
    reference_of,
    revision_violations,
    terms_violations,
)

_COLUMNS = tuple(name.removesuffix("_id") for name in (*SCOPE, *TERMS))


def violations_of(
    revision: PriceRevision,
    rows: Sequence[ProposedPrice],
    *,
    known: Sequence[Price] | None = None,
    is_submitted: bool = False,
    at: datetime,
) -> list[Violation]:
    """All of them; ``field`` is the position of the row in ``rows``, a dot and the column, or empty.

    ``known`` are the prices of the rows' items where the caller holds them; ``is_submitted`` asks, too, whether
    what the rows replace is still what it was. The number of statements does not depend on the rows.
    """
    if known is None:
        known = list(known_prices(row.item_id for row in rows))
    incomplete = list(incomplete_rows(rows))
    facts, scopes = row_facts(rows, revision, at=at), by_scope(known)
    found = [*incomplete, *revision_violations(revision_facts(revision), facts, scopes, day_of(at))]
    halves = {reference_of(violation)[0] for violation in incomplete}
    found += _publishing([fact for fact in facts if fact.reference not in halves], rows, known)
    if is_submitted:
        found += changed_since_violations(facts, scopes, _recorded_since(revision, known))
    return found


def _recorded_since(revision: PriceRevision, known: Sequence[Price]) -> set[int]:
    submitted_at = revision.submitted_at
    return {price.pk for price in known if submitted_at is not None and price.recorded_at > submitted_at}


def incomplete_rows(rows: Sequence[ProposedPrice]) -> Iterator[Violation]:
    """What each row by itself does not say."""
    for position, row in enumerate(rows):
        terms = {name: getattr(row, name) for name in _COLUMNS}
        for each in terms_violations(terms):
            field = place_of(str(position), each.field)
            yield Violation(each.rule, each.message, each.way_on, field, each.source)


def _publishing(
    facts: Sequence[ProposedFact], rows: Sequence[ProposedPrice], known: Sequence[Price]
) -> list[Violation]:
    """What every price must fulfil, whoever publishes it; asked of complete rows, told with their positions."""
    prices = [fact.price for fact in facts]
    scopes = {scope_key(row) for row in rows}
    replaced = {price.pk for price in known if scope_key(price) in scopes}
    stands = beside(prices, without=replaced)
    found = publishing_violations(prices, stands.items, stands.others, institutions=stands.institutions)
    return [replace(each, field=facts[int(each.field)].reference) for each in found]
