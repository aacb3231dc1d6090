"""The price office: documents, items, and prices that change from a day on."""

from pricing.admin.documents import TariffDocumentAdmin
from pricing.admin.items import PriceItemAdmin
from pricing.admin.prices import PriceAdmin
from pricing.admin.rules import ChargeRuleAdmin

__all__ = ["ChargeRuleAdmin", "PriceAdmin", "PriceItemAdmin", "TariffDocumentAdmin"]
