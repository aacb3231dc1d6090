"""What one row must say, whatever else stands in the revision."""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.errors import Violation
from pricing.rules.kinds import AmountKind, BandAxis
from pricing.rules.revising.needs import AMOUNT_COLUMNS, needs_of

_OURS = "our rule: what a tariff does not say completely is not charged"
_YUAN = (
    "amount", "minimum_amount", "maximum_amount", "further_amount", "cap_amount", "period_cap_amount", "fund_amount",
)  # fmt: skip
_RATES = ("rate", "maximum_rate", "further_rate")
_LARGEST = Decimal(10) ** 10
_MOST_DECIMALS = 6
_PARTS = re.compile("[;；:：\n]")


def terms_violations(terms: Mapping[str, Any]) -> Iterator[Violation]:
    """Everything that is wrong with the columns of one row; ``field`` is the column."""
    yield from _missing(terms)
    yield from _not_of_this_kind(terms)
    yield from _out_of_bounds(terms)
    yield from _scope_violations(terms)
    yield from _band_violations(terms)


def _missing(terms: Mapping[str, Any]) -> Iterator[Violation]:
    """PR-78: a row says what its kind of amount needs, and nothing that belongs to another kind.

    Source: our rule: what a tariff does not say completely is not charged.
    """
    kind = str(terms.get("kind") or "")
    if kind not in set(AmountKind):
        yield Violation("PR-78", _("Say how the amount is given."), field="kind", source=_OURS)
        return
    needs = needs_of(kind)
    missing = [column for column in needs.required if _is_empty(terms.get(column))]
    if needs.one_of and all(_is_empty(terms.get(column)) for column in needs.one_of):
        missing.append(needs.one_of[0])
    for column in missing:
        message = _("This kind of amount needs a value here.")
        bands = _("Give at least one band.")
        yield Violation("PR-78", bands if column == "bands" else message, field=column, source=_OURS)


def _not_of_this_kind(terms: Mapping[str, Any]) -> Iterator[Violation]:
    """PR-78: a row says what its kind of amount needs, and nothing that belongs to another kind."""
    if terms.get("kind") not in set(AmountKind):
        return
    known = needs_of(str(terms["kind"])).columns
    for column in AMOUNT_COLUMNS:
        if column not in known and not _is_empty(terms.get(column)):
            message = _("This kind of amount does not know this value; leave it empty.")
            yield Violation("PR-78", message, field=column, source=_OURS)


def _out_of_bounds(terms: Mapping[str, Any]) -> Iterator[Violation]:
    """PR-79: amounts are zero or more with at most six decimals, rates are fractions, the lower bound comes first.

    Source: our rule: what a tariff does not say completely is not charged.
    """
    for column in (*_YUAN, *_RATES):
        if not _is_empty(terms.get(column)) and not is_amount(terms[column]):
            message = _("Give a number of zero or more, with at most six decimals.")
            yield Violation("PR-79", message, field=column, source=_OURS)
    lowest, highest = terms.get("minimum_amount"), terms.get("maximum_amount")
    if isinstance(lowest, Decimal) and isinstance(highest, Decimal) and lowest > highest:
        text = _("The highest amount is below the lowest.")
        yield Violation("PR-79", text, field="maximum_amount", source=_OURS)
    included = terms.get("included_quantity")
    if isinstance(included, Decimal) and included <= 0:
        units = _("The base amount includes more than zero units.")
        yield Violation("PR-79", units, field="included_quantity", source=_OURS)
    share = terms.get("self_pay_rate")
    if isinstance(share, Decimal) and not 0 <= share <= 1:
        fraction = _("The self-pay rate is a fraction from 0 to 1.")
        yield Violation("PR-79", fraction, field="self_pay_rate", source=_OURS)
    if _is_empty(terms.get("period_cap_amount")) != _is_empty(terms.get("period_cap_days")):
        days = _("A cap over a period says how many days the period has.")
        yield Violation("PR-79", days, field="period_cap_days", source=_OURS)


def _scope_violations(terms: Mapping[str, Any]) -> Iterator[Violation]:
    """PR-79: a region has six digits, a level is 1 to 3, the lower age comes first."""
    if not re.fullmatch(r"\d{6}", str(terms.get("region_code") or "")):
        yield Violation("PR-79", _("Give the region as six digits."), field="region_code", source=_OURS)
    level = terms.get("institution_level")
    if level is not None and level not in {1, 2, 3}:
        message = _("The level of an institution is 1, 2 or 3.")
        yield Violation("PR-79", message, field="institution_level", source=_OURS)
    first, last = terms.get("age_from"), terms.get("age_to")
    if first is not None and last is not None and first > last:
        yield Violation("PR-79", _("The lower age comes first."), field="age_to", source=_OURS)


def _band_violations(terms: Mapping[str, Any]) -> Iterator[Violation]:
    """PR-79: every band has an amount and bounds in order, or the name of a body part, each once."""
    rows: Sequence[Mapping[str, str]] = terms.get("bands") or ()
    by_part = terms.get("band_axis") == BandAxis.BODY_PART
    parts = [row.get("key", "") for row in rows]
    is_wrong = any(not is_amount(_decimal(row.get("amount", ""))) for row in rows)
    if by_part:
        is_wrong |= any(not part or _PARTS.search(part) for part in parts) or len(set(parts)) < len(parts)
    else:
        is_wrong |= any(parts) or not all(map(_is_in_order, rows))
    if rows and is_wrong:
        message = _("Each band has an amount and its bounds in order, or a body part of its own.")
        yield Violation("PR-79", message, field="bands", source=_OURS)


def _is_in_order(row: Mapping[str, str]) -> bool:
    above, up_to = _decimal(row.get("above", "")), _decimal(row.get("up_to", ""))
    said = [row[name] for name in ("above", "up_to") if row.get(name)]
    if any(_decimal(text) is None for text in said):
        return False
    return above is None or up_to is None or above < up_to


def is_amount(value: object) -> bool:
    """Whether it is a decimal of zero or more that the column can hold exactly."""
    if not isinstance(value, Decimal) or not value.is_finite():
        return False
    exponent = value.normalize().as_tuple().exponent
    return 0 <= value < _LARGEST and isinstance(exponent, int) and -exponent <= _MOST_DECIMALS


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _is_empty(value: object) -> bool:
    return value is None or value in ("", [], ())
