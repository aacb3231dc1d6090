"""When a price may be changed or taken back."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from kernel.errors import Violation
from pricing.rules.facts import DEMONSTRATION, DocumentFact, PriceFact, PriceTerms
from pricing.rules.kinds import AmountKind
from pricing.rules.lookup import regions_around

_OURS = "our rule: a change of price never reaches back"
_MOST_DECIMALS = 6
_ONE_AMOUNT = {AmountKind.FIXED, AmountKind.HOURLY}


def change_violations(
    old: PriceFact, document: DocumentFact, *, amount: Decimal, from_on: date, today: date
) -> Iterator[Violation]:
    """Everything that forbids ending ``old`` and beginning another price on ``from_on``."""
    yield from _amount_violations(amount, old)
    if old.kind not in _ONE_AMOUNT:
        way_on = _("Draft a price revision; there the whole row can be changed.")
        message = _("This price is not one amount.")
        yield Violation("PR-11", message, way_on, field="amount", source=_OURS)
    yield from _day_violations(old, from_on, today)
    yield from document_violations(document, old.region_code, from_on)
    if (document.evidence_grade == DEMONSTRATION) != (old.evidence_grade == DEMONSTRATION):
        yield Violation(
            "PR-13", _("Invented and real documents are never mixed."), field="document", source=_OURS
        )


def first_price_violations(
    terms: PriceTerms, document: DocumentFact, *, is_charged_as_other: bool, today: date
) -> Iterator[Violation]:
    """Everything that forbids a price where its scope has none."""
    yield from _amount_violations(terms.amount)
    yield from document_violations(document, terms.region_code, terms.period.begin)
    if is_charged_as_other:
        message = _("An item that is charged like another has no price of its own.")
        yield Violation("PR-15", message, field="item", source="医保发〔2020〕45号, as reported in S5")
    if terms.period.begin < today:
        yield Violation("PR-12", _("A price begins today at the earliest."), field="begins_on", source=_OURS)
    if terms.period.end is not None and document.end is not None and terms.period.end > document.end:
        message = _("The price holds on days when the document does not.")
        yield Violation("PR-13", message, field="last_on", source=_OURS)


def withdrawal_violations(price: PriceFact, *, today: date) -> Iterator[Violation]:
    """PR-14: a price that has begun stays in the record.

    Source: our rule: a change of price never reaches back.
    """
    if price.begin <= today:
        message = _("This price already holds; end it by a new price from a day to come.")
        yield Violation("PR-14", message, source=_OURS)


def _amount_violations(amount: Decimal, old: PriceFact | None = None) -> Iterator[Violation]:
    """PR-11: the new amount is an amount, and another one.

    Source: our rule: a change of price never reaches back.
    """
    exponent = amount.as_tuple().exponent
    if not isinstance(exponent, int) or amount < 0 or -exponent > _MOST_DECIMALS:
        message = _("Give an amount in yuan of zero or more, with at most six decimals.")
        yield Violation("PR-11", message, field="amount", source=_OURS)
    elif old is not None and amount == old.amount:
        yield Violation("PR-11", _("This is the amount that already holds."), field="amount", source=_OURS)


def _day_violations(old: PriceFact, from_on: date, today: date) -> Iterator[Violation]:
    """PR-12: a new price begins on a day to come, within the days of the price it ends.

    Source: our rule: a change of price never reaches back.
    """
    if from_on <= today:
        way_on = _("Choose tomorrow or a later day.")
        message = _("A new price begins tomorrow at the earliest: today's visits were quoted already.")
        yield Violation("PR-12", message, way_on, field="from_on", source=_OURS)
    elif from_on <= old.begin or (old.end is not None and from_on >= old.end):
        message = _("The price to be changed does not hold on the day before; change the one that does.")
        yield Violation("PR-12", message, field="from_on", source=_OURS)


def document_violations(document: DocumentFact, region_code: str, from_on: date) -> Iterator[Violation]:
    """PR-13: a price rests on a document that is in force there and then, real or invented like the price.

    Source: our rule: what cannot be traced to a document is not charged.
    """
    if from_on < document.begin or (document.end is not None and from_on >= document.end):
        message = _("The document %(number)s is not in force on this day.") % {"number": document.number}
        yield Violation("PR-13", message, field="document", source=_OURS)
    if document.region_code not in regions_around(region_code):
        elsewhere = _("The document %(number)s is for another region.") % {"number": document.number}
        yield Violation("PR-13", elsewhere, field="document", source=_OURS)
