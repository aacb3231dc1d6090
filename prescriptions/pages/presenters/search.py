"""What the drug search shows."""

from dataclasses import dataclass
from datetime import datetime

from encounters.models import Encounter
from kernel.clock import day_of
from prescriptions import queries
from prescriptions.models import Drug
from prescriptions.pages.presenters import wording
from pricing.rules.facts import PriceFact


@dataclass(frozen=True)
class FoundDrug:
    """A row: name, content, class, stock, price of the day."""

    drug: Drug
    content: str
    insurance_class: str
    price: PriceFact | None

    @property
    def can_be_added(self) -> bool:
        """It has a price and is in stock."""
        return self.price is not None and self.drug.available > 0


def found_of(text: str, encounter: Encounter, at: datetime) -> list[FoundDrug]:
    """Drugs found, with the prices of the hospital on the day."""
    offers = queries.search_drugs(text, institution=encounter.institution, on=day_of(at))
    return [
        FoundDrug(
            offer.drug, wording.content_words(offer.drug),
            wording.insurance_class_words(offer.price.insurance_class) if offer.price else "", offer.price,
        )
        for offer in offers
    ]  # fmt: skip
