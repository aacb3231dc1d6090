"""Price files, kept from the day they were first published."""

from datetime import date, datetime

from django.db import transaction

from pricing.models import PriceFile
from pricing.queries.price_file import PriceContent
from registry.models import Institution


@transaction.atomic
def keep_price_file(*, institution: Institution, content: PriceContent, on: date, at: datetime) -> PriceFile:
    """Keep a content that is published; what was published before is kept once.

    ``on`` is the day it is published for the first time. Nobody decides anything here, so nothing is audited: the
    rows it was made of have their own records.
    """
    kept, _is_new = PriceFile.objects.get_or_create(
        institution=institution,
        sha256=content.sha256,
        defaults={
            "content": content.text,
            "price_count": len(content.prices),
            "first_on": on,
            "made_at": at,
        },
    )
    return kept
