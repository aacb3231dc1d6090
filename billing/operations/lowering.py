"""A price that was charged turned out to have been lower."""

from datetime import datetime

from django.db import transaction

from billing.models import PriceDecrease
from billing.rules.returns import Decrease


@transaction.atomic
def lower_price(*, line_id: int, decrease: Decrease, key: str, at: datetime) -> PriceDecrease:
    """Write down by how much a charged line was too dear, and what of it goes back in cash; a key is one decrease.

    The caller holds the bill and sees to it that the cash goes back.

    Args:
        line_id: a line of a settled bill of which nothing was given back.
        decrease: yuan, positive.
        key: which correction found it.
        at: now.
    """
    said = {"line_id": line_id, "amount": decrease.amount, "cash_amount": decrease.cash, "at": at}
    return PriceDecrease.objects.get_or_create(key=key, defaults=said)[0]
