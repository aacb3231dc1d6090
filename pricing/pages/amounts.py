"""What a price row says, in words that a patient can check: amount, bands, caps and for whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kernel import presentation
from pricing.pages.words import title_in_words
from pricing.queries import PublishedPrice
from pricing.rules.facts import Band, PriceFact
from pricing.rules.kinds import AmountKind, BandAxis, ItemKind
from pricing.rules.wording import band_in_words, exact_yuan, plain


@dataclass(frozen=True, slots=True)
class Amount:
    """How much, in words."""

    text: str
    """Beside the name: ¥10.00, ¥100.00–300.00, 30 %."""
    notes: tuple[str, ...] = ()
    """Whole sentences."""
    bands: tuple[tuple[str, str], ...] = ()
    """Where a band holds, and its amount."""


def yuan(amount: Decimal | None) -> str:
    """¥1,234.50, with every decimal that counts; a dash for what is not known."""
    return "–" if amount is None else f"¥{exact_yuan(amount):,f}"


def percent(rate: Decimal | None) -> str:
    """30 %."""
    return "–" if rate is None else f"{plain(rate * 100)} %"


def amount_of(published: PublishedPrice) -> Amount:
    """The amount that is charged, or why none is; with what bounds it."""
    price = published.price
    plain_words = amount_in_words(price, base=_base_name(published), unit=_unit(published))
    notes = [*plain_words.notes, *_limits(published), *_caps(price)]
    if not published.is_charged:
        notes.insert(0, _("The hospital has not published its own price yet, so nothing is charged for it."))
    if published.item.kind == ItemKind.REDUCTION:
        return Amount(f"− {plain_words.text}", tuple(notes), plain_words.bands)
    if published.item.kind == ItemKind.SURCHARGE:
        return Amount(f"+ {plain_words.text}", tuple(notes), plain_words.bands)
    return Amount(plain_words.text, tuple(notes), plain_words.bands)


def amount_in_words(price: PriceFact, *, base: str = "", unit: str = "") -> Amount:
    """The amount as the row itself says it."""
    kind = price.kind
    if kind is AmountKind.RANGE:
        return Amount(f"{yuan(price.minimum)}–{_bare(price.maximum)}")
    if kind is AmountKind.CEILING:
        rate = price.maximum_rate
        most = yuan(price.maximum) if rate is None else percent(rate)
        return Amount(_("at most %(most)s") % {"most": most}, _part_of(base) if rate is not None else ())
    if kind is AmountKind.PERCENTAGE:
        return Amount(percent(price.rate), _part_of(base))
    if kind is AmountKind.SELF_SET:
        return _self_set(price)
    if kind is AmountKind.TIERED:
        return _tiered(price)
    if kind is AmountKind.BASE_AND_FURTHER:
        return _base_and_further(price, unit)
    if kind is AmountKind.HOURLY:
        return Amount(_("%(amount)s an hour") % {"amount": yuan(price.amount)})
    return Amount(yuan(price.amount))


def _self_set(price: PriceFact) -> Amount:
    """The regulator leaves it to the hospital; the hospital's own row stands for a schedule of the on-site fee."""
    if price.institution_id is None:
        return Amount(_("set by the hospital"))
    return Amount(_("by the visit"), (_("The fee goes by distance, nurse, time and persons."),))


def scope_in_words(price: PriceFact) -> str:
    """For whom the amount is set, beyond place and institution; empty for everybody."""
    parts = [title_in_words(price.title), price.condition, ages_in_words(price)]
    if price.department:
        parts.append(_("department %(code)s") % {"code": price.department})
    return pgettext("between facts", ", ").join(part for part in parts if part)


def ages_in_words(price: PriceFact) -> str:
    """Whole years, both ends included; empty for every age."""
    if price.age_from is None and price.age_to is None:
        return ""
    if price.age_from is None:
        return _("aged %(age)s or less") % {"age": price.age_to}
    if price.age_to is None:
        return _("aged %(age)s or more") % {"age": price.age_from}
    return _("aged %(first)s to %(last)s") % {"first": price.age_from, "last": price.age_to}


def _tiered(price: PriceFact) -> Amount:
    amounts = [band.amount for band in price.bands]
    low, high = min(amounts), max(amounts)
    text = yuan(low) if low == high else f"{yuan(low)}–{_bare(high)}"
    note = {
        BandAxis.DISTANCE: _("The price goes by distance."),
        BandAxis.DURATION: _("The price goes by time."),
        BandAxis.COUNT: _("The price goes by how many there are."),
        BandAxis.BODY_PART: _("The price goes by body part."),
    }
    return Amount(
        text, (note[price.band_axis or BandAxis.COUNT],), tuple(_bands(price.bands, price.band_axis))
    )


def _bands(bands: Iterable[Band], axis: BandAxis | None) -> Iterable[tuple[str, str]]:
    for band in bands:
        chinese, english = band_in_words(band, axis)
        yield (chinese if presentation.is_chinese() else english), yuan(band.amount)


def _base_and_further(price: PriceFact, unit: str) -> Amount:
    each = price.further_amount
    if price.further_rate is not None and price.amount is not None:
        each = price.amount * price.further_rate
    included = plain(price.included_quantity or Decimal(1))
    shown = {"amount": yuan(price.amount), "included": included, "unit": unit, "further": yuan(each)}
    first = _("%(amount)s for the first %(included)s %(unit)s") % shown
    return Amount(yuan(price.amount), (first, _("%(further)s for each further %(unit)s") % shown))


def _limits(published: PublishedPrice) -> Iterable[str]:
    """What the regulator allows, beside the hospital's own price."""
    if published.limit is not None:
        words = amount_in_words(published.limit, base=_base_name(published), unit=_unit(published)).text
        shown = {"words": words, "number": published.limit.document_number}
        yield _("The hospital's own price. %(number)s allows: %(words)s.") % shown
    elif published.price.institution_id is not None:
        yield _("The hospital's own price.")


def _caps(price: PriceFact) -> Iterable[str]:
    if price.cap_amount is not None:
        yield _("At most %(most)s for one charge.") % {"most": yuan(price.cap_amount)}
    if price.period_cap_amount is not None and price.period_cap_days == 1:
        yield _("At most %(most)s a day.") % {"most": yuan(price.period_cap_amount)}
    elif price.period_cap_amount is not None:
        shown = {"most": yuan(price.period_cap_amount), "days": price.period_cap_days}
        yield _("At most %(most)s in %(days)s days.") % shown
    if price.fund_amount is not None:
        yield _("Of each unit the fund pays %(amount)s.") % {"amount": yuan(price.fund_amount)}
    if not price.takes_surcharges:
        yield _("Nothing may be added to this price.")


def _part_of(base: str) -> tuple[str, ...]:
    return (_("A part of the price of: %(base)s.") % {"base": base},) if base else ()


def _base_name(published: PublishedPrice) -> str:
    base = published.base
    if base is None and published.item.kind in (ItemKind.SURCHARGE, ItemKind.REDUCTION):
        base = published.item.main_item
    if base is None:
        return ""
    return base.name if presentation.is_chinese() else base.name_en or base.name


def _unit(published: PublishedPrice) -> str:
    item = published.item
    return item.unit if presentation.is_chinese() else item.unit_en or item.unit


def _bare(amount: Decimal | None) -> str:
    return yuan(amount).removeprefix("¥")
