"""Periods, scopes and amounts as the price office reads them."""

from datetime import timedelta
from typing import Any, Protocol

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from pricing.models import Price
from pricing.rules.publishing.shown import amount_shown


class HasPeriod(Protocol):
    """A row with days on which it holds."""

    @property
    def effective(self) -> Any:
        """From the first day until the day after the last."""


def period_of(row: HasPeriod) -> str:
    """First and last day, both included."""
    begin = date_format(row.effective.lower, "DATE_FORMAT")
    if row.effective.upper is None:
        return _("from %(begin)s on") % {"begin": begin}
    last = date_format(row.effective.upper - timedelta(days=1), "DATE_FORMAT")
    return _("from %(begin)s to %(last)s") % {"begin": begin, "last": last}


def amount_of(price: Price) -> str:
    """Yuan with all decimals that count, or what stands in their place; its foreign rows selected."""
    return str(amount_shown(price.facts()))


def scope_of(price: Price) -> str:
    """For whom the price is set."""
    if price.institution is not None:
        parts = [str(price.institution)]
    elif price.institution_level is not None:
        parts = [price.region_code, _("level %(level)s") % {"level": price.institution_level}]
    else:
        parts = [price.region_code]
    if price.title:
        parts.append(str(price.get_title_display()))
    if price.ownership:
        parts.append(str(price.get_ownership_display()))
    parts += [price.institution_grade, price.price_zone, price.department, price.condition, _ages(price)]
    return " · ".join(part for part in parts if part)


def _ages(price: Price) -> str:
    if price.age_from is None and price.age_to is None:
        return ""
    begin, end = price.age_from or 0, "" if price.age_to is None else price.age_to
    return _("age %(begin)s–%(end)s") % {"begin": begin, "end": end}
