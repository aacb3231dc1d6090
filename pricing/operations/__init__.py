"""What can be done to prices: load documents, change a price from a day, take a future price back."""

from pricing.operations.changing import (
    PriceChangeRefused,
    change_price,
    set_price,
    violations_of_first_price,
    withdraw_price,
)
from pricing.operations.loading import (
    LoadedTariff,
    TariffDocumentChanged,
    TariffRefused,
    load_tariffs,
)
from pricing.operations.recording import record_document, record_item

__all__ = [
    "LoadedTariff",
    "PriceChangeRefused",
    "TariffDocumentChanged",
    "TariffRefused",
    "change_price",
    "load_tariffs",
    "record_document",
    "record_item",
    "set_price",
    "violations_of_first_price",
    "withdraw_price",
]
