"""How a price comes about: pure functions over frozen facts; no database and no clock."""

from pricing.rules.errors import (
    ItemUnknown,
    PriceNotFound,
    PricingRefused,
    QuantityNotChargeable,
    TwoPricesInForce,
)
from pricing.rules.facts import (
    ItemFact,
    PriceFact,
    Quote,
    QuoteContext,
    QuotedLine,
    ServiceLine,
    Step,
    TariffFacts,
)
from pricing.rules.quoting import quote

__all__ = [
    "ItemFact",
    "ItemUnknown",
    "PriceFact",
    "PriceNotFound",
    "PricingRefused",
    "QuantityNotChargeable",
    "Quote",
    "QuoteContext",
    "QuotedLine",
    "ServiceLine",
    "Step",
    "TariffFacts",
    "TwoPricesInForce",
    "quote",
]
