"""What may be charged, for how much, since when, and which document says so."""

from pricing.models.columns import SCOPE, TERMS, AmountKindChoice, BandAxisChoice, InsuranceClass
from pricing.models.documents import EvidenceGrade, LoadedContent, TariffDocument
from pricing.models.files import PriceFile
from pricing.models.holidays import PublicHoliday
from pricing.models.imports import PriceImport
from pricing.models.items import Category, ChargeType, ItemKindChoice, PriceItem, ServiceChoice
from pricing.models.onsite import OnsiteFeeRow, OnsiteFeeSchedule, OnsitePart
from pricing.models.policy import ChargeRule, ItemSuccession, PolicyOpening, RuleKindChoice, WindowChoice
from pricing.models.prices import Price
from pricing.models.quotes import StoredQuote
from pricing.models.revisions import PriceRevision, ProposedPrice
from pricing.models.sharing import SharingAgreement

__all__ = [
    "SCOPE",
    "TERMS",
    "AmountKindChoice",
    "BandAxisChoice",
    "Category",
    "ChargeRule",
    "ChargeType",
    "EvidenceGrade",
    "InsuranceClass",
    "ItemKindChoice",
    "ItemSuccession",
    "LoadedContent",
    "OnsiteFeeRow",
    "OnsiteFeeSchedule",
    "OnsitePart",
    "PolicyOpening",
    "Price",
    "PriceFile",
    "PriceImport",
    "PriceItem",
    "PriceRevision",
    "ProposedPrice",
    "PublicHoliday",
    "RuleKindChoice",
    "ServiceChoice",
    "SharingAgreement",
    "StoredQuote",
    "TariffDocument",
    "WindowChoice",
]
