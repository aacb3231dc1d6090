"""What the quote is given and what it gives back; all frozen, all plain values."""

from pricing.rules.facts.asked import ChargedLine, QuoteContext, ServiceLine
from pricing.rules.facts.charge_rules import ChargeRuleFact, ChargeRules
from pricing.rules.facts.quoted import Quote, QuotedLine, Step
from pricing.rules.facts.tariff import (
    DEMONSTRATION,
    Band,
    DocumentFact,
    ItemFact,
    OpeningFact,
    PriceFact,
    PriceTerms,
    SuccessionFact,
    TariffFacts,
)

__all__ = [
    "DEMONSTRATION",
    "Band",
    "ChargeRuleFact",
    "ChargeRules",
    "ChargedLine",
    "DocumentFact",
    "ItemFact",
    "OpeningFact",
    "PriceFact",
    "PriceTerms",
    "Quote",
    "QuoteContext",
    "QuotedLine",
    "ServiceLine",
    "Step",
    "SuccessionFact",
    "TariffFacts",
]
