"""What a price must fulfil before it becomes law, whether it comes from a file or from a revision."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from kernel.errors import Violation
from pricing.rules.facts import ItemFact, PriceFact, QuoteContext
from pricing.rules.publishing.bands import band_violations
from pricing.rules.publishing.hanging import item_violations, row_violations
from pricing.rules.publishing.limits import limit_violations
from pricing.rules.publishing.revisits import revisit_violations

__all__ = ["band_violations", "item_violations", "publishing_violations"]

_NOBODY: Mapping[int, QuoteContext] = MappingProxyType({})


def publishing_violations(
    rows: Sequence[PriceFact],
    items: Mapping[str, ItemFact],
    others: Sequence[PriceFact],
    *,
    institutions: Mapping[int, QuoteContext] = _NOBODY,
) -> list[Violation]:
    """Everything that forbids the prices, PR-80 to PR-85 and PR-15; may be empty.

    Args:
        rows: the prices to be; nothing of the database is needed of them, ``price_id`` and ``document_id`` may be 0.
        items: by code, with those of the rows, their main items, bases and the items they are charged like.
        others: prices that hold beside them, as known now and without those that the rows replace: of the same
            items, of ordinary outpatient items and of online re-diagnosis items (``pricing.queries.beside``).
        institutions: circumstances of those whose own prices are among the rows, by id; any day. One that is
            missing counts as public and of just the scope that its row says.

    Returns:
        ``field`` of each violation is the position of the row in ``rows``, from 0, as text.
    """
    found = list(_row_by_row(rows, items))
    found += limit_violations(rows, others, institutions)
    found += revisit_violations(rows, items, others, institutions)
    return found


def _row_by_row(rows: Sequence[PriceFact], items: Mapping[str, ItemFact]) -> Iterator[Violation]:
    for position, row in enumerate(rows):
        for violation in (*band_violations(row), *row_violations(row, items)):
            yield replace(violation, field=str(position))
