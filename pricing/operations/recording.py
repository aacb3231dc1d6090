"""Documents and items as people enter and correct them; what sets a price never changes this way."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts.models import User
from audit import operations as audit
from pricing.models import PriceItem, TariffDocument


@transaction.atomic
def record_document(
    *, document: TariffDocument, changed: Sequence[str], by: User | None, at: datetime
) -> TariffDocument:
    """Save a new or corrected document; ``changed`` names the fields, for the audit."""
    is_new = document.pk is None
    if is_new:
        document.recorded_at = at
    document.save()
    action = "pricing.document.recorded" if is_new else "pricing.document.corrected"
    audit.record(
        action, on=document, by=by, at=at, facts={"number": document.number, "changed": list(changed)}
    )
    return document


@transaction.atomic
def record_item(*, item: PriceItem, changed: Sequence[str], by: User | None, at: datetime) -> PriceItem:
    """Save a new or corrected item, found by its names from now on; ``changed`` names the fields."""
    is_new = item.pk is None
    item.renew_search_key()
    item.save()
    action = "pricing.item.recorded" if is_new else "pricing.item.corrected"
    audit.record(action, on=item, by=by, at=at, facts={"code": item.code, "changed": list(changed)})
    return item
