"""The price office: documents, items, and prices that change from a day on."""

from pricing.admin.documents import TariffDocumentAdmin
from pricing.admin.items import PriceItemAdmin
from pricing.admin.prices import PriceAdmin

__all__ = ["PriceAdmin", "PriceItemAdmin", "TariffDocumentAdmin"]
