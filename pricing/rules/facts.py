"""What the quote is given and what it gives back; all frozen, all plain values."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from kernel.period import Period

DEMONSTRATION = "D"
"""Evidence grade of documents that are invented."""


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """A request to price: so much of one item."""

    reference: str
    """Chosen by the caller, to find the line again; unique within a quote."""
    item_code: str
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class QuoteContext:
    """Where, when, by whom and for whom."""

    service_on: date
    """Calendar day of the service in Asia/Shanghai; its prices hold, whenever the order was made."""
    region_code: str
    """GB/T 2260, six digits."""
    institution_id: int
    institution_level: int
    """1 to 3."""
    ownership: str
    """``public`` or ``private``."""
    practitioner_title: str | None = None
    """Code of ``registry.models.practitioners.Title``, e.g. ``231``."""
    patient_age: int | None = None
    """Whole years on the day of the service."""
    is_demonstration: bool = False
    """A demonstration institution charges by demonstration documents only, and every other by none of them."""


@dataclass(frozen=True, slots=True)
class ItemFact:
    """A chargeable item."""

    code: str
    name: str
    name_en: str
    unit: str
    unit_en: str
    specification: str = ""
    specification_en: str = ""
    quantity_decimals: int = 0
    """Most decimals that a quantity may have."""
    insurance_code: str = ""
    charge_type: str = "14"
    priced_as: str | None = None
    """Code of the item whose price this one is charged at; it then has none of its own."""
    region_code: str = "000000"
    """Whose list it stands on: it is charged only there."""
    is_demonstration: bool = False


@dataclass(frozen=True, slots=True)
class DocumentFact:
    """A document in force over the days ``[begin, end)``."""

    number: str
    region_code: str
    evidence_grade: str
    begin: date
    end: date | None


@dataclass(frozen=True, slots=True)
class PriceFact:
    """One price as its document sets it, over the days ``[begin, end)``."""

    item_code: str
    amount: Decimal
    """Yuan for one unit, up to six decimals; zero is a price."""
    region_code: str
    institution_id: int | None
    """The institution whose own price it is."""
    institution_level: int | None
    title: str | None
    insurance_class: str
    """``01`` 甲, ``02`` 乙, ``03`` 丙, empty when the source does not say."""
    self_pay_rate: Decimal | None
    """Fraction of the amount."""
    begin: date
    end: date | None
    price_id: int
    document_id: int
    document_number: str
    document_title: str
    document_title_en: str
    document_issuer: str
    document_issuer_en: str
    evidence_grade: str


@dataclass(frozen=True, slots=True)
class PriceTerms:
    """What a price to be says: for whom, how much, since when."""

    region_code: str
    institution_id: int | None
    institution_level: int | None
    title: str
    """Empty for every title."""
    amount: Decimal
    insurance_class: str
    self_pay_rate: Decimal | None
    period: Period


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the calculation in words a patient understands; the amounts of a line sum to its unit price."""

    text: str
    text_en: str
    amount: Decimal
    """Yuan, up to six decimals."""
    note: str = ""
    note_en: str = ""


@dataclass(frozen=True, slots=True)
class QuotedLine:
    """A priced line. ``amount`` is ``unit_price`` × ``quantity``, half up to the fen."""

    reference: str
    item_code: str
    name: str
    name_en: str
    specification: str
    specification_en: str
    unit: str
    unit_en: str
    quantity: Decimal
    unit_price: Decimal
    """Yuan, up to six decimals."""
    amount: Decimal
    """Yuan, two decimals."""
    price_id: int
    document_id: int
    document_number: str
    document_title: str
    document_title_en: str
    document_issuer: str
    document_issuer_en: str
    evidence_grade: str
    insurance_code: str
    insurance_class: str
    self_pay_rate: Decimal | None
    charge_type: str
    steps: tuple[Step, ...]

    @property
    def is_demonstration(self) -> bool:
        """Whether the price rests on an invented document."""
        return self.evidence_grade == DEMONSTRATION


@dataclass(frozen=True, slots=True)
class Quote:
    """Priced lines in the order asked, not yet charged."""

    lines: tuple[QuotedLine, ...]
    total: Decimal
    """Yuan, the sum of the lines' amounts."""


@dataclass(frozen=True)
class TariffFacts:
    """Everything the quote may look at; nothing that is not here can set a price."""

    items: Mapping[str, ItemFact] = field(default_factory=dict)
    """By code."""
    prices: Mapping[str, tuple[PriceFact, ...]] = field(default_factory=dict)
    """By code of the item, in any order; may hold prices of other scopes and days."""

    @classmethod
    def of(cls, items: Iterable[ItemFact], prices: Iterable[PriceFact]) -> "TariffFacts":
        """Put items and prices in order."""
        by_item: defaultdict[str, list[PriceFact]] = defaultdict(list)
        for price in prices:
            by_item[price.item_code].append(price)
        return cls(
            {item.code: item for item in items}, {code: tuple(found) for code, found in by_item.items()}
        )
