"""Where a price may hold: the rows whose scope may cover an institution."""

from datetime import datetime

from django.db.models import Q

from pricing.models import Price
from pricing.models.prices import PriceQuerySet
from pricing.rules import QuoteContext
from pricing.rules.lookup import regions_around


def within_reach(context: QuoteContext, known_at: datetime | None = None) -> PriceQuerySet:
    """Prices of any day whose scope may cover the institution, with item and document, as known at a moment."""
    own_or_common = Q(institution=context.institution_id) | Q(institution__isnull=True)
    level = Q(institution_level=context.institution_level) | Q(institution_level__isnull=True)
    return (
        Price.objects.known(known_at)
        .filter(own_or_common, level, region_code__in=regions_around(context.region_code))
        .filter(document__is_demonstration=context.is_demonstration)
        .select_related("item", "base_item", "document")
    )
