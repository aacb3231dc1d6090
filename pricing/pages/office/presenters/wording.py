"""Rows, scopes, days and states in words."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from kernel import presentation
from kernel.errors import Text
from pricing.models import Price, PriceItem, PriceRevision, ProposedPrice
from pricing.pages.amounts import Amount, amount_in_words, scope_in_words
from pricing.pages.regions import region_in_words
from pricing.pages.words import class_in_words
from pricing.queries.revisions import as_price
from pricing.rules.facts import PriceFact
from pricing.rules.price_table.bands import plain
from pricing.states import RevisionState

ONE_DAY = timedelta(days=1)

STATE_WORDS: dict[str, tuple[str, Text]] = {
    RevisionState.DRAFT: ("progress", gettext_lazy("Draft")),
    RevisionState.SUBMITTED: ("needs", gettext_lazy("Waits for review")),
    RevisionState.REVIEWED: ("confirming", gettext_lazy("Reviewed, not published")),
    RevisionState.PUBLISHED: ("done", gettext_lazy("Published")),
    RevisionState.SUPERSEDED: ("stopped", gettext_lazy("Superseded")),
    RevisionState.ABANDONED: ("stopped", gettext_lazy("Abandoned")),
}
"""Kind of badge and its word."""


def name_of(item: PriceItem) -> str:
    """In the page's language."""
    return item.name if presentation.is_chinese() else item.name_en or item.name


def unit_of(item: PriceItem) -> str:
    """In the page's language."""
    return item.unit if presentation.is_chinese() else item.unit_en or item.unit


def facts_of(row: Price | ProposedPrice, revision: PriceRevision | None, at: datetime) -> PriceFact:
    """The row as the rules know it; a proposed one as if it were a price of its revision."""
    if isinstance(row, Price):
        return row.facts()
    return as_price(row, revision or row.revision, at=at).facts()


def amount_of(row: Price | ProposedPrice, fact: PriceFact) -> Amount:
    """How much; of an amount that is not complete yet, nothing."""
    if fact.band_axis is None and fact.kind == "tiered":
        return Amount("–")
    base = name_of(row.base_item) if row.base_item else ""
    return amount_in_words(fact, base=base, unit=unit_of(row.item))


def scope_of(row: Price | ProposedPrice, fact: PriceFact) -> str:
    """For whom: place or institution, level, zone, title, ages."""
    place = str(row.institution) if row.institution else region_in_words(row.region_code)
    level = (
        _("level %(level)s") % {"level": row.institution_level} if row.institution_level is not None else ""
    )
    ownership = str(row.get_ownership_display()) if row.ownership else ""
    parts = [place, level, row.institution_grade, row.price_zone, ownership, scope_in_words(fact)]
    return pgettext("between facts", ", ").join(part for part in parts if part)


def days_of(row: Price | ProposedPrice) -> str:
    """First and last day, the way documents write them."""
    begin = row.effective.lower.isoformat()
    if row.effective.upper is None:
        return _("from %(begin)s") % {"begin": begin}
    return _("%(begin)s to %(last)s") % {"begin": begin, "last": (row.effective.upper - ONE_DAY).isoformat()}


def marks_of(row: Price | ProposedPrice, fact: PriceFact) -> list[str]:
    """What else a person must see at once."""
    marks = []
    if row.insurance_class:
        marks.append(class_in_words(fact))
    if row.self_pay_rate:
        percent = f"{plain(row.self_pay_rate * 100)} %"
        marks.append(_("self-pay %(percent)s first") % {"percent": percent})
    if row.is_trial:
        marks.append(_("trial"))
    return marks


def change_in_words(by_amount: Decimal | None, by_rate: Decimal | None) -> str:
    """+ ¥1.00, + 12.5 %; only the first where the old amount was zero."""
    if by_amount is None:
        return ""
    shown = presentation.signed_money(by_amount)
    if by_rate is None:
        return shown
    sign = "-" if by_rate < 0 else "+"
    return f"{shown}, {sign} {plain(abs(by_rate * 100).quantize(Decimal('0.1')))} %"
