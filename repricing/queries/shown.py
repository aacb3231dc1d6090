"""Names of what a simulation counted."""

from collections.abc import Collection

from pricing.models import PriceItem
from registry.models import Institution, Patient


def items_by_code(codes: Collection[str]) -> dict[str, PriceItem]:
    """One query."""
    return {item.code: item for item in PriceItem.objects.filter(code__in=codes)}


def institutions_by_id(ids: Collection[int]) -> dict[int, Institution]:
    """One query."""
    return Institution.objects.in_bulk(list(ids))


def patients_by_id(ids: Collection[int]) -> dict[int, Patient]:
    """One query; ``str`` of a patient is her masked name."""
    return Patient.objects.in_bulk(list(ids))
