"""What the tariffs say."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from kernel.period import Period
from pricing.rules.facts.asked import ChargedLine
from pricing.rules.facts.charge_rules import ChargeRuleFact, ChargeRules
from pricing.rules.kinds import AmountKind, BandAxis, ItemKind, Service

DEMONSTRATION = "D"
"""Evidence grade of documents that are invented."""


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
    kind: ItemKind = ItemKind.MAIN
    main_code: str | None = None
    """Code of the item that a surcharge, extension or reduction belongs to."""
    service: Service | None = None
    category: str = ""


@dataclass(frozen=True, slots=True)
class SuccessionFact:
    """An item abolished in a region from a day on, and what is charged instead."""

    item_code: str
    region_code: str
    from_on: date
    successor_code: str | None
    document_number: str


@dataclass(frozen=True, slots=True)
class OpeningFact:
    """A document that opens a service for a region over the days ``[begin, end)``."""

    service: Service
    region_code: str
    begin: date
    end: date | None
    document_number: str
    evidence_grade: str


@dataclass(frozen=True, slots=True)
class Band:
    """One step of a tiered price: ``(above, up_to]``, or a key."""

    amount: Decimal
    """Yuan."""
    above: Decimal | None = None
    """Not in the band; None for no lower bound."""
    up_to: Decimal | None = None
    """In the band; None for no upper bound."""
    key: str = ""
    """The body part, where that is the axis."""


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
    amount: Decimal | None
    """Yuan for one unit, up to six decimals; zero is a price, None is none: see ``kind``."""
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
    kind: AmountKind = AmountKind.FIXED
    minimum: Decimal | None = None
    """Yuan."""
    maximum: Decimal | None = None
    """Yuan."""
    rate: Decimal | None = None
    """Fraction of the base."""
    maximum_rate: Decimal | None = None
    """Fraction of the base."""
    base_code: str | None = None
    """Item whose unit price the rate is of; None for the main line's."""
    included_quantity: Decimal | None = None
    further_amount: Decimal | None = None
    """Yuan for each further unit."""
    further_rate: Decimal | None = None
    """Fraction of ``amount`` for each further unit."""
    band_axis: BandAxis | None = None
    bands: tuple[Band, ...] = ()
    cap_amount: Decimal | None = None
    """Most yuan for one charge: all lines of the item in one encounter."""
    period_cap_amount: Decimal | None = None
    """Most yuan in ``period_cap_days`` calendar days, sliding."""
    period_cap_days: int | None = None
    price_zone: str = ""
    institution_grade: str = ""
    ownership: str = ""
    department: str = ""
    condition: str = ""
    age_from: int | None = None
    """Whole years, included."""
    age_to: int | None = None
    """Whole years, included."""
    fund_amount: Decimal | None = None
    """Yuan that the fund pays for one unit, where the document says an amount instead of a rate."""
    takes_surcharges: bool = True
    is_trial: bool = False


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


@dataclass(frozen=True)
class TariffFacts:
    """Everything the quote may look at; nothing that is not here can set a price."""

    items: Mapping[str, ItemFact] = field(default_factory=dict)
    """By code."""
    prices: Mapping[str, tuple[PriceFact, ...]] = field(default_factory=dict)
    """By code of the item, in any order; may hold prices of other scopes and days."""
    successions: tuple[SuccessionFact, ...] = ()
    openings: tuple[OpeningFact, ...] = ()
    rules: ChargeRules = field(default_factory=ChargeRules)
    """May hold rules of other regions, days and items."""
    charged: tuple[ChargedLine, ...] = ()
    """Charged to this patient before; of any day."""

    @classmethod
    def of(
        cls,
        items: Iterable[ItemFact],
        prices: Iterable[PriceFact],
        *,
        successions: Iterable[SuccessionFact] = (),
        openings: Iterable[OpeningFact] = (),
        rules: Iterable[ChargeRuleFact] = (),
        charged: Iterable[ChargedLine] = (),
    ) -> "TariffFacts":
        """Put items and prices in order."""
        by_item: defaultdict[str, list[PriceFact]] = defaultdict(list)
        for price in prices:
            by_item[price.item_code].append(price)
        return cls(
            {item.code: item for item in items},
            {code: tuple(found) for code, found in by_item.items()},
            tuple(successions),
            tuple(openings),
            ChargeRules(rules),
            tuple(charged),
        )
