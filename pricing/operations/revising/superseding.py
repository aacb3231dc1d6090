"""A published revision none of whose prices is left."""

from collections.abc import Collection
from datetime import datetime

from accounts.models import User
from audit import operations as audit
from pricing.models import PriceRevision, ProposedPrice
from pricing.queries.revisions import known_prices, prices_by_key, rows_of
from pricing.queries.texts import scope_key
from pricing.states import REVISION, RevisionEvent, RevisionState


def supersede_replaced(
    item_ids: Collection[int], *, but: PriceRevision, by: User | None, at: datetime
) -> list[PriceRevision]:
    """Mark published revisions with rows of these items all of whose prices were replaced; returns them.

    A row is replaced when none of its known prices holds until the row's last day: one that only lost its
    beginning, or days in between, still speaks.
    """
    candidates = (
        PriceRevision.objects.select_for_update(of=("self",))
        .filter(
            pk__in=PriceRevision.objects.filter(
                state=RevisionState.PUBLISHED, rows__item__in=item_ids
            ).values("pk")
        )
        .exclude(pk=but.pk)
        .order_by("pk")
    )
    replaced = [revision for revision in candidates if _is_replaced(revision)]
    for revision in replaced:
        revision.state = REVISION.after(revision.state, RevisionEvent.SUPERSEDE)
        revision.save(update_fields=["state"])
        facts = {"by_revision": but.number}
        audit.record("pricing.revision.superseded", on=revision, by=by, at=at, facts=facts)
    return replaced


def _is_replaced(revision: PriceRevision) -> bool:
    rows = list(rows_of(revision))
    by_key = prices_by_key(known_prices(row.item_id for row in rows))
    # Another revision may rest on the same document: its prices are not this one's.
    others = set(
        ProposedPrice.objects.filter(
            item__in={row.item_id for row in rows}, became__retracted_at__isnull=True
        )
        .exclude(revision=revision)
        .values_list("became", flat=True)
    )
    return not any(
        price.document_id == revision.document_id
        and price.effective.upper == row.effective.upper
        and price.pk not in others
        for row in rows
        for price in by_key.get(scope_key(row), [])
    )
