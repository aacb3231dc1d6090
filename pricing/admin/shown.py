"""Periods, scopes and amounts as the price office reads them."""

from datetime import timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from kernel import presentation
from pricing.models import Price, TariffDocument
from pricing.rules.wording import exact_yuan


def period_of(row: Price | TariffDocument) -> str:
    """First and last day, both included."""
    begin = date_format(row.effective.lower, "DATE_FORMAT")
    if row.effective.upper is None:
        return _("from %(begin)s on") % {"begin": begin}
    last = date_format(row.effective.upper - timedelta(days=1), "DATE_FORMAT")
    return _("from %(begin)s to %(last)s") % {"begin": begin, "last": last}


def amount_of(price: Price) -> str:
    """Yuan with all decimals that count."""
    exact = exact_yuan(price.amount)
    return presentation.money(exact) if exact == exact.quantize(exact_yuan(exact * 0)) else f"¥{exact:f}"


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
    return " · ".join(parts)
