"""Revisions, their rows, and what is known beside them."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Count, Min, QuerySet

from kernel.clock import day_of
from pricing.models import SCOPE, TERMS, Price, PriceRevision, ProposedPrice
from pricing.queries.texts import ScopeKey, scope_key, texts_of
from pricing.rules.facts import PriceFact
from pricing.rules.revising import ProposedFact, RevisionFact
from pricing.rules.scope import Scope, scope_of
from pricing.rules.search import search_term
from pricing.states import RevisionState


def revisions() -> QuerySet[PriceRevision]:
    """All of them with what a list shows: ``row_count`` and ``first_on``."""
    named = ("document", "institution", "drafted_by", "reviewed_by", "published_by")
    counted = {"row_count": Count("rows"), "first_on": Min("rows__effective__startswith")}
    return PriceRevision.objects.select_related(*named).annotate(**counted).order_by("-pk")


def revisions_about(typed: str) -> QuerySet[PriceRevision]:
    """With a row for an item found by name, pinyin, initials or code, or with that number or title."""
    about = ProposedPrice.objects.filter(item__search_key__contains=search_term(typed)).values("revision")
    named = PriceRevision.objects.filter(title__icontains=typed.strip()).values("pk")
    numbered = PriceRevision.objects.filter(number__icontains=typed.strip()).values("pk")
    return revisions().filter(pk__in=about.union(named, numbered))


def counts_by_state() -> dict[str, int]:
    """How many revisions stand in each state; every state is there."""
    found = dict(
        PriceRevision.objects.order_by().values_list("state").annotate(Count("pk")).values_list("state", "pk__count")
    )  # fmt: skip
    return {state.value: found.get(state.value, 0) for state in RevisionState}


def waiting_for_review() -> int:
    """Revisions that wait for a second person."""
    return PriceRevision.objects.filter(state=RevisionState.SUBMITTED).count()


def rows_of(revision: PriceRevision) -> QuerySet[ProposedPrice]:
    """Its rows in the order of the items, with everything that texts and facts need."""
    return revision.rows.select_related(
        "item__main_item", "item__priced_as", "base_item", "institution"
    ).order_by("item__code", "region_code", "pk")


def known_prices(item_ids: Iterable[int]) -> QuerySet[Price]:
    """Prices of the items as known now, of any scope and days."""
    return (
        Price.objects.known()
        .filter(item__in=set(item_ids))
        .select_related("item", "base_item", "document", "institution")
        .order_by("effective", "pk")
    )


def by_scope(prices: Iterable[Price]) -> dict[Scope, list[PriceFact]]:
    """Facts of prices by scope, as ``revision_violations`` wants them."""
    found: defaultdict[Scope, list[PriceFact]] = defaultdict(list)
    for price in prices:
        fact = price.facts()
        found[scope_of(fact)].append(fact)
    return found


def prices_by_key(prices: Iterable[Price]) -> dict[ScopeKey, list[Price]]:
    """Prices by item and scope, each list in the order of the days."""
    found: defaultdict[ScopeKey, list[Price]] = defaultdict(list)
    for price in prices:
        found[scope_key(price)].append(price)
    return found


def as_price(row: ProposedPrice, revision: PriceRevision, *, at: datetime) -> Price:
    """The price that a row would become; not saved."""
    said = {name.removesuffix("_id"): getattr(row, name.removesuffix("_id")) for name in (*SCOPE, *TERMS)}
    return Price(item=row.item, document=revision.document, effective=row.effective, recorded_at=at, **said)


def revision_facts(revision: PriceRevision) -> RevisionFact:
    """What the rules need of a revision; ``document`` and ``institution`` must have been selected."""
    return RevisionFact(
        document=revision.document.facts(),
        institution_id=revision.institution_id,
        is_demonstration_institution=bool(revision.institution and revision.institution.is_demonstration),
        reaches_back=revision.reaches_back,
        note=revision.note,
    )


def row_facts(rows: Sequence[ProposedPrice], revision: PriceRevision, *, at: datetime) -> list[ProposedFact]:
    """What the rules need of its rows; the reference of each is its position, from 0."""
    facts = []
    for position, row in enumerate(rows):
        price = as_price(row, revision, at=at)
        # The rules tell prices apart by this number; a row that is none yet has its position.
        price.pk = -1 - position
        facts.append(
            ProposedFact(
                reference=str(position),
                price=price.facts(),
                is_demonstration_item=row.item.is_demonstration,
                replaces_id=row.replaces_id,
            )
        )
    return facts


def seal_of(rows: Iterable[ProposedPrice]) -> str:
    """Digest of what the rows say: another one when any of them has changed."""
    said = sorted(json.dumps(texts_of(row), sort_keys=True, ensure_ascii=False) for row in rows)
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


def touches_the_past(rows: Iterable[ProposedPrice], *, at: datetime) -> bool:
    """Whether a row sets a price for a day that has begun."""
    return any(row.effective.lower <= day_of(at) for row in rows)
