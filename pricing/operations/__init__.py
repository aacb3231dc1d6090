"""What can be done to prices: load documents, change a price from a day, take a future price back."""

from pricing.operations.changing import (
    PriceChangeRefused,
    change_price,
    set_price,
    violations_of_first_price,
    withdraw_price,
)
from pricing.operations.holidays import record_holiday, remove_holiday
from pricing.operations.loading import (
    LoadedTariff,
    TariffDocumentChanged,
    TariffRefused,
    load_tariffs,
)
from pricing.operations.onsite import (
    OnsiteFeeRefused,
    discard_onsite_fee,
    draft_onsite_fee,
    publish_onsite_fee,
    violations_of_publication,
)
from pricing.operations.opening import OpeningRefused, close_service, open_service, violations_of_opening
from pricing.operations.recording import record_document, record_item
from pricing.operations.sharing import (
    AgreementRefused,
    end_agreement,
    record_agreement,
    violations_of_agreement,
)
from pricing.operations.storing import keep_quote, replay, store_quote

__all__ = [
    "AgreementRefused",
    "LoadedTariff",
    "OnsiteFeeRefused",
    "OpeningRefused",
    "PriceChangeRefused",
    "TariffDocumentChanged",
    "TariffRefused",
    "change_price",
    "close_service",
    "discard_onsite_fee",
    "draft_onsite_fee",
    "end_agreement",
    "keep_quote",
    "load_tariffs",
    "open_service",
    "publish_onsite_fee",
    "record_agreement",
    "record_document",
    "record_holiday",
    "record_item",
    "remove_holiday",
    "replay",
    "set_price",
    "store_quote",
    "violations_of_agreement",
    "violations_of_first_price",
    "violations_of_opening",
    "violations_of_publication",
    "withdraw_price",
]
