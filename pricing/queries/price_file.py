"""The price list of an institution for machines, from the same rows that bill."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from pricing.models import PriceFile, TariffDocument
from pricing.queries.listing import items_of_list
from pricing.queries.published import PostedItem, PublishedPrice, posted_items, still_charged
from pricing.queries.quoting import context_of
from pricing.rules.canonical import canonical_text, digest_of
from pricing.rules.facts import Band, PriceFact
from pricing.rules.wire.answer import shown
from registry.models import Institution

SCHEMA = "xinglin-price-file/1"
LICENCE = "CC0-1.0"
"""Prices that must be posted are public facts; whoever publishes the file claims no right in it."""

_SCOPE = (
    "region_code", "institution_level", "institution_grade", "price_zone", "ownership", "department", "condition",
    "title", "age_from", "age_to",
)  # fmt: skip
_NUMBERS = (
    "amount", "minimum", "maximum", "rate", "maximum_rate", "included_quantity", "further_amount", "further_rate",
    "cap_amount", "period_cap_amount", "self_pay_rate", "fund_amount",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PriceContent:
    """What a price file says, and its digest; the same prices give the same digest on every day."""

    content: dict[str, Any]
    text: str
    """Canonical JSON of the content."""
    sha256: str

    @property
    def prices(self) -> list[dict[str, Any]]:
        """A row for each item and scope."""
        rows: list[dict[str, Any]] = self.content["prices"]
        return rows


def price_content(institution: Institution, on: date) -> PriceContent:
    """Everything on the institution's list on the day; three queries whatever the number of rows."""
    context = context_of(institution, on)
    posted = posted_items(context, still_charged(context, items_of_list(context)))
    content = {
        "institution": _institution(institution),
        "currency": "CNY",
        "prices": [row for each in posted for row in _rows(each)],
        "documents": list(_documents(posted)),
    }
    text = canonical_text(content)
    return PriceContent(content, text, digest_of(text))


def earlier_files(institution: Institution, most: int = 100) -> list[PriceFile]:
    """Contents that were published before, without their text, latest first."""
    return list(PriceFile.objects.filter(institution=institution).defer("content")[:most])


def file_with(institution: Institution, sha256: str) -> PriceFile | None:
    """A content that was published before."""
    return PriceFile.objects.filter(institution=institution, sha256=sha256).first()


def _institution(institution: Institution) -> dict[str, Any]:
    return {
        "code": institution.code,
        "name": institution.name,
        "name_en": institution.name_en,
        "region_code": institution.region_code,
        "level": institution.level,
        "grade": institution.grade,
        "price_zone": institution.price_zone,
        "ownership": institution.ownership,
        "is_demonstration": institution.is_demonstration,
    }


def _rows(posted: PostedItem) -> Iterable[dict[str, Any]]:
    """One row for each scope; one without a price where no number is known."""
    item = posted.item
    about = {
        "item_code": item.code,
        "name": item.name,
        "name_en": item.name_en,
        "category": item.category,
        "item_kind": item.kind,
        "main_item_code": item.main_item.code if item.main_item else None,
        "unit": item.unit,
        "unit_en": item.unit_en,
        "specification": item.specification,
        "specification_en": item.specification_en,
        "insurance_code": item.insurance_code,
        "charge_type": item.charge_type,
    }
    if not posted.prices:
        yield {**about, "status": "no_price_known", "charged_as": None, "price": None, "limit": None}
    for each in posted.prices:
        yield {
            **about,
            "status": "charged" if each.is_charged else "not_published",
            "charged_as": each.basis.code if each.basis else None,
            "price": _price(each.price, each.recorded_at),
            "limit": _price(each.limit, None) if each.limit else None,
        }


def _price(price: PriceFact, recorded_at: datetime | None) -> dict[str, Any]:
    """Every amount is text in yuan; ``until`` is the first day on which it no longer holds."""
    return {
        "price_id": price.price_id,
        "document_number": price.document_number,
        "evidence_grade": price.evidence_grade,
        "is_own": price.institution_id is not None,
        "from": price.begin.isoformat(),
        "until": price.end.isoformat() if price.end else None,
        "known_since": timezone.localtime(recorded_at).isoformat() if recorded_at else None,
        "scope": {name: getattr(price, name) for name in _SCOPE if getattr(price, name) not in (None, "")},
        "kind": price.kind.value,
        **{name: shown(getattr(price, name)) for name in _NUMBERS},
        "base_item_code": price.base_code,
        "band_axis": price.band_axis.value if price.band_axis else None,
        "bands": [_band(band) for band in price.bands],
        "period_cap_days": price.period_cap_days,
        "takes_surcharges": price.takes_surcharges,
        "is_trial": price.is_trial,
        "insurance_class": price.insurance_class or None,
    }


def _band(band: Band) -> dict[str, str | None]:
    return {
        "above": shown(band.above),
        "up_to": shown(band.up_to),
        "key": band.key or None,
        "amount": shown(band.amount),
    }


def _documents(posted: Iterable[PostedItem]) -> Iterable[Mapping[str, Any]]:
    prices: list[PublishedPrice] = [price for each in posted for price in each.prices]
    wanted = {each.price.document_id for each in prices} | {
        each.limit.document_id for each in prices if each.limit
    }
    for paper in TariffDocument.objects.filter(pk__in=wanted).order_by("number"):
        yield {
            "number": paper.number,
            "title": paper.title,
            "title_en": paper.title_en,
            "issuer": paper.issuer,
            "issuer_en": paper.issuer_en,
            "region_code": paper.region_code,
            "issued_on": paper.issued_on.isoformat() if paper.issued_on else None,
            "from": paper.effective.lower.isoformat(),
            "until": paper.effective.upper.isoformat() if paper.effective.upper else None,
            "evidence_grade": paper.evidence,
            "found_at": paper.found_at,
            "is_demonstration": paper.is_demonstration,
        }
