"""One price, changed from a day on; what was charged before stays as it was."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit import operations as audit
from kernel import clock
from kernel.errors import DomainError, Violation, refuse_if_any
from kernel.period import Period
from pricing.models import Price, PriceItem, TariffDocument
from pricing.operations.restating import copy_of, restate, retract
from pricing.queries.beside import beside
from pricing.rules.changing import change_violations, first_price_violations, withdrawal_violations
from pricing.rules.facts import PriceTerms
from pricing.rules.publishing import publishing_violations


class PriceChangeRefused(DomainError):
    """The price cannot be changed so; ``violations`` name the fields ``amount``, ``from_on``, ``document``."""

    code = "price_change_refused"
    default_message = _("The price cannot be changed so.")


@transaction.atomic
def change_price(
    *, price_id: int, amount: Decimal, from_on: date, document_id: int, by: User | None, at: datetime
) -> Price:
    """End a price and begin the next one of the same scope on ``from_on``; returns the new row.

    ``amount`` is yuan for one unit. The new price holds until the old one would have ended. Insurance class and
    self-pay rate are taken over. Quotes for days before ``from_on``, and every bill, stay as they are.

    Raises:
        PriceChangeRefused: the day is not in the future or outside the old period, the document does not cover it,
            or the amount is negative, too precise or unchanged.
    """
    old = _locked(price_id)
    document = TariffDocument.objects.get(pk=document_id)
    today = clock.day_of(at)
    refuse_if_any(
        change_violations(old.facts(), document.facts(), amount=amount, from_on=from_on, today=today),
        PriceChangeRefused,
    )
    until = old.effective.upper
    new = copy_of(old, Period(from_on, until), at=at)
    new.document, new.amount = document, amount
    refuse_if_any(_publishing_violations(new, without=[old.pk]), PriceChangeRefused)
    restate(old, Period(old.effective.lower, from_on), at=at)
    new.save(force_insert=True)
    facts = {"from_on": from_on.isoformat(), "document": document.number}
    audit.record("pricing.price.ended", on=old, by=by, at=at, facts={**facts, "amount": f"{old.amount:f}"})
    audit.record("pricing.price.begun", on=new, by=by, at=at, facts={**facts, "amount": f"{amount:f}"})
    return new


@transaction.atomic
def set_price(*, item_id: int, document_id: int, terms: PriceTerms, by: User | None, at: datetime) -> Price:
    """Give an item a price for a scope that has none on those days; returns the row.

    Raises:
        PriceChangeRefused: the item is charged like another, the document does not cover the price, the first day
            has passed, or another price of the scope holds on some of the days (field ``begins_on``).
    """
    item = PriceItem.objects.select_for_update().get(pk=item_id)
    document = TariffDocument.objects.get(pk=document_id)
    price = _first_price(item, document, terms, at)
    refuse_if_any(violations_of_first_price(item, document, terms, at=at), PriceChangeRefused)
    price.save(force_insert=True)
    facts = {
        "amount": f"{terms.amount:f}",
        "from_on": terms.period.begin.isoformat(),
        "document": document.number,
    }
    audit.record("pricing.price.begun", on=price, by=by, at=at, facts=facts)
    return price


def violations_of_first_price(
    item: PriceItem, document: TariffDocument, terms: PriceTerms, *, at: datetime
) -> list[Violation]:
    """Everything that forbids the price, each with the field of the form it belongs beside; may be empty."""
    is_charged_as_other = item.priced_as_id is not None
    rules = first_price_violations(
        terms, document.facts(), is_charged_as_other=is_charged_as_other, today=clock.day_of(at)
    )
    price = _first_price(item, document, terms, at)
    return [*rules, *_overlap_violations(price, terms), *_publishing_violations(price)]


def _publishing_violations(price: Price, *, without: Collection[int] = ()) -> Iterator[Violation]:
    """What the price would break beside those that are known (PR-80 to PR-85), told beside its amount."""
    row = price.facts()
    around = beside([row], without=without)
    found = publishing_violations([row], around.items, around.others, institutions=around.institutions)
    # That an item is charged like another is asked of every first price already.
    return (replace(violation, field="amount") for violation in found if violation.rule != "PR-15")


def _first_price(item: PriceItem, document: TariffDocument, terms: PriceTerms, at: datetime) -> Price:
    return Price(
        item=item,
        document=document,
        region_code=terms.region_code,
        institution_id=terms.institution_id,
        institution_level=terms.institution_level,
        title=terms.title,
        amount=terms.amount,
        insurance_class=terms.insurance_class,
        self_pay_rate=terms.self_pay_rate,
        effective=DateRange(terms.period.begin, terms.period.end),
        recorded_at=at,
    )


def _overlap_violations(price: Price, terms: PriceTerms) -> Iterator[Violation]:
    """PR-16: one price for a scope on a day.

    Source: our rule: what cannot be traced to one document is not charged.
    """
    for other in Price.objects.same_scope_as(price).select_related("document"):
        if terms.period.overlaps(Period(other.effective.lower, other.effective.upper)):
            shown = {"number": other.document.number, "day": other.effective.lower.isoformat()}
            message = (
                _("The document %(number)s already sets a price from %(day)s for the same scope.") % shown
            )
            way_on = _("Open that price and give it a new amount from a day to come.")
            yield Violation("PR-16", message, way_on, field="begins_on")


@transaction.atomic
def withdraw_price(*, price_id: int, by: User | None, at: datetime) -> Price | None:
    """Take back a price that has not begun; the price before it, which is returned, goes on instead.

    Raises:
        PriceChangeRefused: it has begun.
    """
    price = _locked(price_id)
    refuse_if_any(withdrawal_violations(price.facts(), today=clock.day_of(at)), PriceChangeRefused)
    before = (
        Price.objects.select_for_update()
        .same_scope_as(price)
        .filter(effective__endswith=price.effective.lower)
    )
    previous = before.first()
    facts = {"amount": str(price.amount), "from_on": price.effective.lower.isoformat()}
    audit.record("pricing.price.withdrawn", on=price, by=by, at=at, facts=facts)
    until = price.effective.upper
    retract(price, at=at)
    if previous is None:
        return None
    longer = restate(previous, Period(previous.effective.lower, until), at=at)
    audit.record("pricing.price.continued", on=longer, by=by, at=at, facts={"until": str(until or "")})
    return longer


def _locked(price_id: int) -> Price:
    known = Price.objects.known().select_for_update(of=("self",))
    return known.select_related("item", "base_item", "document").get(pk=price_id)
