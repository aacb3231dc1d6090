"""What may be charged, for how much, since when, and which document says so."""

from pricing.models.documents import EvidenceGrade, TariffDocument
from pricing.models.items import Category, ChargeType, PriceItem
from pricing.models.prices import InsuranceClass, Price

__all__ = [
    "Category",
    "ChargeType",
    "EvidenceGrade",
    "InsuranceClass",
    "Price",
    "PriceItem",
    "TariffDocument",
]
