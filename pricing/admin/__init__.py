"""The price office: documents, items, and prices that change from a day on."""

from pricing.admin.agreements import SharingAgreementAdmin
from pricing.admin.documents import TariffDocumentAdmin
from pricing.admin.holidays import PublicHolidayAdmin
from pricing.admin.items import PriceItemAdmin
from pricing.admin.onsite import OnsiteFeeScheduleAdmin
from pricing.admin.openings import PolicyOpeningAdmin
from pricing.admin.prices import PriceAdmin
from pricing.admin.rules import ChargeRuleAdmin

__all__ = [
    "ChargeRuleAdmin",
    "OnsiteFeeScheduleAdmin",
    "PolicyOpeningAdmin",
    "PriceAdmin",
    "PriceItemAdmin",
    "PublicHolidayAdmin",
    "SharingAgreementAdmin",
    "TariffDocumentAdmin",
]
