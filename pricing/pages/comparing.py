"""One item across provinces and hospitals: a finding, a chart of it, and every row behind it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from kernel import presentation
from pricing.models import EvidenceGrade, PriceItem
from pricing.pages.amounts import amount_in_words, amount_of, scope_in_words, yuan
from pricing.pages.regions import PROVINCES, province_of, region_in_words
from pricing.queries.across import Comparison, InstitutionPrice, RegionPrice
from pricing.rules.facts import DEMONSTRATION, PriceFact
from pricing.rules.kinds import AmountKind
from pricing.rules.lookup import NATION


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table."""

    place: str
    item: PriceItem | None
    """Named where it is another than the one asked for."""
    scope: str
    amount: str
    grade: str
    grade_words: str
    document_number: str
    is_demonstration: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """A province on the chart; ``x`` and ``width`` in percent of the highest amount."""

    place: str
    x: str
    width: str
    amount: str


@dataclass(frozen=True, slots=True)
class Chart:
    """What the real or the invented documents say; never both."""

    finding: str
    bars: tuple[Bar, ...]
    missing: tuple[str, ...]
    """Provinces without a known number."""
    is_demonstration: bool


def charts(found: Comparison) -> tuple[Chart, ...]:
    """One of the real documents, always; one of invented ones where there are any."""
    real = [each.price for each in found.regions if each.price.evidence_grade != DEMONSTRATION]
    invented = [each.price for each in found.regions if each.price.evidence_grade == DEMONSTRATION]
    drawn = [_chart(real, is_demonstration=False)]
    return (*drawn, _chart(invented, is_demonstration=True)) if invented else tuple(drawn)


def lines(found: Comparison) -> list[Line]:
    """Hospitals first, then the real documents by region, then the invented ones."""
    first = found.items[0]
    return [
        *(_of_institution(each, first) for each in found.institutions),
        *(_of_region(each, first) for each in found.regions),
    ]


def _chart(prices: Sequence[PriceFact], *, is_demonstration: bool) -> Chart:
    spans: dict[str, tuple[Decimal, Decimal]] = {}
    for price in prices:
        span = _span(price)
        if span is not None:
            place = price.region_code if price.region_code == NATION else province_of(price.region_code)
            low, high = spans.get(place, span)
            spans[place] = min(low, span[0]), max(high, span[1])
    known = set(PROVINCES) if NATION in spans else set(spans)
    missing = tuple(region_in_words(code) for code in PROVINCES if code not in known)
    return Chart(_finding(spans), tuple(_bars(spans)), missing, is_demonstration)


def _span(price: PriceFact) -> tuple[Decimal, Decimal] | None:
    """Least and most yuan that the row itself names; None where it names none."""
    if price.kind is AmountKind.RANGE and price.minimum is not None and price.maximum is not None:
        return price.minimum, price.maximum
    if price.kind is AmountKind.TIERED:
        amounts = [band.amount for band in price.bands]
        return min(amounts), max(amounts)
    amount = price.maximum if price.kind is AmountKind.CEILING else price.amount
    return None if amount is None else (amount, amount)


def _finding(spans: dict[str, tuple[Decimal, Decimal]]) -> str:
    if not spans:
        return _("No number is known for any province")
    if set(spans) == {NATION}:
        low, high = spans[NATION]
        return _("%(amount)s in the whole country") % {"amount": _amounts(low, high)}
    low_at = min(spans, key=lambda code: spans[code][0])
    high_at = max(spans, key=lambda code: spans[code][1])
    low, high, count = spans[low_at][0], spans[high_at][1], len(spans)
    if low == high:
        return ngettext(
            "%(amount)s in the one place where a number is known",
            "%(amount)s in all %(count)s places where a number is known",
            count,
        ) % {"amount": yuan(low), "count": count}
    shown = {
        "low": yuan(low), "low_at": region_in_words(low_at), "high": yuan(high), "high_at": region_in_words(high_at),
    }  # fmt: skip
    if count == 1:
        return _("From %(low)s to %(high)s in %(low_at)s") % shown
    return _("From %(low)s in %(low_at)s to %(high)s in %(high_at)s") % shown


def _bars(spans: dict[str, tuple[Decimal, Decimal]]) -> Iterable[Bar]:
    """By amount, the highest first."""
    most = max((high for _low, high in spans.values()), default=Decimal(0)) or Decimal(1)
    for code in sorted(spans, key=lambda code: (-spans[code][1], code)):
        low, high = spans[code]
        begin = Decimal(0) if low == high else low / most * 100
        width = max(high / most * 100 - begin, Decimal("0.5"))
        yield Bar(
            region_in_words(code), f"{min(begin, Decimal('99.5')):.2f}", f"{width:.2f}", _amounts(low, high)
        )


def _amounts(low: Decimal, high: Decimal) -> str:
    return yuan(low) if low == high else f"{yuan(low)}–{yuan(high).removeprefix('¥')}"


def _of_region(each: RegionPrice, first: PriceItem) -> Line:
    price = each.price
    level = _("level %(level)s") % {"level": price.institution_level} if price.institution_level else ""
    own = {"public": _("public"), "private": _("private")}.get(price.ownership, "")
    parts = [level, price.institution_grade, price.price_zone, own, scope_in_words(price)]
    trial = _("trial price") if price.is_trial else ""
    return Line(
        place=region_in_words(price.region_code),
        item=None if each.item.pk == first.pk else each.item,
        scope=_joined([*parts, trial]),
        amount=amount_in_words(price).text,
        grade=price.evidence_grade,
        grade_words=str(EvidenceGrade(price.evidence_grade).label),
        document_number=price.document_number,
        is_demonstration=price.evidence_grade == DEMONSTRATION,
    )


def _of_institution(each: InstitutionPrice, first: PriceItem) -> Line:
    published, price = each.published, each.published.price
    name = each.institution.name if presentation.is_chinese() else each.institution.name_en
    own = _("its own price") if price.institution_id is not None else ""
    unpublished = "" if published.is_charged else _("not published yet, so not charged")
    return Line(
        place=name,
        item=None if published.item.pk == first.pk else published.item,
        scope=_joined([own, unpublished, scope_in_words(price)]),
        amount=amount_of(published).text,
        grade=price.evidence_grade,
        grade_words=str(EvidenceGrade(price.evidence_grade).label),
        document_number=price.document_number,
        is_demonstration=price.evidence_grade == DEMONSTRATION,
    )


def _joined(parts: Iterable[str]) -> str:
    return pgettext("between facts", ", ").join(part for part in parts if part)
