"""What the law says at an institution on a day, as it is and with proposed prices in force."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pricing.models import SCOPE, TERMS, Price, PriceRevision
from pricing.queries import context_of, tariff_facts
from pricing.rules import QuoteContext, ServiceLine, TariffFacts
from pricing.rules.facts import DEMONSTRATION, PriceFact
from pricing.rules.lookup import regions_around
from registry.models import Institution
from repricing.rules.overlay import with_proposals

_ONE = Decimal(1)


@dataclass(frozen=True)
class Proposals:
    """The rows of a revision as prices; their ids are negative, so that they are told from prices that are law."""

    facts: tuple[PriceFact, ...]
    replaced: frozenset[int]
    item_ids: frozenset[int]

    def reach(self, context: QuoteContext) -> bool:
        """Whether one of them may hold at the institution."""
        around = regions_around(context.region_code)
        return any(
            fact.region_code in around
            and fact.institution_id in {None, context.institution_id}
            and (fact.evidence_grade == DEMONSTRATION) == context.is_demonstration
            for fact in self.facts
        )


def proposals_of(revision: PriceRevision) -> Proposals:
    """What the revision would make law."""
    rows = list(revision.rows.select_related("item", "base_item").order_by("pk"))
    facts = []
    for row in rows:
        said = {name: getattr(row, name) for name in (*SCOPE, *TERMS)}
        price = Price(pk=-row.pk, item=row.item, effective=row.effective, **said)
        price.document, price.base_item = revision.document, row.base_item
        facts.append(price.facts())
    return Proposals(
        tuple(facts),
        frozenset(row.replaces_id for row in rows if row.replaces_id is not None),
        frozenset(row.item_id for row in rows),
    )


@dataclass(frozen=True)
class Law:
    """Where and when, and the facts with and without the proposals."""

    context: QuoteContext
    now: TariffFacts
    proposed: TariffFacts


def facts_on(institution: Institution, day: date, codes: Collection[str]) -> tuple[QuoteContext, TariffFacts]:
    """Everything known of the items at the institution on the day; at most six queries."""
    context = context_of(institution, day)
    lines = [ServiceLine(code, code, _ONE) for code in sorted(codes)]
    return context, tariff_facts(lines, context)


def law_on(institution: Institution, day: date, codes: Collection[str], proposals: Proposals) -> Law | None:
    """The law with and without the proposals; None where they cannot hold at the institution."""
    if not proposals.reach(context_of(institution, day)):
        return None
    context, now = facts_on(institution, day, codes)
    return Law(context, now, with_proposals(now, proposals.facts, proposals.replaced))
