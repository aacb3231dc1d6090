"""What was drafted and reviewed becomes law."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit import operations as audit
from kernel import events
from kernel.errors import Violation, refuse_if_any
from pricing.errors import RevisionRefused
from pricing.events import PricesCorrected
from pricing.models import Price, PriceItem, PriceRevision, ProposedPrice
from pricing.operations.revising.checking import violations_of
from pricing.operations.revising.cutting import Cut, cut_in
from pricing.operations.revising.locking import locked
from pricing.operations.revising.superseding import supersede_replaced
from pricing.queries.revisions import known_prices, rows_of, seal_of, touches_the_past
from pricing.queries.texts import texts_of
from pricing.rules.revising import seen_violations
from pricing.states import REVISION, RevisionEvent

_ROWS_TO_AN_ENTRY = 500


def publish(*, revision_id: int, seen: str = "", by: User | None, at: datetime) -> PriceRevision:
    """Make every row a price from its first day; ``seen`` is the seal of the rows that were confirmed.

    Where the scope had a price on those days it is retracted and said anew for the days left to it. When days that
    have begun are among them, ``PricesCorrected`` is published in the same transaction.

    Raises:
        IllegalTransition: it is not reviewed, or was published meanwhile.
        RevisionRefused: rules are broken by now, another price was published, or the rows are not those seen.
    """
    try:
        with transaction.atomic():
            return _publish(revision_id, seen, by, at)
    except IntegrityError as error:
        if "price_one_in_force" not in str(error):
            raise
        message = _("Another price was published for one of these scopes at the same moment.")
        raise RevisionRefused(violations=[Violation("PR-75", message, _("Look at it again."))]) from error


def _publish(revision_id: int, seen: str, by: User | None, at: datetime) -> PriceRevision:
    revision = locked(revision_id)
    after = REVISION.after(revision.state, RevisionEvent.PUBLISH)
    rows = list(rows_of(revision))
    known = _locked_prices(rows)
    refuse_if_any(seen_violations(seen=seen, is_now=seal_of(rows)), RevisionRefused)
    refuse_if_any(violations_of(revision, rows, known=known, is_submitted=True, at=at), RevisionRefused)
    revision.state, revision.published_by, revision.published_at = after, by, at
    revision.save(update_fields=["state", "published_by", "published_at"])
    cuts = cut_in(rows, known, revision=revision, at=at)
    _record(revision, cuts, by, at)
    supersede_replaced({row.item_id for row in rows}, but=revision, by=by, at=at)
    if revision.reaches_back and touches_the_past(rows, at=at):
        events.publish(PricesCorrected(revision.pk))
    return revision


def _locked_prices(rows: Sequence[ProposedPrice]) -> list[Price]:
    """Known prices of the rows' items; items first and in order, so that two publishers wait and never block."""
    items = sorted({row.item_id for row in rows})
    list(
        PriceItem.objects.select_for_update().filter(pk__in=items).order_by("pk").values_list("pk", flat=True)
    )
    locked_ids = (
        Price.objects.known().select_for_update().filter(item__in=items).order_by("pk").values_list("pk", flat=True)
    )  # fmt: skip
    list(locked_ids)
    return list(known_prices(items))


def _record(revision: PriceRevision, cuts: Sequence[Cut], by: User | None, at: datetime) -> None:
    """Before and after of every row, 500 rows to an entry."""
    changes: list[dict[str, Any]] = [
        {
            "price": cut.price.pk,
            "before": [{"price": old.pk, **texts_of(old)} for old in cut.taken_from],
            "after": texts_of(cut.row),
        }
        for cut in cuts
    ]
    for first in range(0, len(changes), _ROWS_TO_AN_ENTRY):
        facts = {"document": revision.document.number, "rows": changes[first : first + _ROWS_TO_AN_ENTRY]}
        audit.record("pricing.revision.published", on=revision, by=by, at=at, facts=facts)
